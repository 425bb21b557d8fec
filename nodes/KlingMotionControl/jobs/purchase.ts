import type { IBinaryData } from 'n8n-workflow';

import { doubtError, inDoubt, reusedVideoGoneError, storedVideoGoneError } from '../segmind/endings';
import { SegmindError, type ErrorKind } from '../segmind/segmindError';
import type { FinishedJob } from '../segmind/types';
import { fileExists } from '../transport/file';
import { download, type DownloadOptions, type Finished } from './download';
import type { Known } from './known';
import { itemIn } from './key';
import { Ledger } from './ledger';
import type { Order } from './order';
import { isCertain, type Purchase } from './purchased';
import { inputsOf, Posts, type Terms } from './posts';
import { settle } from './repeat';
import { serveFromHistory, type Reusable } from './reuse';
import type { Session } from './session';
import { Settlement, type Sent } from './settlement';
import { Uploads } from './uploads';
import { waitForPurchase, type Polling } from './wait';

/** Errors of polls that leave a purchase in doubt which was in doubt before. */
const UNDECIDED: readonly ErrorKind[] = ['answer', 'network', 'unreadable'];
/** Statuses by which a video's host says that its URL is of no use any more. */
const DEAD: readonly number[] = [403, 404, 410];

/** The purchases of a run. Nobody else knows the ledger. */
export class Purchases {
	private readonly ledger: Ledger;
	private readonly posts: Posts;
	private readonly uploads: Uploads;
	private readonly settlement: Settlement;

	constructor(private readonly session: Session) {
		this.ledger = new Ledger(session.context, () => session.clock.now());
		this.posts = new Posts(session, this.ledger);
		this.uploads = new Uploads(session);
		this.settlement = new Settlement(session, this.ledger);
	}

	/** Whether nothing was bought for an order yet, nor is in doubt: then a purchase sends it. */
	isNew(itemIndex: number, order: Order): boolean {
		const key = this.ledger.key(itemIndex, order);
		return !this.ledger.recall(key) && !this.ledger.purchaseUnderWay(key);
	}

	/** Whether this execution lost what it knew: n8n keeps nothing of a node that was running when it died. */
	get isRetryOfCrash(): boolean {
		return this.session.context.getMode() === 'retry' && this.ledger.isEmpty;
	}

	/** How many videos this execution bought, or may have bought. */
	get bought(): number {
		return this.ledger.bought;
	}

	/**
	 * Serves orders with requests that the account made before.
	 * @param deadline until when uploads are tried, in ms since the epoch
	 * @returns the items that were served, with the ids of the requests
	 * @throws SegmindError where the history cannot be read
	 */
	async reuse(wanted: readonly Reusable[], deadline: number): Promise<Array<{ itemIndex: number; requestId: string }>> {
		const { ledger, settlement, uploads } = this;
		return await serveFromHistory({ ledger, settlement, uploads }, wanted, deadline);
	}

	/**
	 * Buys the video of an order, unless an earlier try of this item did: then that purchase goes on.
	 * @throws SegmindError of kind `doubt` where an earlier try may have bought it without telling its id
	 */
	async buy(itemIndex: number, order: Order, terms: Terms): Promise<Purchase> {
		const key = this.ledger.key(itemIndex, order);
		const underWay = this.ledger.purchaseUnderWay<Purchase>(key);
		// no await before the purchase is announced, or an equal call could make another one
		const purchase: Purchase = underWay
			? { ...(await underWay), resumed: true }
			: await this.ledger.announce(key, this.obtain(key, order, terms));
		const event = (purchase.reused && 'reused') || (purchase.resumed && 'resumed') || 'accepted';
		this.session.progress.tell(itemIndex, event, purchase.requestId);
		return purchase;
	}

	/**
	 * Waits for the result of a purchase.
	 * @throws SegmindError that names the request: `failed`, `timeout`, `stopped`, or what ended the polling
	 */
	async result(itemIndex: number, purchase: Purchase, polling: Omit<Polling, 'pollFirst'>): Promise<FinishedJob> {
		const { key, finished, requestId, cause, doubt, stale } = purchase;
		if (finished && !stale) return finished;
		const outcome = await settle(
			async () =>
				await waitForPurchase(this.session, itemIndex, purchase, {
					...polling,
					isBlocking: this.ledger.isBlocking(key),
				}),
		);
		if ('value' in outcome) {
			this.ledger.add(key, { finished: outcome.value, stale: undefined });
			return outcome.value;
		}
		const { error } = outcome;
		if (!(error instanceof SegmindError)) throw error;
		if (error.kind === 'failed') this.ledger.forget(key, requestId);
		// the result that is known is all that there is, then
		if (finished && error.kind !== 'stopped') return finished;
		if (isCertain(purchase)) throw error.details.httpStatus === 404 ? inDoubt(error) : error;
		if (!UNDECIDED.includes(error.kind)) throw error;
		throw cause ?? doubtError(doubt).with({ requestId });
	}

