import { download } from '../jobs/download';
import { jobOf } from '../jobs/wait';
import { optionsField, readOptions, type OptionValues } from '../parameters/options';
import { readRequestId, requestIdField } from '../parameters/requestId';
import * as video from '../parameters/videoOptions';
import type { Operation } from './operation';
import { videoItem } from './videoItem';

const OPTIONS = {
	binaryPropertyName: video.binaryPropertyName,
	downloadVideo: video.downloadVideo,
	fileName: video.fileName,
	pollInterval: video.pollInterval,
	timeout: video.timeout,
	waitForCompletion: video.waitForCompletion,
};

interface Input {
	requestId: string;
	options: OptionValues<typeof OPTIONS>;
}

/** Get Video: the video of a request that was paid for before, or its status. */
export const getVideo: Operation<Input> = {
	value: 'getVideo',
	name: 'Get Video',
	action: 'Get a video',
	description: 'Get the video of an earlier request by its ID (free)',
	toolDescription:
		'Gets the video of an earlier request by its request_id. It is free and may be called again. It answers with the status and, once that is COMPLETED, the video_url, which works for 7 days.',
	fields: [requestIdField, optionsField(OPTIONS)],

	async read(item) {
		return { options: readOptions(item, OPTIONS), requestId: readRequestId(item) };
	},

	async execute(run, itemIndex, { requestId, options }) {
		const { timeout, pollInterval, waitForCompletion, binaryPropertyName: field } = options;
		const polling = {
			deadline: run.clock.now() + timeout.ms,
			pollInterval,
			timeout: timeout.minutes,
			pollFirst: true,
			byHistory: true,
		};
		const { status, metrics, finished } = await jobOf(run, itemIndex, requestId, { ...polling, waitForCompletion });
		if (!finished) {
			return { json: { request_id: requestId, status, metrics: { ...metrics } }, pairedItem: { item: itemIndex } };
		}
		const binary = await download(run, itemIndex, { requestId, finished }, options);
		return videoItem(itemIndex, { requestId, finished, binary, field });
	},
};
