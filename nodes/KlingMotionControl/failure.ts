import type { Known } from './jobs/known';
import type { FailedItem } from './operations/operation';
import { MAYBE_ACCEPTED, NOT_CHARGED, NOTHING_SENT, unexpectedError } from './segmind/endings';
import { isMediaUrl } from './segmind/routes';
import { SegmindError } from './segmind/segmindError';
import { isNodeError, type NodeError } from './transport/nodeError';

/**
 * What became of a request, as far as its error tells:
 * - `paid`: Get Video fetches it
 * - `failed`: it is not charged
 * - `unknown`: Segmind does not know it
 * - `lost`: it is finished, but Segmind has no video for it
 */
export type Fate = 'paid' | 'failed' | 'unknown' | 'lost';

/** One item that failed, and what there is to say of it. */
export interface Failure {
	itemIndex: number;
	error: SegmindError | NodeError;
	/** What happened, in one line. */
	message: string;
	requestId?: string;
	/** One that may be shown and fetched. */
	videoUrl?: string;
	fate: Fate;
}

/**
 * What there is to say of an item that failed. n8n runs a node again: what an earlier try of the item bought, or may have
 * bought, counts too.
 * @param bought the purchases of the item
 */
export function failureOf({ error, itemIndex }: FailedItem, bought: readonly Known[]): Failure {
	const known = isNodeError(error) || error instanceof SegmindError ? error : unexpectedError(error);
	const message = messageOf(known, bought);
	const requestOfItem = bought.find(({ requestId }) => requestId)?.requestId;
	if (isNodeError(known)) return { itemIndex, error: known, message, requestId: requestOfItem, fate: 'paid' };
	const { requestId = requestOfItem, videoUrl: url } = known.details;
	const videoUrl = url && isMediaUrl(url) ? url : undefined;
	const description = descriptionOf(known, bought);
	const told = new SegmindError(known.kind, message, { ...known.details, requestId, videoUrl, description });
	return { itemIndex, error: told, message, requestId, videoUrl, fate: fateOf(known, videoUrl) };
}

/** Whether a purchase may have been made of which nothing came back. */
export function isInDoubt({ requestId, finished }: Known): boolean {
	return !requestId && !finished;
}

function messageOf(error: Error, bought: readonly Known[]): string {
	const { message } = error;
	const isSaid = message.includes(MAYBE_ACCEPTED) || !bought.some(isInDoubt);
	return isSaid ? message : `${message.replace(/\.$/, '')}. ${MAYBE_ACCEPTED}`;
}

/** What to do. It is not said that an item was not charged which an earlier try may have bought. */
function descriptionOf({ details }: SegmindError, bought: readonly Known[]): string {
	const { description } = details;
	if (bought.length === 0) return description;
	return [NOTHING_SENT, NOT_CHARGED].reduce((text, sentence) => text.replace(sentence, '').trim(), description);
}

function fateOf({ kind, details }: SegmindError, videoUrl: string | undefined): Fate {
	if (kind === 'failed') return 'failed';
	if (kind === 'media') return 'lost';
	// where a video is known, the 404 is its host's
	return details.httpStatus === 404 && !videoUrl ? 'unknown' : 'paid';
}
