import type { Known } from '../../../../nodes/KlingMotionControl/jobs/known';
import { Ledger } from '../../../../nodes/KlingMotionControl/jobs/ledger';
import { orderOf, virtualSession } from '../../../support/virtualServices';

const URL = 'https://images.segmind.test/a.mp4';
const ORDER = orderOf();
const ANOTHER = orderOf({ body: { prompt: 'another' } });

/** A ledger whose item 0 is in doubt, and that knows this of an item 1 with that order. */
function twoItems({ known = {}, order = ORDER, isMade = false }: { known?: Known; order?: object; isMade?: boolean }) {
	const { session, clock } = virtualSession();
	const ledger = new Ledger(session.context, () => clock.now());
	const own = ledger.key(0, ORDER);
	ledger.open(own);
	ledger.add(own, { doubt: { message: 'x' } });
	clock.pass(1_000);
	const other = ledger.key(1, order as typeof ORDER);
	ledger.open(other);
	if (Object.keys(known).length > 0) ledger.add(other, known);
	if (isMade) void ledger.announce(other, new Promise(() => {}));
	return { ledger, own, other, sentAt: clock.now() };
}

// in the history, rows of equal items look alike: whose is whose shows once the others know theirs
describe('an equal request of another item, whose answer is to be waited for,', () => {
	it.each<[string, Parameters<typeof twoItems>[0], boolean]>([
		['is one that is being made', { isMade: true }, true],
		['is none that knows its id', { isMade: true, known: { requestId: 'a' } }, false],
		['is none that has its video', { isMade: true, known: { finished: { metrics: {} } } }, false],
		['is none whose answer was lost', { isMade: true, known: { doubt: { message: 'x' } } }, false],
		['is none that an earlier try made', {}, false],
		['is none with another order', { isMade: true, order: ANOTHER }, false],
	])('%s', (_which, given, isOnItsWay) => {
		const { ledger, own } = twoItems(given);
		expect(ledger.isEqualOnItsWay(own)).toBe(isOnItsWay);
	});

	it('is not the one that asks', () => {
		const { ledger, other } = twoItems({ isMade: true });
		expect(ledger.isEqualOnItsWay(other)).toBe(false);
	});
});

describe('an equal purchase that was answered without an id', () => {
	it.each<[string, Parameters<typeof twoItems>[0], string[] | undefined]>([
		['has a URL', { known: { finished: { video: { url: URL }, metrics: {} } } }, [URL]],
		['has bytes that are stored', { known: { finished: { metrics: {} } } }, []],
		['is none where it has an id', { known: { requestId: 'a', finished: { metrics: {} } } }, undefined],
		['is none where it is not finished', { known: { doubt: { message: 'x' } } }, undefined],
		['is none with another order', { order: ANOTHER, known: { finished: { metrics: {} } } }, undefined],
	])('%s', (_which, given, urls) => {
		const { ledger, own, sentAt } = twoItems(given);
		expect(ledger.unnamedLike(own)).toEqual(urls ? [{ at: sentAt, url: urls[0] }] : []);
	});
});
