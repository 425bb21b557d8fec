import { CANNOT_CHECK } from '../../scripts/checkService/check';
import { isBroken } from '../../scripts/checkService/findings';
import type { ServiceRecord } from '../../scripts/checkService/record';
import { tableOf } from '../../scripts/checkService/table';
import { idsIn } from '../support/fakeSegmind/protocol';
import { startReplay } from '../support/fakeSegmind/replay';
import { KEY } from '../support/fakeSegmind/service';
import type { FakeSettings } from '../support/fakeSegmind/settings';
import { loadNode, runWorkflow } from '../support/inProcessN8n';
import { SAMPLE_BODY } from '../support/parameters';
import { changes, checked, SECRETS } from './support';

/** What a talkative service says of an account. */
const TALKATIVE: Partial<FakeSettings> = {
	credits: 431.7,
	history: { body: 'text' },
	fault(request, route, count) {
		if (route === 'credits' && count === 0) {
			return {
				body: {
					credits: 431.7,
					user: { id: 4_711_815, name: 'Ada Lovelace', email: 'ada@analytical.engine' },
					team_id: 'team-of-ada',
					note: `Your key ${KEY} is fine, Ada`,
				},
			};
		}
		if (route === 'credits') {
			return {
				status: 401,
				body: {
					error: `Unauthorized: ${request.headers['x-api-key'] ?? 'Missing'} is no key of Ada Lovelace (4711815)`,
				},
			};
		}
		if (route === 'status' && count === 0) {
			return { status: 404, body: `No request for ${KEY} of ada@analytical.engine` };
		}
		return undefined;
	},
};

/** The ids in a record that are neither made up nor those of Segmind's own sample. */
function realIds(record: ServiceRecord): string[] {
	const published = idsIn(JSON.stringify(SAMPLE_BODY));
	const made = /^0{8}-?0{4}-?4000-?8000-?/;
	return idsIn(JSON.stringify(record)).filter((id) => !made.test(id) && !published.includes(id));
}

it('keeps answers without the key, ids, names, balances, prompts and URLs', async () => {
	const { record, server, findings } = await checked(TALKATIVE, { buy: true });
	const text = JSON.stringify(record);
	const [credits] = record.exchanges;
	expect(credits).toEqual({
		host: 'api',
		method: 'GET',
		path: '/v1/get-user-credits',
		key: 'right',
		answer: {
			status: 200,
			headers: { 'content-type': 'application/json', date: expect.any(String) as string },
			body: JSON.stringify({
				credits: 100,
				user: { id: 900_001, name: 'text', email: 'text' },
				team_id: 'id-2',
				note: 'text',
			}),
		},
	});
	expect(realIds(record)).toEqual([]);
	for (const secret of [KEY, '431.7', '4711815', 'Ada', 'ada@', 'team-of-ada', ...Object.values(SECRETS)]) {
		expect(text).not.toContain(secret);
	}
	for (const { id } of server.segmind.jobs) expect(text).not.toContain(id);
	for (const origin of [server.url, server.storageUrl, server.historyUrl, server.segmind.mediaOrigin]) {
		expect(text).not.toContain(origin);
	}
	const printed = tableOf(findings, 200);
	for (const secret of [KEY, '431.7', '4711815', 'Ada', ...Object.values(SECRETS), ...idsIn(text)]) {
		expect(printed).not.toContain(secret);
	}
	expect(idsIn(printed)).toEqual([]);
});

it.each<[string, Partial<FakeSettings>, boolean]>([
	['the documented readings', {}, false],
	['the documented readings, with a purchase', {}, true],
	[
		'other readings',
		{
			id: () => `8f14e45fceea46729c2b1f0a3d5b7${Math.random().toString(16).slice(2, 5).padEnd(3, '0')}`,
			history: { envelope: 'nested', recordEnvelope: 'rows', body: 'text', defaults: true, timeForm: 'seconds' },
			upload: (url) => ({ file_urls: [url] }),
		},
		true,
	],
	['a job that fails', { fails: () => 'no person' }, true],
	['a history that is not there', { history: { answers: 'redirect' } }, false],
	[
		'a service that is not there',
		{ fault: (_request, route) => (route === 'result' ? { cut: 'before' } : undefined) },
		false,
	],
	['a rate limit', { fault: (_request, _route, count) => (count === 0 ? { status: 429 } : undefined) }, false],
	['differences', TALKATIVE, true],
])('is replayed by the fake, which then shows the same: %s', async (_name, settings, buy) => {
	const first = await checked(settings, { buy });
	const replayed = await checked(
		{},
		{ buy, past: () => undefined, start: async () => await startReplay(first.record) },
	);
	const changed = changes(first.findings, replayed.findings);
	// of a connection that broke off, it breaks off otherwise
	expect(Object.keys(changed).filter((fact) => fact !== "The service's clock")).toEqual([]);
	expect(isBroken(replayed.findings)).toBe(isBroken(first.findings));
	expect(replayed.server.segmind.jobs).toEqual([]);
});

it('lets the node meet what the real service answered', async () => {
	const { record } = await checked({ history: { envelope: 'nested', ids: 'no dashes', timeForm: 'seconds' } });
	const server = await startReplay(record);
	const { items, error } = await runWorkflow({
		nodeType: await loadNode(),
		parameters: { operation: 'getRequests' },
		credential: { apiKey: KEY, baseUrl: server.url, storageUrl: server.storageUrl, historyUrl: server.historyUrl },
	});
	await server.close();
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => [json.status, json.model])).toEqual([
		['FAILED', 'kling-2.6-standard-motion-control'],
		['COMPLETED', 'kling-2.6-standard-motion-control'],
		['COMPLETED', 'another-model'],
	]);
});

it('prints a table that fits the terminal, and what cannot be seen', async () => {
	const { findings } = await checked();
	const table = tableOf(findings, 100);
	for (const line of table.split('\n').slice(0, -1)) expect(line.length).toBeLessThanOrEqual(100);
	expect(table).toContain('ok       The balance');
	expect(table.split('\n').at(-1)).toMatch(/^\d+ as expected, 2 now known, 0 different, 17 not seen\. The service is/);
	expect(CANNOT_CHECK.length).toBeGreaterThan(5);
});
