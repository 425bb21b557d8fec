import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { SegmindError } from '../segmind/errors';

/** An error as n8n shows it: what happened, what to do now, and at which item. n8n's own errors pass through. */
export function toNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const nodeError =
		error instanceof SegmindError ? fromSegmind(node, error, itemIndex) : unexpected(node, error, itemIndex);
	// n8n replaces a message that contains a word such as ECONNREFUSED by a general one
	if (error instanceof SegmindError) nodeError.message = error.message;
	return nodeError;
}

function fromSegmind(node: INode, { message, details }: SegmindError, itemIndex: number) {
	const { description, httpStatus } = details;
	if (!httpStatus) return new NodeOperationError(node, message, { description, itemIndex });
	const httpCode = String(httpStatus);
	return new NodeApiError(node, { message, description }, { message, description, httpCode, itemIndex });
}

/** A fault of this package or of n8n: its message may hold anything, so it is not shown. */
function unexpected(node: INode, error: unknown, itemIndex: number): NodeOperationError {
	const name = error instanceof Error ? error.name : typeof error;
	return new NodeOperationError(node, `The node ran into an unexpected error (${name})`, {
		description: 'Please report it with the steps that lead to it.',
		itemIndex,
	});
}
