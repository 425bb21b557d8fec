import type { Known } from '../../../../nodes/KlingMotionControl/jobs/known';
import { Ledger } from '../../../../nodes/KlingMotionControl/jobs/ledger';
import { orderOf, virtualSession, type VirtualServices } from '../../../support/virtualServices';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const TOOL = { nodeType: 'n8n-nodes-segmind.klingMotionControlTool' };
const finished = { video: { url: 'https://images.segmind.test/a.mp4' }, metrics: {} };

/** The ledger of one run. */
function ledgerOf(services: VirtualServices = {}) {
	const { session, clock, stored } = virtualSession(services);
	return { ledger: new Ledger(session.context, () => clock.now()), clock, stored };
}

/** The ledgers of an execution that bought under `k`, and of a later one, so many ms after that. */
async function after(age: number, known: Known) {
	const first = ledgerOf();
	const { clock, stored } = first;
	first.ledger.open('k');
	first.ledger.add('k', known);
	if (age > 0) await clock.drive(clock.sleep(age));
	return { first: first.ledger, later: ledgerOf({ clock, stored, executionId: '2' }).ledger, clock };
}

describe('a request of an earlier execution that only the history knows by now', () => {
	it.each<[string, Known, number, string | undefined]>([
		['is not one that the polls still know', { requestId: 'a' }, HOUR - 1, undefined],
		['is one from the hour at which they forget it', { requestId: 'a' }, HOUR, 'a'],
		['is one whose video is still there', { requestId: 'a' }, 7 * DAY - 1, 'a'],
		['is not one whose video is gone', { requestId: 'a' }, 7 * DAY, undefined],
		['is not one that is finished', { requestId: 'a', finished }, 2 * HOUR, undefined],
		['is not one in doubt', {}, 2 * HOUR, undefined],
	])('%s', async (_which, known, age, requestId) => {
		const { first, later } = await after(age, known);
		expect(later.outlived('k')).toBe(requestId);
		// its own execution goes on with it in any case
		expect(first.outlived('k')).toBeUndefined();
		expect(later.outlived('another')).toBeUndefined();
	});

	it('is taken over: it goes on as of now, and this execution does not pay for it', async () => {
		const { later, clock } = await after(2 * HOUR, { requestId: 'a' });
		expect(later.recall('k')).toBeUndefined();
		later.takeOver('k');
		expect(later.recall('k')).toEqual({ executionId: '2', submittedAt: clock.now(), requestId: 'a', free: true });
		expect(later.bought).toBe(0);
	});

	it('is not taken over where it was forgotten meanwhile', async () => {
		const { first, later } = await after(2 * HOUR, { requestId: 'a' });
		first.forget('k');
		later.takeOver('k');
		expect(later.isEmpty).toBe(true);
	});
});

it.each<[string, Known, boolean]>([
	['v1, in doubt', { blocking: true, doubt: { message: 'x' } }, true],
	['v2, in doubt', { doubt: { message: 'x' } }, false],
])('knows which version was asked: %s', async (_which, known, isBlocking) => {
	const { first } = await after(0, known);
	expect(first.isBlocking('k')).toBe(isBlocking);
	expect(first.isBlocking('another')).toBe(false);
});

it('forgets a failed request once, though two calls see that it failed', () => {
	const { ledger } = ledgerOf();
	ledger.open('k');
	ledger.add('k', { requestId: 'a' });
	for (let call = 0; call < 2; call++) ledger.forget('k', 'a');
	expect([ledger.isEmpty, ledger.bought]).toEqual([true, 0]);
});

describe('the purchases of this run', () => {
	it('are not those that an earlier execution left behind and Segmind does not know any more', async () => {
		const first = ledgerOf();
		const { clock, stored } = first;
		for (const itemIndex of [0, 1]) first.ledger.open(first.ledger.key(itemIndex, orderOf()));
		first.ledger.add(first.ledger.key(1, orderOf()), { requestId: 'a' });
		const later = ledgerOf({ clock, stored, executionId: '2' }).ledger;
		expect(later.ofThisRun()).toMatchObject([{ itemIndex: 1, requestId: 'a' }]);
		expect(later.ofThisRun(0)).toEqual([]);
	});

	it("are not those of a tool's other calls", () => {
		const mine = ledgerOf(TOOL);
		const { clock, stored } = mine;
		const theirs = ledgerOf({ ...TOOL, clock, stored, runIndex: 1 });
		for (const [{ ledger }, prompt] of [
			[mine, 'mine'],
			[theirs, 'theirs'],
		] as const) {
			const key = ledger.key(0, orderOf({ body: { prompt } }));
			ledger.open(key);
			ledger.add(key, { requestId: prompt });
		}
		expect(mine.ledger.ofThisRun()).toMatchObject([{ itemIndex: 0, requestId: 'mine' }]);
		expect(theirs.ledger.ofThisRun()).toMatchObject([{ itemIndex: 0, requestId: 'theirs' }]);
		expect([mine.ledger.ofThisRun().length, theirs.ledger.ofThisRun().length]).toEqual([1, 1]);
	});
});
