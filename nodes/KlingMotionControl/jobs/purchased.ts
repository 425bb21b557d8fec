import type { SegmindError } from '../segmind/segmindError';
import type { Known } from './known';

/** A video that is paid for, or will be. */
export interface Purchase extends Known {
	/** Its place in the ledger. */
	key: string;
	/** Set where it was made before: by an earlier try, or by an equal call at the same time. */
	resumed?: true;
	/** The URLs of the request, which an answer may repeat. */
	inputs: readonly string[];
	/** The error of a POST in doubt whose answer named an id: whether Segmind knows it is still to be seen. */
	cause?: SegmindError;
}

/** Whether Segmind is known to have it: its POST got a good answer. */
export function isCertain({ cause, doubt }: Purchase): boolean {
	return !cause && !doubt;
}
