import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import {
	downloadVideo,
	openBody,
	storeVideo,
	type OpenBody,
} from '../../../../nodes/KlingMotionControl/transport/videoStore';
import {
	brokenBody,
	faultOf,
	LONG_MP4,
	MP4,
	openExchanges,
	readThrough,
	replyOn,
	silentBody,
	thrown,
	virtualSession,
	type Given,
	type HttpAnswer,
	type VirtualServices,
} from '../../../support/virtualServices';

type ExpectedVideo = Parameters<typeof storeVideo>[2];

const URL = 'https://images.segmind.test/a.mp4';
const TYPE = { 'content-type': 'video/mp4' };
const MINUTE = 60_000;
/** Bytes of no known kind. */
const UNKNOWN = `\x01 of no known kind${'.'.repeat(600)}`;

/** A run whose media host gives that each time. */
function host(media: Given, services: VirtualServices = {}) {
	const virtual = virtualSession({ ...services, answers: { media } });
	const fetch = async (expected: Partial<ExpectedVideo> = {}) =>
		await virtual.clock.drive(downloadVideo(virtual.session, URL, { wanted: '', url: URL, ...expected }));
	return { ...virtual, fetch };
}

/** Opens a reply and stores its video, and tells how often the reply was closed. */
function storing(
	answer: HttpAnswer,
	services: VirtualServices & { stage?: OpenBody['stage']; patience?: number } = {},
) {
	const { stage = 'download', patience = MINUTE } = services;
	const virtual = virtualSession(services);
	const { session, clock } = virtual;
	const { reply, closed } = replyOn(answer);
	const run = async (expected: Partial<ExpectedVideo>) =>
		await storeVideo(session, await openBody(session, stage, reply, clock.now() + patience), {
			wanted: 'a',
			...expected,
		});
	const store = async (expected: Partial<ExpectedVideo> = {}) => await clock.drive(run(expected));
	return { ...virtual, reply, closed, run, store };
}

/** A body whose chunks come after so many ms each, and that then says nothing any more, or ends. */
function pausing(clock: { sleep(ms: number): Promise<void> }, pauses: number[], ends = false): Readable {
	return Readable.from(
		(async function* () {
			for (const [index, pause] of pauses.entries()) {
				await clock.sleep(pause);
				yield Buffer.from(index === 0 ? MP4 + 'x'.repeat(1_000) : 'x');
			}
			if (!ends) await new Promise(() => {});
		})(),
		{ objectMode: false },
	);
}

