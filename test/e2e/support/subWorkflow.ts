import type { INode } from 'n8n-workflow';

import type { SavedWorkflow, WorkflowFile } from './rest';

/** The name of the one node that calls it. */
export const CALL = 'Execute Sub-workflow';
const FIELDS = ['prompt', 'image_url', 'video_url'];

/**
 * A workflow that calls the example of a sub-workflow, as the example's note says: one node, whose other settings stay as they are.
 * @param inputs an item each
 */
export function callerOf({ id, name }: SavedWorkflow, inputs: object[]): WorkflowFile {
	const node = (title: string, type: string, typeVersion: number, parameters: INode['parameters']): INode => ({
		id: title,
		name: title,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0],
		parameters,
	});
	const nodes = [
		node('Manual Trigger', 'manualTrigger', 1, {}),
		node('List', 'set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ inputs }), options: {} }),
		node('One Item Each', 'splitOut', 1, { fieldToSplitOut: 'inputs', options: {} }),
		node(CALL, 'executeWorkflow', 1.2, {
			workflowId: { __rl: true, mode: 'list', value: id, cachedResultName: name },
			workflowInputs: {
				mappingMode: 'defineBelow',
				value: Object.fromEntries(FIELDS.map((field) => [field, `={{ $json.${field} }}`])),
				matchingColumns: [],
				schema: FIELDS.map((field) => ({
					id: field,
					displayName: field,
					type: 'string',
					display: true,
					required: false,
				})),
			},
			options: {},
		}),
	];
	const names = nodes.map((each) => each.name);
	const connections = Object.fromEntries(
		names
			.slice(0, -1)
			.map((each, at) => [each, { main: [[{ node: names[at + 1] ?? '', type: 'main' as const, index: 0 }]] }]),
	);
	return { name: 'Caller', nodes, connections, settings: { executionOrder: 'v1', saveExecutionProgress: true } };
}
