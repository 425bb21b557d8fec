import { Readable } from 'node:stream';

import type { ApiMode } from '../../../../nodes/KlingMotionControl/jobs/posts';
import {
	brokenBody,
	CREDENTIAL,
	faultOf,
	fileOf,
	MP4,
	openExchanges,
	orderOf,
	refusal,
	thrown,
	WITH_HISTORY,
	type Given,
	type HttpAnswer,
	type VirtualServices,
} from '../../../support/virtualServices';
import {
	COMPLETED,
	DONE,
	FAILED,
	FINISHED,
	named,
	ORDER,
	rowOf,
	VIDEO_URL,
	virtualShop,
	watchedShop,
} from '../../../support/virtualShop';

const TOOL = { nodeType: 'n8n-nodes-segmind.klingMotionControlTool' };
const PAGE = '<html>busy</html>';

describe('a purchase', () => {
	it('is told of, with its id, when it is made and when it is found again', async () => {
		const { buy, logs, messages } = virtualShop({ submit: named('a') });
		await buy({ itemIndex: 2 });
		await buy({ itemIndex: 2 });
		expect(messages).toEqual(['Item 2: accepted, request a', 'Item 2: resumed, request a']);
		expect(logs).toEqual(messages.map((message) => `Kling Motion Control, ${message}`));
	});

	it('knows the URLs of the request, those of its files too', async () => {
		const order = orderOf({ body: { video_url: 'https://a.test/v' }, files: { image: fileOf('1') } });
		const { buy, requests } = virtualShop({ submit: named('a'), upload: { body: { urls: ['https://files.test/1'] } } });
		const purchase = await buy({ order });
		expect(purchase.inputs).toEqual(['https://files.test/1', 'https://a.test/v']);
		expect(requests.map(({ body }) => body)).toEqual([
			'{"data_urls":["data:image/png;base64,MQ=="]}',
			{ ...order.body, image_url: 'https://files.test/1' },
		]);
		// a retry knows the uploads of the try before
		expect((await buy({ order })).inputs).toEqual(['https://files.test/1', 'https://a.test/v']);
		expect(requests).toHaveLength(2);
	});

	it('is new until it is being made, and again once it is proven that nothing was bought', async () => {
		const { clock, purchases, begin } = virtualShop({
			submit: [
				async () => {
					await clock.sleep(1_000);
					return refusal(400);
				},
				named('a'),
			],
		});
		const isNew = () => purchases.isNew(0, ORDER);
		expect(isNew()).toBe(true);
		const work = thrown(begin());
		expect(isNew()).toBe(false);
		await clock.drive(work);
		expect(isNew()).toBe(true);
		await clock.drive(begin());
		expect(isNew()).toBe(false);
		expect(purchases.isNew(1, ORDER)).toBe(true);
		expect(purchases.isNew(0, orderOf({ body: { prompt: 'q' } }))).toBe(true);
	});

	it('lets go of everything it held', async () => {
		const { session, buy } = virtualShop({ submit: [refusal(429), named('a')] });
		await buy();
		expect(openExchanges(session.clock)).toBe(0);
	});
});

