import { rmSync } from 'node:fs';

import type { INodeExecutionData } from 'n8n-workflow';

import { startFakeSegmind, type FakeServer } from '../../support/fakeSegmind/server';
import { KEY, VIDEO, type FakeJob, type FakeSettings } from '../../support/fakeSegmind/service';
import { segmindCredentials, type Credentials } from './examples';
import { installedFolder } from './installation';
import { startN8n, type N8n, type N8nOptions } from './n8n';
import type { SavedWorkflow, WorkflowFile } from './rest';

/** How long a job takes, in ms, where a test does not say. */
export const LATENCY = 1_500;
/** The same for a job that nobody is to see finished. */
export const ENDLESS = 60 * 60_000;

/** A real n8n with our package, beside a fake Segmind. */
export interface Instance {
	n8n: N8n;
	fake: FakeServer;
	folder: string;
	/** Ours, for the node and the tool. */
	credentials: Credentials;
	/** A power cut: kills n8n and starts it again, at the same address. */
	restart(): Promise<void>;
	close(): Promise<void>;
}

/** The bytes of a job's video: no two jobs have the same. */
export function videoOf(job: FakeJob): Buffer {
	return Buffer.concat([VIDEO, Buffer.from(job.id)]);
}

/** Starts both, with an owner and our credential. */
export async function startInstance(
	settings: Partial<FakeSettings> = {},
	options: Partial<N8nOptions> = {},
): Promise<Instance> {
	const fake = await startFakeSegmind({ latency: LATENCY, video: videoOf, ...settings });
	const folder = options.folder ?? (await installedFolder());
	const n8n = await startN8n({ ...options, folder }).catch(async (error: unknown) => {
		await fake.close();
		throw error;
	});
	await n8n.rest.setUp();
	const instance: Instance = {
		n8n,
		fake,
		folder,
		credentials: await segmindCredentials(n8n.rest, 'Segmind', {
			apiKey: KEY,
			baseUrl: fake.url,
			storageUrl: fake.storageUrl,
			historyUrl: fake.historyUrl,
		}),
		async restart() {
			await instance.n8n.kill();
			instance.n8n = await startN8n({ ...options, folder, port: n8n.port });
			await instance.n8n.rest.signIn();
		},
		async close() {
			await instance.n8n.stop();
			await fake.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return instance;
}

/**
 * Puts a webhook in the place of a workflow's manual trigger and makes it active: n8n treats what it runs as production.
 * @param path the webhook's, see `trigger`
 */
export async function publish({ rest }: N8n, file: WorkflowFile, path: string): Promise<SavedWorkflow> {
	const webhook = {
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { path, options: {} },
	};
	const nodes = file.nodes.map((node) => (node.name === 'Manual Trigger' ? { ...node, ...webhook } : node));
	const workflow = await rest.workflow({ ...file, nodes });
	await rest.activate(workflow);
	return workflow;
}

/** Starts an execution of a published workflow. */
export async function trigger({ url }: N8n, path: string): Promise<void> {
	const response = await fetch(`${url}/webhook/${path}`, { signal: AbortSignal.timeout(120_000) });
	if (!response.ok) throw new Error(`webhook: ${response.status} ${await response.text()}`);
}

/** Checks that an item has its job's video, byte by byte as n8n hands it out, and gives the request's id. */
export async function expectVideo(
	{ n8n, fake }: Pick<Instance, 'n8n' | 'fake'>,
	item: INodeExecutionData | undefined,
): Promise<string> {
	const job = fake.segmind.jobs.find(({ id }) => id === item?.json.request_id);
	if (!job) throw new Error(`no job for ${JSON.stringify(item)}`);
	expect((await n8n.rest.bytes(item)).equals(videoOf(job))).toBe(true);
	return job.id;
}

/** The bodies of all requests that could buy a video. */
export function boughtBy({ segmind }: FakeServer): unknown[] {
	return segmind.posts.map(({ body }) => JSON.parse(body) as unknown);
}

/** Forgets what the fake was asked so far. */
export function forget({ segmind }: FakeServer): void {
	segmind.log.length = 0;
	segmind.jobs.length = 0;
	segmind.uploads.length = 0;
}
