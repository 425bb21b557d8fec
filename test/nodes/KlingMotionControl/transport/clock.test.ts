import { getEventListeners } from 'node:events';

import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import { RunClock, systemClock } from '../../../../nodes/KlingMotionControl/transport/clock';
import { openExchanges, thrown } from '../../../support/virtualServices';
import { VirtualClock } from '../../../support/virtualN8n';

const LONG = 20_000;

describe('systemClock', () => {
	it('tells the time and a chance', () => {
		expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
		const chance = systemClock.random();
		expect(chance).toBeGreaterThanOrEqual(0);
		expect(chance).toBeLessThan(1);
	});

	it('wakes when its time has come, and leaves no listener', async () => {
		const { signal } = new AbortController();
		const began = performance.now();
		await systemClock.sleep(20, signal);
		expect(performance.now() - began).toBeGreaterThanOrEqual(19);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	it('wakes at once with the signal, by an error, and leaves neither a listener nor a timer', async () => {
		const clear = jest.spyOn(globalThis, 'clearTimeout');
		const controller = new AbortController();
		const sleep = systemClock.sleep(LONG, controller.signal);
		const began = performance.now();
		controller.abort();
		await expect(sleep).rejects.toThrow();
		expect(performance.now() - began).toBeLessThan(LONG / 2);
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		expect(clear).toHaveBeenCalledTimes(1);
		clear.mockRestore();
	});

	it('does not begin to sleep after the signal', async () => {
		const timer = jest.spyOn(globalThis, 'setTimeout');
		const signal = AbortSignal.abort();
		await expect(systemClock.sleep(LONG, signal)).rejects.toThrow();
		expect(timer).not.toHaveBeenCalled();
		timer.mockRestore();
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

describe('the clock of a run', () => {
	/** A run's clock on a virtual one. */
	function clocks() {
		const clock = new VirtualClock(() => 0.25);
		return { clock, runClock: new RunClock(clock), began: clock.now() };
	}

	it('tells the time and the chance of the clock below', async () => {
		const { clock, runClock, began } = clocks();
		await clock.drive(clock.sleep(5));
		expect([runClock.now(), runClock.random(), runClock.isStopped]).toEqual([began + 5, 0.25, false]);
	});

	describe.each<['stop' | 'cancel', boolean]>([
		['stop', false],
		['cancel', true],
	])('ended by a %s', (ending, isCancel) => {
		it('ends what a stop ends, before and after, and of what a cancel ends what it should', () => {
			const { runClock } = clocks();
			const before = [runClock.controller('stop'), runClock.controller('cancel')];
			expect(before.map(({ signal }) => signal.aborted)).toEqual([false, false]);
			runClock.end(ending);
			expect(runClock.isStopped).toBe(true);
			expect(before.map(({ signal }) => signal.aborted)).toEqual([true, isCancel]);
			const after = [runClock.controller('stop'), runClock.controller('cancel')];
			expect(after.map(({ signal }) => signal.aborted)).toEqual([true, isCancel]);
			for (const controller of [...before, ...after]) controller.release();
			expect(openExchanges(runClock)).toBe(0);
		});

		it('ends a sleep at once, which says what is known of the job', async () => {
			const { clock, runClock, began } = clocks();
			void clock.sleep(100).then(() => runClock.end(ending));
			const error = await thrown(clock.drive(runClock.sleep(LONG, 'PROCESSING')));
			expect(error).toBeInstanceOf(SegmindError);
			expect(error).toMatchObject({ kind: 'stopped', details: { accepted: 'no', status: 'PROCESSING' } });
			expect(clock.now()).toBe(began + 100);
			expect(openExchanges(runClock)).toBe(0);
		});

		it('lets no sleep begin', async () => {
			const { clock, runClock, began } = clocks();
			runClock.end(ending);
			const error = (await thrown(clock.drive(runClock.sleep(LONG)))) as SegmindError;
			expect(error).toMatchObject({ kind: 'stopped' });
			expect(error.details).not.toHaveProperty('status');
			expect(clock.now()).toBe(began);
			expect(openExchanges(runClock)).toBe(0);
		});

		it('does not shorten a time that is measured', async () => {
			const { clock, runClock, began } = clocks();
			runClock.end(ending);
			expect(await clock.drive(runClock.timeIsUp(100, new AbortController().signal))).toBe(true);
			expect(clock.now()).toBe(began + 100);
		});
	});

	it('may be stopped first and cancelled later', () => {
		const { runClock } = clocks();
		const { signal } = runClock.controller('cancel');
		runClock.end('stop');
		runClock.end('stop');
		expect(signal.aborted).toBe(false);
		runClock.end('cancel');
		expect(signal.aborted).toBe(true);
	});

	it('sleeps', async () => {
		const { clock, runClock, began } = clocks();
		await clock.drive(runClock.sleep(100));
		expect(clock.now()).toBe(began + 100);
		await clock.drive(runClock.sleep(0));
		expect(clock.now()).toBe(began + 100);
		expect(openExchanges(runClock)).toBe(0);
	});

	it('wakes nobody for a stop that comes when the time is up, but says so', async () => {
		const { clock, runClock } = clocks();
		const sleep = runClock.sleep(100);
		void clock.sleep(100).then(() => runClock.end('stop'));
		expect(await thrown(clock.drive(sleep.then(async () => await runClock.sleep(0))))).toMatchObject({
			kind: 'stopped',
		});
	});

	it('tells whether a time is up, or was given up', async () => {
		const { clock, runClock, began } = clocks();
		const { signal } = new AbortController();
		expect(await clock.drive(runClock.timeIsUp(100, signal))).toBe(true);
		const controller = new AbortController();
		void clock.sleep(50).then(() => controller.abort());
		expect(await clock.drive(runClock.timeIsUp(100, controller.signal))).toBe(false);
		expect(clock.now()).toBe(began + 150);
		expect(await clock.drive(runClock.timeIsUp(100, controller.signal))).toBe(false);
		expect(clock.now()).toBe(began + 150);
	});

	it('ends nothing of what goes on in spite of it', () => {
		const { runClock } = clocks();
		const before = runClock.controller('never');
		runClock.end('cancel');
		const after = runClock.controller('never');
		expect([before, after].map(({ signal }) => signal.aborted)).toEqual([false, false]);
		before.release();
		after.release();
		expect(openExchanges(runClock)).toBe(0);
	});

	it('gives everyone a signal of their own', () => {
		const { runClock } = clocks();
		const controllers = [1, 2, 3].map(() => runClock.controller('stop'));
		const [first, second, third] = controllers;
		expect(new Set(controllers.map(({ signal }) => signal)).size).toBe(3);
		first?.abort();
		second?.release();
		expect(controllers.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
		runClock.end('stop');
		expect(controllers.map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
		third?.release();
		third?.release();
		first?.release();
		expect(openExchanges(runClock)).toBe(0);
	});

	it('keeps nothing of sleeps and exchanges that are over', async () => {
		const { clock, runClock } = clocks();
		const work = async () => {
			for (let turn = 0; turn < 200; turn++) {
				await runClock.sleep(1);
				runClock.controller(turn % 2 ? 'stop' : 'cancel').release();
			}
		};
		await clock.drive(Promise.all([work(), work(), work()]));
		expect(openExchanges(runClock)).toBe(0);
		expect(clock.mostSleepers).toBe(3);
	});
});
