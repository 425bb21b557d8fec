import {
	brokenBody,
	faultOf,
	fileOf,
	orderOf,
	refusal,
	thrown,
	WITH_HISTORY,
	type Given,
	type HttpAnswer,
	type SentRequest,
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
} from '../../../support/virtualShop';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PAGE = '<html>busy</html>';
const DASHED = '01234567-89ab-cdef-0123-456789abcdef';
const PLAIN = DASHED.replaceAll('-', '');
const DOUBT = /The request may have been accepted and charged$/;
/** A finished row of the history, beside what every row has. */
const FINISHED_ROW = { model_status: 'COMPLETED', generation_url: VIDEO_URL, credits_deduction: 1 };
const reset = faultOf('ECONNRESET');
const listing = (...rows: object[]): HttpAnswer => ({ body: { data: rows } });
/** An answer that never comes: the request ends by the signal of a stop. */
const silent: Given = async ({ abortSignal }: SentRequest) =>
	await new Promise((_, reject) =>
		abortSignal.addEventListener('abort', () => reject(faultOf('ERR_CANCELED')), { once: true }),
	);

describe('a POST in doubt that the history shows', () => {
	it.each<[string, Given]>([
		['broke off', faultOf('ECONNRESET')],
		['was answered with a 502', { status: 502, body: PAGE }],
	])('goes on with what it shows: it %s', async (_name, submit) => {
		const { began, buy, result, entries, routes } = virtualShop(
			{ submit, history: () => listing(rowOf('a', began)), status: COMPLETED, result: DONE },
			{ credential: WITH_HISTORY },
		);
		const purchase = await buy();
		expect(purchase).toMatchObject({ requestId: 'a', cause: { details: { accepted: 'maybe' } } });
		expect(await result(purchase)).toEqual(FINISHED);
		expect(entries()).toMatchObject([{ executionId: '1', submittedAt: began, requestId: 'a', finished: FINISHED }]);
		expect(routes()).toEqual(['submit', 'history', 'status', 'result']);
	});

	it('of an earlier execution is bought once, however often its retry is tried', async () => {
		const first = virtualShop({ submit: faultOf('ECONNRESET') });
		await thrown(first.buy());
		const { clock, stored, began } = first;
		const retry = virtualShop(
			{ submit: named('b'), history: listing(rowOf('a', began)), status: refusal(401) },
			{ clock, stored, executionId: '2', credential: WITH_HISTORY },
		);
		for (let tries = 0; tries < 3; tries++) {
			const purchase = await retry.buy();
			expect(purchase).toMatchObject({ requestId: 'a', resumed: true });
			expect(await thrown(retry.result(purchase))).toMatchObject({ details: { httpStatus: 401, requestId: 'a' } });
		}
		expect(retry.routes()).toEqual(['history', 'status', 'status', 'status']);
		expect(retry.entries()).toEqual([{ executionId: '2', submittedAt: clock.now(), requestId: 'a' }]);
	});

	it('is not asked for where there is no history', async () => {
		const { buy, routes } = virtualShop({ submit: faultOf('ECONNRESET'), history: { body: [] } });
		await thrown(buy());
		await thrown(buy());
		expect(routes()).toEqual(['submit']);
	});

	it('stays in doubt where it does not show it, however often it is tried', async () => {
		const { buy, entries, routes } = virtualShop({ submit: reset, history: listing() }, { credential: WITH_HISTORY });
		expect(await thrown(buy())).toMatchObject({ kind: 'network', message: expect.stringMatching(DOUBT) });
		for (let tries = 0; tries < 2; tries++) expect(await thrown(buy())).toMatchObject({ kind: 'doubt' });
		expect(routes().filter((route) => route === 'submit')).toHaveLength(1);
		expect(entries()).toMatchObject([{ doubt: { message: expect.stringMatching(DOUBT) } }]);
	});

	it('is known by the URLs that its files got, also in a run that did not upload them', async () => {
		const order = orderOf({ files: { image: fileOf('1') } });
		const upload = { body: { urls: ['https://files.test/1'] } };
		const first = virtualShop({ submit: reset, upload });
		await thrown(first.buy({ order }));
		const { clock, stored, began } = first;
		const row = rowOf('a', began, { request_body: { ...ORDER.body, image_url: 'https://files.test/1' } });
		const next = virtualShop({ history: listing(row) }, { clock, stored, credential: WITH_HISTORY });
		expect(await next.buy({ order })).toMatchObject({ requestId: 'a', inputs: ['https://files.test/1'] });
		expect(next.routes()).toEqual(['history']);
	});

	it('ends as stopped where the run was stopped, and names what it shows', async () => {
		const { clock, began, cancel, buy, entries, routes } = virtualShop(
			{ submit: silent, history: () => listing(rowOf('a', began)) },
			{ credential: WITH_HISTORY },
		);
		void clock.sleep(5_000).then(cancel);
		expect(await thrown(buy())).toMatchObject({ kind: 'stopped', details: { requestId: 'a' } });
		expect(entries()).toMatchObject([{ requestId: 'a' }]);
		expect(routes()).toEqual(['submit', 'history']);
	});
});

