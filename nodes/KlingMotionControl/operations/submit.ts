import type { Operation } from './operation';
import { ordering, TOOL_INPUTS } from './ordering';

const orders = ordering({});
/** How long a request is tried for at the rate limit, in ms. */
const TIME = 30 * 60_000;

/** Submit Request: buys a video and answers at once with the id that Get Video fetches it by. */
export const submit: Operation<Awaited<ReturnType<typeof orders.read>>> = {
	value: 'submit',
	name: 'Submit Request',
	action: 'Submit a video request',
	description: 'Request a video without waiting; fetch it later with Get Video (about $1)',
	toolDescription: `Requests a video of a character that moves like the person in another video, and answers at once with its request_id. ${TOOL_INPUTS} It costs about $1 each time: call it once for each video that was asked for. The video is ready after about 10 minutes: get it by its request_id then.`,
	...orders,

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
