import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { hints } from './operations/hints';
import { operationFields, subtitle } from './operations/operations';
import { runItems } from './run';

/** Segmind's Kling Motion Control as an n8n node. */
export class KlingMotionControl implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Motion Control',
		name: 'klingMotionControl',
		icon: { light: 'file:klingMotionControl.svg', dark: 'file:klingMotionControl.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle,
		description: 'Animate a character with the motion of a reference video, using Kling 2.6 on Segmind',
		defaults: { name: 'Kling Motion Control' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'segmindApi', required: true }],
		hints,
		properties: operationFields,
	};

	/** @throws NodeApiError or NodeOperationError, see `runItems` */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this);
	}
}
