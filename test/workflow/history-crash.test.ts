import { deliveredJobs, firstPosts, LATENCY, n8nWith, sampleBy } from '../support/histories';
import type { FakeSettings } from '../support/fakeSegmind/service';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** An execution that is retried from the Executions list; those of these ages, in ms, were asked for before. */
function retried(ages: number[], settings: Partial<FakeSettings> = {}, failure?: string): VirtualN8n {
	const n8n = n8nWith(settings);
	for (const age of ages) n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age, failure });
	n8n.executionId = '2';
	n8n.mode = 'retry';
	return n8n;
}

describe('a retry of an execution that died, which left nothing in the ledger', () => {
	it.each([
		['is pending', LATENCY - MINUTE],
		['is finished', LATENCY + MINUTE],
		['is finished, almost an hour ago', HOUR - MINUTE],
	])('goes on with the request that %s', async (_state, age) => {
		const n8n = retried([age]);
		const outcome = await n8n.run({ parameters: SAMPLE });
		expect(n8n.segmind.posts).toEqual([]);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		expect(outcome.items?.[0]?.json.resumed).toBe(true);
		expect(outcome.items?.[0]?.json.reused).toBeUndefined();
		const hints = n8n.hints.map(({ message }) => message).join(' ');
		expect(hints).toContain(n8n.segmind.jobs[0]?.id);
		expect(hints).toMatch(/run|execute/i);
	});

	it('gives each of its equal items one of its own, and buys what is left', async () => {
		const n8n = retried([20 * MINUTE, 10 * MINUTE]);
		const jobs = deliveredJobs(n8n, await n8n.run({ parameters: SAMPLE, items: 3 }));
		expect(new Set(jobs.map(({ id }) => id)).size).toBe(3);
		expect(n8n.segmind.posts).toHaveLength(1);
	});

	it('asks once for all items', async () => {
		const n8n = retried([]);
		for (let item = 0; item < 20; item++) {
			n8n.segmind.remember({ model: SAMPLE.model, request: { ...SAMPLE_BODY, prompt: `dance ${item}` }, age: MINUTE });
		}
		const parameters = (item: number) => ({ ...SAMPLE, prompt: `dance ${item}` });
		const jobs = deliveredJobs(n8n, await n8n.run({ parameters, items: 20 }));
		expect(jobs).toEqual(n8n.segmind.jobs);
		expect(n8n.segmind.history.log).toHaveLength(1);
	});

	it.each<[string, VirtualN8n]>([
		['is more than an hour old', retried([HOUR + MINUTE])],
		['failed', retried([10 * MINUTE], {}, 'no person')],
		['has other inputs', retried([10 * MINUTE], { history: { lie: 'other inputs' } })],
		['is of another model', retried([10 * MINUTE], { history: { lie: 'another model' } })],
		['is in no history', retried([10 * MINUTE], { history: { answers: 'not found' } })],
		[
			'is in a history that fails',
			retried([10 * MINUTE], { fault: (_r, at) => (at === 'history' ? { status: 400 } : undefined) }),
		],
	])('buys where the earlier request %s', async (_why, n8n) => {
		const [bought] = deliveredJobs(n8n, await n8n.run({ parameters: SAMPLE }));
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(bought).toBe(n8n.segmind.jobs[1]);
		expect(n8n.hints.map(({ message }) => message).join()).not.toContain(n8n.segmind.jobs[0]?.id);
	});
});

it('asks nothing in a retry whose ledger has an entry', async () => {
	const n8n = n8nWith({
		fault: (_request, route, count) => (route === 'status' && count === 0 ? { status: 403 } : undefined),
	});
	expect((await n8n.run({ parameters: SAMPLE })).error).toBeDefined();
	n8n.executionId = '2';
	n8n.mode = 'retry';
	expect(deliveredJobs(n8n, await n8n.run({ parameters: SAMPLE }))).toEqual(n8n.segmind.jobs);
	expect(n8n.segmind.history.log).toEqual([]);
});

it('asks nothing in an execution that is no retry', async () => {
	const n8n = retried([10 * MINUTE]);
	n8n.mode = 'manual';
	const [bought] = deliveredJobs(n8n, await n8n.run({ parameters: SAMPLE }));
	expect(bought).toBe(n8n.segmind.jobs[1]);
	expect(n8n.segmind.history.log).toEqual([]);
});

it('settles a doubt of the retry itself, too', async () => {
	const n8n = retried([HOUR + MINUTE], { fault: firstPosts({ handled: true, cut: 'before' }) });
	const outcome = await n8n.run({ parameters: sampleBy('async') });
	expect(deliveredJobs(n8n, outcome)).toEqual([n8n.segmind.jobs[1]]);
	expect(n8n.segmind.posts).toHaveLength(1);
});
