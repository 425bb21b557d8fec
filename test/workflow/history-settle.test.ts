import type { Fault } from '../support/fakeSegmind/service';
import {
	API_MODES,
	deliveredJobs,
	firstPosts,
	LATENCY,
	looksOf,
	LOST,
	n8nWith,
	otherEntry,
	sampleBy,
	START,
	wordsOf,
} from '../support/histories';
import { SAMPLE_BODY } from '../support/parameters';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RESET: Fault = { handled: true, cut: 'before' };
const POST = ['submit', 'blocking'];
const CONTINUE = { onError: 'continueRegularOutput' as const };

describe('how often the history is asked', () => {
	it('asks with growing pauses, for 90 seconds', async () => {
		const n8n = n8nWith({ history: { delay: 60 * MINUTE }, fault: firstPosts(RESET) });
		const outcome = await n8n.run({ parameters: sampleBy('async') });
		const looks = looksOf(n8n);
		const pauses = looks.slice(1).map((at, look) => at - (looks[look] ?? 0));
		expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
		expect(looks.length).toBeGreaterThan(3);
		expect(looks.length).toBeLessThan(15);
		expect(looks.at(-1)).toBeGreaterThanOrEqual(60 * SECOND);
		expect(looks.at(-1)).toBeLessThanOrEqual(91 * SECOND);
		const [, seconds] = /did not show it (\d+) seconds later/.exec(wordsOf(outcome)) ?? [];
		expect(Math.abs(Number(seconds) * SECOND - (looks.at(-1) ?? 0))).toBeLessThanOrEqual(5 * SECOND);
	});

	it('tells in the error of an item, too, what it did not show', async () => {
		const n8n = n8nWith({ history: { delay: 60 * MINUTE }, fault: firstPosts(RESET) });
		const { items } = await n8n.run({ parameters: sampleBy('async'), settings: CONTINUE });
		expect(items?.[0]?.json.error).toMatch(
			/may have been accepted and charged\. Segmind's request history did not show it \d+ seconds later\.$/,
		);
	});

	it('does not ask beyond the deadline', async () => {
		const n8n = n8nWith({ history: { delay: 60 * MINUTE }, fault: firstPosts(RESET) });
		await n8n.run({ parameters: sampleBy('async', { timeout: 0.5 }) });
		expect(looksOf(n8n).at(-1)).toBeLessThanOrEqual(31 * SECOND);
	});

	it.each([{ status: 503 }, { status: 500 }, { cut: 'before' as const }, { status: 429 }])(
		'asks again where it failed by %j',
		async (fault) => {
			const n8n = n8nWith({
				fault: (_request, route, count) =>
					POST.includes(route) ? RESET : route === 'history' && count === 0 ? fault : undefined,
			});
			expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toHaveLength(1);
			expect(n8n.segmind.posts).toHaveLength(1);
		},
	);

	it('asks once in a run where it is not there, and waits for nothing', async () => {
		const n8n = n8nWith({ history: { answers: 'forbidden' }, fault: firstPosts(RESET, RESET, RESET) });
		const parameters = sampleBy('async', { maxConcurrency: 1, checkUrls: false });
		const { items } = await n8n.run({ parameters, items: 3, settings: CONTINUE });
		expect(items?.map(({ json }) => json.error)).toEqual(
			Array(3).fill(expect.stringMatching(/may have been accepted/)),
		);
		expect(n8n.segmind.history.log).toHaveLength(1);
		expect(n8n.clock.now() - START).toBeLessThan(5 * SECOND);
	});

	it('does not read 10,000 older rows for one that is not there', async () => {
		const others = Array.from({ length: 10_000 }, (_, n) => otherEntry({ createdAt: START - MINUTE - n * SECOND }, n));
		const n8n = n8nWith({ history: { delay: 60 * MINUTE, others }, fault: firstPosts(RESET) });
		expect(wordsOf(await n8n.run({ parameters: sampleBy('async') }))).toMatch(/may have been accepted/);
		expect(looksOf(n8n).length).toBeLessThan(15);
	});

	it('finds it behind 250 newer rows', async () => {
		const others = Array.from({ length: 250 }, (_, n) =>
			otherEntry({ createdAt: START + 1 + n, request: { ...SAMPLE_BODY, prompt: `other ${n}` } }, n),
		);
		const n8n = n8nWith({ history: { others }, fault: firstPosts(RESET) });
		expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toEqual(n8n.segmind.jobs);
	});
});

