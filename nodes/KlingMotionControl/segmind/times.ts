import { firstOf, isRecord } from './json';

/** Where a row of the history may have the time at which the request was made, best first (docs/segmind-api.md, "Request history"). */
export const TIME_KEYS = ['model_created', 'created_at', 'createdAt', 'created', 'timestamp', 'request_time', 'date'];
/** What other names for that time have in them, and what only those of other times have. */
const BEGIN = /creat|insert|submit|queue|request|start|time|date/i;
const OTHER =
	/updat|modif|complet|finish|end|expir|delet|took|taken|latency|duration|zone|_ms$|seconds?$|id$|url$|body$/i;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ]\s*(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?:([+-]\d\d):?(\d\d)?|Z|UTC|GMT)?)?$/i;
/** As HTTP writes a time. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} /;

/** When the request of a row was made, in ms since the epoch; undefined where that cannot be read. */
export function timeIn(row: Readonly<Record<string, unknown>>): number | undefined {
	const others = Object.keys(row).filter((key) => BEGIN.test(key) && !OTHER.test(key));
	return firstOf([...TIME_KEYS, ...others], (key) => timeOf(row[key]));
}

/** A time in ms since the epoch: ISO text, UTC where it names no zone, HTTP's form, or a number of seconds, ms or less. */
function timeOf(value: unknown): number | undefined {
	// as MongoDB writes one
	if (isRecord(value)) return typeof value.$date === 'object' ? undefined : timeOf(value.$date);
	const number = numberOf(value);
	if (number !== undefined) return number > 1e8 ? inMs(number) : undefined;
	if (typeof value !== 'string') return undefined;
	const text = value.trim();
	const [isIso, day, time = '00:00', hours, minutes = '00'] = ISO.exec(text) ?? [];
	if (!isIso && !HTTP_DATE.test(text)) return undefined;
	const ms = Date.parse(isIso ? `${day}T${time}${hours ? `${hours}:${minutes}` : 'Z'}` : text);
	return Number.isNaN(ms) ? undefined : ms;
}

/** A time counted from the epoch in seconds, ms, µs or ns. */
function inMs(number: number): number {
	if (number < 1e11) return number * 1_000;
	return number < 1e14 ? number : inMs(number / 1_000);
}

/** A number, or a text of digits. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
