import { limitReachedError } from '../segmind/endings';
import type { Model } from '../segmind/models';
import { requestIdIn, requestIdOf, wrappedRequestIdIn } from '../segmind/response';
import { routes } from '../segmind/routes';
import { SegmindError } from '../segmind/segmindError';
import type { MotionRequest } from '../segmind/types';
import { readAnswer, readBlocking } from './blocking';
import type { Known } from './known';
import { itemIn } from './key';
import type { Ledger } from './ledger';
import { interrupted, repeat, settle } from './repeat';
import type { Session } from './session';

/** `auto`: v2, or v1 where v2 is not served; `async`: v2 only; `sync`: v1 only. */
export type ApiMode = 'auto' | 'async' | 'sync';

/** How a video is bought. */
export interface Terms {
	mode: ApiMode;
	/** Until when it is tried, and how long v1 may take to answer, in ms since the epoch. */
	deadline: number;
	/** How many videos the node may buy in one execution. */
	maxRequests: number;
	/** The name that the person wants for the file, for v1's bytes. */
	fileName: string;
}

/** The POSTs that buy. Nobody else sends one. */
export class Posts {
	constructor(
		private readonly session: Session,
		private readonly ledger: Ledger,
	) {}

	/**
	 * Requests a video, and keeps the ledger of what came of it.
	 * @param key the place of the purchase in the ledger
	 * @throws SegmindError that says whether the request was accepted
	 */
	async request(key: string, model: Model, body: MotionRequest, terms: Terms): Promise<Known> {
		const { mode } = terms;
		if (mode !== 'sync') {
			const path = routes.submit(model);
			const outcome = await settle(
				async () => await this.post(key, body, terms, false, async () => await this.submit(path, body)),
			);
			if ('value' in outcome) return outcome.value;
			if (mode === 'async' || !isNotServed(outcome.error)) throw outcome.error;
		}
		const path = routes.blocking(model);
		this.session.progress.tell(
			itemIn(key),
			'requesting it in blocking mode (v1), which answers when the video is ready',
		);
		return await this.post(key, body, terms, true, async () => await this.submitAndWait(path, body, terms));
	}

	/** v2: the answer comes at once and names the job; one that is finished already needs no name. */
	private async submit(path: string, body: MotionRequest): Promise<Known> {
		const answer = await this.session.client.submit(path, body);
		const requestId = requestIdIn(answer.text) ?? wrappedRequestIdIn(answer.text);
		if (requestId) return { requestId };
		return readAnswer(answer, { inputs: inputsOf(body), missing: 'names no request ID' });
	}

	/** v1: the answer comes when the video is made. */
	private async submitAndWait(path: string, body: MotionRequest, { deadline, fileName }: Terms): Promise<Known> {
		const { client, clock } = this.session;
		const outcome = await settle(async () => await client.submitAndWait(path, body, deadline - clock.now()));
		if ('value' in outcome) {
			return await readBlocking(this.session, outcome.value, { deadline, fileName, inputs: inputsOf(body) });
		}
		const { error } = outcome;
		if (!(error instanceof SegmindError)) throw error;
		const { headers = {}, requestId = requestIdOf(headers) } = error.details;
		throw error.with({ requestId });
	}

	/** Sends a POST that buys, again only where it is proven that the one before bought nothing, and keeps the ledger. */
	private async post(
		key: string,
		body: MotionRequest,
		{ deadline, maxRequests }: Terms,
		isBlocking: boolean,
		send: () => Promise<Known>,
	): Promise<Known> {
		const { clock, pace, progress } = this.session;
		const onFault = (fault: SegmindError, wait: number) => progress.tellFault(itemIn(key), fault, wait);
		const onHold = (until: number) =>
			progress.tell(itemIn(key), `waiting at Segmind's rate limit until ${timeOf(until)}`);
		const noted = async () => {
			// no other purchase comes between the look and the entry
			if (this.ledger.bought >= maxRequests) throw limitReachedError(maxRequests);
			this.ledger.open(key, body, inputsOf(body));
			const outcome = await settle(send);
			if ('value' in outcome) {
				this.ledger.add(key, outcome.value);
				return outcome.value;
			}
			const error = interrupted(clock, outcome.error);
			if (error instanceof SegmindError) this.note(key, error, isBlocking);
			throw error;
		};
		const inTurn = async () => await pace.pass('submit', deadline, noted, onHold);
		return await repeat(clock, { deadline, onFault }, inTurn);
	}

	private note(key: string, { message, details }: SegmindError, isBlocking: boolean): void {
		const { accepted, requestId, httpStatus } = details;
		if (accepted === 'no') this.ledger.forget(key);
		else
			this.ledger.add(key, {
				...(requestId && { requestId }),
				...(isBlocking && { blocking: true }),
				doubt: { message, httpStatus },
			});
	}
}

/** The URLs of a request, which an answer may repeat. */
export function inputsOf({ image_url, video_url }: MotionRequest): string[] {
	return [image_url, video_url].filter((url) => url !== undefined);
}

/** Whether v2 is not there: such an answer bought nothing. */
function isNotServed(error: unknown): boolean {
	if (!(error instanceof SegmindError)) return false;
	const { accepted, httpStatus = 0 } = error.details;
	return accepted === 'no' && [404, 405].includes(httpStatus);
}

/** A time, in ms since the epoch, as a person is told: "14:03:20 UTC". */
function timeOf(time: number): string {
	return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}
