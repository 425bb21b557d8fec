import { sameId } from './ids';
import { firstOf, isRecord, parsed } from './json';
import { reasonOf } from './reason';
import { isMediaUrl, isRequestId } from './routes';
import { numberOf, timeIn } from './times';
import type { MotionRequest } from './types';

/** A request in the account's history. Its shape is not documented, so every field may be missing. */
export interface HistoryRow {
	requestId: string;
	model?: string;
	status?: 'COMPLETED' | 'FAILED' | 'PENDING';
	/** US dollars */
	cost?: number;
	/** ms since the epoch */
	createdAt?: number;
	videoUrl?: string;
	error?: string;
	/** The inputs as they were sent. */
	request?: Record<string, unknown>;
}

/** How long a video's URL works, in ms. */
export const LIFE_OF_URL = 7 * 24 * 60 * 60_000;
const MAX_DEPTH = 5;
const STATUSES: Readonly<Record<string, HistoryRow['status']>> = {
	COMPLETED: 'COMPLETED',
	SUCCESS: 'COMPLETED',
	SUCCEEDED: 'COMPLETED',
	FINISHED: 'COMPLETED',
	FAILED: 'FAILED',
	ERROR: 'FAILED',
	CANCELLED: 'FAILED',
	PENDING: 'PENDING',
	QUEUED: 'PENDING',
	STARTING: 'PENDING',
	RUNNING: 'PENDING',
	PROCESSING: 'PENDING',
	IN_PROGRESS: 'PENDING',
};

/** A page of the history: how many entries it had, and those that can be read. */
interface HistoryPage {
	count: number;
	rows: HistoryRow[];
}

/** The page in the text of an answer, in whatever envelope; undefined where there is none. */
export function historyPage(text: string): HistoryPage | undefined {
	const entries = listIn(parsed(text));
	return entries && { count: entries.length, rows: entries.flatMap((entry) => historyRow(entry) ?? []) };
}

/** The one record in the text of an answer, in whatever envelope. */
export function historyRecord(text: string, requestId: string): HistoryRow | undefined {
	const body = parsed(text);
	return recordIn(body, requestId, 0) ?? firstOf(listIn(body) ?? [], (entry) => recordIn(entry, requestId, MAX_DEPTH));
}

function recordIn(value: unknown, requestId: string, depth: number): HistoryRow | undefined {
	const row = historyRow(value);
	if (row && sameId(row.requestId, requestId)) return row;
	if (!isRecord(value) || depth >= MAX_DEPTH) return undefined;
	return firstOf(Object.values(value), (entry) => recordIn(entry, requestId, depth + 1));
}

/**
 * Whether a row is a request of this model with these inputs, field by field as values. What the service adds beside the
 * documented fields does not matter; a reference that was not sent must not be there.
 */
export function isSameRequest({ model, request }: HistoryRow, slug: string, body: MotionRequest): boolean {
	if (!request || model === undefined || model.split('/').at(-1) !== slug) return false;
	const wanted = { image_url: undefined, video_url: undefined, ...body };
	return Object.entries(wanted).every(([name, value]) => {
		const found = request[name];
		if (value === undefined) return found === undefined || found === null || found === '';
		return found === value || (typeof value === 'boolean' && String(found).toLowerCase() === String(value));
	});
}

/** The list of entries in a body. One that is empty may be of something else, so it counts only where there is no other. */
export function listIn(value: unknown, depth = 0): unknown[] | undefined {
	const lists = listsIn(value, depth);
	return lists.find((list) => list.length > 0) ?? lists[0];
}

function listsIn(value: unknown, depth: number): unknown[][] {
	if (Array.isArray(value)) {
		return value.length === 0 || value.some((entry) => isRecord(entry) && 'request_id' in entry) ? [value] : [];
	}
	if (!isRecord(value) || depth >= MAX_DEPTH) return [];
	return Object.values(value).flatMap((entry) => listsIn(entry, depth + 1));
}

function historyRow(entry: unknown): HistoryRow | undefined {
	if (!isRecord(entry)) return undefined;
	const id = typeof entry.request_id === 'number' ? String(entry.request_id) : entry.request_id;
	if (!isRequestId(id)) return undefined;
	const status = STATUSES[String(entry.model_status ?? entry.status ?? '').toUpperCase()];
	const cost = numberOf(entry.credits_deduction);
	const createdAt = timeIn(entry);
	const error = status === 'FAILED' ? reasonOf({ error: entry.error }) : undefined;
	const request = requestOf(entry.request_body);
	const videoUrl = videoUrlOf(entry.generation_url, Object.values(request ?? {}));
	return {
		requestId: id,
		...(typeof entry.model_name === 'string' && { model: entry.model_name }),
		...(status && { status }),
		...(cost !== undefined && { cost }),
		...(createdAt !== undefined && { createdAt }),
		...(videoUrl && { videoUrl }),
		...(error && { error }),
		...(request && { request }),
	};
}

/** The inputs as an object, or as JSON in a text. */
function requestOf(value: unknown): Record<string, unknown> | undefined {
	const body = typeof value === 'string' ? parsed(value) : value;
	return isRecord(body) ? body : undefined;
}

/** @param inputs the values of the request: an output that repeats one of them is none */
function videoUrlOf(value: unknown, inputs: readonly unknown[]): string | undefined {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' && isMediaUrl(first) && !inputs.includes(first) ? first : undefined;
}
