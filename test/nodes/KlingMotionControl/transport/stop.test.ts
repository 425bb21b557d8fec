import { Stop } from '../../../../nodes/KlingMotionControl/transport/stop';

it('gives everyone a signal of their own, which ends with the others', () => {
	const stop = new Stop();
	const signals = [stop.signal(), stop.signal()];
	expect(new Set(signals).size).toBe(2);
	expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
	stop.now();
	expect([...signals, stop.signal()].map(({ aborted }) => aborted)).toEqual([true, true, true]);
});
