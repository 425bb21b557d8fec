import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

import { NO_HISTORY } from '../support/fakeSegmind/history';
import type { FakeServer } from '../support/fakeSegmind/server';
import { VIDEO, type FakeJob, type FakeSettings } from '../support/fakeSegmind/service';
import { BINARY_FOLDERS, bytesOf, NODE_TYPE, savedForRetry } from '../support/inProcessN8n';
import { SAMPLE } from '../support/parameters';
import { VirtualN8n } from '../support/virtualN8n';
import { CONTINUE, RETRY, runSample, withFiles } from '../support/sample';

const HOUR = 60 * 60_000;
const THREE = [{ json: { n: 0 } }, { json: { n: 1 } }, { json: { n: 2 } }];
const PROMPT = { prompt: '=dance {{ $json.n }}' };
let server: FakeServer | undefined;

afterEach(async () => await server?.close());

async function run(...args: Parameters<typeof runSample>) {
	const result = await runSample(...args);
	server = result.server;
	return { ...result, posts: server.segmind.posts.length };
}

const mediaFails = (times: number): Partial<FakeSettings> => ({
	fault: (_request, route, count) => (route === 'media' && count < times ? { status: 503 } : undefined),
});

describe("n8n's own Retry On Fail", () => {
	it('goes on with the same request where the download fails at first', async () => {
		// five tries of a download at each of the first two runs of the node, and two more
		const { posts, items } = await run(mediaFails(12), {}, { settings: RETRY });
		expect(posts).toBe(1);
		expect(server?.segmind.requestsTo('media')).toHaveLength(13);
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
		expect(items[0]?.json.resumed).toBe(true);
	});

	it.each(['sync', 'async'])('never repeats a POST that may have been accepted (%s)', async (apiMode) => {
		for (const fault of [
			{ cut: 'before' as const, handled: true },
			{ status: 500 },
			{ status: 502 },
			{ status: 504 },
		]) {
			const { posts, error } = await run(
				{ history: NO_HISTORY, fault: (request) => (request.method === 'POST' ? fault : undefined) },
				{ options: { apiMode } },
				{ settings: RETRY },
			);
			expect(posts).toBe(1);
			expect(error?.message).toMatch(/may have been accepted/);
			expect(error?.message).toMatch(/charged, so it was not sent again$/);
			if ('status' in fault) expect(error?.httpCode).toBe(String(fault.status));
			expect(error?.description).toMatch(/Generations page/);
			await server?.close();
		}
	});

	it('makes a new request where the first one failed', async () => {
		const { posts, items } = await run({ fails: (n) => (n === 0 ? 'no person' : undefined) }, {}, { settings: RETRY });
		expect(posts).toBe(2);
		expect(items[0]?.json.request_id).toBe(server?.segmind.jobs[1]?.id);
		expect(items[0]?.json.resumed).toBeUndefined();
	});

	it('does not buy the other items again', async () => {
		const { posts, items } = await run(
			{ fails: (n, request) => (n < 3 && request.prompt === 'dance 1' ? 'no person' : undefined) },
			PROMPT,
			{ settings: RETRY, input: THREE },
		);
		expect(posts).toBe(4);
		expect(items.map(({ json }) => json.resumed)).toEqual([true, undefined, true]);
	});
});

describe('Continue On Fail with Retry On Fail, where n8n runs the node again for its first item', () => {
	it.each(['async', 'sync'])('buys the other items once (%s)', async (apiMode) => {
		const { posts, items } = await run(
			{ fails: (_n, request) => (request.prompt === 'dance 0' ? 'no person' : undefined) },
			{ ...PROMPT, options: { apiMode } },
			{ settings: { ...RETRY, ...CONTINUE }, input: THREE },
		);
		// the first item fails three times, which is not charged
		expect(posts).toBe(5);
		expect(items[0]?.json).toMatchObject({ status: 'FAILED', error: expect.stringContaining('no person') });
		for (const item of items.slice(1)) expect((await bytesOf(item)).equals(VIDEO)).toBe(true);
	});
});

