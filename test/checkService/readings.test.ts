import { isBroken, type Finding } from '../../scripts/checkService/findings';
import { newIdentity, trust } from '../adversary/tls';
import { ABSENCES, type HistorySettings } from '../support/fakeSegmind/history';
import type { HistoryEntry } from '../support/fakeSegmind/historyRows';
import { reply, type Route } from '../support/fakeSegmind/protocol';
import type { FakeSettings, Fault } from '../support/fakeSegmind/settings';
import { KEY } from '../support/fakeSegmind/service';
import { changes, checked, shown } from './support';

const NO_VIDEO = [
	'The submit on v2',
	'When the history shows it',
	'Its inputs in the history',
	'Its time in the history',
	'The answers to polls',
	'How it ends',
	'The result',
	'Its metrics',
	"The video's URL, without the key",
	'Its record in the history',
];
const NO_TLS = ['TLS of the API host', 'TLS of the storage host', 'TLS of the history host', 'TLS of the files host'];
const NO_LIMIT = ['Headers that tell of it', 'When it ends', 'Whether polls count'];

let usual: Finding[];
beforeAll(async () => {
	usual = (await checked()).findings;
});

/** A fault at a route, however often it is asked. */
function faultAt(at: Route, fault: Fault): Partial<FakeSettings> {
	return { fault: (_request, route) => (route === at ? fault : undefined) };
}

it('finds a service that follows docs/segmind-api.md as expected, and buys nothing', async () => {
	const { findings, server } = await checked();
	expect(findings.filter(({ result }) => result === 'differs')).toEqual([]);
	expect(isBroken(findings)).toBe(false);
	expect(findings.filter(({ result }) => result === 'not seen').map(({ fact }) => fact)).toEqual([
		...NO_VIDEO,
		...NO_TLS,
		...NO_LIMIT,
	]);
	expect(server.segmind.posts.map(({ path, body }) => [path, body])).toEqual([
		['/v2/check-service-no-such-model', '{}'],
		['/v1/check-service-no-such-model', '{}'],
	]);
	expect(server.segmind.requestsTo('upload')).toHaveLength(1);
	expect(server.segmind.requestsTo('media').filter(({ headers }) => 'x-api-key' in headers)).toEqual([]);
	expect(server.segmind.log).toHaveLength(14);
});

