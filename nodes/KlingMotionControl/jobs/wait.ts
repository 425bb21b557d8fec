import { expiredVideoError, failedError, noVideoError, timeoutError } from '../segmind/endings';
import { unreadableError } from '../segmind/faults';
import { LIFE_OF_URL } from '../segmind/history';
import { isOtherId } from '../segmind/ids';
import { jsonObject } from '../segmind/json';
import { jobState, statusWord } from '../segmind/response';
import { routes } from '../segmind/routes';
import { SegmindError } from '../segmind/segmindError';
import type { FinishedJob, JobState, JobStatus } from '../segmind/types';
import type { Errand } from './pace';
import { repeat, settle, type Bounds } from './repeat';
import { about, finishedIn } from './result';
import type { Watched } from './schedule';
import type { Session } from './session';

/** The longest poll interval that throttling leads to where no limit is known, in ms. */
const LONGEST_INTERVAL = 60_000;
/** How often the result of a job is asked for whose status says that it failed. */
const TRIES_AFTER_FAILURE = 5;
/** What is wrong with an answer that a cache or a proxy mixed up. */
const OTHER = 'is about another request';

/** How a job is waited for. */
export interface Polling {
	/** ms between two polls at least */
	pollInterval: number;
	/** ms since the epoch */
	deadline: number;
	/** The same as the person set it, in minutes, for the message. */
	timeout: number;
	/** Whether the first poll comes at once, as for a job that is not new. */
	pollFirst: boolean;
	/** The URLs of the request, which an answer may repeat. */
	inputs?: readonly string[];
	/** Whether the history may answer for a request that the polls no longer know. */
	byHistory?: boolean;
}

/** A job as a poll finds it, with its result where it is finished. */
interface Look extends JobState {
	finished?: FinishedJob;
}

type Bounded = Pick<Polling, 'deadline' | 'inputs' | 'byHistory'> &
	Pick<Bounds, 'onFault'> & {
		errand?: Errand;
		itemIndex: number;
		/** Whether nothing was seen of the job yet. */
		isFirst: boolean;
	};

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

/**
 * One look at a job. A job is finished where its result is there, whatever its status says.
 * @throws SegmindError of kind `failed` for a job that failed, with the service's reason
 */
async function lookAt(session: Session, requestId: string, bounded: Bounded): Promise<Look> {
	const { clock, pace } = session;
	const { deadline, errand = 'due', inputs = [] } = bounded;
	const ask = async () => await pace.pass(errand, deadline, async () => await readStatus(session, requestId));
	const status = await settle(async () => await repeat(clock, bounded, ask));
	const readOnce = async () =>
		await pace.pass('result', deadline, async () => await readResult(session, requestId, inputs));
	if ('value' in status) {
		return status.value.status === 'COMPLETED' ? await repeat(clock, bounded, readOnce) : status.value;
	}
	const { error } = status;
	if (!(error instanceof SegmindError) || error.kind !== 'failed') {
		return await lookInHistory(session, requestId, bounded, error);
	}
	const tries = TRIES_AFTER_FAILURE;
	const result = await settle(async () => await repeat(clock, { ...bounded, tries }, readOnce));
	if ('value' in result) return result.value;
	throw tellsNoMore(result.error, error) ? error : result.error;
}

/** What to do about a request that is not in the history either. */
const NOT_RECORDED =
	'It is not in the request history either: check the request ID, and that the request is of this account.';

/**
 * A look at a request that the polls do not know, or no longer: the history has requests of any age.
 * @throws `error` where the history does not know it either
 */
async function lookInHistory(session: Session, requestId: string, bounded: Bounded, error: unknown): Promise<Look> {
	const isUnknown = error instanceof SegmindError && error.details.httpStatus === 404;
	if (!isUnknown || !bounded.byHistory || !session.history.isThere) throw error;
	if (bounded.isFirst) session.progress.tell(bounded.itemIndex, 'looking it up in the request history', requestId);
	const outcome = await settle(async () => await session.history.record(requestId));
	if ('error' in outcome) throw error;
	if (!outcome.value) throw error.with({ description: NOT_RECORDED });
	const { status, videoUrl, createdAt, cost, error: reason } = outcome.value;
	const metrics = cost === undefined ? {} : { cost };
	if (status === 'FAILED') throw failedError(reason, 200);
	if (status !== 'COMPLETED') return { status: 'PROCESSING', metrics };
	const age = createdAt === undefined ? 0 : session.history.atService(session.clock.now()) - createdAt;
	if (createdAt !== undefined && age > LIFE_OF_URL)
		throw expiredVideoError(new Date(createdAt).toISOString().slice(0, 10));
	if (!videoUrl) throw noVideoError(200, 'names no video');
	return { status, metrics, finished: { video: { url: videoUrl }, metrics } };
}

/** @throws SegmindError of kind `failed` where it says so, with HTTP 422 or without */
async function readStatus({ client }: Session, requestId: string): Promise<JobState> {
	const answer = await client.get('poll', routes.status(requestId));
	const body = jsonObject(answer.text);
	if (isOtherId(body?.request_id, requestId)) throw unreadableError('poll', answer, OTHER);
	const state = jobState(body);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	if (state) return state;
	const word = statusWord(body);
	throw unreadableError('poll', answer, word ? `names an unknown status, ${word}` : 'has an unexpected format');
}

/** The job with its result; its status alone where it is not finished after all. */
async function readResult({ client }: Session, requestId: string, inputs: readonly string[]): Promise<Look> {
	const answer = await client.get('poll', routes.result(requestId));
	const body = jsonObject(answer.text);
	if (!body) throw unreadableError('poll', answer, 'has an unexpected format');
	if (isOtherId(body.request_id, requestId)) throw unreadableError('poll', answer, OTHER);
	const state = jobState(body);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	if (state && state.status !== 'COMPLETED') return state;
	const finished = finishedIn(answer, inputs);
	return { status: 'COMPLETED', metrics: finished.metrics, finished };
}

/** Whether the result tells no more than the status did: it is not there, or it says that the job failed, too. */
function tellsNoMore(error: unknown, failure: SegmindError): boolean {
	if (!(error instanceof SegmindError)) return false;
	if (error.kind === 'failed') return failure.message !== failedError(undefined, 200).message;
	return error.kind === 'media' || [404, 410].includes(error.details.httpStatus ?? 0);
}
