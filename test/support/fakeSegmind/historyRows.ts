import { plainId } from './protocol';

const HOUR = 60 * 60_000;

/** A request as the history knows it, before it is written in one of the ways that a service may have. */
export interface HistoryEntry {
	id: string;
	model: string;
	status: 'COMPLETED' | 'FAILED' | 'PENDING';
	request: Record<string, unknown>;
	/** ms since the epoch, by the service's clock */
	createdAt: number;
	/** The URL of the output, where there is one. */
	url?: string;
	/** Why it failed. */
	error?: string;
}

/** How rows are written. None of it is documented. */
export interface RowSettings {
	/** What a list of rows is wrapped in. */
	envelope: keyof typeof ENVELOPES;
	/** What a record by its id is wrapped in. */
	recordEnvelope: 'row' | 'data' | 'rows';
	/** The name of the time at which the request was made. */
	timeName: 'model_created' | 'created_at' | 'createdAt' | 'timestamp';
	/** How that time is written. */
	timeForm: keyof typeof TIMES;
	/** Whether `request_body` is an object or JSON as text. */
	body: 'object' | 'text';
	/** Whether `request_body` has fields that nobody sent, null for those that were left out, and another order. */
	defaults: boolean;
	/** How ids are written: as the submit answers them, or always in one of the two ways. */
	ids: 'as answered' | 'dashes' | 'no dashes';
	/** How many outputs a request has: there is a row for each. The video is the first. */
	outputs: number;
	/** What is wrong with the rows. */
	lie?: keyof typeof LIES;
}

/** What a list may be wrapped in. */
export const ENVELOPES = {
	array: (rows: unknown[]): object => rows,
	data: (data: unknown[], total: number) => ({ data, total, page: 1 }),
	generations: (generations: unknown[], total: number) => ({ generations, pagination: { total } }),
	requests: (requests: unknown[], total: number) => ({ count: total, requests }),
	results: (results: unknown[], total: number) => ({ success: true, models: ['kling'], results, total }),
	nested: (items: unknown[], total: number) => ({ status: 'success', data: { filters: [], items, total } }),
};

/** How a time may be written. */
export const TIMES = {
	'ISO with Z': (ms: number): unknown => new Date(ms).toISOString(),
	'ISO without zone': (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}000`,
	'date and time': (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
	'ISO with offset': (ms: number) => `${new Date(ms + 5.5 * HOUR).toISOString().slice(0, -1)}+05:30`,
	seconds: (ms: number) => Math.floor(ms / 1_000),
	'fractions of seconds': (ms: number) => ms / 1_000,
	milliseconds: (ms: number) => ms,
	'number as text': (ms: number) => String(Math.floor(ms / 1_000)),
	missing: () => undefined,
	unreadable: () => 'yesterday',
};

/** What a history that lies may say of a request. */
export const LIES = {
	'an id that v2 does not know': ({ id, url }: HistoryEntry): Partial<HistoryEntry> => ({
		id: otherId(id),
		...(url && { url: url.replace(id, otherId(id)) }),
	}),
	'another model': ({ model }: HistoryEntry) => ({
		model: model.includes('pro') ? model.replace('pro', 'standard') : model.replace('standard', 'pro'),
	}),
	'other inputs': ({ request }: HistoryEntry) => ({ request: { ...request, prompt: `${String(request.prompt)}!` } }),
	'an hour ago': ({ createdAt }: HistoryEntry) => ({ createdAt: createdAt - HOUR }),
	'no id': () => ({}),
	'no inputs': () => ({ request: {} }),
	'an id that is none': () => ({ id: '../..' }),
	'10 MB': () => ({}),
};

/** The id that the history makes up for another. */
function otherId(id: string): string {
	return [...id].map((digit) => (digit === '-' ? digit : (15 - parseInt(digit, 16)).toString(16))).join('');
}

/** An entry as a history that lies has it. */
export function asTold(entry: HistoryEntry, { lie }: RowSettings): HistoryEntry {
	return lie ? { ...entry, ...LIES[lie](entry) } : entry;
}

/** One row of a list: one of the outputs of an entry. */
export interface Row {
	entry: HistoryEntry;
	/** From 0, which is the video. */
	output: number;
}

/** The rows of an entry, one for each of its outputs. */
export function rowsOf(entry: HistoryEntry, { outputs }: RowSettings): Row[] {
	return Array.from({ length: entry.url ? outputs : 1 }, (_, output) => ({ entry, output }));
}

/** A row as it is written. */
export function written({ entry, output }: Row, settings: RowSettings): object {
	const row = rowOf(entry, settings);
	return output === 0 ? row : { ...row, generation_url: `${entry.url}.frame-${output}.png` };
}

function rowOf({ id, model, status, request, createdAt, url, error }: HistoryEntry, settings: RowSettings): object {
	const { timeName, timeForm, lie } = settings;
	return {
		...(lie !== 'no id' && { request_id: writtenId(id, settings) }),
		model_name: model,
		model_status: status,
		credits_deduction: status === 'COMPLETED' ? (model.includes('pro') ? 1.72 : 0.967) : 0,
		request_body: writtenBody(request, settings),
		generation_url: url ?? null,
		latency_ms: status === 'COMPLETED' ? 608_200 : null,
		[timeName]: TIMES[timeForm](createdAt),
		...(error !== undefined && { error }),
		...(lie === '10 MB' && { logs: 'x'.repeat(10 * 1024 * 1024) }),
	};
}

function writtenId(id: string, { ids }: RowSettings): string {
	if (ids === 'as answered') return id;
	const plain = plainId(id);
	return ids === 'dashes' ? plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5') : plain;
}

function writtenBody(request: Record<string, unknown>, { body, defaults }: RowSettings): unknown {
	const { image_url: image = null, video_url: video = null, ...rest } = request;
	const whole = defaults
		? { base64: false, seed: 71_542, image_url: image, video_url: video, ...rest, negative_prompt: '', duration: null }
		: request;
	return body === 'text' ? JSON.stringify(whole) : whole;
}
