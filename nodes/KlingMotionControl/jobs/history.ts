import { unreadableError } from '../segmind/faults';
import { historyPage, historyRecord, isSameRequest, type HistoryRow } from '../segmind/history';
import { plainId } from '../segmind/ids';
import type { Model } from '../segmind/models';
import { routes } from '../segmind/routes';
import { SegmindError } from '../segmind/segmindError';
import type { Answer, MotionRequest } from '../segmind/types';
import type { SegmindClient } from '../transport/client';
import type { Environment } from '../transport/environment';
import { repeat, settle } from './repeat';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const PER_PAGE = 100;
/** More are never read for one question. */
const MOST_PAGES = 1_000;
const TRIES = 3;
/** How far the time of a row may be off, in ms, by how well the service's clock is known. */
export const MARGIN = { known: 5 * SECOND, unknown: 60 * SECOND };

/** What of the history is wanted. */
interface HistoryQuery {
	/** ms since the epoch */
	from?: number;
	/** ms since the epoch */
	to?: number;
	/** A model's slug, or a part of it. */
	model?: string;
}

/** How long an answer is waited for. */
interface Patience {
	/** Whether to ask once and shortly, whatever became of the run, as after a stop. */
	isBrief?: boolean;
	/** ms since the epoch */
	deadline?: number;
}

/** Segmind's record of the account's requests. It only helps: where it is not there, everything goes on without it. */
export class History {
	private isGone = false;
	/** By how much the service's clock is ahead of this one, in ms. */
	private ahead?: number;
	/** Whether a row was of the future, so that no time of a row says anything: those of a clock or a zone that is not known. */
	private isClockOdd = false;
	/** When a page was read last, in ms since the epoch. */
	private lastRead = -Infinity;

	constructor(
		private readonly environment: Environment,
		private readonly client: SegmindClient,
	) {}

	/** Whether it can be asked, as far as that is known. */
	get isThere(): boolean {
		return this.client.hasHistory && !this.isGone;
	}

	/** A time of this clock as the service's clock tells it, once an answer told that one; both in ms since the epoch. */
	atService(time: number): number {
		return time + (this.ahead ?? 0);
	}

	/** Whether the service's clock is known. */
	get knowsTime(): boolean {
		return this.ahead !== undefined;
	}

	/** When its list was read last, in ms since the epoch; -Infinity where it never was. */
	get readAt(): number {
		return this.lastRead;
	}

	/**
	 * The rows of the history, newest first, each request once; pages are read as they are needed, one in a brief look, and none
	 * after a stop or the deadline.
	 * @throws SegmindError where it is not there, or not as known
	 */
	async *rows(query: HistoryQuery, patience: Patience = {}): AsyncGenerator<HistoryRow> {
		const seen = new Set<string>();
		for (let page = 1; page <= MOST_PAGES && (page === 1 || this.mayGoOn(patience)); page++) {
			const { count, rows } = await this.page(query, page, patience);
			const before = seen.size;
			for (const row of rows) {
				const id = plainId(row.requestId);
				if (!seen.has(id)) yield row;
				seen.add(id);
			}
			// a page without anything new: the last one, or a service that knows no pages
			if (count < PER_PAGE || seen.size === before) return;
		}
	}

	/** The same without the times of rows where they cannot be right. */
	async *datedRows(query: HistoryQuery, patience: Patience): AsyncGenerator<HistoryRow> {
		for await (const row of this.rows(query, patience)) yield this.isClockOdd ? { ...row, createdAt: undefined } : row;
	}

	/** Whether it is known to have a request of this id. */
	async has(requestId: string): Promise<boolean> {
		if (!this.isThere) return false;
		const outcome = await settle(async () => await this.record(requestId));
		return 'value' in outcome && outcome.value !== undefined;
	}

	/** One request by its id, of any age; undefined where the account has none of that id. @throws SegmindError as `rows` does */
	async record(requestId: string): Promise<HistoryRow | undefined> {
		const outcome = await settle(async () => await this.ask(routes.record(requestId), {}));
		if ('error' in outcome) {
			// a 404 that does not name the request may be that of a host without a history
			const { error } = outcome;
			if (error instanceof SegmindError && error.details.httpStatus === 404 && error.message.includes(requestId)) {
				return undefined;
			}
			throw error;
		}
		const row = historyRecord(outcome.value.text, requestId);
		if (!row) throw unreadableError('history', outcome.value, 'has an unexpected format');
		return row;
	}

	/**
	 * Requests of this model with these inputs since a time, newest first.
	 * @param since ms since the epoch, of the service's clock
	 * @throws SegmindError as `rows` does
	 */
	async equal(model: Model, body: MotionRequest, since: number, patience: Patience): Promise<HistoryRow[]> {
		const found: HistoryRow[] = [];
		for await (const row of this.datedRows({ from: since, model }, patience)) {
			if (row.createdAt !== undefined && row.createdAt < since) break;
			if (isSameRequest(row, model, body)) found.push(row);
		}
		return found;
	}

	private async page({ from, to, model }: HistoryQuery, page: number, patience: Patience) {
		const query = new URLSearchParams({
			page: String(page),
			per_page: String(PER_PAGE),
			sort_by: 'model_created',
			sort_order: 'desc',
			// whole days, of whatever zone: what is too much is left out by its time
			...(from !== undefined && { from_date: dayOf(from - DAY) }),
			...(to !== undefined && { to_date: dayOf(to + DAY) }),
			...(model && { model_name: model }),
		});
		const answer = await this.ask(routes.history(query.toString()), patience);
		const read = historyPage(answer.text);
		if (read) {
			const now = this.environment.clock.now();
			this.lastRead = now;
			const latest = this.atService(now) + (this.knowsTime ? MARGIN.known : MARGIN.unknown);
			this.isClockOdd ||= read.rows.some(({ createdAt = 0 }) => createdAt > latest);
			return read;
		}
		this.isGone = true;
		throw unreadableError('history', answer, 'has an unexpected format');
	}

	private mayGoOn({ isBrief, deadline = Infinity }: Patience): boolean {
		const { clock } = this.environment;
		return !isBrief && !clock.isStopped && clock.now() < deadline;
	}

	private async ask(path: string, { isBrief, deadline = Infinity }: Patience): Promise<Answer> {
		const { clock, limits } = this.environment;
		const bounds = { deadline, tries: TRIES };
		const time = () => Math.min(limits.historyTime, Math.max(limits.briefTime, deadline - clock.now()));
		const outcome = await settle(async () =>
			isBrief
				? await this.client.getHistory(path, limits.briefTime)
				: await repeat(clock, bounds, async () => await this.client.getHistory(path, time())),
		);
		if ('value' in outcome) {
			const date = Date.parse(outcome.value.headers.date ?? '');
			// the header is cut to seconds and some time old: the service's clock is never behind it
			if (!Number.isNaN(date)) this.ahead = Math.max(this.ahead ?? -Infinity, date - clock.now());
			return outcome.value;
		}
		if (outcome.error instanceof SegmindError && isAbsent(outcome.error, path)) this.isGone = true;
		throw outcome.error;
	}
}

/** Whether an error says that there is no history, and not just that it did not answer this time. */
function isAbsent({ kind, details }: SegmindError, path: string): boolean {
	if (details.httpStatus === 404) return path.includes('?');
	return kind !== 'stopped' && (details.repeats ?? 0) === 0;
}

function dayOf(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}