describe('an id that only the history tells', () => {
	/** A purchase whose answer was lost, and whose id the history tells. */
	async function found(
		id: string,
		status: Given[],
		mode: 'async' | 'sync' = 'async',
		record: object = {},
		done = DONE,
	) {
		const shop = virtualShop(
			{
				...{ submit: reset, blocking: reset, status, result: done },
				history: () => listing(rowOf(id, shop.began, record)),
			},
			{ credential: WITH_HISTORY },
		);
		const purchase = await shop.buy({ mode });
		expect(purchase).toMatchObject({ requestId: id, cause: { kind: 'network' }, resumed: true });
		const asked = () => shop.requests.filter(({ method }) => method === 'GET').map(({ url }) => new URL(url).pathname);
		return { ...shop, purchase, asked: () => asked().slice(1) };
	}

	it.each([
		[DASHED, PLAIN],
		[PLAIN, DASHED],
	])('may be written in another way than the polls know it: %s', async (id, other) => {
		const { purchase, result, asked, entries } = await found(id, [refusal(404), COMPLETED]);
		expect(await result(purchase)).toEqual(FINISHED);
		expect(asked()).toEqual([`/v2/requests/${id}/status`, `/v2/requests/${other}/status`, `/v2/requests/${other}`]);
		expect(entries()).toMatchObject([{ finished: FINISHED }]);
	});

	it('is forgotten where its job failed, though it is written in another way', async () => {
		const { purchase, result, entries } = await found(DASHED, [refusal(404), FAILED], 'async', {}, FAILED);
		expect(await thrown(result(purchase))).toMatchObject({ kind: 'failed' });
		expect(entries()).toEqual([]);
	});

	it('is in doubt where the polls know neither way to write it', async () => {
		const { purchase, result, routes } = await found(DASHED, [refusal(404)]);
		expect(await thrown(result(purchase))).toBe(purchase.cause);
		expect(routes()).toEqual(['submit', 'history', 'status', 'status']);
	});

	it.each<[string, string, number]>([
		['cannot be written in another way', 'a', 404],
		['may not be asked for', DASHED, 401],
	])('is in doubt where it %s', async (_which, id, status) => {
		const { purchase, result, routes } = await found(id, [refusal(status)]);
		expect(await thrown(result(purchase))).toBe(purchase.cause);
		expect(routes()).toEqual(['submit', 'history', 'status']);
	});

	it('is asked for in the history where v1 made it, since the polls need not know it', async () => {
		const { purchase, result, routes } = await found('a', [refusal(404)], 'sync', FINISHED_ROW);
		expect(await result(purchase)).toEqual(FINISHED);
		expect(routes()).toEqual(['blocking', 'history', 'status', 'history']);
	});
});

describe('what the history told in one try helps in the next one, too,', () => {
	it.each<[string, 'async' | 'sync', boolean]>([
		['where v2 knows the id in its other form', 'async', true],
		['where v2 does not know what v1 made', 'sync', false],
	])('%s', async (_which, mode, isKnown) => {
		let isDone = false;
		const status = ({ url }: SentRequest) => {
			if (!isKnown || url.includes(DASHED)) return refusal(404);
			return isDone ? COMPLETED : { body: { status: 'QUEUED' } };
		};
		const history = () => listing(rowOf(DASHED, shop.began, isDone ? FINISHED_ROW : {}));
		const answers = { submit: reset, blocking: reset, status, result: DONE, history };
		const shop = virtualShop(answers, { credential: WITH_HISTORY });
		const { buy, result, routes } = shop;
		expect(await thrown(result(await buy({ mode }), 1_000))).toMatchObject({ kind: 'timeout' });
		isDone = true;
		expect(await result(await buy({ mode }))).toEqual(FINISHED);
		expect(routes().filter((route) => route === 'submit' || route === 'blocking')).toHaveLength(1);
	});
});

