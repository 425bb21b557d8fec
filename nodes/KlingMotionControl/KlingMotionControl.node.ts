import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { generateFields } from './operations/generate';
import { getVideoFields } from './operations/getVideo';
import { hints } from './operations/hints';
import { submitFields } from './operations/submit';
import { toolDescriptions } from './operations/toolDescriptions';
import { runItems } from './router';

/** Segmind's Kling Motion Control as an n8n node. */
export class KlingMotionControl implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Motion Control',
		name: 'klingMotionControl',
		icon: { light: 'file:klingMotionControl.svg', dark: 'file:klingMotionControl.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { generate: "Generate Video", getCredits: "Get Credit Balance", getVideo: "Get Video", submit: "Submit Request" }[$parameter["operation"]] }}',
		description:
			'Make a video of a character that moves like the person in another video, with Kling 2.6 Motion Control on Segmind',
		defaults: { name: 'Kling Motion Control' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'segmindApi', required: true }],
		hints,
		properties: [
			...toolDescriptions,
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'generate',
				options: [
					{
						name: 'Generate Video',
						value: 'generate',
						action: 'Generate a video',
						description: 'Make a video and wait for it: about 10 minutes, and about 1 USD each time',
					},
					{
						name: 'Get Credit Balance',
						value: 'getCredits',
						action: 'Get the credit balance',
						description: 'Get what is left of the Segmind credits, at no cost',
					},
					{
						name: 'Get Video',
						value: 'getVideo',
						action: 'Get a video',
						description: 'Get the video of an earlier request by its ID, at no cost',
					},
					{
						name: 'Submit Request',
						value: 'submit',
						action: 'Submit a request',
						description: 'Ask for a video without waiting for it: Get Video fetches it later',
					},
				],
			},
			...generateFields,
			...getVideoFields,
			...submitFields,
		],
	};

	/** @throws NodeApiError or NodeOperationError, see `runItems` */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this);
	}
}
