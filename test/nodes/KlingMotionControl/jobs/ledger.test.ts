import { isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';

import type { Known } from '../../../../nodes/KlingMotionControl/jobs/known';
import { Ledger } from '../../../../nodes/KlingMotionControl/jobs/ledger';
import type { Order } from '../../../../nodes/KlingMotionControl/jobs/order';
import { Uploads } from '../../../../nodes/KlingMotionControl/jobs/uploads';
import { MODELS, type Model } from '../../../../nodes/KlingMotionControl/segmind/models';
import { fileOf, orderOf, virtualSession, type VirtualServices } from '../../../support/virtualServices';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const finished = { video: { url: 'https://images.segmind.test/a.mp4' }, metrics: {} };
const binary = { data: '', mimeType: 'video/mp4' };

/** The ledger of one run. */
function ledgerOf(services: VirtualServices = {}) {
	const { session, clock, stored } = virtualSession(services);
	const { context } = session;
	return { ledger: new Ledger(context, () => clock.now()), session, context, clock, stored };
}

describe('the key', () => {
	const order = orderOf({ body: { image_url: 'https://a.test/i', video_url: 'https://a.test/v' } });

	it('tells runs and items apart', () => {
		const { ledger } = ledgerOf();
		const key = ledger.key(3, order);
		expect(key).toMatch(/^0:3:[\da-f]{64}$/);
		expect(ledger.key(3, order)).toBe(key);
		const others = [ledger.key(4, order), ledgerOf({ runIndex: 1 }).ledger.key(3, order)];
		expect(new Set([key, ...others]).size).toBe(3);
		// their orders are the same all the same
		expect(new Set([key, ...others].map((each) => each.split(':')[2])).size).toBe(1);
	});

	it('is another one for another model, body or file, in its own place', () => {
		const { ledger } = ledgerOf();
		const files = { image: fileOf('a'), video: fileOf('b') };
		const orders: Order[] = [
			order,
			{ ...order, model: 'kling-2.6-pro-motion-control' },
			orderOf({ body: { ...order.body, prompt: 'q' } }),
			orderOf({ body: { ...order.body, character_orientation: 'image' } }),
			orderOf({ body: { ...order.body, keep_original_sound: false } }),
			orderOf({ body: { ...order.body, image_url: 'https://a.test/j' } }),
			orderOf({ body: { ...order.body, video_url: 'https://a.test/w' } }),
			orderOf({ body: { image_url: order.body.video_url, video_url: order.body.image_url } }),
			orderOf(),
			orderOf({ files }),
			orderOf({ files: { image: files.image } }),
			orderOf({ files: { video: files.video } }),
			orderOf({ files: { image: files.video, video: files.image } }),
			orderOf({ files: { ...files, image: fileOf('c') } }),
			orderOf({ files: { ...files, video: fileOf('c') } }),
		];
		expect(new Set(orders.map((each) => ledger.key(0, each))).size).toBe(orders.length);
	});

	it('counts a file by its content, wherever n8n keeps it', () => {
		const { ledger } = ledgerOf();
		const image = fileOf('a');
		const elsewhere = {
			...image,
			binary: { id: 'filesystem-v2:x', data: 'filesystem-v2', fileName: 'b.png', mimeType: 'image/jpeg' },
			mimeType: 'image/jpeg',
		};
		expect(ledger.key(0, orderOf({ files: { image: elsewhere } }))).toBe(ledger.key(0, orderOf({ files: { image } })));
	});

	it('is the same whenever it is computed: later, and after an upload', async () => {
		const { ledger, session, clock } = ledgerOf({
			answers: { upload: [{ body: { urls: ['https://files.test/1'] } }, { body: { urls: ['https://files.test/2'] } }] },
		});
		const uploaded = orderOf({ files: { image: fileOf('a') } });
		const key = ledger.key(0, uploaded);
		for (const uploads of [new Uploads(session), new Uploads(session)]) {
			await uploads.bodyOf(0, uploaded, clock.now() + 1_000);
			await clock.drive(clock.sleep(DAY));
			expect(ledger.key(0, uploaded)).toBe(key);
		}
		expect(ledgerOf({ executionId: '2' }).ledger.key(0, uploaded)).toBe(key);
	});

	it('is the same exactly where the orders are', () => {
		const { ledger } = ledgerOf();
		const text = fc.constantFrom('', 'a', '"', '\u00e9', 'a,b', '["a"]');
		const file = fc.option(
			text.map((content) => fileOf(content)),
			{ nil: undefined },
		);
		const orders = fc.record({
			model: fc.constantFrom(...(Object.keys(MODELS) as Model[])),
			body: fc.record(
				{
					prompt: text,
					character_orientation: fc.constantFrom('video' as const, 'image' as const),
					keep_original_sound: fc.boolean(),
					image_url: text,
					video_url: text,
				},
				{ requiredKeys: ['prompt', 'character_orientation', 'keep_original_sound'] },
			),
			files: fc.record({ image: file, video: file }),
		});
		fc.assert(
			fc.property(orders, orders, (one, other) => {
				expect(ledger.key(0, one) === ledger.key(0, other)).toBe(isDeepStrictEqual(one, other));
				expect(ledger.key(0, structuredClone(one))).toBe(ledger.key(0, one));
			}),
			{ numRuns: 300 },
		);
	});
});

describe('what is known', () => {
	it('is in the context of the node, as it became known', () => {
		const { ledger, context, stored, clock } = ledgerOf();
		expect(ledger.recall('k')).toBeUndefined();
		ledger.open('k');
		const opened = { executionId: '1', submittedAt: clock.now() };
		expect(stored).toEqual({ segmindRequests: { k: opened } });
		ledger.add('k', { requestId: 'a' });
		ledger.add('k', { finished });
		expect(stored).toEqual({ segmindRequests: { k: { ...opened, requestId: 'a', finished } } });
		expect(new Ledger(context, () => clock.now()).recall('k')).toMatchObject({ requestId: 'a', finished });
		ledger.forget('k');
		expect(stored).toEqual({ segmindRequests: {} });
	});

	it.each<[string | undefined, boolean]>([
		['a', true],
		['b', false],
		[undefined, true],
	])('is forgotten of the request that is meant, %p: %p', (requestId, gone) => {
		const { ledger } = ledgerOf();
		ledger.open('k');
		ledger.add('k', { requestId: 'a' });
		ledger.open('other');
		ledger.forget('k', requestId);
		expect(ledger.recall('k') === undefined).toBe(gone);
		expect(ledger.recall('other')).toBeDefined();
	});

	it('is not forgotten of a request that is being sent, for the sake of an earlier one', () => {
		const { ledger } = ledgerOf();
		ledger.open('k');
		ledger.forget('k', 'a');
		expect(ledger.recall('k')).toBeDefined();
	});

	it.each<[string, Known, number]>([
		['a request in doubt', {}, 0],
		['a request in doubt with its error', { doubt: { message: 'x' } }, 0],
		['a request', { requestId: 'a' }, HOUR],
		['a request in doubt that has an id', { requestId: 'a', doubt: { message: 'x' } }, HOUR],
		['a finished request without a URL', { requestId: 'a', finished: { metrics: {} } }, HOUR],
		['a finished request', { requestId: 'a', finished }, 7 * DAY],
		['a stored video', { finished: { metrics: {} }, binary }, 7 * DAY],
	])('of %s lives as long as Segmind keeps it, for another execution', async (_name, known, life) => {
		const first = ledgerOf();
		const { clock, stored } = first;
		first.ledger.open('k');
		first.ledger.add('k', known);
		const later = ledgerOf({ clock, stored, executionId: '2' }).ledger;
		if (life > 0) {
			await clock.drive(clock.sleep(life - 1));
			expect(later.recall('k')).toMatchObject(known);
			await clock.drive(clock.sleep(1));
		}
		expect(first.ledger.recall('k')).toMatchObject(known);
		expect(later.recall('k')).toBeUndefined();
		expect(later.ofThisRun()).toEqual([]);
	});

	it('is of this execution where nothing was known before', () => {
		const { ledger, stored, clock } = ledgerOf();
		ledger.add('k', { requestId: 'a' });
		expect(stored).toEqual({
			segmindRequests: { k: { executionId: '1', submittedAt: clock.now(), requestId: 'a' } },
		});
		expect(ledger.recall('k')).toMatchObject({ requestId: 'a' });
	});

	it('has what a POST in doubt asked for, as long as there is no id', () => {
		const { ledger, stored, clock } = ledgerOf();
		const sent = orderOf().body;
		const opened = { executionId: '1', submittedAt: clock.now() };
		ledger.open('k', sent);
		ledger.add('k', { doubt: { message: 'x' } });
		expect(stored).toEqual({ segmindRequests: { k: { ...opened, sent, doubt: { message: 'x' } } } });
		expect(ledger.doubtOf('k')).toEqual({ at: clock.now(), sent });
		ledger.add('k', { requestId: 'a' });
		expect(stored).toEqual({ segmindRequests: { k: { ...opened, requestId: 'a', doubt: { message: 'x' } } } });
		expect(ledger.doubtOf('k')).toBeUndefined();
		expect(ledger.doubtOf('l')).toBeUndefined();
	});

	it('counts what this execution bought, or may have, and knows the ids of all', () => {
		const first = ledgerOf();
		expect([first.ledger.isEmpty, first.ledger.bought]).toEqual([true, 0]);
		first.ledger.open('doubt');
		first.ledger.open('known');
		first.ledger.add('known', { requestId: 'a' });
		first.ledger.open('found');
		first.ledger.add('found', { requestId: 'b', free: true });
		expect([first.ledger.isEmpty, first.ledger.bought]).toEqual([false, 2]);
		const { clock, stored } = first;
		const later = ledgerOf({ clock, stored, executionId: '2' }).ledger;
		expect([later.isEmpty, later.bought]).toEqual([false, 0]);
		expect(['a', 'b', 'c'].map((id) => later.has((known) => known === id))).toEqual([true, true, false]);
	});

	it('outlives a clock that was put back', () => {
		const { clock, stored, ledger } = ledgerOf();
		ledger.open('k');
		ledger.add('k', { requestId: 'a' });
		const entry = (stored as { segmindRequests: Record<string, { submittedAt: number }> }).segmindRequests.k;
		if (entry) entry.submittedAt += DAY;
		expect(ledgerOf({ clock, stored, executionId: '2' }).ledger.recall('k')).toMatchObject({ requestId: 'a' });
	});
});

describe('a purchase that is being made', () => {
	it('is known to all that share the context, until it is made', async () => {
		const { ledger, stored } = ledgerOf();
		const equal = ledgerOf({ stored }).ledger;
		const other = ledgerOf().ledger;
		let make: (known: Known) => void = () => {};
		const purchase = new Promise<Known>((resolve) => (make = resolve));
		const announced = ledger.announce('k', purchase);
		expect(equal.purchaseUnderWay('k')).toBe(purchase);
		expect(equal.purchaseUnderWay('l')).toBeUndefined();
		expect(other.purchaseUnderWay('k')).toBeUndefined();
		make({ requestId: 'a' });
		expect(await announced).toEqual({ requestId: 'a' });
		expect(equal.purchaseUnderWay('k')).toBeUndefined();
	});

	it('is no longer one when it fails', async () => {
		const { ledger } = ledgerOf();
		await expect(ledger.announce('k', Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
		expect(ledger.purchaseUnderWay('k')).toBeUndefined();
	});
});

it('lists the purchases of this run, with an id or in doubt, by item', () => {
	const { ledger, stored, clock } = ledgerOf();
	for (const [itemIndex, requestId] of [
		[0, 'a'],
		[1, undefined],
		[12, 'b'],
	] as const) {
		const key = ledger.key(itemIndex, orderOf());
		ledger.open(key);
		if (requestId) ledger.add(key, { requestId });
	}
	const another = ledgerOf({ clock, stored, runIndex: 1 }).ledger;
	another.open(another.key(0, orderOf()));
	another.add(another.key(0, orderOf()), { requestId: 'c' });
	const opened = { executionId: '1', submittedAt: clock.now() };
	expect(ledger.ofThisRun()).toEqual([
		{ itemIndex: 0, ...opened, requestId: 'a' },
		{ itemIndex: 1, ...opened },
		{ itemIndex: 12, ...opened, requestId: 'b' },
	]);
	expect(another.ofThisRun()).toEqual([{ itemIndex: 0, ...opened, requestId: 'c' }]);
	expect(ledger.ofThisRun(12)).toEqual([{ itemIndex: 12, ...opened, requestId: 'b' }]);
	expect(ledger.ofThisRun(2)).toEqual([]);
	// a later try of the node finds them in what n8n stored
	expect(ledgerOf({ clock, stored }).ledger.ofThisRun(12)).toEqual(ledger.ofThisRun(12));
});

it.each([
	['n8n-nodes-segmind.klingMotionControl', false],
	['n8n-nodes-segmind.klingMotionControlTool', true],
	['Tools.klingMotionControl', false],
])('as %s, takes the same order of a later run for the same one: %p', (nodeType, same) => {
	const [first, second] = [0, 1].map((runIndex) => ledgerOf({ nodeType, runIndex }).ledger.key(0, orderOf()));
	expect(first === second).toBe(same);
});
