import { Backoff } from '../segmind/backoff';
import { stoppedError } from '../segmind/endings';
import { SegmindError } from '../segmind/segmindError';
import type { RunClock } from '../transport/clock';

/** When to give up. */
export interface Bounds {
	/** ms since the epoch */
	deadline: number;
	tries?: number;
	/** Hears of each fault after which there is another try, with the wait before it in ms. */
	onFault?(fault: SegmindError, wait: number): void;
}

/**
 * Does something until it succeeds or fails in a way that may not be repeated: the error itself says so.
 * @throws the last error where no further try fits before the deadline; SegmindError of kind `stopped` after a stop
 */
export async function repeat<T>(clock: RunClock, bounds: Bounds, attempt: () => Promise<T>): Promise<T> {
	const { deadline, tries = Infinity, onFault } = bounds;
	const backoff = new Backoff();
	for (let failures = 1; ; failures++) {
		if (clock.isStopped) throw stoppedError();
		const outcome = await settle(attempt);
		if ('value' in outcome) return outcome.value;
		const error = interrupted(clock, outcome.error);
		if (!(error instanceof SegmindError) || failures > (error.details.repeats ?? 0) || failures >= tries) throw error;
		const wait = backoff.next(error.details.headers ?? {}, clock.now(), clock.random());
		if (clock.now() + wait >= deadline) throw error;
		onFault?.(error, wait);
		await clock.sleep(wait);
	}
}

/** What a stop in the middle of a request comes to: what the request may have set off stays part of the error. */
export function interrupted(clock: RunClock, error: unknown): unknown {
	if (!clock.isStopped || !(error instanceof SegmindError) || error.kind !== 'network') return error;
	const { accepted, requestId } = error.details;
	return stoppedError(accepted).with({ requestId });
}

/** The value or the error of an attempt, so that the error can be looked at and thrown on unchanged. */
export async function settle<T>(attempt: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
	return await attempt().then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
}
