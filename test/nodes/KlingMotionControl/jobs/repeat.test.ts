import { repeat, settle, type Bounds } from '../../../../nodes/KlingMotionControl/jobs/repeat';
import { networkError, SegmindError, unreadableError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { thrown, virtualRun } from '../../../support/virtualRun';

const fault = networkError('poll', 'ECONNRESET');
const final = new SegmindError('answer', 'no', { description: '' });

/** Repeats what ends in each of these in turn, and gives what came of it and when each try was, in ms from the start. */
async function attempts(ends: unknown[], { deadline = Infinity, tries }: Partial<Bounds> = {}) {
	const { run, clock } = virtualRun();
	const began = clock.now();
	const at: number[] = [];
	const faults: SegmindError[] = [];
	const work = repeat(
		run,
		{ deadline: began + deadline, tries },
		async () => {
			at.push(clock.now() - began);
			const end = ends[Math.min(at.length, ends.length) - 1];
			if (end instanceof Error) throw end;
			return end;
		},
		(error) => void faults.push(error),
	);
	return { outcome: await clock.drive(settle(() => work)), at, faults };
}

it.each<[string, unknown[], Partial<Bounds>, object, number[]]>([
	['gives the first value', [5], {}, { value: 5 }, [0]],
	['gives a value that is undefined', [undefined], {}, { value: undefined }, [0]],
	['repeats with longer and longer pauses', [fault, fault, fault, 5], {}, { value: 5 }, [0, 750, 2_250, 5_250]],
	['ends with what may not be repeated', [fault, final], {}, { error: final }, [0, 750]],
	['ends with an error of another kind', [new TypeError('x')], {}, { error: new TypeError('x') }, [0]],
	['ends after so many tries', [fault], { tries: 3 }, { error: fault }, [0, 750, 2_250]],
	['ends after one try', [fault], { tries: 1 }, { error: fault }, [0]],
	['ends where the next try would be at the deadline', [fault], { deadline: 2_250 }, { error: fault }, [0, 750]],
	['tries until just before the deadline', [fault], { deadline: 2_251 }, { error: fault }, [0, 750, 2_250]],
])('%s', async (_name, ends, bounds, outcome, at) => {
	const result = await attempts(ends, bounds);
	expect(result.outcome).toEqual(outcome);
	expect(result.at).toEqual(at);
});

it('tells of each fault that is repeated', async () => {
	const other = unreadableError('poll', { status: 200, headers: { 'retry-after': '3' } }, 'x');
	const { faults, at } = await attempts([fault, other, final]);
	expect(faults).toEqual([fault, other]);
	expect(at).toEqual([0, 750, 4_250]);
});

describe('a stop', () => {
	it('comes before a try', async () => {
		const { run, stop } = virtualRun();
		stop();
		const attempt = jest.fn();
		expect(await thrown(repeat(run, { deadline: Infinity }, attempt))).toMatchObject({
			kind: 'stopped',
			message: 'Stopped before the video was there',
		});
		expect(attempt).not.toHaveBeenCalled();
	});

	it.each<[string, Error, string, string, boolean | undefined]>([
		['a GET', fault, 'stopped', 'Stopped before the video was there', undefined],
		[
			'a POST',
			networkError('submit', 'ECONNRESET'),
			'stopped',
			'Stopped before the video was there. The request may have been accepted and charged',
			true,
		],
		['an answer', final, 'answer', 'no', undefined],
	])('in the middle of %s', async (_name, error, kind, message, mayBeAccepted) => {
		const { run, stop } = virtualRun();
		const work = repeat(run, { deadline: Infinity }, async () => {
			stop();
			throw error;
		});
		const end = (await thrown(work)) as SegmindError;
		expect([end.kind, end.message, end.details.mayBeAccepted]).toEqual([kind, message, mayBeAccepted]);
		if (kind === 'stopped') expect(end.details.description).toMatch(/^Segmind cannot cancel/);
	});

	it('leaves an error of another kind as it is', async () => {
		const { run, stop } = virtualRun();
		const error = new TypeError('x');
		const work = repeat(run, { deadline: Infinity }, async () => {
			stop();
			throw error;
		});
		expect(await thrown(work)).toBe(error);
	});

	it('ends a pause', async () => {
		const { run, clock, stop } = virtualRun();
		const work = repeat(run, { deadline: Infinity }, async () => {
			throw fault;
		});
		const began = clock.now();
		void clock.sleep(100).then(stop);
		expect(await thrown(clock.drive(work))).toMatchObject({ kind: 'stopped' });
		expect(clock.now()).toBe(began + 100);
	});
});
