import { interrupted, repeat, settle, type Bounds } from '../../../../nodes/KlingMotionControl/jobs/repeat';
import { answerError, networkError, unreadableError } from '../../../../nodes/KlingMotionControl/segmind/faults';
import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import { openExchanges, thrown, virtualSession } from '../../../support/virtualServices';

const fault = networkError('poll', { code: 'ECONNRESET' });
const final = new SegmindError('answer', 'no', { description: '', accepted: 'no' });
const limited = new SegmindError('answer', 'so often', { description: '', accepted: 'no', repeats: 2 });

/** Repeats what ends in each of these in turn, and gives what came of it and when each try was, in ms from the start. */
async function attempts(ends: unknown[], { deadline = Infinity, tries }: Partial<Bounds> = {}) {
	const { session, clock, began } = virtualSession();
	const at: number[] = [];
	const faults: Array<[SegmindError, number]> = [];
	const onFault = (error: SegmindError, wait: number) => void faults.push([error, wait]);
	const work = repeat(
		session.clock,
		{ deadline: began + deadline, ...(tries !== undefined && { tries }), onFault },
		async () => {
			at.push(clock.now() - began);
			const end = ends[Math.min(at.length, ends.length) - 1];
			if (end instanceof Error) throw end;
			return end;
		},
	);
	const outcome = await clock.drive(settle(() => work));
	expect(openExchanges(session.clock)).toBe(0);
	return { outcome, at, faults };
}

it.each<[string, unknown[], Partial<Bounds>, object, number[]]>([
	['gives the first value', [5], {}, { value: 5 }, [0]],
	['gives a value that is undefined', [undefined], {}, { value: undefined }, [0]],
	['repeats with longer and longer pauses', [fault, fault, fault, 5], {}, { value: 5 }, [0, 750, 2_250, 5_250]],
	['ends with what may not be repeated', [fault, final], {}, { error: final }, [0, 750]],
	['ends with what may not be repeated so often', [limited], {}, { error: limited }, [0, 750, 2_250]],
	['counts all tries', [fault, fault, limited], {}, { error: limited }, [0, 750, 2_250]],
	['ends with an error of another kind', [new TypeError('x')], {}, { error: new TypeError('x') }, [0]],
	['ends after so many tries', [fault], { tries: 3 }, { error: fault }, [0, 750, 2_250]],
	['ends after one try', [fault], { tries: 1 }, { error: fault }, [0]],
	['ends where the next try would be at the deadline', [fault], { deadline: 2_250 }, { error: fault }, [0, 750]],
	['tries until just before the deadline', [fault], { deadline: 2_251 }, { error: fault }, [0, 750, 2_250]],
])('%s', async (_name, ends, bounds, outcome, at) => {
	const result = await attempts(ends, bounds);
	expect(result.outcome).toEqual(outcome);
	if ('error' in outcome && outcome.error instanceof SegmindError) {
		expect(result.outcome).toEqual({ error: expect.any(SegmindError) });
		expect((result.outcome as { error: unknown }).error).toBe(outcome.error);
	}
	expect(result.at).toEqual(at);
});

it('tells of each fault that is repeated, with the wait before the next try', async () => {
	const other = unreadableError('poll', { status: 200, headers: { 'retry-after': '3' }, text: '' }, 'x');
	const { faults, at } = await attempts([fault, other, final]);
	expect(faults).toEqual([
		[fault, 750],
		[other, 3_500],
	]);
	expect(at).toEqual([0, 750, 4_250]);
});

it('does not wait less where a later answer does not say what an earlier one asked for', async () => {
	const asking = answerError('poll', { status: 503, headers: { 'retry-after': '60' }, text: '' });
	const { at } = await attempts([asking, fault, 5]);
	expect(at[1]).toBeGreaterThanOrEqual(60_000);
	expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(60_000);
});

describe('a stop', () => {
	it('comes before a try', async () => {
		const { session, stop } = virtualSession();
		stop();
		const attempt = jest.fn();
		expect(await thrown(repeat(session.clock, { deadline: Infinity }, attempt))).toMatchObject({
			kind: 'stopped',
			message: 'Stopped before the video was ready',
			details: { accepted: 'no' },
		});
		expect(attempt).not.toHaveBeenCalled();
	});

	it.each<[string, SegmindError, string, string, string]>([
		['a GET of a job', fault, 'stopped', 'Stopped before the video was ready', 'yes'],
		[
			'an upload',
			networkError('upload', { code: 'ECONNRESET' }),
			'stopped',
			'Stopped before the video was ready',
			'no',
		],
		[
			'a POST',
			networkError('submit', { code: 'ECONNRESET' }),
			'stopped',
			'Stopped before the video was ready. The request may have been accepted and charged',
			'maybe',
		],
		[
			'a POST that never left',
			networkError('submit', { code: 'ECONNRESET', syscall: 'connect' }),
			'stopped',
			'Stopped before the video was ready',
			'no',
		],
		['an answer', final, 'answer', 'no', 'no'],
	])('in the middle of %s', async (_name, error, kind, message, accepted) => {
		const { session, stop } = virtualSession();
		const work = repeat(session.clock, { deadline: Infinity }, async () => {
			stop();
			throw error;
		});
		const end = (await thrown(work)) as SegmindError;
		expect([end.kind, end.message, end.details.accepted]).toEqual([kind, message, accepted]);
		if (kind === 'stopped') expect(end.details.description).toMatch(/^Segmind cannot cancel/);
	});

	it('keeps the id that was known', () => {
		const { session, stop } = virtualSession();
		const known = networkError('submit', { code: 'ECONNRESET' }, '{"request_id":"a","st');
		expect(interrupted(session.clock, known)).toBe(known);
		stop();
		expect(interrupted(session.clock, known)).toMatchObject({
			kind: 'stopped',
			details: { accepted: 'maybe', requestId: 'a' },
		});
	});

	it('leaves an error of another kind as it is', async () => {
		const { session, stop } = virtualSession();
		const error = new TypeError('x');
		const work = repeat(session.clock, { deadline: Infinity }, async () => {
			stop();
			throw error;
		});
		expect(await thrown(work)).toBe(error);
	});

	it('ends a pause', async () => {
		const { session, clock, began, stop } = virtualSession();
		const work = repeat(session.clock, { deadline: Infinity }, async () => {
			throw fault;
		});
		void clock.sleep(100).then(stop);
		expect(await thrown(clock.drive(work))).toMatchObject({ kind: 'stopped' });
		expect(clock.now()).toBe(began + 100);
		expect(openExchanges(session.clock)).toBe(0);
	});
});
