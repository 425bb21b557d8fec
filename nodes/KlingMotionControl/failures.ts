import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Known } from './jobs/known';
import { listed } from './jobs/progress';
import type { FailedItem } from './operations/operation';
import {
	LOOK_FIRST,
	MAYBE_ACCEPTED,
	NOT_CHARGED,
	NOTHING_SENT,
	stoppedError,
	unexpectedError,
} from './segmind/endings';
import { isMediaUrl } from './segmind/routes';
import { SegmindError } from './segmind/segmindError';
import { isNodeError, toNodeError } from './transport/nodeError';

/** What an item has bought, or may have. */
type Bought = Known & { itemIndex: number };

/** Who knows what this run has bought. */
interface Buyer {
	ofThisRun(): Bought[];
}

/** Whether an item only ended since the run did. */
export function isStop(error: unknown): boolean {
	return error instanceof SegmindError && error.kind === 'stopped';
}

/** The output item of an item that failed, where the node continues on fail. */
export function errorItem(context: IExecuteFunctions, failure: FailedItem, purchases: Buyer): INodeExecutionData {
	const { itemIndex } = failure;
	const error = named(failure, purchases);
	const details = error instanceof SegmindError ? error.details : undefined;
	const requestId = details?.requestId ?? requestOf(itemIndex, purchases);
	const facts: IDataObject = {
		...(requestId && { request_id: requestId }),
		...(details?.status && { status: details.status }),
		...(details?.httpStatus && { http_status: details.httpStatus }),
	};
	const nodeError = toNodeError(context.getNode(), error, itemIndex);
	const message = messageOf(nodeError, itemIndex, purchases);
	const pairedItem = { item: itemIndex };
	if (context.getNode().onError !== 'continueErrorOutput') {
		return { json: { error: message, ...facts }, pairedItem };
	}
	// n8n 2 takes an item for the error output where it has no other fields than these, n8n 1 not even with details: it
	// needs the item's own error, which on the output would cost the item its json. The copy that n8n sends there is
	// without it, since it is not enumerable.
	const item: INodeExecutionData = { json: { error: message, details: facts }, pairedItem };
	return Object.defineProperty(item, 'error', { value: nodeError });
}

/**
 * The error that ends the node: that of the first item that failed and has no output, with what the others met and what
 * they paid for. Nothing of that is told anywhere else.
 * @param hasOutput whether an item has come to the output, if only as its error
 */
export function endOfRun(
	context: IExecuteFunctions,
	failures: FailedItem[],
	purchases: Buyer,
	hasOutput: (itemIndex: number) => boolean = () => false,
) {
	const sorted = [...failures].sort((a, b) => a.itemIndex - b.itemIndex);
	const ending = sorted.filter(({ itemIndex }) => !hasOutput(itemIndex));
	const stopped = { error: stoppedError(), itemIndex: inDoubt(purchases)[0] ?? 0 };
	const first = ending.find(({ error }) => !isStop(error)) ?? ending[0] ?? stopped;
	const error = named(first, purchases);
	const others = sorted.filter(
		(other) => other !== first && (!isStop(other.error) || acceptedBy(other.error) === 'maybe'),
	);
	const said = [first, ...others].filter((each) => wordsOf(named(each, purchases)).includes(MAYBE_ACCEPTED));
	const more = [
		...reasonsOf(first, others, purchases),
		...doubts(
			purchases,
			said.map(({ itemIndex }) => itemIndex),
		),
		...paidFor(purchases, error instanceof SegmindError ? error.details.requestId : undefined),
	];
	return toNodeError(context.getNode(), error, first.itemIndex, more.join(' '));
}

/** Why the other items failed, each reason once. */
function reasonsOf(first: FailedItem, others: FailedItem[], purchases: Buyer): string[] {
	const groups = new Map<string, FailedItem[]>();
	for (const other of others) {
		const words = wordsOf(other.error);
		groups.set(words, [...(groups.get(words) ?? []), other]);
	}
	return [...groups].map(([words, items]) => {
		const [only] = items;
		if (words !== wordsOf(first.error) && items.length === 1 && only) {
			return `Item ${only.itemIndex} failed too: ${wordsOf(named(only, purchases))}.`;
		}
		const names = items.map(({ error, itemIndex }) => {
			const requestId = error instanceof SegmindError ? error.details.requestId : undefined;
			return `${itemIndex}${requestId ? ` [request ${requestId}]` : ''}`;
		});
		const reason = words === wordsOf(first.error) ? '' : `: ${words}`;
		return `Item${items.length > 1 ? 's' : ''} ${listed(names)} failed for the same reason${reason}.`;
	});
}

