import type { Headers, JobStatus } from './types';
import type { Accepted } from './verdict';

/**
 * What went wrong:
 * - `input`: a parameter is not valid; nothing was sent
 * - `answer`: the service answered with an error
 * - `network`: no answer, or only a part of one
 * - `unreadable`: a success whose body is not what is documented
 * - `failed`: the job ended as FAILED, which is not charged
 * - `timeout`: the deadline passed
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
	/** Whether there is a purchase behind it; `no` is proven. */
	accepted: Accepted;
	/** How often the same request may be sent again; none where it is absent. */
	repeats?: number;
	/** The headers of the answer, which may say when. */
	headers?: Headers;
	httpStatus?: number;
	requestId?: string;
	/** The last status of the job that was seen. */
	status?: JobStatus;
	videoUrl?: string;
	/** What the request history showed of it, as a sentence; the description has it, too. */
	seen?: string;
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

	/** The same error with more details. */
	with(details: Partial<ErrorDetails>): SegmindError {
		return new SegmindError(this.kind, this.message, { ...this.details, ...details });
	}
}
