/** The window that Segmind's limits are given for, in ms. */
const WINDOW = 60_000;
/** The smallest limit that one of Segmind's plans is known to have, in requests a window. */
export const SMALLEST_LIMIT = 5;
/** How many requests near a limit it is believed for, and how many times as many as it allows: then it may have grown. */
const SHORTEST_TRUST = 40;
const TRUST = 5;
/** What is left of a limit by which a request was refused all the same: others send requests, too. */
const SHARED = 0.75;

/** A request that was sent. */
export interface Sent {
	/** ms since the epoch */
	at: number;
	isPoll: boolean;
}

/**
 * How many requests a minute the account may send, as far as its refusals tell. Nothing is known of that beforehand: not the
 * number, not whether polls count, not who else sends requests with the same key. A refusal tells the number, by what was
 * taken in the minute before; and the limit is tried again after a while, since the others may have ended.
 */
export class RateLimit {
	private sent: Sent[] = [];
	private limit = Infinity;
	/** The limit as a refusal told it last. */
	private told = 0;
	/** How many were taken near the limit since it was last told or raised. */
	private taken = 0;
	/** When the window ends in which the last refusal came, in ms since the epoch, where the service told it. */
	private reset = 0;
	/** Whether polls count; undefined as long as it is not known. */
	pollsCount?: boolean;

	/** Whether a refusal has told the limit. */
	get isKnown(): boolean {
		return this.limit < Infinity;
	}

	/** How many requests the last minute has seen. */
	recent(now: number): number {
		return this.counted(now).length;
	}

	/**
	 * The ms until another request is allowed.
	 * @param share the part of the limit that may be used for it, from 0 to 1
	 */
	waitFor(share: number, now: number): number {
		if (!this.isKnown) return 0;
		const most = Math.max(1, Math.floor(this.limit * share));
		const counted = this.counted(now);
		const oldest = counted[counted.length - most];
		if (!oldest) return 0;
		const free = oldest.at + WINDOW;
		return (now < this.reset ? Math.min(free, this.reset) : free) - now;
	}

	/** Notes a request that goes out now, and gives what `refused` takes. */
	note(now: number, isPoll: boolean): Sent {
		const sent = { at: now, isPoll };
		this.sent.push(sent);
		return sent;
	}

	/** Notes that a request was not refused. */
	accept({ isPoll }: Sent, now: number): void {
		if (isPoll && this.pollsCount === false) return;
		if (this.recent(now) > this.limit / 2) this.taken++;
		if (this.taken >= Math.max(SHORTEST_TRUST, TRUST * this.limit)) this.set(this.limit * 2);
	}

	/**
	 * Learns from a request that was refused, which does not count itself.
	 * @param asked the ms that the service asks to wait for, 0 where it does not say
	 * @returns the ms until half of what filled the limit no longer counts; where others filled it, half a window; 0 where
	 * nothing is known of it
	 */
	refuse(refused: Sent, now: number, asked: number): number {
		this.sent = this.sent.filter((sent) => sent !== refused);
		if (refused.isPoll) this.pollsCount = true;
		const since = asked > 0 ? now + asked - WINDOW : 0;
		const counted = this.counted(now).filter(({ at }) => at >= since);
		const isFilledHere = counted.length >= SMALLEST_LIMIT;
		if (isFilledHere || this.isKnown) {
			const isKept = counted.length < this.limit && this.limit === this.told;
			this.told = Math.max(isKept ? Math.floor(counted.length * SHARED) : counted.length, SMALLEST_LIMIT);
			this.set(this.told);
		}
		if (asked > 0) this.reset = Math.max(this.reset, now + asked);
		const middle = counted[Math.floor(counted.length / 2)];
		if (isFilledHere && middle) return middle.at + WINDOW - now;
		return this.isKnown ? WINDOW / 2 : 0;
	}

	/** Learns that polls are taken while other requests are refused. */
	exceptPolls(now: number): void {
		if (this.pollsCount) return;
		this.pollsCount = false;
		if (this.isKnown) this.limit = Math.max(this.counted(now).length, SMALLEST_LIMIT);
	}

	private set(limit: number): void {
		this.limit = limit;
		this.taken = 0;
	}

	private counted(now: number): Sent[] {
		const since = now - WINDOW;
		this.sent = this.sent.filter(({ at }) => at > since && (now < this.reset || at >= this.reset));
		return this.pollsCount === false ? this.sent.filter(({ isPoll }) => !isPoll) : this.sent;
	}
}
