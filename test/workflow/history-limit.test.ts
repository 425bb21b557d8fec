import { NODE_TYPE } from '../support/inProcessN8n';
import { deliveredJobs, firstPosts, n8nWith, wordsOf } from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const MINUTE = 60_000;
const CONTINUE = { onError: 'continueRegularOutput' as const };
const PRO = 'kling-2.6-pro-motion-control';
const limit = (maxRequests?: number, more: object = {}) => ({
	...SAMPLE,
	options: { ...(maxRequests !== undefined && { maxRequests }), ...more },
});
const ENDED = /; this node may buy \d+ in one execution[^.]*\. Raise Max Paid Requests, or send fewer items\./;

it('ends before the first of too many is paid for', async () => {
	for (const operation of ['generate', 'submit']) {
		const n8n = n8nWith({});
		const outcome = await n8n.run({ parameters: { ...SAMPLE, operation }, items: 60 });
		const words =
			'60 videos would cost about $58; this node may buy 50 in one execution. Raise Max Paid Requests, or send fewer items.';
		expect(wordsOf(outcome).slice(0, words.length)).toBe(words);
		// one error is about all of them
		expect(wordsOf(outcome)).not.toMatch(/failed too/);
		expect(n8n.segmind.posts).toEqual([]);
		expect(n8n.segmind.uploads).toEqual([]);
	}
});

it.each<[number, (item: number) => string, string]>([
	[2, () => PRO, '2 videos would cost about $3;'],
	[60, (item) => (item % 2 ? PRO : SAMPLE.model), '60 videos would cost about $81;'],
	[4, () => SAMPLE.model, '4 videos would cost about $4;'],
])('adds up the prices of %d videos', async (items, modelOf, words) => {
	const n8n = n8nWith({});
	const parameters = (item: number) => ({ ...limit(1), model: modelOf(item) });
	expect(wordsOf(await n8n.run({ parameters, items }))).toContain(words);
	expect(n8n.segmind.posts).toEqual([]);
});

it.each([
	[undefined, 50],
	[3, 3],
	['4', 4],
])('buys as many as it may: Max Paid Requests %p', async (maxRequests, items) => {
	const n8n = n8nWith({ latency: 10_000 });
	const options = maxRequests === undefined ? {} : { maxRequests };
	const outcome = await n8n.run({ parameters: { ...SAMPLE, options }, items });
	expect(deliveredJobs(n8n, outcome)).toHaveLength(items);
	n8n.runIndex = 1;
	expect(wordsOf(await n8n.run({ parameters: { ...SAMPLE, options } }))).toMatch(ENDED);
	expect(n8n.segmind.posts).toHaveLength(items);
});

it.each([-1, 'many', null])('refuses %p', async (maxRequests) => {
	const n8n = n8nWith({});
	const { error } = await n8n.run({ parameters: { ...SAMPLE, options: { maxRequests } } });
	expect(error?.message).toMatch(/Max Paid Requests/);
	expect(n8n.segmind.log).toEqual([]);
});

