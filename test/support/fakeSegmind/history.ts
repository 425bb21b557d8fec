import { asTold, ENVELOPES, rowsOf, written, type HistoryEntry, type RowSettings } from './historyRows';
import { HISTORY_PATH, plainId, reply, type FakeJob, type FakeReply, type FakeRequest, type Route } from './protocol';

const DAY = 24 * 60 * 60_000;
/** How many days a list holds at most, the first and the last included; which of two readings is meant is not documented. */
const MOST_DAYS = 31;
const DEFAULT_DAYS = 7;
const PAGE = '<!DOCTYPE html><html><body>Segmind</body></html>';

/** What a service answers that has no history, or none for this key. */
const ABSENT = {
	'not found': reply(404, PAGE),
	'unknown route': reply(404, { detail: 'Not Found' }),
	unauthorized: reply(401, { error: 'unauthorized', error_description: 'Log in again', status_code: 401 }),
	forbidden: reply(403, { error: 'You are not allowed to read this' }),
	'not allowed': reply(405, PAGE),
	redirect: { ...reply(302, ''), headers: { location: 'https://console.segmind.test/login' } },
	page: reply(200, PAGE),
};

/** How the request history behaves; what is not documented is a switch. */
export interface HistorySettings extends RowSettings {
	/** Whether it is there, else what all of its routes answer. */
	answers: 'rows' | keyof typeof ABSENT;
	/** How long it takes until a request shows, in ms from its acceptance. */
	delay: number | ((job: FakeJob) => number);
	/** Requests of other people in the account. */
	others: HistoryEntry[];
}

/** A service without a history. */
export const NO_HISTORY: Partial<HistorySettings> = { answers: 'not found' };

/** All the ways in which a history may not be there. */
export const ABSENCES = Object.keys(ABSENT) as Array<keyof typeof ABSENT>;

/** The requests that the history is about. */
interface Account {
	/** ms since the epoch, by the service's clock */
	now(): number;
	/** Those of its own that show already. */
	entries(delayOf: (job: FakeJob) => number): HistoryEntry[];
}

/** The account's request history: a list by pages, and records by their ids. */
export class FakeHistory {
	/** What came to its host, with the headers. */
	readonly log: Array<FakeRequest & { route: Route; at: number }> = [];
	readonly settings: HistorySettings;

	constructor(
		settings: Partial<HistorySettings>,
		private readonly account: Account,
	) {
		this.settings = {
			answers: 'rows',
			envelope: 'data',
			recordEnvelope: 'row',
			timeName: 'model_created',
			timeForm: 'ISO with Z',
			body: 'object',
			defaults: false,
			ids: 'as answered',
			outputs: 1,
			delay: 0,
			others: [],
			...settings,
		};
	}

	/** Answers a request for the list or a record. */
	answer({ path }: FakeRequest): FakeReply {
		const { answers } = this.settings;
		if (answers !== 'rows') return ABSENT[answers];
		const { pathname, searchParams } = new URL(path, 'https://history.segmind.test');
		return pathname === HISTORY_PATH ? this.list(searchParams) : this.record(pathname.split('/').at(-1) ?? '');
	}

	private entries(): HistoryEntry[] {
		const { delay, others } = this.settings;
		const own = this.account.entries((job) => (typeof delay === 'number' ? delay : delay(job)));
		return [...own, ...others].map((entry) => asTold(entry, this.settings));
	}

	private record(id: string): FakeReply {
		const entry = this.entries().find((known) => plainId(known.id) === plainId(id));
		// what a history makes up, it has no record of
		if (!entry || this.settings.lie === 'an id that v2 does not know') {
			return reply(404, { error: `Request ${id} not found` });
		}
		const rows = rowsOf(entry, this.settings).map((part) => written(part, this.settings));
		const [row = {}] = rows;
		const { recordEnvelope } = this.settings;
		return reply(200, recordEnvelope === 'row' ? row : recordEnvelope === 'data' ? { data: row } : rows);
	}

	private list(query: URLSearchParams): FakeReply {
		const page = Number(query.get('page') ?? 1);
		const perPage = Number(query.get('per_page') ?? 20);
		if (!Number.isInteger(page) || page < 1) return invalid('page', 'must be 1 or more');
		if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100) return invalid('per_page', 'must be 1 to 100');
		const today = this.account.now() - (this.account.now() % DAY);
		const to = dayOf(query.get('to_date')) ?? today;
		const from = dayOf(query.get('from_date')) ?? to - DEFAULT_DAYS * DAY;
		if (!(from <= to)) return invalid('from_date', 'and to_date must be dates, the first not after the second');
		if ((to - from) / DAY + 1 > MOST_DAYS) return reply(400, { error: `A range has ${MOST_DAYS} days at most` });

		const status = query.get('status');
		const model = query.get('model_name') ?? '';
		const found = this.entries()
			.filter(({ createdAt }) => createdAt >= from && createdAt < to + DAY)
			.filter((entry) => (!status || entry.status === status) && entry.model.includes(model));
		const sorted = inOrder(found, query.get('sort_by') ?? 'model_created', query.get('sort_order') ?? 'desc');
		const rows = sorted.flatMap((entry) => rowsOf(entry, this.settings));
		const shown = rows.slice((page - 1) * perPage, page * perPage).map((row) => written(row, this.settings));
		return reply(200, ENVELOPES[this.settings.envelope](shown, rows.length));
	}
}

function inOrder(entries: HistoryEntry[], by: string, order: string): HistoryEntry[] {
	const sorted = [...entries].sort((a, b) =>
		by === 'model_name' ? a.model.localeCompare(b.model) : a.createdAt - b.createdAt,
	);
	return order === 'asc' ? sorted : sorted.reverse();
}

/** A day as ms since the epoch; undefined where none is asked for, NaN for anything but YYYY-MM-DD. */
function dayOf(text: string | null): number | undefined {
	if (!text) return undefined;
	return /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
}

function invalid(parameter: string, why: string): FakeReply {
	return reply(422, { detail: [{ loc: ['query', parameter], msg: why }] });
}
