import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { cached, removeUnfinished } from '../scripts/cached';

const ROOT = join(__dirname, '..');
const FILES = ['.npmrc', 'package-lock.json', 'package.json'];
/** An npm that installs one thing, says that it has begun, and ends when it is told to. */
const NPM = `#!/bin/sh
mkdir node_modules && touch node_modules/dependency "$SIGNS/begun-$$"
until [ -e "$SIGNS/end" ]; do sleep 0.02; done
`;

let scratch: string;
/** The folder to install in. */
let folder: string;
/** Where installs end up. */
let cache: string;
/** Where the npm above and the test meet. */
let signs: string;
let children: ChildProcess[] = [];

beforeEach(() => {
	scratch = mkdtempSync(join(tmpdir(), 'cached-'));
	folder = join(scratch, 'package');
	cache = join(scratch, 'cache/n8n-nodes-segmind/installed');
	signs = join(scratch, 'signs');
	for (const made of [folder, signs, join(scratch, 'bin')]) mkdirSync(made);
	writeFileSync(join(folder, 'package.json'), '{ "name": "p" }');
	writeFileSync(
		join(folder, 'package-lock.json'),
		'{ "name": "p", "lockfileVersion": 3, "packages": { "": { "name": "p" } } }',
	);
	writeFileSync(join(folder, '.npmrc'), '');
	writeFileSync(join(scratch, 'bin/npm'), NPM);
	chmodSync(join(scratch, 'bin/npm'), 0o755);
	process.env.XDG_CACHE_HOME = join(scratch, 'cache');
});
afterEach(async () => {
	const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
	await Promise.all(running.map(kill));
	children = [];
	rmSync(scratch, { recursive: true, force: true });
});

/** Runs the script on the folder with the npm above, in a process group of its own. */
function start(): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
	const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/cached.ts', folder], {
		cwd: ROOT,
		detached: true,
		env: {
			...process.env,
			PATH: `${join(scratch, 'bin')}:${process.env.PATH}`,
			SIGNS: signs,
		},
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	children.push(child);
	let output = '';
	child.stdout?.on('data', (chunk: Buffer) => (output += String(chunk)));
	return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })) };
}

/** Kills a script and its npm. */
async function kill(child: ChildProcess): Promise<void> {
	const closed = once(child, 'close');
	process.kill(-Number(child.pid), 'SIGKILL');
	await closed;
}

/** Waits until that many installs have begun. */
async function begun(count: number): Promise<void> {
	for (let looks = 0; readdirSync(signs).length < count; looks++) {
		if (looks > 1_000) throw new Error(`${count} installs never ran at once`);
		await setTimeout(20);
	}
}

/** npm makes no node_modules where there is nothing to install. */
const finish = (unfinished: string) => mkdirSync(join(unfinished, 'node_modules'));
const linked = () => readlinkSync(join(folder, 'node_modules'));

it('has one install of three that run at once, and all of them use it', async () => {
	const runs = Array.from({ length: 3 }, start);
	await begun(3);
	writeFileSync(join(signs, 'end'), '');
	const results = await Promise.all(runs.map(async ({ ended }) => await ended));
	const [name = '', ...others] = readdirSync(cache);
	expect(others).toEqual([]);
	const installed = join(cache, name);
	expect(results).toEqual(Array.from({ length: 3 }, () => ({ code: 0, output: `${installed}\n` })));
	expect(linked()).toBe(join(installed, 'node_modules'));
	expect(readdirSync(linked())).toEqual(['dependency']);
	expect(readdirSync(folder).sort()).toEqual([FILES[0], 'node_modules', ...FILES.slice(1)]);
});

it('never uses what a killed process left, and removes it after an hour', async () => {
	const { child } = start();
	await begun(1);
	await kill(child);
	const [left = ''] = readdirSync(cache);
	expect(readdirSync(join(cache, left, 'node_modules'))).toEqual(['dependency']);
	expect(readdirSync(folder).sort()).toEqual(FILES);

	const installed = cached(folder, finish);
	expect(readdirSync(join(folder, 'node_modules'))).toEqual([]);
	// it could be one that still runs
	expect(existsSync(join(cache, left))).toBe(true);

	const hoursAgo = Date.now() / 1_000 - 2 * 60 * 60;
	utimesSync(join(cache, left), hoursAgo, hoursAgo);
	expect(cached(folder)).toBe(installed);
	expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([installed]);
});

it('removes at once what a process left that its caller killed, and nothing of another one', async () => {
	const [mine, other] = [start(), start()];
	await begun(2);
	await kill(mine.child);
	removeUnfinished(Number(mine.child.pid));
	expect(readdirSync(cache).map((name) => name.replace(/\w+$/, ''))).toEqual([
		expect.stringContaining(`.${other.child.pid}-`),
	]);
});

it('installs once for each content of the files, and finishes before anyone can use it', () => {
	// as `npm ci` in the folder itself leaves it
	mkdirSync(join(folder, 'node_modules/old'), { recursive: true });
	const finished: string[] = [];
	const finishing = (unfinished: string) => {
		finished.push(unfinished);
		finish(unfinished);
	};
	const first = cached(folder, finishing);
	expect(linked()).toBe(join(first, 'node_modules'));
	expect(readdirSync(linked())).toEqual([]);
	expect(cached(folder, finishing)).toBe(first);

	writeFileSync(join(folder, '.npmrc'), 'fund=false\n');
	const second = cached(folder, finishing);
	expect(linked()).toBe(join(second, 'node_modules'));
	expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([first, second].sort());
	expect(finished.map((unfinished) => unfinished.replace(/\.[\w-]+$/, ''))).toEqual([first, second]);
	expect(finished).not.toEqual([first, second]);
});

it('leaves nothing of an install that failed, and the link as it was', () => {
	symlinkSync(signs, join(folder, 'node_modules'));
	const failing = () => {
		throw new Error('no compiler');
	};
	expect(() => cached(folder, failing)).toThrow('no compiler');
	expect(readdirSync(cache)).toEqual([]);
	expect(linked()).toBe(signs);
});