describe("the Executions list's Retry", () => {
	it('goes on with the request of the failed execution', async () => {
		const first = await run(mediaFails(5));
		expect(first.error?.message).toMatch(/HTTP 503/);
		const second = await run(first.server, {}, { executionId: '2', retryOf: savedForRetry(first) });
		expect(second.posts).toBe(1);
		expect((await bytesOf(second.items[0])).equals(VIDEO)).toBe(true);
		expect(second.items[0]?.json).toMatchObject({ resumed: true, request_id: first.server.segmind.jobs[0]?.id });
	});

	withFiles.each(['async', 'sync'])('fetches the video that n8n could not store at first (%s)', async (apiMode) => {
		const parameters = { options: { apiMode } };
		for (const folder of BINARY_FOLDERS) {
			rmSync(folder, { recursive: true, force: true });
			writeFileSync(folder, 'not a folder');
		}
		const first = await run({}, parameters);
		for (const folder of BINARY_FOLDERS) {
			rmSync(folder);
			mkdirSync(folder);
		}
		const id = first.server.segmind.jobs[0]?.id;
		expect(first.error?.message).toMatch(/^n8n could not store the video \(E[A-Z]+\)/);
		expect(first.error?.description).toContain(` item 0: ${id}`);
		expect(first.error?.description).toMatch(/^Check the place where n8n keeps binary data: /);

		const second = await run(first.server, parameters, { executionId: '2', retryOf: savedForRetry(first) });
		expect(second.posts).toBe(1);
		expect((await bytesOf(second.items[0])).equals(VIDEO)).toBe(true);
	});

	it('makes a new request where nobody knows whether there was one: the person has seen the error', async () => {
		const first = await run({
			fault: (_request, route, count) => (route === 'submit' && count === 0 ? { status: 502 } : undefined),
		});
		const second = await run(first.server, {}, { executionId: '2', retryOf: savedForRetry(first) });
		expect(second.posts).toBe(2);
		expect((await bytesOf(second.items[0])).equals(VIDEO)).toBe(true);
	});
});

