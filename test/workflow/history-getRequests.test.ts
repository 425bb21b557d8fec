import { ABSENCES, type HistorySettings } from '../support/fakeSegmind/history';
import type { FakeSettings } from '../support/fakeSegmind/service';
import { isTimeless, looksOf, n8nWith, otherEntry, READINGS, START, wordsOf } from '../support/histories';
import { NODE_TYPE } from '../support/inProcessN8n';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const MINUTE = 60_000;
const PRO = 'kling-2.6-pro-motion-control';
/** The end of October 2026, in UTC. */
const NOW = '2026-11-01T00:00:00.000Z';

/** An account whose requests were made so many ms ago, each with a prompt that says so. */
function account(ages: number[], settings: Partial<FakeSettings> = {}): VirtualN8n {
	const n8n = n8nWith(settings);
	for (const age of ages) {
		n8n.segmind.remember({ model: SAMPLE.model, request: { ...SAMPLE_BODY, prompt: `${age}` }, age });
	}
	return n8n;
}

async function list(n8n: VirtualN8n, parameters: object = {}) {
	return await n8n.run({
		parameters: { operation: 'getRequests', returnAll: false, limit: 50, filters: {}, ...parameters },
	});
}

/** The ages of the requests that were listed, in ms. */
async function agesOf(n8n: VirtualN8n, parameters: object = {}): Promise<number[]> {
	const { items, error } = await list(n8n, parameters);
	if (error) throw error;
	return (items ?? []).map(({ json }) => Number((json.request as { prompt: string }).prompt));
}

const queriesOf = ({ segmind }: VirtualN8n) =>
	segmind.requestsTo('history').map(({ path }) => new URL(path, 'https://history.test').searchParams);

