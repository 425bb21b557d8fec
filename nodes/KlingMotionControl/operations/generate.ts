import { updateDisplayOptions, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';

import type { Submitted } from '../jobs/ledger';
import { settle } from '../jobs/repeat';
import { report, type Run } from '../jobs/run';
import { submitOnce } from '../jobs/submit';
import { SegmindError } from '../segmind/errors';
import { withJob } from '../segmind/recovery';
import { deliver } from './deliver';
import { motionFields, readMotion } from './motion';
import * as option from './options';

/** What the editor shows for Generate Video. */
export const generateFields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['generate'] } }, [
	...motionFields,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			option.apiMode,
			option.downloadVideo,
			option.fileName,
			option.maxConcurrency,
			option.pollInterval,
			option.binaryPropertyName,
			option.timeout,
		],
	},
]);

/** One item of Generate Video: buys a video, waits for it and downloads it. @throws SegmindError */
export async function generate(run: Run, itemIndex: number): Promise<INodeExecutionData> {
	const options = option.readOptions(run.context, itemIndex);
	const deadline = run.clock.now() + options.timeoutMs;
	const { model, content, request } = await readMotion(run, itemIndex, deadline);
	const key = run.ledger.key(itemIndex, content);
	const { apiMode: mode, timeoutMs: blockingTime, fileName } = options;
	const submitted = await submitOnce(run, { key, model, request, mode, deadline, blockingTime, fileName });
	const { requestId, resumed } = submitted;
	report(run, itemIndex, resumed ? 'resumed' : 'accepted', requestId);

	let known: Submitted = submitted;
	const outcome = await settle(() =>
		deliver(run, itemIndex, {
			...submitted,
			model,
			options,
			deadline,
			pollFirst: resumed,
			onFinished(finished) {
				known = { ...known, finished };
				run.ledger.add(key, { finished });
			},
		}),
	);
	if ('value' in outcome) return outcome.value;
	const { error } = outcome;
	if (error instanceof SegmindError && error.kind === 'failed') run.ledger.forget(key);
	throw withJob(error, { requestId, videoUrl: known.finished?.video?.url });
}
