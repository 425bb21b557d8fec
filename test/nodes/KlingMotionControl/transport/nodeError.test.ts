import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import { isNodeError, toNodeError } from '../../../../nodes/KlingMotionControl/transport/nodeError';

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };
const details = { description: 'do this', accepted: 'no' as const };

it('shows an answer with its status, in our own words', () => {
	const error = new SegmindError('answer', 'met ECONNREFUSED', { ...details, httpStatus: 503 });
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
	const shown = toNodeError(NODE, new SegmindError('input', 'ENOTFOUND', details), 0);
	expect(shown).toBeInstanceOf(NodeOperationError);
	expect(shown).toMatchObject({ message: 'ENOTFOUND', description: 'do this', context: { itemIndex: 0 } });
});

it.each<[string, unknown, string]>([
	['an error of ours', new SegmindError('input', 'x', details), 'do this More.'],
	["n8n's own error", new NodeOperationError(NODE, 'x', { description: 'theirs' }), 'theirs More.'],
	["n8n's own error without a description", new NodeOperationError(NODE, 'x'), 'More.'],
])('says what else there is to say, beside %s', (_name, error, description) => {
	expect(toNodeError(NODE, error, 0, 'More.').description).toBe(description);
});

it.each([
	['NodeOperationError', () => new NodeOperationError(NODE, 'x', { description: 'theirs' })],
	['NodeApiError', () => new NodeApiError(NODE, { message: 'x' })],
	[
		'NodeOperationError of another copy of n8n-workflow',
		() => {
			const error = Object.assign(new Error('x'), { context: {} as { itemIndex?: number }, description: 'theirs' });
			error.name = 'NodeOperationError';
			return error as unknown as NodeOperationError;
		},
	],
])("passes n8n's own %s through, with the item where it names none", (_name, make) => {
	const error = make();
	const { description } = error;
	expect(isNodeError(error)).toBe(true);
	expect(toNodeError(NODE, error, 2)).toBe(error);
	expect(error.context.itemIndex).toBe(2);
	toNodeError(NODE, error, 5);
	expect(error.context.itemIndex).toBe(2);
	expect(error.description).toBe(description);
});

it.each<[string, unknown]>([
	['an error of ours', new SegmindError('input', 'x', details)],
	['an error of JavaScript', new TypeError('x')],
	['an error that only has the name', Object.assign(new Error('x'), { name: 'NodeApiError' })],
	['an object that looks like one', { name: 'NodeApiError', context: {} }],
	['nothing', undefined],
])("takes %s for none of n8n's own", (_name, error) => expect(isNodeError(error)).toBe(false));

it.each<[unknown, string]>([
	[new TypeError('secret'), 'TypeError'],
	['secret', 'string'],
	[undefined, 'undefined'],
])('does not show what an unexpected %s says', (error, name) => {
	const shown = toNodeError(NODE, error, 1);
	expect(shown).toBeInstanceOf(NodeOperationError);
	expect(shown).toMatchObject({
		message: `The node ran into an unexpected error (${name})`,
		description: 'Please report it, with the steps that led to it.',
		context: { itemIndex: 1 },
	});
});
