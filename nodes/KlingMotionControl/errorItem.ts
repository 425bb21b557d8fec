import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { SegmindError } from './segmind/errors';
import { toNodeError } from './transport/nodeError';

/** The output item of an item that failed where the node continues on fail (design.md, "Contract"). */
export function errorItem(context: IExecuteFunctions, error: unknown, itemIndex: number): INodeExecutionData {
	const details = error instanceof SegmindError ? error.details : undefined;
	const facts: IDataObject = {
		...(details?.requestId && { request_id: details.requestId }),
		...(details?.status && { status: details.status }),
		...(details?.httpStatus && { http_status: details.httpStatus }),
	};
	const nodeError = toNodeError(context.getNode(), error, itemIndex);
	const pairedItem = { item: itemIndex };
	if (context.getNode().onError !== 'continueErrorOutput') {
		return { json: { error: nodeError.message, ...facts }, pairedItem };
	}
	// n8n 2 takes an item for the error output where it has no other fields than these, n8n 1 not even with details: it
	// needs the item's own error, which on the output would cost the item its json. The copy that n8n sends there is
	// without it, since it is not enumerable.
	const item: INodeExecutionData = { json: { error: nodeError.message, details: facts }, pairedItem };
	return Object.defineProperty(item, 'error', { value: nodeError });
}
