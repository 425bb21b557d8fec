import { ABSENCES, type HistorySettings } from '../support/fakeSegmind/history';
import type { FakeJob, FakeSettings } from '../support/fakeSegmind/service';
import { isTimeless, LATENCY, n8nWith, READINGS, START, videoOf, wordsOf } from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ID = '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21';
const WAIT = { waitForCompletion: true };
const UNKNOWN = /^Segmind does not know this request/;
const LOOK = { waitForCompletion: false };

/** Gets the video of a request of that age, in ms, which v2 has forgotten. */
async function get(
	age: number,
	options: object = {},
	job: Partial<FakeJob> = {},
	settings: Partial<FakeSettings> = {},
) {
	const n8n = n8nWith(settings);
	const made = n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age, expired: true, ...job });
	const outcome = await n8n.run({ parameters: { operation: 'getVideo', requestId: made.id, options } });
	expect(n8n.segmind.posts).toEqual([]);
	return { n8n, made, outcome, item: outcome.items?.[0], words: wordsOf(outcome) };
}

describe.each([WAIT, LOOK])('a request that v2 does not know any more (%j)', (options) => {
	it.each([HOUR, 5 * HOUR, 7 * DAY - MINUTE])(
		'is fetched by its record where it is finished, %d ms later',
		async (age) => {
			const { n8n, made, item } = await get(age, options);
			expect(item?.json).toMatchObject({
				request_id: made.id,
				status: 'COMPLETED',
				video_url: `https://images.segmind.test/outputs/${made.id}.mp4`,
				metrics: expect.any(Object),
			});
			expect(n8n.bytesOf(item)?.equals(videoOf(made))).toBe(true);
			expect(n8n.segmind.requestsTo('record')).toHaveLength(1);
			expect(n8n.segmind.requestsTo('history')).toEqual([]);
		},
	);

	it('gives only the URL where no file is wanted', async () => {
		const { item, n8n } = await get(5 * HOUR, { ...options, downloadVideo: false });
		expect(item?.json).toMatchObject({ status: 'COMPLETED', video_url: expect.stringContaining('/outputs/') });
		expect(n8n.files.size).toBe(0);
	});

	it.each([8, 31, 400])('says since when its URL is dead, %d days later', async (days) => {
		const { words, item, made } = await get(days * DAY, options);
		expect(item).toBeUndefined();
		expect(words).toContain(made.id);
		expect(words).toMatch(/7 days/);
		const dates = [made.createdAt, made.createdAt + 7 * DAY].map((ms) => new Date(ms).toISOString().slice(0, 10));
		expect(dates.some((date) => words.includes(date))).toBe(true);
		expect(words).not.toMatch(/1 hour|does not know/);
	});

	it('tells why it failed', async () => {
		const { words, made } = await get(5 * HOUR, options, { failure: 'no person' });
		expect(words).toMatch(/^Segmind could not make the video: no person/);
		expect(words).toMatch(new RegExp(` Failed requests, not charged: item 0: ${made.id}\\.$`));
		expect(words).toMatch(/not charged/);
	});

	it('is not known to the history either', async () => {
		const n8n = n8nWith({});
		const outcome = await n8n.run({ parameters: { operation: 'getVideo', requestId: ID, options } });
		expect(wordsOf(outcome)).toMatch(UNKNOWN);
		expect(wordsOf(outcome).split(ID)).toHaveLength(2);
		// it has just been asked for there
		expect(wordsOf(outcome)).not.toMatch(/Get Video/);
		expect(n8n.segmind.requestsTo('record')).toHaveLength(1);
		expect(wordsOf(outcome)).not.toMatch(/1 hour/);
	});

	it.each(ABSENCES)('is not known where there is no history (%s)', async (answers) => {
		const { words, n8n, made } = await get(5 * HOUR, options, {}, { history: { answers } });
		expect(words).toMatch(UNKNOWN);
		expect(words.split(made.id)).toHaveLength(2);
		expect(words).not.toMatch(/Get Video/);
		expect(words).toMatch(/7 days/);
		expect(n8n.segmind.history.log).toHaveLength(1);
		expect(n8n.clock.now() - START).toBeLessThan(10_000);
	});

	it.each(Object.keys(READINGS).filter((name) => !/^late/.test(name)))('reads a record with %s', async (name) => {
		const history: Partial<HistorySettings> = READINGS[name] ?? {};
		const { n8n, item, made } = await get(5 * HOUR, options, {}, { history });
		expect(n8n.bytesOf(item)?.equals(videoOf(made))).toBe(true);
		expect(item?.json.request_id).toBe(made.id);
		if (isTimeless(history)) return;
		const { words } = await get(8 * DAY, options, {}, { history });
		expect(words).toMatch(/7 days/);
	});

	it.each(['data', 'rows'] as const)('reads a record that is wrapped (%s)', async (recordEnvelope) => {
		const { n8n, item, made } = await get(5 * HOUR, options, {}, { history: { recordEnvelope, outputs: 2 } });
		expect(n8n.bytesOf(item)?.equals(videoOf(made))).toBe(true);
	});
});

