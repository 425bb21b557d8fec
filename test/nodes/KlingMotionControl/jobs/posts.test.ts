import { Readable } from 'node:stream';

import type { ApiMode } from '../../../../nodes/KlingMotionControl/jobs/posts';
import {
	faultOf,
	fileOf,
	openExchanges,
	orderOf,
	refusal,
	thrown,
	type Given,
	type HttpAnswer,
	type Route,
	type SentRequest,
} from '../../../support/virtualServices';
import { DONE, named, ORDER, VIDEO_URL, virtualShop } from '../../../support/virtualShop';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PAGE = '<html>busy</html>';

describe('which way', () => {
	it.each<[ApiMode, Given, Route[]]>([
		['async', named('a'), ['submit']],
		['auto', named('a'), ['submit']],
		['sync', named('a'), ['blocking']],
		['auto', refusal(404), ['submit', 'blocking']],
		['auto', refusal(405), ['submit', 'blocking']],
		['auto', { status: 405, body: PAGE }, ['submit', 'blocking']],
		['auto', refusal(400), ['submit']],
		['auto', faultOf('ENOTFOUND', 'getaddrinfo'), ['submit']],
		['auto', faultOf('ECONNRESET'), ['submit']],
		['async', refusal(404), ['submit']],
	])('%s where v2 gives %j', async (mode, v2, ways) => {
		const { buy, routes, requests } = virtualShop({ submit: v2, blocking: { body: { output: VIDEO_URL } } });
		await buy({ mode, order: orderOf({ model: 'kling-2.6-pro-motion-control' }) }).catch(() => {});
		expect(routes()).toEqual(ways);
		expect(requests.map(({ method, url, body, timeout }) => ({ method, url, body, timeout }))).toEqual(
			ways.map((way) => ({
				method: 'POST',
				url: `https://api.test/${way === 'submit' ? 'v2' : 'v1'}/kling-2.6-pro-motion-control`,
				body: ORDER.body,
				timeout: way === 'submit' ? 120_000 : MINUTE,
			})),
		);
	});

	it('gives v1 no more time than is left', async () => {
		const { clock, buy, requests } = virtualShop({
			submit: async () => {
				await clock.sleep(10_000);
				return refusal(404);
			},
			blocking: { body: { output: VIDEO_URL } },
		});
		await buy({ mode: 'auto' });
		expect(requests.map(({ timeout }) => timeout)).toEqual([120_000, 50_000]);
	});

	it.each<[ApiMode, Route, number]>([
		['async', 'submit', 2_000],
		['sync', 'blocking', 2_000],
	])('once throttled, %s lets the others wait for an answer, but not for long', async (mode, route, between) => {
		const slow = (name: string) => async () => {
			await clock.sleep(10_000);
			return { ...named(name), headers: { 'x-request-id': name } };
		};
		const { clock, begin, sent } = virtualShop({ [route]: [refusal(429), refusal(429), slow('a'), slow('b')] });
		const work = [0, 1].map(async (itemIndex) => await begin({ mode, itemIndex }));
		const bought = await clock.drive(Promise.all(work));
		expect(bought.map(({ requestId }) => requestId)).toEqual(['a', 'b']);
		const [first, second] = sent.slice(-2).map(([, at]) => at);
		expect((second ?? 0) - (first ?? 0)).toBe(between);
	});
});

describe('a POST is sent again', () => {
	it.each<[ApiMode, Route]>([
		['async', 'submit'],
		['sync', 'blocking'],
	])(
		'%s: after a 503 of Segmind five times, after a 429 twenty times, never after anything else',
		async (mode, route) => {
			const posts = async (answer: Given, time: number) => {
				const { buy, sent, session } = virtualShop({ [route]: answer });
				await thrown(buy({ mode, time }));
				expect(openExchanges(session.clock)).toBe(0);
				return sent.length;
			};
			expect(await posts(refusal(503), HOUR)).toBe(6);
			expect(await posts(refusal(429), HOUR)).toBe(21);
			expect(await posts(refusal(503), MINUTE)).toBe(6);
			expect(await posts(refusal(503), 20_000)).toBe(5);
			expect(await posts(refusal(429), MINUTE)).toBe(7);
			const others: Given[] = [
				{ status: 503, body: PAGE },
				{ status: 503, body: 'upstream', headers: { 'retry-after': '1' } },
				{ status: 503, body: { error: 'x', request_id: '../x' } },
				refusal(500),
				refusal(502),
				refusal(504),
				refusal(408),
				refusal(400),
				refusal(401),
				refusal(302),
				faultOf('ECONNRESET'),
				faultOf('ECONNREFUSED', 'connect'),
				{ body: {} },
			];
			for (const answer of others) expect(await posts(answer, HOUR)).toBe(1);
		},
	);

	it('with the time that the service asks for', async () => {
		const { buy, sent } = virtualShop({ submit: [refusal(503, { 'retry-after': '20' }), named('a')] });
		expect(await buy()).toMatchObject({ requestId: 'a' });
		expect(sent.map(([, at]) => at)).toEqual([0, 20_500]);
	});

	it('and then counts as a new one in the ledger', async () => {
		const { buy, entries, began } = virtualShop({ submit: [refusal(429), named('a')] });
		await buy();
		expect(entries()).toEqual([{ executionId: '1', submittedAt: began + 750, requestId: 'a' }]);
	});
});