const HISTORY: Array<[string, Partial<HistorySettings>, Record<string, string>]> = [
	[
		'a bare list',
		{ envelope: 'array' },
		{
			'A page of it': 'as expected: 200, JSON, a list; a list of 3',
			'Where the list is': 'now known: the body itself',
			'Its length': 'as expected: 3',
		},
	],
	[
		'a list under another name',
		{ envelope: 'generations' },
		{
			'A page of it': 'as expected: 200, JSON with `generations`, `pagination`; a list of 3',
			'Where the list is': 'now known: `generations`',
		},
	],
	[
		'a third name',
		{ envelope: 'requests' },
		{
			'A page of it': 'as expected: 200, JSON with `count`, `requests`; a list of 3',
			'Where the list is': 'now known: `requests`',
		},
	],
	[
		'a list beside another one',
		{ envelope: 'results' },
		{
			'A page of it': 'as expected: 200, JSON with `success`, `results`, `total`, 1 field of other names; a list of 3',
			'Where the list is': 'now known: `results`',
		},
	],
	[
		'a list in two wrappings',
		{ envelope: 'nested' },
		{
			'A page of it': 'as expected: 200, JSON with `status`, `data`; a list of 3',
			'Where the list is': 'now known: `data`, in it `items`',
		},
	],
	[
		'a record in a wrapping',
		{ recordEnvelope: 'data' },
		{ 'One request by its ID': 'as expected: 200, JSON with `data` around it' },
	],
	['a record in a list', { recordEnvelope: 'rows' }, { 'One request by its ID': 'as expected: 200, in a list' }],
	...(
		[
			['ISO without zone', 'as expected: `model_created`: ISO without a zone'],
			['date and time', 'as expected: `model_created`: date and time without a zone'],
			['ISO with offset', 'as expected: `model_created`: ISO with an offset'],
			['seconds', 'as expected: `model_created`: a number of s'],
			['fractions of seconds', 'as expected: `model_created`: a number of s with fractions'],
			['milliseconds', 'as expected: `model_created`: a number of ms'],
			['number as text', 'as expected: `model_created`: a number of s as text'],
		] as const
	).map(([timeForm, seen]): (typeof HISTORY)[number] => [
		`times as ${timeForm}`,
		{ timeForm },
		{ 'The time of each row': seen },
	]),
	...(['created_at', 'createdAt', 'timestamp'] as const).map((timeName): (typeof HISTORY)[number] => [
		`times under ${timeName}`,
		{ timeName },
		{ 'The time of each row': `as expected: \`${timeName}\`: ISO in UTC` },
	]),
	...(['missing', 'unreadable'] as const).map((timeForm): (typeof HISTORY)[number] => [
		`times that are ${timeForm}`,
		{ timeForm },
		{
			'The time of each row': `differs: ${timeForm === 'missing' ? 'none' : '`model_created`: no time that can be read'}`,
			'No time in the future': 'not seen: no time to compare',
			'The order': 'not seen: no two times to compare',
		},
	]),
	['inputs as text', { body: 'text' }, { 'The inputs': 'as expected: text' }],
	[
		'inputs with defaults',
		{ defaults: true },
		{ 'The inputs of our models': 'as expected: with defaults that nobody sent' },
	],
	['ids with dashes', { ids: 'dashes' }, {}],
	['ids without dashes', { ids: 'no dashes' }, { 'The ID of each row': 'as expected: 32 hex digits without dashes' }],
	[
		'a row for each output',
		{ outputs: 2 },
		{
			'A page of it': 'as expected: 200, JSON with `data`, `total`, `page`; a list of 5',
			'Its length': 'as expected: 5 of 5',
			'The output of finished rows': 'as expected: in 4 of 4',
			'The price of finished rows': 'as expected: in 4 of 4',
		},
	],
	[
		'rows that no record is of',
		{ lie: 'an id that v2 does not know' },
		{ 'One request by its ID': 'differs: 404, JSON with `error`; not that request' },
	],
	[
		'rows without an id',
		{ lie: 'no id' },
		{
			'A page of it': 'differs: 200, JSON with `data`, `total`, `page`; no list that can be read',
			'One request by its ID': 'not seen: no request to ask for',
		},
	],
	['rows without inputs', { lie: 'no inputs' }, { 'The inputs of our models': 'differs: without the prompt' }],
	[
		'a page that is too long',
		{ lie: '10 MB' },
		{
			'A page of it': 'differs: 200, JSON with `data`, `total`, `page`; a list of 3, 31 MB',
			'One request by its ID': 'not seen: no request to ask for',
		},
	],
];

/** What is left out with a history that cannot be read. */
const ROWS = [
	'Where the list is',
	'Its length',
	'The ID of each row',
	'The time of each row',
	'No time in the future',
	'The order',
	'The status of each row',
	'The model of each row',
	'The inputs',
	'The inputs of our models',
	'The output of finished rows',
	'The price of finished rows',
];

it.each(HISTORY)('tells of a history with %s, and of nothing else', async (_name, history, seen) => {
	const { findings } = await checked({ history });
	expect(changes(usual, findings)).toEqual(seen);
	expect(isBroken(findings)).toBe(Object.values(seen).some((each) => each.startsWith('differs')));
});

it.each(ABSENCES)('tells of a history that is not there: %s', async (answers) => {
	const { findings } = await checked({ history: { answers } });
	const changed = changes(usual, findings);
	const redirected = answers === 'redirect' ? ['Redirects of the history host'] : [];
	expect(Object.keys(changed)).toEqual(['A page of it', 'One request by its ID', 'An unknown request', ...redirected]);
	expect(changed['A page of it']).toMatch(/^differs: \d{3}, .*; no list that can be read$/);
	expect(changed['An unknown request']).toMatch(/^differs: \d{3}, .*; it does not repeat the ID$/);
	expect(findings.map(({ fact }) => fact).filter((fact) => ROWS.includes(fact))).toEqual([]);
	expect(isBroken(findings)).toBe(true);
});

it('says where the account made no request', async () => {
	const { findings } = await checked({}, { past: () => undefined });
	expect(Object.values(changes(usual, findings)).filter((seen) => !seen.startsWith('not seen'))).toEqual([
		'as expected: 200, JSON with `data`, `total`, `page`; a list of 0',
	]);
	expect(isBroken(findings)).toBe(false);
});

