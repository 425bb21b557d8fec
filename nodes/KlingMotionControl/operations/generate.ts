import * as buying from '../parameters/purchaseOptions';
import * as video from '../parameters/videoOptions';
import type { Operation } from './operation';
import { ordering, TOOL_INPUTS } from './ordering';
import { videoItem } from './videoItem';

const orders = ordering({
	apiMode: buying.apiMode,
	binaryPropertyName: video.binaryPropertyName,
	downloadVideo: video.downloadVideo,
	fileName: video.fileName,
	pollInterval: video.pollInterval,
	timeout: video.timeout,
});

/** Generate Video: buys a video, waits for it and downloads it. */
export const generate: Operation<Awaited<ReturnType<typeof orders.read>>> = {
	value: 'generate',
	name: 'Generate Video',
	action: 'Generate a video',
	description: 'Generate a video and wait for it (about 10 minutes, about $1)',
	toolDescription: `Makes a video of a character that moves like the person in another video. ${TOOL_INPUTS} It takes about 10 minutes and costs about $1 each time: call it once for each video that was asked for. It answers with the video_url, which works for 7 days. An error that lists paid requests was charged: do not ask for the same video again with a different prompt.`,
	...orders,

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
