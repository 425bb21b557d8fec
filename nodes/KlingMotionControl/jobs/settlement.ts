import { undatedError } from '../segmind/endings';
import { networkError } from '../segmind/faults';
import { isSameRequest, LIFE_OF_URL, type HistoryRow } from '../segmind/history';
import { sameId } from '../segmind/ids';
import type { Model } from '../segmind/models';
import type { SegmindError } from '../segmind/segmindError';
import type { MotionRequest } from '../segmind/types';
import { MARGIN } from './history';
import { itemIn } from './key';
import type { Ledger } from './ledger';
import { settle } from './repeat';
import type { Session } from './session';

const SECOND = 1_000;
const HOUR = 60 * 60 * SECOND;
/** How long a row may take to land in the history, in ms. */
const PATIENCE = 90 * SECOND;
/** The pauses between two looks, in ms; the last one again and again. */
const PAUSES = [2, 4, 8, 16, 30].map((seconds) => seconds * SECOND);
/** How long the history is read for requests to reuse, in ms. */
const READ_TIME = 300 * SECOND;
/** How long a row of the time of the POST is waited for before one that seems earlier is taken, in ms: that one may be another's. */
const EARLIER_AFTER = 6 * SECOND;

/** A request that was sent, and may have been accepted. */
export interface Sent {
	model: Model;
	body: MotionRequest;
	/** ms since the epoch */
	at: number;
}

/** Finds requests of this node in the account's history, each for one purchase only. */
export class Settlement {
	private readonly claimed: string[] = [];

	constructor(
		private readonly session: Session,
		private readonly ledger: Ledger,
	) {}

	/**
	 * The id of a request that was sent without a good answer, as soon as the history shows it. The ledger knows it from then on.
	 * @param key the place of the purchase in the ledger
	 * @param deadline until when to ask again, in ms since the epoch
	 */
	async find(key: string, sent: Sent, deadline: number): Promise<string | undefined> {
		const { clock, history, progress } = this.session;
		if (history.isThere) progress.tell(itemIn(key), 'looking for its request in the request history');
		const end = Math.min(deadline, sent.at + PATIENCE);
		for (let look = 0; this.session.history.isThere; look++) {
			// rows of equal requests cannot be told apart before the others know theirs
			while (this.ledger.isEqualOnItsWay(key) && !clock.isStopped && clock.now() < deadline) await clock.sleep(SECOND);
			const outcome = await settle(async () => await this.look(key, sent, deadline));
			if ('value' in outcome && outcome.value) {
				this.ledger.add(key, { requestId: outcome.value });
				return outcome.value;
			}
			const pause = PAUSES[Math.min(look, PAUSES.length - 1)] ?? 0;
			if (clock.isStopped || !this.session.history.isThere || clock.now() + pause > end) return undefined;
			await clock.sleep(pause);
		}
		return undefined;
	}

	/** An error of a request in doubt, with what the history showed of it; `at` is when it was sent, in ms since the epoch. */
	withLook(error: SegmindError, at: number | undefined): SegmindError {
		const { history } = this.session;
		if (at === undefined || !history.isThere || history.readAt < at) return error;
		const seconds = Math.round((history.readAt - at) / SECOND);
		const sentence = `Segmind's request history did not show it ${seconds} ${seconds === 1 ? 'second' : 'seconds'} later.`;
		return error.with({ description: `${sentence} ${error.details.description}`, seen: sentence });
	}

	/**
	 * Takes the newest rows that orders can be served with, each for one of them.
	 * @param wanted the orders, with since when a row serves each of them, in ms since the epoch
	 * @throws SegmindError where the history cannot be read, or not in 5 minutes
	 */
	async serve<T extends Sent & { reused: boolean }>(
		wanted: readonly T[],
		take: (order: T, row: HistoryRow) => void,
	): Promise<void> {
		const { clock, history } = this.session;
		const deadline = clock.now() + READ_TIME;
		const left = [...wanted];
		const from = Math.min(...left.map(({ at }) => at));
		const [first] = left;
		const model = left.every((order) => order.model === first?.model) ? first?.model : undefined;
		for await (const row of history.datedRows({ from, ...(model && { model }) }, { deadline })) {
			if (row.createdAt !== undefined && row.createdAt < history.atService(from)) return;
			if (left.some((order) => order.reused && this.isUndated(row, order))) throw undatedError(row.requestId);
			const index =
				this.isFree(row.requestId) && this.isLiving(row) ? left.findIndex((order) => this.fits(row, order)) : -1;
			const [order] = index === -1 ? [] : left.splice(index, 1);
			if (!order) continue;
			this.claimed.push(row.requestId);
			take(order, row);
			if (left.length === 0) return;
		}
		if (clock.now() >= deadline) throw networkError('history', { code: 'ETIMEDOUT' });
	}

