import { sleep } from 'n8n-workflow';

import { stoppedError } from '../segmind/endings';
import type { JobStatus } from '../segmind/types';

/** Time and chance, passed in where they decide, so that tests need no waiting. */
export interface Clock {
	/** ms since the epoch */
	now(): number;
	/** a number from 0 to 1 */
	random(): number;
	/** Resolves after that many ms. Rejects, with whatever error, once the signal is aborted. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The clock of the machine, with n8n's own sleep. */
export const systemClock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	async sleep(ms, signal) {
		let abort = () => {};
		const aborted = new Promise<never>((_resolve, reject) => {
			abort = () => reject(new Error('aborted'));
			if (signal.aborted) abort();
			signal.addEventListener('abort', abort, { once: true });
		});
		// newer n8n-workflow versions clear the timer and reject on abort, older ones ignore the signal
		await Promise.race([sleep(ms, signal), aborted]).finally(() => signal.removeEventListener('abort', abort));
	},
};

/**
 * What ends a run before its time: `stop` the failure of one of its items, `cancel` the end of the whole execution; `never`
 * for what goes on in spite of them.
 */
export type Ending = 'stop' | 'cancel' | 'never';

/** An abort controller that is also aborted when the run ends, until it is released. */
export interface RunController {
	signal: AbortSignal;
	abort(): void;
	release(): void;
}

/** The clock of one run, which may be stopped: from then on nobody who sleeps on it goes on. */
export class RunClock {
	private readonly controllers: Readonly<Record<Ending, Set<AbortController>>> = {
		stop: new Set(),
		cancel: new Set(),
		never: new Set(),
	};
	private readonly endings = new Set<Ending>();

	constructor(private readonly clock: Clock) {}

	/** ms since the epoch */
	now(): number {
		return this.clock.now();
	}

	/** a number from 0 to 1 */
	random(): number {
		return this.clock.random();
	}

	/** Ends the run before its time. A cancel is a stop, too. */
	end(ending: 'stop' | 'cancel'): void {
		const endings = ending === 'cancel' ? (['stop', 'cancel'] as const) : (['stop'] as const);
		for (const each of endings) {
			this.endings.add(each);
			for (const controller of [...this.controllers[each]]) controller.abort();
		}
	}

	get isStopped(): boolean {
		return this.endings.has('stop');
	}

	/**
	 * Waits that many ms.
	 * @param status what is known of the job that is waited for
	 * @throws SegmindError of kind `stopped` once the run is stopped
	 */
	async sleep(ms: number, status?: JobStatus): Promise<void> {
		const controller = this.controller('stop');
		await this.clock.sleep(ms, controller.signal).catch(() => {});
		controller.release();
		if (this.isStopped) throw stoppedError('no', status);
	}

	/**
	 * Waits that many ms, or until it is aborted; a stop of the run does not count.
	 * @returns whether the time is up
	 */
	async timeIsUp(ms: number, signal: AbortSignal): Promise<boolean> {
		return await this.clock.sleep(ms, signal).then(
			() => !signal.aborted,
			() => false,
		);
	}

	/** A controller that this ending aborts. Each has a signal of its own: many listeners on one make Node warn of a leak. */
	controller(ending: Ending): RunController {
		const controller = new AbortController();
		if (this.endings.has(ending)) controller.abort();
		const controllers = this.controllers[ending].add(controller);
		return {
			signal: controller.signal,
			abort: () => controller.abort(),
			release: () => void controllers.delete(controller),
		};
	}
}
