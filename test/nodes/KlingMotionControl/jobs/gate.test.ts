import { answerError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { thrown, virtualRun } from '../../../support/virtualRun';

const refused = (status: number, headers: Record<string, string> = {}) =>
	answerError('submit', { status, headers, text: '' });

/** A gate in virtual time, and a way to send through it that notes when each POST went out, in ms from the start. */
function gateway() {
	const { run, clock, stop } = virtualRun();
	const began = clock.now();
	const sent: Array<[string, number]> = [];
	const post = async (name: string, answer: Error | number, deadline = 600_000, oneByOne = true) =>
		await run.gate.pass(run, began + deadline, oneByOne, async () => {
			sent.push([name, clock.now() - began]);
			if (answer instanceof Error) throw answer;
			await clock.sleep(answer);
			return name;
		});
	return { clock, stop, sent, post };
}

it('lets POSTs through together until one is throttled', async () => {
	const { clock, sent, post } = gateway();
	expect(await clock.drive(Promise.all([post('a', 100), post('b', 100)]))).toEqual(['a', 'b']);
	expect(sent).toEqual([
		['a', 0],
		['b', 0],
	]);
});

it.each([
	['what the service asks for, and up to a second', { 'retry-after': '7' }, 7_500],
	['a backoff where it asks for nothing', {}, 750],
])('waits %s', async (_name, headers, wait) => {
	const { clock, sent, post } = gateway();
	expect(await thrown(post('a', refused(429, headers)))).toMatchObject({ details: { httpStatus: 429 } });
	await clock.drive(post('b', 0));
	await clock.drive(post('v1', 0, 600_000, false));
	expect(sent).toEqual([
		['a', 0],
		['b', wait],
		['v1', wait],
	]);
});

it('waits longer with each refusal, and begins anew after a success', async () => {
	const { clock, sent, post } = gateway();
	for (const answer of [refused(429), refused(429), refused(429), 0, refused(429), 0]) {
		await clock.drive(post('', answer).catch(() => {}));
	}
	expect(sent.map(([, at]) => at)).toEqual([0, 750, 2_250, 5_250, 5_250, 6_000]);
});

it('sends one after another once one was throttled, though some of them fail', async () => {
	const { clock, sent, post } = gateway();
	await thrown(post('a', refused(429)));
	const all = Promise.allSettled([
		post('b', 100),
		post('c', refused(500)),
		post('d', 100),
		post('v1', 0, 600_000, false),
	]);
	expect((await clock.drive(all)).map(({ status }) => status)).toEqual([
		'fulfilled',
		'rejected',
		'fulfilled',
		'fulfilled',
	]);
	expect(sent).toEqual([
		['a', 0],
		['v1', 750],
		['b', 750],
		['c', 850],
		['d', 850],
	]);
});

it.each([
	['another refusal', refused(503)],
	['an error of another kind', new Error('x')],
])('does not close after %s', async (_name, error) => {
	const { clock, sent, post } = gateway();
	expect(await thrown(post('a', error))).toBe(error);
	await clock.drive(Promise.all([post('b', 100), post('c', 100)]));
	expect(sent.map(([, at]) => at)).toEqual([0, 0, 0]);
});

it('waits no longer than the deadline', async () => {
	const { clock, sent, post } = gateway();
	await thrown(post('a', refused(429, { 'retry-after': '60' })));
	await clock.drive(post('b', 0, 5_000));
	expect(sent.at(-1)).toEqual(['b', 5_000]);
});

it('sends nothing after a stop', async () => {
	const { clock, stop, sent, post } = gateway();
	await thrown(post('a', refused(429)));
	const waiting = post('b', 0);
	stop();
	expect(await thrown(clock.drive(waiting))).toMatchObject({ kind: 'stopped' });
	expect(await thrown(post('c', 0))).toMatchObject({ kind: 'stopped' });
	expect(sent).toHaveLength(1);
});
