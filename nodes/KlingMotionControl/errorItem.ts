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
	const { message } = toNodeError(context.getNode(), error, itemIndex);
	// n8n takes an item for the error output only where it has no other fields than these
	const toErrorOutput = context.getNode().onError === 'continueErrorOutput';
	return {
		json: { error: message, ...(toErrorOutput ? { details: facts } : facts) },
		pairedItem: { item: itemIndex },
	};
}