describe('a download', () => {
	it('asks once, without a credential, and not for a compressed body', async () => {
		const { session, fetch, requests } = host({ body: MP4, headers: TYPE });
		expect(await fetch()).toEqual({ data: MP4, fileName: 'a.mp4', mimeType: 'video/mp4' });
		expect(requests).toEqual([
			{
				method: 'GET',
				url: URL,
				headers: { 'accept-encoding': 'identity' },
				encoding: 'stream',
				timeout: 60_000,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				abortSignal: expect.any(AbortSignal),
			},
		]);
		// its connection may be used again
		expect(requests[0]?.abortSignal.aborted).toBe(false);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('ends with the run', async () => {
		const body = silentBody('x');
		const { session, clock, fetch, stop, requests, began } = host(({ abortSignal }) => {
			// as axios does
			abortSignal.addEventListener('abort', () => body.destroy(faultOf('ERR_CANCELED')));
			return { body };
		});
		void clock.sleep(1_000).then(stop);
		expect(await thrown(fetch())).toMatchObject({ kind: 'network' });
		expect(clock.now() - began).toBe(1_000);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it.each<[string, Given, string, object]>([
		['no host', faultOf('ENOTFOUND', 'getaddrinfo'), 'network', {}],
		['199', { status: 199, body: 'x' }, 'answer', { httpStatus: 199, repeats: 0 }],
		['300', { status: 300, body: 'x' }, 'answer', { httpStatus: 300, repeats: 0 }],
		['404', { status: 404, body: '<html>' }, 'answer', { httpStatus: 404, repeats: 0 }],
		[
			'503',
			{ status: 503, headers: { 'retry-after': '3' } },
			'answer',
			{ httpStatus: 503, headers: { 'retry-after': '3' } },
		],
		['206', { status: 206, body: MP4, headers: TYPE }, 'unreadable', { headers: TYPE }],
		['no bytes', { headers: TYPE }, 'unreadable', { headers: TYPE }],
		['a page', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'unreadable', {}],
		['a body that breaks off', () => ({ body: brokenBody(LONG_MP4) }), 'network', {}],
		['a body that breaks off at once', () => ({ body: brokenBody() }), 'network', {}],
	])('that meets %s is an error', async (_name, media, kind, details) => {
		const { session, fetch, requests } = host(media);
		const error = (await thrown(fetch())) as SegmindError;
		expect(error).toMatchObject({ kind, details: { accepted: 'yes', repeats: Infinity, ...details } });
		expect(requests).toHaveLength(1);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it("gives up the body of an error in time, and keeps what came of its host's reason", async () => {
		const body = silentBody('{"error":"gone"}');
		const { session, clock, began, fetch, requests } = host({ status: 410, body });
		expect(await thrown(fetch())).toMatchObject({
			kind: 'answer',
			message: 'The finished video could not be downloaded: its host answered HTTP 410: gone',
		});
		expect(clock.now() - began).toBe(30_000);
		expect(body.destroyed).toBe(true);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('reads no more than a little of the body of an error', async () => {
		let given = 0;
		const body = new Readable({
			highWaterMark: 1,
			read() {
				given += 1_000;
				this.push(Buffer.alloc(1_000, 'x'));
			},
		});
		const { fetch } = host({ status: 500, body });
		expect(await thrown(fetch())).toMatchObject({ details: { httpStatus: 500 } });
		expect(given).toBeLessThan(20_000);
		expect(body.destroyed).toBe(true);
	});
});

describe('what is stored', () => {
	it.each<[string, HttpAnswer, object]>([
		['a short video', { body: MP4, headers: TYPE }, { data: MP4 }],
		['a long one', { body: LONG_MP4, headers: TYPE }, { data: LONG_MP4 }],
		['one with a < later', { body: `${MP4}<html>` }, { data: `${MP4}<html>` }],
		['one that calls itself a text', { body: MP4, headers: { 'content-type': 'text/plain' } }, { data: MP4 }],
		[
			'bytes that nobody knows, but their host',
			{ body: UNKNOWN, headers: { 'content-type': 'video/mp4' } },
			{ data: UNKNOWN },
		],
		[
			'bytes of a video type',
			{ body: UNKNOWN, headers: { 'content-type': 'video/webm' } },
			{ fileName: 'a.webm', mimeType: 'video/webm' },
		],
	])('is %s', async (_name, answer, expected) => {
		const { store, closed } = storing(answer);
		expect(await store()).toEqual({ data: expect.any(String), fileName: 'a.mp4', mimeType: 'video/mp4', ...expected });
		expect(closed()).toBe(1);
	});

	it.each<[string, HttpAnswer, string]>([
		['nothing', { headers: TYPE }, 'is empty'],
		['a part', { status: 206, body: LONG_MP4, headers: TYPE }, 'is only a part of the video (HTTP 206)'],
		['a page', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'is a web page (HTML), not a video'],
		['a page that calls itself a video', { body: ' \n<html>', headers: TYPE }, 'is a web page (HTML), not a video'],
		['a long page', { body: `<html>${'x'.repeat(10_000)}`, headers: TYPE }, 'is a web page (HTML), not a video'],
		['JSON', { body: '{}', headers: { 'content-type': 'application/JSON' } }, 'is a JSON document, not a video'],
		['JSON that calls itself a video', { body: '{"a":1}', headers: TYPE }, 'is a JSON document, not a video'],
		['a list without a type', { body: '[]' }, 'is a JSON document, not a video'],
		['XML', { body: '<?xml version="1.0"?><Error/>' }, 'is an XML document, not a video'],
		['words', { body: 'busy', headers: { 'content-type': 'text/plain' } }, 'is a text file, not a video'],
		['words that call themselves a video', { body: 'busy', headers: TYPE }, 'is a text file, not a video'],
		['an image', { body: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), headers: TYPE }, 'is a PNG image, not a video'],
	])('is not %s', async (_name, answer, what) => {
		const stored = jest.fn(readThrough);
		const { store, closed } = storing(answer, { store: stored });
		expect(await thrown(store())).toMatchObject({
			kind: 'unreadable',
			message: `The video's host sent an answer that ${what}`,
			details: { accepted: 'yes', repeats: Infinity },
		});
		expect(stored).not.toHaveBeenCalled();
		expect(closed()).toBe(1);
	});

	it('says of an answer that buys that it may have been accepted', async () => {
		const { store, closed } = storing({ status: 206, body: MP4 }, { stage: 'submit' });
		expect(await thrown(store())).toMatchObject({
			message:
				'Segmind sent an answer that is only a part of the video (HTTP 206). The request may have been accepted and charged',
			details: { accepted: 'maybe', repeats: 0 },
		});
		expect(closed()).toBe(1);
	});
});

describe('a video is whole', () => {
	it.each<[string, string, number | undefined, string | undefined, boolean]>([
		['nobody names a size', MP4, undefined, undefined, true],
		['its host names its size', MP4, undefined, '24', true],
		['the result names its size', MP4, 24, undefined, true],
		['both name it', MP4, 24, '24', true],
		['its host names no number', MP4, undefined, 'many', true],
		['it is long, and both name its size', LONG_MP4, LONG_MP4.length, String(LONG_MP4.length), true],
		['its host names another size', MP4, undefined, '25', false],
		['its host names a smaller one', MP4, undefined, '23', false],
		['the result names another size', MP4, 25, undefined, false],
		['the result names another size than its host', MP4, 25, '24', false],
		['it is long, and the result names another size', LONG_MP4, LONG_MP4.length + 1, undefined, false],
		['it is long, and its host names another size', LONG_MP4, undefined, String(LONG_MP4.length + 1), false],
	])('where %s', async (_name, text, fileSize, length, whole) => {
		const headers: Record<string, string> = length === undefined ? {} : { 'content-length': length };
		const { store, closed } = storing({ body: text, headers });
		const work = store(fileSize === undefined ? {} : { fileSize });
		if (whole) {
			expect(await work).toMatchObject({ data: text });
		} else {
			expect(await thrown(work)).toMatchObject({
				kind: 'unreadable',
				message: `The video's host sent an answer that is not whole: ${text.length} of ${fileSize ?? length} bytes`,
				details: { repeats: Infinity },
			});
		}
		expect(closed()).toBe(1);
	});

	it('of which v1 sends a part is in doubt', async () => {
		const { store } = storing({ body: MP4, headers: { 'content-length': '25' } }, { stage: 'submit' });
		expect(await thrown(store())).toMatchObject({ kind: 'unreadable', details: { accepted: 'maybe', repeats: 0 } });
	});
});

class FileTooLargeError extends Error {}

describe("n8n's binary store", () => {
	it('may take 20 minutes, and is to blame where it takes more', async () => {
		const { session, clock, began, fetch } = host(
			{ body: LONG_MP4 },
			{
				store: async (content) => {
					await readThrough(content, '', '');
					return await new Promise(() => {});
				},
			},
		);
		expect(await thrown(fetch())).toMatchObject({
			kind: 'store',
			message: 'n8n could not store the video (ETIMEDOUT)',
		});
		expect(clock.now() - began).toBe(20 * MINUTE);
		expect(openExchanges(session.clock)).toBe(0);
	});

	const failing = (fault: unknown) => async () => await Promise.reject(fault as Error);

	it.each([
		['ENOSPC', Object.assign(new Error('secret'), { code: 'ENOSPC' }), 0],
		['FileTooLargeError', new FileTooLargeError('secret'), 0],
		['EIO', Object.assign(new Error('secret'), { code: 'EIO' }), Infinity],
		['UNKNOWN', 'secret', Infinity],
	])('is told from the network where it fails with %s, and the body is let go of', async (name, fault, repeats) => {
		const { session, fetch, requests } = host({ body: LONG_MP4 }, { store: failing(fault) });
		expect(await thrown(fetch())).toMatchObject({
			kind: 'store',
			message: `n8n could not store the video (${name})`,
			details: {
				description: expect.stringMatching(/binary data/),
				accepted: 'yes',
				repeats,
			},
		});
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
		const { store, reply, closed } = storing({ body: LONG_MP4 }, { store: failing(fault) });
		await thrown(store());
		expect(closed()).toBe(1);
		expect(reply.body.destroyed).toBe(true);
	});

	it.each([
		['a short video', MP4],
		['a long video', LONG_MP4],
	])('may be full in the middle of %s', async (_name, body) => {
		const { run, closed } = storing({ body }, { store: async (content) => await writeFile('/dev/full', content) });
		// in real time, as the disk is
		expect(await thrown(run({}))).toMatchObject({
			kind: 'store',
			message: 'n8n could not store the video (ENOSPC)',
		});
		expect(closed()).toBe(1);
	});

	it('is not to blame where the body breaks off while it stores', async () => {
		const { store, closed } = storing({ body: brokenBody(LONG_MP4) });
		expect(await thrown(store())).toMatchObject({
			kind: 'network',
			message: "The video's host could not be reached: the connection broke off (ECONNRESET)",
		});
		expect(closed()).toBe(1);
	});
});

describe('silence', () => {
	it.each<[string, number[], number]>([
		['from the start', [], MINUTE],
		['after some bytes', [10_000, 50_000, 59_000], 179_000],
		// and what the first bytes took
		['never, but 20 minutes are over', Array.from({ length: 30 }, () => 59_000), 59_000 + 20 * MINUTE],
	])('%s ends a try', async (_name, pauses, took) => {
		const { session, clock, began, fetch, requests } = host(() => ({ body: pausing(clock, pauses) }));
		expect(await thrown(fetch())).toMatchObject({
			kind: 'network',
			message: "The video's host could not be reached: no answer came in time (ETIMEDOUT)",
		});
		expect(clock.now() - began).toBe(took);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('is no matter as long as bytes come', async () => {
		const { clock, fetch } = host(() => ({ body: pausing(clock, [59_000, 59_000, 59_000], true) }));
		expect(await fetch()).toMatchObject({ data: `${MP4}${'x'.repeat(1_002)}` });
	});

	it.each([
		[5 * MINUTE - 1, true],
		[5 * MINUTE + 1, false],
	])(
		'before the first byte lasts as long as it may: a body after %d ms of 5 minutes comes: %p',
		async (after, comes) => {
			const body = silentBody();
			const { clock, began, store, closed } = storing({ body }, { stage: 'submit', patience: 5 * MINUTE });
			void clock.sleep(after).then(() => {
				body.push(MP4);
				body.push(null);
			});
			if (comes) {
				expect(await store()).toMatchObject({ data: MP4 });
			} else {
				expect(await thrown(store())).toMatchObject({ kind: 'network', details: { accepted: 'maybe' } });
				expect(clock.now() - began).toBe(5 * MINUTE);
			}
			expect(closed()).toBe(1);
		},
	);

	it('before the first byte says of a body that breaks off what happened', async () => {
		const body = silentBody();
		const { clock, began, store, closed } = storing({ body }, { stage: 'submit', patience: 5 * MINUTE });
		void clock.sleep(MINUTE).then(() => body.destroy(faultOf('ECONNRESET')));
		expect(await thrown(store())).toMatchObject({
			kind: 'network',
			message: expect.stringMatching(/the connection broke off \(ECONNRESET\)/),
			details: { accepted: 'maybe' },
		});
		expect(clock.now() - began).toBe(MINUTE);
		expect(closed()).toBe(1);
	});
});

describe('a slow binary store is not a silent host', () => {
	const MINUTES = 3 * MINUTE;

	it.each([
		['short', MP4],
		['long', LONG_MP4],
	])('and may go on storing after the last byte of a %s video came', async (_name, text) => {
		const { clock, fetch, requests } = host(
			{ body: text },
			{
				store: async (content) => {
					const { data } = await readThrough(content, '', '');
					await clock.sleep(MINUTES);
					return { data };
				},
			},
		);
		expect(await fetch()).toEqual({ data: text });
		expect(requests[0]?.abortSignal.aborted).toBe(false);
	});

	it('and may be busy with the last bytes when the end comes', async () => {
		const body = silentBody(LONG_MP4);
		const { clock, fetch } = host(
			{ body },
			{
				store: async (stored) => {
					const chunks = (stored as Readable)[Symbol.asyncIterator]();
					const { value } = await chunks.next();
					body.push(null);
					await clock.sleep(MINUTES);
					return { data: String(value), more: !(await chunks.next()).done };
				},
			},
		);
		expect(await fetch()).toEqual({ data: LONG_MP4, more: false });
	});

	it('and may leave bytes waiting that came', async () => {
		const body = silentBody(LONG_MP4);
		const { clock, fetch } = host(
			{ body },
			{
				store: async (content) => {
					await clock.sleep(MINUTES);
					body.push(null);
					return { data: (await readThrough(content, '', '')).data };
				},
			},
		);
		expect(await fetch()).toEqual({ data: LONG_MP4 });
	});
});