describe('the ledger', () => {
	it('has the request before it is sent, and its id after', async () => {
		const { buy, entries, entriesAtSend, began } = watchedShop('submit', [named('a')]);
		expect(await buy()).toEqual({ requestId: 'a', key: expect.stringMatching(/^0:0:/), inputs: [] });
		expect(entriesAtSend).toEqual([[{ executionId: '1', submittedAt: began, sent: ORDER.body }]]);
		expect(entries()).toEqual([{ executionId: '1', submittedAt: began, requestId: 'a' }]);
	});

	it('has nothing of a request that could not be made', async () => {
		const order = orderOf({ files: { image: fileOf('1') } });
		const { buy, entries, routes } = virtualShop({
			submit: named('a'),
			upload: [refusal(413), { body: { urls: ['https://files.test/1'] } }],
		});
		expect(await thrown(buy({ order }))).toMatchObject({ details: { httpStatus: 413, accepted: 'no' } });
		expect(entries()).toEqual([]);
		expect(routes()).toEqual(['upload']);
		const purchase = await buy({ order });
		expect(purchase).toMatchObject({ requestId: 'a' });
		expect(purchase).not.toHaveProperty('resumed');
	});

	it('has nothing of a request while it waits for its turn, and all of it when it is sent', async () => {
		const { clock, buy, entries, entriesAtSend, sent } = watchedShop('submit', [
			refusal(429, { 'retry-after': '30' }),
			named('a'),
		]);
		let inBetween: object[] | undefined;
		void clock.sleep(15_000).then(() => (inBetween = entries()));
		await buy();
		expect(sent.map(([, at]) => at)).toEqual([0, 30_500]);
		expect(inBetween).toEqual([]);
		expect(entriesAtSend.map(({ length }) => length)).toEqual([1, 1]);
	});

	it('has nothing of a request that waits for another one to be answered', async () => {
		const { clock, begin, entries, routes } = virtualShop({
			submit: [
				refusal(429),
				async () => {
					await clock.sleep(20_000);
					return named('a');
				},
				named('b'),
			],
		});
		await clock.drive(begin({ itemIndex: 0, time: 500 }).catch(() => {}));
		expect(entries()).toEqual([]);
		const work = [1, 2].map(async (itemIndex) => await begin({ itemIndex }));
		await clock.drive(clock.sleep(2_000));
		expect(routes()).toHaveLength(2);
		expect(entries()).toHaveLength(1);
		await clock.drive(Promise.all(work));
		expect(entries()).toMatchObject([{ requestId: 'a' }, { requestId: 'b' }]);
	});

	it.each<[string, string, object]>([
		['an id', 'async', { requestId: 'a' }],
		['a result', 'sync', { finished: FINISHED }],
	])('goes on with a request of which %s is known', async (_name, mode, known) => {
		const { buy, routes } = virtualShop({ submit: named('a'), blocking: DONE });
		const terms = { mode: mode as ApiMode };
		const first = await buy(terms);
		expect(first).toMatchObject(known);
		expect(first).not.toHaveProperty('resumed');
		expect(await buy(terms)).toMatchObject({ ...known, resumed: true });
		expect(routes()).toHaveLength(1);
	});

	it.each<[string, Given, object | undefined]>([
		['forgets what was refused', refusal(400), undefined],
		['forgets what never left', faultOf('ENOTFOUND', 'getaddrinfo'), undefined],
		[
			'keeps what is in doubt',
			refusal(500),
			{ httpStatus: 500, message: expect.stringMatching(/may have been accepted/) },
		],
		[
			'keeps what broke off',
			faultOf('ECONNRESET'),
			{ message: expect.stringMatching(/\(ECONNRESET\)\. The request may/) },
		],
		['keeps what a proxy answered', { status: 503, body: PAGE }, { httpStatus: 503 }],
		[
			'keeps what has no id',
			{ body: {} },
			{ message: expect.stringMatching(/^Segmind sent an answer that names no request ID\./) },
		],
	])('%s', async (_name, submit, doubt) => {
		const { buy, entries, routes } = virtualShop({ submit });
		const first = await thrown(buy({ mode: 'auto' }));
		if (!doubt) {
			expect(first).toMatchObject({ details: { accepted: 'no', description: expect.stringMatching(/not charged/) } });
			return expect(entries()).toEqual([]);
		}
		expect(first).toMatchObject({ details: { accepted: 'maybe' } });
		expect(entries()).toEqual([
			{ executionId: '1', submittedAt: expect.any(Number), sent: ORDER.body, doubt: expect.any(Object) },
		]);
		expect(entries()).toMatchObject([{ doubt }]);
		const { message, details } = first as { message: string; details: { httpStatus?: number } };
		expect(await thrown(buy({ mode: 'auto' }))).toMatchObject({
			kind: 'doubt',
			message: `${message}, so it was not sent again`,
			details: { accepted: 'maybe', httpStatus: details.httpStatus },
		});
		expect(message).toMatch(/The request may have been accepted and charged$/);
		expect(routes()).toHaveLength(1);
	});

	it('forgets what was refused for good, though it was in doubt before for another item', async () => {
		const { buy, entries } = virtualShop({ submit: [refusal(500), refusal(400)] });
		await thrown(buy({ itemIndex: 0 }));
		await thrown(buy({ itemIndex: 1 }));
		expect(entries()).toMatchObject([{ doubt: { httpStatus: 500 } }]);
	});

	it('keeps a request that met an error of another kind, and says so without its words', async () => {
		const { session, buy } = virtualShop();
		const submit = jest.spyOn(session.client, 'submit').mockRejectedValue(new TypeError('secret'));
		expect(await thrown(buy())).toEqual(new TypeError('secret'));
		expect(await thrown(buy())).toMatchObject({
			message: 'The request may have been accepted and charged, so it was not sent again',
		});
		expect(submit).toHaveBeenCalledTimes(1);
	});

	it('lists what this run paid for', async () => {
		const { buy, purchases } = virtualShop({ submit: [named('a'), refusal(500), refusal(400)] });
		await buy({ itemIndex: 0 });
		await thrown(buy({ itemIndex: 1 }));
		await thrown(buy({ itemIndex: 2 }));
		expect(purchases.ofThisRun()).toMatchObject([
			{ itemIndex: 0, requestId: 'a' },
			{ itemIndex: 1, doubt: { httpStatus: 500 } },
		]);
		expect(purchases.ofThisRun()).toHaveLength(2);
	});
});

