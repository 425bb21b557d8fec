import { Pace, type Errand } from '../../../../nodes/KlingMotionControl/jobs/pace';
import { answerError } from '../../../../nodes/KlingMotionControl/segmind/faults';
import { openExchanges, thrown, virtualSession } from '../../../support/virtualServices';

const refused = (status: number, headers: Record<string, string> = {}) =>
	answerError('submit', { status, headers, text: '' });

/** A pace in virtual time, and a way to send at it that notes when each POST went out, in ms from the start. */
function sender() {
	const { session, clock, began, stop } = virtualSession();
	const pace = new Pace(session.clock);
	const sent: Array<[string, number]> = [];
	/** @param took ms that the POST takes */
	const post = async (name: string, answer: Error | number, deadline = 600_000, took = 0, errand: Errand = 'submit') =>
		await pace.pass(errand, began + deadline, async () => {
			sent.push([name, clock.now() - began]);
			if (took > 0) await clock.sleep(took);
			if (answer instanceof Error) throw answer;
			await clock.sleep(answer);
			return name;
		});
	return { session, clock, began, stop, sent, post };
}

it('lets POSTs through together until one is throttled', async () => {
	const { clock, sent, post } = sender();
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
	const { session, clock, sent, post } = sender();
	expect(await thrown(post('a', refused(429, headers)))).toMatchObject({ details: { httpStatus: 429 } });
	await clock.drive(post('b', 0));
	await clock.drive(post('v1', 0, 600_000));
	expect(sent).toEqual([
		['a', 0],
		['b', wait],
		['v1', wait],
	]);
	expect(openExchanges(session.clock)).toBe(0);
});

it('waits longer with each refusal, and begins anew after a success', async () => {
	const { clock, sent, post } = sender();
	for (const answer of [refused(429), refused(429), refused(429), 0, refused(429), 0]) {
		await clock.drive(post('', answer).catch(() => {}));
	}
	expect(sent.map(([, at]) => at)).toEqual([0, 750, 2_250, 5_250, 5_250, 6_000]);
});

it.each([
	['a shorter wait', { 'retry-after': '1' }],
	['no wait', {}],
])('waits what an earlier answer asked for, though a later one asks for %s', async (_name, headers) => {
	const { clock, sent, post } = sender();
	const both = [
		post('a', refused(429, { 'retry-after': '60' }), 600_000, 100),
		post('b', refused(429, headers), 600_000, 200),
	];
	await clock.drive(Promise.allSettled(both));
	await clock.drive(post('c', 0));
	expect(sent.slice(0, 2)).toEqual([
		['a', 0],
		['b', 0],
	]);
	expect(sent[2]?.[1]).toBeGreaterThanOrEqual(100 + 60_000);
});

it('waits anew where it was closed again in the meantime', async () => {
	const { clock, sent, post } = sender();
	const slow = post('slow', refused(429, { 'retry-after': '60' }), 600_000, 500);
	await thrown(post('a', refused(429)));
	const waiting = post('v1', 0, 600_000);
	await clock.drive(Promise.allSettled([slow, waiting]));
	// a was refused at 0, so that its backoff ends at 750; slow was refused at 500
	expect(sent).toEqual([
		['slow', 0],
		['a', 0],
		['v1', 60_500 + 500],
	]);
});

it('sends one after another once one was throttled, though some of them fail', async () => {
	const { clock, sent, post } = sender();
	await thrown(post('a', refused(429)));
	const all = Promise.allSettled([post('b', 100), post('c', refused(500)), post('d', 100), post('v1', 0, 600_000)]);
	expect((await clock.drive(all)).map(({ status }) => status)).toEqual([
		'fulfilled',
		'rejected',
		'fulfilled',
		'fulfilled',
	]);
	expect(sent).toEqual([
		['a', 0],
		['b', 750],
		['c', 850],
		['d', 850],
		['v1', 950],
	]);
});

it.each([
	['another refusal', refused(503)],
	['an error of another kind', new Error('x')],
])('does not close after %s', async (_name, error) => {
	const { clock, sent, post } = sender();
	expect(await thrown(post('a', error))).toBe(error);
	await clock.drive(Promise.all([post('b', 100), post('c', 100)]));
	expect(sent.map(([, at]) => at)).toEqual([0, 0, 0]);
});