describe('a further try', () => {
	it('asks the history first, and goes on where it shows by then (Retry On Fail)', async () => {
		const n8n = n8nWith({ history: { delay: 2 * MINUTE }, fault: firstPosts(RESET) });
		expect((await n8n.run({ parameters: sampleBy('async') })).error?.message).toMatch(/may have been accepted/);
		await n8n.clock.drive(n8n.clock.sleep(MINUTE));
		const outcome = await n8n.run({ parameters: sampleBy('async') });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		expect(outcome.items?.[0]?.json.resumed).toBe(true);
	});

	it.each(API_MODES)('asks the history first in the next execution (Retry, %s)', async (apiMode) => {
		const n8n = n8nWith({ history: { delay: 5 * MINUTE }, fault: firstPosts(LOST.reset?.[apiMode]) });
		expect((await n8n.run({ parameters: sampleBy(apiMode) })).error).toBeDefined();
		await n8n.clock.drive(n8n.clock.sleep(20 * MINUTE));
		n8n.executionId = '2';
		n8n.mode = 'retry';
		const outcome = await n8n.run({ parameters: sampleBy(apiMode) });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		expect(outcome.items?.[0]?.json.resumed).toBe(true);
	});

	it('goes on with what was found, without asking again', async () => {
		const media: Fault = { status: 503 };
		const n8n = n8nWith({
			fault: (_request, route, count) =>
				POST.includes(route) && count === 0 ? RESET : route === 'media' && count < 5 ? media : undefined,
		});
		const outcome = await n8n.run({ parameters: sampleBy('async'), tries: 2 });
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		expect(n8n.outcomes).toHaveLength(2);
		expect(looksOf(n8n)).toHaveLength(1);
	});
});

describe('a request that failed', () => {
	it('is told as failed, and bought anew by Retry On Fail', async () => {
		const settings = { fails: (n: number) => (n === 0 ? 'no person' : undefined), fault: firstPosts(RESET) };
		const once = await n8nWith(settings).run({ parameters: sampleBy('async') });
		expect(once.error?.message).toMatch(/Segmind could not make the video: no person/);
		const n8n = n8nWith(settings);
		const twice = await n8n.run({ parameters: sampleBy('async'), tries: 2 });
		expect(deliveredJobs(n8n, twice)).toEqual([n8n.segmind.jobs[1]]);
		expect(n8n.segmind.posts).toHaveLength(2);
	});

	// v1 does not name the request that failed
	it.each(API_MODES.flatMap((apiMode) => [0, 20 * SECOND].map((delay) => [apiMode, delay] as const)))(
		'a moment before is not the lost one (%s, rows late by %d ms)',
		async (apiMode, delay) => {
			// at once, so that it is as young as the allowance for clocks
			const n8n = n8nWith({
				latency: 0,
				fails: (n) => (n === 0 ? 'no person' : undefined),
				history: { delay: ({ failure }) => (failure === undefined ? delay : 0) },
				fault: firstPosts(undefined, { handled: true, status: 200, body: '' }),
			});
			const outcome = await n8n.run({ parameters: sampleBy(apiMode), tries: 3 });
			expect(n8n.segmind.posts).toHaveLength(2);
			expect(deliveredJobs(n8n, outcome)).toEqual([n8n.segmind.jobs[1]]);
		},
	);
});

describe('clocks that differ', () => {
	it.each([-10 * MINUTE, -40 * SECOND, 40 * SECOND, 10 * MINUTE])(
		'finds it where the service is %d ms ahead',
		async (skew) => {
			const n8n = n8nWith({ skew, fault: firstPosts(RESET) });
			expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toEqual(n8n.segmind.jobs);
		},
	);

	it.each([-10 * MINUTE, 0, 10 * MINUTE])('takes no older one for it (service %d ms ahead)', async (skew) => {
		const older = { createdAt: START + skew - 9 * MINUTE, status: 'PENDING' as const, url: undefined };
		const n8n = n8nWith({
			skew,
			history: { others: [otherEntry(older)], delay: 20 * SECOND },
			fault: firstPosts(RESET),
		});
		expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toEqual(n8n.segmind.jobs);
	});
});

describe('a request that v2 does not know, as one of v1', () => {
	it.each(['504', 'timeout'])('is waited for and fetched by its record (%s)', async (lost) => {
		const n8n = n8nWith({ v2KnowsV1: false, fault: firstPosts(LOST[lost]?.sync) });
		const outcome = await n8n.run({ parameters: sampleBy('sync') });
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(n8n.segmind.requestsTo('record').length).toBeLessThanOrEqual(LATENCY / 5_000 + 3);
	});
});
