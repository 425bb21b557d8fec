import type { Order } from '../jobs/order';
import { motionFields, readOrder } from '../parameters/motion';
import { optionsField, readOptions, type OptionValues } from '../parameters/options';
import * as buying from '../parameters/purchaseOptions';
import type { Operation } from './operation';
import { prepareOrders } from './prepareOrders';
import { summarize } from './summarize';

const OPTIONS = {
	checkUrls: buying.checkUrls,
	maxConcurrency: buying.maxConcurrency,
	maxRequests: buying.maxRequests,
	reuseWithin: buying.reuseWithin,
};
/** How long a request is tried for at the rate limit, in ms. */
const TIME = 30 * 60_000;

interface Input {
	order: Order;
	options: OptionValues<typeof OPTIONS>;
}

/** Submit Request: buys a video and answers at once with the id that Get Video fetches it by. */
export const submit: Operation<Input> = {
	value: 'submit',
	name: 'Submit Request',
	action: 'Submit a video request',
	description: 'Request a video without waiting; fetch it later with Get Video (about $1)',
	toolDescription:
		'Requests a video of a character that moves like the person in another video, and answers at once with its request_id. It needs a prompt and two public URLs: an image of the character, and a video of the motion, 3 to 30 seconds long. In both, a whole body in view and clear proportions work best. It costs about $1 each time: call it once for each video that was asked for. The video is ready after about 10 minutes: get it by its request_id then.',
	fields: [...motionFields, optionsField(OPTIONS)],

	async read(item) {
		const options = readOptions(item, OPTIONS);
		return { options, order: await readOrder(item) };
	},

	prepare: prepareOrders,

	summarize,

	concurrencyOf: ({ options }) => options.maxConcurrency,

	async execute(run, itemIndex, { order, options }) {
		const deadline = run.clock.now() + TIME;
		const terms = { mode: 'async', deadline, fileName: '', maxRequests: options.maxRequests } as const;
		const { requestId, resumed, reused } = await run.purchases.buy(itemIndex, order, terms);
		return {
			json: {
				request_id: requestId,
				status: 'QUEUED',
				model: order.model,
				...(resumed && { resumed }),
				...(reused && { reused }),
			},
			pairedItem: { item: itemIndex },
		};
	},
};
