import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import type { INodeExecutionData } from 'n8n-workflow';

import { VIDEO } from '../support/fakeSegmind/service';
import { chunk, head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { BINARY_FOLDERS, storedFile } from '../support/inProcessN8n';
import { CONTINUE, withFiles } from '../support/sample';

/** How long what a run used may take to close after it, in ms of real time. */
const GRACE = 300;
/** How long the last handle may take to close on a busy machine, in ms. */
const PATIENCE = 10_000;

afterEach(closeFronts);

/** The files of n8n's binary store that this process holds open. */
function openFiles(): string[] {
	return readdirSync('/proc/self/fd').flatMap((fd) => {
		try {
			const path = readlinkSync(`/proc/self/fd/${fd}`);
			return BINARY_FOLDERS.some((folder) => path.startsWith(folder)) ? [path] : [];
		} catch {
			return [];
		}
	});
}

/** How many timers of this process run. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

async function expectClosed({ api, media, storage }: FrontedResult): Promise<void> {
	const open = () => [api.open(), media.open(), storage.open(), openFiles().length];
	for (const end = performance.now() + PATIENCE; open().some((count) => count > 0) && performance.now() < end; ) {
		await setTimeout(5);
	}
	expect(open()).toEqual([0, 0, 0, 0]);
}

/** Never answers. */
const silent = () => {};
/** Begins a body that never ends. */
const endless =
	(status: number, headers: Record<string, string> = {}) =>
	({ socket }: Exchange) => {
		socket.write(Buffer.concat([head(status, { 'transfer-encoding': 'chunked', ...headers }), chunk('{"a": "')]));
	};
/** Drips a body without an end. */
const dripping =
	(status: number) =>
	({ socket }: Exchange) => {
		socket.write(head(status, { 'transfer-encoding': 'chunked' }));
		const timer = setInterval(() => socket.write(chunk('x')), 2);
		socket.once('close', () => clearInterval(timer));
	};
const isStatus = ({ request }: Exchange) => request.path.endsWith('/status');
const only =
	(wanted: (exchange: Exchange) => boolean, act: (exchange: Exchange) => void): Script =>
	(exchange) =>
		wanted(exchange) ? act(exchange) : 'answer';

const FAULTS: Array<[string, (exchange: Exchange) => void]> = [
	['stalls before the headers', silent],
	['stalls after a part of the headers', ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nx-a: b\r\n')],
	['stalls in the body of 200', endless(200)],
	['stalls in the body of 500', endless(500)],
	['stalls in the body of 503', endless(503, { 'retry-after': '1' })],
	['stalls in the body of 404', endless(404)],
	['stalls in the body of 302', endless(302, { location: '/elsewhere' })],
	['drips 200', dripping(200)],
	['drips 500', dripping(500)],
	[
		'has a body that is too long',
		({ socket }) => void socket.write(Buffer.concat([head(200), Buffer.alloc(3_000_000, ' ')])),
	],
];
const OPTIONS = { timeout: 2, pollInterval: 30 };

describe('10. nothing is left open behind a poll', () => {
	it.each(FAULTS)('that %s', async (_name, act) => {
		const result = await runFronted({ api: only(isStatus, act), options: OPTIONS, run: { settings: {} } });
		expect(result.error).toBeDefined();
		await expectClosed(result);
	});
});

describe('10. nothing is left open behind a POST', () => {
	it.each(FAULTS.flatMap(([name, act]) => ['async', 'sync'].map((mode) => [name, mode, act] as const)))(
		'that %s (%s)',
		async (_name, apiMode, act) => {
			const api = only(({ request }) => request.method === 'POST', act);
			const limits = { submitTime: 150, downloadTime: 100_000 };
			const result = await runFronted({
				api,
				limits,
				options: { ...OPTIONS, timeout: 0.5, apiMode },
				factor: 100,
				run: { settings: {} },
			});
			expect(result.posts).toBeGreaterThan(0);
			await expectClosed(result);
		},
	);
});

describe('10. nothing is left open behind a download', () => {
	const faults: typeof FAULTS = [
		...FAULTS,
		[
			'is refused for its type',
			({ socket }) =>
				void socket.write(
					Buffer.concat([head(200, { 'content-type': 'text/html' }), Buffer.from('<html>'.repeat(200))]),
				),
		],
		['is refused as a part', ({ socket }) => void socket.write(Buffer.concat([head(206), VIDEO]))],
		[
			'is refused for its length',
			({ socket }) => void socket.end(Buffer.concat([head(200), VIDEO.subarray(0, 9_999)])),
		],
		[
			'stalls in the middle',
			({ socket }) =>
				void socket.write(Buffer.concat([head(200, { 'content-length': '99999' }), VIDEO.subarray(0, 9_999)])),
		],
	];
	it.each(faults)('that %s', async (_name, act) => {
		const limits = { answerTime: 20_000, stallTime: 20_000, downloadTime: 200_000, downloadTries: 2 };
		const result = await runFronted({ media: act, limits, run: { settings: {} } });
		expect(result.error).toBeDefined();
		await expectClosed(result);
	});
});

describe('10. nothing is left open behind an upload', () => {
	const items = async (count: number): Promise<INodeExecutionData[]> =>
		await Promise.all(
			Array.from({ length: count }, async (_, n) => ({
				json: { n },
				binary: { video: await storedFile(Buffer.concat([VIDEO, Buffer.alloc(300_000, n)]), 'v.mp4', 'video/mp4') },
			})),
		);
	const faults: typeof FAULTS = [
		['refuses', ({ socket }) => void socket.end(head(400))],
		['is reset', ({ raw }) => void raw.resetAndDestroy()],
		['names no file', ({ socket }) => void socket.end(Buffer.concat([head(200), Buffer.from('{}')]))],
		...FAULTS.slice(0, 6),
	];
	withFiles.each(faults)('whose storage %s', async (_name, act) => {
		const result = await runFronted({
			storage: act,
			limits: { uploadTime: 200, answerTime: 20_000 },
			parameters: { videoSource: 'binary' },
			options: { timeout: 0.5 },
			run: { input: await items(5), settings: CONTINUE },
		});
		expect(result.posts).toBe(0);
		expect(result.items.map(({ json }) => Boolean(json.error))).toEqual(Array.from({ length: 5 }, () => true));
		await expectClosed(result);
	});

	withFiles('to a storage that is not there', async () => {
		const result = await runFronted({
			parameters: { videoSource: 'binary' },
			options: { timeout: 0.2 },
			credential: { storageUrl: 'http://127.0.0.1:9' },
			run: { input: await items(5), settings: {} },
		});
		expect(result.posts).toBe(0);
		await expectClosed(result);
	});

	withFiles('where another item ended the run', async () => {
		const result = await runFronted({
			storage: ({ count, socket }) => (count === 0 ? void socket.end(head(400)) : undefined),
			parameters: { videoSource: 'binary' },
			run: { input: await items(5), settings: {} },
		});
		expect(result.posts).toBe(0);
		await expectClosed(result);
	});
});

it('10. no timer is left behind a run', async () => {
	await runFronted();
	const before = timers();
	const result = await runFronted({ run: { input: Array.from({ length: 5 }, (_, n) => ({ json: { n } })) } });
	expect(result.items).toHaveLength(5);
	const failed = await runFronted({ api: only(isStatus, endless(500)), options: OPTIONS, run: { settings: {} } });
	expect(failed.error).toBeDefined();
	await expectClosed(failed);
	await setTimeout(GRACE);
	expect(timers()).toBeLessThanOrEqual(before);
});
