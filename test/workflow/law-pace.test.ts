import { setTimeout } from 'node:timers/promises';

import { VIDEO } from '../support/fakeSegmind/service';
import { head, type Script } from '../support/front';
import { closeFronts, runFronted } from '../support/fronted';
import { storedFile } from '../support/inProcessN8n';
import { CONTINUE } from '../support/sample';

const NOT_SENT = /The request was not sent/;
const NOT_CHARGED = /This item was not charged/;
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

afterEach(closeFronts);

/** A script that throttles POSTs: for each of them in turn its Retry-After, or none; undefined lets it pass. */
function throttle(waits: Array<number | 'none' | undefined>, at: number[] = []): Script {
	let count = 0;
	return ({ request, socket }) => {
		if (request.method !== 'POST') return 'answer';
		at.push(performance.now());
		const wait = waits[count++];
		if (wait === undefined) return 'answer';
		const headers = wait === 'none' ? undefined : { 'retry-after': String(wait) };
		return void socket.end(Buffer.concat([head(429, headers), Buffer.from('{}')]));
	};
}

describe('6. a deadline that comes before the rate limit is lifted', () => {
	it.each([1, 2, 5])('sends nothing more, %d at a time', async (maxConcurrency) => {
		const result = await runFronted({
			factor: 10,
			api: throttle([100, ...Array.from({ length: 20 }, () => 'none' as const)]),
			options: { maxConcurrency, timeout: 0.05 },
			run: { input: items(6), settings: CONTINUE },
		});
		// those that were under way when the first refusal came, but none at the deadline
		expect(result.posts).toBeLessThanOrEqual(maxConcurrency);
		expect(result.server.segmind.jobs).toHaveLength(0);
		expect(result.items).toHaveLength(6);
		for (const { json } of result.items) expect(String(json.error)).toMatch(/rate limit|not sent/);
		expect(String(result.items[5]?.json.error)).toMatch(NOT_SENT);
		expect(result.text).not.toMatch(/not ready|may have been accepted/);
	});

	it('says that the item was not sent and not charged, where it ends the run', async () => {
		const result = await runFronted({
			factor: 10,
			api: throttle([100]),
			options: { maxConcurrency: 1, timeout: 0.05 },
			run: { settings: {} },
		});
		expect(result.posts).toBe(1);
		expect(result.text).toMatch(NOT_CHARGED);
		expect(result.text).not.toMatch(/not ready|may have been accepted/);
	});

	it('counts for those that wait their turn behind others', async () => {
		const at: number[] = [];
		// one after another, each refused for a second of the node's time, until the 6 s are over
		const result = await runFronted({
			factor: 10,
			api: throttle(
				Array.from({ length: 99 }, () => 1),
				at,
			),
			options: { maxConcurrency: 6, timeout: 0.1 },
			run: { input: items(6), settings: CONTINUE },
		});
		expect(result.server.segmind.jobs).toHaveLength(0);
		// 6 s of the node's time are 600 ms, and the items began before the first POST
		expect(Math.max(...at) - Math.min(...at)).toBeLessThan(620);
		for (const { json } of result.items) expect(String(json.error)).toMatch(/rate limit|not sent/);
	});
});

describe('6. a timeout below the time of one request', () => {
	it.each([0.000_1, 0.001, 0.003])('of %d minutes buys nothing', async (timeout) => {
		for (const apiMode of ['async', 'sync', 'auto']) {
			const { posts, text } = await runFronted({ factor: 1, options: { timeout, apiMode } });
			expect(posts).toBe(0);
			expect(text).toMatch(NOT_SENT);
			expect(text).toMatch(NOT_CHARGED);
		}
	});

	it('that the upload used up buys nothing', async () => {
		const { posts, storage, text } = await runFronted({
			factor: 10,
			storage: ({ handle, socket }) =>
				handle().then(async (reply) => {
					await setTimeout(400);
					socket.end(Buffer.concat([head(reply.status), reply.body]));
				}),
			options: { timeout: 0.05 },
			parameters: { videoSource: 'binary' },
			run: { input: [{ json: {}, binary: { video: await storedFile(VIDEO, 'v.mp4', 'video/mp4') } }], settings: {} },
		});
		expect(storage.requests).toHaveLength(1);
		expect(posts).toBe(0);
		expect(text).toMatch(NOT_CHARGED);
	});

	it('that v2 used up before it was found missing is not spent on v1', async () => {
		const { api, text } = await runFronted({
			factor: 10,
			api: ({ request, socket }) => {
				if (request.method !== 'POST') return 'answer';
				return setTimeout(350).then(() => void socket.end(head(404)));
			},
			options: { timeout: 0.05 },
			run: { settings: {} },
		});
		expect(api.posts().map(({ path }) => path.slice(0, 4))).toEqual(['/v2/']);
		expect(text).toMatch(NOT_CHARGED);
	});
});

describe('6. a wait that the service asked for', () => {
	const gaps = (at: number[]) => at.slice(1).map((time, n) => time - at[n]);

	it('is not shortened by a later answer that asks for none', async () => {
		const at: number[] = [];
		const { posts } = await runFronted({ factor: 50, api: throttle([8, 'none', 'none'], at), run: { settings: {} } });
		expect(posts).toBe(4);
		// 8 s of the node's time are 160 ms
		for (const gap of gaps(at)) expect(gap).toBeGreaterThanOrEqual(159);
	});

	it('is not shortened by one that asks for less before it is over', async () => {
		const at: number[] = [];
		const api = throttle([8, 1, 1], at);
		await runFronted({
			factor: 50,
			api,
			options: { maxConcurrency: 3 },
			run: { input: items(3), settings: {} },
		});
		const sorted = at.sort((a, b) => a - b);
		expect(sorted[3] - sorted[0]).toBeGreaterThanOrEqual(159);
	});

	it('holds for the other items, too', async () => {
		const at: number[] = [];
		await runFronted({
			factor: 50,
			api: throttle([8], at),
			options: { maxConcurrency: 1 },
			run: { input: items(3), settings: {} },
		});
		expect(at[1] - at[0]).toBeGreaterThanOrEqual(159);
	});
});
