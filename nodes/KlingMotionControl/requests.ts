import type { Fate, Failure } from './failure';
import type { Known } from './jobs/known';
import { listed } from './jobs/progress';

/** What an item has bought, or may have. */
export type Bought = Known & { itemIndex: number };

/** How to get at the video of a request, and for how long its URL works. */
export const FETCH = 'Get Video fetches a video for free by its request ID.';
export const EXPIRES = "A video's URL works for 7 days.";

/** A request that a person is told of. */
interface Named {
	itemIndex: number;
	requestId: string;
	videoUrl?: string;
	fate: Fate;
}

/** What the lists of requests begin with, in their order: the last one is what a person looks for first. */
const HEADINGS: ReadonlyArray<readonly [Fate, string]> = [
	['lost', 'Requests without a video'],
	['unknown', 'Requests that Segmind does not know'],
	['failed', 'Failed requests, not charged'],
	['paid', 'Paid requests'],
];

/** How long an ID is, in characters, that is nothing else where it stands in a text. */
const SURE = 8;
/** How the Executions list calls the retry that goes on with what was bought. */
const RETRY = 'choose Retry with currently saved workflow in Executions.';

/**
 * The end of a run's error: how to get at what was paid for, and the IDs of its requests, each once.
 * @param first the item that the error is about
 * @param mayRetry whether the Executions list can run the execution again
 */
export function requestsOf(
	failures: readonly Failure[],
	bought: readonly Bought[],
	first: Failure,
	mayRetry: boolean,
): string[] {
	const named = namedRequests(failures, bought);
	const videos = unnamedVideos(failures, bought);
	const paid = [...named.filter(({ fate }) => fate === 'paid'), ...videos];
	// what was reused is there for the next execution, too
	const boughtHere = new Set(bought.filter(({ reused }) => !reused).map(({ itemIndex }) => itemIndex));
	const kept = paid.filter(({ itemIndex }) => boughtHere.has(itemIndex));
	return [
		...(mayRetry && kept.length > 0 ? [dontBuyAgain(kept.some(({ itemIndex }) => itemIndex !== first.itemIndex))] : []),
		...(named.some(({ fate }) => fate === 'paid') ? [FETCH] : []),
		...(named.some(({ videoUrl }) => videoUrl) ? [EXPIRES] : []),
		...(videos.length > 0 ? [`Paid videos, available for 7 days: ${listed(videos.map(({ text }) => text))}.`] : []),
		...HEADINGS.flatMap(([fate, heading]) => {
			const requests = named.filter((request) => request.fate === fate && !isNamedIn(first.message, request));
			return requests.length > 0 ? [`${heading}: ${listed(requests.map(nameOf))}.`] : [];
		}),
	];
}

/** All requests that are known by an ID, each once, the lowest item first. */
function namedRequests(failures: readonly Failure[], bought: readonly Bought[]): Named[] {
	const named = new Map<string, Named>();
	for (const { itemIndex, requestId, videoUrl, fate } of failures) {
		if (requestId) named.set(requestId, { itemIndex, requestId, videoUrl, fate });
	}
	for (const { itemIndex, requestId } of bought) {
		if (requestId && !named.has(requestId)) named.set(requestId, { itemIndex, requestId, fate: 'paid' });
	}
	return [...named.values()].sort((a, b) => a.itemIndex - b.itemIndex);
}

/** The videos whose requests have no ID: v1 does not always name them. */
function unnamedVideos(failures: readonly Failure[], bought: readonly Bought[]) {
	const places = new Map<number, string>();
	for (const { itemIndex, requestId, finished, binary } of bought) {
		const place = finished?.video?.url ?? (binary && 'stored by n8n; a retry of this execution delivers it');
		if (place && !requestId) places.set(itemIndex, place);
	}
	for (const { itemIndex, requestId, videoUrl } of failures) {
		if (videoUrl && !requestId) places.set(itemIndex, videoUrl);
	}
	const sorted = [...places].sort(([a], [b]) => a - b);
	return sorted.map(([itemIndex, place]) => ({ itemIndex, text: `item ${itemIndex}: ${place}` }));
}

function nameOf({ itemIndex, requestId, videoUrl }: Named): string {
	return `item ${itemIndex}: ${requestId}${videoUrl ? ` (${videoUrl})` : ''}`;
}

/** Whether Segmind's own words name a request. A short ID may be any number. */
function isNamedIn(message: string, { requestId }: Named): boolean {
	return requestId.length >= SURE && message.split(/[^\w.:-]+/).includes(requestId);
}

function dontBuyAgain(others: boolean): string {
	return `Don't execute the step again, that buys the ${others ? 'other items' : 'video'} again: ${RETRY}`;
}
