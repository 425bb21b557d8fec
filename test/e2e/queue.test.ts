import { rmSync } from 'node:fs';

import { SAMPLE_BODY } from '../support/parameters';
import { example } from './support/examples';
import { installedFolder } from './support/installation';
import { startInstance, videoOf, type Instance } from './support/instance';
import { n8nVersion, startN8n, type N8n } from './support/n8n';
import { until } from './support/processes';
import { itemsOf, type Execution, type SavedWorkflow, type WorkflowFile } from './support/rest';
import { startServers, type Servers } from './support/servers';

const NODE = 'Kling Motion Control';
const PATH = 'make-a-video';

let servers: Servers;
let folder: string;
let instance: Instance;
let workers: N8n[] = [];
/** ms: how long the next jobs take */
let latency = 1_500;

beforeAll(async () => {
	folder = await installedFolder();
	servers = await startServers();
	instance = await startInstance({}, { folder, env: servers.env });
	workers = [await startWorker(), await startWorker()];
}, 240_000);

afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await instance?.close();
	await servers?.stop();
	rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
	latency = 1_500;
	const { segmind } = instance.fake;
	segmind.settings.latency = latency;
	segmind.log.length = 0;
	segmind.jobs.length = 0;
});

async function startWorker(): Promise<N8n> {
	return await startN8n({ folder, command: 'worker', env: { ...servers.env, N8N_CONCURRENCY_PRODUCTION_LIMIT: '10' } });
}

/** An example with a webhook in place of its trigger, so that it runs as a production execution. */
async function published(file: WorkflowFile, path: string): Promise<SavedWorkflow> {
	const { rest } = instance.n8n;
	const nodes = file.nodes.map((node) =>
		node.name === 'Manual Trigger'
			? { ...node, type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: path, parameters: { path, options: {} } }
			: node,
	);
	const workflow = await rest.workflow({ ...file, nodes });
	await rest.activate(workflow);
	return workflow;
}

async function call(path: string): Promise<void> {
	const response = await fetch(`${instance.n8n.url}/webhook/${path}`, { signal: AbortSignal.timeout(30_000) });
	if (!response.ok) throw new Error(`webhook: ${response.status} ${await response.text()}`);
}

/** The worker that an execution runs or ran on, by its log. */
const workerOf = (id: string) => workers.findIndex((worker) => new RegExp(`execution ${id}\\b`).test(worker.output()));

async function checkVideo(execution: Execution, node: string): Promise<string> {
	const { n8n, fake } = instance;
	const [item] = itemsOf(execution, node);
	const job = fake.segmind.jobs.find(({ id }) => id === item?.json.request_id);
	if (!job) throw new Error(`no job for ${JSON.stringify(item)}`);
	expect(item?.binary?.data?.id).toMatch(/^database:/);
	expect((await n8n.rest.bytes(item)).equals(videoOf(job))).toBe(true);
	return job.id;
}

test(`n8n ${n8nVersion()}: 20 executions at once, on both workers: 20 POSTs, 20 videos, byte by byte from main`, async () => {
	const { n8n, fake, credentials } = instance;
	const workflow = await published(
		example('sample', credentials, { [NODE]: { parameters: { options: { pollInterval: 1 } } } }),
		PATH,
	);
	await Promise.all(Array.from({ length: 20 }, async () => await call(PATH)));
	const all = await until('20 executions end', async () => {
		const executions = await n8n.rest.executions(workflow);
		return executions.length === 20 && executions.every(({ status }) => status === 'success') && executions;
	});
	const ids = await Promise.all(all.map(async ({ id }) => await checkVideo(await n8n.rest.execution(id), NODE)));
	expect(new Set(ids).size).toBe(20);
	expect(fake.segmind.posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual(Array(20).fill(SAMPLE_BODY));
	const onFirst = all.filter(({ id }) => workerOf(id) === 0).length;
	const onSecond = all.filter(({ id }) => workerOf(id) === 1).length;
	console.log(`on the workers: ${onFirst} and ${onSecond}`);
	expect(onFirst).toBeGreaterThan(0);
	expect(onSecond).toBeGreaterThan(0);
	expect(onFirst + onSecond).toBe(20);
});

test('a worker killed in mid-poll: the execution ends as an error, nothing is bought twice, its id is in the log', async () => {
	const { n8n, fake, credentials } = instance;
	fake.segmind.settings.latency = 20_000;
	const path = `${PATH}-killed`;
	const workflow = await published(
		example('sample', credentials, { [NODE]: { parameters: { options: { pollInterval: 1 } }, retryOnFail: true } }),
		path,
	);
	await call(path);
	await until('a first poll', () => fake.segmind.requestsTo('status').length > 0);
	const [started] = await n8n.rest.executions(workflow);
	const at = workerOf(started?.id ?? '');
	const victim = workers[at];
	if (!victim || !started) throw new Error('no worker has the execution');
	const began = Date.now();
	await victim.kill();
	const ended = await n8n.rest.ended(started.id, 170);
	console.log(`marked as ${ended.status} after ${Math.round((Date.now() - began) / 1_000)} s`);
	expect(['error', 'crashed']).toContain(ended.status);
	expect(fake.segmind.posts).toHaveLength(1);
	expect(victim.output()).toContain(`accepted, request ${fake.segmind.jobs[0]?.id}`);
	workers[at] = await startWorker();
}, 240_000);

test('a worker killed while a Submit → Wait → Get Video sleeps or looks: the video arrives, one POST', async () => {
	const { n8n, fake, credentials } = instance;
	const path = `${PATH}-asleep`;
	const workflow = await published(
		example('submit-wait-get', credentials, { Wait: { parameters: { amount: 66, unit: 'seconds' } } }),
		path,
	);
	await call(path);
	const started = await until('the execution sleeps', async () => {
		const [execution] = await n8n.rest.executions(workflow);
		return execution?.status === 'waiting' && execution;
	});
	expect(fake.segmind.posts).toHaveLength(1);
	const at = workerOf(started.id);
	await workers[at]?.kill();
	const execution = await n8n.rest.ended(started.id, 150);
	expect(execution.status).toBe('success');
	await checkVideo(execution, 'Your Next Step');
	expect(fake.segmind.posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual([SAMPLE_BODY]);
	workers[at] = await startWorker();
}, 240_000);
