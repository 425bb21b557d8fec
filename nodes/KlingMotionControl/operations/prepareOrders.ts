import type { Order } from '../jobs/order';
import { settle } from '../jobs/repeat';
import type { Reusable } from '../jobs/reuse';
import { inputError, invalid } from '../parameters/invalid';
import { MODELS } from '../segmind/models';
import { SegmindError } from '../segmind/segmindError';
import { checkOrders } from './checkOrders';
import type { FailedItem, ReadItem, Run } from './operation';

/** After a crash, a retry looks for requests of that time, in ms: longer ago is no crash that someone is mending. */
const CRASH_WINDOW = 60 * 60_000;
/** How long uploads are tried, in ms. */
const UPLOAD_TIME = 30 * 60_000;

/** What an item that buys asks for. */
interface OrderInput {
	order: Order;
	options: {
		checkUrls: boolean;
		maxRequests: number;
		/** ms */
		reuseWithin: number;
	};
}

type OrderItem = ReadItem<OrderInput>;

/**
 * Looks at all orders together before the first is bought: which of them the account bought before, whether their URLs are
 * of use, and what they cost. Only those that nothing was bought for yet.
 * @returns the items that must not be bought
 */
export async function prepareOrders(run: Run, items: readonly OrderItem[]): Promise<FailedItem[]> {
	const isNew = ({ itemIndex, input }: OrderItem) => run.purchases.isNew(itemIndex, input.order);
	const failed: FailedItem[] = [];
	const left = () => {
		const lost = new Set(failed.map(({ itemIndex }) => itemIndex));
		return items.filter((item) => isNew(item) && !lost.has(item.itemIndex));
	};
	failed.push(...(await reuse(run, left())));
	failed.push(...(await checkOrders(run, left())));
	failed.push(...checkSpending(run, left()));
	return failed;
}

async function reuse(run: Run, items: readonly OrderItem[]): Promise<FailedItem[]> {
	const { purchases, clock, progress, history } = run;
	const isCrash = purchases.isRetryOfCrash && history.isThere;
	const wanted: Reusable[] = items.flatMap(({ itemIndex, input: { order, options } }) => {
		const window = options.reuseWithin || (isCrash ? CRASH_WINDOW : 0);
		return window > 0 ? [{ itemIndex, order, since: clock.now() - window, reused: options.reuseWithin > 0 }] : [];
	});
	if (wanted.length === 0) return [];
	const outcome = await settle(async () => {
		if (!history.isThere) throw invalid('Reuse Within (Hours)', 'needs the History URL of the Segmind API credential');
		for (const { itemIndex } of wanted)
			progress.tell(itemIndex, 'looking for an identical request in the request history');
		return await purchases.reuse(wanted, clock.now() + UPLOAD_TIME);
	});
	if ('error' in outcome) {
		const asked = wanted.filter(({ reused }) => reused);
		return asked.map(({ itemIndex }) => ({ itemIndex, error: unreadable(outcome.error) }));
	}
	const resumed = outcome.value.filter(({ itemIndex }) => !wanted.find((each) => each.itemIndex === itemIndex)?.reused);
	for (const { itemIndex, requestId } of resumed) {
		progress.warn(
			itemIndex,
			`This retry continues request ${requestId} of the execution that broke off. To buy a new video, run the workflow instead of retrying.`,
		);
	}
	return [];
}

/** A person who asked for reuse does not want to pay on a guess. */
function unreadable(error: unknown): unknown {
	if (!(error instanceof SegmindError) || error.kind === 'input') return error;
	const todo = 'Try again later, or set the option to 0.';
	return invalid('Reuse Within (Hours)', `needs the request history: ${error.message}`, todo);
}

/** Where the items at hand would pass the limit, none of them is paid for. */
function checkSpending({ purchases }: Run, items: readonly OrderItem[]): FailedItem[] {
	const most = Math.min(...items.map(({ input }) => input.options.maxRequests));
	const { bought } = purchases;
	if (items.length + bought <= most) return [];
	const cost = items.reduce((sum, { input }) => sum + MODELS[input.order.model].price, 0);
	const videos = items.length === 1 ? '1 video' : `${items.length} videos`;
	const already = bought > 0 ? ` and has bought ${bought}` : '';
	const error = inputError(
		`${videos} would cost about $${Math.round(cost)}; this node may buy ${most} in one execution${already}`,
		'Raise Max Paid Requests, or send fewer items.',
	);
	return items.map(({ itemIndex }) => ({ itemIndex, error }));
}
