import { Readable } from 'node:stream';

import { readBlocking } from '../../../../nodes/KlingMotionControl/jobs/blocking';
import type { Known } from '../../../../nodes/KlingMotionControl/jobs/known';
import { Purchases } from '../../../../nodes/KlingMotionControl/jobs/purchase';
import type { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import { KEY } from '../../../support/fakeSegmind/service';
import {
	brokenBody,
	faultOf,
	LONG_MP4,
	MP4,
	openExchanges,
	orderOf,
	replyOn,
	silentBody,
	thrown,
	virtualSession,
	type HttpAnswer,
	type VirtualServices,
} from '../../../support/virtualServices';

const MINUTE = 60_000;
const URL = 'https://images.segmind.test/a.mp4';
const COST = { 'x-request-id': 'v1-1', 'x-cost': '0.9', 'x-generation-time': '608' };
const TYPE = { 'content-type': 'video/mp4' };

const binary = (data = MP4) => ({ data, fileName: 'dance.mp4', mimeType: 'video/mp4' });
const bytes = (data?: string): Known => ({ finished: { metrics: {} }, binary: binary(data) });
const video = (metrics: object, requestId?: string): Known => ({
	...(requestId && { requestId }),
	finished: { video: { url: URL }, metrics },
});

/** Reads an answer of v1 by itself. */
async function read(
	answer: HttpAnswer,
	services: VirtualServices = {},
	terms: Partial<Parameters<typeof readBlocking>[2]> = {},
) {
	const { session, clock } = virtualSession(services);
	const { reply, closed } = replyOn(answer);
	const deadline = clock.now() + 5 * MINUTE;
	const work = clock.drive(readBlocking(session, reply, { deadline, fileName: 'dance', inputs: [], ...terms }));
	return { work, clock, reply, closed, session };
}

/** Buys by v1, and gives what came of it and what the ledger holds then. */
async function buy(answer: HttpAnswer, services: VirtualServices = {}) {
	const virtual = virtualSession({ ...services, answers: { blocking: answer } });
	const { session, clock, stored } = virtual;
	const purchases = new Purchases(session);
	const deadline = clock.now() + 5 * MINUTE;
	const terms = { mode: 'sync' as const, deadline, fileName: 'dance', maxRequests: 50 };
	const outcome = await clock
		.drive(purchases.buy(0, orderOf(), terms))
		.catch((error: unknown) => ({ error: error as SegmindError }));
	const [entry] = Object.values((stored as { segmindRequests: Record<string, Known> }).segmindRequests);
	return { outcome, entry, openAfter: openExchanges(session.clock) };
}

describe('an answer with a video', () => {
	it.each<[string, HttpAnswer, Known]>([
		[
			'bytes',
			{ body: MP4, headers: { ...COST, ...TYPE } },
			{ finished: { metrics: { cost: 0.9, inference_time: 608 } }, binary: binary(), requestId: 'v1-1' },
		],
		['many bytes', { body: LONG_MP4, headers: TYPE }, bytes(LONG_MP4)],
		[
			'bytes of no type',
			{ body: MP4, headers: COST },
			{ finished: { metrics: { cost: 0.9, inference_time: 608 } }, binary: binary(), requestId: 'v1-1' },
		],
		['bytes with a brace in them', { body: `${MP4}{}<` }, bytes(`${MP4}{}<`)],
		[
			'bytes that nobody knows, but Segmind',
			{ body: `\x01by{es${'.'.repeat(600)}`, headers: TYPE },
			bytes(`\x01by{es${'.'.repeat(600)}`),
		],
		['bytes of another type', { body: MP4, headers: { 'content-type': 'application/octet-stream' } }, bytes()],
		['bytes of a type in capitals', { body: MP4, headers: { 'content-type': 'Video/mp4' } }, bytes()],
		['bytes with a bad id', { body: MP4, headers: { ...TYPE, 'x-request-id': '../x' } }, bytes()],
		['bytes with their length', { body: MP4, headers: { ...TYPE, 'content-length': '24' } }, bytes()],
		['JSON', { body: { output: URL }, headers: { 'content-type': 'application/json' } }, video({})],
		['JSON called text', { body: { output: URL }, headers: { 'content-type': 'Text/plain' } }, video({})],
		['JSON called a video', { body: { output: URL }, headers: TYPE }, video({})],
		['JSON of no type', { body: { output: URL } }, video({})],
		['JSON of no type after white space', { body: `${' \n'.repeat(2_000)}{"output":"${URL}"}` }, video({})],
		['a list of no type', { body: `{"output":["${URL}"]}` }, video({})],
		['long JSON', { body: { padding: 'x'.repeat(100_000), output: URL } }, video({})],
		[
			'JSON with an id in its headers',
			{ body: { output: URL }, headers: COST },
			video({ cost: 0.9, inference_time: 608 }, 'v1-1'),
		],
		[
			'JSON with an id and metrics of its own',
			{ body: { output: URL, request_id: 'own', metrics: { cost: 1 } }, headers: COST },
			video({ cost: 1, inference_time: 608 }, 'own'),
		],
		['JSON with a status of its own', { body: { output: URL, status: 'COMPLETED' } }, video({})],
	])('%s', async (_name, answer, known) => {
		const { work, closed } = await read(answer);
		expect(await work).toEqual(known);
		expect(closed()).toBe(1);

		const { outcome, entry, openAfter } = await buy(answer);
		expect(outcome).toEqual({ ...known, key: expect.any(String), inputs: [] });
		expect(entry).toEqual({ executionId: '1', submittedAt: expect.any(Number), ...known });
		expect(openAfter).toBe(0);
	});

	it('is not the URL of the request', async () => {
		const input = 'https://a.test/v.mp4';
		const { work } = await read({ body: { video_url: input, output: [input, URL] } }, {}, { inputs: [input] });
		expect(await work).toEqual(video({}));
	});
});

describe('an answer without a video', () => {
	type Details = { accepted: 'no' | 'maybe' | 'yes'; requestId?: string; status?: string };
	it.each<[string, () => HttpAnswer, string, Details]>([
		[
			'a page',
			() => ({ body: '<html>', headers: { 'content-type': 'text/html' } }),
			'unreadable',
			{ accepted: 'maybe' },
		],
		[
			'a page without a type',
			() => ({ body: '<html>', headers: COST }),
			'unreadable',
			{ accepted: 'maybe', requestId: 'v1-1' },
		],
		[
			'a text',
			() => ({ body: 'busy', headers: { 'content-type': 'text/plain' } }),
			'unreadable',
			{ accepted: 'maybe' },
		],
		['a list without a type', () => ({ body: '[1]' }), 'unreadable', { accepted: 'maybe' }],
		['no bytes', () => ({ headers: TYPE }), 'unreadable', { accepted: 'maybe' }],
		['nothing', () => ({ headers: COST }), 'unreadable', { accepted: 'maybe', requestId: 'v1-1' }],
		[
			'no video',
			() => ({ body: { status: 'ok' }, headers: COST }),
			'unreadable',
			{ accepted: 'maybe', requestId: 'v1-1' },
		],
		[
			'no video, with an id of its own',
			() => ({ body: { request_id: 'own' }, headers: COST }),
			'unreadable',
			{ accepted: 'maybe', requestId: 'own' },
		],
		[
			'another URL',
			() => ({ body: { output: 'file:///x' }, headers: COST }),
			'media',
			{ accepted: 'yes', requestId: 'v1-1' },
		],
		[
			'too few bytes',
			() => ({ body: MP4, headers: { ...TYPE, 'content-length': '25' } }),
			'unreadable',
			{ accepted: 'maybe' },
		],
		['a part', () => ({ status: 206, body: MP4, headers: TYPE }), 'unreadable', { accepted: 'maybe' }],
		['bytes that break off', () => ({ body: brokenBody(MP4), headers: TYPE }), 'network', { accepted: 'maybe' }],
		[
			'a body that breaks off at once',
			() => ({ body: brokenBody(), headers: COST }),
			'network',
			{ accepted: 'maybe', requestId: 'v1-1' },
		],
		[
			'a body that never begins',
			() => ({ body: silentBody(), headers: COST }),
			'network',
			{ accepted: 'maybe', requestId: 'v1-1' },
		],
		[
			'a body that falls silent',
			() => ({ body: silentBody(LONG_MP4), headers: COST }),
			'network',
			{ accepted: 'maybe', requestId: 'v1-1' },
		],
		[
			'a JSON that falls silent',
			() => ({ body: silentBody('{"request_id":"own",'), headers: COST }),
			'network',
			{ accepted: 'maybe', requestId: 'own' },
		],
		[
			'a failed job',
			() => ({ body: { status: 'FAILED', error: 'no person' }, headers: COST }),
			'failed',
			{ accepted: 'no', status: 'FAILED' },
		],
	])('%s', async (_name, answer, kind, details) => {
		const { work, closed } = await read(answer());
		const error = (await thrown(work)) as SegmindError;
		expect(error).toMatchObject({ kind, details });
		expect(error.details.requestId).toBe(details.requestId);
		expect(closed()).toBe(1);

		const { outcome, entry, openAfter } = await buy(answer());
		expect(openAfter).toBe(0);
		if (details.accepted === 'no') {
			expect(outcome).toMatchObject({ error: { kind, details } });
			return expect(entry).toBeUndefined();
		}
		// what has an id goes on with it
		if (details.requestId) expect(outcome).toMatchObject({ requestId: details.requestId, cause: { kind, details } });
		else expect(outcome).toMatchObject({ error: { kind, details } });
		expect(entry).toEqual({
			executionId: '1',
			submittedAt: expect.any(Number),
			// what was sent only matters as long as there is no id
			...(details.requestId ? { requestId: details.requestId } : { sent: orderOf().body }),
			blocking: true,
			doubt: { message: error.message, httpStatus: undefined },
		});
		expect(Object.keys(entry ?? {}).includes('requestId')).toBe(details.requestId !== undefined);
	});

	it.each([
		['breaks off', 1_000],
		['falls silent', Infinity],
	])('of JSON that %s names the id that came before', async (_name, after) => {
		const body = silentBody(`{"request_id":"own","padding":"${'x'.repeat(1_000)}`);
		const { work, clock, closed } = await read({ body });
		if (after < Infinity) void clock.sleep(after).then(() => body.destroy(faultOf('ECONNRESET')));
		expect(await thrown(work)).toMatchObject({
			kind: 'network',
			message: expect.stringContaining(after < Infinity ? 'ECONNRESET' : 'ETIMEDOUT'),
			details: { accepted: 'maybe', requestId: 'own' },
		});
		expect(closed()).toBe(1);
	});

	it("is also one that n8n's store does not take, which was paid for", async () => {
		const full = async () => {
			throw Object.assign(new Error('secret'), { code: 'ENOSPC' });
		};
		const { work, closed } = await read({ body: LONG_MP4, headers: COST }, { store: full });
		expect(await thrown(work)).toMatchObject({
			kind: 'store',
			message: 'n8n could not store the video (ENOSPC). The request may have been accepted and charged',
			details: { accepted: 'maybe', requestId: 'v1-1' },
		});
		expect(closed()).toBe(1);
	});

	it('is told without the key', async () => {
		const { work } = await read({ body: { error: `no ${KEY}` } });
		expect((await thrown(work)) as SegmindError).toMatchObject({ message: expect.stringContaining('no [API key]') });
		const long = await read({ body: { error: `no ${KEY}`, padding: 'x'.repeat(10_000) } });
		expect((await thrown(long.work)) as SegmindError).toMatchObject({
			message: expect.stringContaining('no [API key]'),
		});
	});
});

describe('time', () => {
	it('is given for the first byte until the deadline', async () => {
		const { work, clock, closed } = await read({ body: silentBody(), headers: COST });
		const began = clock.now();
		expect(await thrown(work)).toMatchObject({
			kind: 'network',
			message: expect.stringMatching(/no answer came in time/),
		});
		expect(clock.now() - began).toBe(5 * MINUTE);
		expect(closed()).toBe(1);
	});

	it.each<[string, string]>([
		['bytes', MP4],
		['JSON', `{"output":"${URL}"}`],
	])('is given for %s whose headers came early', async (_name, text) => {
		const body = new Readable({ read() {} });
		const { work, clock } = await read({ body });
		void clock.sleep(5 * MINUTE - 1).then(() => {
			body.push(text);
			body.push(null);
		});
		expect(await work).toMatchObject({ finished: { metrics: {} } });
	});

	it('is 30 s for the rest of a JSON, and a minute of silence for the rest of a video', async () => {
		const json = await read({ body: silentBody(`{"a":"${'x'.repeat(1_000)}`) });
		let began = json.clock.now();
		await thrown(json.work);
		expect(json.clock.now() - began).toBe(30_000);
		const half = await read({ body: silentBody(LONG_MP4) });
		began = half.clock.now();
		await thrown(half.work);
		expect(half.clock.now() - began).toBe(MINUTE);
	});
});
