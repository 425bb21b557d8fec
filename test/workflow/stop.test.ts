import { setTimeout } from 'node:timers/promises';

import type { FakeServer } from '../support/fakeSegmind/server';
import type { FakeSettings, Route } from '../support/fakeSegmind/service';
import { SAMPLE } from '../support/parameters';
import { VirtualN8n } from '../support/virtualN8n';
import { CONTINUE, runSample } from '../support/sample';

let server: FakeServer | undefined;
afterEach(async () => await server?.close());

/** Starts the sample, stops it once the service saw that request, and gives how long the stop took in ms. */
async function stopAt(route: Route, settings: Partial<FakeSettings>, options: object = {}) {
	let stop = () => {};
	let stoppedAt = 0;
	const seen = async () => {
		await setTimeout(50);
		stoppedAt = performance.now();
		stop();
	};
	const result = await runSample(
		{
			latency: 60_000,
			...settings,
			fault(request, at, count) {
				if (at === route && count === 0) void seen();
				return settings.fault?.(request, at, count);
			},
		},
		{ options },
		{ onStart: (cancel) => (stop = cancel) },
	);
	server = result.server;
	const took = performance.now() - stoppedAt;
	const requests = server.segmind.log.length;
	await setTimeout(150);
	expect(server.segmind.log).toHaveLength(requests);
	expect(result.items).toEqual([]);
	expect(result.error?.message).toMatch(/^Stopped before the video was ready/);
	return took;
}

it.each<[string, Route, Partial<FakeSettings>, object]>([
	['a sleep between polls', 'status', {}, { pollInterval: 200 }],
	['the sleep before the first poll', 'submit', {}, { pollInterval: 3_000 }],
	[
		'a poll that is not answered',
		'status',
		{ fault: (_r, at) => (at === 'status' ? { cut: 'never answers' } : undefined) },
		{},
	],
	[
		'a wait after a failed poll',
		'status',
		{ fault: (_r, at) => (at === 'status' ? { status: 429, headers: { 'retry-after': '900' } } : undefined) },
		{},
	],
	['a blocking request', 'blocking', {}, { apiMode: 'sync' }],
	['a download', 'media', { latency: 0, fault: (_r, at) => (at === 'media' ? { cut: 'stalls' } : undefined) }, {}],
])('ends %s at once and sends nothing more', async (_name, route, settings, options) => {
	expect(await stopAt(route, settings, options)).toBeLessThan(200);
	expect(server?.segmind.posts).toHaveLength(1);
});

it('names the request that goes on', async () => {
	const n8n = new VirtualN8n({ latency: 600_000 });
	const { error } = await n8n.run({ parameters: SAMPLE, stopAt: 60_000, settings: CONTINUE });
	expect(error?.message).toBe('Stopped before the video was ready');
	expect(error?.description).toMatch(/cannot cancel/);
	expect(error?.description).toMatch(new RegExp(` Paid requests: item 0: ${n8n.segmind.jobs[0]?.id}\\.$`));
	const sent = n8n.requests.length;
	await n8n.clock.drive(n8n.clock.sleep(100_000));
	expect(n8n.requests).toHaveLength(sent);
});

it('says that a request which was stopped on its way may have been accepted', async () => {
	const n8n = new VirtualN8n({
		fault: (_r, at) => (at === 'submit' ? { handled: true, cut: 'never answers' } : undefined),
	});
	const { error } = await n8n.run({ parameters: SAMPLE, stopAt: 5_000 });
	expect(error?.message).toMatch(/may have been accepted/);
	expect(n8n.segmind.posts).toHaveLength(1);
});

it('sends nothing where it is stopped before it starts', async () => {
	const n8n = new VirtualN8n();
	const { error } = await n8n.run({ parameters: SAMPLE, items: 3, stopAt: 0 });
	expect(n8n.segmind.posts.length).toBeLessThanOrEqual(3);
	expect(error?.message).toMatch(/^Stopped/);
});