describe('equal calls of a tool at once', () => {
	/** Two calls of one tool: each has a run of its own, and both have the context of the node. */
	function twoCalls(answers: VirtualServices['answers'], services: VirtualServices = TOOL) {
		const one = virtualShop(answers, services);
		const { clock, stored } = one;
		const other = virtualShop(answers, { ...services, clock, stored, runIndex: 1 });
		const sent = () => [...one.routes(), ...other.routes()];
		return { one, other, clock, sent };
	}

	it.each([
		['in the same turn', 0],
		['while the POST is under way', 500],
		['while the answer is being read', 1_000],
		['after it', 2_000],
	])('share one purchase: %s', async (_name, delay) => {
		const { one, other, clock, sent } = twoCalls({
			submit: async () => {
				await clock.sleep(1_000);
				return named('a');
			},
		});
		const both = [one.begin(), delay > 0 ? clock.sleep(delay).then(async () => await other.begin()) : other.begin()];
		const purchases = await clock.drive(Promise.all(both));
		expect(purchases.map(({ requestId }) => requestId)).toEqual(['a', 'a']);
		expect(purchases.map(({ resumed }) => resumed)).toEqual([undefined, true]);
		expect(new Set(purchases.map(({ key }) => key)).size).toBe(1);
		expect(sent()).toEqual(['submit']);
		expect(one.entries()).toMatchObject([{ requestId: 'a' }]);
	});

	it('share one upload, too', async () => {
		const { one, other, clock, sent } = twoCalls({
			submit: named('a'),
			upload: { body: { urls: ['https://f.test/1'] } },
		});
		const order = orderOf({ files: { image: fileOf('1') } });
		const purchases = await clock.drive(Promise.all([one.begin({ order }), other.begin({ order })]));
		expect(purchases.map(({ inputs }) => inputs)).toEqual([['https://f.test/1'], ['https://f.test/1']]);
		expect(sent()).toEqual(['upload', 'submit']);
	});

	it.each<[string, Given, string]>([
		['refused', refusal(400), 'no'],
		['in doubt', refusal(500), 'maybe'],
		['cut off', faultOf('ECONNRESET'), 'maybe'],
	])('share the error of a purchase that was %s', async (_name, submit, accepted) => {
		const { one, other, clock, sent } = twoCalls({ submit });
		const errors = await clock.drive(Promise.all([thrown(one.begin()), thrown(other.begin())]));
		expect(errors).toMatchObject([{ details: { accepted } }, { details: { accepted } }]);
		expect(sent()).toEqual(['submit']);
	});

	it('are two purchases where the orders differ', async () => {
		const { one, other, clock, sent } = twoCalls({ submit: named('a') });
		await clock.drive(Promise.all([one.begin(), other.begin({ order: orderOf({ body: { prompt: 'q' } }) })]));
		expect(sent()).toEqual(['submit', 'submit']);
	});

	it('are two purchases of a node that is no tool, one for each of its runs', async () => {
		const { one, other, clock, sent } = twoCalls({ submit: named('a') }, {});
		const purchases = await clock.drive(Promise.all([one.begin(), other.begin()]));
		expect(purchases.map(({ resumed }) => resumed)).toEqual([undefined, undefined]);
		expect(sent()).toEqual(['submit', 'submit']);
	});

	describe('one of which sees late that the job failed', () => {
		const answers = { submit: [named('a'), named('b')], status: FAILED, result: FAILED };

		it('does not forget what the other one bought since', async () => {
			const { one, other, clock, sent } = twoCalls(answers);
			const [mine, theirs] = await clock.drive(Promise.all([one.begin(), other.begin()]));
			expect(await thrown(one.result(mine))).toMatchObject({ kind: 'failed', details: { requestId: 'a' } });
			expect(one.entries()).toEqual([]);
			expect(await one.buy()).toMatchObject({ requestId: 'b' });
			expect(await thrown(other.result(theirs))).toMatchObject({ kind: 'failed', details: { requestId: 'a' } });
			expect(one.entries()).toMatchObject([{ requestId: 'b' }]);
			expect(await other.buy()).toMatchObject({ requestId: 'b', resumed: true });
			expect(sent().filter((route) => route === 'submit')).toHaveLength(2);
		});

		it('does not forget what the other one is buying', async () => {
			const slow = async () => {
				await clock.sleep(30_000);
				return named('b');
			};
			const { one, other, clock, sent } = twoCalls({ ...answers, submit: [named('a'), slow] });
			const [mine, theirs] = await clock.drive(Promise.all([one.begin(), other.begin()]));
			await thrown(one.result(mine));
			const again = one.begin();
			await clock.drive(clock.sleep(1_000));
			await thrown(other.result(theirs));
			expect(one.entries()).toEqual([{ executionId: '1', submittedAt: expect.any(Number), sent: ORDER.body }]);
			const third = other.begin();
			expect(await clock.drive(Promise.all([again, third]))).toMatchObject([{ requestId: 'b' }, { requestId: 'b' }]);
			expect(sent().filter((route) => route === 'submit')).toHaveLength(2);
		});
	});
});

