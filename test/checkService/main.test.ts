import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { run } from '../../scripts/checkService/run';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY, VIDEO } from '../support/fakeSegmind/service';

const ROOT = join(__dirname, '../..');

let folder: string;
let server: FakeServer;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'check-service-'));
	server = await startFakeSegmind();
});
afterEach(async () => {
	await server.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Runs the command against the fake, and gives its exit code and what it printed. */
async function command(args: string[], { key = KEY, input = '' }: { key?: string; input?: string } = {}) {
	const printed: string[] = [];
	const code = await run({
		args,
		env: {
			SEGMIND_API_KEY: key,
			SEGMIND_BASE_URL: `${server.url}/v1/`,
			SEGMIND_STORAGE_URL: server.storageUrl,
			SEGMIND_HISTORY_URL: server.historyUrl,
		},
		clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
		input: Readable.from([input]),
		tell: (text) => printed.push(text),
		width: 120,
	});
	return { code, output: printed.join('\n') };
}

it('says what it needs without a key, and ends with 2', async () => {
	const program = spawn(process.execPath, ['--require', 'tsx/cjs', 'scripts/checkService/main.ts'], {
		cwd: ROOT,
		env: { ...process.env, SEGMIND_API_KEY: ' ' },
	});
	let output = '';
	for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
	expect(await once(program, 'close')).toEqual([2, null]);
	expect(output).toContain('SEGMIND_API_KEY is not set.');
});

it('knows a key by more than spaces, and asks nothing without one', async () => {
	expect((await command([], { key: ' \u200b' })).code).toBe(2);
	expect(server.segmind.log).toEqual([]);
});

it.each([
	[['--yes'], '--yes answers the question of --buy'],
	[['--by'], '--by'],
])('says what is wrong with %s', async (args, words) => {
	const { code, output } = await command(args);
	expect(code).toBe(2);
	expect(output).toContain(words);
	expect(server.segmind.log).toEqual([]);
});

it('passes against the fake, says what it cannot see, and keeps the record', async () => {
	const record = join(folder, 'deep/record.json');
	const { code, output } = await command(['--record', record]);
	expect(output).toContain('0 different');
	expect(code).toBe(0);
	expect(output).toContain('Not to be seen from here:');
	expect(output).toContain(record);
	expect(output).not.toContain(KEY);
	expect(readFileSync(record, 'utf8')).not.toContain(KEY);
	expect(server.segmind.jobs).toEqual([]);
});

it('fails where the code depends on what differs', async () => {
	server.segmind.settings.upload = () => ({ files: [] });
	const { code, output } = await command(['--record', join(folder, 'record.json')]);
	expect(code).toBe(1);
	expect(output).toMatch(/DIFFERS {2}A tiny picture/);
});

it.each([
	['no answer', '', 0],
	['no', 'no\n', 0],
	['yes', 'yes\n', 1],
])('buys only after a yes: %s', async (_name, input, jobs) => {
	const { code, output } = await command(['--buy', '--record', join(folder, 'record.json')], { input });
	expect(output).toContain('Buy one video, for about $0.97?');
	expect(code).toBe(0);
	expect(server.segmind.jobs).toHaveLength(jobs);
	const video = join(folder, 'check-service.mp4');
	expect(existsSync(video)).toBe(jobs === 1);
	if (jobs === 1) expect(readFileSync(video).equals(VIDEO)).toBe(true);
});

it('asks nobody with --yes', async () => {
	const { code, output } = await command(['--buy', '--yes', '--record', join(folder, 'record.json')]);
	expect(output).not.toContain('Buy one video');
	expect(code).toBe(0);
	expect(server.segmind.jobs).toHaveLength(1);
});
