import { jobOf, waitForJob, type Polling } from '../../../../nodes/KlingMotionControl/jobs/wait';
import {
	brokenBody,
	openExchanges,
	refusal,
	thrown,
	virtualSession,
	type Given,
	type HttpAnswer,
} from '../../../support/virtualServices';

const URL = 'https://images.segmind.test/a.mp4';
const PAGE = '<!DOCTYPE html><html><body>Unprocessable</body></html>';
/** A result that names its video, and one that is still to come. */
const done: HttpAnswer = { body: { status: 'COMPLETED', output: URL, metrics: { cost: 1 } } };
const queued: HttpAnswer = { body: { status: 'QUEUED' } };
const completed: HttpAnswer = { body: { status: 'COMPLETED' } };
const failed: HttpAnswer = { body: { status: 'FAILED' } };
const finished = { video: { url: URL }, metrics: { cost: 1 } };

/** A run in which each route gives its answers in turn, and the last of them from then on. */
function service(statuses: Given[], results: Given[] = [done]) {
	const virtual = virtualSession({ answers: { status: statuses, result: results } });
	const { session, clock, began } = virtual;
	const polling: Polling = { pollInterval: 5_000, deadline: began + 60_000, timeout: 1, pollFirst: false };
	const wait = async (given: Partial<Polling> = {}) =>
		await clock.drive(waitForJob(session, 3, 'a-1', { ...polling, ...given }));
	const look = async (given: Partial<Polling> = {}) =>
		await clock.drive(jobOf(session, 3, 'a-1', { ...polling, waitForCompletion: false, ...given }));
	return { ...virtual, polling, wait, look };
}

it('looks every interval, tells of each new status, and reads the result once', async () => {
	const { session, wait, sent, requests, messages } = service([queued, queued, completed]);
	expect(await wait()).toEqual(finished);
	expect(sent).toEqual([
		['status', 5_000],
		['status', 10_000],
		['status', 15_000],
		['result', 15_000],
	]);
	expect(requests.map(({ method, url }) => [method, url])).toEqual([
		['GET', 'https://api.test/v2/requests/a-1/status'],
		['GET', 'https://api.test/v2/requests/a-1/status'],
		['GET', 'https://api.test/v2/requests/a-1/status'],
		['GET', 'https://api.test/v2/requests/a-1'],
	]);
	expect(messages).toEqual(['Item 3: QUEUED, request a-1', 'Item 3: COMPLETED, request a-1']);
	expect(openExchanges(session.clock)).toBe(0);
});

it('looks at once where the job is not new', async () => {
	const { wait, sent } = service([queued, completed]);
	await wait({ pollFirst: true });
	expect(sent.map(([, at]) => at)).toEqual([0, 5_000, 5_000]);
});

it('goes on where the result is not there after all', async () => {
	const { wait, sent, messages } = service([completed], [{ body: { status: 'PROCESSING' } }, done]);
	await wait();
	expect(sent).toEqual([
		['status', 5_000],
		['result', 5_000],
		['status', 10_000],
		['result', 10_000],
	]);
	expect(messages).toEqual(['Item 3: PROCESSING, request a-1', 'Item 3: COMPLETED, request a-1']);
});

it('looks a last time at the deadline', async () => {
	const { wait, sent } = service([{ body: { status: 'PROCESSING' } }]);
	expect(await thrown(wait({ pollInterval: 25_000 }))).toMatchObject({
		kind: 'timeout',
		message: 'The video was not ready after 1 minute (PROCESSING)',
		details: { requestId: 'a-1', accepted: 'yes', status: 'PROCESSING' },
	});
	expect(sent.map(([, at]) => at)).toEqual([25_000, 50_000, 60_000]);
});

it('delivers what the last look finds', async () => {
	const { wait, sent } = service([queued, queued, completed]);
	expect(await wait({ pollInterval: 25_000 })).toEqual(finished);
	expect(sent.map(([, at]) => at)).toEqual([25_000, 50_000, 60_000, 60_000]);
});

it('looks at once where the deadline has passed before', async () => {
	const { wait, sent, began } = service([queued]);
	expect(await thrown(wait({ deadline: began - 5 }))).toMatchObject({ kind: 'timeout' });
	expect(sent).toEqual([['status', 0]]);
});

it('does not take a URL of the request for the video', async () => {
	const input = 'https://a.test/motion.mp4';
	const echo = (video: object) => ({ body: { status: 'COMPLETED', video_url: input, ...video } });
	const { wait } = service([completed], [echo({ output: [input, URL] })]);
	expect(await wait({ inputs: [input] })).toEqual({ video: { url: URL }, metrics: {} });
	const none = service([completed], [echo({})]);
	expect(await thrown(none.wait({ inputs: [input] }))).toMatchObject({ kind: 'media' });
});

