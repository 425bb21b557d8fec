import type { Answer } from './types';

/** The first backoff, in ms; each further one is twice as long. */
const FIRST_BACKOFF = 1_000;
const LONGEST_BACKOFF = 30_000;
/** The longest wait that the service may ask for at a time, in ms: asking again costs nothing. */
const LONGEST_REQUESTED_WAIT = 120_000;

/** Whether the service said that it took nothing on, so that the same POST may be sent again (design.md, promise 1). */
export function mayRepeatPost(status: number): boolean {
	return status === 429 || status === 503;
}

/**
 * Whether an answer to a POST says that nothing was accepted: a refusal, after which a new POST buys nothing twice.
 * Everything else that is not a success (500, 502, 504, a timeout in between) may hide an accepted job.
 */
export function isRefusal(status: number): boolean {
	return status === 503 || (status >= 300 && status < 500 && ![408, 425, 499].includes(status));
}

/** Whether a GET that got this status may be sent again (design.md, promise 2). */
export function mayRepeatGet(status: number): boolean {
	return [408, 425, 429].includes(status) || status >= 500;
}

/**
 * How long to wait before the next try, in ms: what the service asks for where it does, else exponential backoff. Both
 * carry jitter, so that items that failed together do not return together.
 * @param attempt 0 after the first failure
 * @param now the time, in ms since the epoch
 * @param random a number from 0 to 1
 */
export function retryDelay(attempt: number, headers: Answer['headers'], now: number, random: number): number {
	const requested = requestedWait(headers, now);
	if (requested !== undefined) return requested + FIRST_BACKOFF * random;
	return Math.min(FIRST_BACKOFF * 2 ** attempt, LONGEST_BACKOFF) * (0.5 + random / 2);
}

/**
 * The wait that `Retry-After` or `x-rate-limit-reset-at-utc` ask for, in ms; undefined where there is none, it is past
 * or cannot be read. A far one is cut to two minutes.
 */
export function requestedWait(headers: Answer['headers'], now: number): number | undefined {
	const waits = [
		waitUntil(headers['retry-after'], now, (seconds) => now + seconds * 1_000),
		waitUntil(headers['x-rate-limit-reset-at-utc'], now, epochTime),
	];
	return waits.find((wait) => wait !== undefined);
}

function waitUntil(value: string | undefined, now: number, ofNumber: (value: number) => number) {
	const text = (value ?? '').trim();
	const wait = (/^\d+(\.\d+)?$/.test(text) ? ofNumber(Number(text)) : utcTime(text)) - now;
	return wait > 0 ? Math.min(wait, LONGEST_REQUESTED_WAIT) : undefined;
}

/** Seconds or ms since the epoch: which of the two is not documented, their sizes tell. */
function epochTime(value: number): number {
	return value < 1e11 ? value * 1_000 : value;
}

/** A date without a time zone is UTC, as the header's name says; NaN where it is no date. */
function utcTime(text: string): number {
	return Date.parse(/(Z|GMT|UTC|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}
