import { readState, waitForJob, type WaitOptions } from '../../../../nodes/KlingMotionControl/jobs/wait';
import { answerError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { thrown, virtualRun } from '../../../support/virtualRun';

const STATUS = '/v2/requests/a-1/status';
const RESULT = '/v2/requests/a-1';
const URL = 'https://images.segmind.test/a.mp4';
const done = { status: 'COMPLETED', output: URL, metrics: { cost: 1 } };

/** An answer: a body, or the status of an error. */
type Given = object | string | number;

/** A run in which each route gives its answers in turn, and the last of them from then on. */
function service(statuses: Given[], results: Given[] = [done]) {
	const asked: Array<[string, number]> = [];
	const seen: string[] = [];
	const left: Record<string, Given[]> = { [STATUS]: [...statuses], [RESULT]: [...results] };
	const get = async (stage: string, path: string) => {
		expect(stage).toBe('poll');
		asked.push([path === STATUS ? 'status' : 'result', clock.now() - began]);
		const answers = left[path] ?? [];
		const given = answers.length > 1 ? answers.shift() : answers[0];
		const headers = {};
		if (typeof given === 'number') throw answerError('poll', { status: given, headers, text: '' });
		return { status: 200, headers, text: typeof given === 'string' ? given : JSON.stringify(given) };
	};
	const { run, clock, stop } = virtualRun({ client: { get } });
	const began = clock.now();
	const wait = async (options: Partial<WaitOptions> = {}) =>
		await waitForJob(run, 'a-1', {
			pollInterval: 5_000,
			deadline: began + 60_000,
			timeout: 1,
			pollFirst: false,
			onStatus: (status) => void seen.push(status),
			...options,
		});
	return { run, clock, stop, began, asked, seen, wait };
}

it('looks every interval, tells of each new status, and reads the result once', async () => {
	const { clock, wait, asked, seen } = service([{ status: 'QUEUED' }, { status: 'QUEUED' }, { status: 'COMPLETED' }]);
	expect(await clock.drive(wait())).toEqual({ video: { url: URL }, metrics: { cost: 1 } });
	expect(asked).toEqual([
		['status', 5_000],
		['status', 10_000],
		['status', 15_000],
		['result', 15_000],
	]);
	expect(seen).toEqual(['QUEUED', 'COMPLETED']);
});

it('looks at once where the job is not new', async () => {
	const { clock, wait, asked } = service([{ status: 'QUEUED' }, { status: 'COMPLETED' }]);
	await clock.drive(wait({ pollFirst: true }));
	expect(asked.map(([, at]) => at)).toEqual([0, 5_000, 5_000]);
});

it('goes on where the result is not there after all', async () => {
	const { clock, wait, asked } = service([{ status: 'COMPLETED' }], [{ status: 'PROCESSING' }, done]);
	await clock.drive(wait());
	expect(asked).toEqual([
		['status', 5_000],
		['result', 5_000],
		['status', 10_000],
		['result', 10_000],
	]);
});

it('looks a last time at the deadline', async () => {
	const { clock, wait, asked } = service([{ status: 'PROCESSING' }]);
	expect(await thrown(clock.drive(wait({ pollInterval: 25_000 })))).toMatchObject({
		kind: 'timeout',
		message: 'The video was not ready after 1 minutes (PROCESSING)',
	});
	expect(asked.map(([, at]) => at)).toEqual([25_000, 50_000, 60_000]);
});

it('looks at once where the deadline has passed before', async () => {
	const { clock, wait, asked, began } = service([{ status: 'QUEUED' }]);
	expect(await thrown(clock.drive(wait({ deadline: began - 5 })))).toMatchObject({ kind: 'timeout' });
	expect(asked).toEqual([['status', 0]]);
});

describe('the interval', () => {
	const queued = { status: 'QUEUED' };

	it('is twice as long after each time that a look was throttled', async () => {
		const { clock, wait, asked } = service([429, 429, queued, 503, queued, { status: 'COMPLETED' }]);
		await clock.drive(wait());
		// 0.75, 1.5 and 0.75 s are the backoffs of the looks that failed
		expect(asked.map(([, at]) => at)).toEqual([5_000, 5_750, 7_250, 27_250, 28_000, 48_000, 48_000]);
	});

	it('grows where the result is throttled too', async () => {
		const { clock, wait, asked } = service([{ status: 'COMPLETED' }], [429, { status: 'PROCESSING' }, done]);
		await clock.drive(wait());
		expect(asked.map(([, at]) => at)).toEqual([5_000, 5_000, 5_750, 15_750, 15_750]);
	});

	it.each([
		[40_000, 60_000],
		[90_000, 90_000],
	])('of %d ms grows to %d ms', async (pollInterval, longest) => {
		const { clock, wait, asked, began } = service([429, queued, { status: 'COMPLETED' }]);
		await clock.drive(wait({ pollInterval, deadline: began + 900_000 }));
		expect(asked.map(([, at]) => at - pollInterval)).toEqual([0, 750, 750 + longest, 750 + longest]);
	});
});

it.each<[string, Given[], Given[], object]>([
	[
		'a status that nobody knows',
		[{ status: 'on hold' }],
		[],
		{ message: 'Segmind gave an answer that names an unknown status, ON HOLD' },
	],
	['no status', ['[]'], [], { message: 'Segmind gave an answer that is not what is documented' }],
	['a result that is no JSON', [{ status: 'COMPLETED' }], ['<'], { message: /not what is documented$/ }],
	['a refusal', [403], [], { kind: 'answer', details: { httpStatus: 403 } }],
	[
		'a result without a video',
		[{ status: 'COMPLETED' }],
		[{ status: 'COMPLETED' }],
		{ kind: 'media', message: "The request is finished, but Segmind's answer names no video" },
	],
	[
		'a result with another address',
		[{ status: 'COMPLETED' }],
		[{ output: 'file:///x' }],
		{ kind: 'media', message: /names a video address that is not a plain http\(s\) one$/ },
	],
	[
		'a result that has failed after all',
		[{ status: 'COMPLETED' }],
		[{ status: 'FAILED', error: 'no person' }],
		{ kind: 'failed', message: 'Segmind could not make the video: no person' },
	],
])('ends with %s', async (_name, statuses, results, expected) => {
	const { clock, wait } = service(statuses, results);
	const error = await thrown(clock.drive(wait()));
	const { message, ...rest } = expected as { message?: string | RegExp };
	expect(error).toMatchObject(rest);
	if (message) expect((error as Error).message).toMatch(message);
});

describe('a failed job', () => {
	it.each<[string, object, Given, string, number]>([
		['with its reason', { error: 'no person' }, 500, ': no person', 1],
		['whose reason only the result tells', {}, { status: 'FAILED', error: 'no person' }, ': no person', 2],
		['whose reason nobody tells', {}, { status: 'FAILED' }, '', 2],
		['whose result is not to be had', {}, 404, '', 2],
		['whose result says something else', {}, done, '', 2],
	])('%s', async (_name, fields, result, reason, requests) => {
		const { run, clock, asked } = service([{ status: 'FAILED', ...fields }], [result]);
		expect(await thrown(readState(run, 'a-1', clock.now() + 1))).toMatchObject({
			kind: 'failed',
			message: `Segmind could not make the video${reason}`,
			details: { status: 'FAILED' },
		});
		expect(asked).toHaveLength(requests);
	});
});

it('names the last status after a stop', async () => {
	const { clock, wait, stop, asked } = service([{ status: 'PROCESSING' }]);
	void clock.sleep(7_000).then(stop);
	expect(await thrown(clock.drive(wait()))).toMatchObject({ kind: 'stopped', details: { status: 'PROCESSING' } });
	expect(asked).toHaveLength(1);
});
