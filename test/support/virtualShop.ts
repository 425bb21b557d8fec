import type { Known } from '../../nodes/KlingMotionControl/jobs/known';
import type { Order } from '../../nodes/KlingMotionControl/jobs/order';
import type { ApiMode } from '../../nodes/KlingMotionControl/jobs/posts';
import { Purchases } from '../../nodes/KlingMotionControl/jobs/purchase';
import { orderOf, virtualSession, type HttpAnswer, type Route, type VirtualServices } from './virtualServices';

/** What is bought where a test does not say so. */
export const ORDER = orderOf();
/** The URL of a finished video. */
export const VIDEO_URL = 'https://images.segmind.test/a.mp4';
/** The status of a finished job, its result, and the result as it is known then. */
export const COMPLETED: HttpAnswer = { body: { status: 'COMPLETED' } };
export const DONE: HttpAnswer = { body: { status: 'COMPLETED', output: VIDEO_URL, metrics: { cost: 1 } } };
export const FINISHED = { video: { url: VIDEO_URL }, metrics: { cost: 1 } };
/** A failed job, for its status and its result. */
export const FAILED: HttpAnswer = { body: { status: 'FAILED', error: 'no person' } };

/** An entry of the ledger. */
export type Entry = Known & { executionId: string; submittedAt: number };

/** What to buy, where it is something special. Times in ms. */
export interface Wanted {
	mode?: ApiMode;
	time?: number;
	order?: Order;
	itemIndex?: number;
	maxRequests?: number;
}

/** v2's answer to a request. */
export function named(id: string): HttpAnswer {
	return { body: { request_id: id, status: 'QUEUED' } };
}

/** The history's row of the order, made at that time, in ms since the epoch. */
export function rowOf(id: string, createdAt: number, more: object = {}): object {
	return {
		request_id: id,
		model_name: ORDER.model,
		model_status: 'PENDING',
		model_created: new Date(createdAt).toISOString(),
		request_body: ORDER.body,
		...more,
	};
}

/** The purchases of one run in virtual time, and what the ledger holds. */
export function virtualShop(answers: VirtualServices['answers'] = {}, services: VirtualServices = {}) {
	const virtual = virtualSession({ ...services, answers });
	const { session, clock, sent } = virtual;
	const stored = virtual.stored as { segmindRequests: Record<string, Entry> };
	const purchases = new Purchases(session);
	/** Begins to buy, and lets no time pass. */
	const begin = async ({
		mode = 'async',
		time = 60_000,
		order = ORDER,
		itemIndex = 0,
		maxRequests = 50,
	}: Wanted = {}) =>
		await purchases.buy(itemIndex, order, { mode, deadline: clock.now() + time, fileName: 'dance', maxRequests });
	const buy = async (wanted: Wanted = {}) => await clock.drive(begin(wanted));
	const result = async (purchase: Awaited<ReturnType<Purchases['buy']>>, time = 60_000) =>
		await clock.drive(
			purchases.result(0, purchase, { pollInterval: 5_000, deadline: clock.now() + time, timeout: time / 60_000 }),
		);
	const entries = () => Object.values(stored.segmindRequests);
	/** What the requests so far were for. */
	const routes = () => sent.map(([route]) => route);
	return { ...virtual, purchases, begin, buy, result, entries, routes };
}

/** The same, whose POSTs note what the ledger held when they went out. */
export function watchedShop(route: Route, answers: HttpAnswer[]) {
	const entriesAtSend: Entry[][] = [];
	const watched = answers.map((answer) => () => {
		entriesAtSend.push(structuredClone(shop.entries()));
		return answer;
	});
	const shop = virtualShop({ [route]: watched });
	return { ...shop, entriesAtSend };
}
