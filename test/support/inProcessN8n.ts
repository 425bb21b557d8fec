import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeType,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { SegmindApi } from '../../credentials/SegmindApi.credentials';

/**
 * Where n8n keeps binary data: in files, as n8n 2 does, or in memory ('default'), as n8n 1 does where nobody sets it. It
 * is always set here, so that both of them can run with either (test/older/jest.config.js).
 */
export const BINARY_MODE = process.env.N8N_DEFAULT_BINARY_DATA_MODE ?? 'filesystem';

// n8n-core reads its settings while it loads
const userFolder = mkdtempSync(join(tmpdir(), 'n8n-in-process-'));
mkdirSync(join(userFolder, '.n8n'));
/** The folders of binary data that is kept in files: n8n 2's and n8n 1's. */
export const BINARY_FOLDERS = ['storage', 'binaryData'].map((name) => join(userFolder, '.n8n', name));
process.on('exit', () => rmSync(userFolder, { recursive: true, force: true }));
Object.assign(process.env, {
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'k'.repeat(32),
	N8N_DEFAULT_BINARY_DATA_MODE: BINARY_MODE,
	N8N_LOG_LEVEL: 'silent',
});

/* eslint-disable @typescript-eslint/no-require-imports */
const core = require('n8n-core') as typeof import('n8n-core');
const n8n = require('n8n-workflow') as typeof import('n8n-workflow');
// n8n-core's own copy of the container: another copy would hold other singletons
const { Container } = require(
	require.resolve('@n8n/di', { paths: [dirname(require.resolve('n8n-core'))] }),
) as typeof import('@n8n/di');
/* eslint-enable @typescript-eslint/no-require-imports */

export const NODE_TYPE = 'n8n-nodes-segmind.klingMotionControl';
/** The name of the node in the workflow. */
export const NODE_NAME = 'Kling Motion Control';

/** What to run. */
export interface WorkflowRun {
	nodeType: INodeType;
	parameters: object;
	credential: ICredentialDataDecryptedObject;
	/** What the node gets; one empty item by default. */
	input?: INodeExecutionData[];
	/** Settings of the node such as retryOnFail and onError. */
	settings?: Partial<INode>;
	/** `retry` as from the Executions list. */
	mode?: 'manual' | 'trigger' | 'retry';
	executionId?: string;
	/** Called with each message to the editor's console. */
	onMessage?(message: string): void;
	/** Called with what stops the execution. */
	onStart?(stop: () => void): void;
	/** The saved data of a failed execution, for a retry as from the Executions list. */
	retryOf?: IRunExecutionData;
}

/** What came out. */
export interface WorkflowResult {
	run: IRun;
	/** The node's items, of its regular and of its error output. */
	items: INodeExecutionData[];
	errorItems: INodeExecutionData[];
	/** The error that ended the execution. */
	error?: { message: string; description?: string; httpCode?: string; context?: { itemIndex?: number } };
}

const start: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

let binaryReady: Promise<void> | undefined;

/** Runs "Start → Kling Motion Control" with n8n's own engine, HTTP helpers and binary store. */
export async function runWorkflow(options: WorkflowRun): Promise<WorkflowResult> {
	binaryReady ??= Container.get(core.BinaryDataService).init();
	await binaryReady;
	const workflow = new n8n.Workflow({
		id: '1',
		name: 'in-process',
		active: false,
		nodeTypes: nodeTypes(options.nodeType),
		settings: {},
		nodes: [
			{ id: 'a', name: 'Start', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} },
			{
				id: 'b',
				name: NODE_NAME,
				type: NODE_TYPE,
				typeVersion: 1,
				position: [200, 0],
				parameters: options.parameters as INode['parameters'],
				credentials: { segmindApi: { id: '1', name: 'Segmind' } },
				...options.settings,
			},
		],
		connections: { Start: { main: [[{ node: NODE_NAME, type: 'main', index: 0 }]] } },
	});
	const startNode = workflow.getNode('Start');
	if (!startNode) throw new Error('no start node');
	const data =
		options.retryOf ??
		n8n.createRunExecutionData({
			startData: {},
			executionData: {
				nodeExecutionStack: [{ node: startNode, data: { main: [options.input ?? [{ json: {} }]] }, source: null }],
			},
		});
	const mode = options.mode ?? 'manual';
	const execution = new core.WorkflowExecute(additionalData(options, mode), mode, data).processRunExecutionData(
		workflow,
	);
	options.onStart?.(() => execution.cancel());
	const run = await execution;
	const output = run.data.resultData.runData[NODE_NAME]?.at(-1)?.data?.main ?? [];
	return {
		run,
		items: output[0] ?? [],
		errorItems: output[1] ?? [],
		error: run.data.resultData.error as WorkflowResult['error'],
	};
}

