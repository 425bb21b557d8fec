import { isRequestId } from './addresses';
import { JOB_STATUSES, type JobState, type Metrics, type VideoAddress } from './types';

/** The longest piece of the service's own words that is passed on, in characters. */
const MAX_REASON = 300;
/** Nestings such as `output.video_url` are followed this deep. */
const MAX_DEPTH = 4;
/** Where a video's address has been seen or documented (segmind-api.md, "v1" and "v2"), best first. */
const VIDEO_KEYS = ['video', 'video_url', 'output', 'url', 'data', 'result', 'videos'];
const METRIC_KEYS = ['cost', 'remaining_credits', 'inference_time', 'queue_time', 'total_time'] as const;

/** Whether a value is an object with fields, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a JSON text, or undefined for anything else: HTML, an empty body, a cut-off one. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isRecord(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** The `request_id` of an answer, where it is one. */
export function requestIdOf(body: unknown): string | undefined {
	return isRecord(body) && isRequestId(body.request_id) ? body.request_id : undefined;
}

/** A job's state, or undefined where the body has no status word that is documented. */
export function jobState(body: unknown): JobState | undefined {
	const word = statusWord(body);
	const status = JOB_STATUSES.find((known) => known === word);
	if (!status) return undefined;
	const error = status === 'FAILED' ? reasonOf(body) : undefined;
	return { status, metrics: metricsOf(body), ...(error && { error }) };
}

/** The status word of a body in upper case, documented or not, cut to a readable length. */
export function statusWord(body: unknown): string | undefined {
	if (!isRecord(body) || typeof body.status !== 'string') return undefined;
	return plainText(body.status).toUpperCase().slice(0, 40) || undefined;
}

/** The video that a result names, in any of the documented shapes; undefined where it names none. */
export function videoOf(body: unknown): VideoAddress | undefined {
	const url = addressIn(body, 0);
	if (!url) return undefined;
	const details = isRecord(body) && isRecord(body.video) ? body.video : {};
	return {
		url,
		...(typeof details.content_type === 'string' && { contentType: details.content_type }),
		...(typeof details.file_name === 'string' && { fileName: details.file_name }),
	};
}

function addressIn(value: unknown, depth: number): string | undefined {
	if (depth > MAX_DEPTH) return undefined;
	if (typeof value === 'string') return /^[a-z][a-z\d+.-]*:/i.test(value) ? value : undefined;
	if (Array.isArray(value)) return firstOf(value, (entry) => addressIn(entry, depth + 1));
	if (!isRecord(value)) return undefined;
	return firstOf(VIDEO_KEYS, (key) => addressIn(value[key], depth + 1));
}

/** The documented metrics of a body, each a finite number. */
export function metricsOf(body: unknown): Metrics {
	const metrics = isRecord(body) && isRecord(body.metrics) ? body.metrics : {};
	return numbers((key) => metrics[key]);
}

/** v1's accounting headers as metrics: `x-generation-time` is the inference time (segmind-api.md, "v1"). */
export function metricsFromHeaders(headers: Readonly<Record<string, string>>): Metrics {
	const named: Record<string, string | undefined> = {
		cost: headers['x-cost'],
		remaining_credits: headers['x-remaining-credits'],
		inference_time: headers['x-generation-time'],
	};
	return numbers((key) => (named[key]?.trim() ? Number(named[key]) : undefined));
}

function numbers(read: (key: string) => unknown): Metrics {
	const metrics: Metrics = {};
	for (const key of METRIC_KEYS) {
		const value = read(key);
		if (typeof value === 'number' && Number.isFinite(value)) metrics[key] = value;
	}
	return metrics;
}

/** What an error body says, as one line of plain text; undefined where it says nothing readable. */
export function reasonOf(body: unknown): string | undefined {
	if (!isRecord(body)) return undefined;
	return firstOf([body.error_description, body.error, body.message, body.detail], (value) =>
		typeof value === 'string' ? plainText(value) || undefined : reasonOf(value),
	);
}

/** The same for a body that is still text: HTML pages say nothing, short plain text is taken as it is. */
export function reasonOfText(text: string): string | undefined {
	const body = jsonObject(text);
	if (body) return reasonOf(body);
	return /^\s*[<{[]/.test(text) ? undefined : plainText(text) || undefined;
}

/** One line without markup or control characters, at most MAX_REASON characters long. */
export function plainText(text: string): string {
	const line = text
		.slice(0, MAX_REASON * 10)
		.replace(/<[^>]*>/g, ' ')
		.replace(/[<>]/g, ' ')
		.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
		.trim();
	return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON - 1)}…` : line;
}

function firstOf<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
	for (const value of values) {
		const found = read(value);
		if (found !== undefined) return found;
	}
	return undefined;
}