describe('a request that is still pending in its record', () => {
	it('is waited for', async () => {
		const { n8n, made, item } = await get(MINUTE, WAIT);
		expect(n8n.bytesOf(item)?.equals(videoOf(made))).toBe(true);
		expect(n8n.clock.now() - START).toBeLessThanOrEqual(LATENCY - MINUTE + 10_000);
		expect(n8n.segmind.requestsTo('record').length).toBeLessThanOrEqual(LATENCY / 5_000 + 2);
	});

	it('is given as it is where it is not to be waited for', async () => {
		const { item, outcome, made } = await get(MINUTE, LOOK);
		expect(outcome.error).toBeUndefined();
		expect(item).toEqual({
			json: {
				request_id: made.id,
				status: expect.stringMatching(/^(QUEUED|PROCESSING|PENDING)$/),
				metrics: expect.any(Object),
			},
			pairedItem: { item: 0 },
		});
	});

	it('is not ready at the deadline', async () => {
		const { words, made } = await get(MINUTE, { timeout: 1 });
		expect(words).toMatch(/^The video was not ready after 1 minutes? \(/);
		expect(words).toMatch(new RegExp(` Paid requests: item 0: ${made.id}\\.$`));
	});

	it('fails in the end', async () => {
		const { words } = await get(MINUTE, WAIT, { failure: 'no person' });
		expect(words).toContain('no person');
	});
});

it('is not asked where v2 knows the request', async () => {
	const { n8n } = await get(MINUTE, WAIT, { expired: false });
	expect(n8n.segmind.history.log).toEqual([]);
});

it('asks again for a record that could not be read at first', async () => {
	const { n8n, item, made } = await get(
		5 * HOUR,
		WAIT,
		{},
		{
			fault: (_request, route, count) => (route === 'record' && count < 2 ? { status: 503 } : undefined),
		},
	);
	expect(n8n.bytesOf(item)?.equals(videoOf(made))).toBe(true);
});

describe('a request of the ledger that is older than an hour', () => {
	it.each([false, true])('is fetched by its record, bought no second time (next execution: %p)', async (isRetry) => {
		const n8n = n8nWith({ fault: (_request, route) => (route === 'media' ? { status: 503 } : undefined) });
		const parameters = { ...SAMPLE, options: { timeout: 1 } };
		expect((await n8n.run({ parameters })).error?.message).toMatch(/not ready after/);
		await n8n.clock.drive(n8n.clock.sleep(2 * HOUR));
		n8n.segmind.settings.fault = () => undefined;
		if (isRetry) {
			n8n.executionId = '2';
			n8n.mode = 'retry';
		}
		const { items } = await n8n.run({ parameters });
		expect(n8n.segmind.posts).toHaveLength(1);
		const [job] = n8n.segmind.jobs;
		expect(items?.[0]?.json).toMatchObject({ request_id: job?.id, status: 'COMPLETED', resumed: true });
		expect(job && n8n.bytesOf(items?.[0])?.equals(videoOf(job))).toBe(true);
	});
});