describe('the interval', () => {
	it('is twice as long after each time that a look was throttled', async () => {
		const { wait, sent } = service([refusal(429), refusal(429), queued, refusal(503), queued, completed]);
		await wait();
		// 0.75, 1.5 and 0.75 s are the backoffs of the looks that failed
		expect(sent.map(([, at]) => at)).toEqual([5_000, 5_750, 7_250, 27_250, 28_000, 48_000, 48_000]);
	});

	it('grows where the result is throttled too', async () => {
		const { wait, sent } = service([completed], [refusal(429), { body: { status: 'PROCESSING' } }, done]);
		await wait();
		expect(sent.map(([, at]) => at)).toEqual([5_000, 5_000, 5_750, 15_750, 15_750]);
	});

	it.each([
		[40_000, 60_000],
		[90_000, 90_000],
	])('of %d ms grows to %d ms', async (pollInterval, longest) => {
		const { wait, sent, began } = service([refusal(429), queued, completed]);
		await wait({ pollInterval, deadline: began + 900_000 });
		expect(sent.map(([, at]) => at - pollInterval)).toEqual([0, 750, 750 + longest, 750 + longest]);
	});
});

it.each<[string, Given[], Given[], object]>([
	[
		'a status that nobody knows',
		[{ body: { status: 'on hold' } }],
		[],
		{ kind: 'unreadable', message: 'Segmind sent an answer that names an unknown status, ON HOLD' },
	],
	['no status', [{ body: '[]' }], [], { message: 'Segmind sent an answer that has an unexpected format' }],
	['a result that is no JSON', [completed], [{ body: '<' }], { message: /has an unexpected format$/ }],
	['a refusal', [refusal(403)], [], { kind: 'answer', details: { httpStatus: 403 } }],
	['an unknown id', [refusal(404)], [], { kind: 'answer', details: { httpStatus: 404 } }],
	['an unknown id of a result', [completed], [refusal(404)], { kind: 'answer', details: { httpStatus: 404 } }],
	[
		'a result without a video',
		[completed],
		[completed],
		{ kind: 'media', message: "The request is finished, but Segmind's answer names no video" },
	],
	[
		'a result with another URL',
		[completed],
		[{ body: { output: 'file:///x' } }],
		{ kind: 'media', message: /names a video URL that is not a plain http\(s\) one$/ },
	],
	[
		'a result that has failed after all',
		[completed],
		[{ body: { status: 'FAILED', error: 'no person' } }],
		{ kind: 'failed', message: 'Segmind could not make the video: no person', details: { accepted: 'no' } },
	],
	[
		'a 422 that says that the job failed',
		[{ status: 422, body: { status: 'FAILED', error: 'no person' } }],
		[{ status: 422, body: { status: 'FAILED' } }],
		{ kind: 'failed', message: 'Segmind could not make the video: no person', details: { accepted: 'no' } },
	],
])('ends with %s, and names the request', async (_name, statuses, results, expected) => {
	const { session, wait } = service(statuses, results);
	const error = await thrown(wait());
	const { message, ...rest } = expected as { message?: string | RegExp };
	expect(error).toMatchObject(rest);
	expect(error).toMatchObject({ details: { requestId: 'a-1' } });
	const { kind, details } = error as { kind: string; details: { accepted: string } };
	expect(details.accepted).toBe(kind === 'failed' ? 'no' : 'yes');
	if (message) expect((error as Error).message).toMatch(message);
	expect(openExchanges(session.clock)).toBe(0);
});

it.each<[string, Given]>([
	['a page with status 422', { status: 422, body: PAGE }],
	['a 422 without a word of the job', { status: 422, body: { error: 'busy' } }],
	['a page with status 502', { status: 502, body: PAGE }],
	['a body that breaks off', () => ({ body: brokenBody('{"status":"FAI') })],
	['an empty body', {}],
])('repeats a look that ends in %s', async (_name, fault) => {
	const { wait, sent } = service([fault, completed], [fault, done]);
	expect(await wait()).toEqual(finished);
	expect(sent.map(([route]) => route)).toEqual(['status', 'status', 'result', 'result']);
});