const HOUR = 60 * 60_000;
const ROW: HistoryEntry = {
	id: '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21',
	model: 'kling-2.6-standard-motion-control',
	status: 'COMPLETED',
	request: { prompt: 'a' },
	createdAt: 0,
	url: 'https://images.segmind.test/a.mp4',
};

/** A row that no record is of, of so many minutes after the year began. */
function row(minute: number): object {
	return {
		request_id: ROW.id,
		model_name: ROW.model,
		model_status: 'COMPLETED',
		credits_deduction: 0.9,
		request_body: ROW.request,
		generation_url: ROW.url,
		model_created: `2026-01-01T00:0${minute}:00Z`,
	};
}

/** A page of the history with these rows. */
function pageOf(rows: object[], beside: object = {}): Partial<FakeSettings> {
	return faultAt('history', { body: { rows, ...beside } });
}

const page = reply(200, '<html></html>').body.toString();

it.each<[string, Partial<FakeSettings>, Record<string, string>]>([
	[
		'the other name of an upload',
		{ upload: (url) => ({ file_urls: [url], message: 'done' }) },
		{ 'A tiny picture': 'as expected: 200, JSON with `file_urls`, `message`; a URL (http, a host of another name)' },
	],
	[
		'a name of an upload that nobody knows',
		{ upload: (url) => ({ links: [url] }) },
		{
			'A tiny picture': 'differs: 200, JSON with 1 field of other names; no URL that can be read',
			'Its URL, without the key': 'not seen: no URL',
			'Its content type': 'not seen: no URL',
			'TLS of the files host': 'not seen: nothing was asked there',
		},
	],
	[
		'an upload that cannot be fetched',
		faultAt('media', { status: 403 }),
		{
			'Its URL, without the key': 'differs: 403, 21 other bytes',
			'Its content type': 'differs: application/json',
		},
	],
	[
		'a balance under another name',
		faultAt('credits', { body: { balance: 3 } }),
		{
			'The balance': 'differs: 200, JSON with 1 field of other names; `credits` is absent',
			'A wrong key': 'differs: 200, JSON with 1 field of other names; without a reason',
			'No key': 'differs: 200, JSON with 1 field of other names; the reason does not say “missing”',
		},
	],
	[
		'a balance as text',
		{
			fault: (_request, route, count) => (route === 'credits' && count === 0 ? { body: { credits: '3' } } : undefined),
		},
		{ 'The balance': 'differs: 200, JSON with `credits`; `credits` is no number' },
	],
	[
		'wrong keys without a reason',
		{ fault: (_request, route, count) => (route === 'credits' && count > 0 ? { status: 401, body: {} } : undefined) },
		{
			'A wrong key': 'differs: 401, JSON with no field; without a reason',
			'No key': 'differs: 401, JSON with no field; the reason does not say “missing”',
		},
	],
	[
		'unknown requests that are none',
		faultAt('status', { status: 410 }),
		{ 'The status of an unknown request': 'differs: 410, JSON with `error`' },
	],
	[
		'unknown requests that are taken',
		faultAt('result', { body: { status: 'QUEUED' } }),
		{ 'The result of an unknown request': 'differs: 200, JSON with `status`' },
	],
	[
		'unknown models that are taken on',
		faultAt('submit', { body: { request_id: '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21', status: 'QUEUED' } }),
		{ 'An unknown model on v2': 'differs: 200, JSON with `request_id`, `status`; it names a request' },
	],
	[
		'a 404 that names a job',
		faultAt('blocking', { status: 404, body: { request_id: 'a1', status: 'QUEUED' } }),
		{ 'An unknown model on v1': 'differs: 404, JSON with `request_id`, `status`; it names a request' },
	],
	[
		'a GET that is answered',
		faultAt('other', { body: {} }),
		{
			'A GET of the model on v2': 'differs: 200, JSON with no field',
			'A GET of the model on v1': 'differs: 200, JSON with no field',
		},
	],
	[
		'a redirect of the API',
		faultAt('status', { status: 302, body: '', headers: { location: 'https://elsewhere.example/' } }),
		{
			'The status of an unknown request': 'differs: 302, no body',
			'Redirects of the API host': 'differs: 1 of 9 answers',
		},
	],
	['a clock that is ahead', { skew: 90_000 }, { "The service's clock": 'now known: 90 s ahead of ours' }],
	[
		'a history without Date',
		faultAt('history', { headers: { date: '' } }),
		{
			'The `Date` of the history': 'differs: missing in 1 of 3',
			'No time in the future': 'not seen: no time to compare',
		},
	],
	[
		'times of another zone',
		{ history: { others: [{ ...ROW, createdAt: Date.now() + 4 * HOUR }] } },
		{
			'A page of it': 'as expected: 200, JSON with `data`, `total`, `page`; a list of 4',
			'Its length': 'as expected: 4 of 4',
			'No time in the future': expect.stringMatching(/^differs: one is 2[34]\d minutes ahead$/) as string,
			'The output of finished rows': 'as expected: in 3 of 3',
			'The price of finished rows': 'as expected: in 3 of 3',
			'The status of each row': 'as expected: COMPLETED, FAILED',
		},
	],
	[
		'fewer rows than were asked for',
		pageOf([row(3), row(2), row(1)], { data: { total: 60 } }),
		{
			'A page of it': 'as expected: 200, JSON with `rows`, `data`; a list of 3',
			'Where the list is': 'now known: `rows`',
			'Its length': 'differs: 3 of 60',
			'The status of each row': 'as expected: COMPLETED',
			'The output of finished rows': 'as expected: in 3 of 3',
			'The price of finished rows': 'as expected: in 3 of 3',
			'One request by its ID': 'differs: 404, JSON with `error`; not that request',
		},
	],
	[
		'rows the other way round',
		pageOf([row(1), row(2)]),
		{
			'A page of it': 'as expected: 200, JSON with `rows`; a list of 2',
			'Where the list is': 'now known: `rows`',
			'Its length': 'as expected: 2',
			'The order': 'differs: another order',
			'The status of each row': 'as expected: COMPLETED',
			'One request by its ID': 'differs: 404, JSON with `error`; not that request',
		},
	],
	[
		'rows with little in them',
		pageOf([
			{ request_id: 5, model_created: '2026-01-01' },
			{ ...row(0), model_status: 'LOST', generation_url: 'none' },
		]),
		{
			'A page of it': 'as expected: 200, JSON with `rows`; a list of 2',
			'Where the list is': 'now known: `rows`',
			'Its length': 'as expected: 2',
			'The ID of each row': 'as expected: a number, UUID with dashes',
			'The time of each row': 'as expected: `model_created`: a date without a zone, `model_created`: ISO in UTC',
			'The status of each row': 'differs: an unknown word',
			'The model of each row': 'differs: not in each',
			'The inputs': 'differs: missing, an object',
			'The output of finished rows': 'not seen: no finished request in the list',
			'The price of finished rows': 'not seen: no finished request in the list',
			'One request by its ID': 'differs: 404, JSON with `error`; not that request',
		},
	],
	[
		'finished rows without output and price',
		pageOf([{ ...row(0), generation_url: null, credits_deduction: 'free' }]),
		{
			'A page of it': 'as expected: 200, JSON with `rows`; a list of 1',
			'Where the list is': 'now known: `rows`',
			'Its length': 'as expected: 1',
			'The order': 'not seen: no two times to compare',
			'The status of each row': 'as expected: COMPLETED',
			'The output of finished rows': 'differs: in 0 of 1',
			'The price of finished rows': 'differs: in 0 of 1',
			'One request by its ID': 'differs: 404, JSON with `error`; not that request',
		},
	],
	[
		'headers of the rate limit',
		{
			fault: (request, route, count) =>
				request.host === 'api' && (route === 'status' || route === 'result')
					? { headers: { 'x-rate-limit-remaining': route === 'status' ? '59' : `${58 - count}` } }
					: undefined,
		},
		{
			'Headers that tell of it': 'now known: x-rate-limit-remaining',
			'Whether polls count': 'now known: yes: one takes a request away',
		},
	],
	[
		'polls that do not count',
		{
			fault: (_request, route) =>
				route === 'status' || route === 'result' ? { headers: { 'x-ratelimit-remaining': '59' } } : undefined,
		},
		{
			'Headers that tell of it': 'now known: x-ratelimit-remaining',
			'Whether polls count': 'now known: no: one takes no request away',
		},
	],
	[
		'a page of a proxy at first',
		{ fault: (_request, route, count) => (route === 'history' && count < 2 ? { status: 502, body: page } : undefined) },
		{},
	],
	[
		'a page of a proxy for good',
		faultAt('record', { status: 502, body: page }),
		{
			'One request by its ID': 'differs: 502, an HTML page; not that request',
			'An unknown request': 'differs: 502, an HTML page; it does not repeat the ID',
		},
	],
	[
		'a connection that breaks off once',
		{
			fault: (_request, route, count) =>
				count === 0 && route !== 'submit' && route !== 'blocking' ? { cut: 'middle' } : undefined,
		},
		{},
	],
	[
		'a connection that breaks off for good',
		faultAt('status', { cut: 'before' }),
		{ 'The status of an unknown request': 'differs: no answer (ECONNRESET)' },
	],
])('tells of %s, and of nothing else', async (_name, settings, seen) => {
	const { findings } = await checked(settings);
	expect(changes(usual, findings)).toEqual(seen);
});

