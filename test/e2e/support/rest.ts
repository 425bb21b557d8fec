import { parse } from 'flatted';
import type { INode, INodeExecutionData, IRunExecutionData, IWorkflowBase } from 'n8n-workflow';

import { until } from './processes';

/** The owner of the test instance. The host is a reserved one. */
export const OWNER = {
	email: 'owner@n8n.example',
	firstName: 'Test',
	lastName: 'Owner',
	password: ['Pass', 'w0rd', '1'].join(''),
};

/** A workflow as a file has it. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IWorkflowBase['connections'];
	settings?: IWorkflowBase['settings'];
}

/** A workflow that n8n has. */
export interface SavedWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
}

/** An execution that n8n has, with its data unpacked. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	retryOf?: string | null;
	data: IRunExecutionData;
}

/** A signed-in client of n8n's own REST API, which the editor uses. */
export class Rest {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Creates the owner and signs in. */
	async setUp(): Promise<void> {
		await this.call('POST', '/owner/setup', OWNER);
		await this.signIn();
	}

	async signIn({ email, password }: Pick<typeof OWNER, 'email' | 'password'> = OWNER): Promise<void> {
		await this.call('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** Creates a credential and gives its id. */
	async credential(name: string, type: string, data: object): Promise<string> {
		return (await this.call<{ id: string }>('POST', '/credentials', { name, type, data })).id;
	}

	/** Imports a workflow. */
	async workflow(file: WorkflowFile): Promise<SavedWorkflow> {
		return await this.call<SavedWorkflow>('POST', '/workflows', { settings: {}, ...file, active: false });
	}

	/** Makes it answer to its trigger's address. */
	async activate({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.call('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** Executes it as the editor's button does, and gives the execution's id. */
	async execute(workflowData: SavedWorkflow, trigger: string): Promise<string> {
		const answer = await this.call<{ executionId: string }>('POST', `/workflows/${workflowData.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger },
		});
		return answer.executionId;
	}

	/** The execution as it is now. */
	async execution(id: string): Promise<Execution> {
		const answer = await this.call<Omit<Execution, 'data'> & { data: string }>('GET', `/executions/${id}`);
		return { ...answer, data: parse(answer.data) as IRunExecutionData };
	}

	/** The execution once it has ended. */
	async ended(id: string, seconds = 120): Promise<Execution> {
		return await until(
			`execution ${id} ends`,
			async () => {
				const execution = await this.execution(id);
				return !['new', 'running', 'waiting'].includes(execution.status) && execution;
			},
			seconds,
		);
	}

	/** All executions of a workflow, the newest first. */
	async executions({ id }: SavedWorkflow): Promise<Array<Pick<Execution, 'id' | 'status' | 'mode'>>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
		return (
			await this.call<{ results: Array<Pick<Execution, 'id' | 'status' | 'mode'>> }>(
				'GET',
				`/executions?limit=100&filter=${filter}`,
			)
		).results;
	}

	/** Retry of the Executions list. Gives the new execution once it has ended. */
	async retry(id: string): Promise<Execution> {
		const retried = await this.call<{ id: string }>('POST', `/executions/${id}/retry`, { loadWorkflow: false });
		return await this.ended(retried.id);
	}

	/** The Stop button. */
	async stop(id: string): Promise<void> {
		await this.call('POST', `/executions/${id}/stop`);
	}

	/** The bytes of an item's file, as the editor's Download button gets them. */
	async bytes(item: INodeExecutionData | undefined, field = 'data'): Promise<Buffer> {
		const binary = item?.binary?.[field];
		if (!binary) throw new Error(`no file in ${field}: ${JSON.stringify(item)}`);
		if (!binary.id) return Buffer.from(binary.data, 'base64');
		const response = await this.fetch('GET', `/binary-data?id=${encodeURIComponent(binary.id)}&action=download`);
		return Buffer.from(await response.arrayBuffer());
	}

	/** A call of the API. @throws with n8n's answer where it is not 2xx */
	async call<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await this.fetch(method, path, body);
		return ((await response.json()) as { data: T }).data;
	}

	private async fetch(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			signal: AbortSignal.timeout(120_000),
			headers: { 'content-type': 'application/json', 'browser-id': 'e2e', cookie: this.cookie },
			...(body && { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		const cookies = response.headers.getSetCookie();
		if (cookies.length > 0) this.cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
		return response;
	}
}

/** The items of a node's regular output, in its last run or in that one. */
export function itemsOf({ data }: Execution, node: string, run = -1): INodeExecutionData[] {
	return data.resultData.runData[node]?.at(run)?.data?.main[0] ?? [];
}
