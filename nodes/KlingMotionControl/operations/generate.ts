import type { Order } from '../jobs/order';
import { motionFields, readOrder } from '../parameters/motion';
import { optionsField, readOptions, type OptionValues } from '../parameters/options';
import * as buying from '../parameters/purchaseOptions';
import * as video from '../parameters/videoOptions';
import type { Operation } from './operation';
import { prepareOrders } from './prepareOrders';
import { summarize } from './summarize';
import { videoItem } from './videoItem';

const OPTIONS = {
	apiMode: buying.apiMode,
	binaryPropertyName: video.binaryPropertyName,
	checkUrls: buying.checkUrls,
	downloadVideo: video.downloadVideo,
	fileName: video.fileName,
	maxConcurrency: buying.maxConcurrency,
	maxRequests: buying.maxRequests,
	pollInterval: video.pollInterval,
	reuseWithin: buying.reuseWithin,
	timeout: video.timeout,
};

interface Input {
	order: Order;
	options: OptionValues<typeof OPTIONS>;
}

/** Generate Video: buys a video, waits for it and downloads it. */
export const generate: Operation<Input> = {
	value: 'generate',
	name: 'Generate Video',
	action: 'Generate a video',
	description: 'Generate a video and wait for it (about 10 minutes, about $1)',
	toolDescription:
		'Makes a video of a character that moves like the person in another video. It needs a prompt and two public URLs: an image of the character, and a video of the motion, 3 to 30 seconds long. In both, a whole body in view and clear proportions work best. It takes about 10 minutes and costs about $1 each time: call it once for each video that was asked for. It answers with the video_url, which works for 7 days. An error that lists paid requests was charged: do not ask for the same video in other words.',
	fields: [...motionFields, optionsField(OPTIONS)],

	async read(item) {
		const options = readOptions(item, OPTIONS);
		return { options, order: await readOrder(item) };
	},

	prepare: prepareOrders,

	summarize,

	concurrencyOf: ({ options }) => options.maxConcurrency,

	async execute(run, itemIndex, { order, options }) {
		const { apiMode: mode, timeout, fileName, maxRequests, pollInterval, binaryPropertyName: field } = options;
		const deadline = run.clock.now() + timeout.ms;
		const purchase = await run.purchases.buy(itemIndex, order, { mode, deadline, fileName, maxRequests });
		const polling = { deadline, pollInterval, timeout: timeout.minutes };
		const finished = await run.purchases.result(itemIndex, purchase, polling);
		const binary = await run.purchases.download(itemIndex, { ...purchase, finished }, options);
		return videoItem(itemIndex, { ...purchase, model: order.model, finished, binary, field });
	},
};