	private async look(key: string, { model, body, at }: Sent, deadline: number): Promise<string | undefined> {
		const { clock, history } = this.session;
		const patience = { isBrief: clock.isStopped, deadline };
		const equal = await history.equal(model, body, history.atService(at) - MARGIN.unknown, patience);
		const sentAt = history.atService(at);
		const since = sentAt - (history.knowsTime ? MARGIN.known : MARGIN.unknown);
		const rows = equal
			// one that failed may be of a try before, and to take it for this one would free another purchase
			.filter((row) => row.status !== 'FAILED' && this.isFree(row.requestId))
			// a row whose time cannot be read may be an old one, unless it is still being worked on
			.filter(({ createdAt, status }) => (createdAt === undefined ? status === 'PENDING' : createdAt >= since));
		const left = this.withoutUnnamed(key, rows, since).sort(byDistance(sentAt));
		const isEarlierTaken = !history.knowsTime || clock.now() - at >= EARLIER_AFTER;
		const found = left.find((row) => !isBefore(row, sentAt)) ?? (isEarlierTaken ? left[0] : undefined);
		if (found) this.claimed.push(found.requestId);
		return found?.requestId;
	}

	/** Rows since a time without those of equal purchases that were answered without an id: which of them is theirs, only time tells. */
	private withoutUnnamed(key: string, rows: readonly HistoryRow[], since: number): HistoryRow[] {
		const { history } = this.session;
		const left = [...rows];
		for (const { at, url } of this.ledger.unnamedLike(key)) {
			const sentAt = history.atService(at);
			if (sentAt + MARGIN.unknown < since) continue;
			const [nearest] = [...left].sort(byDistance(sentAt));
			const own = left.find(({ videoUrl }) => url !== undefined && videoUrl === url) ?? nearest;
			if (own) left.splice(left.indexOf(own), 1);
		}
		return left;
	}

	private fits(row: HistoryRow, { model, body, at }: Sent): boolean {
		const isInTime =
			row.createdAt === undefined ? row.status === 'PENDING' : row.createdAt >= this.session.history.atService(at);
		return isInTime && isSameRequest(row, model, body);
	}

	/** Whether a row would serve an order if it told its time. */
	private isUndated(row: HistoryRow, { model, body }: Sent): boolean {
		const isWanted = row.createdAt === undefined && row.status === 'COMPLETED' && row.videoUrl !== undefined;
		return isWanted && this.isFree(row.requestId) && isSameRequest(row, model, body);
	}

	/** Whether a row is worth anything: its video can be had, or will be. */
	private isLiving({ status, videoUrl, createdAt = 0 }: HistoryRow): boolean {
		if (status === 'PENDING') return true;
		const now = this.session.history.atService(this.session.clock.now());
		return status === 'COMPLETED' && videoUrl !== undefined && now - createdAt < LIFE_OF_URL;
	}

	private isFree(id: string): boolean {
		return !this.claimed.some((claimed) => sameId(claimed, id)) && !this.ledger.has((known) => sameId(known, id));
	}
}

/** Whether a row is of before a time of the service's clock, as far as it tells: services cut their times to seconds, or to ms. */
function isBefore({ createdAt }: HistoryRow, time: number): boolean {
	if (createdAt === undefined) return false;
	const unit = createdAt % SECOND === 0 ? SECOND : 1;
	return createdAt < Math.floor(time / unit) * unit;
}

/** Sorts rows by their distance from a time, in ms since the epoch; those without one come last. */
function byDistance(time: number): (a: HistoryRow, b: HistoryRow) => number {
	const distance = ({ createdAt }: HistoryRow) => (createdAt === undefined ? HOUR : Math.abs(createdAt - time));
	return (a, b) => distance(a) - distance(b);
}
