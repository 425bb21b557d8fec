import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { toNodeError } from '../../../../nodes/KlingMotionControl/transport/nodeError';

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };

it('shows an answer with its status, in our own words', () => {
	const error = new SegmindError('answer', 'met ECONNREFUSED', { description: 'do this', httpStatus: 503 });
	const shown = toNodeError(NODE, error, 3);
	expect(shown).toBeInstanceOf(NodeApiError);
	expect(shown).toMatchObject({
		message: 'met ECONNREFUSED',
		description: 'do this',
		httpCode: '503',
		context: { itemIndex: 3 },
	});
});

it('shows what has no status', () => {
	const shown = toNodeError(NODE, new SegmindError('input', 'ENOTFOUND', { description: 'do this' }), 0);
	expect(shown).toBeInstanceOf(NodeOperationError);
	expect(shown).toMatchObject({ message: 'ENOTFOUND', description: 'do this', context: { itemIndex: 0 } });
});

it.each([
	['NodeOperationError', new NodeOperationError(NODE, 'x')],
	['NodeApiError', new NodeApiError(NODE, { message: 'x' })],
])("passes n8n's own %s through, with the item where it names none", (_name, error) => {
	expect(toNodeError(NODE, error, 2)).toBe(error);
	expect(error.context.itemIndex).toBe(2);
	toNodeError(NODE, error, 5);
	expect(error.context.itemIndex).toBe(2);
});

it.each<[unknown, string]>([
	[new TypeError('secret'), 'TypeError'],
	['secret', 'string'],
	[undefined, 'undefined'],
])('does not show what an unexpected %s says', (error, name) => {
	const shown = toNodeError(NODE, error, 1);
	expect(shown).toBeInstanceOf(NodeOperationError);
	expect(shown).toMatchObject({
		message: `The node ran into an unexpected error (${name})`,
		description: 'Please report it with the steps that lead to it.',
		context: { itemIndex: 1 },
	});
});