it("an id that v1's answer named before it broke off is looked up in the history, where v2 does not know it", async () => {
	const { began, buy, result } = virtualShop(
		{
			blocking: () => ({ body: brokenBody(), headers: { 'x-request-id': DASHED } }),
			status: refusal(404),
			history: () => listing(rowOf(DASHED, began, FINISHED_ROW)),
		},
		{ credential: WITH_HISTORY },
	);
	expect(await result(await buy({ mode: 'sync' }))).toEqual(FINISHED);
});

describe('a request that the polls have forgotten', () => {
	it.each<[string, Given, object]>([
		['goes on where the history has it', listing(rowOf('a', 0)), { requestId: 'a', resumed: true, free: true }],
		['is bought again where it has not', refusal(500), { requestId: 'b' }],
	])('and that an earlier execution made %s', async (_which, history, purchase) => {
		const first = virtualShop({ submit: named('a') });
		await first.buy();
		const { clock, stored } = first;
		await clock.drive(clock.sleep(2 * HOUR));
		const later = virtualShop(
			{ submit: named('b'), history },
			{ clock, stored, executionId: '2', credential: WITH_HISTORY },
		);
		expect(await later.buy()).toMatchObject(purchase);
		expect(later.routes().includes('submit')).toBe(!('free' in purchase));
		expect(later.purchases.bought).toBe('free' in purchase ? 0 : 1);
	});

	it('has its video in the history', async () => {
		const { began, buy, result, routes } = virtualShop(
			{
				...{ submit: named('a'), status: refusal(404) },
				history: () => listing(rowOf('a', began, FINISHED_ROW)),
			},
			{ credential: WITH_HISTORY },
		);
		expect(await result(await buy())).toEqual(FINISHED);
		expect(routes()).toEqual(['submit', 'status', 'history']);
	});

	it('may have been charged, where there is no history', async () => {
		const { buy, result } = virtualShop({ submit: named('a'), status: refusal(404) });
		expect(await thrown(result(await buy()))).toMatchObject({
			kind: 'answer',
			message: expect.stringMatching(DOUBT),
			details: { httpStatus: 404, requestId: 'a' },
		});
	});
});

describe('a request that the account made before', () => {
	it.each([
		['is told as reused where the person asked for that', true, 'reused'],
		['is told as resumed after a crash', false, 'resumed'],
	])('%s, and is not bought', async (_which, reused, event) => {
		const { began, clock, purchases, buy, result, messages, routes } = virtualShop(
			{ submit: named('b'), history: () => listing(rowOf('a', began - MINUTE, FINISHED_ROW)) },
			{ credential: WITH_HISTORY },
		);
		const wanted = [0, 1].map((itemIndex) => ({ itemIndex, order: ORDER, since: began - HOUR, reused }));
		expect(await clock.drive(purchases.reuse(wanted, began + MINUTE))).toEqual([{ itemIndex: 0, requestId: 'a' }]);
		expect([purchases.isNew(0, ORDER), purchases.isNew(1, ORDER), purchases.bought]).toEqual([false, true, 0]);
		const purchase = await buy();
		expect(purchase.reused ?? false).toBe(reused);
		expect(messages).toEqual([`Item 0: ${event}, request a`]);
		expect(await result(purchase)).toEqual(FINISHED);
		expect(routes()).toEqual(['history']);
	});
});

it.each<['manual' | 'retry', boolean, boolean]>([
	['retry', false, true],
	['retry', true, false],
	['manual', false, false],
])('an execution in mode %s that bought before (%p) lost what it knew: %p', async (mode, hasBought, isCrash) => {
	const first = virtualShop({ submit: named('a') });
	if (hasBought) await first.buy();
	const { clock, stored } = first;
	expect(virtualShop({}, { clock, stored, mode, executionId: '2' }).purchases.isRetryOfCrash).toBe(isCrash);
});
