// Runs the measurements of this folder, each in a process of its own beside a fake Segmind in another.
//   node bench/run.mjs                    all of them, into docs/benchmarks.md and docs/images
//   node bench/run.mjs NAME [ARGUMENTS]   one of them
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const TSX = ['--import', 'tsx'];
const [name, ...args] = process.argv.slice(2);
const began = Date.now();

if (name) {
	console.log(table((await measure(name, args, process.env.LATENCY)).rows));
} else {
	await all();
	console.log(`all in ${Math.round((Date.now() - began) / 1_000)} s`);
}

async function measure(script, scriptArgs = [], latency = '0') {
	const env = { ...process.env, LATENCY: latency };
	const fake = fork('bench/fake.ts', { execArgv: TSX, env });
	const [{ url, storageUrl }] = await once(fake, 'message');
	const file = existsSync(`bench/${script}.ts`) ? `bench/${script}.ts` : `bench/${script}.mjs`;
	const child = fork(file, scriptArgs, {
		execArgv: ['--expose-gc', ...TSX],
		env: { ...env, FAKE_URL: url, FAKE_STORAGE_URL: storageUrl },
	});
	let rows = [];
	child.on('message', async (message) => {
		if (Array.isArray(message)) return void (rows = message);
		fake.send(message);
		const [count] = await once(fake, 'message');
		child.send(count);
	});
	const [code] = await once(child, 'exit');
	fake.kill();
	if (code !== 0) process.exitCode = 1;
	return { rows };
}

async function all() {
	const { plot } = await import('./plot.mjs');
	const rows = async (...call) => (await measure(...call)).rows;
	const items = await rows('items', [], '0.5');
	const memory = [];
	for (const size of ['16', '128', '512'])
		memory.push(...(await rows('memory', [size, '0'])), ...(await rows('memory', [size, '1'])));
	const polls = await rows('polls');
	const sections = [
		[
			'Many items',
			'Wall time for a number of items, a job being 0.5 s; "one after another" is Max Concurrency 1. `node bench/run.mjs items`',
			items,
		],
		[
			'Memory',
			"Growth of the resident memory of n8n's process while one video passes through. `node bench/run.mjs memory 512`",
			memory,
		],
		[
			'Upload',
			'The same while a file of a node before is uploaded. `node bench/run.mjs upload 100`',
			await rows('upload', ['100']),
		],
		[
			'Overhead',
			'What the node adds to one job. `LATENCY` is the length of a job in s. `npm run bench`',
			await rows('overhead', [], '2'),
		],
		[
			'Throttled',
			'1,000 items, at most 60 submits a minute, 100 items at a time. `node bench/run.mjs throttled`',
			await rows('throttled'),
		],
		[
			'Pace',
			'Jobs of 608 s in virtual time, every request counted, beside a client that asks for each job every 5 s: the mean of 8 seeds, which choose when in a minute it begins. "Says when" is a 429 with the time of the reset. The best is what a client could reach that knew everything: each job takes a submit, one status and one result, each of them as early as the windows of the limit allow. `node bench/run.mjs pace 8 1` (seeds, the first of them)',
			await rows('pace', ['8', '1']),
		],
		[
			'Requests per job',
			'Jobs of 608 s that run together, nothing limited, in virtual time. `node bench/run.mjs polls` (seed 1)',
			polls,
		],
		['Loading', 'The built package in a new process. `node bench/run.mjs load`', await rows('load')],
	];
	mkdirSync('docs/images', { recursive: true });
	const text = sections.map(([title, how, lines]) => `## ${title}\n\n${how}\n\n${table(lines)}\n`).join('\n');
	const machine = `Node ${process.version}, ${new Date().toISOString().slice(0, 10)}. Made by \`npm run bench\`; ratios are of one run.`;
	writeFileSync('docs/benchmarks.md', `# Benchmarks\n\n${machine}\n\n${text}`);
	writeFileSync('docs/images/items.svg', await plot(items, 'items', 'wall time, s', 'Wall time of many items'));
	writeFileSync(
		'docs/images/memory.svg',
		await plot(memory, 'video, MB', 'memory grew, MB', 'Memory while a video passes through'),
	);
	writeFileSync('docs/images/requests.svg', await plot(polls, 'jobs', 'requests per job', 'Requests per job of 608 s'));
	console.log(text);
}

/** Rows as a Markdown table. */
function table(lines) {
	const columns = Object.keys(lines[0] ?? {});
	const line = (cells) => `| ${cells.join(' | ')} |`;
	return [
		line(columns),
		line(columns.map(() => '---')),
		...lines.map((row) => line(columns.map((column) => row[column]))),
	].join('\n');
}
