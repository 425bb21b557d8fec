import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { VIDEO } from '../support/fakeSegmind/service';
import { chunk, head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { bytesOf } from '../support/inProcessN8n';
import { mediaFile } from '../support/mediaFiles';

afterEach(closeFronts);

const MP4 = { 'content-type': 'video/mp4' };
const HALF = VIDEO.subarray(0, VIDEO.length / 2);

/** A script for the video's host: what it writes for its first requests, or for all. */
const host =
	(write: (exchange: Exchange) => Buffer | void, times = Infinity): Script =>
	(exchange) => {
		if (exchange.count >= times) return 'answer';
		const bytes = write(exchange);
		return bytes ? void exchange.socket.end(bytes) : undefined;
	};
const answer = (bytes: Buffer, headers: Record<string, string> = MP4, status = 200) =>
	Buffer.concat([head(status, headers), bytes]);
/** A script that lets the service finish the job of v1, and then answers as it likes. */
const blocking =
	(write: (exchange: Exchange, job: { id: string; url: string }) => void | Promise<void>): Script =>
	(exchange) => {
		if (exchange.request.method !== 'POST') return 'answer';
		return exchange.handle().then(async ({ headers, body }) => {
			const { video } = JSON.parse(body.toString()) as { video: { url: string } };
			await write(exchange, { id: headers['x-request-id'] ?? '', url: video.url });
		});
	};
const V1 = { v1: (_job: unknown, url: string) => ({ video: { url } }) };
const SYNC = { apiMode: 'sync' };

async function expectVideo({ error, items, posts }: FrontedResult): Promise<void> {
	expect(error).toBeUndefined();
	expect(posts).toBe(1);
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
}

/** No success, one POST, and a person who knows where the video is. */
function expectNamed({ error, items, posts, server, media, text }: FrontedResult): void {
	const id = server.segmind.jobs[0]?.id;
	expect(items).toEqual([]);
	expect(error).toBeDefined();
	expect(posts).toBe(1);
	expect(text).toContain(`Paid requests: item 0: ${id} (${media.url}/outputs/${id}.mp4).`);
}

describe('7. what v1 sends late', () => {
	const spaced = async ({ socket }: Exchange, body: string, before: string[], type = 'application/json') => {
		socket.write(head(200, { 'content-type': type, 'transfer-encoding': 'chunked' }));
		for (const piece of before) {
			socket.write(chunk(piece));
			await setTimeout(20);
		}
		socket.end(Buffer.concat([chunk(body), chunk()]));
	};

	it.each<[string, string[], string]>([
		['a line', ['\n'], 'application/json'],
		['a space every now and then', [' ', ' ', ' ', ' ', ' '], 'application/json'],
		['more than is looked at of a video', [' '.repeat(1_000)], 'application/json'],
		['white space, called a video', ['  \r\n\t'], 'video/mp4'],
		['60 kB of it, called a video', [' '.repeat(30_000), ' '.repeat(30_000)], 'video/mp4'],
		['200 kB of it, called a video', [' '.repeat(100_000), ' '.repeat(100_000)], 'video/mp4'],
		['a byte order mark', ['\ufeff'], 'application/json'],
	])('%s, then JSON with the video: it is fetched', async (_name, before, type) => {
		const api = blocking(
			async (exchange, { url }) => await spaced(exchange, JSON.stringify({ video: { url } }), before, type),
		);
		await expectVideo(await runFronted({ segmind: V1, options: SYNC, api }));
	});

	it.each([
		['after white space', ['\n '], 'video/mp4'],
		['after a byte order mark', ['\ufeff'], 'application/json'],
		['after 200 kB of white space', [' '.repeat(200_000)], 'video/mp4'],
	])('%s, that the job failed: nothing is stored', async (_name, before, type) => {
		const api = blocking(async (exchange) => await spaced(exchange, '{"status":"FAILED"}', before, type));
		const { items, text, posts } = await runFronted({ segmind: V1, options: SYNC, api });
		expect(items).toEqual([]);
		expect(posts).toBe(3);
		expect(text).toMatch(/could not make the video/);
	});

	it.each([
		['nothing', Buffer.alloc(0)],
		['a piece', VIDEO.subarray(0, 100)],
	])('early headers and %s, and the rest 10 minutes later: a whole video', async (_name, first) => {
		const api = blocking(async ({ socket }) => {
			socket.write(head(200, { ...MP4, 'content-length': String(VIDEO.length) }));
			socket.write(first);
			// 10 minutes of the node's time, of which it would wait 1 for a video that stalls
			await setTimeout(600);
			socket.end(VIDEO.subarray(first.length));
		});
		await expectVideo(await runFronted({ segmind: V1, options: SYNC, api, factor: 1_000 }));
	});

	it('early headers and JSON 10 minutes later: the video is fetched', async () => {
		const api = blocking(async ({ socket }, { url }) => {
			socket.write(head(200, { 'content-type': 'application/json' }));
			await setTimeout(600);
			socket.end(JSON.stringify({ output: url }));
		});
		await expectVideo(await runFronted({ segmind: V1, options: SYNC, api, factor: 1_000 }));
	});

	it('early headers and nothing until the timeout: in doubt, by its ID', async () => {
		const api = blocking(({ socket }, { id }) => void socket.write(head(200, { ...MP4, 'x-request-id': id })));
		const { posts, text, server } = await runFronted({
			segmind: { ...V1, latency: 0, fault: (_r, route) => (route === 'status' ? { status: 404 } : undefined) },
			options: { ...SYNC, timeout: 2 },
			api,
			factor: 500,
		});
		expect(posts).toBe(1);
		expect(text).toMatch(/may have been accepted/);
		expect(text).toContain(server.segmind.jobs[0]?.id);
	});
});

describe('8. a video that is not whole is no success', () => {
	const sized = { 'content-length': String(VIDEO.length) };
	it.each<[string, Buffer]>([
		['a body without a length, shorter than the result says', answer(HALF)],
		['one that is longer', answer(Buffer.concat([VIDEO, VIDEO]))],
		[
			'chunks that end properly, but early',
			answer(Buffer.concat([chunk(HALF), chunk()]), { ...MP4, 'transfer-encoding': 'chunked' }),
		],
		['chunks without an end', answer(chunk(HALF), { ...MP4, 'transfer-encoding': 'chunked' })],
		['a body shorter than its length', answer(HALF, { ...MP4, ...sized })],
		['206 and a part', answer(HALF, { ...MP4, 'content-range': `bytes 0-${HALF.length - 1}/${VIDEO.length}` }, 206)],
		['206 and all of it', answer(VIDEO, MP4, 206)],
		[
			'a compressed body that ends early',
			answer(gzipSync(VIDEO).subarray(0, 9_000), { ...MP4, 'content-encoding': 'gzip' }),
		],
		['nothing at all', answer(Buffer.alloc(0))],
		['204', answer(Buffer.alloc(0), {}, 204)],
	])('%s: tried again, and then named', async (_name, bytes) => {
		const result = await runFronted({ media: host(() => bytes), run: { settings: {} } });
		expectNamed(result);
		expect(result.media.requests).toHaveLength(5);
		await expectVideo(await runFronted({ media: host(() => bytes, 4) }));
	});

	it.each<[string, Buffer, Record<string, string>]>([
		['16 bytes of text', Buffer.from('Access Denied!!!'), { 'content-type': 'application/octet-stream' }],
		['nothing but zeros, called a video', Buffer.alloc(100_000), MP4],
		['text that is called a video', Buffer.from('Access Denied!!!'), MP4],
		['a long text that is called a video', Buffer.from('Access to this video is denied. '.repeat(500)), MP4],
		['a long text without a type', Buffer.from('Access to this video is denied. '.repeat(500)), {}],
		['a page that is called a video', Buffer.from(`<!doctype html><html>${'x'.repeat(5_000)}`), MP4],
		['JSON that is called a video', Buffer.from(JSON.stringify({ error: 'x'.repeat(5_000) })), MP4],
		['an image', Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(3_000, '\0'), 'latin1'), MP4],
		[
			'bytes of no kind',
			Buffer.from(Array.from({ length: 3_000 }, (_, n) => (n * 7_919) % 251 | 128)),
			{ 'content-type': 'application/octet-stream' },
		],
		['what gzip made of a page, undeclared', gzipSync(Buffer.from('<html>no</html>'.repeat(999))), {}],
		['three bytes', Buffer.from([0, 0, 1]), MP4],
	])('%s: named, not delivered', async (_name, bytes, headers) => {
		const result = await runFronted({
			media: host(() => answer(bytes, { ...headers, 'content-length': String(bytes.length) })),
			// the result does not say how long it is
			segmind: { video: () => VIDEO },
			api: withoutSize,
			run: { settings: {} },
		});
		expectNamed(result);
	});

	it.each<[string, Buffer]>([
		[
			'a compressed body that ends early',
			answer(gzipSync(VIDEO).subarray(0, 9_000), { ...MP4, 'content-encoding': 'gzip' }),
		],
		['a body shorter than its length', answer(HALF, { ...MP4, ...sized })],
		['206', answer(HALF, MP4, 206)],
		['a body without a length', answer(HALF)],
		[
			'chunks that end properly, but early',
			answer(Buffer.concat([chunk(HALF), chunk()]), { ...MP4, 'transfer-encoding': 'chunked' }),
		],
	])('%s, where the result does not say its size: named, not delivered', async (_name, bytes) => {
		expectNamed(await runFronted({ api: withoutSize, media: host(() => bytes), run: { settings: {} } }));
	});

	it.each([
		['a body without a length', {}, [HALF]],
		['chunks that end properly, but early', { 'transfer-encoding': 'chunked' }, [chunk(HALF), chunk()]],
	])('%s, of v1: named, not delivered, not bought again', async (_name, headers, pieces) => {
		const api = blocking(({ socket }, { id }) => {
			socket.end(Buffer.concat([head(200, { ...MP4, ...headers, 'x-request-id': id }), ...pieces]));
		});
		const fault = (_request: unknown, route: string) => (route === 'status' ? { status: 404 } : undefined);
		const { posts, text, items, server } = await runFronted({ segmind: { ...V1, fault }, options: SYNC, api });
		expect(items).toEqual([]);
		expect(posts).toBe(1);
		expect(text).toMatch(/may have been accepted/);
		expect(text).toContain(`: item 0: ${server.segmind.jobs[0]?.id}.`);
	});

	it('asks for it as it is', async () => {
		const { media } = await runFronted();
		expect(media.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity']);
	});

	it.each<[string, Record<string, string>, Buffer]>([
		['a video that its host calls a text', { 'content-type': 'text/plain' }, VIDEO],
		['one that it calls JSON', { 'content-type': 'application/json' }, VIDEO],
		['one that it calls nothing', {}, VIDEO],
	])('%s is one all the same', async (_name, headers, bytes) => {
		for (const api of [undefined, withoutSize]) {
			await expectVideo(await runFronted({ api, media: host(() => answer(bytes, headers)) }));
		}
	});
});

describe('8. one that its host compressed all the same', () => {
	const gzipped = (bytes: Buffer) =>
		answer(bytes, { ...MP4, 'content-encoding': 'gzip', 'content-length': String(bytes.length) });

	it('is taken where the result says its size, or its own boxes do', async () => {
		const media = host(() => gzipped(gzipSync(VIDEO)));
		for (const api of [undefined, withoutSize]) await expectVideo(await runFronted({ api, media }));
	});

	it('is taken as the bytes of v1', async () => {
		const api = blocking(({ socket }) => void socket.end(gzipped(gzipSync(VIDEO))));
		await expectVideo(await runFronted({ api, options: SYNC, segmind: V1 }));
	});

	it.each([
		['cut before it was compressed', gzipSync(VIDEO.subarray(0, 20_000))],
		['cut afterwards', gzipSync(VIDEO).subarray(0, 9_000)],
		['of a kind whose end nobody can tell', gzipSync(mediaFile('clip.webm'))],
	])('is not taken without a size where it is %s', async (_case, bytes) => {
		const media = host(() => gzipped(bytes));
		expectNamed(await runFronted({ api: withoutSize, media, run: { settings: {} } }));
	});
});

it.each([' ', '\n', '{'])('7. a v1 answer that only shows signs of life (%j) ends with the timeout', async (sign) => {
	let beats = 0;
	const MOST_BEATS = 3_000;
	const api = blocking(async ({ socket, raw }) => {
		socket.write(head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }));
		// 2 s of the node's time each: its timeout is 6 s, and a body that began has 60 s at least
		for (; beats < MOST_BEATS && !raw.destroyed; beats++) {
			socket.write(chunk(sign));
			await setTimeout(10);
		}
		socket.destroy();
	});
	const result = await runFronted({
		api,
		factor: 200,
		options: { ...SYNC, timeout: 0.1 },
		segmind: V1,
		run: { settings: {} },
	});
	// the client ended it, however busy the machine was
	expect(beats).toBeLessThan(MOST_BEATS);
	expect(result.posts).toBe(1);
	expect(result.text).toMatch(/may have been accepted and charged/);
});

it('delivers the video of a v1 answer that says FAILED', async () => {
	const api = blocking(({ socket }, { url }) => {
		const body = Buffer.from(JSON.stringify({ status: 'FAILED', error: 'late', output: { url } }));
		socket.end(answer(body, { 'content-type': 'application/json' }));
	});
	await expectVideo(await runFronted({ api, options: SYNC, segmind: V1 }));
});

/** A script whose results do not say how long the video is. */
const withoutSize: Script = ({ request, handle, socket }) => {
	if (request.method !== 'GET') return 'answer';
	return handle().then(({ status, body }) => {
		const text = body.toString().replace(/"file_size":\d+/, '"file_size":null');
		socket.end(Buffer.concat([head(status), Buffer.from(text)]));
	});
};