/** The data of a failed execution as n8n saves it and hands it to the Executions list's Retry. */
export function savedForRetry({ run }: WorkflowResult): IRunExecutionData {
	const saved = JSON.parse(JSON.stringify(run.data)) as IRunExecutionData;
	delete saved.resultData.error;
	const last = saved.resultData.lastNodeExecuted;
	if (last) saved.resultData.runData[last]?.pop();
	return saved;
}

/** The bytes of an item's binary field, from wherever n8n stored them. */
export async function bytesOf(item: INodeExecutionData | undefined, field = 'data'): Promise<Buffer> {
	const binary = item?.binary?.[field];
	if (!binary) throw new Error(`no binary field ${field}`);
	return await Container.get(core.BinaryDataService).getAsBuffer(binary);
}

/** A file as a node before would hand it over, in n8n's binary store. */
export async function storedFile(content: Buffer | Readable, fileName: string, mimeType: string): Promise<IBinaryData> {
	binaryReady ??= Container.get(core.BinaryDataService).init();
	await binaryReady;
	const location = { type: 'execution' as const, workflowId: '1', executionId: '1' };
	return await Container.get(core.BinaryDataService).store(location, content, { data: '', fileName, mimeType });
}

/** The built package, loaded as n8n loads it. */
export async function loadPackage() {
	const loader = new core.PackageDirectoryLoader(join(__dirname, '../..'));
	await loader.loadAll();
	return loader;
}

/** The node of the built package. */
export async function loadNode(): Promise<INodeType> {
	const { type } = (await loadPackage()).nodeTypes.klingMotionControl ?? {};
	if (!type || !('execute' in type)) throw new Error('The package has no node: run npm run build.');
	return type;
}

function nodeTypes(nodeType: INodeType) {
	const byName = (type: string) => (type === 'start' ? start : nodeType);
	return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
}

/** The headers that the credential's own expressions give, as n8n resolves them. */
function headersOf($credentials: ICredentialDataDecryptedObject): Record<string, string> {
	const { headers = {} } = new SegmindApi().authenticate.properties;
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, resolved(String(value), $credentials)]),
	);
}

/** What an expression of the credential gives, as n8n resolves it. */
export function resolved(expression: string, $credentials: ICredentialDataDecryptedObject): string {
	const node: INode = { id: 'c', name: 'c', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} };
	const workflow = new n8n.Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: nodeTypes(start) });
	const value = workflow.expression.getSimpleParameterValue(node, expression, 'internal', { $credentials });
	return String(value);
}

function additionalData(options: WorkflowRun, mode: NonNullable<WorkflowRun['mode']>): IWorkflowExecuteAdditionalData {
	const url = 'http://127.0.0.1/';
	const executionId = options.executionId ?? '1';
	const workflowData = { id: '1', name: 'in-process', nodes: [], connections: {}, active: false, settings: {} };
	// once a run: tests whose clock is fast would see the time that it takes
	const keyHeaders = headersOf(options.credential);
	const credentialsHelper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getCredentialsProperties: () => [],
		getDecrypted: async () => ({ ...options.credential }),
		preAuthentication: async () => undefined,
		authenticate: async (_data: unknown, _type: string, request: IHttpRequestOptions) => ({
			...request,
			headers: { ...request.headers, ...keyHeaders },
		}),
	};
	return {
		credentialsHelper,
		executionId,
		variables: {},
		currentNodeParameters: undefined,
		hooks: new core.ExecutionLifecycleHooks(mode, executionId, workflowData as never),
		restApiUrl: url,
		instanceBaseUrl: url,
		formWaitingBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		setExecutionStatus() {},
		sendDataToUI: (_type: string, { messages }: { messages: string[] }) =>
			messages.forEach((text) => options.onMessage?.(text)),
		logAiEvent() {},
	} as unknown as IWorkflowExecuteAdditionalData;
}
