import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { invalid, valueOf } from '../parameters/invalid';
import type { ItemInput } from '../parameters/itemInput';
import { describe, readChoice } from '../parameters/words';
import { generate } from './generate';
import { getCredits } from './getCredits';
import { getRequests } from './getRequests';
import { getVideo } from './getVideo';
import type { Operation } from './operation';
import { submit } from './submit';

/** All operations, in the order of their names. Everything that lists them derives from here. */
export const OPERATIONS: readonly Operation[] = [generate, getCredits, getRequests, getVideo, submit].map(
	(operation) => operation as Operation,
);

/**
 * The operation of an item.
 * @throws SegmindError of kind `input`, for a label too: n8n leaves out the fields of an operation that it does not know
 */
export function readOperation(item: ItemInput): Operation {
	const given = item.parameter('operation');
	const choices = OPERATIONS.map((operation) => ({ value: operation.value, label: operation.name }));
	const value = valueOf('Operation', readChoice(given, choices));
	if (value !== given) {
		const todo = 'Choose “Operation” again: for other values n8n leaves out its fields.';
		throw invalid('Operation', `must be ${value}, not ${describe(given)}`, todo);
	}
	return OPERATIONS.find((operation) => operation.value === value) as Operation;
}

/** The subtitle of the node in the editor: an expression that gives the operation's name. */
export const subtitle = `={{ ${JSON.stringify(
	Object.fromEntries(OPERATIONS.map(({ value, name }) => [value, name])),
)}[$parameter["operation"]] }}`;

/** What the editor shows of all operations: the list of them, and the fields of each. */
export const operationFields: INodeProperties[] = [
	...OPERATIONS.map(toolDescriptionField),
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'generate',
		options: OPERATIONS.map(({ value, name, action, description }) => ({ value, name, action, description })),
	},
	...OPERATIONS.flatMap(({ value, fields }) => updateDisplayOptions({ show: { operation: [value] } }, fields)),
];

/** The field that n8n reads as the description of a tool, in place of its own, which says no more than the operation's name. */
function toolDescriptionField({ value, toolDescription }: Operation): INodeProperties {
	return {
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: toolDescription,
		required: true,
		description: 'What the AI model is told about this tool, to decide when to call it and how to fill in its fields',
		displayOptions: { show: { '@tool': [true], operation: [value] } },
	};
}
