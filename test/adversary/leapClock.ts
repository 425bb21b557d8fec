import { setTimeout } from 'node:timers/promises';

import type { Clock } from '../../nodes/KlingMotionControl/transport/clock';

/** Up to here a sleep takes as long as it says, in ms: it bounds an exchange with the server, whose time is real. */
const LONGEST_REAL_SLEEP = 400;
/** How much shorter than it says a longer sleep is: a wait between polls or before another try. */
const FACTOR = 500;

/** A clock that runs with the wall clock, and leaps over the rest of a long sleep. */
export class LeapClock implements Clock {
	private leapt = 0;
	/** The sleeps that go on. */
	sleeping = 0;

	constructor(private readonly chance: number) {}

	now() {
		return Date.now() + this.leapt;
	}

	random() {
		return this.chance;
	}

	async sleep(ms: number, signal: AbortSignal) {
		const end = this.now() + ms;
		this.sleeping++;
		await setTimeout(ms > LONGEST_REAL_SLEEP ? ms / FACTOR : ms, undefined, { signal }).catch(() => {});
		this.sleeping--;
		// sleeps at the same time leap together
		if (!signal.aborted) this.leapt += Math.max(0, end - this.now());
	}
}