describe('the deadline', () => {
	it('is not waited for where it comes before the end of the wait: nothing is sent', async () => {
		const { session, clock, began, sent, post } = sender();
		await thrown(post('a', refused(429, { 'retry-after': '60' })));
		expect(await thrown(clock.drive(post('b', 0, 5_000)))).toMatchObject({
			kind: 'timeout',
			message: "The request was not sent: Segmind's rate limit was reached, and the timeout comes before it is lifted",
			details: { accepted: 'no', httpStatus: 429, description: expect.stringMatching(/^This item was not charged\./) },
		});
		expect(clock.now()).toBe(began);
		expect(sent).toHaveLength(1);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it.each([
		[200, true],
		[199, false],
		[0, false],
		[-1, false],
	])('in %d ms lets a POST through: %p', async (deadline, passes) => {
		const { sent, post, clock } = sender();
		const work = clock.drive(post('a', 0, deadline));
		if (passes) {
			expect(await work).toBe('a');
		} else {
			const error = await thrown(work);
			expect(error).toMatchObject({
				kind: 'timeout',
				message: 'The request was not sent: no time was left before the timeout',
				details: { accepted: 'no', description: expect.stringMatching(/^This item was not charged\./) },
			});
			expect((error as { details: object }).details).not.toHaveProperty('httpStatus');
		}
		expect(sent).toHaveLength(passes ? 1 : 0);
	});

	it.each([
		[7_700, true],
		[7_699, false],
	])('in %d ms lets a POST through after a wait of 7500 ms: %p', async (deadline, passes) => {
		const { sent, post, clock } = sender();
		await thrown(post('a', refused(429, { 'retry-after': '7' })));
		const work = clock.drive(post('b', 0, deadline));
		if (passes) expect(await work).toBe('b');
		else expect(await thrown(work)).toMatchObject({ kind: 'timeout', details: { httpStatus: 429 } });
		expect(sent).toHaveLength(passes ? 2 : 1);
	});

	it('names the rate limit where a timer that is late after waiting for it left no time', async () => {
		const { session, clock } = virtualSession();
		const timeIsUp = async (ms: number, signal: AbortSignal) => await session.clock.timeIsUp(ms + 900, signal);
		const late = { now: () => clock.now(), random: () => 0, timeIsUp };
		const pace = new Pace(Object.assign(Object.create(session.clock), late));
		const send = async (error: Error) =>
			await pace.pass('submit', clock.now() + 8_000, async () => await Promise.reject(error));
		await thrown(send(refused(429, { 'retry-after': '7' })));
		const error = await thrown(clock.drive(send(refused(500))));
		expect(error).toMatchObject({ kind: 'timeout', details: { accepted: 'no', httpStatus: 429 } });
	});

	it('ends the turn of those that wait for each other', async () => {
		const { sent, post, clock } = sender();
		await thrown(post('a', refused(429)));
		// b is sent at 750 and takes longer than others wait for it, which is 2 s
		const all = Promise.allSettled([post('b', 10_000), post('c', 0, 2_900), post('d', 0)]);
		const outcomes = await clock.drive(all);
		expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(sent).toEqual([
			['a', 0],
			['b', 750],
			['d', 2_750],
		]);
	});
});

it('sends nothing after a stop', async () => {
	const { session, clock, stop, sent, post } = sender();
	await thrown(post('a', refused(429)));
	const waiting = post('b', 0);
	stop();
	expect(await thrown(clock.drive(waiting))).toMatchObject({ kind: 'stopped', details: { accepted: 'no' } });
	expect(await thrown(post('c', 0))).toMatchObject({ kind: 'stopped', details: { accepted: 'no' } });
	expect(sent).toHaveLength(1);
	expect(openExchanges(session.clock)).toBe(0);
});

describe('the order', () => {
	it('is purchases, results, looks that are due, and others in half of the limit', async () => {
		const { clock, sent, post } = sender();
		for (let n = 0; n < 5; n++) await clock.drive(post('first', 0));
		await thrown(post('refused', refused(429, { 'retry-after': '7' }), 600_000, 0, 'due'));
		const send = async (errand: Errand) => await post(errand, 10, 600_000, 0, errand);
		await clock.drive(Promise.all([send('early'), send('due'), send('result'), send('submit')]));
		expect(sent.slice(6)).toEqual([
			['submit', 7_500],
			['result', 7_510],
			['due', 7_520],
			['early', 67_510],
		]);
	});

	it('does not hold polls up that do not count: one of them tells', async () => {
		const { clock, sent, post } = sender();
		await thrown(post('refused', refused(429, { 'retry-after': '7' })));
		const waiting = post('submit', 0);
		await clock.drive(post('poll', 10, 600_000, 0, 'due'));
		await clock.drive(post('another', 10, 600_000, 0, 'due'));
		await clock.drive(waiting);
		expect(sent.slice(1)).toEqual([
			['poll', 0],
			['another', 10],
			['submit', 7_500],
		]);
	});

	it('lets a poll out at its deadline', async () => {
		const { clock, sent, post } = sender();
		await thrown(post('refused', refused(429, { 'retry-after': '60' }), 600_000, 0, 'due'));
		await clock.drive(post('last', 0, 20_000, 0, 'due'));
		expect(sent.slice(1)).toEqual([['last', 20_000]]);
	});
});