describe('a POST in doubt whose answer named an id', () => {
	const cut: Given = () => ({ body: brokenBody('{"request_id":"a","status":"QUE') });

	it.each<[string, Given, ApiMode]>([
		['a body that breaks off', cut, 'async'],
		['a 500', { status: 500, body: { request_id: 'a', error: 'x' } }, 'async'],
		["a 503 of somebody else's", { status: 503, body: { request_id: 'a', error: 'x' } }, 'async'],
		['a 504 page of v1', { status: 504, body: PAGE, headers: { 'x-request-id': 'a' } }, 'sync'],
		['a v1 answer without a video', { body: { status: 'ok' }, headers: { 'x-request-id': 'a' } }, 'sync'],
		['a v1 body that breaks off', () => ({ body: brokenBody(), headers: { 'x-request-id': 'a' } }), 'sync'],
	])('goes on with it at once: %s', async (_name, answer, mode) => {
		const { clock, buy, result, entries, sent } = virtualShop({
			submit: answer,
			blocking: answer,
			status: COMPLETED,
			result: DONE,
		});
		const purchase = await buy({ mode });
		expect(purchase).toMatchObject({ requestId: 'a', cause: { details: { accepted: 'maybe', requestId: 'a' } } });
		expect(entries()).toMatchObject([{ requestId: 'a', doubt: { message: purchase.cause?.message } }]);
		const before = clock.now();
		expect(await result(purchase)).toEqual(FINISHED);
		expect(clock.now()).toBe(before);
		expect(sent.map(([route]) => route).slice(1)).toEqual(['status', 'result']);
		expect(entries()).toMatchObject([{ requestId: 'a', finished: FINISHED }]);
		// and so does the next try
		expect(await buy({ mode })).toMatchObject({ requestId: 'a', finished: FINISHED, resumed: true });
	});

	it.each<[string, HttpAnswer, number]>([
		['does not know the id', refusal(404), 1],
		['does not tell', refusal(401), 1],
		['cannot be asked', refusal(500), 7],
		['answers with a page', { body: PAGE }, 7],
	])('is what it was where Segmind %s, in this try and in the next', async (_name, status, looks) => {
		const { buy, result, entries, routes } = virtualShop({ submit: cut, status });
		const purchase = await buy();
		expect(await thrown(result(purchase))).toBe(purchase.cause);
		expect(purchase.cause).toMatchObject({
			kind: 'network',
			message:
				'Segmind could not be reached: the connection broke off (ECONNRESET). The request may have been accepted and charged',
			details: { accepted: 'maybe', requestId: 'a' },
		});
		expect(entries()).toMatchObject([{ requestId: 'a', doubt: { message: purchase.cause?.message } }]);
		const again = await buy();
		expect(again).toMatchObject({ requestId: 'a', resumed: true });
		expect(await thrown(result(again))).toMatchObject({
			kind: 'doubt',
			message: `${purchase.cause?.message}, so it was not sent again`,
			details: { accepted: 'maybe', requestId: 'a' },
		});
		expect(routes()).toEqual(['submit', ...Array.from({ length: 2 * looks }, () => 'status')]);
	});

	it('ends as any other one where Segmind knows the id', async () => {
		const { buy, result } = virtualShop({ submit: cut, status: { body: { status: 'PROCESSING' } } });
		expect(await thrown(result(await buy()))).toMatchObject({
			kind: 'timeout',
			details: { accepted: 'yes', requestId: 'a', status: 'PROCESSING' },
		});
	});

	it('is forgotten where its job failed', async () => {
		const { buy, result, entries } = virtualShop({ submit: cut, status: FAILED, result: FAILED });
		expect(await thrown(result(await buy()))).toMatchObject({ kind: 'failed' });
		expect(entries()).toEqual([]);
	});

	it.each<[string, Given]>([
		['a refusal', { status: 400, body: { request_id: 'a', error: 'x' } }],
		['a job that failed at once', { status: 422, body: { request_id: 'a', status: 'FAILED', error: 'no person' } }],
	])('is none: %s', async (_name, submit) => {
		const { buy, entries } = virtualShop({ submit });
		expect(await thrown(buy())).toMatchObject({ details: { accepted: 'no' } });
		expect(entries()).toEqual([]);
	});
});

