import type { INodeExecutionData } from 'n8n-workflow';

import { fetchVideo } from '../jobs/fetch';
import type { Submitted } from '../jobs/ledger';
import { report, type Run } from '../jobs/run';
import { waitForJob } from '../jobs/wait';
import type { FinishedJob, Model } from '../segmind/types';
import type { Options } from './options';
import { videoItem } from './videoItem';

/** A request on its way to an output item. */
export interface Delivery extends Submitted {
	model?: Model;
	options: Options;
	/** ms since the epoch */
	deadline: number;
	/** Whether the job is not new, so that the first poll comes at once. */
	pollFirst: boolean;
	resumed?: boolean;
	onFinished?(finished: FinishedJob): void;
}

/** The way from a submitted request to the output item: wait, read the result, download. */
export async function deliver(run: Run, itemIndex: number, delivery: Delivery): Promise<INodeExecutionData> {
	const { requestId, options, onFinished } = delivery;
	const finished = delivery.finished ?? (await waitForResult(run, itemIndex, delivery));
	onFinished?.(finished);
	let { binary } = delivery;
	if (!binary && finished.video && options.downloadVideo) {
		report(run, itemIndex, 'downloading the video', requestId);
		binary = await fetchVideo(run, finished.video, options.fileName, requestId);
	}
	report(run, itemIndex, binary ? `video ready (${binary.fileSize ?? binary.fileName})` : 'video ready', requestId);
	return videoItem(itemIndex, { ...delivery, finished, binary, binaryPropertyName: options.binaryPropertyName });
}

async function waitForResult(run: Run, itemIndex: number, delivery: Delivery): Promise<FinishedJob> {
	const { requestId = '', options, deadline, pollFirst } = delivery;
	return await waitForJob(run, requestId, {
		pollInterval: options.pollInterval,
		timeout: options.timeout,
		deadline,
		pollFirst,
		onStatus: (status) => report(run, itemIndex, status, requestId),
	});
}