it('waits for the rate limit, and takes a refusal for no answer', async () => {
	const { findings, took, told, server } = await checked({
		fault(_request, route, count) {
			if (route !== 'status' && route !== 'submit') return undefined;
			return count < 5 ? { status: 429, headers: { 'retry-after': '60' } } : undefined;
		},
	});
	expect(changes(usual, findings)).toEqual({
		'Headers that tell of it': 'now known: retry-after',
		'When it ends': 'as expected: told in 10 of 10',
	});
	expect(took).toBeGreaterThan(10 * 60_000);
	expect(took).toBeLessThan(11 * 60_000);
	expect(told).toHaveLength(10);
	expect(told[0]).toMatch(/^The rate limit was reached: waiting 6[01] s\.$/);
	expect(server.segmind.jobs).toHaveLength(3);
});

it('says where the rate limit does not end', async () => {
	const { findings } = await checked(faultAt('upload', { status: 429 }));
	expect(changes(usual, findings)).toEqual({
		'A tiny picture': 'not seen: the rate limit did not let it through',
		'Its URL, without the key': 'not seen: no URL',
		'Its content type': 'not seen: no URL',
		'TLS of the files host': 'not seen: nothing was asked there',
		'When it ends': 'differs: told in 0 of 8',
	});
	expect(isBroken(findings)).toBe(false);
});

