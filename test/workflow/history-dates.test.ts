import { n8nWith, START } from '../support/histories';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';
import type { VirtualN8n } from '../support/virtualN8n';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** The times at which the requests of the account were made. */
const TIMES = [
	'2026-10-31T23:30:00.000Z',
	'2026-10-31T04:30:00.000Z',
	'2026-10-31T03:30:00.000Z',
	'2026-10-30T14:30:00.000Z',
	'2026-10-30T12:30:00.000Z',
	'2026-10-29T18:00:00.000Z',
	'2026-10-25T00:30:00.000Z',
];

function account(times: string[], timezone = 'UTC'): VirtualN8n {
	const n8n = n8nWith({});
	n8n.timezone = timezone;
	for (const time of times) {
		const request = { ...SAMPLE_BODY, prompt: time };
		n8n.segmind.remember({ model: SAMPLE.model, request, age: START - Date.parse(time) });
	}
	return n8n;
}

/** When the requests were made that are listed. */
async function timesOf(n8n: VirtualN8n, filters: object): Promise<unknown[]> {
	const parameters = { operation: 'getRequests', returnAll: true, limit: 50, filters };
	const { items, error } = await n8n.run({ parameters });
	if (error) throw error;
	return (items ?? []).map(({ json }) => json.created_at);
}

/** The days that were asked for, each as from and to. */
const rangesOf = ({ segmind }: VirtualN8n) => [
	...new Set(
		segmind.requestsTo('history').map(({ path }) => {
			const { searchParams } = new URL(path, 'https://history.test');
			return `${searchParams.get('from_date')} ${searchParams.get('to_date')}`;
		}),
	),
];

describe.each([
	['UTC', ['2026-10-30T14:30:00.000Z', '2026-10-30T12:30:00.000Z']],
	// -4 hours: its day goes from 4:00 to 4:00 of UTC
	['America/New_York', ['2026-10-31T03:30:00.000Z', '2026-10-30T14:30:00.000Z', '2026-10-30T12:30:00.000Z']],
	// +14 hours: from 10:00 of the day before
	['Pacific/Kiritimati', ['2026-10-29T18:00:00.000Z']],
	// +5:45 hours: from 18:15 of the day before
	['Asia/Kathmandu', ['2026-10-30T14:30:00.000Z', '2026-10-30T12:30:00.000Z']],
])('a day in %s', (timezone, expected) => {
	it('is that of the workflow, from its beginning to its end', async () => {
		const day = { fromDate: '2026-10-30', toDate: '2026-10-30' };
		expect(await timesOf(account(TIMES, timezone), day)).toEqual(expected);
	});

	it('begins at midnight there, as the picker of dates writes it', async () => {
		const n8n = account(TIMES, timezone);
		const from = await timesOf(n8n, { fromDate: '2026-10-30T00:00:00' });
		const first = expected.at(-1) ?? '';
		expect(from.at(-1)).toBe(first);
		expect(from).toHaveLength(TIMES.indexOf(first) + 1);
	});
});

it.each(['2026-10-31T03:30:00.000Z', '2026-10-30T23:30:00.000-04:00'])(
	'takes %s for what it says',
	async (fromDate) => {
		for (const timezone of ['UTC', 'Asia/Tokyo']) {
			expect(await timesOf(account(TIMES, timezone), { fromDate })).toEqual(TIMES.slice(0, 3));
		}
	},
);

it.each([
	['ms since the epoch', Date.parse(TIMES[2] ?? '')],
	['seconds since the epoch, as text', String(Date.parse(TIMES[2] ?? '') / 1_000)],
	['invisible characters around', `\u200B${TIMES[2]}\uFEFF`],
])('takes a time with %s', async (_what, fromDate) =>
	expect(await timesOf(account(TIMES), { fromDate })).toEqual(TIMES.slice(0, 3)),
);

it('asks nothing where the time begins in the future', async () => {
	const n8n = account(TIMES);
	expect(await timesOf(n8n, { fromDate: '2050-01-01' })).toEqual([]);
	expect(n8n.segmind.log).toEqual([]);
});

it('takes a change of daylight saving time into account', async () => {
	// from 25 October 2026, 1:00 UTC, Berlin is one hour ahead, before that two
	const times = ['2026-10-25T22:30:00.000Z', '2026-10-24T22:30:00.000Z', '2026-10-24T21:30:00.000Z'];
	const n8n = account(times, 'Europe/Berlin');
	expect(await timesOf(n8n, { fromDate: '2026-10-25', toDate: '2026-10-25' })).toEqual(times.slice(0, 2));
});

describe('more than 31 days', () => {
	const times = Array.from({ length: 100 }, (_, n) => new Date(START - n * DAY - HOUR).toISOString());

	it('are asked for in parts, no page twice', async () => {
		const n8n = account(times);
		expect(await timesOf(n8n, { fromDate: '2026-08-01', toDate: '2026-10-31' })).toEqual(times.slice(0, 92));
		const ranges = rangesOf(n8n);
		expect(ranges.length).toBeGreaterThanOrEqual(3);
		expect(ranges.length).toBeLessThanOrEqual(4);
		const days = ranges.flatMap((range) => {
			const [from = 0, to = 0] = range.split(' ').map((day) => Date.parse(day));
			expect((to - from) / DAY + 1).toBeLessThanOrEqual(31);
			return Array.from({ length: (to - from) / DAY + 1 }, (_, n) => from + n * DAY);
		});
		expect(new Set(days).size).toBeGreaterThanOrEqual(92);
		const pages = n8n.segmind.requestsTo('history').map(({ path }) => path);
		expect(new Set(pages).size).toBe(pages.length);
	});

	it('go on to this day where no end is given', async () => {
		expect(await timesOf(account(times), { fromDate: '2026-08-01' })).toEqual(times.slice(0, 92));
	});

	it('are read only as far as they are needed', async () => {
		const n8n = account(times);
		const parameters = { operation: 'getRequests', returnAll: false, limit: 5, filters: { fromDate: '2026-08-01' } };
		expect((await n8n.run({ parameters })).items).toHaveLength(5);
		expect(n8n.segmind.history.log).toHaveLength(1);
	});
});

it.each([
	[{ fromDate: 'yesterday' }, /From/],
	[{ toDate: 'soon' }, /To/],
	[{ fromDate: '2026-10-30', toDate: '2026-10-29' }, /From|To/],
	[{ fromDate: true }, /^From must be a date, such as 2026-11-02, not true$/],
	[{ fromDate: '2026-02-30' }, /^From must be a date, such as 2026-11-02, not “2026-02-30”$/],
	[{ toDate: '2026-09-31' }, /^To must be a date/],
	[{ toDate: '2026-02-29T10:00' }, /^To must be a date/],
	[{ fromDate: 20261101 }, /^From must be a date/],
])('refuses %j', async (filters, field) => {
	const n8n = account(TIMES);
	const { error } = await n8n.run({ parameters: { operation: 'getRequests', returnAll: true, limit: 50, filters } });
	expect(error?.message).toMatch(field);
	expect(n8n.segmind.log).toEqual([]);
});
