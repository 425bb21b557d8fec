import { SegmindError, type ErrorDetails } from './segmindError';
import type { JobStatus } from './types';
import type { Accepted } from './verdict';

/** Of a purchase in doubt. */
export const MAYBE_ACCEPTED = 'The request may have been accepted and charged';
/** Of an item that is proven not to be paid for; others of the same run may be. */
export const NOT_CHARGED = 'This item was not charged.';
/** Of an item that was refused before anything was sent. */
export const NOTHING_SENT = 'Nothing was sent to Segmind for this item.';
/** What to do about a purchase in doubt. */
export const LOOK_FIRST = "Look at the Generations page in Segmind's console before you run this again.";

/** The error for a finished job that names no video, or one at a URL that must not be fetched: asking again does not help. */
export function noVideoError(httpStatus: number, what: string): SegmindError {
	return new SegmindError('media', `The request is finished, but Segmind's answer ${what}`, {
		description: "Look for the video on the Generations page in Segmind's console.",
		accepted: 'yes',
		...errorStatus(httpStatus),
		status: 'COMPLETED',
	});
}

/** The error for a job that ended as FAILED, which is not charged. */
export function failedError(reason: string | undefined, httpStatus: number): SegmindError {
	return new SegmindError('failed', `Segmind could not make the video${reason ? `: ${reason}` : ''}`, {
		description:
			'A failed request is not charged. Check the image and the video: one person, whole body in view, 3 to 30 seconds (at most 10 with orientation Image). Then try again.',
		accepted: 'no',
		...errorStatus(httpStatus),
		status: 'FAILED',
	});
}

/** The error for a job that is still running at the deadline. */
export function timeoutError(minutes: number, status: JobStatus): SegmindError {
	return new SegmindError(
		'timeout',
		`The video was not ready after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} (${status})`,
		{
			description: 'Segmind is still working on it.',
			accepted: 'yes',
			status,
		},
	);
}

/** The error for a purchase that was not made, since no time was left for it. `why` completes the message. */
export function notSentError(why: string, httpStatus?: number): SegmindError {
	return new SegmindError('timeout', `The request was not sent: ${why}`, {
		description: `${NOT_CHARGED} Raise the timeout, or run fewer items at a time.`,
		accepted: 'no',
		...(httpStatus && { httpStatus }),
	});
}

/** The error for a purchase that would pass the limit of an execution. */
export function limitReachedError(maxRequests: number): SegmindError {
	const videos = `${maxRequests} ${maxRequests === 1 ? 'video' : 'videos'}`;
	return new SegmindError('input', `This node has bought ${videos} in this execution, which is its limit`, {
		description: `Raise the limit, or send fewer items. ${NOT_CHARGED}`,
		accepted: 'no',
	});
}

/** The error for a request of the history whose video cannot be had any more. `date` is when it was made, such as 2026-11-02. */
export function expiredVideoError(date: string): SegmindError {
	return new SegmindError('media', `The video of this request, made on ${date}, is no longer available`, {
		description: 'A video can be downloaded for 7 days after its request.',
		accepted: 'yes',
		status: 'COMPLETED',
	});
}

/** The error for a request of the history that may be too old to be reused, or not. */
export function undatedError(requestId: string): SegmindError {
	return new SegmindError('unreadable', `Segmind's request history does not say when request ${requestId} was made`, {
		description: NOT_CHARGED,
		accepted: 'no',
	});
}

/** The error for a video that n8n stored with an execution that is gone: it was paid for, so it is not bought again. */
export function storedVideoGoneError(): SegmindError {
	return new SegmindError('media', 'The video of this request was stored with an execution that was deleted', {
		description:
			"Look for the video on the Generations page in Segmind's console, or run the workflow again to buy another one.",
		accepted: 'yes',
		status: 'COMPLETED',
	});
}

/** The error for a request that was reused, and whose video its host does not have any more. */
export function reusedVideoGoneError(error: SegmindError): SegmindError {
	return new SegmindError('media', `The video of an identical request was reused, but it is gone: ${error.message}`, {
		...error.details,
		description: 'To buy a new video, set Reuse Within (Hours) to 0.',
	});
}

/** What a POST met that may have been accepted. */
export interface Doubt {
	message: string;
	httpStatus?: number;
}

/** The error for an item whose earlier POST may have been accepted: another one could be paid twice. It repeats what that one met. */
export function doubtError(doubt: Doubt = { message: MAYBE_ACCEPTED }): SegmindError {
	return new SegmindError('doubt', `${doubt.message}, so it was not sent again`, {
		description: LOOK_FIRST,
		httpStatus: doubt.httpStatus,
		accepted: 'maybe',
	});
}

/** An error after which nobody knows whether there is a purchase behind it. */
export function inDoubt(error: SegmindError): SegmindError {
	return new SegmindError(error.kind, `${error.message}. ${MAYBE_ACCEPTED}`, error.details);
}

/**
 * The error after a stop, by a person, the workflow's time limit or the failure of another item.
 * @param accepted what is known of the purchase that it interrupted
 */
export function stoppedError(accepted: Accepted = 'no', status?: JobStatus): SegmindError {
	const message = 'Stopped before the video was ready';
	return new SegmindError('stopped', accepted === 'maybe' ? `${message}. ${MAYBE_ACCEPTED}` : message, {
		description: 'Segmind cannot cancel a request: one that was accepted goes on there and is charged.',
		accepted,
		...(status && { status }),
	});
}

/** The error for a fault of this package or of n8n: its message may hold anything, so it is not shown. */
export function unexpectedError(error: unknown): SegmindError {
	const name = error instanceof Error ? error.name : typeof error;
	return new SegmindError('unexpected', `The node ran into an unexpected error (${name})`, {
		description: 'Please report it, with the steps that led to it.',
		accepted: 'maybe',
	});
}

/** The status of an answer whose body is the error: a success is no news. */
export function errorStatus(httpStatus: number): Pick<ErrorDetails, 'httpStatus'> {
	return httpStatus >= 300 ? { httpStatus } : {};
}
