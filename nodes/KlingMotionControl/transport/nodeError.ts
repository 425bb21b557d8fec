import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { SegmindError, unexpectedError } from '../segmind/errors';

/** An error as n8n shows it: what happened, what to do now, and at which item. n8n's own errors pass through. */
export function toNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const known = error instanceof SegmindError ? error : unexpectedError(error);
	const nodeError = fromSegmind(node, known, itemIndex);
	// n8n replaces a message that contains a word such as ECONNREFUSED by a general one
	nodeError.message = known.message;
	return nodeError;
}

function fromSegmind(node: INode, { message, details }: SegmindError, itemIndex: number) {
	const { description, httpStatus } = details;
	if (!httpStatus) return new NodeOperationError(node, message, { description, itemIndex });
	const httpCode = String(httpStatus);
	return new NodeApiError(node, { message, description }, { message, description, httpCode, itemIndex });
}
