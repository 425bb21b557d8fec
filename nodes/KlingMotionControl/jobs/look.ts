import { expiredVideoError, failedError, noVideoError } from '../segmind/endings';
import { answerError, unreadableError } from '../segmind/faults';
import { LIFE_OF_URL } from '../segmind/history';
import { isOtherId } from '../segmind/ids';
import { jsonObject } from '../segmind/json';
import { isSuccess, jobState, outputIn, statusWord } from '../segmind/response';
import { routes } from '../segmind/routes';
import { SegmindError } from '../segmind/segmindError';
import type { Answer, FinishedJob, JobState } from '../segmind/types';
import type { Errand } from './pace';
import { repeat, settle, type Bounds } from './repeat';
import { finishedIn } from './result';
import type { Session } from './session';

/** How often the result of a job is asked for whose status says that it failed. */
const TRIES_AFTER_FAILURE = 5;
/** What is wrong with an answer that a cache or a proxy mixed up. */
const OTHER = 'is about another request';

/** A job as a poll finds it, with its result where it is finished. */
export interface Look extends JobState {
	finished?: FinishedJob;
}

/** What bounds a look. */
export interface Bounded extends Pick<Bounds, 'onFault'> {
	/** ms since the epoch */
	deadline: number;
	itemIndex: number;
	errand?: Errand;
	/** Whether nothing was seen of the job yet. */
	isFirst: boolean;
	/** The URLs of the request, which an answer may repeat. */
	inputs?: readonly string[];
	/** Whether the history may answer for a request that the polls no longer know. */
	byHistory?: boolean;
}

/**
 * One look at a job. A job is finished where its result is there, whatever its status says.
 * @throws SegmindError of kind `failed` for a job that failed, with the service's reason
 */
export async function lookAt(session: Session, requestId: string, bounded: Bounded): Promise<Look> {
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

function notRead(error: unknown): string {
	return `The request history could not be asked: ${error instanceof SegmindError ? error.message : 'unknown'}.`;
}

/**
 * A look at a request that the polls do not know, or no longer: the history has requests of any age.
 * @throws `error` where the history does not know it either
 */
async function lookInHistory(session: Session, requestId: string, bounded: Bounded, error: unknown): Promise<Look> {
	const isUnknown = error instanceof SegmindError && error.details.httpStatus === 404;
	if (!isUnknown || !bounded.byHistory || !session.history.isThere) throw error;
	if (bounded.isFirst) session.progress.tell(bounded.itemIndex, 'looking it up in the request history', requestId);
	const outcome = await settle(async () => await session.history.record(requestId));
	if ('error' in outcome) throw error.with({ description: `${error.details.description} ${notRead(outcome.error)}` });
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

/** What a route tells of a job, whatever the status of the answer. */
interface Told {
	answer: Answer;
	body?: Record<string, unknown>;
	state?: JobState;
}

/** @throws SegmindError where no whole answer about this request came */
async function ask({ client }: Session, path: string, requestId: string): Promise<Told> {
	const answer = await client.poll(path);
	const body = jsonObject(answer.text);
	const state = jobState(body);
	// an error that tells of no job may have an id of its own
	const isOther = (state ?? isSuccess(answer)) && isOtherId(body?.request_id, requestId);
	if (isOther) throw unreadableError('poll', answer, OTHER);
	return { answer, body, state };
}

/** @throws SegmindError of kind `failed` where it says so, with HTTP 422 or without */
async function readStatus(session: Session, requestId: string): Promise<JobState> {
	const { answer, body, state } = await ask(session, routes.status(requestId), requestId);
	if (!isSuccess(answer)) throw answerError('poll', answer);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	if (state) return state;
	const word = statusWord(body);
	throw unreadableError('poll', answer, word ? `names an unknown status, ${word}` : 'has an unexpected format');
}

/**
 * The job with its result; its status alone where it is not finished after all. A result may be there though the same
 * answer says that the job failed, or comes with the status of an error: what was made is paid for, or free, but nothing
 * that may be bought again.
 */
async function readResult(session: Session, requestId: string, inputs: readonly string[]): Promise<Look> {
	const { answer, body, state } = await ask(session, routes.result(requestId), requestId);
	const isEnded = state?.status === 'COMPLETED' || state?.status === 'FAILED';
	if (isEnded && outputIn(body, inputs)) return finishedLook(answer, inputs);
	if (!isSuccess(answer)) throw answerError('poll', answer);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	if (state && state.status !== 'COMPLETED') return state;
	if (!body) throw unreadableError('poll', answer, 'has an unexpected format');
	// an error that says nothing of the job is not its result
	if (!state && body.error !== undefined) throw unreadableError('poll', answer, 'names no video');
	return finishedLook(answer, inputs);
}

function finishedLook(answer: Answer, inputs: readonly string[]): Look {
	const finished = finishedIn(answer, inputs);
	return { status: 'COMPLETED', metrics: finished.metrics, finished };
}

/** Whether the result tells no more than the status did: it is not there, or it says that the job failed, too. */
function tellsNoMore(error: unknown, failure: SegmindError): boolean {
	if (!(error instanceof SegmindError)) return false;
	if (error.kind === 'failed') return failure.message !== failedError(undefined, 200).message;
	return error.kind === 'media' || [404, 410].includes(error.details.httpStatus ?? 0);
}
