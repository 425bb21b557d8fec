import { ABSENCES } from '../support/fakeSegmind/history';
import type { FakeJob, FakeSettings } from '../support/fakeSegmind/service';
import { deliveredJobs, LATENCY, n8nWith, otherEntry, START, wordsOf } from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REUSE = { ...SAMPLE, options: { reuseWithin: 1 } };
const within = (reuseWithin: number, more: object = {}) => ({ ...SAMPLE, ...more, options: { reuseWithin } });

/** n8n with a service that was asked for the sample before, those ms ago. */
function asked(ages: number[], settings: Partial<FakeSettings> = {}, job: Partial<FakeJob> = {}): VirtualN8n {
	const n8n = n8nWith(settings);
	for (const age of ages) n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age, ...job });
	return n8n;
}

describe('what is taken', () => {
	it.each([
		['a finished one', 30 * MINUTE],
		['a pending one', MINUTE],
		['one that was asked for at this moment', 0],
		['one from the end of that time', HOUR - MINUTE],
	])('%s', async (_which, age) => {
		const n8n = asked([age]);
		const outcome = await n8n.run({ parameters: REUSE });
		expect(n8n.segmind.posts).toEqual([]);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
		const [item] = outcome.items ?? [];
		expect(item?.json).toMatchObject({ reused: true, video_url: expect.stringContaining('/outputs/') });
		expect(item?.json.resumed).toBeUndefined();
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(n8n.clock.now() - START).toBeLessThanOrEqual(Math.max(0, LATENCY - age) + 10_000);
	});

	it('the newest of several', async () => {
		const n8n = asked([40 * MINUTE, 10 * MINUTE, 25 * MINUTE]);
		expect(deliveredJobs(n8n, await n8n.run({ parameters: REUSE }))).toEqual([n8n.segmind.jobs[1]]);
	});

	it('one each for equal items, the newest first, and what is left over is bought', async () => {
		const n8n = asked([40 * MINUTE, 10 * MINUTE]);
		const outcome = await n8n.run({ parameters: REUSE, items: 3 });
		const [old, young, bought] = n8n.segmind.jobs;
		expect(deliveredJobs(n8n, outcome)).toEqual([young, old, bought]);
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(outcome.items?.map(({ json }) => json.reused)).toEqual([true, true, undefined]);
	});

	it.each([5, 100])('one that v2 has forgotten, %d hours later', async (hours) => {
		const n8n = asked([hours * HOUR]);
		const outcome = await n8n.run({ parameters: within(168) });
		expect(n8n.segmind.posts).toEqual([]);
		expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
	});

	it('by Submit Request, too', async () => {
		const n8n = asked([MINUTE]);
		const { items } = await n8n.run({ parameters: within(1, { operation: 'submit' }) });
		expect(items?.[0]?.json).toMatchObject({ request_id: n8n.segmind.jobs[0]?.id, model: SAMPLE.model, reused: true });
		expect(n8n.segmind.posts).toEqual([]);
	});

	it('by the next execution', async () => {
		const n8n = n8nWith({});
		const first = deliveredJobs(n8n, await n8n.run({ parameters: REUSE }));
		n8n.context = {};
		n8n.executionId = '2';
		expect(deliveredJobs(n8n, await n8n.run({ parameters: REUSE }))).toEqual(first);
		expect(n8n.segmind.posts).toHaveLength(1);
	});

	it('once, where the download fails at first (Retry On Fail)', async () => {
		const n8n = asked([10 * MINUTE, 20 * MINUTE], {
			fault: (_request, route, count) => (route === 'media' && count < 5 ? { status: 503 } : undefined),
		});
		const outcome = await n8n.run({ parameters: REUSE, tries: 2 });
		expect(n8n.outcomes).toHaveLength(2);
		expect(deliveredJobs(n8n, outcome)).toEqual([n8n.segmind.jobs[0]]);
		expect(n8n.segmind.posts).toEqual([]);
	});
});

