import { setTimeout } from 'node:timers/promises';

import type { IDataObject, IExecuteFunctions, INode, INodeType } from 'n8n-workflow';

import { NODE_TYPE, runWorkflow, type WorkflowRun } from './inProcessN8n';

/** A call of the tool: the fields that the model fills in, and after how many ms of real time it makes it. */
export interface ToolCall {
	fields?: IDataObject;
	after?: number;
}

/** What a call gave to the model. */
export interface ToolAnswer {
	/** The json of the items. */
	json: IDataObject[];
	error?: string;
}

interface Tool {
	invoke(fields: IDataObject): Promise<string>;
}

/** What n8n's own context of a node holds. */
interface Internals {
	[name: string]: unknown;
}

type Context = new (...values: unknown[]) => Internals & {
	getInputConnectionData(type: string, itemIndex: number): Promise<Tool[]>;
};

/**
 * Runs an agent in n8n's own engine, whose only tool is the node: n8n makes the tool of it, and runs the calls of one turn
 * at the same time, each as often as Retry On Fail says.
 * @param run what is run as the tool; its settings are those of the tool
 */
export async function runAgent(run: WorkflowRun, calls: ToolCall[]): Promise<ToolAnswer[]> {
	const answers: ToolAnswer[] = [];
	const agent: INodeType = {
		description: {
			displayName: 'Agent',
			name: 'agent',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Agent' },
			inputs: ['main', { type: 'ai_tool' }],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			const [tool] = await toolsOf(this, agent, run);
			if (!tool) throw new Error('n8n made no tool.');
			const made = calls.map(async ({ fields = {}, after = 0 }) => {
				if (after > 0) await setTimeout(after);
				return await tool.invoke(fields).then(
					(text) => ({ json: JSON.parse(text) as IDataObject[] }),
					(error: Error) => ({ json: [], error: error.message }),
				);
			});
			answers.push(...(await Promise.all(made)));
			return [[]];
		},
	};
	const { error } = await runWorkflow({ ...run, nodeType: agent, settings: {}, parameters: {} });
	if (error) throw new Error(error.message);
	return answers;
}

/** The tools that n8n makes for a workflow "Kling Motion Control, a tool → Agent". */
async function toolsOf(context: IExecuteFunctions, agent: INodeType, run: WorkflowRun): Promise<Tool[]> {
	const [core, n8n] = [await import('n8n-core'), await import('n8n-workflow')];
	const position: [number, number] = [0, 0];
	const tool: INode = {
		id: 't',
		name: 'Kling Motion Control Tool',
		type: `${NODE_TYPE}Tool`,
		typeVersion: 1,
		position,
		parameters: { toolDescription: 'Makes a video', ...run.parameters } as INode['parameters'],
		credentials: { segmindApi: { id: '1', name: 'Segmind' } },
		...run.settings,
	};
	const { description } = run.nodeType;
	const toolType: INodeType = {
		...run.nodeType,
		description: { ...description, name: `${description.name}Tool`, inputs: [], outputs: ['ai_tool'] },
	};
	const byName = (type: string) => (type === tool.type ? toolType : agent);
	const node = context.getNode();
	const workflow = new n8n.Workflow({
		id: '1',
		name: 'agent',
		active: false,
		nodes: [node, tool],
		connections: { [tool.name]: { ai_tool: [[{ node: node.name, type: 'ai_tool', index: 0 }]] } },
		nodeTypes: { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) },
		settings: {},
	});
	const held = context as unknown as Internals;
	const ExecuteContext = core.ExecuteContext as unknown as Context;
	const made = new ExecuteContext(
		workflow,
		node,
		held.additionalData,
		held.mode,
		held.runExecutionData,
		held.runIndex,
		held.connectionInputData,
		held.inputData,
		held.executeData,
		[],
		held.abortSignal,
	);
	return await made.getInputConnectionData('ai_tool', 0);
}
