import { ABSENCES, type HistorySettings } from './support/fakeSegmind/history';
import { ENVELOPES, LIES, TIMES } from './support/fakeSegmind/historyRows';
import { HISTORY_PATH } from './support/fakeSegmind/protocol';
import { FakeSegmind, KEY, type FakeJob } from './support/fakeSegmind/service';
import { SAMPLE, SAMPLE_BODY } from './support/parameters';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 1, 12);
const ID = '8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21';

/** A service with requests of these ages, in ms, and what its history answers. */
function service(history: Partial<HistorySettings> = {}, ages: number[] = [HOUR], job: Partial<FakeJob> = {}) {
	const segmind = new FakeSegmind({ now: () => NOW, latency: 600_000, history });
	for (const age of ages) segmind.remember({ model: SAMPLE.model, request: SAMPLE_BODY, age, ...job });
	const get = async (path: string, key = KEY) => {
		const { status, headers, body } = await segmind.handle({
			...{ host: 'history', method: 'GET', path: HISTORY_PATH + path, body: '' },
			headers: { 'x-api-key': key },
		});
		const text = body.toString();
		return { status, headers, body: /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text };
	};
	const rows = async (query = '') => ((await get(query)).body as { data: Array<Record<string, unknown>> }).data;
	return { segmind, get, rows };
}

it('has a row for each request, newest first', async () => {
	const { rows, segmind } = service({}, [2 * HOUR, HOUR, 300_000]);
	const [old, done, running] = segmind.jobs;
	expect((await rows()).map((row) => row.request_id)).toEqual([running?.id, done?.id, old?.id]);
	expect((await rows())[0]).toEqual({
		request_id: running?.id,
		model_name: 'kling-2.6-standard-motion-control',
		model_status: 'PENDING',
		credits_deduction: 0,
		request_body: SAMPLE_BODY,
		generation_url: null,
		latency_ms: null,
		model_created: '2026-11-01T11:55:00.000Z',
	});
	expect((await rows('?status=COMPLETED&per_page=1&page=2&sort_order=asc'))[0]).toMatchObject({
		request_id: done?.id,
		model_status: 'COMPLETED',
		credits_deduction: 0.967,
		generation_url: `https://images.segmind.test/outputs/${done?.id}.mp4`,
	});
	expect(await rows('?model_name=pro')).toEqual([]);
	expect(await rows('?page=2')).toEqual([]);
	expect(segmind.history.log.map(({ headers }) => headers['x-api-key'])).toEqual(Array(5).fill(KEY));
});

it('takes its days as UTC days, 7 back by default', async () => {
	const { rows } = service({}, [0, 12 * HOUR, 12 * HOUR + 1, 7 * DAY + 12 * HOUR, 7 * DAY + 12 * HOUR + 1]);
	expect(await rows()).toHaveLength(4);
	expect(await rows('?from_date=2026-11-01')).toHaveLength(2);
	expect(await rows('?from_date=2026-10-31&to_date=2026-10-31')).toHaveLength(1);
	expect(await rows('?to_date=2026-10-30&from_date=2026-10-01')).toHaveLength(2);
});

it.each([
	['?from_date=2026-10-02&to_date=2026-11-01', 200],
	['?from_date=2026-10-01&to_date=2026-11-01', 400],
	['?from_date=2026-11-02&to_date=2026-11-01', 422],
	['?from_date=1.11.2026', 422],
	['?per_page=100', 200],
	['?per_page=101', 422],
	['?per_page=0', 422],
	['?page=0', 422],
	[`/${ID}`, 404],
	['/a/b', 405],
])('answers %s with %d', async (path, status) => expect((await service().get(path)).status).toBe(status));

it('gives a record of any age, in three wrappings', async () => {
	for (const [recordEnvelope, wrap] of [
		['row', (row: unknown) => row],
		['data', (data: unknown) => ({ data })],
		['rows', (row: unknown) => [row]],
	] as const) {
		const { get, segmind } = service({ recordEnvelope }, [400 * DAY], { failure: 'no person' });
		const id = segmind.jobs[0]?.id ?? '';
		const { body } = await get(`/${id.replaceAll('-', '')}`);
		expect(body).toEqual(wrap(expect.objectContaining({ request_id: id, model_status: 'FAILED', error: 'no person' })));
	}
});

it.each(Object.keys(ENVELOPES) as Array<keyof typeof ENVELOPES>)('wraps the list as %s', async (envelope) => {
	const { body } = await service({ envelope }).get('');
	expect(JSON.stringify(body)).toMatch(/\[\{"request_id":"[\da-f-]{36}"/);
});

it.each<[keyof typeof TIMES, unknown]>([
	['ISO with Z', '2026-11-01T11:00:00.000Z'],
	['ISO without zone', '2026-11-01T11:00:00.000000'],
	['date and time', '2026-11-01 11:00:00'],
	['ISO with offset', '2026-11-01T16:30:00.000+05:30'],
	['seconds', 1_793_530_800],
	['fractions of seconds', 1_793_530_800],
	['milliseconds', 1_793_530_800_000],
	['number as text', '1793530800'],
	['missing', undefined],
	['unreadable', 'yesterday'],
])('writes a time as %s', async (timeForm, written) => {
	const [row] = await service({ timeForm, timeName: 'createdAt' }).rows();
	expect(row?.createdAt).toEqual(written);
});

it('writes inputs, ids, outputs and late rows as it is told', async () => {
	const { rows } = service({ body: 'text', defaults: true, ids: 'no dashes', outputs: 2 });
	const [row, frame, ...rest] = await rows();
	expect(rest).toEqual([]);
	expect(JSON.parse(String(row?.request_body))).toMatchObject({ ...SAMPLE_BODY, seed: 71_542 });
	expect(row?.request_id).toMatch(/^[\da-f]{32}$/);
	expect(frame).toMatchObject({ request_id: row?.request_id, generation_url: expect.stringMatching(/\.png$/) });
	expect(await service({ delay: HOUR + 1 }).rows()).toEqual([]);
	expect(await service({ delay: HOUR }).rows()).toHaveLength(1);
});

it.each(ABSENCES)('is not there: %s', async (answers) => {
	const { get } = service({ answers });
	const list = await get('');
	expect(list.status === 200 ? String(list.body).startsWith('<') : list.status >= 300).toBe(true);
	expect((await get(`/${ID}`)).status).toBe(list.status);
});

it.each(Object.keys(LIES) as Array<keyof typeof LIES>)('lies: %s', async (lie) => {
	const honest = await service({}).rows();
	const lying = await service({ lie }).rows();
	expect(lying).not.toEqual(honest);
});

it('asks for the key, and tells its own time', async () => {
	const { get, segmind } = service({}, [0]);
	expect((await get('', 'SG_other')).status).toBe(401);
	segmind.settings.skew = -90_000;
	const { headers, body } = await get('');
	expect(headers.date).toBe('Sun, 01 Nov 2026 11:58:30 GMT');
	expect(JSON.stringify(body)).toContain('2026-11-01T11:58:30.000Z');
});
