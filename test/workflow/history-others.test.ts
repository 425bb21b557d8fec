import type { FakeJob, FakeSettings, Fault } from '../support/fakeSegmind/service';
import {
	API_MODES,
	deliveredJobs,
	firstPosts,
	LATENCY,
	LOST,
	n8nWith,
	otherEntry,
	sampleBy,
	START,
	wordsOf,
} from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';

const SECOND = 1_000;
const HOUR = 60 * 60 * SECOND;
const DOUBT = /may have been accepted and charged/;
const NOT_SHOWN = /did not show it/;
const RESET: Fault = { handled: true, cut: 'before' };
const REUSE = { ...SAMPLE, options: { reuseWithin: 1 } };
const aRow = (ms: number, more: object = {}) => otherEntry({ createdAt: START + ms, request: SAMPLE_BODY, ...more });

describe("an equal request of another execution, a moment before the one whose answer was lost, is not this one's", () => {
	const table = API_MODES.flatMap((apiMode) =>
		Object.keys(LOST).flatMap((lost) => [-300, -1_000, -2_000, -4_000].map((ms) => [lost, apiMode, ms] as const)),
	);
	it.each(table)('%s (%s), %d ms', async (lost, apiMode, ms) => {
		const n8n = n8nWith({
			history: { others: [aRow(ms)] },
			// its clock says by its Date header to the second what time it is
			fault: firstPosts(LOST[lost]?.[apiMode]),
		});
		expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy(apiMode) }))).toEqual(n8n.segmind.jobs);
	});

	it.each(['PENDING', 'COMPLETED'] as const)('where its own row lands 3 seconds late (%s)', async (status) => {
		const n8n = n8nWith({ history: { others: [aRow(-2_000, { status })], delay: 3_000 }, fault: firstPosts(RESET) });
		expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toEqual(n8n.segmind.jobs);
	});

	it('and neither is one that was made after it', async () => {
		const n8n = n8nWith({ history: { others: [aRow(1_500)] }, fault: firstPosts(RESET) });
		expect(deliveredJobs(n8n, await n8n.run({ parameters: sampleBy('async') }))).toEqual(n8n.segmind.jobs);
	});
});

describe('an equal item whose answer had no ID keeps its video', () => {
	const unnamed: Fault = { headers: { 'x-request-id': '' } };
	const lost: Fault = { handled: true, status: 504, after: LATENCY };
	it.each<[string, Partial<FakeSettings>]>([
		['bytes', {}],
		['JSON', { v1: (_job: FakeJob, output: string) => ({ output }) }],
	])('v1 answers with %s', async (_which, more) => {
		const n8n = n8nWith({ ...more, fault: firstPosts(unnamed, lost) });
		const outcome = await n8n.run({ parameters: sampleBy('sync', { maxConcurrency: 1 }), items: 2 });
		expect(wordsOf(outcome)).toBe('');
		const { items = [] } = outcome;
		expect(n8n.segmind.posts).toHaveLength(2);
		const videos = items.map((item) => n8n.bytesOf(item)?.toString());
		expect(videos).toHaveLength(2);
		expect(new Set(videos).size).toBe(2);
	});

	it('and one that was never taken on is not given it', async () => {
		const n8n = n8nWith({ fault: firstPosts(unnamed, { status: 504 }) });
		const outcome = await n8n.run({ parameters: sampleBy('sync', { maxConcurrency: 1 }), items: 2 });
		expect(n8n.segmind.posts).toHaveLength(2);
		expect(n8n.segmind.jobs).toHaveLength(1);
		expect(wordsOf(outcome)).toMatch(DOUBT);
	});
});

describe('what the history did not show is told only where it was read', () => {
	it.each<[string, Fault]>([
		['a reset', { cut: 'before' }],
		['500', { status: 500 }],
		['501', { status: 501 }],
		["a proxy's 503", { status: 503, body: '<html>x</html>' }],
		['429', { status: 429 }],
		['a body that breaks off', { cut: 'middle' }],
		['no answer', { cut: 'never answers' }],
	])('%s', async (_which, fault) => {
		const n8n = n8nWith({
			fault: (_request, route) => (route === 'submit' ? RESET : route === 'history' ? fault : undefined),
		});
		const words = wordsOf(await n8n.run({ parameters: sampleBy('async') }));
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(words).toMatch(DOUBT);
		expect(words).not.toMatch(NOT_SHOWN);
	});

	it('a history that does not answer takes no longer than the timeout', async () => {
		const n8n = n8nWith({
			fault: (_request, route) =>
				route === 'submit' ? RESET : route === 'history' ? { cut: 'never answers' } : undefined,
		});
		await n8n.run({ parameters: sampleBy('async', { timeout: 0.1 }) });
		expect(n8n.clock.now() - START).toBeLessThan(15 * SECOND);
	});
});

describe('Reuse Within', () => {
	it('buys nothing where an equal request does not say when it was made', async () => {
		const n8n = n8nWith({ history: { timeForm: 'missing' } });
		n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age: HOUR / 2 });
		const words = wordsOf(await n8n.run({ parameters: REUSE }));
		expect(n8n.segmind.posts).toEqual([]);
		expect(words).toMatch(/^Reuse Within \(Hours\) .*does not say when request [\w-]+ was made/);
		expect(words).toMatch(/set the option to 0/);
	});

	it('takes no request whose output is its own motion video', async () => {
		const n8n = n8nWith({ history: { others: [aRow(-60_000, { url: SAMPLE_BODY.video_url })] } });
		const outcome = await n8n.run({ parameters: REUSE });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
	});
});