describe('at or after the deadline nothing is sent', () => {
	const notSent = {
		kind: 'timeout',
		message: expect.stringMatching(/^The request was not sent: /),
		details: { accepted: 'no', description: expect.stringMatching(/^This item was not charged\./) },
	};

	it.each<[ApiMode, number]>([
		['async', 0],
		['async', -1],
		['async', 199],
		['sync', 0],
		['sync', -MINUTE],
		['auto', 0],
	])('%s, %d ms before it', async (mode, time) => {
		const { buy, entries, sent } = virtualShop({ submit: named('a'), blocking: DONE });
		expect(await thrown(buy({ mode, time }))).toMatchObject(notSent);
		expect(sent).toEqual([]);
		expect(entries()).toEqual([]);
	});

	it('while the rate limit lasts', async () => {
		const { clock, begin, buy, entries, sent } = virtualShop({
			submit: [refusal(429, { 'retry-after': '60' }), named('a')],
		});
		const patient = begin({ itemIndex: 0, time: HOUR });
		await clock.drive(clock.sleep(1_000));
		for (const time of [30_000, 0, -1]) {
			expect(await thrown(buy({ itemIndex: 1, time }))).toMatchObject(notSent);
		}
		expect(sent).toHaveLength(1);
		expect(entries()).toEqual([]);
		expect(await clock.drive(patient)).toMatchObject({ requestId: 'a' });
	});

	it('though the uploads were begun in time', async () => {
		const { clock, buy, entries, routes } = virtualShop({
			submit: named('a'),
			upload: async () => {
				await clock.sleep(MINUTE);
				return { body: { urls: ['https://files.test/1'] } };
			},
		});
		expect(await thrown(buy({ order: orderOf({ files: { image: fileOf('1') } }) }))).toMatchObject(notSent);
		expect(routes()).toEqual(['upload']);
		expect(entries()).toEqual([]);
	});

	it('though v2 said in time that it is not there', async () => {
		const { clock, buy, entries, routes } = virtualShop({
			submit: async () => {
				await clock.sleep(59_900);
				return refusal(404);
			},
			blocking: DONE,
		});
		expect(await thrown(buy({ mode: 'auto' }))).toMatchObject(notSent);
		expect(routes()).toEqual(['submit']);
		expect(entries()).toEqual([]);
	});
});

