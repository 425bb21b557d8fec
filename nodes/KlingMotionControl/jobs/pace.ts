import { Backoff } from '../segmind/backoff';
import { notSentError, stoppedError } from '../segmind/endings';
import { RateLimit, SMALLEST_LIMIT, type Sent } from '../segmind/rateLimit';
import { SegmindError } from '../segmind/segmindError';
import type { RunClock } from '../transport/clock';
import { settle } from './repeat';

/** The least that a request takes, in ms: a purchase with less time left could never be delivered. */
const SHORTEST_REQUEST = 200;
/** How long a request that is not answered keeps others back, in ms: a refusal comes at once. */
const HOLD = 2_000;

/**
 * What a request is for: a purchase, the result of a job that is finished, a look at a job that may be finished by now, or a
 * look at one that hardly is. That is also the order in which they go.
 */
export type Errand = keyof typeof ERRANDS;

/** Their order, and the part of a known limit that they may use: looks that are likely in vain leave room for the others. */
const ERRANDS = {
	submit: { order: 0, share: 1 },
	result: { order: 1, share: 1 },
	due: { order: 2, share: 1 },
	early: { order: 3, share: 0.5 },
};

/** A request that waits for its turn. */
interface Place {
	errand: Errand;
	wake(): void;
}

/**
 * The pace of all requests of a run to the API. A few go together, as many as the smallest plan allows; from then on one goes
 * after another, so that a full minute costs one refusal and not one for every request that waits. Once one was refused
 * (HTTP 429), none is sent before the time that the service asked for, nor faster than the limit that the refusal told.
 */
export class Pace {
	private readonly backoff = new Backoff();
	private readonly limit = new RateLimit();
	/** Those that wait, in the order in which they go. */
	private readonly places: Place[] = [];
	/** When each request went out that is not answered yet, in ms since the epoch. */
	private readonly underWay = new Set<Sent>();
	/** ms since the epoch */
	private closedUntil = 0;
	private wasThrottled = false;
	/** Whether a poll is on its way that shows whether polls count. */
	private isTrying = false;

	constructor(private readonly clock: RunClock) {}

	/** Whether it is known how many requests a minute are too many. */
	get knowsLimit(): boolean {
		return this.limit.isKnown;
	}

	/**
	 * Sends a request when its turn has come.
	 * @param deadline when a poll is sent in any case, and until when a purchase can be, in ms since the epoch
	 * @param onHold hears until when the rate limit holds it, in ms since the epoch
	 * @throws what `send` throws; SegmindError where a purchase was not sent before the deadline, or the run is stopped
	 */
	async pass<T>(
		errand: Errand,
		deadline: number,
		send: () => Promise<T>,
		onHold?: (until: number) => void,
	): Promise<T> {
		const { sent, isTrial } = await this.turn(errand, deadline, onHold);
		const outcome = await settle(send);
		this.underWay.delete(sent);
		if (isTrial) this.isTrying = false;
		const throttled = 'error' in outcome ? throttledBy(outcome.error) : undefined;
		if (throttled) {
			this.close(throttled, sent);
		} else {
			if (isTrial && 'value' in outcome) this.limit.exceptPolls(this.clock.now());
			this.limit.accept(sent, this.clock.now());
			// polls that may not count say nothing of purchases
			if ('value' in outcome && (!sent.isPoll || this.limit.pollsCount)) this.backoff.reset();
		}
		this.nextPlace(this.clock.now())?.wake();
		if ('error' in outcome) throw outcome.error;
		return outcome.value;
	}

	/** The ms until a request may be sent, as far as that is known. */
	wait(errand: Errand): number {
		const now = this.clock.now();
		return Math.max(0, this.held(errand, now), this.behind(now));
	}