describe('the result of a purchase', () => {
	it('is waited for, noted, and then given without a question', async () => {
		const { buy, result, entries, sent } = virtualShop({ submit: named('a'), status: COMPLETED, result: DONE });
		const purchase = await buy();
		expect(await result(purchase)).toEqual(FINISHED);
		expect(sent.slice(1)).toEqual([
			['status', 5_000],
			['result', 5_000],
		]);
		expect(entries()).toMatchObject([{ requestId: 'a', finished: FINISHED }]);
		expect(await result(await buy())).toEqual(FINISHED);
		expect(sent).toHaveLength(3);
	});

	it('is asked for at once by a later try', async () => {
		const { clock, buy, result, sent } = virtualShop({ submit: named('a'), status: COMPLETED, result: DONE });
		await buy();
		await clock.drive(clock.sleep(1_000));
		expect(await result(await buy())).toEqual(FINISHED);
		expect(sent.map(([, at]) => at)).toEqual([0, 1_000, 1_000]);
	});

	it('is not the URL of the request', async () => {
		const order = orderOf({ body: { video_url: 'https://a.test/v' } });
		const echo = {
			body: { status: 'COMPLETED', video_url: 'https://a.test/v', output: ['https://a.test/v', VIDEO_URL] },
		};
		const { buy, result } = virtualShop({ submit: named('a'), status: COMPLETED, result: echo });
		expect(await result(await buy({ order }))).toEqual({ video: { url: VIDEO_URL }, metrics: {} });
	});

	it.each<[string, VirtualServices['answers'], object, number]>([
		['failed', { status: FAILED, result: FAILED }, { kind: 'failed' }, 0],
		['is there though its status is FAILED', { status: FAILED, result: DONE }, {}, 1],
		['cannot be read', { status: FAILED, result: { body: PAGE } }, { kind: 'unreadable' }, 1],
		['names no video', { status: COMPLETED, result: COMPLETED }, { kind: 'media' }, 1],
		['is late', { status: { body: { status: 'QUEUED' } } }, { kind: 'timeout' }, 1],
		['is not known', { status: refusal(404) }, { kind: 'answer', details: { httpStatus: 404 } }, 1],
		['may not be read', { status: refusal(401) }, { kind: 'answer', details: { httpStatus: 401 } }, 1],
	])('that %s leaves so many entries: %j', async (_name, answers, error, left) => {
		const { buy, result, entries } = virtualShop({ submit: named('a'), ...answers });
		const work = result(await buy());
		if (Object.keys(error).length === 0) await work;
		else expect(await thrown(work)).toMatchObject(error);
		expect(entries()).toHaveLength(left);
		if (left > 0) expect(entries()).toMatchObject([{ requestId: 'a' }]);
	});
});

