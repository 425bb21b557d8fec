import { historyPage, listIn, type HistoryRow } from '../../nodes/KlingMotionControl/segmind/history';
import { firstOf, isRecord, parsed } from '../../nodes/KlingMotionControl/segmind/json';
import { MODELS } from '../../nodes/KlingMotionControl/segmind/models';
import type { Fact, Findings, Look } from './findings';
import type { Answered } from './service';
import { each, fieldName, formOfId } from './shape';
import { formOfTime, timesOf } from './times';

const MINUTE = 60_000;
/** The names of a request's fields. */
const FIELDS = ['prompt', 'character_orientation', 'image_url', 'keep_original_sound', 'video_url'];

type Entry = Record<string, unknown>;

/**
 * What the rows of a page show.
 * @param perPage how many were asked for
 * @returns a request of them
 */
export function checkRows(findings: Findings, answer: Answered, perPage: number): HistoryRow | undefined {
	const rows = historyPage(answer.text)?.rows ?? [];
	const body = parsed(answer.text);
	const list = listIn(body) ?? [];
	const way = wayTo(list, body) ?? [];
	const total = totalBeside(way);
	const entries = list.filter(isRecord);
	findings.learn('Where the list is', way.map(([name]) => fieldName(name)).join(', in it ') || 'the body itself');

	const check = (fact: string, expected: string, depends: boolean, look: () => Look | string) => {
		const known: Omit<Fact, 'about'> = { fact, expected, depends };
		const found = entries.length > 0 ? look() : 'the account made no request in these days';
		if (typeof found === 'string') findings.skip(known, found);
		else findings.check(known, found);
	};
	const ofRows = (look: () => Look | string) => () => (rows.length > 0 ? look() : 'no row that can be read');
	const finished = rows.filter(({ status }) => status === 'COMPLETED');
	const inFinished = (has: (row: HistoryRow) => boolean) =>
		ofRows(() => {
			if (finished.length === 0) return 'no finished request in the list';
			const having = finished.filter(has).length;
			return { seen: `in ${having} of ${finished.length}`, ok: having === finished.length };
		});

	check('Its length', `at most ${perPage}, or there is no more`, true, () => {
		const count = entries.length;
		const isWhole = total === undefined || total <= count || count === perPage;
		return { seen: `${count}${total === undefined ? '' : ` of ${total}`}`, ok: count <= perPage && isWhole };
	});
	check('The ID of each row', '`request_id`: a text or a number', true, () => ({
		seen: each(entries.map(({ request_id: id }) => (id === undefined ? 'missing' : formOfId(String(id))))),
		ok: rows.length === entries.length,
	}));
	check('The time of each row', 'one that can be read, in UTC where it names no zone', true, () => ({
		seen: each(
			entries.map(
				(entry) =>
					timesOf(entry)
						.map(([name, value]) => `${fieldName(name)}: ${formOfTime(value)}`)
						.join('; ') || 'none',
			),
		),
		ok: rows.every(({ createdAt }) => createdAt !== undefined),
	}));
	check(
		'No time in the future',
		"by the answer's `Date`",
		true,
		ofRows(() => futureIn(rows, Date.parse(answer.headers.date ?? ''))),
	);
	check(
		'The order',
		'newest first',
		true,
		ofRows(() => orderOf(rows)),
	);
	check(
		'The status of each row',
		'a known word in `model_status`',
		true,
		ofRows(() => ({
			seen: each(rows.map(({ status }) => status ?? 'an unknown word')),
			ok: rows.every(({ status }) => status !== undefined),
		})),
	);
	check(
		'The model of each row',
		'a slug in `model_name`',
		true,
		ofRows(() => {
			const ok = rows.every(({ model }) => model !== undefined && /^[\w./:-]+$/.test(model));
			return { seen: ok ? 'a slug' : 'not in each', ok };
		}),
	);
	check('The inputs', 'an object in `request_body`, or JSON as text', true, () => ({
		seen: each(entries.map(({ request_body: inputs }) => kindOfInputs(inputs))),
		ok: rows.every(({ request }) => request !== undefined),
	}));
	check(
		'The inputs of our models',
		'the documented fields are among them',
		true,
		ofRows(() => inputsOf(rows)),
	);
	check(
		'The output of finished rows',
		'a URL in `generation_url`',
		true,
		inFinished(({ videoUrl }) => videoUrl !== undefined),
	);
	check(
		'The price of finished rows',
		'a number in `credits_deduction`',
		false,
		inFinished(({ cost }) => cost !== undefined),
	);
	return rows[0];
}

/** @param now by the service's clock, in ms since the epoch */
function futureIn(rows: readonly HistoryRow[], now: number): Look | string {
	const newest = Math.max(...rows.map(({ createdAt = -Infinity }) => createdAt));
	if (Number.isNaN(now) || !Number.isFinite(newest)) return 'no time to compare';
	const ahead = Math.round((newest - now) / MINUTE);
	return ahead > 1 ? { seen: `one is ${ahead} minutes ahead`, ok: false } : { seen: 'none', ok: true };
}

function orderOf(rows: readonly HistoryRow[]): Look | string {
	const times = rows.flatMap(({ createdAt }) => createdAt ?? []);
	if (times.length < 2) return 'no two times to compare';
	const falls = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
	return { seen: falls ? 'newest first' : 'another order', ok: falls };
}

function kindOfInputs(inputs: unknown): string {
	if (inputs === undefined) return 'missing';
	if (isRecord(inputs)) return 'an object';
	return typeof inputs === 'string' ? 'text' : 'neither';
}

function inputsOf(rows: readonly HistoryRow[]): Look | string {
	const ours = rows.filter(({ model }) => Object.hasOwn(MODELS, model?.split('/').at(-1) ?? ''));
	if (ours.length === 0) return 'no request of our models in the list';
	const seen = ours.map(({ request = {} }) => {
		if (typeof request.prompt !== 'string') return 'without the prompt';
		const others = Object.entries(request).filter(([name, value]) => !FIELDS.includes(name) || value === null);
		return others.length > 0 ? 'with defaults that nobody sent' : 'as they were sent';
	});
	return { seen: each(seen), ok: !seen.includes('without the prompt') };
}

/** The names of the fields around a value, from the outside, and those fields; undefined where it is not there. */
function wayTo(target: unknown, value: unknown): Array<[name: string, holder: Entry]> | undefined {
	if (value === target) return [];
	if (!isRecord(value)) return undefined;
	return firstOf(Object.entries(value), ([name, entry]) => {
		const way = wayTo(target, entry);
		return way && [[name, value], ...way];
	});
}

/** How many rows there are on all pages, where an answer seems to tell: beside the list, or in an object beside it. */
function totalBeside(way: ReadonlyArray<[name: string, holder: Entry]>): number | undefined {
	const places = way.flatMap(([, holder]) => [holder, ...Object.values(holder).filter(isRecord)]);
	const found = places.flatMap(({ total, total_count: other, count }) => [total, other, count]);
	return found.find((entry): entry is number => typeof entry === 'number');
}
