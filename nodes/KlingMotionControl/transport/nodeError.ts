import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { unexpectedError } from '../segmind/endings';
import { SegmindError } from '../segmind/segmindError';

/** n8n's own errors, whichever of the two. */
export type NodeError = NodeApiError | NodeOperationError;

/** Whether an error is n8n's own, whose words are for people: a missing file, an expression that fails. */
export function isNodeError(error: unknown): error is NodeError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return true;
	// n8n's may come from another copy of n8n-workflow than the one beside this package
	return error instanceof Error && ['NodeApiError', 'NodeOperationError'].includes(error.name) && 'context' in error;
}

/**
 * An error as n8n shows it: what happened, what to do now, and at which item. n8n's own errors keep their words.
 * @param more what there is to say beside them
 */
export function toNodeError(node: INode, error: unknown, itemIndex: number, more = ''): NodeError {
	if (isNodeError(error)) {
		error.context.itemIndex ??= itemIndex;
		if (more) error.description = [error.description, more].filter(Boolean).join(' ');
		return error;
	}
	const known = error instanceof SegmindError ? error : unexpectedError(error);
	const { message, details } = known;
	const description = [details.description, more].filter(Boolean).join(' ');
	const nodeError = fromSegmind(node, message, description, itemIndex, details.httpStatus);
	// n8n replaces a message that contains a word such as ECONNREFUSED by a general one
	nodeError.message = message;
	return nodeError;
}

function fromSegmind(node: INode, message: string, description: string, itemIndex: number, httpStatus?: number) {
	if (!httpStatus) return new NodeOperationError(node, message, { description, itemIndex });
	const httpCode = String(httpStatus);
	return new NodeApiError(node, { message, description }, { message, description, httpCode, itemIndex });
}