describe('an item a request', () => {
	it('has what the history knows', async () => {
		expect(new Date(START).toISOString()).toBe(NOW);
		const n8n = account([MINUTE, 10 * MINUTE]);
		n8n.segmind.remember({ model: PRO, request: SAMPLE_BODY, age: 20 * MINUTE, failure: 'no person' });
		const [pending, done, failed] = n8n.segmind.jobs;
		const { items } = await list(n8n);
		expect(items).toEqual([
			{
				json: {
					request_id: pending?.id,
					status: 'PENDING',
					model: SAMPLE.model,
					cost: 0,
					created_at: '2026-10-31T23:59:00.000Z',
					request: { ...SAMPLE_BODY, prompt: String(MINUTE) },
				},
				pairedItem: { item: 0 },
			},
			{
				json: {
					request_id: done?.id,
					status: 'COMPLETED',
					model: SAMPLE.model,
					cost: 0.967,
					created_at: '2026-10-31T23:50:00.000Z',
					video_url: `https://images.segmind.test/outputs/${done?.id}.mp4`,
					request: { ...SAMPLE_BODY, prompt: String(10 * MINUTE) },
				},
				pairedItem: { item: 0 },
			},
			{
				json: {
					request_id: failed?.id,
					status: 'FAILED',
					model: PRO,
					cost: 0,
					created_at: '2026-10-31T23:40:00.000Z',
					error: 'no person',
					request: SAMPLE_BODY,
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(n8n.segmind.log.map(({ route }) => route)).toEqual(['history']);
	});

	it.each(Object.keys(READINGS).filter((name) => !/^late|team/.test(name)))(
		'is read in a history with %s',
		async (name) => {
			const history: Partial<HistorySettings> = READINGS[name] ?? {};
			const n8n = account([20 * MINUTE, 10 * MINUTE], { history });
			const { items } = await list(n8n);
			expect(items?.map(({ json }) => json)).toEqual(
				[...n8n.segmind.jobs].reverse().map(({ request, createdAt }) => ({
					request_id: expect.stringMatching(/^[\da-f-]{32,36}$/),
					status: 'COMPLETED',
					model: SAMPLE.model,
					cost: 0.967,
					...(!isTimeless(history) && { created_at: new Date(createdAt).toISOString() }),
					video_url: expect.stringMatching(/\/outputs\/[\da-f-]{36}\.mp4$/),
					request: expect.objectContaining(request),
				})),
			);
		},
	);

	it('is there once for several outputs, also where they are on two pages', async () => {
		const ages = Array.from({ length: 120 }, (_, n) => (n + 10) * MINUTE);
		const n8n = account(ages, { history: { outputs: 3 } });
		expect(await agesOf(n8n, { returnAll: true })).toEqual(ages);
		expect(await agesOf(n8n, { limit: 70 })).toEqual(ages.slice(0, 70));
	});

	it('is there for each of the input items', async () => {
		const n8n = account([10 * MINUTE, 20 * MINUTE]);
		const parameters = { operation: 'getRequests', returnAll: false, limit: 1, filters: {} };
		const { items } = await n8n.run({ parameters, items: 2 });
		expect(items?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});
});

describe('Return All and Limit', () => {
	const ages = Array.from({ length: 240 }, (_, n) => n * MINUTE);

	it.each([
		[1, 1],
		[50, 1],
		[100, 1],
		[101, 2],
		[1_000, 3],
	])('gives the newest %d, with %d requests', async (limit, requests) => {
		const n8n = account(ages);
		expect(await agesOf(n8n, { limit })).toEqual(ages.slice(0, limit));
		expect(n8n.segmind.history.log).toHaveLength(requests);
	});

	it('gives all, newest first, and asks for no page twice', async () => {
		const n8n = account(ages);
		expect(await agesOf(n8n, { returnAll: true })).toEqual(ages);
		const pages = queriesOf(n8n).map(String);
		expect(new Set(pages).size).toBe(pages.length);
		expect(pages.length).toBeLessThanOrEqual(4);
	});

	it('gives no item where there is nothing', async () => {
		expect((await list(n8nWith({}))).items).toEqual([]);
	});

	it('reads 10,000 rows in 101 requests at most', async () => {
		const others = Array.from({ length: 10_000 }, (_, n) => otherEntry({ createdAt: START - n * 1_000 }, n));
		const n8n = n8nWith({ history: { others } });
		const { items = [] } = await list(n8n, { returnAll: true });
		expect(items).toHaveLength(10_000);
		expect(new Set(items.map(({ json }) => json.request_id)).size).toBe(10_000);
		expect(n8n.segmind.history.log.length).toBeLessThanOrEqual(101);
	}, 60_000);

	it.each([0, -1, 'many', 1.5])('refuses the limit %p', async (limit) => {
		const n8n = account([MINUTE]);
		expect((await list(n8n, { limit })).error?.message).toMatch(/Limit/);
		expect(n8n.segmind.log).toEqual([]);
	});
});

describe('rows that move while the pages are read', () => {
	const ages = Array.from({ length: 250 }, (_, n) => (n + 10) * MINUTE);

	it('are not doubled, where new ones come', async () => {
		const n8n: VirtualN8n = account(ages, {
			fault(_request, route, count) {
				if (route !== 'history' || count === 0) return undefined;
				for (let n = 0; n < 30; n++)
					n8n.segmind.remember({ model: SAMPLE.model, request: { ...SAMPLE_BODY, prompt: '0' } });
				return undefined;
			},
		});
		const seen = (await agesOf(n8n, { returnAll: true })).filter((age) => age > 0);
		expect(seen).toEqual(ages);
	});
});

describe('filters', () => {
	const mixed = () => {
		const n8n = account([MINUTE, 10 * MINUTE, 20 * MINUTE]);
		n8n.segmind.remember({ model: PRO, request: { ...SAMPLE_BODY, prompt: '30' }, age: 30 * MINUTE });
		n8n.segmind.remember({ model: PRO, request: { ...SAMPLE_BODY, prompt: '40' }, age: 40 * MINUTE, failure: 'x' });
		n8n.segmind.remember({ model: 'veo-3', request: { prompt: '50' }, age: 50 * MINUTE });
		return n8n;
	};

	it.each<[object, number[]]>([
		[{}, [MINUTE, 10 * MINUTE, 20 * MINUTE, 30, 40, 50]],
		[{ model: PRO }, [30, 40]],
		[{ model: SAMPLE.model }, [MINUTE, 10 * MINUTE, 20 * MINUTE]],
		[{ model: 'veo-3' }, [50]],
		[{ model: 'Kling 2.6 Pro Motion Control' }, [30, 40]],
		[{ model: '\u200Bveo-3 ' }, [50]],
		[{ status: 'failed' }, [40]],
		[{ status: 'PENDING' }, [MINUTE]],
		[{ status: 'QUEUED' }, [MINUTE]],
		[{ status: 'Processing' }, [MINUTE]],
		[{ status: 'FAILED' }, [40]],
		[{ status: 'COMPLETED', model: PRO }, [30]],
	])('%j', async (filters, expected) => {
		expect(await agesOf(mixed(), { filters })).toEqual(expected);
		expect(await agesOf(mixed(), { filters, returnAll: true })).toEqual(expected);
	});

	it('refuses a status that there is not', async () => {
		const n8n = mixed();
		expect((await list(n8n, { filters: { status: 'DONE' } })).error?.message).toBe(
			'Status must be one of Completed, Failed, Pending, not “DONE”',
		);
		expect(n8n.segmind.log).toEqual([]);
	});
});

describe('a history that cannot be read', () => {
	it.each(ABSENCES)('is an error (%s)', async (answers) => {
		const n8n = account([MINUTE], { history: { answers } });
		const outcome = await list(n8n);
		expect(wordsOf(outcome)).toMatch(answers === 'unauthorized' ? /API key/ : /history/i);
		expect(wordsOf(outcome)).not.toMatch(/model/);
		expect(n8n.segmind.history.log).toHaveLength(1);
		const { items } = await n8n.run({
			parameters: { operation: 'getRequests' },
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items).toEqual([{ json: expect.objectContaining({ error: expect.any(String) }), pairedItem: { item: 0 } }]);
	});

	it('is an error where the credential has none', async () => {
		const n8n = account([MINUTE]);
		n8n.credential.historyUrl = '';
		expect(wordsOf(await list(n8n))).toMatch(/History URL/);
		expect(n8n.segmind.log).toEqual([]);
	});

	it.each([{ status: 503 }, { status: 429 }, { cut: 'before' as const }, { cut: 'middle' as const }])(
		'is asked again after %j',
		async (fault) => {
			const n8n = account([MINUTE], {
				fault: (_request, route, count) => (route === 'history' && count < 2 ? fault : undefined),
			});
			expect(await agesOf(n8n)).toEqual([MINUTE]);
		},
	);
});

it("works as an agent's tool", async () => {
	const n8n = account([MINUTE]);
	const parameters = { operation: 'getRequests' };
	const { items } = await n8n.run({ parameters, settings: { type: `${NODE_TYPE}Tool` } });
	expect(items?.[0]?.json).toMatchObject({ request_id: n8n.segmind.jobs[0]?.id, status: 'PENDING' });
	expect(looksOf(n8n)).toHaveLength(1);
});
