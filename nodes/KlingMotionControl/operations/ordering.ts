import type { Order } from '../jobs/order';
import { motionFields, readOrder } from '../parameters/motion';
import { optionsField, readOptions, type Option, type OptionValues } from '../parameters/options';
import { checkUrls, maxConcurrency, maxRequests, reuseWithin } from '../parameters/purchaseOptions';
import type { Operation } from './operation';
import { prepareOrders } from './prepareOrders';
import { summarize } from './summarize';

/** The options of every operation that buys. */
const ORDER_OPTIONS = { checkUrls, maxConcurrency, maxRequests, reuseWithin };

/** An item that buys, read and checked. */
interface Ordered<Options> {
	order: Order;
	options: OptionValues<Options> & OptionValues<typeof ORDER_OPTIONS>;
}

/** What a model is told of the fields. */
export const TOOL_INPUTS =
	'It needs a prompt and two public URLs: an image of the character, and a video of the motion, 3 to 30 seconds long. In both, a whole body in view and clear proportions work best.';

/**
 * What all operations that buy have in common: their fields, how an item becomes an order, and what is looked at first.
 * @param more the options that an operation has beside those of all
 */
export function ordering<Options extends Record<string, Option<unknown>>>(
	more: Options,
): Pick<Operation<Ordered<Options>>, 'fields' | 'read' | 'prepare' | 'summarize' | 'concurrencyOf'> {
	return {
		fields: [...motionFields, optionsField({ ...more, ...ORDER_OPTIONS })],
		read: async (item) => ({
			options: { ...readOptions(item, more), ...readOptions(item, ORDER_OPTIONS) },
			order: await readOrder(item),
		}),
		prepare: prepareOrders,
		summarize,
		concurrencyOf: (input) => input.options.maxConcurrency,
	};
}
