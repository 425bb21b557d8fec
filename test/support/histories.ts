import type { HistorySettings } from './fakeSegmind/history';
import { ENVELOPES, TIMES, type HistoryEntry } from './fakeSegmind/historyRows';
import { plainId } from './fakeSegmind/protocol';
import type { FakeJob, FakeSettings, Fault } from './fakeSegmind/service';
import { SAMPLE, SAMPLE_BODY } from './parameters';
import { VirtualClock, VirtualN8n, type Outcome } from './virtualN8n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PAGE = '<!DOCTYPE html><html><body>Bad gateway</body></html>';
/** When a virtual clock begins, in ms since the epoch. */
export const START = new VirtualClock().now();
/** How long a job takes here, in ms: longer than the history is asked about it. */
export const LATENCY = 300_000;

/** The bytes of a job's video: no two are the same. */
export function videoOf({ id, model, request }: FakeJob): Buffer {
	return Buffer.from(`....ftypisom ${plainId(id)} ${model} ${String(request.prompt)} ${'.'.repeat(600)}`);
}

/** A request of somebody else in the account. */
export function otherEntry(entry: Partial<HistoryEntry>, number = 0): HistoryEntry {
	const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
	const url = `https://images.segmind.test/outputs/${id}.mp4`;
	return {
		...{ id, model: SAMPLE.model, status: 'COMPLETED', request: SAMPLE_BODY, createdAt: START - HOUR, url },
		...entry,
	};
}

/** What other people asked for, before and at the same time: none of it is a request of this run. */
const TEAMMATES: HistoryEntry[] = [
	otherEntry({ createdAt: START - 30 * MINUTE }),
	otherEntry({ createdAt: START - 10 * MINUTE, status: 'PENDING', url: undefined }),
	otherEntry({ createdAt: START - 20 * MINUTE, status: 'FAILED', url: undefined, error: 'no person' }),
	otherEntry({ createdAt: START, model: 'kling-2.6-pro-motion-control' }),
	otherEntry({ createdAt: START, request: { ...SAMPLE_BODY, character_orientation: 'image' } }),
	otherEntry({ createdAt: START, request: { ...SAMPLE_BODY, keep_original_sound: false } }),
	otherEntry({ createdAt: START, request: { ...SAMPLE_BODY, image_url: 'https://a.test/another.jpg' } }),
	...Array.from({ length: 30 }, (_, n) => otherEntry({ createdAt: START + n, request: { prompt: `other ${n}` } })),
].map((entry, number) => otherEntry(entry, number));

const withSwitch = <T extends string>(name: string, values: readonly T[], settings: (value: T) => object) =>
	Object.fromEntries(values.map((value) => [`${name}: ${value}`, settings(value)]));

/** The readings of what is not documented, one switch at a time. */
export const READINGS: Readonly<Record<string, Partial<HistorySettings>>> = {
	'as it is likely': {},
	...withSwitch('envelope', Object.keys(ENVELOPES), (envelope) => ({ envelope })),
	...withSwitch('name of the time', ['created_at', 'createdAt', 'timestamp'], (timeName) => ({ timeName })),
	...withSwitch('time', Object.keys(TIMES), (timeForm) => ({ timeForm })),
	'inputs as text': { body: 'text' },
	'inputs with defaults': { defaults: true },
	'inputs as text with defaults': { body: 'text', defaults: true },
	...withSwitch('ids', ['dashes', 'no dashes'], (ids) => ({ ids })),
	'two outputs': { outputs: 2 },
	'late by 5 s': { delay: 5_000 },
	'late by 60 s': { delay: 60_000 },
	"teammates' rows": { others: TEAMMATES },
};

/** Whether the time of a row cannot be read: then it counts only while it is pending. */
export function isTimeless({ timeForm }: Partial<HistorySettings>): boolean {
	return timeForm === 'missing' || timeForm === 'unreadable';
}

/** How the answer to a POST that was taken may be lost. v1 answers late, so there the connection breaks before that. */
export const LOST: Readonly<Record<string, Readonly<Record<'async' | 'sync', Fault>>>> = {
	reset: both({ cut: 'before' }),
	timeout: { async: { handled: true, cut: 'never answers' }, sync: { handled: true, cut: 'never answers' } },
	'500': both({ status: 500 }),
	'502': both({ status: 502, body: PAGE }),
	'504': both({ status: 504, body: PAGE }),
	'proxy page': both({ status: 200, body: PAGE }),
	'cut body': {
		async: { handled: true, cut: 'middle', body: `{"status": "QUEUED", "info": "${'.'.repeat(400)}", "request_id": ` },
		sync: { handled: true, cut: 'middle', headers: { 'x-request-id': '' } },
	},
	'no id': {
		async: { handled: true, body: { status: 'QUEUED' } },
		sync: { handled: true, after: 60_000, body: { status: 'PROCESSING' } },
	},
};

function both(fault: Fault) {
	return { async: { handled: true, ...fault }, sync: { handled: true, after: 60_000, ...fault } };
}

/** A way to send the POST. */
export type ApiMode = 'async' | 'sync';
export const API_MODES: readonly ApiMode[] = ['async', 'sync'];

/** The fault of the first POSTs, by their number; further ones are answered. */
export function firstPosts(...faults: Array<Fault | undefined>): FakeSettings['fault'] {
	return (_request, route, count) => (route === 'submit' || route === 'blocking' ? faults[count] : undefined);
}

/** n8n with a service whose every video is another. */
export function n8nWith(settings: Partial<FakeSettings>): VirtualN8n {
	return new VirtualN8n({ latency: LATENCY, video: videoOf, ...settings });
}

/** The sample, sent in this way. */
export function sampleBy(apiMode: ApiMode, options: object = {}) {
	return { ...SAMPLE, options: { apiMode, ...options } };
}

/** All that a person can read of an error. */
export function wordsOf({ error, items = [] }: Outcome): string {
	const said = items.map(({ json }) => String(json.error ?? ''));
	return [error?.message, error?.description, ...said]
		.filter(Boolean)
		.map((text) => String(text).replace(/\.?$/, '.'))
		.join(' ');
}

/** The requests for the list, in ms since the start of the clock. */
export function looksOf({ segmind }: VirtualN8n): number[] {
	return segmind.requestsTo('history').map(({ at }) => at - START);
}

/** The jobs that delivered the items, each by the video's bytes and the id. @throws where one has not the video of its id */
export function deliveredJobs(n8n: VirtualN8n, { items = [], error }: Outcome): FakeJob[] {
	if (error) throw error;
	return items.map((item) => {
		const id = plainId(String(item.json.request_id));
		const job = n8n.segmind.jobs.find((known) => plainId(known.id) === id);
		if (!job) throw new Error(`no job for ${JSON.stringify(item.json)}`);
		expect(item.json).toMatchObject({ status: 'COMPLETED', model: job.model });
		expect(n8n.bytesOf(item)?.toString()).toBe(videoOf(job).toString());
		return job;
	});
}
