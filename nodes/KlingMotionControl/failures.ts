import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failureOf, isInDoubt, type Failure } from './failure';
import { enumerated } from './jobs/progress';
import type { FailedItem } from './operations/operation';
import { EXPIRES, FETCH, requestsOf, type Bought } from './requests';
import { LOOK_FIRST, MAYBE_ACCEPTED, stoppedError } from './segmind/endings';
import { SegmindError } from './segmind/segmindError';
import { isNodeError, toNodeError } from './transport/nodeError';

/** Who knows what this run, or one of its items, has bought. */
interface Buyer {
	ofThisRun(itemIndex?: number): Bought[];
}

/** How many reasons an error gives beside its own. */
const MOST_REASONS = 10;

/** Whether an item only ended since the run did. */
export function isStop(error: unknown): boolean {
	return error instanceof SegmindError && error.kind === 'stopped';
}

/** The output item of an item that failed, where the node continues on fail. */
export function errorItem(context: IExecuteFunctions, failed: FailedItem, purchases: Buyer): INodeExecutionData {
	const failure = failureOf(failed, purchases.ofThisRun(failed.itemIndex));
	const { itemIndex, requestId } = failure;
	const error = withRequest(failure);
	const details = error instanceof SegmindError ? error.details : undefined;
	const facts: IDataObject = {
		...(requestId && { request_id: requestId }),
		...(details?.status && { status: details.status }),
		...(details?.httpStatus && { http_status: details.httpStatus }),
	};
	const told = isNodeError(error) ? failure.message : error.message;
	const message = details?.seen ? `${told}. ${details.seen}` : told;
	const pairedItem = { item: itemIndex };
	if (context.getNode().onError !== 'continueErrorOutput') {
		return { json: { error: message, ...facts }, pairedItem };
	}
	// n8n 2 takes an item for the error output where it has no other fields than these, n8n 1 not even with details: it
	// needs the item's own error, which on the output would cost the item its json. The copy that n8n sends there is
	// without it, since it is not enumerable.
	const item: INodeExecutionData = { json: { error: message, details: facts }, pairedItem };
	return Object.defineProperty(item, 'error', { value: toNodeError(context.getNode(), error, itemIndex) });
}

/**
 * The error that ends the node: that of the first item that failed and has no output, with what the others met and what
 * they paid for. Nothing of that is told anywhere else.
 * @param hasOutput whether an item has come to the output, if only as its error
 */
export function endOfRun(
	context: IExecuteFunctions,
	failed: FailedItem[],
	purchases: Buyer,
	hasOutput: (itemIndex: number) => boolean = () => false,
) {
	const all = purchases.ofThisRun();
	const byItem = new Map<number, Bought[]>();
	for (const each of all) byItem.set(each.itemIndex, [...(byItem.get(each.itemIndex) ?? []), each]);
	const doubtful = all.filter(isInDoubt).map(({ itemIndex }) => itemIndex);
	doubtful.sort((a, b) => a - b);
	const tell = (each: FailedItem) => failureOf(each, byItem.get(each.itemIndex) ?? []);
	const failures = failed.map(tell).sort((a, b) => a.itemIndex - b.itemIndex);
	const ending = failures.filter(({ itemIndex }) => !hasOutput(itemIndex));
	const first =
		ending.find(({ error }) => !isStop(error)) ??
		ending[0] ??
		tell({ error: stoppedError(), itemIndex: doubtful[0] ?? 0 });
	const others = failures.filter(
		(other) => other !== first && (!isStop(other.error) || acceptedBy(other.error) === 'maybe'),
	);
	const said = [first, ...others].filter(isSaidInDoubt).map(({ itemIndex }) => itemIndex);
	// a model cannot choose anything in the editor, and n8n does not offer to retry what was stopped
	const mayRetry = !context.getNode().type.endsWith('Tool') && !isStop(first.error);
	const more = [
		...reasonsOf(first, others),
		...doubts(doubtful, new Set(said), first),
		...requestsOf(failures, all, first, mayRetry),
	];
	return toNodeError(context.getNode(), first.error, first.itemIndex, more.join(' '));
}

/** An item's own error with the request that it is about, and how to get at its video. */
function withRequest({ error, message, requestId, videoUrl, fate }: Failure): Failure['error'] {
	const names = [requestId && `request ${requestId}`, videoUrl && `video ${videoUrl}`].filter(Boolean);
	if (isNodeError(error) || names.length === 0) return error;
	const advice = [requestId && fate === 'paid' && FETCH, videoUrl && EXPIRES].filter(Boolean);
	const description = [error.details.description, ...advice].join(' ');
	return new SegmindError(error.kind, `${message} [${names.join(', ')}]`, { ...error.details, description });
}

/** Why the other items failed, each reason once. */
function reasonsOf(first: Failure, others: readonly Failure[]): string[] {
	const groups = new Map<string, number[]>([[first.message, []]]);
	for (const { itemIndex, message } of others) {
		const items = groups.get(message);
		if (items) items.push(itemIndex);
		else groups.set(message, [itemIndex]);
	}
	const sentences = [...groups].flatMap(([message, items]) => {
		if (items.length === 0) return [];
		const names = `Item${items.length > 1 ? 's' : ''} ${enumerated(items)}`;
		return [
			message === first.message
				? `${names} failed for the same reason.`
				: `${names} failed too: ${message.replace(/\.$/, '')}.`,
		];
	});
	const left = sentences.length - MOST_REASONS;
	return left > 0 ? [...sentences.slice(0, MOST_REASONS), `Others failed for ${left} more reasons.`] : sentences;
}

/** An error may end a run before it comes to all of its items: what is in doubt of those that nothing else is said of. */
function doubts(doubtful: readonly number[], said: ReadonlySet<number>, { error }: Failure): string[] {
	const items = doubtful.filter((itemIndex) => !said.has(itemIndex));
	if (items.length === 0) return [];
	const isAdvised = error instanceof SegmindError && error.details.description?.includes(LOOK_FIRST);
	return [
		`${MAYBE_ACCEPTED}: item${items.length > 1 ? 's' : ''} ${enumerated(items)}.`,
		...(isAdvised ? [] : [LOOK_FIRST]),
	];
}

/** Whether an error says itself that its item may have been bought. n8n's own errors keep their words, which do not. */
function isSaidInDoubt({ error }: Failure): boolean {
	return error.message.includes(MAYBE_ACCEPTED);
}

function acceptedBy(error: unknown) {
	return error instanceof SegmindError ? error.details.accepted : 'no';
}
