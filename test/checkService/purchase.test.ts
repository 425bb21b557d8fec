import { randomUUID } from 'node:crypto';

import { isBroken, type Finding } from '../../scripts/checkService/findings';
import { reply, type Route } from '../support/fakeSegmind/protocol';
import { VIDEO } from '../support/fakeSegmind/service';
import type { FakeSettings, Fault } from '../support/fakeSegmind/settings';
import { SAMPLE_BODY } from '../support/parameters';
import { changes, checked, shown } from './support';

const MINUTE = 60_000;

let usual: Finding[];
beforeAll(async () => {
	usual = (await checked({}, { buy: true })).findings;
});

/** A fault at a route in the time after the purchase. */
function faultAt(at: Route, fault: (count: number) => Fault | undefined): Partial<FakeSettings> {
	let bought = false;
	let count = 0;
	return {
		fault(request, route) {
			if (route === 'submit' && request.path.includes('kling')) bought = true;
			return bought && route === at ? fault(count++) : undefined;
		},
	};
}

it('buys one video, once, and follows it to its end', async () => {
	const { findings, server, video, warning, took } = await checked({}, { buy: true });
	expect(findings.filter(({ result }) => result === 'differs')).toEqual([]);
	expect(shown(findings.filter(({ about }) => about === 'One video'))).toEqual({
		'The submit on v2':
			'as expected: 200, JSON with `request_id`, `status`, `poll_url`, `status_url`, `response_url`; QUEUED; ID: UUID with dashes',
		'When the history shows it': 'as expected: 0 s after the submit, as PENDING',
		'Its inputs in the history': 'as expected: as they were sent',
		'Its time in the history': 'as expected: that of the submit',
		'Its ID in the history': 'now known: UUID with dashes',
		'The answers to polls': 'as expected: 200 QUEUED, 200 PROCESSING, 200 COMPLETED',
		'Polls for its ID in the other form': 'now known: known (200)',
		'How it ends': 'as expected: COMPLETED',
		'The result':
			'as expected: 200, JSON with `status`, `request_id`, `output`, `video`, `metrics`; a URL (http, a host of another name)',
		'Its metrics': 'as expected: cost, remaining_credits, inference_time, queue_time, total_time',
		'What else it tells of the video': 'now known: contentType, fileName, fileSize',
		"The video's URL, without the key": 'as expected: 200, mp4, of that size',
		'Its record in the history': 'as expected: COMPLETED, with a URL',
	});
	expect(server.segmind.posts.map(({ path }) => path)).toEqual([
		'/v2/check-service-no-such-model',
		'/v1/check-service-no-such-model',
		'/v2/kling-2.6-standard-motion-control',
	]);
	expect(JSON.parse(server.segmind.posts[2]?.body ?? '')).toEqual(SAMPLE_BODY);
	expect(video?.equals(VIDEO)).toBe(true);
	expect(warning).toBeUndefined();
	expect(took).toBe(10 * MINUTE);
	expect(server.segmind.requestsTo('media').filter(({ headers }) => 'x-api-key' in headers)).toEqual([]);
});

