import fc from 'fast-check';

import type { Fault } from '../support/fakeSegmind/service';
import {
	API_MODES,
	deliveredJobs,
	firstPosts,
	LOST,
	looksOf,
	n8nWith,
	sampleBy,
	START,
	wordsOf,
} from '../support/histories';
import { SAMPLE } from '../support/parameters';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const RESET: Fault = { handled: true, cut: 'before' };

describe('items in doubt beside each other', () => {
	const prompts = (n: number) => ({ ...SAMPLE, prompt: `dance ${n}`, options: { apiMode: 'async' } });

	it('each get their own where all answers are lost', async () => {
		const n8n = n8nWith({ fault: firstPosts(...Array<Fault>(5).fill(RESET)) });
		const jobs = deliveredJobs(n8n, await n8n.run({ parameters: prompts, items: 5 }));
		expect(jobs.map(({ request }) => request.prompt)).toEqual([0, 1, 2, 3, 4].map((n) => `dance ${n}`));
		expect(n8n.segmind.posts).toHaveLength(5);
	});

	it('share one look at the history', async () => {
		const n8n = n8nWith({ fault: firstPosts(...Array<Fault>(5).fill(RESET)) });
		await n8n.run({ parameters: prompts, items: 5 });
		expect(looksOf(n8n).length).toBeLessThanOrEqual(10);
	});
});

describe.each(API_MODES)('equal items (%s)', (apiMode) => {
	it.each([
		['the first', [RESET]],
		['one in the middle', [undefined, RESET]],
		['two', [RESET, undefined, RESET]],
		['all', [RESET, RESET, RESET]],
	])('each get their own where %s is lost', async (_which, faults) => {
		for (const delay of [0, 20 * SECOND]) {
			const n8n = n8nWith({ history: { delay }, fault: firstPosts(...faults) });
			const outcome = await n8n.run({ parameters: sampleBy(apiMode), items: 3 });
			const ids = deliveredJobs(n8n, outcome).map(({ id }) => id);
			expect(new Set(ids).size).toBe(3);
			expect(n8n.segmind.posts).toHaveLength(3);
		}
	});

	// v2 answers one of them late, v1 all of them when the video is made
	const slow: Fault = { after: 10 * SECOND };

	it.each([
		['first', [LOST.reset?.[apiMode], slow]],
		['last', [slow, LOST.reset?.[apiMode]]],
	])('each get their own where the %s is lost while the other is still on its way', async (_which, faults) => {
		const n8n = n8nWith({ fault: firstPosts(...faults) });
		const jobs = deliveredJobs(n8n, await n8n.run({ parameters: sampleBy(apiMode), items: 2 }));
		expect(new Set(jobs.map(({ id }) => id)).size).toBe(2);
		expect(n8n.segmind.posts).toHaveLength(2);
	});

	it('never share a video, whichever are lost or slow, and however late their rows are', async () => {
		// the two in doubt at the end hear of it at the same time
		const lateTwice = [undefined, LOST['cut body']?.[apiMode], slow, LOST.timeout?.[apiMode], LOST['no id']?.[apiMode]];
		const fault = fc.constantFrom(undefined, slow, RESET, ...Object.values(LOST).map((lost) => lost[apiMode]));
		const schedule = fc.record({
			faults: fc.array(fault, { minLength: 2, maxLength: 5 }),
			delay: fc.constantFrom(0, 5 * SECOND, 40 * SECOND),
			maxConcurrency: fc.integer({ min: 1, max: 5 }),
		});
		await fc.assert(
			fc.asyncProperty(schedule, async ({ faults, delay, maxConcurrency }) => {
				const n8n = n8nWith({ history: { delay }, fault: firstPosts(...faults) });
				const parameters = sampleBy(apiMode, { maxConcurrency, checkUrls: false });
				const jobs = deliveredJobs(n8n, await n8n.run({ parameters, items: faults.length }));
				expect(new Set(jobs.map(({ id }) => id)).size).toBe(faults.length);
				expect(n8n.segmind.posts).toHaveLength(faults.length);
			}),
			{ numRuns: 60, examples: [[{ faults: lateTwice, delay: 0, maxConcurrency: 3 }]] },
		);
	});

	it('do not take what an earlier loop iteration has', async () => {
		const n8n = n8nWith({ latency: 10 * SECOND, fault: firstPosts(undefined, RESET) });
		const first = deliveredJobs(n8n, await n8n.run({ parameters: sampleBy(apiMode) }));
		n8n.runIndex = 1;
		const second = deliveredJobs(n8n, await n8n.run({ parameters: sampleBy(apiMode) }));
		expect([...first, ...second]).toEqual(n8n.segmind.jobs);
	});
});

describe('a stop in the middle of a POST', () => {
	const stopped = async (apiMode: 'async' | 'sync', fault: Fault, history: object = {}, record: Fault = {}) => {
		const n8n = n8nWith({
			history,
			fault: (_request, route, count) =>
				route === 'submit' || route === 'blocking' ? fault : route === 'history' && count === 0 ? record : undefined,
		});
		const outcome = await n8n.run({ parameters: sampleBy(apiMode), stopAt: 5 * SECOND, tries: 3 });
		return { n8n, outcome, took: n8n.clock.now() - START - 5 * SECOND };
	};
	const SILENT: Fault = { handled: true, cut: 'never answers' };

	it.each(API_MODES)('looks once, and names the request (%s)', async (apiMode) => {
		const { n8n, outcome, took } = await stopped(apiMode, SILENT);
		const [job] = n8n.segmind.jobs;
		expect(looksOf(n8n)).toHaveLength(1);
		expect(took).toBeLessThan(2 * SECOND);
		expect(outcome.error?.message).toMatch(/^Stopped before the video was ready/);
		expect(outcome.error?.description).toMatch(new RegExp(` Paid requests: item 0: ${job?.id}\\.$`));
		const sent = n8n.requests.length;
		await n8n.clock.drive(n8n.clock.sleep(10 * MINUTE));
		expect(n8n.requests).toHaveLength(sent);

		n8n.segmind.settings.fault = () => undefined;
		n8n.executionId = '2';
		n8n.mode = 'retry';
		const again = await n8n.run({ parameters: sampleBy(apiMode) });
		expect(deliveredJobs(n8n, again)).toEqual([job]);
		expect(again.items?.[0]?.json.resumed).toBe(true);
		expect(n8n.segmind.posts).toHaveLength(1);
	});

	it.each<[string, object]>([
		['is not there', { answers: 'not found' }],
		['does not show it', { delay: 60 * MINUTE }],
	])('says that it may have been accepted where the history %s', async (_why, history) => {
		const { n8n, outcome, took } = await stopped('async', SILENT, history);
		expect(looksOf(n8n)).toHaveLength(1);
		expect(took).toBeLessThan(2 * SECOND);
		expect(wordsOf(outcome)).toMatch(/may have been accepted/);
		expect(n8n.segmind.posts).toHaveLength(1);
	});

	it('does not wait long for a history that is silent', async () => {
		const { outcome, took } = await stopped('async', SILENT, {}, { cut: 'never answers' });
		expect(took).toBeLessThan(15 * SECOND);
		expect(wordsOf(outcome)).toMatch(/may have been accepted/);
	});

	it('asks nothing where no POST is in doubt', async () => {
		const n8n = n8nWith({});
		expect((await n8n.run({ parameters: sampleBy('async'), stopAt: MINUTE })).error?.message).toMatch(/^Stopped/);
		expect(n8n.segmind.history.log).toEqual([]);
	});
});
