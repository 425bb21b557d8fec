import { updateDisplayOptions, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';

import { report, type Run } from '../jobs/run';
import { submitOnce } from '../jobs/submit';
import { motionFields, readMotion } from './motion';
import { readOptions } from './options';

/** What the editor shows for Submit Request. */
export const submitFields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['submit'] } }, motionFields);

/** One item of Submit Request: buys a video and answers at once with the id that Get Video fetches it by. @throws SegmindError */
export async function submit(run: Run, itemIndex: number): Promise<INodeExecutionData> {
	const { timeoutMs } = readOptions(run.context, itemIndex);
	const deadline = run.clock.now() + timeoutMs;
	const { model, content, request } = await readMotion(run, itemIndex, deadline);
	const { requestId, resumed } = await submitOnce(run, {
		key: run.ledger.key(itemIndex, content),
		model,
		request,
		mode: 'async',
		deadline,
		blockingTime: 0,
		fileName: '',
	});
	report(run, itemIndex, resumed ? 'resumed' : 'accepted', requestId);
	return {
		json: { request_id: requestId, status: 'QUEUED', model, ...(resumed && { resumed }) },
		pairedItem: { item: itemIndex },
	};
}
