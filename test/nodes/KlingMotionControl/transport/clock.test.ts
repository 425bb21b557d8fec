import { getEventListeners } from 'node:events';

import { systemClock } from '../../../../nodes/KlingMotionControl/transport/clock';

const LONG = 20_000;

it('tells the time and a chance', () => {
	expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
	const chance = systemClock.random();
	expect(chance).toBeGreaterThanOrEqual(0);
	expect(chance).toBeLessThan(1);
});

describe('sleep', () => {
	it('ends when its time has come, and leaves no listener', async () => {
		const { signal } = new AbortController();
		const began = performance.now();
		await systemClock.sleep(20, signal);
		expect(performance.now() - began).toBeGreaterThanOrEqual(19);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	it('ends at once with the signal', async () => {
		const stop = new AbortController();
		const sleep = systemClock.sleep(LONG, stop.signal);
		stop.abort();
		await sleep;
		expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
	});

	it('does not begin after the signal', async () => {
		const timer = jest.spyOn(globalThis, 'setTimeout');
		await systemClock.sleep(LONG, AbortSignal.abort());
		expect(timer).not.toHaveBeenCalled();
		timer.mockRestore();
	});
});