describe('a failed job', () => {
	it.each<[string, object, Given, string]>([
		[
			'whose status and result tell the reason',
			{ error: 'no person' },
			{ body: { status: 'FAILED', error: 'no person' } },
			': no person',
		],
		['whose result alone tells the reason', {}, { body: { status: 'FAILED', error: 'no person' } }, ': no person'],
		['whose status alone tells the reason', { error: 'no person' }, failed, ': no person'],
		[
			'whose status alone tells the reason, and whose result is a 422',
			{ error: 'no person' },
			{ status: 422, body: { status: 'FAILED' } },
			': no person',
		],
		['whose result is a 422', {}, { status: 422, body: { status: 'FAILED', error: 'no person' } }, ': no person'],
		['whose reason nobody tells', {}, failed, ''],
		['whose result is not known', { error: 'no person' }, refusal(404), ': no person'],
		['whose result is gone', {}, refusal(410), ''],
		['whose result names no video', {}, { body: { output: null } }, ''],
	])('%s', async (_name, fields, result, reason) => {
		const { look, sent } = service([{ body: { status: 'FAILED', ...fields } }], [result]);
		expect(await thrown(look())).toMatchObject({
			kind: 'failed',
			message: `Segmind could not make the video${reason}`,
			details: { status: 'FAILED', accepted: 'no', requestId: 'a-1' },
		});
		expect(sent.map(([route]) => route)).toEqual(['status', 'result']);
	});

	it('is not one where its result is there all the same', async () => {
		const { wait, look, sent, messages } = service([failed]);
		expect(await wait()).toEqual(finished);
		expect(sent).toEqual([
			['status', 5_000],
			['result', 5_000],
		]);
		expect(messages).toEqual(['Item 3: COMPLETED, request a-1']);
		expect(await look()).toEqual({ status: 'COMPLETED', metrics: { cost: 1 }, finished });
	});

	it('is not one where its result says that it goes on', async () => {
		const { wait, sent } = service([failed], [{ body: { status: 'PROCESSING' } }, done]);
		expect(await wait()).toEqual(finished);
		expect(sent.map(([route]) => route)).toEqual(['status', 'result', 'status', 'result']);
	});

	it.each<[string, Given, object]>([
		['a page', { body: PAGE }, { kind: 'unreadable' }],
		['a 502', { status: 502, body: PAGE }, { kind: 'answer', details: { httpStatus: 502 } }],
		['a 422 page', { status: 422, body: PAGE }, { kind: 'answer', details: { httpStatus: 422 } }],
		['a break', new Error('x'), { kind: 'network' }],
	])(
		'is none as long as its result is %s: five times, then the error names the id',
		async (_name, result, expected) => {
			const { wait, sent } = service([failed], [result]);
			expect(await thrown(wait())).toMatchObject({
				...expected,
				details: { ...(expected as { details?: object }).details, requestId: 'a-1', accepted: 'yes' },
			});
			expect(sent.map(([route]) => route)).toEqual(['status', ...Array.from({ length: 5 }, () => 'result')]);
			expect(sent.slice(1).map(([, at]) => at - 5_000)).toEqual([0, 750, 2_250, 5_250, 11_250]);
		},
	);

	it('is none where its result could not be read before the deadline', async () => {
		const { wait, sent } = service([failed], [{ status: 500 }]);
		expect(await thrown(wait({ pollInterval: 58_000 }))).toMatchObject({
			kind: 'answer',
			details: { requestId: 'a-1', accepted: 'yes' },
		});
		expect(sent.map(([, at]) => at)).toEqual([58_000, 58_000, 58_750]);
	});

	it('is one where its result is read in the end', async () => {
		const { wait } = service([failed], [{ status: 500 }, new Error('x'), failed]);
		expect(await thrown(wait())).toMatchObject({ kind: 'failed' });
	});
});

describe('a look at a job as it is', () => {
	it('gives its status and its metrics', async () => {
		const { look, sent } = service([{ body: { status: 'PROCESSING', metrics: { queue_time: 2 } } }]);
		expect(await look()).toEqual({ status: 'PROCESSING', metrics: { queue_time: 2 } });
		expect(sent).toEqual([['status', 0]]);
	});

	it('gives its result where it is finished', async () => {
		const { look } = service([completed]);
		expect(await look()).toEqual({ status: 'COMPLETED', metrics: { cost: 1 }, finished });
	});

	it('is repeated until the deadline, and names the request where it fails', async () => {
		const { look, sent, began } = service([{ status: 500 }]);
		expect(await thrown(look({ deadline: began + 5_000 }))).toMatchObject({
			kind: 'answer',
			details: { httpStatus: 500, requestId: 'a-1', accepted: 'yes' },
		});
		expect(sent.map(([, at]) => at)).toEqual([0, 750, 2_250]);
	});

	it('waits for it where it should', async () => {
		const { session, clock, polling, sent } = service([queued, completed]);
		const work = jobOf(session, 0, 'a-1', { ...polling, waitForCompletion: true });
		expect(await clock.drive(work)).toEqual({ status: 'COMPLETED', metrics: { cost: 1 }, finished });
		expect(sent.map(([, at]) => at)).toEqual([5_000, 10_000, 10_000]);
	});
});

describe('a stop', () => {
	it('between two looks names the request and its last status', async () => {
		const { session, clock, wait, stop, sent } = service([{ body: { status: 'PROCESSING' } }]);
		void clock.sleep(7_000).then(stop);
		expect(await thrown(wait())).toMatchObject({
			kind: 'stopped',
			details: { status: 'PROCESSING', requestId: 'a-1', accepted: 'yes' },
		});
		expect(sent).toHaveLength(1);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('in the middle of a look names the request', async () => {
		const { session, clock, began, wait, stop, sent } = service([
			async ({ abortSignal }) => {
				await clock.sleep(20_000, abortSignal).catch(() => {});
				return new Error('aborted');
			},
		]);
		void clock.sleep(7_000).then(stop);
		expect(await thrown(wait())).toMatchObject({ kind: 'stopped', details: { requestId: 'a-1', accepted: 'yes' } });
		expect(sent).toHaveLength(1);
		expect(clock.now()).toBe(began + 7_000);
		expect(openExchanges(session.clock)).toBe(0);
	});
});
