import fc from 'fast-check';

import { ABSENCES, type HistorySettings } from '../support/fakeSegmind/history';
import { ENVELOPES, LIES, TIMES } from '../support/fakeSegmind/historyRows';
import { KEY } from '../support/fakeSegmind/service';
import {
	API_MODES,
	deliveredJobs,
	firstPosts,
	isTimeless,
	LOST,
	n8nWith,
	READINGS,
	sampleBy,
	wordsOf,
	type ApiMode,
} from '../support/histories';
import type { Outcome, VirtualN8n } from '../support/virtualN8n';

/** Runs the sample with a POST whose answer is lost, and a history of that kind. */
async function lose(lost: string, apiMode: ApiMode, history: Partial<HistorySettings>, tries = 1) {
	const fault = LOST[lost]?.[apiMode];
	const n8n = n8nWith({ history, fault: firstPosts(fault) });
	return { n8n, outcome: await n8n.run({ parameters: sampleBy(apiMode), tries }) };
}

/** One purchase, and its video. */
function expectSettled(n8n: VirtualN8n, outcome: Outcome): void {
	expect(n8n.segmind.posts).toHaveLength(1);
	expect(deliveredJobs(n8n, outcome)).toEqual(n8n.segmind.jobs);
	expect(outcome.items?.map(({ json, pairedItem }) => [json.resumed, pairedItem])).toEqual([[true, { item: 0 }]]);
	expect(n8n.outcomes).toHaveLength(1);
	expect(n8n.logs.join()).toContain(String(outcome.items?.[0]?.json.request_id));
}

/** One purchase, which may or may not be: nobody says which, and nothing is delivered. */
function expectDoubt(n8n: VirtualN8n, outcome: Outcome): void {
	expect(n8n.segmind.posts).toHaveLength(1);
	expect(outcome.items).toBeUndefined();
	expect(n8n.files.size).toBe(0);
	expect(outcome.error?.message).toMatch(/The request may have been accepted and charged/);
	expect(wordsOf(outcome)).toMatch(/Generations page/);
	expect(JSON.stringify([n8n.outcomes, n8n.messages, n8n.logs])).not.toContain(KEY);
}

/** Answers of v1 that are lost when the job is done already. */
const LATE = ['timeout', 'cut body'];

describe.each(API_MODES)('an answer that is lost (%s)', (apiMode) => {
	const cells = Object.keys(LOST).flatMap((lost) => Object.keys(READINGS).map((reading) => [lost, reading] as const));

	it.each(cells)('by %s is found in a history with %s', async (lost, reading) => {
		const history = READINGS[reading] ?? {};
		const { n8n, outcome } = await lose(lost, apiMode, history);
		// an old request that is finished and has no time cannot be told from the lost one
		const isFinished = apiMode === 'sync' && LATE.includes(lost);
		if (isTimeless(history) && isFinished) expectDoubt(n8n, outcome);
		else expectSettled(n8n, outcome);
	});

	const useless: Record<string, Partial<HistorySettings>> = {
		...Object.fromEntries(ABSENCES.map((answers) => [`a history that is not there, ${answers}`, { answers }])),
		...Object.fromEntries(Object.keys(LIES).map((lie) => [`a history that lies, ${lie}`, { lie }])),
		'a history that is an hour late': { delay: 60 * 60_000 },
	};
	const doubts = Object.keys(LOST).flatMap((lost) => Object.keys(useless).map((why) => [lost, why] as const));

	it.each(doubts)('by %s stays in doubt with %s', async (lost, why) => {
		const { n8n, outcome } = await lose(lost, apiMode, useless[why] ?? {}, 2);
		expectDoubt(n8n, outcome);
		expect(n8n.outcomes).toHaveLength(2);
		const isThere = !why.includes('not there');
		const isRead = isThere && !/10 MB|no id|id that is none|does not know/.test(why);
		if (isRead) expect(wordsOf(outcome)).toMatch(/Segmind's request history did not show it \d+ seconds later/);
		if (!isThere) expect(wordsOf(outcome)).not.toMatch(/did not show/);
	});
});

const anyReading = fc.record<Omit<HistorySettings, 'others' | 'answers' | 'lie'>>({
	envelope: fc.constantFrom(...(Object.keys(ENVELOPES) as Array<keyof typeof ENVELOPES>)),
	recordEnvelope: fc.constantFrom('row', 'data', 'rows'),
	timeName: fc.constantFrom('model_created', 'created_at', 'createdAt', 'timestamp'),
	timeForm: fc.constantFrom(...(Object.keys(TIMES) as Array<keyof typeof TIMES>)),
	body: fc.constantFrom('object', 'text'),
	defaults: fc.boolean(),
	ids: fc.constantFrom('as answered', 'dashes', 'no dashes'),
	outputs: fc.integer({ min: 1, max: 3 }),
	delay: fc.integer({ min: 0, max: 60_000 }),
});

it('finds it in any mixture of these readings', async () => {
	const lost = fc.constantFrom(...Object.keys(LOST));
	await fc.assert(
		fc.asyncProperty(lost, fc.constantFrom(...API_MODES), anyReading, async (kind, apiMode, reading) => {
			fc.pre(!(isTimeless(reading) && apiMode === 'sync' && LATE.includes(kind)));
			// where no time can be read, a pending request of somebody else with the same inputs is not told from ours
			const { others = [] } = isTimeless(reading) ? {} : (READINGS["teammates' rows"] ?? {});
			const { n8n, outcome } = await lose(kind, apiMode, { ...reading, others });
			expectSettled(n8n, outcome);
		}),
		{ numRuns: 150 },
	);
});

it('asks nothing where there is no history in the credential', async () => {
	const n8n = n8nWith({ fault: firstPosts(LOST.reset?.async) });
	n8n.credential.historyUrl = '';
	expectDoubt(n8n, await n8n.run({ parameters: sampleBy('async'), tries: 2 }));
	expect(n8n.segmind.history.log).toEqual([]);
});