describe('the ledger', () => {
	/** An execution whose polls are all refused, so that it ends with a known request. */
	async function interrupted() {
		const n8n = new VirtualN8n({ latency: 10_000, history: NO_HISTORY });
		n8n.segmind.settings.fault = (_request, route) => (route === 'status' ? { status: 403 } : undefined);
		expect((await n8n.run({ parameters: SAMPLE })).error).toBeDefined();
		n8n.segmind.settings.fault = () => undefined;
		return n8n;
	}

	it('is forgotten after an hour, by a later execution only', async () => {
		for (const [age, executionId, posts] of [
			[0.9 * HOUR, '2', 1],
			[1.1 * HOUR, '2', 2],
			[1.1 * HOUR, '1', 1],
		] as const) {
			const n8n = await interrupted();
			await n8n.clock.drive(n8n.clock.sleep(age));
			n8n.executionId = executionId;
			await n8n.run({ parameters: SAMPLE });
			expect(n8n.segmind.posts).toHaveLength(posts);
		}
	});

	it('keeps a finished video for seven days', async () => {
		for (const [days, posts] of [
			[6.9, 1],
			[7.1, 2],
		] as const) {
			const n8n = new VirtualN8n(mediaFails(5));
			expect((await n8n.run({ parameters: SAMPLE })).error).toBeDefined();
			await n8n.clock.drive(n8n.clock.sleep(days * 24 * HOUR));
			n8n.executionId = '2';
			const { items } = await n8n.run({ parameters: SAMPLE });
			expect(n8n.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
			expect(n8n.segmind.posts).toHaveLength(posts);
		}
	});

	it('does not ask Segmind for a result that it knows', async () => {
		const n8n = new VirtualN8n(mediaFails(5));
		const { items } = await n8n.run({ parameters: SAMPLE, tries: 2 });
		expect(n8n.segmind.requestsTo('result')).toHaveLength(1);
		expect(items?.[0]?.json).toMatchObject({ metrics: { cost: 0.967 }, resumed: true });
	});

	it('buys equal items and equal loop iterations one by one', async () => {
		const n8n = new VirtualN8n();
		await n8n.run({ parameters: SAMPLE, items: 2 });
		expect(n8n.segmind.posts).toHaveLength(2);
		n8n.runIndex = 1;
		await n8n.run({ parameters: SAMPLE, items: 2 });
		expect(n8n.segmind.posts).toHaveLength(4);
	});

	it('buys once as a tool, where n8n counts each try and each call of the model as a run', async () => {
		const n8n = await interrupted();
		n8n.runIndex = 1;
		const settings = { type: `${NODE_TYPE}Tool` };
		const { items } = await n8n.run({ parameters: SAMPLE, settings });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(items?.[0]?.json.resumed).toBe(true);
		await n8n.run({ parameters: { ...SAMPLE, prompt: 'another' }, settings });
		expect(n8n.segmind.posts).toHaveLength(2);
	});

	it.each([{ prompt: 'another' }, { model: 'kling-2.6-pro-motion-control' }, { imageUrl: '' }])(
		'takes %j for another request',
		async (change) => {
			const n8n = await interrupted();
			await n8n.run({ parameters: { ...SAMPLE, ...change } });
			expect(n8n.segmind.posts).toHaveLength(2);
		},
	);

	it('keeps the id of a blocking request whose body broke off', async () => {
		const n8n = new VirtualN8n({
			fault: (_request, route) => (route === 'blocking' ? { handled: true, cut: 'middle' } : undefined),
		});
		const parameters = { ...SAMPLE, options: { apiMode: 'sync' } };
		const { items } = await n8n.run({ parameters, tries: 2 });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(n8n.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
	});
});

it('delivers 40 videos for 40 POSTs where a fifth of all GETs fail', async () => {
	const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
	console.log(`seed ${seed}`);
	let state = seed;
	const chance = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
	const faults = [
		{ status: 500 },
		{ status: 429 },
		{ cut: 'before' as const, handled: true },
		{ cut: 'middle' as const },
		{ status: 502, body: '<html>' },
	];
	const video = (job: FakeJob) => Buffer.concat([VIDEO, Buffer.from(String(job.request.prompt))]);
	const { posts, items, error } = await run(
		{
			video,
			fault: ({ method }) =>
				method === 'GET' && chance() < 0.2 ? faults[Math.floor(chance() * faults.length)] : undefined,
		},
		{ ...PROMPT, options: { maxConcurrency: 10 } },
		{ input: Array.from({ length: 40 }, (_, n) => ({ json: { n } })), settings: RETRY },
	);
	expect(error).toBeUndefined();
	expect(posts).toBe(40);
	expect(items).toHaveLength(40);
	for (const [n, item] of items.entries()) {
		expect((await bytesOf(item)).subarray(VIDEO.length).toString()).toBe(`dance ${n}`);
	}
});

it('lets the items under way reach the ledger before one error ends the node, and names their requests', async () => {
	const n8n = new VirtualN8n({
		latency: 60_000,
		fails: (_n, request) => (request.prompt === 'dance 1' ? 'no person' : undefined),
	});
	const { error } = await n8n.run({ items: 3, parameters: (n) => ({ ...SAMPLE, prompt: `dance ${n}` }) });
	const [first, failed, third] = n8n.segmind.jobs;
	const words = `${error?.message} ${error?.description}`;
	for (const job of n8n.segmind.jobs) expect(words.split(job.id)).toHaveLength(2);
	expect(words).toContain(`Failed requests, not charged: item 1: ${failed?.id}.`);
	expect(error?.context.itemIndex).toBe(1);
	expect(error?.description).toContain(
		`Don't execute the step again, that buys the other items again: choose Retry with currently saved workflow in Executions. Get Video fetches a video for free by its request ID.`,
	);
	expect(words).toMatch(new RegExp(` Paid requests: item 0: ${first?.id}, item 2: ${third?.id}\\.$`));
	expect(n8n.segmind.posts).toHaveLength(3);
});
