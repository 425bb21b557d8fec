import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { fastClock, nodeOn } from '../support/clocks';
import type { FakeServer } from '../support/fakeSegmind/server';
import { VIDEO, type FakeSettings, type Fault } from '../support/fakeSegmind/service';
import { firstPosts } from '../support/histories';
import { bytesOf, storedFile, type WorkflowRun } from '../support/inProcessN8n';
import { mediaFile } from '../support/mediaFiles';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import { CONTINUE, credentialFor, FACTOR, inTimeOf, RETRY, runSample } from '../support/sample';

const RESET: Fault = { handled: true, cut: 'before' };
const MINUTE = 60_000;
const closers: Array<() => unknown> = [];

afterEach(async () => {
	await Promise.all(closers.splice(0).map(async (close) => await close()));
});

/** Runs the sample in n8n's own engine, on one clock with the service. */
async function run(
	settings: Partial<FakeSettings> | FakeServer,
	parameters: object = {},
	options: Partial<WorkflowRun> = {},
	clock = fastClock(FACTOR),
) {
	const given = 'segmind' in settings ? settings : { latency: 20_000, ...inTimeOf(clock), ...settings };
	const result = await runSample(given, parameters, { nodeType: nodeOn(clock), ...options });
	if (!('segmind' in settings)) closers.push(result.server.close);
	return { ...result, posts: result.server.segmind.posts.length };
}

it.each<[string, 'async' | 'sync', Fault]>([
	['a reset', 'async', RESET],
	['a 504', 'async', { handled: true, status: 504, body: '<html></html>' }],
	['a cut body', 'async', { handled: true, cut: 'middle', body: `{"info": "${'.'.repeat(200)}", "request_id": ` }],
	['a reset', 'sync', { ...RESET, after: 2_000 }],
	['a proxy page', 'sync', { handled: true, after: 2_000, status: 502, body: '<html></html>' }],
])("settles %s of %s in n8n's own engine", async (_lost, apiMode, fault) => {
	const { items, posts, server, error } = await run({ fault: firstPosts(fault) }, { options: { apiMode } });
	expect(error).toBeUndefined();
	expect(posts).toBe(1);
	expect(items[0]?.json).toMatchObject({ request_id: server.segmind.jobs[0]?.id, resumed: true });
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
});

it('finds a request with files by the URLs that they were uploaded to', async () => {
	const image = await storedFile(mediaFile('portrait.jpg'), 'char.jpg', 'image/jpeg');
	const video = await storedFile(VIDEO, 'motion.mp4', 'video/mp4');
	const { items, posts, server } = await run(
		{ fault: firstPosts(RESET) },
		{ imageSource: 'binary', videoSource: 'binary', options: { apiMode: 'async' } },
		{ input: [{ json: {}, binary: { image, video } }] },
	);
	expect(server.segmind.uploads).toHaveLength(2);
	expect(posts).toBe(1);
	expect(items[0]?.json).toMatchObject({ request_id: server.segmind.jobs[0]?.id, resumed: true });
});

it('settles a doubt of Submit Request, once under Retry On Fail', async () => {
	const { items, posts, server } = await run(
		{ fault: firstPosts(RESET) },
		{ operation: 'submit', options: {} },
		{ settings: { ...RETRY, ...CONTINUE } },
	);
	expect(posts).toBe(1);
	expect(items).toEqual([
		{
			json: { request_id: server.segmind.jobs[0]?.id, status: 'QUEUED', model: SAMPLE.model, resumed: true },
			pairedItem: { item: 0 },
		},
	]);
});

it("goes on after a crash in the Executions list's Retry", async () => {
	const clock = fastClock(FACTOR);
	const first = await run({}, {}, {}, clock);
	const again = await run(first.server, {}, { executionId: '2', mode: 'retry' }, clock);
	expect(again.posts).toBe(1);
	expect(again.items[0]?.json).toMatchObject({ request_id: first.items[0]?.json.request_id, resumed: true });
	expect((await bytesOf(again.items[0])).equals(VIDEO)).toBe(true);
});

it('takes an equal request of another execution with Reuse Within', async () => {
	const clock = fastClock(FACTOR);
	const options = { reuseWithin: 1 };
	const first = await run({}, { options }, {}, clock);
	const second = await run(first.server, { options }, { executionId: '2' }, clock);
	expect(second.posts).toBe(1);
	expect(second.items[0]?.json).toMatchObject({ request_id: first.items[0]?.json.request_id, reused: true });
	expect((await bytesOf(second.items[0])).equals(VIDEO)).toBe(true);
});

it('lists requests', async () => {
	const clock = fastClock(FACTOR);
	const first = await run({ latency: 0 }, {}, {}, clock);
	const { items } = await run(first.server, { operation: 'getRequests', returnAll: true, filters: {} }, {}, clock);
	expect(items).toHaveLength(1);
	expect(items[0]?.json).toMatchObject({ request_id: first.items[0]?.json.request_id, request: SAMPLE_BODY });
});

it.each([301, 302, 303, 307, 308])('follows no redirect with the key (%d)', async (status) => {
	const seen: unknown[] = [];
	const evil = createServer((request, response) => {
		seen.push(request.headers);
		response.end('[]');
	});
	await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
	closers.push(() => evil.close());
	const location = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/steal`;
	const fault: FakeSettings['fault'] = (_request, route) =>
		route === 'submit'
			? RESET
			: ['history', 'record'].includes(route)
				? { status, body: '', headers: { location } }
				: undefined;
	for (const parameters of [
		{ options: {} },
		{ options: { reuseWithin: 1 } },
		{ operation: 'getVideo', requestId: '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21', options: {} },
		{ operation: 'getRequests', filters: {} },
	]) {
		const { error, server } = await run({ fault }, parameters);
		expect(error).toBeDefined();
		expect(server.segmind.history.log).toHaveLength(1);
		expect(seen).toEqual([]);
	}
});

it('asks nothing where a test wants no history', async () => {
	const first = await run({ fault: firstPosts(RESET), latency: MINUTE });
	const { server } = first;
	server.segmind.history.log.length = 0;
	server.segmind.settings.fault = firstPosts(undefined, RESET);
	const { error } = await run(server, {}, { credential: { ...credentialFor(server), historyUrl: '' } });
	expect(error?.message).toMatch(/may have been accepted/);
	expect(server.segmind.history.log).toEqual([]);
});
