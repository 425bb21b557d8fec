import { Backoff } from '../segmind/backoff';
import { notSentError, stoppedError } from '../segmind/endings';
import { SegmindError } from '../segmind/segmindError';
import type { RunClock } from '../transport/clock';
import { settle } from './repeat';

/** The least that a request takes, in ms: a purchase with less time left could never be delivered. */
const SHORTEST_REQUEST = 200;

/**
 * The pace at which the POSTs of a run are sent. Once one of them was throttled (HTTP 429), none is sent before the time
 * that the service asked for, and those that are answered at once go one after another: so a full minute costs one
 * refusal, not one for every item that waits.
 */
export class Pace {
	private readonly backoff = new Backoff();
	/** ms since the epoch */
	private closedUntil = 0;
	private throttled = false;
	private last: Promise<unknown> = Promise.resolve();

	constructor(private readonly clock: RunClock) {}

	/**
	 * Sends a POST when its turn has come.
	 * @param deadline ms since the epoch
	 * @param onHold hears until when the rate limit holds it, in ms since the epoch
	 * @param oneByOne whether the POST is answered at once, so that the others can wait for it
	 * @throws what `post` throws; SegmindError where the deadline comes first, or the run is stopped: then it was not sent
	 */
	async pass<T>(
		deadline: number,
		oneByOne: boolean,
		post: () => Promise<T>,
		onHold?: (until: number) => void,
	): Promise<T> {
		if (!oneByOne || !this.throttled) return await this.send(deadline, post, onHold);
		const turn = this.last.then(async () => await this.send(deadline, post, onHold));
		this.last = turn.catch(() => {});
		return await turn;
	}

	private async send<T>(deadline: number, post: () => Promise<T>, onHold?: (until: number) => void): Promise<T> {
		let isHeld = false;
		for (let now = this.clock.now(); ; now = this.clock.now()) {
			if (this.clock.isStopped) throw stoppedError();
			isHeld ||= this.closedUntil > now;
			if (Math.max(now, this.closedUntil) + SHORTEST_REQUEST > deadline) throw tooLate(isHeld);
			if (this.closedUntil <= now) break;
			onHold?.(this.closedUntil);
			await this.clock.sleep(this.closedUntil - now);
		}
		const outcome = await settle(post);
		if ('value' in outcome) {
			this.backoff.reset();
			return outcome.value;
		}
		const { error } = outcome;
		if (error instanceof SegmindError && error.details.httpStatus === 429) this.close(error);
		throw error;
	}

	private close({ details }: SegmindError): void {
		const now = this.clock.now();
		this.throttled = true;
		const wait = this.backoff.next(details.headers ?? {}, now, this.clock.random());
		this.closedUntil = Math.max(this.closedUntil, now + wait);
	}
}

/** @param isHeld whether it was the rate limit that took the time */
function tooLate(isHeld: boolean): SegmindError {
	return isHeld
		? notSentError("Segmind's rate limit was reached, and the timeout comes before it is lifted", 429)
		: notSentError('no time was left before the timeout');
}
