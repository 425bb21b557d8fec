import fc from 'fast-check';

import { NO_HISTORY, type HistorySettings } from './support/fakeSegmind/history';
import { KEY, VIDEO, type Fault, type FakeJob, type Route } from './support/fakeSegmind/service';
import { SAMPLE } from './support/parameters';
import { VirtualClock, VirtualN8n, type Outcome } from './support/virtualN8n';

/** How many schedules each property tries: SCHEDULES=100000 for a long run. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 250);

const TRANSIENT: Fault[] = [
	{ status: 408 },
	{ status: 429 },
	{ status: 429, headers: { 'retry-after': '20' } },
	{ status: 500, body: '<html></html>' },
	{ status: 502, handled: true },
	{ status: 503 },
	{ handled: true, cut: 'before' },
	{ handled: true, cut: 'middle' },
	{ handled: true, cut: 'never answers' },
	{ status: 200, handled: true, body: '{"sta' },
	{ status: 200, handled: true, body: '' },
];
/** 422 is not among them: it tells that a job failed, which here is the service's own to say. */
const ANY: Fault[] = [
	...TRANSIENT,
	...[302, 400, 401, 403, 404, 405, 406, 410, 504].map((status) => ({ status })),
	{ status: 504, handled: true },
	{ status: 200, cut: 'before' },
	{ status: 200, handled: true, body: { status: 'ON HOLD' } },
];

interface Schedule {
	items: number;
	concurrency: number;
	tries: number;
	continueOnFail: boolean;
	apiMode: string;
	bytes: boolean;
	/** s */
	latency: number;
	/** minutes */
	timeout: number;
	/** Which jobs fail, by their number. */
	failing: boolean[];
	/** The nth request of a route meets a fault. */
	faults: Array<{ route: Route; count: number; fault: Fault }>;
	chance: number;
	/** How late the history shows a request, in ms; absent where there is no history. */
	history?: number;
	stopAt?: number;
}

/** Purchases whose id no answer told but one of the history, and those of them that were found by it. */
const doubts = { met: 0, settled: 0 };
afterAll(() => console.log(`${doubts.settled} of ${doubts.met} doubts were settled by the history`));

const route = fc.constantFrom<Route[]>('submit', 'blocking', 'status', 'result', 'media', 'history', 'record');

function schedules(
	faults: Schedule['faults'] extends Array<infer F> ? fc.Arbitrary<F[]> : never,
): fc.Arbitrary<Schedule> {
	return fc.record(
		{
			items: fc.integer({ min: 1, max: 4 }),
			concurrency: fc.integer({ min: 1, max: 4 }),
			tries: fc.integer({ min: 1, max: 4 }),
			continueOnFail: fc.boolean(),
			apiMode: fc.constantFrom('auto', 'async', 'sync'),
			bytes: fc.boolean(),
			latency: fc.integer({ min: 0, max: 90 }),
			timeout: fc.constantFrom(1, 2, 30),
			failing: fc.array(fc.boolean(), { maxLength: 6 }),
			faults,
			chance: fc.double({ min: 0, max: 1, noNaN: true }),
			history: fc.constantFrom(0, 0, 20_000, 200_000),
			stopAt: fc.integer({ min: 0, max: 100_000 }),
		},
		{
			requiredKeys: [
				'items',
				'concurrency',
				'tries',
				'continueOnFail',
				'apiMode',
				'bytes',
				'latency',
				'timeout',
				'failing',
				'faults',
				'chance',
			],
		},
	);
}

const anyFaults = fc.array(fc.record({ route, count: fc.nat({ max: 12 }), fault: fc.constantFrom(...ANY) }), {
	maxLength: 14,
});

