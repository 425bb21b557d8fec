import { SegmindError, stoppedError } from '../segmind/errors';
import { retryDelay } from '../segmind/retry';
import { checkStopped, type Run } from './run';

/** When to give up, in ms since the epoch, and after how many tries. */
export interface Bounds {
	deadline: number;
	tries?: number;
}

/**
 * Does something until it succeeds or fails in a way that may not be repeated: the error itself says so.
 * @throws the last error where no further try fits before the deadline; SegmindError of kind `stopped` after a stop
 */
export async function repeat<T>(
	run: Run,
	bounds: Bounds,
	attempt: () => Promise<T>,
	onFault: (fault: SegmindError) => void = () => {},
): Promise<T> {
	for (let failures = 0; ; failures++) {
		checkStopped(run);
		const outcome = await settle(attempt);
		if ('value' in outcome) return outcome.value;
		const { error } = outcome;
		if (run.signal.aborted && isFault(error)) throw stopped(error);
		if (!isFault(error) || !error.details.retry || failures + 1 >= (bounds.tries ?? Infinity)) throw error;
		onFault(error);
		const now = run.clock.now();
		const delay = retryDelay(failures, error.details.retry, now, run.clock.random());
		if (now + delay >= bounds.deadline) throw error;
		await run.clock.sleep(delay, run.signal);
	}
}

/** The value or the error of an attempt, so that the error can be looked at and thrown on unchanged. */
export async function settle<T>(attempt: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
	return await attempt().then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
}

function isFault(error: unknown): error is SegmindError {
	return error instanceof SegmindError;
}

/** A stop in the middle of a request: what the request may have set off stays part of the error. */
function stopped(fault: SegmindError): SegmindError {
	const { mayBeAccepted } = fault.details;
	if (fault.kind !== 'network') return fault;
	const stop = stoppedError();
	return mayBeAccepted
		? new SegmindError('stopped', `${stop.message}. The request may have been accepted and charged`, {
				...stop.details,
				mayBeAccepted,
			})
		: stop;
}
