import { RateLimit } from '../../../../nodes/KlingMotionControl/segmind/rateLimit';

const MINUTE = 60_000;

/** A limit after so many requests at a time, and one that was refused then. */
function refusedAfter(count: number, { at = 0, isPoll = false, asked = 0 } = {}) {
	const limit = new RateLimit();
	for (let n = 0; n < count; n++) limit.accept(limit.note(at, isPoll), at);
	const wait = limit.refuse(limit.note(at, isPoll), at, asked);
	return { limit, wait };
}

it('is not known before a refusal, however many are sent', () => {
	const limit = new RateLimit();
	for (let n = 0; n < 1_000; n++) limit.accept(limit.note(n, false), n);
	expect([limit.isKnown, limit.waitFor(1, 1_000)]).toEqual([false, 0]);
});

it.each([
	[5, true, MINUTE],
	[60, true, MINUTE],
	[4, false, 0],
	[0, false, 0],
])('is what a minute took, where that is enough to tell: %d', (count, isKnown, wait) => {
	const refused = refusedAfter(count);
	expect([refused.limit.isKnown, refused.wait]).toEqual([isKnown, wait]);
	expect(refused.limit.waitFor(1, 1_000)).toBe(isKnown ? 59_000 : 0);
	expect(refused.limit.waitFor(1, MINUTE)).toBe(0);
});

it('lets a part of it through', () => {
	const { limit } = refusedAfter(10);
	for (let n = 0; n < 5; n++) {
		expect(limit.waitFor(0.5, MINUTE)).toBe(0);
		limit.note(MINUTE, true);
	}
	expect([limit.waitFor(0.5, MINUTE), limit.waitFor(1, MINUTE)]).toEqual([MINUTE, 0]);
});

it('counts anew from the reset that the service told', () => {
	const { limit } = refusedAfter(10, { at: 1_000, asked: 7_000 });
	expect(limit.waitFor(1, 7_999)).toBe(1);
	expect(limit.waitFor(1, 8_000)).toBe(0);
});

it('counts only the window that ends at the reset', () => {
	const limit = new RateLimit();
	for (const at of [...Array.from({ length: 20 }, () => 0), ...Array.from({ length: 8 }, () => 30_000)]) {
		limit.note(at, false);
	}
	limit.refuse(limit.note(30_000, false), 30_000, 50_000);
	for (let n = 0; n < 8; n++) limit.note(80_000, false);
	expect(limit.waitFor(1, 80_000)).toBe(MINUTE);
});

it('is lower where it was kept and refused all the same, and others then fill it: half a minute is waited', () => {
	const { limit } = refusedAfter(20);
	for (let n = 0; n < 12; n++) limit.note(MINUTE, false);
	limit.refuse(limit.note(MINUTE, false), MINUTE, 0);
	expect(limit.waitFor(1, MINUTE)).toBe(MINUTE);
	expect(limit.waitFor(1, 2 * MINUTE)).toBe(0);
	expect(limit.refuse(limit.note(2 * MINUTE, false), 2 * MINUTE, 0)).toBe(MINUTE / 2);
});

it('is tried again after 40 requests near it', () => {
	const { limit } = refusedAfter(5);
	let minute = 1;
	for (let n = 0; n < 80; n++) {
		while (limit.waitFor(1, minute * MINUTE) > 0) minute++;
		limit.accept(limit.note(minute * MINUTE, false), minute * MINUTE);
	}
	for (let n = 0; n < 10; n++) {
		expect(limit.waitFor(1, 60 * MINUTE)).toBe(0);
		limit.note(60 * MINUTE, false);
	}
	expect(limit.waitFor(1, 60 * MINUTE)).toBe(MINUTE);
});

it('does not count polls where they were taken while others were refused, until one of them is refused', () => {
	const { limit } = refusedAfter(10);
	for (let n = 0; n < 5; n++) limit.note(1, true);
	limit.exceptPolls(1);
	expect([limit.pollsCount, limit.recent(1)]).toEqual([false, 10]);
	limit.refuse(limit.note(2, true), 2, 0);
	expect([limit.pollsCount, limit.recent(2)]).toEqual([true, 15]);
	limit.exceptPolls(3);
	expect(limit.pollsCount).toBe(true);
});
