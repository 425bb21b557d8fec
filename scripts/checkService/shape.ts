import { isRecord, parsed } from '../../nodes/KlingMotionControl/segmind/json';
import type { Answered } from './service';

/** The names of fields that may be told: every other one could be somebody's. */
const TOLD = [
	...['error', 'error_description', 'status_code', 'detail', 'errors', 'message', 'msg', 'code', 'success'],
	...['credits', 'urls', 'file_urls', 'request_id', 'status', 'poll_url', 'status_url', 'response_url'],
	...['metrics', 'output', 'video', 'data', 'items', 'rows', 'generations', 'requests', 'results', 'history'],
	...['total', 'count', 'page', 'per_page', 'pagination', 'model_created', 'created_at', 'createdAt', 'created'],
	...['timestamp', 'request_time', 'date', 'updated_at', 'request_body', 'generation_url', 'latency_ms'],
];

/** A field's name, or a word in its place where it is not one of those that are documented or likely. */
export function fieldName(name: string): string {
	return TOLD.includes(name) ? `\`${name}\`` : 'a field of another name';
}

/** An answer in a few words, without anything that it says. */
export function shapeOf({ status, text }: Pick<Answered, 'status' | 'text'>): string {
	return `${status}, ${bodyOf(text)}`;
}

/** The body of an answer in a few words. */
export function bodyOf(text: string): string {
	const body = parsed(text);
	if (isRecord(body)) return `JSON with ${listOf(Object.keys(body)) || 'no field'}`;
	if (Array.isArray(body)) return 'JSON, a list';
	if (body !== undefined) return 'JSON, a bare value';
	return /^\s*</.test(text) ? 'an HTML page' : text.trim() ? 'text' : 'no body';
}

function listOf(names: string[]): string {
	const told = names.filter((name) => TOLD.includes(name)).map(fieldName);
	const others = names.length - told.length;
	const rest = others === 0 ? [] : [`${others} ${others === 1 ? 'field' : 'fields'} of other names`];
	return [...told, ...rest].join(', ');
}

/** The form of an id, never the id itself. */
export function formOfId(id: string): string {
	if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return 'UUID with dashes';
	if (/^[\da-f]{32}$/i.test(id)) return '32 hex digits without dashes';
	return /^\d+$/.test(id) ? 'a number' : `another form, ${id.length} characters`;
}

/** The host of a URL where it is Segmind's own; of another one only that it is another. */
export function hostOf(url: string): string {
	const { hostname, protocol } = new URL(url);
	const name = /(^|\.)segmind\.com$/.test(hostname) ? hostname : 'a host of another name';
	return `${protocol.slice(0, -1)}, ${name}`;
}

/** The different texts, each once, in the order of their coming. */
export function each(texts: readonly string[]): string {
	return [...new Set(texts)].join(', ');
}