it.each<[string, Partial<FakeSettings>, Record<string, string>]>([
	[
		'ids without dashes',
		{ id: () => randomUUID().replaceAll('-', '') },
		{
			'The ID of each row': 'as expected: 32 hex digits without dashes',
			'The submit on v2': expect.stringMatching(/ID: 32 hex digits without dashes$/) as string,
			'Its ID in the history': 'now known: 32 hex digits without dashes',
		},
	],
	[
		'ids that the history writes otherwise',
		{ history: { ids: 'no dashes' } },
		{
			'The ID of each row': 'as expected: 32 hex digits without dashes',
			'Its ID in the history': 'now known: 32 hex digits without dashes',
		},
	],
	[
		'rows that come late',
		{ history: { delay: 20_000 } },
		{ 'When the history shows it': 'as expected: 30 s after the submit, as PENDING' },
	],
	[
		'rows that come too late',
		{ history: { delay: 95_000 } },
		{
			'When the history shows it': 'differs: not within 90 s',
			'Its inputs in the history': 'not seen: not reached',
			'Its time in the history': 'not seen: not reached',
			'Its ID in the history': 'not seen: not there',
		},
	],
	['rows with other inputs', { history: { lie: 'other inputs' } }, { 'Its inputs in the history': 'differs: others' }],
	[
		'rows of another model',
		{ history: { lie: 'another model' } },
		{
			'When the history shows it': 'differs: not within 90 s',
			'Its inputs in the history': 'not seen: not reached',
			'Its time in the history': 'not seen: not reached',
			'Its ID in the history': 'not seen: not there',
		},
	],
	[
		'rows with an old time',
		{ history: { lie: 'an hour ago' } },
		{ 'Its time in the history': 'differs: 3600 s earlier' },
	],
	['inputs as text', { history: { body: 'text' } }, { 'The inputs': 'as expected: text' }],
	[
		'inputs with defaults',
		{ history: { defaults: true } },
		{ 'The inputs of our models': 'as expected: with defaults that nobody sent' },
	],
	['a service whose clock is ahead', { skew: 600_000 }, { "The service's clock": 'now known: 600 s ahead of ours' }],
	[
		'a job that fails, as a 200',
		{ fails: () => 'no person' },
		failed('200 QUEUED, 200 PROCESSING, 200 FAILED', '422, JSON with `status`, `error`, `metrics`'),
	],
	[
		'a job that fails, as a 422',
		{
			latency: 12_000,
			fails: () => 'no person',
			...faultAt('status', (count) =>
				count > 1 ? { status: 422, body: { status: 'FAILED', error: 'no person', metrics: {} } } : undefined,
			),
		},
		{
			...failed('200 PROCESSING, 422 FAILED', '422, JSON with `status`, `error`, `metrics`'),
			'Polls for its ID in the other form': 'now known: known (422)',
		},
	],
	[
		'a status that nobody knows',
		faultAt('status', (count) => (count === 0 ? { body: { status: 'WARMING' } } : undefined)),
		{ 'The answers to polls': 'differs: 200 without a known status, 200 QUEUED, 200 PROCESSING, 200 COMPLETED' },
	],
	[
		'polls that fail in between',
		faultAt('status', (count) => (count < 7 ? { status: 502, body: '<html></html>' } : undefined)),
		{},
	],
	[
		'a result without a video',
		faultAt('result', () => ({ body: { status: 'COMPLETED', video_url: SAMPLE_BODY.video_url } })),
		{
			'The result': 'differs: 200, JSON with `status`, 1 field of other names; no URL',
			'Its metrics': 'not seen: no URL',
			"The video's URL, without the key": 'not seen: no URL',
			'Its record in the history': 'not seen: no URL',
		},
	],
	[
		'a video that breaks off',
		faultAt('media', () => ({ cut: 'middle' })),
		{ "The video's URL, without the key": 'differs: no answer (ECONNRESET)' },
	],
	[
		'a video of another size',
		faultAt('media', () => ({ body: VIDEO.subarray(0, 5_000), headers: { 'content-length': '5000' } })),
		{ "The video's URL, without the key": 'differs: 200, mp4, of another size' },
	],
	[
		'a page in place of the video',
		faultAt('media', () => ({
			...reply(200, ''),
			body: `<html>${' '.repeat(VIDEO.length - 6)}`,
			headers: { 'content-length': String(VIDEO.length) },
		})),
		{ "The video's URL, without the key": 'differs: 200, html, of that size' },
	],
	[
		'a finished row without a URL',
		faultAt('record', () => ({ body: { request_id: 'x' } })),
		{ 'Its record in the history': 'differs: 200, JSON with `request_id`' },
	],
])('tells of %s, and of nothing else', async (_name, settings, seen) => {
	const { findings } = await checked(settings, { buy: true });
	expect(changes(usual, findings)).toEqual(seen);
	expect(isBroken(findings)).toBe(findings.some(({ result, depends }) => result === 'differs' && depends));
});

/** What a failed job changes. */
function failed(polls: string, result: string): Record<string, string> {
	const why = 'not seen: the job failed, which is not charged';
	return {
		'The answers to polls': `as expected: ${polls}`,
		'How it ends': `differs: FAILED; the result answers ${result}`,
		'The result': why,
		'Its metrics': why,
		"The video's URL, without the key": why,
		'Its record in the history': why,
	};
}

it.each<[string, Fault, string]>([
	['an answer that is lost', { handled: true, cut: 'before' }, 'A video may have been bought.'],
	['a page in place of the answer', { handled: true, body: '<html></html>' }, 'A video may have been bought.'],
	['a 500', { handled: true, status: 500 }, 'A video may have been bought.'],
	['no credits', { status: 402 }, 'Nothing was bought.'],
	['no rights', { status: 403 }, 'Nothing was bought.'],
])('never sends a purchase twice: %s', async (_name, fault, warning) => {
	const { server, findings, ...seen } = await checked(
		{ fault: ({ path }, route) => (route === 'submit' && path.includes('kling') ? fault : undefined) },
		{ buy: true },
	);
	expect(server.segmind.posts.filter(({ path }) => path.includes('kling'))).toHaveLength(1);
	expect(seen.warning?.startsWith(warning)).toBe(true);
	expect(shown(findings)['The submit on v2']).toMatch(/^differs: /);
	expect(isBroken(findings)).toBe(true);
});

it('sends a purchase again that the rate limit refused', async () => {
	const { server, findings } = await checked(
		{
			fault: ({ path }, route, count) =>
				route === 'submit' && path.includes('kling') && count < 3 ? { status: 429 } : undefined,
		},
		{ buy: true },
	);
	expect(server.segmind.jobs).toHaveLength(4);
	expect(changes(usual, findings)).toEqual({ 'When it ends': 'differs: told in 0 of 2' });
});

it('says that a video was bought where it does not come', async () => {
	const late = await checked({ latency: 50 * MINUTE }, { buy: true });
	expect(shown(late.findings)['How it ends']).toBe('differs: not in time');
	const gone = await checked(
		faultAt('status', (count) => (count > 1 ? { status: 404 } : undefined)),
		{ buy: true },
	);
	expect(shown(gone.findings)['How it ends']).toBe('differs: 404');
	for (const { warning } of [late, gone]) expect(warning).toMatch(/^A video was bought\. Look at the Generations page/);
});
