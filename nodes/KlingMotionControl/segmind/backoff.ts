import type { Headers } from './types';

/** The first backoff, in ms; each further one is twice as long. */
const FIRST_BACKOFF = 1_000;
const LONGEST_BACKOFF = 30_000;
/** The longest wait that the service may ask for at a time, in ms: asking again costs nothing. */
const LONGEST_REQUESTED_WAIT = 120_000;

/**
 * How long to wait before each further try: what the service asks for where it does, else exponential backoff. Both carry
 * jitter, so that items that failed together do not return together. No wait is shorter than what the service asked for
 * last: an answer without such a word does not take it back.
 */
export class Backoff {
	private failures = 0;
	/** The wait that the service asked for last, in ms; 0 where it did not say. */
	asked = 0;

	/**
	 * The next wait, in ms.
	 * @param headers those of the answer that failed, if one came
	 * @param now the time, in ms since the epoch
	 * @param random a number from 0 to 1
	 */
	next(headers: Headers, now: number, random: number): number {
		const exponential = Math.min(FIRST_BACKOFF * 2 ** this.failures++, LONGEST_BACKOFF) * (0.5 + random / 2);
		const requested = requestedWait(headers, now);
		if (requested !== undefined) this.asked = requested;
		return this.asked > 0 ? Math.max(this.asked + FIRST_BACKOFF * random, exponential) : exponential;
	}

	/** Begins anew, after a success. */
	reset(): void {
		this.failures = 0;
		this.asked = 0;
	}
}

/**
 * The wait that `Retry-After` or `x-rate-limit-reset-at-utc` ask for, in ms; undefined where there is none, it is past
 * or cannot be read. A far one is cut to two minutes.
 */
function requestedWait(headers: Headers, now: number): number | undefined {
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
