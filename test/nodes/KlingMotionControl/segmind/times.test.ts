import { timeIn } from '../../../../nodes/KlingMotionControl/segmind/times';

const TIME = Date.UTC(2026, 10, 26, 4, 5, 6);

it.each<[name: string]>([
	...['model_created', 'created_at', 'createdAt', 'created', 'timestamp', 'request_time', 'date'].map(one),
	...['created_on', 'inserted_at', 'model_created_at', 'start_time', 'submitted_at', 'time', 'creation_time'].map(one),
	...['date_created', 'queued_at', 'requestedAt', 'CreatedDate'].map(one),
])('a time called %s is read', (name) => {
	expect(timeIn({ request_id: 'a', [name]: '2026-11-26T04:05:06Z' })).toBe(TIME);
});

it.each([
	...['updated_at', 'modified', 'completed_at', 'finished_at', 'end_time', 'expires_at', 'deleted_at', 'time_taken'],
	...['latency_ms', 'timezone', 'request_id', 'request_body', 'time_in_seconds', 'anything'],
])('%s is not when a request was made', (name) => {
	expect(timeIn({ [name]: '2026-11-26T04:05:06Z' })).toBeUndefined();
});

it('the best name counts, and one that cannot be read does not', () => {
	expect(timeIn({ date_created: '2020-01-01', created_at: '2026-11-26T04:05:06Z' })).toBe(TIME);
	expect(timeIn({ created_at: 'today', date_created: '2026-11-26T04:05:06Z' })).toBe(TIME);
});

it.each<[value: unknown, ms: number | undefined]>([
	['2026-11-26T04:05:06Z', TIME],
	['2026-11-26T04:05:06', TIME],
	['2026-11-26 04:05:06', TIME],
	['2026-11-26 04:05:06 UTC', TIME],
	['2026-11-26T04:05:06 GMT', TIME],
	['2026-11-26T04:05:06.000000', TIME],
	['2026-11-26T04:05:06+00', TIME],
	['2026-11-26 04:05:06.000+00', TIME],
	['2026-11-26T09:35:06+0530', TIME],
	['2026-11-26T09:35:06+05:30', TIME],
	['2026-11-25T20:05:06-08:00', TIME],
	[' 2026-11-26T04:05:06Z ', TIME],
	['2026-11-26T04:05Z', TIME - 6_000],
	['2026-11-26', Date.UTC(2026, 10, 26)],
	['Thu, 26 Nov 2026 04:05:06 GMT', TIME],
	[{ $date: '2026-11-26T04:05:06Z' }, TIME],
	[{ $date: TIME }, TIME],
	[TIME / 1_000, TIME],
	[TIME, TIME],
	[TIME * 1_000, TIME],
	[TIME * 1_000_000, TIME],
	[String(TIME / 1_000), TIME],
	['26/11/2026', undefined],
	['Nov 26 2026', undefined],
	['2026-13-26T04:05:06Z', undefined],
	['', undefined],
	[0, undefined],
	[608.2, undefined],
	[{ $date: { $numberLong: '1' } }, undefined],
	[[TIME], undefined],
	[null, undefined],
	[Infinity, undefined],
])('%j is %p', (created_at, ms) => expect(timeIn({ created_at })).toBe(ms));

function one(name: string): [string] {
	return [name];
}
