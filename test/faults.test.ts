import { NO_HISTORY } from './support/fakeSegmind/history';
import { KEY, VIDEO, type Fault, type Route } from './support/fakeSegmind/service';
import { SAMPLE } from './support/parameters';
import { VirtualN8n } from './support/virtualN8n';

/**
 * What a fault means at a route:
 * - repeat: it is proven that nothing was bought, so the POST is sent again
 * - unavailable: the same, but at most five times
 * - refused: it is proven that nothing was bought, and sending it again at once would not help
 * - doubt: the POST may have been accepted, so it is never sent again
 * - known: the same, but the answer named the request, so that it goes on
 * - failed: the job failed, which is not charged
 * - transient: a GET that is sent again
 * - final: a GET that is not
 * - harmless: the fault cannot be told from a good answer, or is not looked at
 */
type Meaning = 'repeat' | 'unavailable' | 'refused' | 'doubt' | 'known' | 'failed' | 'transient' | 'final' | 'harmless';
type Target = 'submit v2' | 'submit v1' | 'status' | 'result' | 'download';

interface Case {
	fault: Fault;
	post: Meaning;
	get: Meaning;
	/** Where the download differs from the other GETs. */
	download?: Meaning;
	result?: Meaning;
}

const page = '<!DOCTYPE html><html><body><script>alert(1)</script>Bad gateway</body></html>';
const invalidKey = {
	error: 'unauthorized',
	error_description: 'Unauthorized. API key is invalid or may have expired',
	status_code: 401,
};