	private async turn(
		errand: Errand,
		deadline: number,
		onHold?: (until: number) => void,
	): Promise<{ sent: Sent; isTrial: boolean }> {
		const place: Place = { errand, wake: () => {} };
		const { order } = ERRANDS[errand];
		const behind = this.places.findIndex((other) => ERRANDS[other.errand].order > order);
		this.places.splice(behind === -1 ? this.places.length : behind, 0, place);
		let heldUntil = 0;
		try {
			for (;;) {
				if (this.clock.isStopped) throw stoppedError();
				const now = this.clock.now();
				const held = this.held(errand, now);
				if (held > 0 && now + held > heldUntil + 1_000) onHold?.(now + held);
				if (held > 0) heldUntil = Math.max(heldUntil, now + held);
				if (errand === 'submit' && now + Math.max(0, held) + SHORTEST_REQUEST > deadline) throw tooLate(heldUntil > 0);
				const isLast = errand !== 'submit' && now >= deadline;
				const wait = place === this.nextPlace(now) ? this.wait(errand) : Infinity;
				// noted at once: nobody else may take the same turn
				if (isLast || wait <= 0) return this.leave(errand, now);
				await this.pause(place, Math.min(wait, deadline - now));
			}
		} finally {
			this.places.splice(this.places.indexOf(place), 1);
			this.nextPlace(this.clock.now())?.wake();
		}
	}

	/** Whose turn it is: those whom nothing holds do not wait for the others. */
	private nextPlace(now: number): Place | undefined {
		const free = Object.keys(ERRANDS).filter((errand) => this.held(errand as Errand, now) <= 0);
		return this.places.find(({ errand }) => free.includes(errand)) ?? this.places[0];
	}

	private leave(errand: Errand, now: number): { sent: Sent; isTrial: boolean } {
		const isPoll = errand !== 'submit';
		const isTrial = isPoll && this.isTrial();
		this.isTrying ||= isTrial;
		const sent = this.limit.note(now, isPoll);
		this.underWay.add(sent);
		return { sent, isTrial };
	}

	private async pause(place: Place, ms: number): Promise<void> {
		const { signal, abort, release } = this.clock.controller('stop');
		place.wake = abort;
		await this.clock.timeIsUp(ms, signal);
		release();
	}

	/** The ms for which the service keeps a request back. */
	private held(errand: Errand, now: number): number {
		const isPoll = errand !== 'submit';
		if (isPoll && (this.limit.pollsCount === false || this.isTrial())) return 0;
		return Math.max(this.closedUntil - now, this.limit.waitFor(ERRANDS[errand].share, now));
	}

	/** Whether a poll sent now would show whether polls count: purchases are refused, and no poll ever was. */
	private isTrial(): boolean {
		return this.limit.pollsCount === undefined && !this.isTrying && this.closedUntil > this.clock.now();
	}

	/** The ms for which the requests under way keep others back. */
	private behind(now: number): number {
		if (!this.wasThrottled && this.limit.recent(now) < SMALLEST_LIMIT) return 0;
		return Math.max(0, ...[...this.underWay].map(({ at }) => at + HOLD - now));
	}

	private close({ details }: SegmindError, sent: Sent): void {
		this.wasThrottled = true;
		const now = this.clock.now();
		const random = this.clock.random();
		const wait = this.backoff.next(details.headers ?? {}, now, random);
		const { asked } = this.backoff;
		const full = this.limit.refuse(sent, now, asked);
		this.closedUntil = Math.max(
			this.closedUntil,
			now + wait,
			asked > 0 || full === 0 ? 0 : now + full + 1_000 * random,
		);
	}
}

function throttledBy(error: unknown): SegmindError | undefined {
	return error instanceof SegmindError && error.details.httpStatus === 429 ? error : undefined;
}

/** @param isHeld whether it was the rate limit that took the time */
function tooLate(isHeld: boolean): SegmindError {
	return isHeld
		? notSentError("Segmind's rate limit was reached, and the timeout comes before it is lifted", 429)
		: notSentError('no time was left before the timeout');
}