describe('a video that v1 sent and n8n stored', () => {
	const BYTES: HttpAnswer = { body: MP4, headers: { 'x-request-id': 'a', 'content-type': 'video/mp4' } };
	const binary = { id: 'filesystem-v2:x', data: 'filesystem-v2', mimeType: 'video/mp4', fileName: 'dance.mp4' };
	const store = async () => binary;
	const GONE = 'The video of this request was stored with an execution that was deleted';

	/** A purchase of v1, and a later execution of it, whose store gives that for the file. */
	async function later(
		file: () => Promise<Readable>,
		answers: VirtualServices['answers'] = {},
		bytes = BYTES,
		credential = CREDENTIAL,
	) {
		const first = virtualShop({ blocking: bytes }, { store });
		expect(await first.buy({ mode: 'sync' })).toMatchObject({ binary });
		const asked: string[] = [];
		const { clock, stored } = first;
		const services = {
			clock,
			stored,
			credential,
			executionId: '2',
			file: async (id: string) => {
				asked.push(id);
				return await file();
			},
		};
		return { ...virtualShop(answers, services), asked };
	}

	const rejects = async () => {
		throw new Error('ENOENT');
	};
	const breaks = async () => brokenBody('', 'ENOENT');

	it('is delivered where it is still there, and its file is closed', async () => {
		const file = Readable.from([Buffer.from('ft'), Buffer.from('yp')]);
		const { buy, result, sent, asked } = await later(async () => file);
		const purchase = await buy({ mode: 'sync' });
		expect(purchase).toMatchObject({ binary, requestId: 'a', resumed: true, finished: { metrics: {} } });
		expect(await result(purchase)).toEqual({ metrics: {} });
		expect(asked).toEqual([binary.id]);
		expect(file.destroyed).toBe(true);
		expect(sent).toEqual([]);
	});

	it.each([
		['n8n does not find it', rejects],
		['its stream fails at the first read', breaks],
	])('is asked for again by its id where %s', async (_name, file) => {
		const { clock, buy, result, entries, routes } = await later(file, { status: COMPLETED, result: DONE });
		const purchase = await buy({ mode: 'sync' });
		expect(purchase).toMatchObject({ requestId: 'a', resumed: true });
		expect(purchase).not.toHaveProperty('binary');
		expect(purchase).not.toHaveProperty('finished');
		const before = clock.now();
		expect(await result(purchase)).toEqual(FINISHED);
		expect(clock.now()).toBe(before);
		expect(routes()).toEqual(['status', 'result']);
		expect(entries()).toMatchObject([{ requestId: 'a', finished: FINISHED }]);
	});

	it.each([
		['n8n does not find it', rejects],
		['its stream fails at the first read', breaks],
	])('is an error where %s and Segmind does not know it any more', async (_name, file) => {
		const { buy, result, routes } = await later(file, { status: refusal(404) });
		expect(await thrown(result(await buy({ mode: 'sync' })))).toMatchObject({
			kind: 'media',
			message: GONE,
			details: { accepted: 'yes', requestId: 'a', status: 'COMPLETED' },
		});
		expect(routes()).toEqual(['status']);
	});

	it('is fetched by the URL that the history has, where the polls do not know it', async () => {
		const row = rowOf('a', 0, { model_status: 'COMPLETED', model_created: undefined, generation_url: VIDEO_URL });
		const answers = { status: refusal(404), history: { body: row } };
		const { buy, result, routes } = await later(rejects, answers, BYTES, WITH_HISTORY);
		expect(await result(await buy({ mode: 'sync' }))).toEqual({ ...FINISHED, metrics: {} });
		expect(routes()).toEqual(['status', 'history']);
	});

	it.each([
		['n8n does not find it', rejects],
		['its stream fails at the first read', breaks],
	])('is an error where %s and it has no id, and is not bought again', async (_name, file) => {
		const nameless = { body: MP4, headers: { 'content-type': 'video/mp4' } };
		const { buy, routes, entries } = await later(file, { blocking: BYTES }, nameless);
		for (const mode of ['sync', 'async'] as const) {
			expect(await thrown(buy({ mode }))).toMatchObject({ kind: 'media', message: GONE, details: { accepted: 'yes' } });
		}
		expect(routes()).toEqual([]);
		expect(entries()).toHaveLength(1);
	});
});
