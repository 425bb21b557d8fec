import type { FakeSettings, Fault } from '../support/fakeSegmind/service';
import { KEY } from '../support/fakeSegmind/service';
import { firstPosts, LOST, n8nWith, sampleBy, wordsOf } from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const RESET: Fault = { handled: true, cut: 'before' };
const DEFAULT_HOST = 'https://api.spotprod.segmind.com';
/** The origins that the key was sent to. */
const originsOf = ({ requests }: VirtualN8n) =>
	new Set(requests.filter(({ headers }) => headers?.['x-api-key']).map(({ url }) => new URL(url).origin));

describe('a run without trouble asks the history nothing', () => {
	it.each<[string, object, Partial<FakeSettings>?]>([
		['Generate Video', { options: {} }],
		['Generate Video by v2', { options: { apiMode: 'async' } }],
		['Generate Video by v1', { options: { apiMode: 'sync' } }],
		['Generate Video where v2 is not served', { options: {} }, { v2: false }],
		['Submit Request', { operation: 'submit' }],
		['Get Credit Balance', { operation: 'getCredits' }],
		['a job that fails', { options: {} }, { fails: () => 'no person' }],
		...[400, 401, 402, 403, 404, 406, 410, 422, 429].map((status): [string, object, Partial<FakeSettings>] => [
			`a POST that is refused with ${status}`,
			{ options: { timeout: 1, apiMode: 'async' } },
			{ fault: firstPosts({ status }) },
		]),
		[
			'polls and a download that fail at first',
			{ options: {} },
			{
				fault: (_r, at, count) =>
					['status', 'result', 'media'].includes(at) && count < 2 ? { status: 503 } : undefined,
			},
		],
		['a video that is not ready in time', { options: { timeout: 1 } }],
		[
			'an answer that names its request on the way',
			{ options: {} },
			{ fault: firstPosts({ handled: true, cut: 'middle' }) },
		],
	])('%s', async (_name, parameters, settings = {}) => {
		const n8n = n8nWith(settings);
		await n8n.run({ parameters: { ...SAMPLE, ...parameters }, items: 2, tries: 2 });
		expect(n8n.segmind.log.length).toBeGreaterThan(0);
		expect(n8n.segmind.history.log).toEqual([]);
		expect([...originsOf(n8n)]).toEqual(['https://api.segmind.test']);
	});

	it('Get Video', async () => {
		const n8n = n8nWith({});
		const { id } = n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY });
		await n8n.run({ parameters: { operation: 'getVideo', requestId: id, options: {} } });
		expect(n8n.segmind.history.log).toEqual([]);
	});
});

describe("the credential's History URL", () => {
	/** A run whose POST is in doubt, with this field. */
	async function doubtWith(historyUrl: string | undefined) {
		const n8n = n8nWith({ fault: firstPosts(RESET) });
		if (historyUrl === undefined) delete n8n.credential.historyUrl;
		else n8n.credential.historyUrl = historyUrl;
		return { n8n, outcome: await n8n.run({ parameters: sampleBy('async') }) };
	}

	it.each([
		['https://history.segmind.test', 'https://history.segmind.test'],
		[' https://history.segmind.test/\u200b\n', 'https://history.segmind.test'],
		['https://history.segmind.test/v1/', 'https://history.segmind.test'],
		[DEFAULT_HOST, DEFAULT_HOST],
		[undefined, DEFAULT_HOST],
	])('%j: the key goes there', async (historyUrl, origin) => {
		const { n8n } = await doubtWith(historyUrl);
		expect([...originsOf(n8n)].sort()).toEqual(['https://api.segmind.test', origin].sort());
		const [look] = n8n.segmind.history.log;
		expect(look).toMatchObject({ method: 'GET', headers: { 'x-api-key': KEY }, body: '' });
		expect(look?.path.split('?')[0]).toBe('/inference-request/request-history');
		for (const { url, disableFollowRedirect, timeout } of n8n.requests.filter((request) =>
			request.url.startsWith(origin),
		)) {
			expect(disableFollowRedirect).toBe(true);
			expect(timeout).toBeLessThanOrEqual(60_000);
			expect(url).not.toContain(KEY);
		}
	});

	it.each(['', '  ', '\u200b'])('%j: there is none', async (historyUrl) => {
		const { n8n, outcome } = await doubtWith(historyUrl);
		expect(n8n.segmind.history.log).toEqual([]);
		expect([...originsOf(n8n)]).toEqual(['https://api.segmind.test']);
		expect(wordsOf(outcome)).toMatch(/may have been accepted/);
		expect(wordsOf(outcome)).not.toMatch(/did not show/);
	});

	it.each([
		'history',
		'ftp://history.segmind.test',
		'https://a:b@history.segmind.test',
		'https://history.segmind.test?a=b',
	])('%j: it is refused before anything is sent', async (historyUrl) => {
		const { n8n, outcome } = await doubtWith(historyUrl);
		expect(outcome.error?.message).toMatch(/History URL/);
		expect(n8n.requests).toEqual([]);
	});
});

describe('a history that repeats the key', () => {
	const prompt = `say ${KEY}`;

	it('is not shown with it', async () => {
		const n8n = n8nWith({});
		n8n.segmind.remember({ model: SAMPLE.model, request: { ...SAMPLE_BODY, prompt } });
		n8n.segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age: 400_000, failure: prompt });
		const { items } = await n8n.run({ parameters: { operation: 'getRequests', returnAll: true, filters: {} } });
		expect(items).toHaveLength(2);
		expect(JSON.stringify(items)).not.toContain(KEY);
	});

	it.each<[string, Fault]>([
		['in an error', { status: 403, body: { error: prompt } }],
		['in a plain error', { status: 500, body: prompt }],
		['in a header', { status: 429, headers: { 'retry-after': KEY } }],
		[
			'as an id',
			{ status: 200, body: { data: [{ request_id: KEY, model_name: SAMPLE.model, request_body: SAMPLE_BODY }] } },
		],
	])('%s', async (_where, fault) => {
		for (const parameters of [sampleBy('async'), { operation: 'getRequests', filters: {} }]) {
			const n8n = n8nWith({
				fault: (_request, route, count) =>
					route === 'history' ? fault : route === 'submit' && count === 0 ? RESET : undefined,
			});
			const outcome = await n8n.run({ parameters });
			const seen = [outcome.items, outcome.error, wordsOf(outcome), n8n.messages, n8n.logs, n8n.hints, n8n.context];
			expect(JSON.stringify(seen)).not.toContain(KEY);
		}
	});
});

it('asks about a lost answer of v1 with the same care', async () => {
	const n8n = n8nWith({ fault: firstPosts(LOST['504']?.sync) });
	await n8n.run({ parameters: sampleBy('sync') });
	expect(n8n.segmind.history.log.every(({ headers }) => headers['x-api-key'] === KEY)).toBe(true);
	expect(n8n.segmind.requestsTo('media').every(({ headers }) => !headers['x-api-key'])).toBe(true);
});