it('asks nothing more where the key is refused', async () => {
	const key = KEY.replace('0', '9');
	const { findings, server, warning } = await checked({}, { key });
	expect(shown(findings)).toEqual({
		'The balance': 'differs: 401, JSON with `error`, `error_description`, `status_code`',
	});
	expect(server.segmind.log).toHaveLength(1);
	expect(warning).toBe('Segmind does not accept this key, so nothing else was asked. Check SEGMIND_API_KEY first.');
});

it('looks at TLS, and at the certificate', async () => {
	const identity = newIdentity();
	const place = { tls: identity };
	const refused = shown((await checked({}, { place })).findings);
	expect(refused['TLS of the API host']).toBe('differs: no secure connection (DEPTH_ZERO_SELF_SIGNED_CERT)');
	expect(refused['The balance']).toBe('differs: no answer (DEPTH_ZERO_SELF_SIGNED_CERT)');

	const forget = trust(identity.cert);
	try {
		const { findings } = await checked({}, { place });
		const changed = changes(usual, findings);
		for (const fact of NO_TLS)
			expect(changed[fact]).toMatch(/^as expected: TLSv1\.3, a certificate for [12] more days$/);
		expect(Object.keys(changed)).toEqual(['A tiny picture', ...NO_TLS]);
		expect(changed['A tiny picture']).toMatch(/a URL \(https, a host of another name\)$/);
	} finally {
		forget();
	}
});

it('says where a host cannot be reached', async () => {
	const { findings } = await checked({}, { historyUrl: 'http://127.0.0.1:1' });
	expect(changes(usual, findings)).toEqual({
		'A page of it': 'differs: no answer (ECONNREFUSED)',
		'One request by its ID': 'not seen: no request to ask for',
		'An unknown request': 'differs: no answer (ECONNREFUSED)',
		'Redirects of the history host': 'not seen: no answer',
		'The `Date` of the history': 'not seen: no answer',
		"The service's clock": 'not seen: not told',
	});
});
