import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import type { ICredentialDataDecryptedObject, INodeTypeDescription } from 'n8n-workflow';

import { DEFAULT_URLS } from '../../nodes/KlingMotionControl/segmind/routes';
import { VIDEO } from '../support/fakeSegmind/service';
import { example, EXAMPLES, NODE } from './support/examples';
import { n8nVersion } from './support/n8n';
import { isFree, launch, run, until } from './support/processes';
import { itemsOf, Rest, type SavedWorkflow } from './support/rest';

const ROOT = join(__dirname, '../..');
const NOT_COPIED = ['.git', 'node_modules', 'dist', 'output', 'coverage'];
const FIELDS = 'nodes/KlingMotionControl/parameters/motion.ts';
/** In seconds. */
const [START, RELOAD, END] = [100, 30, 10];

let scratch: string;
/** A copy of the checkout, to change sources in. */
let copy: string;
/** Where programs keep what is temporary. */
let temporary: string;
let dev: ReturnType<typeof launch>;

beforeEach(() => {
	scratch = mkdtempSync(join(tmpdir(), 'n8n-e2e-dev-'));
	copy = join(scratch, 'checkout');
	temporary = join(scratch, 'tmp');
	mkdirSync(temporary);
	cpSync(ROOT, copy, { recursive: true, filter: (source) => !NOT_COPIED.includes(basename(source)) });
	symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterEach(async () => {
	await dev?.stopAll('SIGINT');
	rmSync(scratch, { recursive: true, force: true });
});

function start(key?: string): void {
	dev = launch('npm', ['run', 'dev'], { cwd: copy, env: { TMPDIR: temporary, SEGMIND_API_KEY: key } });
}

/** A client that is signed in with what was printed, once it was. */
async function signedIn(): Promise<{ rest: Rest; port: number }> {
	const [, url = '', port, email = '', password = ''] = await until(
		'the URL is printed',
		() => {
			if (dev.hasEnded()) throw new Error(dev.output());
			return /(http:\S+:(\d+))\s+E-mail +(\S+)\s+Password +(\S+)/.exec(dev.output()) ?? undefined;
		},
		START,
	);
	const rest = new Rest(url);
	await rest.signIn({ email, password });
	return { rest, port: Number(port) };
}

/** The programs that it runs now. */
async function programs(): Promise<Array<{ pid: number; command: string }>> {
	const all = (await run('ps', ['-eo', 'pid=,ppid=,args='])).split('\n').map((line) => {
		const [, pid, parent, command = ''] = /^ *(\d+) +(\d+) (.*)/.exec(line) ?? [];
		return { pid: Number(pid), parent: Number(parent), command };
	});
	const below = (pid: number | undefined): typeof all =>
		all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
	return below(dev.pid);
}

function isAlive({ pid }: { pid: number }): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

async function expectNothingLeft(started: Array<{ pid: number }>): Promise<void> {
	await until('all programs have ended', () => !started.some(isAlive), END);
	// tsx keeps what it compiled
	expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
	expect(readdirSync(copy).sort()).toEqual(
		[...readdirSync(ROOT).filter((name) => !NOT_COPIED.includes(name)), 'node_modules'].sort(),
	);
}

async function labelOfPrompt(rest: Rest): Promise<string | undefined> {
	const [node] = await rest.call<INodeTypeDescription[]>('POST', '/node-types', {
		nodeInfos: [{ name: NODE, version: 1 }],
	});
	return node?.properties.find(({ name }) => name === 'prompt')?.displayName;
}

/** Changes a source in the copy. */
function edit(from: string, to: string): void {
	const file = join(copy, FIELDS);
	const source = readFileSync(file, 'utf8');
	if (!source.includes(from)) throw new Error(`${FIELDS} has no ${from}`);
	writeFileSync(file, source.replace(from, to));
}

test(`n8n ${n8nVersion()}: the sample makes a video, a change is loaded, a mistake is not, and Ctrl+C leaves nothing`, async () => {
	start();
	const { rest, port } = await signedIn();
	const credentials = await rest.call<Array<{ name: string; type: string }>>('GET', '/credentials');
	expect(credentials).toMatchObject([{ name: 'Segmind API', type: 'segmindApi' }]);
	const workflows = await rest.call<Array<Pick<SavedWorkflow, 'id' | 'name'>>>('GET', '/workflows');
	expect(workflows.map(({ name }) => name).sort()).toEqual(EXAMPLES.map((name) => example(name, {}).name).sort());

	const { id } = workflows.find(({ name }) => name === example('sample', {}).name) ?? { id: '' };
	const sample = await rest.call<SavedWorkflow>('GET', `/workflows/${id}`);
	const execution = await rest.ended(await rest.execute(sample, 'Manual Trigger'));
	const [item] = itemsOf(execution, 'Kling Motion Control');
	expect((await rest.bytes(item)).equals(VIDEO)).toBe(true);
	expect(dev.output()).toMatch(/^Segmind +POST \/v2\/kling-2\.6-standard-motion-control 200$/m);

	expect(await labelOfPrompt(rest)).toBe('Prompt');
	edit("displayName: 'Prompt'", "displayName: 'Script'");
	await until('the change is loaded', async () => (await labelOfPrompt(rest)) === 'Script', RELOAD);
	edit("displayName: 'Script'", 'displayName: 5');
	await until('the mistake is told', () => /error TS[^]*The last good build stays/.test(dev.output()), RELOAD);
	expect(await labelOfPrompt(rest)).toBe('Script');

	const started = await programs();
	expect(started.length).toBeGreaterThan(5);
	await dev.stopAll('SIGINT');
	expect(await dev.ended).toBe(0);
	await expectNothingLeft(started);
	expect(await isFree(port)).toBe(true);
});

test('with a key, the credential is the real one and the key is not printed; where n8n ends, all ends, with 1', async () => {
	const key = ['SG', 'e2e'].join('_');
	start(key);
	const { rest } = await signedIn();
	const [{ id } = { id: '' }] = await rest.call<Array<{ id: string }>>('GET', '/credentials');
	const { data } = await rest.call<{ data: ICredentialDataDecryptedObject }>(
		'GET',
		`/credentials/${id}?includeData=true`,
	);
	const { api: baseUrl, storage: storageUrl, history: historyUrl } = DEFAULT_URLS;
	expect(data).toMatchObject({ baseUrl, storageUrl, historyUrl });

	const started = await programs();
	const n8n = started.find(({ command }) => command.includes('bin/n8n start'));
	process.kill(n8n?.pid ?? 0, 'SIGKILL');
	expect(await dev.ended).toBe(1);
	expect(dev.output()).toContain('n8n ended. The last of its log:');
	expect(dev.output()).toMatch(/WARNING: .*real.* \$1/);
	expect(dev.output()).not.toContain(key);
	await expectNothingLeft(started);
});

test('a signal to npm alone, in the middle of the start, leaves nothing', async () => {
	start();
	await until('the build has begun', async () => (await programs()).some(({ command }) => command.includes('tsc')));
	const started = await programs();
	await dev.stop();
	expect(await dev.ended).toBe(0);
	await expectNothingLeft(started);
});