const CASES: Record<string, Case> = {
	'301': { fault: { status: 301, headers: { location: 'https://evil.test/' } }, post: 'refused', get: 'final' },
	'302': { fault: { status: 302, headers: { location: 'https://evil.test/' } }, post: 'doubt', get: 'final' },
	'303': { fault: { status: 303, headers: { location: 'https://evil.test/' } }, post: 'doubt', get: 'final' },
	'303 accepted': {
		fault: { status: 303, handled: true, headers: { location: 'https://evil.test/' } },
		post: 'doubt',
		get: 'final',
	},
	'307': { fault: { status: 307, headers: { location: 'https://evil.test/' } }, post: 'refused', get: 'final' },
	'400': { fault: { status: 400 }, post: 'refused', get: 'final' },
	'401 no key': {
		fault: { status: 401, body: { error: 'Missing Authorization or x-api-key in header' } },
		post: 'refused',
		get: 'final',
	},
	'401 wrong key': { fault: { status: 401, body: invalidKey }, post: 'refused', get: 'final' },
	'402': { fault: { status: 402, body: { error: 'Insufficient credits' } }, post: 'refused', get: 'final' },
	'403': { fault: { status: 403 }, post: 'refused', get: 'final' },
	'404': { fault: { status: 404, body: { error: 'Request not found' } }, post: 'refused', get: 'final' },
	'405 page': { fault: { status: 405, body: page }, post: 'refused', get: 'final' },
	'406 credits': {
		fault: { status: 406, body: { error: 'Insufficient credits: 0.5 of 0.967' } },
		post: 'refused',
		get: 'final',
	},
	'406 limit': { fault: { status: 406, body: { error: 'Team spend limit reached' } }, post: 'refused', get: 'final' },
	'406 type': { fault: { status: 406, body: { error: 'Invalid content type' } }, post: 'refused', get: 'final' },
	'408': { fault: { status: 408 }, post: 'doubt', get: 'transient' },
	'409': { fault: { status: 409 }, post: 'doubt', get: 'final' },
	'410': { fault: { status: 410 }, post: 'refused', get: 'final' },
	'422 failed': {
		fault: { status: 422, body: { status: 'FAILED', error: 'no person', metrics: {} } },
		post: 'failed',
		// the status says so, but the result is there
		get: 'harmless',
		result: 'failed',
		download: 'final',
	},
	'422 page': { fault: { status: 422, body: page }, post: 'refused', get: 'transient', download: 'final' },
	'425': { fault: { status: 425 }, post: 'doubt', get: 'transient' },
	'429': { fault: { status: 429, body: { error: 'rate_limit_exceeded' } }, post: 'repeat', get: 'transient' },
	'429 reset': {
		fault: { status: 429, headers: { 'x-rate-limit-reset-at-utc': '2020-01-01T00:00:00' } },
		post: 'repeat',
		get: 'transient',
	},
	'429 after': { fault: { status: 429, headers: { 'retry-after': 'never' } }, post: 'repeat', get: 'transient' },
	'500': { fault: { status: 500 }, post: 'doubt', get: 'transient' },
	'500 accepted': { fault: { status: 500, handled: true }, post: 'doubt', get: 'transient' },
	'502 page': { fault: { status: 502, body: page }, post: 'doubt', get: 'transient' },
	'502 accepted': { fault: { status: 502, body: page, handled: true }, post: 'doubt', get: 'transient' },
	'503': { fault: { status: 503 }, post: 'unavailable', get: 'transient' },
	'503 after': { fault: { status: 503, headers: { 'retry-after': '1' } }, post: 'unavailable', get: 'transient' },
	'503 page': { fault: { status: 503, body: page }, post: 'doubt', get: 'transient' },
	'503 words': {
		fault: {
			status: 503,
			handled: true,
			headers: { 'retry-after': '1' },
			body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
		},
		post: 'doubt',
		get: 'transient',
	},
	'504': { fault: { status: 504 }, post: 'doubt', get: 'transient' },
	'504 accepted': { fault: { status: 504, body: page, handled: true }, post: 'doubt', get: 'transient' },
	'520': { fault: { status: 520, body: '' }, post: 'doubt', get: 'transient' },
	reset: { fault: { status: 200, cut: 'before' }, post: 'doubt', get: 'transient' },
	'reset accepted': { fault: { handled: true, cut: 'before' }, post: 'doubt', get: 'transient' },
	'cut in the body': { fault: { handled: true, cut: 'middle' }, post: 'known', get: 'transient' },
	'no answer': { fault: { handled: true, cut: 'never answers' }, post: 'doubt', get: 'transient' },
	'no JSON': { fault: { status: 200, handled: true, body: '{"request_id": "' }, post: 'doubt', get: 'transient' },
	'empty body': { fault: { status: 200, handled: true, body: '' }, post: 'doubt', get: 'transient' },
	'page as 200': { fault: { status: 200, handled: true, body: page }, post: 'doubt', get: 'transient' },
	'unknown status': {
		fault: { status: 200, handled: true, body: { status: 'ON HOLD' } },
		post: 'doubt',
		get: 'transient',
		result: 'final',
	},
	'an array': { fault: { status: 200, handled: true, body: '[]' }, post: 'doubt', get: 'transient' },
	'bad request id': {
		fault: { status: 200, handled: true, body: { request_id: '../../x?', status: 'COMPLETED' } },
		post: 'doubt',
		get: 'harmless',
		result: 'final',
		download: 'transient',
	},
};

const ROUTES: Record<Target, Route> = {
	'submit v2': 'submit',
	'submit v1': 'blocking',
	status: 'status',
	result: 'result',
	download: 'media',
};
const MODES = {
	plain: { tries: 1, settings: {} },
	'Retry On Fail': { tries: 2, settings: {} },
	'Continue On Fail': { tries: 1, settings: { onError: 'continueRegularOutput' as const } },
	both: { tries: 2, settings: { onError: 'continueRegularOutput' as const } },
};
/** Tries of a POST in one minute, at 0.75 of 1, 2, 4, 8, 16 and 30 s: at 0, 0.75, 2.25, 5.25, 11.25, 23.25 and 45.75 s. */
const POSTS_A_MINUTE = 7;
/** One POST, and five more. */
const POSTS_WHERE_UNAVAILABLE = 6;

function meaningOf(target: Target, { post, get, result = get, download = get }: Case): Meaning {
	const meanings: Record<Target, Meaning> = { 'submit v2': post, 'submit v1': post, status: get, result, download };
	return meanings[target];
}

