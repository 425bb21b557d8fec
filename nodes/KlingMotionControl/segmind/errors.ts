import { reasonOfText } from './response';
import { meaningOf, meaningOfFault, neverArrived, SUBJECT, type Stage } from './meaning';
import { isRefusal, mayRepeatGet, mayRepeatPost } from './retry';
import type { Answer, JobStatus } from './types';

/**
 * What went wrong, as far as the code decides by it:
 * - `input`: a parameter is not valid; nothing was sent
 * - `answer`: the service answered with an error
 * - `network`: no answer, or only a part of one
 * - `unreadable`: a success whose body is not what is documented
 * - `failed`: the job ended as FAILED, which is not charged
 * - `timeout`: the deadline passed while the job was still running
 * - `media`: the finished video could not be fetched
 * - `store`: n8n's binary store did not take the video, or did not give a file
 * - `doubt`: an earlier POST of this item may have been accepted, so none was sent now
 * - `stopped`: the execution was stopped
 * - `unexpected`: a fault of this package or of n8n
 */
export type ErrorKind =
	| 'input'
	| 'answer'
	| 'network'
	| 'unreadable'
	| 'failed'
	| 'timeout'
	| 'media'
	| 'store'
	| 'doubt'
	| 'stopped'
	| 'unexpected';

/** What an error tells beside its message. */
export interface ErrorDetails {
	/** What to do now. */
	description: string;
	httpStatus?: number;
	requestId?: string;
	/** The last status of the job that was seen. */
	status?: JobStatus;
	videoUrl?: string;
	/** Present where the same request may be sent again: the headers of the answer, which may say when. */
	retry?: Answer['headers'];
	/** Set where a POST failed in a way that does not tell whether the service took it on. */
	mayBeAccepted?: boolean;
}

/** The one error of this package: a message that says what happened and a description that says what to do now. */
export class SegmindError extends Error {
	constructor(
		readonly kind: ErrorKind,
		message: string,
		readonly details: ErrorDetails,
	) {
		super(message);
		this.name = 'SegmindError';
	}
}

/** The error for an answer whose status is not a success. The service's own reason is part of the message. */
export function answerError(stage: Stage, answer: Answer): SegmindError {
	const { status, headers } = answer;
	const reason = reasonOfText(answer.text);
	// a failed job, not a malformed request (segmind-api.md, "v2")
	if (status === 422 && stage !== 'download') return failedError(reason, status);
	const [what, todo] = meaningOf(stage, status, reason ?? '');
	const repeatable = stage === 'submit' ? mayRepeatPost(status) : mayRepeatGet(status);
	return faultAt(stage, isRefusal(status), 'answer', reason ? `${what}: ${reason}` : what, {
		description: todo,
		httpStatus: status,
		...(repeatable && { retry: headers }),
	});
}

/** The error for a request that got no whole answer. `code` is Node's name for the fault, such as ECONNRESET. */
export function networkError(stage: Stage, code: string): SegmindError {
	const [what, todo] = meaningOfFault(code);
	return faultAt(stage, neverArrived(code), 'network', `${SUBJECT[stage]} could not be reached, ${what} (${code})`, {
		description: todo,
		...(stage !== 'submit' && { retry: {} }),
	});
}

/** The error for a success whose body is not what is documented. `what` completes "Segmind gave an answer that ...". */
export function unreadableError(stage: Stage, answer: Pick<Answer, 'status' | 'headers'>, what: string): SegmindError {
	return faultAt(stage, false, 'unreadable', `${SUBJECT[stage]} gave an answer that ${what}`, {
		description: 'Try again later.',
		...errorStatus(answer.status),
		...(stage !== 'submit' && { retry: answer.headers }),
	});
}

/** The error for n8n's own binary store, which did not take the video or, for an upload, did not give the file. `fault` is its code or name. */
export function storeError(stage: 'submit' | 'download' | 'upload', fault: string): SegmindError {
	const what = stage === 'upload' ? 'read the file' : 'store the video';
	return faultAt(stage, false, 'store', `n8n could not ${what} (${fault})`, {
		description:
			'Check the place where n8n keeps binary data: its free space, its rights, and the largest file it takes.',
		...(stage !== 'submit' && { retry: {} }),
	});
}

/** The error for a finished job that names no video, or one at an address that must not be fetched: asking again does not help. */
export function noVideoError(httpStatus: number, what: string): SegmindError {
	return new SegmindError('media', `The request is finished, but Segmind's answer ${what}`, {
		description: "Look for the video on the Generations page in Segmind's console.",
		...errorStatus(httpStatus),
		status: 'COMPLETED',
	});
}

/** The error for a job that ended as FAILED. */
export function failedError(reason: string | undefined, httpStatus: number): SegmindError {
	return new SegmindError('failed', `Segmind could not make the video${reason ? `: ${reason}` : ''}`, {
		description:
			'A failed request is not charged. Check the image and the video (one whole person, 3 to 30 seconds, at most 10 where the orientation is image), then run the node again.',
		...errorStatus(httpStatus),
		status: 'FAILED',
	});
}

/** The error for a job that is still running at the deadline. */
export function timeoutError(minutes: number, status: JobStatus): SegmindError {
	return new SegmindError('timeout', `The video was not ready after ${minutes} minutes (${status})`, {
		description: 'The request goes on at Segmind.',
		status,
	});
}

/** What a POST met that may have been accepted. */
export interface Doubt {
	message: string;
	httpStatus?: number;
}

/** The error for an item whose earlier POST may have been accepted: another one could be paid twice. It repeats what that one met. */
export function doubtError(doubt: Doubt = { message: 'The request may have been accepted and charged' }): SegmindError {
	return new SegmindError('doubt', `${doubt.message}, so it was not sent again`, {
		description: LOOK_FIRST,
		httpStatus: doubt.httpStatus,
		mayBeAccepted: true,
	});
}

/** The error after a stop, by a person, the workflow's time limit or the failure of another item. */
export function stoppedError(status?: JobStatus): SegmindError {
	return new SegmindError('stopped', 'Stopped before the video was there', {
		description: 'Segmind cannot cancel a request: one that was accepted goes on there and is charged.',
		...(status && { status }),
	});
}

/** The error for a fault of this package or of n8n: its message may hold anything, so it is not shown. */
export function unexpectedError(error: unknown): SegmindError {
	const name = error instanceof Error ? error.name : typeof error;
	return new SegmindError('unexpected', `The node ran into an unexpected error (${name})`, {
		description: 'Please report it with the steps that lead to it.',
	});
}

const LOOK_FIRST = "Look at the Generations page in Segmind's console before you run this again.";

/** An error at a stage. A POST that failed also says whether it was charged or may have been. */
function faultAt(
	stage: Stage,
	refused: boolean,
	kind: ErrorKind,
	message: string,
	details: ErrorDetails,
): SegmindError {
	if (stage !== 'submit') return new SegmindError(kind, message, details);
	if (refused) {
		return new SegmindError(kind, message, {
			...details,
			description: join(details.description, 'Nothing was charged.'),
		});
	}
	return new SegmindError(kind, `${message}. The request may have been accepted and charged`, {
		...details,
		description: join(details.description, LOOK_FIRST),
		mayBeAccepted: true,
	});
}

/** The status of an answer whose body is the error: a success is no news. */
function errorStatus(httpStatus: number): Pick<ErrorDetails, 'httpStatus'> {
	return httpStatus >= 300 ? { httpStatus } : {};
}

/** Sentences, those that are there, as one text. */
export function join(...sentences: Array<string | undefined>): string {
	return sentences.filter(Boolean).join(' ');
}
