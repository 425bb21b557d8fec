import { Ledger, type Submitted } from '../../../../nodes/KlingMotionControl/jobs/ledger';
import { virtualRun } from '../../../support/virtualRun';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const finished = { video: { url: 'https://images.segmind.test/a.mp4' }, metrics: {} };
const binary = { data: '', mimeType: 'video/mp4' };

describe('the key', () => {
	const { run } = virtualRun();

	it('tells runs, items and contents apart', () => {
		const key = run.ledger.key(3, ['a']);
		expect(key).toMatch(/^0:3:[\da-f]{64}$/);
		expect(run.ledger.key(3, ['a'])).toBe(key);
		const others = [
			run.ledger.key(4, ['a']),
			run.ledger.key(3, ['b']),
			virtualRun({ runIndex: 1 }).run.ledger.key(3, ['a']),
		];
		expect(new Set([key, ...others]).size).toBe(4);
	});
});

describe('what is known', () => {
	it('is in the context of the node, as it became known', () => {
		const { run, stored, clock } = virtualRun();
		expect(run.ledger.recall('k')).toBeUndefined();
		run.ledger.open('k');
		const opened = { executionId: '1', submittedAt: clock.now() };
		expect(stored).toEqual({ segmindRequests: { k: opened } });
		run.ledger.add('k', { requestId: 'a' });
		run.ledger.add('k', { finished });
		expect(stored).toEqual({ segmindRequests: { k: { ...opened, requestId: 'a', finished } } });
		expect(new Ledger(run.context, clock).recall('k')).toMatchObject({ requestId: 'a', finished });
		run.ledger.forget('k');
		expect(stored).toEqual({ segmindRequests: {} });
	});

	it.each<[string, Submitted, number]>([
		['a request in doubt', {}, 0],
		['a request in doubt with its error', { doubt: { message: 'x' } }, 0],
		['a request', { requestId: 'a' }, HOUR],
		['a finished request without an address', { requestId: 'a', finished: { metrics: {} } }, HOUR],
		['a finished request', { requestId: 'a', finished }, 7 * DAY],
		['a stored video', { finished: { metrics: {} }, binary }, 7 * DAY],
	])('of %s lives as long as Segmind keeps it, for another execution', async (_name, known, life) => {
		const first = virtualRun();
		const { clock, stored } = first;
		first.run.ledger.open('k');
		first.run.ledger.add('k', known);
		const later = virtualRun({ clock, stored, executionId: '2' }).run.ledger;
		if (life > 0) {
			await clock.drive(clock.sleep(life - 1));
			expect(later.recall('k')).toMatchObject(known);
			await clock.drive(clock.sleep(1));
		}
		expect(first.run.ledger.recall('k')).toMatchObject(known);
		expect(later.recall('k')).toBeUndefined();
		expect(stored).toEqual({ segmindRequests: {} });
	});

	it('outlives a clock that was put back', () => {
		const { clock, stored, run } = virtualRun();
		run.ledger.open('k');
		run.ledger.add('k', { requestId: 'a' });
		const entry = (stored as { segmindRequests: Record<string, { submittedAt: number }> }).segmindRequests.k;
		if (entry) entry.submittedAt += DAY;
		expect(virtualRun({ clock, stored, executionId: '2' }).run.ledger.recall('k')).toMatchObject({ requestId: 'a' });
	});
});

it('lists the requests of this run that have an id, by item', () => {
	const { run, stored, clock } = virtualRun();
	const { ledger } = run;
	for (const [itemIndex, requestId] of [
		[0, 'a'],
		[1, undefined],
		[12, 'b'],
	] as const) {
		const key = ledger.key(itemIndex, 'x');
		ledger.open(key);
		ledger.add(key, { requestId });
	}
	const another = virtualRun({ clock, stored, runIndex: 1 }).run.ledger;
	another.open(another.key(0, 'x'));
	another.add(another.key(0, 'x'), { requestId: 'c' });
	expect(ledger.requestIds()).toEqual([
		{ itemIndex: 0, requestId: 'a' },
		{ itemIndex: 12, requestId: 'b' },
	]);
	expect(another.requestIds()).toEqual([{ itemIndex: 0, requestId: 'c' }]);
});

it.each([
	['n8n-nodes-segmind.klingMotionControl', false],
	['n8n-nodes-segmind.klingMotionControlTool', true],
	['Tools.klingMotionControl', false],
])('as %s, takes the same request of a later run for the same one: %p', (nodeType, same) => {
	const [first, second] = [0, 1].map((runIndex) => virtualRun({ nodeType, runIndex }).run.ledger.key(0, 'x'));
	expect(first === second).toBe(same);
});