/** Runs a schedule and checks what must hold whatever happens. */
async function check(schedule: Schedule): Promise<{ n8n: VirtualN8n; outcome: Outcome }> {
	const history: Partial<HistorySettings> = schedule.history === undefined ? NO_HISTORY : { delay: schedule.history };
	const n8n = new VirtualN8n(
		{
			history,
			latency: schedule.latency * 1_000,
			v1: schedule.bytes ? 'bytes' : (_job, url) => ({ video: { url } }),
			video: bytesOf,
			fails: (number) => (schedule.failing[number] ? 'no person' : undefined),
			fault: (_request, at, count) =>
				schedule.faults.find((entry) => entry.route === at && entry.count === count)?.fault,
		},
		new VirtualClock(() => schedule.chance),
	);
	const { apiMode, timeout, concurrency: maxConcurrency } = schedule;
	const outcome = await n8n.run({
		parameters: (itemIndex) => ({
			...SAMPLE,
			prompt: `item ${itemIndex}`,
			options: { apiMode, timeout, maxConcurrency },
		}),
		items: schedule.items,
		tries: schedule.tries,
		settings: schedule.continueOnFail ? { onError: 'continueRegularOutput' } : {},
		stopAt: schedule.stopAt,
	});

	// never two accepted POSTs for one item unless all but the last job failed
	for (let item = 0; item < schedule.items; item++) {
		const jobs = n8n.segmind.jobs.filter(({ request }) => request.prompt === `item ${item}`);
		expect(jobs.slice(0, -1).filter(({ failure }) => failure === undefined)).toEqual([]);
	}
	// every job whose id the service told is in an output or an error
	const said = n8n.outcomes
		.map(({ items, error }) => `${JSON.stringify(items)} ${error?.message} ${error?.description}`)
		.join('\n');
	// the history may write an id without its dashes
	for (const id of n8n.told) expect(said.replaceAll('-', '')).toContain(id.replaceAll('-', ''));
	// one that was accepted without telling is found by the history, or at least said to be possible
	const untold = n8n.segmind.jobs.filter(({ id, failure }) => failure === undefined && !n8n.told.has(id));
	const lost = untold.filter(({ id }) => !said.includes(id));
	if (lost.length > 0) expect(said).toMatch(/may have been accepted|goes on there/);
	if (schedule.history !== undefined) {
		doubts.met += untold.length;
		doubts.settled += untold.length - lost.length;
	}
	expect(said + n8n.messages.join()).not.toContain(KEY);
	expect(n8n.clock.mostSleepers).toBeLessThan(20);
	// whatever was delivered is the right video, whole
	for (const [item, { json, binary, pairedItem }] of (outcome.items ?? []).entries()) {
		expect(pairedItem).toEqual({ item });
		if (json.error) continue;
		const job = n8n.segmind.jobs.filter(({ request }) => request.prompt === `item ${item}`).at(-1);
		expect(binary?.data && job && n8n.bytesOf({ json, binary })?.equals(bytesOf(job))).toBe(true);
	}
	return { n8n, outcome };
}

function bytesOf({ id, request }: FakeJob): Buffer {
	return Buffer.concat([VIDEO.subarray(0, 64), Buffer.from(`${id} ${String(request.prompt)} ${'.'.repeat(500)}`)]);
}

it('never pays twice and never loses a request, whatever goes wrong', async () => {
	await fc.assert(
		fc.asyncProperty(schedules(anyFaults), async (schedule) => void (await check(schedule))),
		{ numRuns: SCHEDULES },
	);
});

/** What the property found before, shrunk. */
const base = { continueOnFail: true, tries: 1, apiMode: 'auto', bytes: false, timeout: 1, chance: 0, stopAt: 10_001 };
const FOUND: Array<[string, Schedule]> = [
	[
		'a stop lost the error of an item that had failed before',
		{ ...base, items: 2, concurrency: 1, latency: 6, failing: [true], faults: [] },
	],
	[
		'a stop lost the request of the first item, which was done',
		{
			...base,
			items: 3,
			concurrency: 1,
			latency: 0,
			failing: [false, true],
			faults: [{ route: 'result', count: 1, fault: { handled: true, cut: 'never answers' } }],
		},
	],
];
it.each(FOUND)('%s', async (_name, schedule) => void (await check(schedule)));

it('delivers every video by one POST each where every lost answer is in the history', async () => {
	const lost = fc.constantFrom<Fault[]>(
		{ handled: true, cut: 'before' },
		{ handled: true, cut: 'never answers' },
		{ handled: true, status: 502, body: '<html></html>' },
		{ handled: true, status: 200, body: '{"sta' },
	);
	const faults = fc.array(
		fc.record({ route: fc.constantFrom<Route[]>('submit', 'blocking'), count: fc.nat({ max: 4 }), fault: lost }),
		{ maxLength: 6 },
	);
	await fc.assert(
		fc.asyncProperty(schedules(faults), fc.constantFrom(0, 20_000), async (random, history) => {
			const schedule = { ...random, history, timeout: 30, failing: [], stopAt: undefined };
			const { n8n, outcome } = await check(schedule);
			expect(n8n.outcomes).toHaveLength(1);
			expect(outcome.items?.filter(({ json }) => json.status === 'COMPLETED')).toHaveLength(schedule.items);
			expect(n8n.segmind.posts).toHaveLength(schedule.items);
		}),
		{ numRuns: SCHEDULES },
	);
});

it('delivers every video at the first try where only GETs fail, for a while', async () => {
	const gets = fc.record({
		route: fc.constantFrom<Route[]>('status', 'result', 'media'),
		count: fc.nat({ max: 12 }),
		fault: fc.constantFrom(...TRANSIENT),
	});
	// a download is tried five times
	const faults = fc
		.array(gets, { maxLength: 12 })
		.filter((list) => list.filter((entry) => entry.route === 'media').length < 5);
	await fc.assert(
		fc.asyncProperty(schedules(faults), async (random) => {
			const schedule = { ...random, timeout: 30, failing: [], stopAt: undefined };
			const { n8n, outcome } = await check(schedule);
			expect(n8n.outcomes).toHaveLength(1);
			expect(outcome.items?.filter(({ json }) => json.status === 'COMPLETED')).toHaveLength(schedule.items);
			expect(n8n.segmind.posts).toHaveLength(schedule.items);
			expect(n8n.segmind.history.log).toEqual([]);
		}),
		{ numRuns: SCHEDULES },
	);
});
