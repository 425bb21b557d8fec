import { VIDEO, type FakeSettings } from '../support/fakeSegmind/service';
import { SAMPLE } from '../support/parameters';
import { limited } from '../support/rateLimit';
import { VirtualClock, VirtualN8n } from '../support/virtualN8n';

const MINUTE = 60_000;

/** Runs so many items in virtual time, and gives how long that took in ms and the most jobs alive at a time. */
async function run(items: number, options: object, settings: Partial<FakeSettings> = {}, clock = new VirtualClock()) {
	const latency = settings.latency ?? 608_000;
	const n8n = new VirtualN8n({ latency, ...settings }, clock);
	const began = clock.now();
	const parameters = (n: number) => ({ ...SAMPLE, prompt: `dance ${n}`, options: { maxRequests: items, ...options } });
	const outcome = await n8n.run({ items, parameters });
	const changes = n8n.segmind.jobs.flatMap(({ createdAt }) => [
		{ at: createdAt, by: 1 },
		{ at: createdAt + latency, by: -1 },
	]);
	let now = 0;
	let alive = 0;
	for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) alive = Math.max(alive, (now += by));
	return { n8n, ...outcome, took: clock.now() - began, alive };
}

it('runs items together: 20 take as long as one', async () => {
	const { items, took, alive, n8n } = await run(20, { maxConcurrency: 20 });
	expect(items).toHaveLength(20);
	expect(took).toBeLessThanOrEqual(608_000 + 5_000);
	expect(alive).toBe(20);
	expect(n8n.segmind.posts).toHaveLength(20);
});

it.each([
	[3, 20],
	[1, 3],
	[5, 12],
])('keeps at most %d jobs alive', async (maxConcurrency, count) => {
	const { items, alive, took } = await run(count, { maxConcurrency });
	expect(items?.map(({ pairedItem }) => pairedItem)).toEqual(Array.from({ length: count }, (_, item) => ({ item })));
	expect(alive).toBe(maxConcurrency);
	expect(took).toBeLessThanOrEqual(Math.ceil(count / maxConcurrency) * 613_000);
});

it('has five at a time by default', async () => expect((await run(12, {})).alive).toBe(5));

it.each([
	[5, 608_000, 57],
	[5, 606_000, 56],
	[30, 608_000, 21],
	[1, 12_345, 13],
])('adds at most one poll interval of %d s to a job of %d ms, in %d looks', async (pollInterval, latency, looks) => {
	const { took, n8n } = await run(1, { pollInterval }, { latency });
	expect(took - latency).toBeGreaterThanOrEqual(0);
	expect(took - latency).toBeLessThanOrEqual(pollInterval * 1_000);
	if (pollInterval === 5) expect((took - latency) / latency).toBeLessThan(0.01);
	expect(n8n.segmind.requestsTo('status')).toHaveLength(looks);
	expect(n8n.requests).toHaveLength(looks + 3);
});

it('does 1,000 items at 60 requests a minute without a storm of refusals', async () => {
	const clock = new VirtualClock();
	const { items, n8n, took } = await run(
		1_000,
		{ maxConcurrency: 100, timeout: 30 },
		{ latency: 30_000, ...limited(clock, 60, true) },
		clock,
	);
	expect(items?.filter(({ json }) => json.status === 'COMPLETED')).toHaveLength(1_000);
	const refused = n8n.segmind.posts.length - 1_000;
	// the first burst, then about one a minute
	expect(refused).toBeLessThanOrEqual(100 + 20);
	const atTheLimit = (1_000 / 60) * MINUTE;
	expect(took).toBeLessThan(atTheLimit * 1.1 + 30_000 + 5_000);
});

it.each(['async', 'sync'])('slows all submits where one is throttled without a time (%s)', async (apiMode) => {
	const clock = new VirtualClock();
	const { items, n8n } = await run(
		40,
		{ maxConcurrency: 20, apiMode },
		{ latency: 30_000, ...limited(clock, 10, false) },
		clock,
	);
	expect(items).toHaveLength(40);
	expect(n8n.segmind.jobs).toHaveLength(40);
	expect(n8n.segmind.posts.length).toBeLessThan(apiMode === 'async' ? 90 : 250);
});

it('lengthens the poll interval where polls are throttled', async () => {
	const throttledAt = new VirtualN8n({
		latency: 600_000,
		fault: (_request, route, count) => (route === 'status' && count < 3 ? { status: 429 } : undefined),
	});
	const { items } = await throttledAt.run({ parameters: SAMPLE });
	expect(throttledAt.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
	// 5 s were 120 polls, 40 s are 15, and the three that were refused
	expect(throttledAt.segmind.requestsTo('status').length).toBeLessThan(25);
});

it('starts no more than it works on, however many items wait', async () => {
	const clock = new VirtualClock();
	const { items, n8n } = await run(
		10_000,
		{ maxConcurrency: 5, downloadVideo: false, pollInterval: 10 },
		{ latency: 10_000 },
		clock,
	);
	expect(items).toHaveLength(10_000);
	expect(n8n.segmind.posts).toHaveLength(10_000);
	// a sleep and a time limit for each item under way
	expect(clock.mostSleepers).toBeLessThanOrEqual(10);
}, 240_000);

it('tells the editor and the log of each state, and the log of the id before anything else can happen', async () => {
	const n8n = new VirtualN8n({ latency: 20_000 });
	let beforePoll: string[] = [];
	n8n.segmind.settings.fault = (_request, route) => {
		if (route === 'status' && beforePoll.length === 0) beforePoll = [...n8n.logs];
		return undefined;
	};
	await n8n.run({ parameters: SAMPLE });
	const id = n8n.segmind.jobs[0]?.id;
	expect(n8n.messages).toEqual([
		'Item 0: checking its URLs',
		`Item 0: accepted, request ${id}`,
		`Item 0: PROCESSING, request ${id}`,
		`Item 0: COMPLETED, request ${id}`,
		`Item 0: downloading the video (0.03 MB), request ${id}`,
		`Item 0: video ready (${id}.mp4), request ${id}`,
	]);
	expect(beforePoll).toEqual([
		'Kling Motion Control, Item 0: checking its URLs',
		`Kling Motion Control, Item 0: accepted, request ${id}`,
	]);
	expect(n8n.logs).toHaveLength(6);
});