/** An item's error with the request that it is about, and how to get at its video. */
function named({ error, itemIndex }: FailedItem, purchases: Buyer): unknown {
	if (isNodeError(error)) return error;
	const known = error instanceof SegmindError ? error : unexpectedError(error);
	const { requestId = requestOf(itemIndex, purchases), videoUrl } = known.details;
	const url = videoUrl && isMediaUrl(videoUrl) ? videoUrl : undefined;
	const names = [requestId && `request ${requestId}`, url && `video ${url}`].filter(Boolean);
	const message = messageOf(known, itemIndex, purchases);
	const description = descriptionOf(known, itemIndex, purchases);
	if (names.length === 0) return new SegmindError(known.kind, message, { ...known.details, description });
	// what Segmind does not know, or has no video for, Get Video does not find either; where a video is known, its host answered
	const isGone = ['failed', 'media'].includes(known.kind) || (known.details.httpStatus === 404 && !url);
	const recovery = isGone ? recoveryOf(undefined, url) : recoveryOf(requestId, url);
	return new SegmindError(known.kind, `${message} [${names.join(', ')}]`, {
		...known.details,
		requestId,
		description: [description, ...recovery].join(' '),
	});
}

/** What happened. n8n runs a node again after a stop, too: what an earlier try of the item may have bought must still be said. */
function messageOf({ message }: Error, itemIndex: number, purchases: Buyer): string {
	const isSaid = message.includes(MAYBE_ACCEPTED) || !inDoubt(purchases).includes(itemIndex);
	return isSaid ? message : `${message}. ${MAYBE_ACCEPTED}`;
}

/** What to do about an error. It is not said that an item was not charged which an earlier try may have bought. */
function descriptionOf({ details }: SegmindError, itemIndex: number, purchases: Buyer): string {
	const { description } = details;
	if (!purchases.ofThisRun().some((bought) => bought.itemIndex === itemIndex)) return description;
	return [NOTHING_SENT, NOT_CHARGED].reduce((text, sentence) => text.replace(sentence, '').trim(), description);
}

function recoveryOf(requestId?: string, videoUrl?: string): string[] {
	return [
		...(requestId ? [`Get Video with the request ID ${requestId} fetches the video for free.`] : []),
		...(videoUrl ? [`The video is at ${videoUrl} for 7 days.`] : []),
	];
}

/** The items whose purchase is in doubt, in their order. */
function inDoubt(purchases: Buyer): number[] {
	const doubtful = purchases.ofThisRun().filter(({ requestId, finished }) => !requestId && !finished);
	return doubtful.map(({ itemIndex }) => itemIndex).sort((a, b) => a - b);
}

/** An error may end a run before it comes to all of its items: what is in doubt of those that nothing else is said of. */
function doubts(purchases: Buyer, except: readonly number[]): string[] {
	const items = inDoubt(purchases).filter((itemIndex) => !except.includes(itemIndex));
	if (items.length === 0) return [];
	return [`${MAYBE_ACCEPTED}: ${listed(items.map((itemIndex) => `item ${itemIndex}`))}. ${LOOK_FIRST}`];
}

function paidFor(purchases: Buyer, except: string | undefined): string[] {
	const bought = purchases.ofThisRun().sort((a, b) => a.itemIndex - b.itemIndex);
	const requests = bought.flatMap(({ itemIndex, requestId }) =>
		requestId && requestId !== except ? [`item ${itemIndex}: ${requestId}`] : [],
	);
	// v1 does not always name its requests
	const videos = bought.flatMap(({ itemIndex, requestId, finished, binary }) => {
		const place = finished?.video?.url ?? (binary && 'stored by n8n, a retry of this execution delivers it');
		return place && !requestId ? [`item ${itemIndex}: ${place}`] : [];
	});
	return [
		...(requests.length > 0 ? [`Paid requests, which Get Video fetches: ${listed(requests)}.`] : []),
		...(videos.length > 0 ? [`Paid videos, there for 7 days: ${listed(videos)}.`] : []),
	];
}

function requestOf(itemIndex: number, purchases: Buyer): string | undefined {
	return purchases.ofThisRun().find((purchase) => purchase.itemIndex === itemIndex)?.requestId;
}

function acceptedBy(error: unknown) {
	return error instanceof SegmindError ? error.details.accepted : 'no';
}

function wordsOf(error: unknown): string {
	if (error instanceof SegmindError || isNodeError(error)) return error.message.replace(/\.$/, '');
	return unexpectedError(error).message;
}
