import type { IExecuteFunctions, INodeType } from 'n8n-workflow';

import { KlingMotionControl } from '../../nodes/KlingMotionControl/KlingMotionControl.node';
import { runItems } from '../../nodes/KlingMotionControl/run';
import { systemClock, type Clock } from '../../nodes/KlingMotionControl/transport/clock';
import { LIMITS, type Limits } from '../../nodes/KlingMotionControl/transport/limits';

/** A clock on which time runs that many times as fast. */
export function fastClock(factor: number): Clock {
	const began = Date.now();
	return {
		now: () => began + (Date.now() - began) * factor,
		random: () => Math.random(),
		sleep: async (ms, signal) => await systemClock.sleep(ms / factor, signal),
	};
}

/**
 * Limits of time that a busy machine keeps, too, where the clock is fast: what takes 15 s there is over in 75 ms of the
 * machine's own time.
 */
const PATIENT: Partial<Limits> = Object.fromEntries(
	(['answerTime', 'submitTime', 'uploadTime', 'historyTime', 'briefTime', 'stallTime', 'checkTime'] as const).map(
		(name) => [name, LIMITS[name] * 4],
	),
);

/** The node as it is, on another clock and with other limits. */
export function nodeOn(clock: Clock, limits: Partial<Limits> = {}): INodeType {
	const { description } = new KlingMotionControl();
	return {
		description,
		async execute(this: IExecuteFunctions) {
			return await runItems(this, clock, { ...LIMITS, ...limits });
		},
	};
}

/** The node on a clock that is that many times as fast. */
export function fastNode(factor: number, limits: Partial<Limits> = {}): INodeType {
	return nodeOn(fastClock(factor), { ...PATIENT, ...limits });
}
