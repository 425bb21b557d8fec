import { timeoutError } from '../segmind/endings';
import { otherForm } from '../segmind/ids';
import { SegmindError } from '../segmind/segmindError';
import type { FinishedJob, JobStatus } from '../segmind/types';
import { lookAt, type Bounded, type Look } from './look';
import { isCertain, type Purchase } from './purchased';
import { settle } from './repeat';
import { about } from './result';
import type { Watched } from './schedule';
import type { Session } from './session';

/** The longest poll interval that throttling leads to where no limit is known, in ms. */
const LONGEST_INTERVAL = 60_000;

/** How a job is waited for. */
export interface Polling extends Pick<Bounded, 'deadline' | 'inputs' | 'byHistory'> {
	/** ms between two polls at least */
	pollInterval: number;
	/** The same as the person set it, in minutes, for the message. */
	timeout: number;
	/** Whether the first poll comes at once, as for a job that is not new. */
	pollFirst: boolean;
}

/**
 * Polls a job until it is finished, and gives its result.
 * @throws SegmindError that names the request: `failed`, `timeout`, `stopped`, or what ended the polling
 */
export async function waitForJob(
	session: Session,
	itemIndex: number,
	requestId: string,
	polling: Polling,
): Promise<FinishedJob> {
	const outcome = await settle(async () => await poll(session, itemIndex, requestId, polling));
	if ('value' in outcome) return outcome.value;
	throw about(outcome.error, { requestId });
}

/**
 * Waits for the job of a purchase. The history may write an id in another form than the polls know: one that is in doubt is
 * asked for in both.
 * @param polling `isBlocking`: whether v1 was asked, whose requests the polls need not know
 * @throws SegmindError as `waitForJob` does
 */
export async function waitForPurchase(
	session: Session,
	itemIndex: number,
	purchase: Purchase,
	{ isBlocking, ...polling }: Omit<Polling, 'pollFirst' | 'inputs' | 'byHistory'> & { isBlocking: boolean },
): Promise<FinishedJob> {
	const { requestId = '', resumed, reused, cause, inputs } = purchase;
	const pollFirst = resumed ?? reused ?? cause !== undefined;
	// v2 knows what it took on: an id in doubt that it does not know may be none
	const byHistory = isCertain(purchase) || isBlocking || cause?.details.accepted === 'yes';
	const by = async (id: string) =>
		await waitForJob(session, itemIndex, id, { ...polling, pollFirst, inputs, byHistory });
	const outcome = await settle(async () => await by(requestId));
	if ('value' in outcome) return outcome.value;
	const { error } = outcome;
	const isUnknown = error instanceof SegmindError && error.details.httpStatus === 404;
	const other = isUnknown && !isCertain(purchase) ? otherForm(requestId) : undefined;
	if (!other) throw error;
	return await by(other);
}

/**
 * A job, waited for or as it is now.
 * @throws SegmindError that names the request
 */
export async function jobOf(
	session: Session,
	itemIndex: number,
	requestId: string,
	{ waitForCompletion, ...polling }: Polling & { waitForCompletion: boolean },
): Promise<Look> {
	if (waitForCompletion) {
		const finished = await waitForJob(session, itemIndex, requestId, polling);
		return { status: 'COMPLETED', metrics: finished.metrics, finished };
	}
	const outcome = await settle(async () => await lookAt(session, requestId, { ...polling, itemIndex, isFirst: true }));
	if ('value' in outcome) return outcome.value;
	throw about(outcome.error, { requestId });
}

async function poll(session: Session, itemIndex: number, requestId: string, polling: Polling): Promise<FinishedJob> {
	const { clock, pace, schedule, progress } = session;
	const { deadline, pollFirst, pollInterval } = polling;
	const since = clock.now();
	const job: Watched = { since, isNew: !pollFirst, interval: pollInterval, ...(!pollFirst && { last: since }) };
	let seen: JobStatus | undefined;
	const onFault = (fault: SegmindError, wait: number) => {
		progress.tellFault(itemIndex, fault, wait, requestId);
		// a limit that is known is kept without it
		if (fault.details.httpStatus !== 429 || pace.knowsLimit) return;
		job.interval = Math.max(job.interval, Math.min(job.interval * 2, LONGEST_INTERVAL));
	};
	for (;;) {
		const errand = await schedule.turn(job, deadline, seen);
		const isFirst = seen === undefined;
		const bounded = { ...polling, itemIndex, isFirst, errand, onFault };
		const { status, metrics, finished } = await lookAt(session, requestId, bounded);
		if (status !== seen) progress.tell(itemIndex, status, requestId);
		seen = status;
		if (finished) {
			schedule.finished(job, metrics.total_time && metrics.total_time * 1_000);
			return finished;
		}
		job.last = clock.now();
		if (job.last >= deadline) throw timeoutError(polling.timeout, status);
	}
}