/** What the promises say: how many POSTs, and whether the last try has the video. */
function expected(meaning: Meaning, always: boolean, tries: number): { posts: number; delivered: boolean } {
	const retried = tries > 1;
	switch (meaning) {
		case 'repeat':
			return always ? { posts: POSTS_A_MINUTE * tries, delivered: false } : { posts: 2, delivered: true };
		case 'unavailable':
			return always ? { posts: POSTS_WHERE_UNAVAILABLE * tries, delivered: false } : { posts: 2, delivered: true };
		case 'refused':
		case 'failed':
			return always ? { posts: tries, delivered: false } : { posts: tries, delivered: retried };
		case 'doubt':
			return { posts: 1, delivered: false };
		case 'known':
			return { posts: 1, delivered: true };
		case 'final':
			return { posts: 1, delivered: retried && !always };
		case 'transient':
			return { posts: 1, delivered: !always };
		case 'harmless':
			return { posts: 1, delivered: true };
	}
}

const cells = Object.keys(ROUTES).flatMap((target) =>
	Object.keys(CASES).flatMap((name) =>
		[false, true].flatMap((always) =>
			Object.keys(MODES).map((mode) => [target, name, always ? 'always' : 'once', mode] as const),
		),
	),
);

it(`has ${cells.length} cells`, () => expect(cells.length).toBe(5 * Object.keys(CASES).length * 2 * 4));

it.each(cells)('%s × %s × %s × %s', async (target, name, often, mode) => {
	const route = ROUTES[target as Target];
	const { tries, settings } = MODES[mode as keyof typeof MODES];
	const item = CASES[name] as Case;
	const always = often === 'always';
	// what the request history settles is in test/workflow/history-doubt.test.ts
	const n8n = new VirtualN8n({
		history: NO_HISTORY,
		latency: 12_000,
		fault: (_request, at, count) => (at === route && (always || count === 0) ? item.fault : undefined),
	});
	const apiMode = target === 'submit v1' ? 'sync' : 'async';
	const began = n8n.clock.now();
	const { items = [], error } = await n8n.run({
		parameters: { ...SAMPLE, options: { apiMode, timeout: 1 } },
		tries,
		settings,
	});

	// the deadline holds, but for one answer that is waited for: a minute a try, and a second between two
	const grace = target.startsWith('submit') ? 120_000 : target === 'download' ? 420_000 : 30_000;
	expect(n8n.clock.now() - began).toBeLessThanOrEqual(tries * (60_000 + grace) + 1_000 * (tries - 1));

	const meaning = meaningOf(target as Target, item);
	const { posts, delivered } = expected(meaning, always, tries);
	expect(n8n.segmind.posts).toHaveLength(posts);

	const text = JSON.stringify([
		n8n.outcomes.map((outcome) => [outcome.items, outcome.error, outcome.error?.message]),
		n8n.messages,
	]);
	expect(text).not.toContain(KEY);
	expect(text).not.toMatch(/<|alert|evil|undefined|NaN/);
	if (delivered) {
		expect(n8n.bytesOf(items[0])?.equals(VIDEO)).toBe(true);
		expect(items[0]?.json.resumed).toBe(n8n.outcomes.length > 1 && posts === 1 ? true : undefined);
		return;
	}
	const continued = 'onError' in settings;
	const message = continued ? String(items[0]?.json.error) : `${error?.message} ${error?.description}`;
	expect(message.length).toBeGreaterThan(20);
	if (!continued) {
		expect(error?.context.itemIndex).toBe(0);
		expect(error?.description).toBeTruthy();
	}
	for (const id of n8n.told) expect(text).toContain(id);
	const last = [...n8n.told].at(-1);
	if (last) expect(message).toContain(last);
	if (continued) expect(items[0]?.json.request_id).toBe(last);
	if (meaning === 'doubt') expect(message).toMatch(/may have been accepted/);
	if (meaning === 'refused' && !continued) expect(error?.description).toMatch(/This item was not charged/);
	if (item.fault.status && item.fault.status >= 300 && meaning !== 'doubt') {
		expect(continued ? items[0]?.json.http_status : Number((error as { httpCode?: string }).httpCode)).toBe(
			item.fault.status,
		);
	}
});
