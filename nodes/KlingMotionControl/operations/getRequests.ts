import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { History } from '../jobs/history';
import { inputError } from '../parameters/invalid';
import { readRequestsQuery, requestsFields, type RequestsQuery } from '../parameters/requestsQuery';
import type { HistoryRow } from '../segmind/history';
import { plainId } from '../segmind/ids';
import type { Operation } from './operation';

/** The longest time that is asked for at once, in ms: the service takes 31 days, and a day is added at each end. */
const LONGEST_SPAN = 28 * 24 * 60 * 60_000;

/** Get Many Requests: the account's own requests, newest first. */
export const getRequests: Operation<RequestsQuery> = {
	value: 'getRequests',
	name: 'Get Many Requests',
	action: 'Get many requests',
	description: "List the account's requests with their status, cost and video (free)",
	toolDescription:
		'Lists the requests that were made with this Segmind account, newest first: request_id, status (COMPLETED, FAILED or PENDING), model, cost, time, video_url and inputs. It is free. Use it to see whether a video is finished, or to find an earlier one.',
	fields: requestsFields,

	read: async (item) => await Promise.resolve(readRequestsQuery(item)),

	async execute({ history, clock }, itemIndex, query) {
		if (!history.isThere) {
			throw inputError(
				"Segmind's request history is not available",
				'Check the History URL and the API key of the Segmind API credential.',
			);
		}
		const items: INodeExecutionData[] = [];
		const seen = new Set<string>();
		for (const span of spansOf(query, clock.now())) {
			for await (const row of rowsIn(history, query, span)) {
				const id = plainId(row.requestId);
				if (seen.has(id)) continue;
				seen.add(id);
				items.push({ json: requestOf(row), pairedItem: { item: itemIndex } });
				if (items.length >= query.limit) return items;
			}
		}
		return items;
	},
};

interface Span {
	/** ms since the epoch */
	from?: number;
	to?: number;
}

/** The time that is asked for, in parts that the service takes, the newest first. */
function spansOf({ from, to }: RequestsQuery, now: number): Span[] {
	if (from === undefined && to === undefined) return [{}];
	const end = to ?? now;
	const begin = from ?? end - LONGEST_SPAN;
	// nothing was made after now
	if (begin > end) return [];
	const spans: Span[] = [];
	for (let until = end; until > begin || spans.length === 0; until -= LONGEST_SPAN) {
		spans.push({ from: Math.max(begin, until - LONGEST_SPAN), to: until });
	}
	return spans;
}

async function* rowsIn(history: History, { model, status }: RequestsQuery, span: Span): AsyncGenerator<HistoryRow> {
	// a row whose status changes would move the others between the pages of a list by status
	for await (const row of history.rows({ ...span, model })) {
		const { createdAt } = row;
		const isEarlier = createdAt !== undefined && span.from !== undefined && createdAt < span.from;
		const isLater = createdAt !== undefined && span.to !== undefined && createdAt > span.to;
		const isOther = (model && !row.model?.includes(model)) || (status && row.status !== status);
		if (!isEarlier && !isLater && !isOther) yield row;
	}
}

function requestOf({ requestId, status, model, cost, createdAt, videoUrl, error, request }: HistoryRow): IDataObject {
	return {
		request_id: requestId,
		...(status && { status }),
		...(model && { model }),
		...(cost !== undefined && { cost }),
		...(createdAt !== undefined && { created_at: new Date(createdAt).toISOString() }),
		...(videoUrl && { video_url: videoUrl }),
		...(error && { error }),
		...(request && { request: request as IDataObject }),
	};
}
