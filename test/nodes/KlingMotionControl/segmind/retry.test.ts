import {
	isRefusal,
	mayRepeatGet,
	mayRepeatPost,
	requestedWait,
	retryDelay,
} from '../../../../nodes/KlingMotionControl/segmind/retry';

const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);
const STATUSES = [
	200, 300, 301, 302, 307, 400, 401, 403, 404, 405, 406, 408, 410, 413, 422, 425, 429, 499, 500, 501, 502, 503, 504,
	520,
];

it('repeats a POST only where the service took nothing on', () => {
	expect(STATUSES.filter(mayRepeatPost)).toEqual([429, 503]);
});

it('repeats a GET on what may pass', () => {
	expect(STATUSES.filter(mayRepeatGet)).toEqual([408, 425, 429, 500, 501, 502, 503, 504, 520]);
});

it('takes as a refusal only what cannot hide an accepted job', () => {
	expect(STATUSES.filter(isRefusal)).toEqual([
		300, 301, 302, 307, 400, 401, 403, 404, 405, 406, 410, 413, 422, 429, 503,
	]);
});

describe('requestedWait', () => {
	it.each<[Record<string, string>, number | undefined]>([
		[{}, undefined],
		[{ 'retry-after': '7' }, 7_000],
		[{ 'retry-after': ' 7 ' }, 7_000],
		[{ 'retry-after': '0.5' }, 500],
		[{ 'retry-after': '1.25' }, 1_250],
		[{ 'retry-after': '' }, undefined],
		[{ 'retry-after': '0' }, undefined],
		[{ 'retry-after': '-5' }, undefined],
		[{ 'retry-after': '86400' }, 120_000],
		[{ 'retry-after': 'Sun, 01 Nov 2026 12:00:09 GMT' }, 9_000],
		[{ 'retry-after': 'soon' }, undefined],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01T12:00:30Z' }, 30_000],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01T12:00:30' }, 30_000],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01 12:00:30.500' }, 30_500],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01T14:00:30+02:00' }, 30_000],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01T14:00:30+0200' }, 30_000],
		[{ 'x-rate-limit-reset-at-utc': String(1e11) }, undefined],
		[{ 'x-rate-limit-reset-at-utc': String(NOW / 1_000 + 5) }, 5_000],
		[{ 'x-rate-limit-reset-at-utc': String(NOW + 5_000) }, 5_000],
		[{ 'x-rate-limit-reset-at-utc': '2026-11-01T11:59:00Z' }, undefined],
		[{ 'x-rate-limit-reset-at-utc': '2099-01-01T00:00:00Z' }, 120_000],
		[{ 'x-rate-limit-reset-at-utc': 'NaN' }, undefined],
		[{ 'x-rate-limit-reset-at-utc': '1e999' }, undefined],
		[{ 'retry-after': 'x', 'x-rate-limit-reset-at-utc': '2026-11-01T12:00:30Z' }, 30_000],
		[{ 'retry-after': '2', 'x-rate-limit-reset-at-utc': '2026-11-01T12:00:30Z' }, 2_000],
	])('%j', (headers, wait) => expect(requestedWait(headers, NOW)).toBe(wait));
});

describe('retryDelay', () => {
	it('backs off exponentially, with jitter, to 30 s', () => {
		expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => retryDelay(attempt, {}, NOW, 1))).toEqual([
			1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
		]);
		expect(retryDelay(2, {}, NOW, 0)).toBe(2_000);
	});

	it('waits as long as asked, and up to a second more', () => {
		expect(retryDelay(0, { 'retry-after': '9' }, NOW, 0)).toBe(9_000);
		expect(retryDelay(9, { 'retry-after': '9' }, NOW, 1)).toBe(10_000);
	});
});
