import type { ServerResponse } from 'node:http';

import { LIMITS } from '../../nodes/KlingMotionControl/transport/limits';
import { GOOD, GOOD_ANSWERS, fixture, submitChecked, type Answers, type CheckedRun } from '../support/checkedRun';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { hintsOf } from '../support/inputs';
import { savedForRetry } from '../support/inProcessN8n';
import { mediaFile } from '../support/mediaFiles';
import { startReferenceHost, type ReferenceHost } from '../support/referenceHost';
import { CONTINUE, RETRY } from '../support/sample';

/** A bound that a test can wait for, in ms. */
const SOON = { checkTime: 400 };
let answers: Answers;
let host: ReferenceHost;
let server: FakeServer;

beforeEach(async () => {
	answers = { ...GOOD_ANSWERS };
	host = await startReferenceHost((request, response) => answers[request.url ?? '']?.(request, response));
	server = await startFakeSegmind();
});
afterEach(async () => {
	await host.close();
	await server.close();
});

async function submit(rest: Partial<CheckedRun> = {}) {
	return await submitChecked({ server, host, ...rest });
}

describe('goes on, and tells nothing that it does not know,', () => {
	const status = (code: number) => (response: ServerResponse) =>
		void response.writeHead(code, { 'content-type': 'text/html' }).end('<!doctype html>');
	const breakOff = (start: string) => (response: ServerResponse) => {
		response.writeHead(200, { 'content-length': 999 });
		response.write(start, 'latin1', () => void response.destroy());
	};
	it.each<[string, (response: ServerResponse) => void]>([
		...[400, 405, 406, 408, 416, 418, 425, 429, 451, 500, 502, 503, 504].map(
			(code) => [`where the host answers ${code}`, status(code)] as [string, (response: ServerResponse) => void],
		),
		['where the connection breaks', (response) => response.socket?.destroy()],
		['where the body breaks off', breakOff('\xff\xd8')],
		['where the body breaks off after the first letters', breakOff('GIF')],
		['where the answer is no HTTP', (response) => response.socket?.end('SSH-2.0\r\n\r\n')],
		['where the body is empty', (response) => response.writeHead(200, { 'content-length': '0' }).end()],
		['where there is no content', (response) => response.writeHead(204).end()],
		['where nobody knows the kind', (response) => response.writeHead(200).end(Buffer.from([0, 1, 2, 3]))],
		['where it is redirected in circles', (response) => response.writeHead(302, { location: '/cat.jpg' }).end()],
		['where it is redirected to nowhere', (response) => response.writeHead(302, { location: 'http://no.test/' }).end()],
	])('%s', async (_where, answer) => {
		answers['/cat.jpg'] = (_request, response) => answer(response);
		const { error, ...result } = await submit();
		expect(error).toBeUndefined();
		expect(hintsOf({ error, ...result })).toEqual([]);
		expect(server.segmind.posts).toHaveLength(1);
	});

	const drip = ({ socket }: ServerResponse, start: string, byte: string) => {
		socket?.write(start);
		const timer = setInterval(() => socket?.write(byte), 20);
		socket?.once('close', () => clearInterval(timer));
	};
	it.each<[string, (response: ServerResponse) => void]>([
		['is silent', () => {}],
		['sends its headers a byte at a time', (r) => drip(r, 'HTTP/1.1 200 OK\r\nx: ', 'x')],
		['sends its body a byte at a time', (r) => drip(r, 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', '\0')],
		['stops in the middle', (response) => void response.writeHead(200).write('\0')],
	])('once the time is up, where the host %s', async (_what, answer) => {
		answers['/cat.jpg'] = (_request, response) => answer(response);
		const began = Date.now();
		const { error } = await submit({ limits: SOON });
		expect(error).toBeUndefined();
		expect(Date.now() - began).toBeGreaterThanOrEqual(SOON.checkTime);
		expect(Date.now() - began).toBeLessThan(5_000);
		await Promise.all(host.seen.map(async ({ closed }) => await closed));
		expect(server.segmind.posts).toHaveLength(1);
	});

	it('once the time is up, where its name is looked up in vain', async () => {
		host.resolves = false;
		const began = Date.now();
		const { error } = await submit({ limits: SOON });
		expect(error).toBeUndefined();
		expect(Date.now() - began).toBeLessThan(5_000);
		expect(host.seen).toEqual([]);
		expect(server.segmind.posts).toHaveLength(1);
	});

	it('where there is no such host', async () => {
		const { error } = await submit({ parameters: { imageUrl: 'https://nowhere.example.test/a.jpg' } });
		expect(error).toBeUndefined();
		expect(server.segmind.posts).toHaveLength(1);
	});

	it('with 10 seconds and 64 kB outside of tests', () => {
		expect(LIMITS).toMatchObject({ checkTime: 10_000, checkBytes: 65_536 });
	});
});

it('still judges what came before the time was up', async () => {
	answers['/cat.jpg'] = (_request, response) => void response.writeHead(200).write('<!doctype html><html>');
	const { error } = await submit({ limits: SOON });
	expect(error?.message).toBe('Image URL is a web page (HTML), not an image');
	expect(server.segmind.log).toEqual([]);
});

describe('what was bought is not looked at again', () => {
	const refuseOnce = (_request: unknown, _route: string, count: number) => (count === 1 ? { status: 400 } : undefined);

	it('by Retry On Fail', async () => {
		server.segmind.settings.fault = (request, route, count) =>
			route === 'submit' ? refuseOnce(request, route, count) : undefined;
		const paths: CheckedRun['paths'] = [
			['/a.jpg', '/dance.mp4'],
			['/b.jpg', '/dance.mp4'],
		];
		answers = { ...answers, '/a.jpg': answers['/cat.jpg'], '/b.jpg': answers['/cat.jpg'] } as Answers;
		const { items, error } = await submit({
			paths,
			parameters: { options: { maxConcurrency: 1 } },
			run: { settings: RETRY },
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.resumed)).toEqual([true, undefined]);
		expect(host.seen.map(({ path }) => path).sort()).toEqual([
			'/a.jpg',
			'/b.jpg',
			'/b.jpg',
			'/dance.mp4',
			'/dance.mp4',
		]);
		expect(server.segmind.jobs).toHaveLength(2);
	});

	it('by a retry from the Executions list, though the URL is gone by then', async () => {
		server.segmind.settings.fault = (_request, route) => (route === 'status' ? { status: 403 } : undefined);
		const generate = { operation: 'generate', options: { pollInterval: 1 } };
		const first = await submit({ parameters: generate });
		expect(first.error?.message).toMatch(/^Segmind does not allow this API key/);
		answers = {};
		server.segmind.settings.fault = () => undefined;
		const { items } = await submit({ parameters: generate, run: { retryOf: savedForRetry(first), executionId: '2' } });
		expect(items[0]?.json).toMatchObject({ status: 'COMPLETED', resumed: true });
		expect(host.seen).toHaveLength(2);
		expect(server.segmind.posts).toHaveLength(1);
	});
});

it('ends at once where the execution is stopped meanwhile, and buys nothing', async () => {
	let stop = () => {};
	answers['/cat.jpg'] = () => stop();
	const began = Date.now();
	const { error } = await submit({ run: { onStart: (cancel) => (stop = cancel) } });
	expect(error?.message).toBe('Stopped before the video was ready');
	expect(Date.now() - began).toBeLessThan(5_000);
	await Promise.all(host.seen.map(async ({ closed }) => await closed));
	expect(server.segmind.log).toEqual([]);
});

describe('hints at what the first 64 kB tell', () => {
	it.each<[string, string, string, string[]]>([
		['portrait.jpg', 'image/jpeg', 'usual.mp4', []],
		['portrait.jpg', 'image/jpeg', '1s.mp4', ['The video lasts 1.0 s: Kling takes 3 to 30 s.']],
		['portrait.jpg', 'image/jpeg', '3s.mp4', []],
		['portrait.jpg', 'image/jpeg', '31s.mp4', ['The video lasts 31.0 s: Kling takes 3 to 30 s.']],
		['portrait.jpg', 'image/jpeg', 'clip.mov', []],
		['portrait.jpg', 'image/jpeg', 'clip.webm', ['The video is WebM: Kling documents MP4 and MOV.']],
		['landscape.jpg', 'binary/octet-stream', 'clip.mkv', ['The video is MKV: Kling documents MP4 and MOV.']],
		['picture.heic', 'image/heic', 'usual.mp4', ['The image is HEIC: Kling documents JPG and PNG.']],
		['lossy.webp', 'image/webp', 'usual.mp4', ['The image is WebP: Kling documents JPG and PNG.']],
		[
			'picture.gif',
			'image/gif',
			'usual.mp4',
			[
				'The image is GIF: Kling documents JPG and PNG.',
				'The image is 300 × 200 px: Kling expects at least 300 px per side.',
			],
		],
	])('%s as %s, and %s', async (image, type, video, hints) => {
		answers = { '/i': fixture(image, type), '/v': fixture(video, 'application/octet-stream') };
		const result = await submit({ paths: [['/i', '/v']] });
		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual(hints.map((hint) => `Item 0: ${hint}`));
	});

	it('the size that the range is a part of, and nothing of what comes later', async () => {
		const start = Buffer.concat([mediaFile('31s.mp4').subarray(0, 32), Buffer.alloc(65_504)]);
		answers['/dance.mp4'] = (_request, response) =>
			response.writeHead(206, { 'content-range': 'bytes 0-65535/150000000' }).end(start);
		const result = await submit();
		expect(hintsOf(result)).toEqual(['Item 0: The video is 150.0 MB: Kling takes at most 100 MB.']);
	});

	it('once for all items that share it', async () => {
		answers['/dance.mp4'] = fixture('31s.mp4', 'video/mp4');
		const paths = Array.from({ length: 12 }, () => GOOD);
		const result = await submit({ paths, run: { settings: CONTINUE } });
		expect(hintsOf(result)).toEqual([
			'Items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more: The video lasts 31.0 s: Kling takes 3 to 30 s.',
		]);
	});
});
