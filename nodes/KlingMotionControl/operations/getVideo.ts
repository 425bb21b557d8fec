import { updateDisplayOptions, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';

import { settle } from '../jobs/repeat';
import type { Run } from '../jobs/run';
import { readState } from '../jobs/wait';
import { requestId as requestIdOf } from '../segmind/request';
import { withJob } from '../segmind/recovery';
import { deliver } from './deliver';
import * as option from './options';

/** What the editor shows for Get Video. */
export const getVideoFields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['getVideo'] } }, [
	{
		displayName: 'Request ID',
		name: 'requestId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 8f14e45f-ceea-4672-9c2b-1f0a3d5b7c21',
		description: 'The request_id of a request that was made in the last hour. Segmind forgets older ones.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			option.downloadVideo,
			option.fileName,
			option.pollInterval,
			option.binaryPropertyName,
			option.timeout,
			option.waitForCompletion,
		],
	},
]);

/** One item of Get Video: the video of a request that was paid for before, or its status. @throws SegmindError */
export async function getVideo(run: Run, itemIndex: number): Promise<INodeExecutionData> {
	const options = option.readOptions(run.context, itemIndex);
	const requestId = requestIdOf(run.context.getNodeParameter('requestId', itemIndex, ''));
	const deadline = run.clock.now() + options.timeoutMs;
	let videoUrl: string | undefined;
	const outcome = await settle(async () => {
		if (!options.waitForCompletion) {
			const { status, metrics } = await readState(run, requestId, deadline);
			if (status !== 'COMPLETED') {
				return { json: { request_id: requestId, status, metrics: { ...metrics } }, pairedItem: { item: itemIndex } };
			}
		}
		return await deliver(run, itemIndex, {
			requestId,
			options,
			deadline,
			pollFirst: true,
			onFinished: ({ video }) => (videoUrl = video?.url),
		});
	});
	if ('value' in outcome) return outcome.value;
	throw withJob(outcome.error, { requestId, videoUrl });
}