describe('what counts', () => {
	/** Whether the same items, run once more in the same execution, may be bought. */
	async function buys(n8n: VirtualN8n, parameters: object, run: object = {}): Promise<boolean> {
		const before = n8n.segmind.posts.length;
		const { error } = await n8n.run({ parameters, ...run });
		if (error) expect(wordsOf({ error })).toMatch(ENDED);
		return n8n.segmind.posts.length > before;
	}

	it('loop iterations', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		const bought: boolean[] = [];
		for (; n8n.runIndex < 4; n8n.runIndex++) bought.push(await buys(n8n, limit(3)));
		expect(bought).toEqual([true, true, true, false]);
		expect(n8n.segmind.posts).toHaveLength(3);
	});

	it('all items of an iteration together', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		expect(await buys(n8n, limit(5), { items: 3 })).toBe(true);
		n8n.runIndex = 1;
		expect(await buys(n8n, limit(5), { items: 3 })).toBe(false);
		expect(n8n.segmind.posts).toHaveLength(3);
	});

	it("the calls of an agent's tool", async () => {
		const n8n = n8nWith({ latency: 10_000 });
		const settings = { type: `${NODE_TYPE}Tool` };
		const bought: boolean[] = [];
		for (; n8n.runIndex < 4; n8n.runIndex++) {
			bought.push(await buys(n8n, { ...limit(3), prompt: `words ${n8n.runIndex}` }, { settings }));
		}
		expect(bought).toEqual([true, true, true, false]);
	});

	it('what is in the ledger, not what is tried again: a retry goes on', async () => {
		const n8n = n8nWith({
			latency: 10_000,
			fault: (_request, route, count) => (route === 'media' && count < 5 ? { status: 503 } : undefined),
		});
		const outcome = await n8n.run({ parameters: limit(2, { maxConcurrency: 1 }), items: 2, tries: 3 });
		expect(deliveredJobs(n8n, outcome)).toHaveLength(2);
		expect(n8n.segmind.posts).toHaveLength(2);
	});

	it('not what failed', async () => {
		const n8n = n8nWith({ latency: 10_000, fails: (n) => (n < 3 ? 'no person' : undefined) });
		const outcome = await n8n.run({ parameters: limit(1), tries: 4 });
		expect(deliveredJobs(n8n, outcome)).toEqual([n8n.segmind.jobs[3]]);
	});

	it('not what was refused', async () => {
		const n8n = n8nWith({ latency: 10_000, fault: firstPosts({ status: 400 }, { status: 400 }) });
		expect(deliveredJobs(n8n, await n8n.run({ parameters: limit(1), tries: 3 }))).toHaveLength(1);
	});

	it('not what is reused', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		for (let age = 1; age <= 4; age++) {
			n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age: age * MINUTE });
		}
		const outcome = await n8n.run({ parameters: limit(1, { reuseWithin: 1 }), items: 5 });
		expect(deliveredJobs(n8n, outcome)).toHaveLength(5);
		expect(n8n.segmind.posts).toHaveLength(1);
	});

	it('not what another node, or another execution, bought', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		expect(await buys(n8n, limit(1))).toBe(true);
		n8n.context = {};
		n8n.executionId = '2';
		expect(await buys(n8n, limit(1))).toBe(true);
	});

	it('not items that are not valid', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		const parameters = (item: number) => ({ ...limit(2), prompt: item < 2 ? `dance ${item}` : '' });
		const { items } = await n8n.run({ parameters, items: 4, settings: CONTINUE });
		expect(items?.map(({ json }) => json.status ?? 'error')).toEqual(['COMPLETED', 'COMPLETED', 'error', 'error']);
	});

	it('nothing for Get Video and Get Credit Balance', async () => {
		const n8n = n8nWith({ latency: 10_000 });
		const { id } = n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age: MINUTE });
		for (const operation of ['getVideo', 'getCredits']) {
			const { error } = await n8n.run({ parameters: { operation, requestId: id, options: {} }, items: 60 });
			expect(error).toBeUndefined();
		}
	});
});

it('is an error of each item with Continue On Fail, and pays for none', async () => {
	const n8n = n8nWith({});
	const { items, error } = await n8n.run({ parameters: limit(2), items: 3, settings: CONTINUE, tries: 2 });
	expect(error).toBeUndefined();
	expect(items?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	for (const { json } of items ?? []) {
		expect(json.error).toMatch(/^3 videos would cost about \$3; this node may buy 2 in one execution/);
	}
	expect(n8n.segmind.posts).toEqual([]);
});

it('lets what was bought before be delivered, where the rest is too much (Continue On Fail)', async () => {
	const n8n = n8nWith({ latency: 10_000 });
	const dance = (item: number) => ({ ...limit(2), prompt: `dance ${item}` });
	await n8n.run({ parameters: dance, items: 2, settings: CONTINUE });
	const { items } = await n8n.run({ parameters: dance, items: 4, settings: CONTINUE });
	expect(items?.map(({ json }) => json.status ?? 'error')).toEqual(['COMPLETED', 'COMPLETED', 'error', 'error']);
	expect(n8n.segmind.posts).toHaveLength(2);
});
