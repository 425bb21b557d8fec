import { SegmindError } from '../segmind/errors';
import { retryDelay } from '../segmind/retry';
import { settle } from './repeat';
import { checkStopped, type Run } from './run';

/**
 * What all POSTs of a run pass through. Once one of them was throttled (HTTP 429), none is sent before the time that
 * the service asked for, and those that are answered at once go one after another: so a full minute costs one refusal,
 * not one for every item that waits.
 */
export class Gate {
	/** ms since the epoch */
	private closedUntil = 0;
	private refusals = 0;
	private throttled = false;
	private last: Promise<unknown> = Promise.resolve();

	/**
	 * @param oneByOne whether the POST is answered at once, so that the others can wait for it
	 * @throws what `post` throws; SegmindError of kind `stopped` after a stop
	 */
	async pass<T>(run: Run, deadline: number, oneByOne: boolean, post: () => Promise<T>): Promise<T> {
		if (!oneByOne || !this.throttled) return await this.send(run, deadline, post);
		const turn = this.last.then(async () => await this.send(run, deadline, post));
		this.last = turn.catch(() => {});
		return await turn;
	}

	private async send<T>(run: Run, deadline: number, post: () => Promise<T>): Promise<T> {
		const wait = Math.min(this.closedUntil, deadline) - run.clock.now();
		if (wait > 0) await run.clock.sleep(wait, run.signal);
		checkStopped(run);
		const outcome = await settle(post);
		if ('value' in outcome) {
			this.refusals = 0;
			return outcome.value;
		}
		const { error } = outcome;
		if (error instanceof SegmindError && error.details.httpStatus === 429) this.close(run, error);
		throw error;
	}

	private close({ clock }: Run, { details }: SegmindError): void {
		const now = clock.now();
		this.throttled = true;
		this.closedUntil = now + retryDelay(this.refusals++, details.retry ?? {}, now, clock.random());
	}
}
