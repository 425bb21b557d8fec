import * as fc from 'fast-check';

import { Backoff } from '../../../../nodes/KlingMotionControl/segmind/backoff';

const NOW = Date.UTC(2026, 10, 1, 12, 0, 0);
/** The first backoff with the most jitter, in ms. */
const FIRST = 1_000;

describe('a wait that the service asks for', () => {
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
	])('%j', (headers, wait) => {
		// with the most jitter, a wait that is asked for is a second longer, and the first backoff is one second
		expect(new Backoff().next(headers, NOW, 1)).toBe(wait === undefined ? FIRST : wait + 1_000);
	});
});

/** The waits after failures with these headers, one after another. */
function waits(backoff: Backoff, headers: Array<Record<string, string>>, random: number): number[] {
	return headers.map((each) => backoff.next(each, NOW, random));
}

it('backs off exponentially, with jitter, to 30 s', () => {
	const failures = Array.from({ length: 61 }, () => ({}));
	const longest = waits(new Backoff(), failures, 1);
	expect(longest.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
	expect(longest.at(-1)).toBe(30_000);
	expect(waits(new Backoff(), failures.slice(0, 3), 0)).toEqual([500, 1_000, 2_000]);
});

it('waits as long as asked, and up to a second more', () => {
	expect(waits(new Backoff(), [{ 'retry-after': '9' }], 0)).toEqual([9_000]);
	expect(waits(new Backoff(), [{ 'retry-after': '9' }], 1)).toEqual([10_000]);
});

it('is never shorter than the exponential backoff', () => {
	const asking = { 'retry-after': '3' };
	expect(waits(new Backoff(), Array<typeof asking>(6).fill(asking), 1)).toEqual([
		4_000, 4_000, 4_000, 8_000, 16_000, 30_000,
	]);
});

it('is never shorter than what was asked for last, which an answer without such a word does not take back', () => {
	const backoff = new Backoff();
	const headers: Array<Record<string, string>> = [
		{},
		{ 'retry-after': '20' },
		{},
		{ 'retry-after': 'soon' },
		{ 'retry-after': '0' },
	];
	expect(waits(backoff, headers, 0)).toEqual([500, 20_000, 20_000, 20_000, 20_000]);
	expect(waits(backoff, [{ 'retry-after': '16' }, {}], 0)).toEqual([16_000, 16_000]);
});

it('begins anew after a success', () => {
	const backoff = new Backoff();
	waits(backoff, [{}, { 'retry-after': '20' }, {}], 1);
	backoff.reset();
	expect(waits(backoff, [{}, {}], 1)).toEqual([1_000, 2_000]);
});

it('is never longer than two minutes and a second, whatever the headers say', () => {
	const header = fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String), fc.integer().map(String));
	const headers = fc.record({ 'retry-after': header, 'x-rate-limit-reset-at-utc': header }, { requiredKeys: [] });
	fc.assert(
		fc.property(fc.array(headers, { maxLength: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (all, random) => {
			for (const wait of waits(new Backoff(), all, random)) {
				expect(wait).toBeGreaterThanOrEqual(500);
				expect(wait).toBeLessThanOrEqual(121_000);
			}
		}),
	);
});