describe('a stop in the middle of a POST', () => {
	/** Answers after 10 s, unless n8n ends the request before. */
	const slowly = (clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> }, answer: HttpAnswer) => {
		return async ({ abortSignal }: SentRequest) =>
			await clock.sleep(10_000, abortSignal).then(
				() => answer,
				() => faultOf('ERR_CANCELED'),
			);
	};

	it.each<[ApiMode, Route]>([
		['async', 'submit'],
		['sync', 'blocking'],
	])('%s: the end of the execution ends it, and leaves a doubt', async (mode, route) => {
		const { session, clock, cancel, buy, entries, sent, began } = virtualShop({
			[route]: async (request: SentRequest) => await slowly(clock, named('a'))(request),
		});
		void clock.sleep(3_000).then(cancel);
		const message = 'Stopped before the video was ready. The request may have been accepted and charged';
		expect(await thrown(buy({ mode }))).toMatchObject({ kind: 'stopped', message, details: { accepted: 'maybe' } });
		expect(clock.now()).toBe(began + 3_000);
		expect(sent).toHaveLength(1);
		expect(entries()).toEqual([
			{
				executionId: '1',
				submittedAt: began,
				sent: ORDER.body,
				...(mode === 'sync' && { blocking: true }),
				doubt: { message, httpStatus: undefined },
			},
		]);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('of which the next try says that it was not sent again', async () => {
		const first = virtualShop({ submit: async (request) => await slowly(first.clock, named('a'))(request) });
		void first.clock.sleep(3_000).then(first.cancel);
		await thrown(first.buy());
		const { clock, stored } = first;
		const next = virtualShop({ submit: named('b') }, { clock, stored });
		expect(await thrown(next.buy())).toMatchObject({
			kind: 'doubt',
			message:
				'Stopped before the video was ready. The request may have been accepted and charged, so it was not sent again',
		});
		expect(next.sent).toEqual([]);
	});

	it("another item's failure lets it go on, and its id is known", async () => {
		const { session, clock, stop, buy, result, entries, routes } = virtualShop({
			submit: async (request: SentRequest) => await slowly(clock, named('a'))(request),
		});
		void clock.sleep(3_000).then(stop);
		const purchase = await buy();
		expect(purchase).toMatchObject({ requestId: 'a' });
		expect(entries()).toMatchObject([{ requestId: 'a' }]);
		expect(await thrown(result(purchase))).toMatchObject({
			kind: 'stopped',
			message: 'Stopped before the video was ready',
			details: { accepted: 'yes', requestId: 'a' },
		});
		expect(routes()).toEqual(['submit']);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('sends no POST again that was refused', async () => {
		const { clock, stop, buy, entries, sent } = virtualShop({
			submit: async (request: SentRequest) => await slowly(clock, refusal(429))(request),
		});
		void clock.sleep(3_000).then(stop);
		expect(await thrown(buy())).toMatchObject({ kind: 'stopped', details: { accepted: 'no' } });
		expect(sent).toHaveLength(1);
		expect(entries()).toEqual([]);
	});

	it('keeps the id of an answer that was being read', async () => {
		const body = new Readable({ read() {} });
		body.push('{"request_id":"a","sta');
		const { clock, cancel, buy, entries } = virtualShop({
			submit: ({ abortSignal }: SentRequest) => {
				// as axios does
				abortSignal.addEventListener('abort', () => body.destroy(faultOf('ERR_CANCELED')));
				return { body };
			},
		});
		void clock.sleep(3_000).then(cancel);
		expect(await thrown(buy())).toMatchObject({ kind: 'stopped', details: { accepted: 'maybe', requestId: 'a' } });
		expect(entries()).toMatchObject([{ requestId: 'a' }]);
	});
});

describe('a limit of purchases', () => {
	const limited = {
		kind: 'input',
		details: { accepted: 'no', description: expect.stringMatching(/This item was not charged\.$/) },
	};

	it('holds for items at the same time, in doubt or not, and is no matter for what was refused', async () => {
		const { clock, begin, entries, routes } = virtualShop({
			submit: [refusal(400), named('a'), refusal(500), named('b')],
		});
		const buy = async (itemIndex: number) => await begin({ itemIndex, maxRequests: 2 });
		const outcomes = await clock.drive(Promise.allSettled([0, 1, 2, 3, 4].map(buy)));
		const kinds = outcomes.map((outcome) =>
			outcome.status === 'fulfilled' ? outcome.value.requestId : (outcome.reason as { kind: string }).kind,
		);
		// what is being sent counts, too: whether it is refused is not known yet
		expect(kinds).toEqual(['answer', 'a', 'input', 'input', 'input']);
		expect(await thrown(clock.drive(buy(5)))).toMatchObject({ details: { httpStatus: 500 } });
		expect(await thrown(clock.drive(buy(6)))).toMatchObject(limited);
		expect(routes()).toEqual(['submit', 'submit', 'submit']);
		expect(entries()).toHaveLength(2);
	});

	it('does not count what an earlier execution bought', async () => {
		const first = virtualShop({ submit: named('a') });
		await first.buy({ maxRequests: 1 });
		const { clock, stored } = first;
		const second = virtualShop({ submit: named('b') }, { clock, stored, executionId: '2' });
		expect(await second.buy({ itemIndex: 1, maxRequests: 1 })).toMatchObject({ requestId: 'b' });
		expect(await thrown(second.buy({ itemIndex: 2, maxRequests: 1 }))).toMatchObject(limited);
		// and what was bought goes on
		expect(await second.buy({ itemIndex: 0, maxRequests: 1 })).toMatchObject({ requestId: 'a', resumed: true });
	});
});
