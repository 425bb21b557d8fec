import type { INodeProperties } from 'n8n-workflow';

import { MODELS } from '../segmind/models';
import { invalid, present, valueOf } from './invalid';
import type { ItemInput } from './itemInput';
import { visible } from './visible';
import { describe, readBoolean, readChoice, readNumber, readText } from './words';
import { zonedTime } from './zonedTime';

/** What the editor shows for the list of requests. */
export const requestsFields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		description: 'Without dates, Segmind returns requests from the last 7 days',
		options: [
			{
				displayName: 'From',
				name: 'fromDate',
				type: 'dateTime',
				default: '',
				description: "Date of the earliest request, in the workflow's time zone",
			},
			{
				displayName: 'Model',
				name: 'model',
				type: 'string',
				default: '',
				placeholder: 'e.g. kling-2.6-standard-motion-control',
				description: 'Model slug, or part of one',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'COMPLETED',
				options: [
					{ name: 'Completed', value: 'COMPLETED' },
					{ name: 'Failed', value: 'FAILED' },
					{ name: 'Pending', value: 'PENDING' },
				],
				description: 'Status of the requests',
			},
			{
				displayName: 'To',
				name: 'toDate',
				type: 'dateTime',
				default: '',
				description:
					"Date of the latest request, in the workflow's time zone. A date without a time includes the whole day.",
			},
		],
	},
];

/** What requests are wanted. */
export interface RequestsQuery {
	/** Items; without a limit Infinity. */
	limit: number;
	model?: string;
	status?: string;
	/** ms since the epoch */
	from?: number;
	/** ms since the epoch */
	to?: number;
}

const STATUSES = [
	{ value: 'COMPLETED', label: 'Completed' },
	{ value: 'FAILED', label: 'Failed' },
	{ value: 'PENDING', label: 'Pending' },
];
/** The words of the other operations for a request that the history calls pending. */
const PENDING = ['QUEUED', 'PROCESSING'].map((value) => ({ value, label: value }));
const MODEL_CHOICES = Object.entries(MODELS).map(([value, { name }]) => ({ value, label: name }));

/** The query of an item. @throws SegmindError of kind `input` that names the parameter at fault */
export function readRequestsQuery(item: ItemInput): RequestsQuery {
	const all = valueOf('Return All', readBoolean(present('Return All', item.parameter('returnAll', false))));
	const limit = all ? Infinity : readLimit(present('Limit', item.parameter('limit', 50)));
	const given = item.parameter('filters', {});
	const filters = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
	const filter = <T>(label: string, name: string, read: (value: unknown) => T): T | undefined =>
		name in filters && filters[name] !== '' ? read(present(label, filters[name])) : undefined;
	const time = (label: string, isEnd: boolean) => (value: unknown) => {
		const read = zonedTime(value, item.timezone, isEnd);
		if (read === undefined) throw invalid(label, `must be a date, such as 2026-11-02, not ${describe(value)}`);
		return read;
	};
	const from = filter('From', 'fromDate', time('From', false));
	const to = filter('To', 'toDate', time('To', true));
	if (from !== undefined && to !== undefined && from > to) throw invalid('From', 'must not be later than To');
	return {
		limit,
		model: filter('Model', 'model', readModel),
		status: filter('Status', 'status', readStatus),
		from,
		to,
	};
}

function readStatus(given: unknown): string {
	if ('value' in readChoice(given, PENDING)) return 'PENDING';
	return valueOf('Status', readChoice(given, STATUSES));
}

function readLimit(given: unknown): number {
	return valueOf('Limit', readNumber(given, { min: 1, integer: true }));
}

/** A slug or a part of it, which one of our labels stands for, too. */
function readModel(given: unknown): string | undefined {
	const text = visible(valueOf('Model', readText(given))).trim();
	const known = readChoice(text, MODEL_CHOICES);
	return 'value' in known ? known.value : text || undefined;
}