describe('what is not taken', () => {
	const other = (request: object, model = SAMPLE.model) => {
		const n8n = asked([]);
		n8n.segmind.remember({ model, request: { ...SAMPLE_BODY, ...request }, age: 10 * MINUTE });
		return n8n;
	};
	it.each<[string, VirtualN8n, object?]>([
		['one that failed', asked([10 * MINUTE], {}, { failure: 'no person' })],
		['an older one', asked([HOUR + MINUTE])],
		['one from before half an hour', asked([31 * MINUTE]), within(0.5)],
		[
			'one without a video',
			asked([], { history: { others: [otherEntry({ createdAt: START - MINUTE, url: undefined })] } }),
		],
		['another model', other({}, 'kling-2.6-pro-motion-control')],
		['another prompt', other({ prompt: 'cat and dog are dancing' })],
		['another orientation', other({ character_orientation: 'image' })],
		['another sound', other({ keep_original_sound: false })],
		['another image', other({ image_url: 'https://a.test/b.jpg' })],
		['another video', other({ video_url: 'https://a.test/b.mp4' })],
		['one without the image', other({ image_url: undefined })],
		['one with an image, where none is wanted', other({}), within(1, { imageUrl: '' })],
	])('%s', async (_which, n8n, parameters = REUSE) => {
		const before = n8n.segmind.jobs.length;
		const outcome = await n8n.run({ parameters });
		expect(deliveredJobs(n8n, outcome)).toEqual([n8n.segmind.jobs[before]]);
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(outcome.items?.[0]?.json.reused).toBeUndefined();
	});

	it('anything, where the option is off', async () => {
		const n8n = asked([10 * MINUTE]);
		await n8n.run({ parameters: within(0) });
		expect(n8n.segmind.posts).toHaveLength(1);
		expect(n8n.segmind.history.log).toEqual([]);
	});
});

describe('a history that cannot be read', () => {
	it.each(ABSENCES)('buys nothing (%s)', async (answers) => {
		const n8n = asked([10 * MINUTE], { history: { answers } });
		for (const operation of ['generate', 'submit']) {
			const { error } = await n8n.run({ parameters: within(1, { operation }), items: 3, tries: 2 });
			expect(`${error?.message} ${error?.description}`).toMatch(/Reuse Within/);
			expect(`${error?.message} ${error?.description}`).not.toMatch(/may have been accepted/);
		}
		expect(n8n.segmind.posts).toEqual([]);
	});

	it('buys nothing where the credential has none', async () => {
		const n8n = asked([10 * MINUTE]);
		n8n.credential.historyUrl = '';
		const outcome = await n8n.run({ parameters: REUSE, settings: { onError: 'continueRegularOutput' } });
		expect(wordsOf(outcome)).toMatch(/Reuse Within/);
		expect(n8n.segmind.log).toEqual([]);
	});

	it('is asked again where that may help', async () => {
		const n8n = asked([10 * MINUTE], {
			fault: (_request, route, count) => (route === 'history' && count === 0 ? { status: 503 } : undefined),
		});
		expect(deliveredJobs(n8n, await n8n.run({ parameters: REUSE }))).toEqual(n8n.segmind.jobs);
		expect(n8n.segmind.posts).toEqual([]);
	});
});

describe('a video that its host does not have any more', () => {
	it.each([403, 404, 410])('is told as reused, with what helps (HTTP %d)', async (status) => {
		const fault: FakeSettings['fault'] = (_request, route) => (route === 'media' ? { status } : undefined);
		const outcome = await asked([5 * HOUR], { fault }).run({ parameters: within(24) });
		expect(wordsOf(outcome)).toMatch(
			/^The video of an identical request was reused, but it is gone: .*set Reuse Within \(Hours\) to 0/,
		);
		expect(wordsOf(outcome)).not.toMatch(/Get Video/);
	});
});

describe('how often the history is asked', () => {
	const dance = (item: number) => ({ ...REUSE, prompt: `dance ${item}` });

	it('at most three times for 200 items whose rows fit into three pages', async () => {
		const others = Array.from({ length: 60 }, (_, n) =>
			otherEntry({ createdAt: START - n * 1_000, request: { ...SAMPLE_BODY, prompt: `other ${n}` } }, n),
		);
		const n8n = n8nWith({ history: { others } });
		for (let item = 0; item < 200; item++) {
			const request = { ...SAMPLE_BODY, prompt: `dance ${item}` };
			n8n.segmind.remember({ model: SAMPLE.model, request, age: 10 * MINUTE + item * 1_000 });
		}
		const jobs = deliveredJobs(n8n, await n8n.run({ parameters: dance, items: 200 }));
		expect(jobs).toEqual(n8n.segmind.jobs);
		expect(n8n.segmind.posts).toEqual([]);
		expect(n8n.segmind.history.log.length).toBeLessThanOrEqual(3);
	});

	it('no more than there are pages, among 10,000 rows', async () => {
		const others = Array.from({ length: 10_000 }, (_, n) =>
			otherEntry({ createdAt: START - n * 100, request: { ...SAMPLE_BODY, prompt: `other ${n}` } }, n),
		);
		const n8n = asked([10 * MINUTE], { history: { others } });
		const outcome = await n8n.run({ parameters: (item) => (item === 0 ? REUSE : dance(item)), items: 3 });
		expect(deliveredJobs(n8n, outcome)[0]).toBe(n8n.segmind.jobs[0]);
		expect(n8n.segmind.posts).toHaveLength(2);
		expect(n8n.segmind.history.log.length).toBeLessThanOrEqual(101);
	});
});
