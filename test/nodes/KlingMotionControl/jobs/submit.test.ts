import { Readable } from 'node:stream';

import { submitOnce, type ApiMode, type Order } from '../../../../nodes/KlingMotionControl/jobs/submit';
import { answerError, networkError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import type { MotionRequest } from '../../../../nodes/KlingMotionControl/segmind/types';
import { readText, type Reply } from '../../../../nodes/KlingMotionControl/transport/body';
import { thrown, virtualRun } from '../../../support/virtualRun';

const V2 = '/v2/kling-2.6-pro-motion-control';
const V1 = '/v1/kling-2.6-pro-motion-control';
const URL = 'https://images.segmind.test/a.mp4';
const REQUEST: MotionRequest = { prompt: 'p', character_orientation: 'video', keep_original_sound: true };
const COST = { 'x-request-id': 'v1-1', 'x-cost': '0.9', 'x-generation-time': '608' };

/** What a route answers: the status of an error, an error, a body, or a body with headers. */
type Given = number | Error | object | string | Readable;

/** A run whose routes give that, and the entry of the ledger that its order has. */
function shop(v2: Given, v1: Given = {}, headers: Record<string, string> = {}) {
	const sent: unknown[] = [];
	const entriesAtSend: unknown[] = [];
	const answer = (path: string, body: object, given: Given, time?: number) => {
		sent.push(time === undefined ? [path, body] : [path, body, time]);
		entriesAtSend.push({ ...(entry() as object) });
		if (given instanceof Error) throw given;
		if (typeof given === 'number') throw answerError('submit', { status: given, headers: {}, text: '' });
		return given;
	};
	const { run, clock, stored } = virtualRun({
		client: {
			async post(path, body) {
				return { status: 200, headers: {}, text: JSON.stringify(answer(path, body, v2)) };
			},
			async postAndWait(path, body, time): Promise<Reply> {
				const given = answer(path, body, v1, time);
				const text = typeof given === 'string' ? given : JSON.stringify(given);
				const chunks = text === '' ? [] : [Buffer.from(text)];
				return { status: 200, headers, body: given instanceof Readable ? given : Readable.from(chunks) };
			},
			async read(_stage, reply) {
				return { status: reply.status, headers: reply.headers, text: (await readText(reply.body, 1_000)) ?? '' };
			},
		},
	});
	const buy = async (mode: ApiMode, order: Partial<Order> = {}) =>
		await clock.drive(
			submitOnce(run, {
				key: 'k',
				model: 'kling-2.6-pro-motion-control',
				request: async () => REQUEST,
				mode,
				deadline: clock.now() + 60_000,
				blockingTime: 5_000,
				fileName: 'dance',
				...order,
			}),
		);
	const entry = () => (stored as { segmindRequests: Record<string, unknown> }).segmindRequests.k;
	return { run, clock, sent, entriesAtSend, buy, entry };
}

describe('which way', () => {
	it.each<[ApiMode, Given, string[]]>([
		['async', { request_id: 'a' }, [V2]],
		['auto', { request_id: 'a' }, [V2]],
		['sync', { request_id: 'a' }, [V1]],
		['auto', 404, [V2, V1]],
		['auto', 405, [V2, V1]],
		['auto', 400, [V2]],
		['auto', networkError('submit', 'ENOTFOUND'), [V2]],
		['auto', new TypeError('x'), [V2]],
		['async', 404, [V2]],
	])('%s where v2 gives %p', async (mode, v2, paths) => {
		const { run, sent, buy } = shop(v2, { output: URL });
		const pass = jest.spyOn(run.gate, 'pass');
		await buy(mode).catch(() => {});
		// only what is answered at once goes one by one
		expect(pass.mock.calls.map(([, , oneByOne]) => oneByOne)).toEqual(paths.map((path) => path === V2));
		expect(sent).toEqual(paths.map((path) => (path === V1 ? [path, REQUEST, 5_000] : [path, REQUEST])));
	});
});

describe('v1 answers', () => {
	const binary = { data: 'bytes', fileName: 'dance.mp4', mimeType: 'video/mp4' };
	const bytes = { finished: { metrics: { cost: 0.9, inference_time: 608 } }, binary, requestId: 'v1-1' };
	const video = (metrics: object, requestId?: string) => ({
		...(requestId && { requestId }),
		finished: { video: { url: URL }, metrics },
	});

	it.each<[string, Given, Record<string, string>, object]>([
		['bytes', 'bytes', { ...COST, 'content-type': 'video/mp4' }, bytes],
		['bytes of no type', 'bytes', COST, bytes],
		['bytes with a brace in them', 'by{es', {}, { finished: { metrics: {} }, binary: { ...binary, data: 'by{es' } }],
		['bytes of another type', 'bytes', { ...COST, 'content-type': 'application/octet-stream' }, bytes],
		['bytes without an id', 'bytes', { 'content-type': 'Video/mp4' }, { finished: { metrics: {} }, binary }],
		[
			'bytes with a bad id',
			'bytes',
			{ 'x-request-id': '../x', 'content-type': 'video/mp4' },
			{ finished: { metrics: {} }, binary },
		],
		['JSON', { output: URL }, { 'content-type': 'application/json' }, video({})],
		['JSON called text', { output: URL }, { 'content-type': 'Text/plain' }, video({})],
		['JSON of no type', { output: URL }, {}, video({})],
		['JSON of no type after a space', ` {"output":"${URL}"}`, {}, video({})],
		['a list of no type', `{"output":["${URL}"]}`, {}, video({})],
		['JSON with an id in its headers', { output: URL }, COST, video({ cost: 0.9, inference_time: 608 }, 'v1-1')],
		[
			'JSON with an id and metrics of its own',
			{ output: URL, request_id: 'own', metrics: { cost: 1 } },
			COST,
			video({ cost: 1, inference_time: 608 }, 'own'),
		],
	])('%s', async (_name, body, headers, known) => {
		const { buy, entry } = shop({}, body, headers);
		expect(await buy('sync')).toEqual({ ...known, resumed: false });
		expect(entry()).toMatchObject(known);
	});

	it.each<[string, Given, Record<string, string>, string, object]>([
		['a page', '<html>', { 'content-type': 'text/html' }, 'unreadable', { mayBeAccepted: true }],
		['a page without a type', '<html>', COST, 'unreadable', { mayBeAccepted: true, requestId: 'v1-1' }],
		['a list without a type', '[1]', {}, 'unreadable', { mayBeAccepted: true }],
		['no bytes', '', { 'content-type': 'video/mp4' }, 'unreadable', { mayBeAccepted: true }],
		['nothing', '', COST, 'unreadable', { mayBeAccepted: true, requestId: 'v1-1' }],
		['no video', { status: 'ok' }, COST, 'unreadable', { mayBeAccepted: true, requestId: 'v1-1' }],
		[
			'no video, with an id of its own',
			{ request_id: 'own' },
			COST,
			'unreadable',
			{ mayBeAccepted: true, requestId: 'own' },
		],
		['another address', { output: 'file:///x' }, COST, 'media', { mayBeAccepted: true, requestId: 'v1-1' }],
		[
			'a body that breaks off at once',
			new Readable({
				read() {
					this.destroy(new Error('x'));
				},
			}),
			COST,
			'network',
			{ mayBeAccepted: true, requestId: 'v1-1' },
		],
		[
			'a body that never begins',
			new Readable({ read() {} }),
			COST,
			'network',
			{ mayBeAccepted: true, requestId: 'v1-1' },
		],
		['a failed job', { status: 'FAILED', error: 'no person' }, COST, 'failed', { status: 'FAILED' }],
	])('%s, which is an error', async (_name, body, headers, kind, details) => {
		const { buy, entry } = shop({}, body, headers);
		const error = (await thrown(buy('sync'))) as { message: string };
		expect(error).toMatchObject({ kind, details });
		const { mayBeAccepted, requestId } = details as { mayBeAccepted?: boolean; requestId?: string };
		if (!mayBeAccepted) return expect(entry()).toBeUndefined();
		expect(entry()).toEqual({
			executionId: '1',
			submittedAt: expect.any(Number),
			...(requestId && { requestId }),
			doubt: { message: error.message, httpStatus: undefined },
		});
		expect(Object.keys(entry() as object).includes('requestId')).toBe(requestId !== undefined);
	});

	it('waits a minute for the first byte', async () => {
		const { buy, clock } = shop({}, new Readable({ read() {} }));
		const began = clock.now();
		await thrown(buy('sync'));
		expect(clock.now() - began).toBe(60_000);
	});
});

describe('the ledger', () => {
	it('has the request before it is sent, and its id after', async () => {
		const { buy, entry, entriesAtSend } = shop({ request_id: 'a' });
		expect(await buy('async')).toEqual({ requestId: 'a', resumed: false });
		expect(entriesAtSend).toEqual([{ executionId: '1', submittedAt: expect.any(Number) }]);
		expect(entry()).toMatchObject({ requestId: 'a' });
	});

	it('has nothing of a request that could not be made', async () => {
		const { buy, entry, sent } = shop({ request_id: 'a' });
		const request = async () => {
			throw new TypeError('x');
		};
		await expect(buy('async', { request })).rejects.toThrow(TypeError);
		expect(entry()).toBeUndefined();
		expect(sent).toEqual([]);
		expect(await buy('async')).toEqual({ requestId: 'a', resumed: false });
	});

	it.each<[string, object]>([
		['an id', { requestId: 'a' }],
		['a result', { finished: { metrics: {} } }],
	])('goes on with a request of which %s is known', async (_name, known) => {
		const { run, sent, buy } = shop({ request_id: 'b' });
		run.ledger.open('k');
		run.ledger.add('k', known);
		expect(await buy('async')).toMatchObject({ ...known, resumed: true });
		expect(sent).toEqual([]);
	});

	it.each<[string, Given, object | undefined]>([
		['forgets what was refused', 400, undefined],
		['forgets what never arrived', networkError('submit', 'ENOTFOUND'), undefined],
		['keeps what is in doubt', 500, { httpStatus: 500, message: expect.stringMatching(/may have been accepted/) }],
		[
			'keeps what has no id',
			{},
			{ message: expect.stringMatching(/^Segmind gave an answer that names no request ID\./) },
		],
	])('%s', async (_name, v2, doubt) => {
		const { buy, entry, sent } = shop(v2);
		await thrown(buy('auto'));
		if (!doubt) return expect(entry()).toBeUndefined();
		expect(entry()).toMatchObject({ doubt });
		expect(await thrown(buy('auto'))).toMatchObject({
			kind: 'doubt',
			message: expect.stringMatching(/charged, so it was not sent again$/),
		});
		expect(sent).toHaveLength(1);
	});

	it('keeps a request that met an error of another kind, and says so without its words', async () => {
		const { buy, sent } = shop(new TypeError('secret'));
		expect(await thrown(buy('async'))).toEqual(new TypeError('secret'));
		expect(await thrown(buy('async'))).toMatchObject({
			message: 'The request may have been accepted and charged, so it was not sent again',
		});
		expect(sent).toHaveLength(1);
	});
});

it.each<[ApiMode, number]>([
	['async', 7],
	['sync', 7],
])('repeats a throttled POST until the deadline (%s)', async (mode, posts) => {
	const { buy, sent } = shop(503, 503);
	expect(await thrown(buy(mode))).toMatchObject({ details: { httpStatus: 503 } });
	expect(sent).toHaveLength(posts);
});
