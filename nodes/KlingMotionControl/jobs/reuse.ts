import type { HistoryRow } from '../segmind/history';
import type { Known } from './known';
import type { Ledger } from './ledger';
import type { Order } from './order';
import type { Sent, Settlement } from './settlement';
import type { Uploads } from './uploads';

/** An order that may be served by a request of the history. */
export interface Reusable {
	itemIndex: number;
	order: Order;
	/** Since when an equal request serves it, in ms since the epoch. */
	since: number;
	/** Whether the person asked for that. */
	reused: boolean;
}

/**
 * Serves orders with requests that the account made before, the newest first, each for one order. Files are uploaded for
 * that, since the history knows them by their URLs only.
 * @param deadline until when uploads are tried, in ms since the epoch
 * @returns the items that were served, with the ids of the requests
 * @throws SegmindError where the history cannot be read
 */
export async function serveFromHistory(
	{ ledger, settlement, uploads }: { ledger: Ledger; settlement: Settlement; uploads: Uploads },
	wanted: readonly Reusable[],
	deadline: number,
): Promise<Array<{ itemIndex: number; requestId: string }>> {
	const orders: Array<Sent & Reusable> = [];
	for (const each of wanted) {
		const body = await uploads.bodyOf(each.itemIndex, each.order, deadline);
		orders.push({ ...each, model: each.order.model, body, at: each.since });
	}
	const served: Array<{ itemIndex: number; requestId: string }> = [];
	await settlement.serve(orders, ({ itemIndex, order, reused }, row) => {
		const key = ledger.key(itemIndex, order);
		ledger.open(key);
		ledger.add(key, knownFrom(row, reused));
		served.push({ itemIndex, requestId: row.requestId });
	});
	return served;
}

function knownFrom({ requestId, status, videoUrl, cost }: HistoryRow, reused: boolean): Known {
	const metrics = cost === undefined ? {} : { cost };
	return {
		requestId,
		free: true,
		...(reused && { reused }),
		...(status === 'COMPLETED' && videoUrl && { finished: { video: { url: videoUrl }, metrics } }),
	};
}