	/**
	 * Downloads the video of a purchase.
	 * @throws SegmindError that names the request and the video's URL
	 */
	async download(
		itemIndex: number,
		purchase: Purchase & Finished,
		options: DownloadOptions,
	): Promise<IBinaryData | undefined> {
		const outcome = await settle(async () => await download(this.session, itemIndex, purchase, options));
		if ('value' in outcome) return outcome.value;
		const { error } = outcome;
		// asking for the result again may give a new URL
		const isDead = error instanceof SegmindError && DEAD.includes(error.details.httpStatus ?? 0);
		if (isDead && purchase.requestId) this.ledger.add(purchase.key, { stale: true });
		throw isDead && purchase.reused ? reusedVideoGoneError(error) : error;
	}

	/** The purchases of this run, or of one of its items: those that are known by an id, and those in doubt. */
	ofThisRun(itemIndex?: number): Array<Known & { itemIndex: number }> {
		return this.ledger.ofThisRun(itemIndex);
	}

	/** What an earlier try bought, or a new purchase. */
	private async obtain(key: string, order: Order, terms: Terms): Promise<Purchase> {
		const { model, body } = order;
		const outlived = this.ledger.outlived(key);
		if (outlived && (await this.session.history.has(outlived))) this.ledger.takeOver(key);
		const doubt = this.ledger.doubtOf(key);
		const known = this.ledger.recall(key);
		if (known?.requestId || known?.finished) {
			const { inputs = inputsOf(body), ...rest } = await this.checked(known);
			return { ...rest, key, inputs, ...(!known.reused && { resumed: true }) };
		}
		if (doubt) {
			// one of an earlier execution does not keep a new request from being sent
			if (!known) this.ledger.forget(key);
			const found = await this.found(key, { model, body: doubt.sent ?? body, at: doubt.at }, terms.deadline);
			if (found) return { ...found, doubt: known?.doubt };
		}
		if (known) throw this.settlement.withLook(doubtError(known.doubt), doubt?.at);
		return await this.make(key, order, terms);
	}

	/** A request in doubt, where the history shows it. */
	private async found(key: string, sent: Sent, deadline: number): Promise<Purchase | undefined> {
		const requestId = await this.settlement.find(key, sent, deadline);
		if (!requestId) return undefined;
		return { requestId, key, inputs: inputsOf(sent.body), resumed: true };
	}

	/** A stored video may be gone with the execution that stored it: then Segmind is asked for it again. */
	private async checked(known: Known): Promise<Known & Pick<Purchase, 'cause'>> {
		const { requestId, binary } = known;
		if (!binary || (await fileExists(this.session.context, binary))) return known;
		const cause = storedVideoGoneError().with({ requestId });
		if (!requestId) throw cause;
		return { requestId, cause, inputs: known.inputs };
	}

	private async make(key: string, order: Order, terms: Terms): Promise<Purchase> {
		const { deadline } = terms;
		const body = await this.uploads.bodyOf(itemIn(key), order, deadline);
		const inputs = inputsOf(body);
		const outcome = await settle(async () => await this.posts.request(key, order.model, body, terms));
		if ('value' in outcome) return { ...outcome.value, key, inputs };
		const { error } = outcome;
		if (!(error instanceof SegmindError) || error.details.accepted === 'no') throw error;
		// an id is worth as much as a good answer, if Segmind knows it
		const { requestId } = error.details;
		if (requestId && error.kind !== 'stopped') return { requestId, key, inputs, cause: error };
		const at = this.ledger.doubtOf(key)?.at ?? this.session.clock.now();
		const found = await this.found(key, { model: order.model, body, at }, deadline);
		if (!found) throw this.settlement.withLook(error, at);
		if (error.kind === 'stopped') throw error.with({ requestId: found.requestId });
		return { ...found, cause: error };
	}
}
