import { firstOf, isRecord, jsonObject, parsed } from './json';
import { plainText, reasonOf } from './reason';
import { isMediaUrl, isRequestId, urlOf } from './routes';
import {
	JOB_STATUSES,
	type Answer,
	type FinishedJob,
	type Headers,
	type JobState,
	type Metrics,
	type VideoFile,
} from './types';

/** Nestings such as `output.video_url` are followed this deep. */
const MAX_DEPTH = 4;
/**
 * Where a video's URL has been seen or documented, best first. `video_url` and `url` come last: an answer may repeat the
 * request, whose `video_url` is the motion video.
 */
const VIDEO_KEYS = ['video', 'output', 'videos', 'result', 'data', 'url', 'video_url'];
const METRIC_KEYS = ['cost', 'remaining_credits', 'inference_time', 'queue_time', 'total_time'] as const;

/** The URLs by which a submit's answer says where to ask for its job. */
const URL_KEYS = ['status_url', 'response_url', 'poll_url'];

/** The id in a URL by which a job is asked for. */
export function requestIdInUrl(url: unknown): string | undefined {
	const [, id] = /\/requests\/([^/?#]+)/.exec(typeof url === 'string' ? url : '') ?? [];
	return isRequestId(id) ? id : undefined;
}

/** The `request_id` in the text of an answer, or else the id in the URLs for asking after it; also of one that broke off behind it or writes it as a number. */
export function requestIdIn(text: string): string | undefined {
	const body = jsonObject(text);
	const named = body?.request_id;
	if (isRequestId(named)) return named;
	if (body && typeof named !== 'number') return firstOf(URL_KEYS, (key) => requestIdInUrl(body[key]));
	// the digits of a number as they stand: those of a long one do not fit into a JavaScript number
	const [, quoted, digits] = /^\s*\{[^{}]*?"request_id"\s*:\s*(?:"([^"\\]*)"|(\d+)\s*[,}])/.exec(text) ?? [];
	return firstOf([quoted, digits], (id) => (isRequestId(id) ? id : undefined));
}

/**
 * The one `request_id` anywhere in the text of a success that has none where it belongs: in an envelope, a list, a text
 * within the text. An error has ids of its own, and of several nobody knows which one it is.
 */
export function wrappedRequestIdIn(text: string): string | undefined {
	if (jsonObject(text)?.error !== undefined) return undefined;
	const ids = new Set([...text.matchAll(/"request_id\\?"\s{0,9}:\s{0,9}\\?"([^"\\]{1,200})\\?"/g)].map(([, id]) => id));
	const [id] = ids;
	return ids.size === 1 && isRequestId(id) ? id : undefined;
}

/** Whether the status of an answer is a success. */
export function isSuccess({ status }: { status: number }): boolean {
	return status >= 200 && status < 300;
}

/**
 * Whether an answer breaks off by its own text. One without a length ends with its connection (RFC 9112, 6.3), and Node
 * takes what came before a reset for all of it, too.
 */
export function breaksOff({ headers, text }: Pick<Answer, 'headers' | 'text'>): boolean {
	if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return false;
	if (/^\s*[{[]/.test(text)) return parsed(text) === undefined;
	return /^\s*<(?:!doctype html|html)/i.test(text) && !/<\/html\s*>/i.test(text);
}

/** The id that v1 gives a request in its headers. */
export function requestIdOf(headers: Headers): string | undefined {
	const named = headers['x-request-id'];
	return isRequestId(named) ? named : undefined;
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

/**
 * The video that a result names, in any of the documented shapes; undefined where it names none.
 * @param inputs the URLs of the request: an answer that repeats them names no result by that
 */
function videoOf(body: unknown, inputs: readonly string[] = []): VideoFile | undefined {
	const url = urlIn(body, inputs, 0);
	if (!url) return undefined;
	const details = isRecord(body) && isRecord(body.video) && urlIn(body.video, inputs, 1) === url ? body.video : {};
	const size = details.file_size;
	return {
		url,
		...(typeof details.content_type === 'string' && { contentType: details.content_type }),
		...(typeof details.file_name === 'string' && { fileName: details.file_name }),
		...(typeof size === 'number' && Number.isSafeInteger(size) && size > 0 && { fileSize: size }),
	};
}

/**
 * The URL that a body names as what was made, though it says that the job failed, or its status is that of an error; an
 * echo of the inputs has other names.
 */
export function outputIn(body: unknown, inputs: readonly string[] = []): string | undefined {
	const { output, video } = isRecord(body) ? body : {};
	const url = urlIn({ output, video }, inputs, 0);
	return url && isMediaUrl(url) ? url : undefined;
}

function urlIn(value: unknown, inputs: readonly string[], depth: number): string | undefined {
	if (depth > MAX_DEPTH) return undefined;
	if (typeof value === 'string')
		return /^[a-z][a-z\d+.-]*:/i.test(value) && !inputs.some((input) => isSameUrl(input, value)) ? value : undefined;
	if (Array.isArray(value)) return firstOf(value, (entry) => urlIn(entry, inputs, depth + 1));
	if (!isRecord(value)) return undefined;
	return firstOf(VIDEO_KEYS, (key) => urlIn(value[key], inputs, depth + 1));
}

/** Whether two URLs are the same, however they are spelled. */
function isSameUrl(a: string, b: string): boolean {
	const [one, other] = [a, b].map((text) => urlOf(text)?.href ?? text);
	return one === other;
}

/** The finished job in a body, with its video where it names one. */
export function finishedJob(body: unknown, inputs: readonly string[] = []): FinishedJob {
	const video = videoOf(body, inputs);
	return { ...(video && { video }), metrics: metricsOf(body) };
}

/** The documented metrics of a body, each a finite number. */
function metricsOf(body: unknown): Metrics {
	const metrics = isRecord(body) && isRecord(body.metrics) ? body.metrics : {};
	return numbers((key) => metrics[key]);
}

/** v1's accounting headers as metrics: `x-generation-time` is the inference time (docs/segmind-api.md, "v1"). */
export function metricsFromHeaders(headers: Headers): Metrics {
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
