import { failedError, noVideoError, SegmindError, timeoutError, unreadableError } from '../segmind/errors';
import { isMediaUrl, routes } from '../segmind/addresses';
import { jobState, jsonObject, metricsOf, statusWord, videoOf } from '../segmind/response';
import type { Answer, FinishedJob, JobState, JobStatus } from '../segmind/types';
import { repeat, settle } from './repeat';
import { checkStopped, type Run } from './run';

/** The longest poll interval that throttling leads to, in ms. */
const LONGEST_INTERVAL = 60_000;

/** How a job is waited for. */
export interface WaitOptions {
	/** ms between two polls */
	pollInterval: number;
	/** ms since the epoch */
	deadline: number;
	/** The `timeout` option in minutes, for the message. */
	timeout: number;
	/** Whether the first poll comes at once, as for a job that is not new. */
	pollFirst: boolean;
	onStatus(status: JobStatus): void;
}

/**
 * Polls a job until it is finished and reads its result.
 * @throws SegmindError: `failed`, `timeout`, `stopped`, or what ended the polling
 */
export async function waitForJob(run: Run, requestId: string, options: WaitOptions): Promise<FinishedJob> {
	const { deadline } = options;
	let interval = options.pollInterval;
	let seen: JobStatus | undefined;
	const slowDown = (fault: SegmindError) => {
		if (fault.details.httpStatus === 429) interval = Math.max(interval, Math.min(interval * 2, LONGEST_INTERVAL));
	};
	for (let sleeps = !options.pollFirst; ; sleeps = true) {
		if (sleeps) await run.clock.sleep(Math.max(0, Math.min(interval, deadline - run.clock.now())), run.signal);
		checkStopped(run, seen);
		const { status } = await readState(run, requestId, deadline, slowDown);
		if (status !== seen) options.onStatus(status);
		seen = status;
		if (status === 'COMPLETED') {
			const finished = await repeat(run, { deadline }, () => readResult(run, requestId), slowDown);
			if (finished) return finished;
		}
		if (run.clock.now() >= deadline) throw timeoutError(options.timeout, status);
	}
}

/**
 * One look at a job.
 * @throws SegmindError of kind `failed` for a job that failed, with the service's reason
 */
export async function readState(
	run: Run,
	requestId: string,
	deadline: number,
	onFault?: (fault: SegmindError) => void,
): Promise<JobState> {
	const state = await repeat(run, { deadline }, () => readStatus(run, requestId), onFault);
	if (state.status !== 'FAILED') return state;
	// the light route need not say why
	const outcome = state.error ? undefined : await settle(() => readResult(run, requestId));
	if (outcome && 'error' in outcome && outcome.error instanceof SegmindError && outcome.error.kind === 'failed') {
		throw outcome.error;
	}
	throw failedError(state.error, 200);
}

async function readStatus(run: Run, requestId: string): Promise<JobState> {
	const answer = await run.client.get('poll', routes.status(requestId));
	const body = jsonObject(answer.text);
	const state = jobState(body);
	if (state) return state;
	const word = statusWord(body);
	throw unreadableError('poll', answer, word ? `names an unknown status, ${word}` : 'is not what is documented');
}

/** The result of a finished job; undefined where the job is not finished after all. */
async function readResult(run: Run, requestId: string): Promise<FinishedJob | undefined> {
	const answer = await run.client.get('poll', routes.result(requestId));
	const body = jsonObject(answer.text);
	if (!body) throw unreadableError('poll', answer, 'is not what is documented');
	const state = jobState(body);
	if (state?.status === 'FAILED') throw failedError(state.error, answer.status);
	if (state && state.status !== 'COMPLETED') return undefined;
	return finishedJob(answer);
}

/**
 * The finished job in an answer that names a video.
 * @throws SegmindError of kind `media` where it names none, or one at an address that must not be fetched
 */
export function finishedJob(answer: Answer): FinishedJob {
	const body = jsonObject(answer.text);
	const video = videoOf(body);
	if (!video) throw noVideoError(answer.status, 'names no video');
	if (!isMediaUrl(video.url))
		throw noVideoError(answer.status, 'names a video address that is not a plain http(s) one');
	return { video, metrics: metricsOf(body) };
}
