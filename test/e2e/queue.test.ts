import { rmSync } from 'node:fs';

import { SAMPLE_BODY } from '../support/parameters';
import { expectTakenUp, letJobsFinish, runAnew, startWaiting } from './support/crash';
import { example } from './support/examples';
import { installedFolder } from './support/installation';
import {
	boughtBy,
	ENDLESS,
	expectVideo,
	forget,
	LATENCY,
	publish,
	startInstance,
	trigger,
	type Instance,
} from './support/instance';
import { n8nVersion, startN8n, type N8n } from './support/n8n';
import { until } from './support/processes';
import { itemsOf, type Execution } from './support/rest';
import { startServers, type Servers } from './support/servers';

const NODE = 'Kling Motion Control';
const PATH = 'make-a-video';
/** How many executions a worker takes at once. */
const CONCURRENCY = 10;

let servers: Servers;
let folder: string;
let instance: Instance;
let workers: N8n[] = [];

beforeAll(async () => {
	folder = await installedFolder();
	servers = await startServers();
	instance = await startInstance({}, { folder, env: servers.env });
	workers = await Promise.all([startWorker(), startWorker()]);
});

afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await instance?.close();
	await servers?.stop();
	rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
	instance.fake.segmind.settings.latency = LATENCY;
	forget(instance.fake);
});

async function startWorker(env: Record<string, string> = {}): Promise<N8n> {
	const limit = { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(CONCURRENCY) };
	return await startN8n({ folder, command: 'worker', env: { ...servers.env, ...limit, ...env } });
}

/** The worker that an execution runs or ran on, by its log. */
const workerOf = (id: string) => workers.findIndex((worker) => new RegExp(`execution ${id}\\b`).test(worker.output()));

test(`n8n ${n8nVersion()}: 20 executions at once, on both workers: 20 POSTs, 20 videos, byte by byte from main`, async () => {
	const { n8n, fake, credentials } = instance;
	const workflow = await publish(
		n8n,
		example('sample', credentials, { [NODE]: { parameters: { options: { pollInterval: 1 } } } }),
		PATH,
	);
	// both workers are full before any of them ends
	fake.segmind.settings.latency = ENDLESS;
	await Promise.all(Array.from({ length: 2 * CONCURRENCY }, async () => await trigger(n8n, PATH)));
	await until('20 requests', () => boughtBy(fake).length === 20);
	fake.segmind.settings.latency = LATENCY;
	const all = await until('20 executions end', async () => {
		const executions = await n8n.rest.executions(workflow);
		return executions.length === 20 && executions.every(({ status }) => status === 'success') && executions;
	});
	const ids: string[] = [];
	for (const { id } of all) {
		const [item] = itemsOf(await n8n.rest.execution(id), NODE);
		expect(item?.binary?.data?.id).toMatch(/^database:/);
		ids.push(await expectVideo(instance, item));
	}
	expect(new Set(ids).size).toBe(20);
	expect(boughtBy(fake)).toEqual(Array(20).fill(SAMPLE_BODY));
	for (const at of [0, 1]) expect(all.filter(({ id }) => workerOf(id) === at)).toHaveLength(CONCURRENCY);
});

test('a worker killed with executions that poll and one that sleeps: what polled there ends as an error, all else arrives, nothing is bought twice', async () => {
	const { n8n, fake, credentials } = instance;
	const asleep = await publish(
		n8n,
		example('submit-wait-get', credentials, { Wait: { parameters: { amount: 66, unit: 'seconds' } } }),
		`${PATH}-asleep`,
	);
	await trigger(n8n, `${PATH}-asleep`);
	const sleeper = await until('an execution sleeps', async () => {
		const [execution] = await n8n.rest.executions(asleep);
		return execution?.status === 'waiting' && execution;
	});

	fake.segmind.settings.latency = ENDLESS;
	const polling = await publish(
		n8n,
		example('sample', credentials, { [NODE]: { parameters: { options: { pollInterval: 1 } }, retryOnFail: true } }),
		`${PATH}-killed`,
	);
	// more than one worker takes
	const count = CONCURRENCY + 1;
	await Promise.all(Array.from({ length: count }, async () => await trigger(n8n, `${PATH}-killed`)));
	await until('all of them poll', () => {
		const polled = new Set(fake.segmind.requestsTo('status').map(({ path }) => path));
		return polled.size === count;
	});
	const at = workerOf(sleeper.id);
	const victim = workers[at];
	if (!victim) throw new Error('no worker had the execution that sleeps');
	const began = Date.now();
	await victim.kill();
	fake.segmind.settings.latency = LATENCY;

	const ended: Execution[] = [];
	for (const { id } of await n8n.rest.executions(polling)) ended.push(await n8n.rest.ended(id, 300));
	const lost = ended.filter(({ id }) => workerOf(id) === at);
	console.log(
		`${lost.length} of ${count} polled there, marked ${lost[0]?.status} within ${Math.round((Date.now() - began) / 1_000)} s`,
	);
	expect(lost.length).toBeGreaterThan(0);
	for (const execution of ended) {
		if (lost.includes(execution)) expect(['error', 'crashed']).toContain(execution.status);
		else await expectVideo(instance, itemsOf(execution, NODE)[0]);
	}
	// what n8n lost can still be fetched by its id
	const logged = victim.output().match(/accepted, request \S+/g) ?? [];
	expect(logged.filter((line) => fake.segmind.jobs.slice(1).some(({ id }) => line.includes(id)))).toHaveLength(
		lost.length,
	);

	// n8n kept nothing of it to go on with, and runs nothing
	const vain = await n8n.rest.retry(lost[0]?.id ?? '');
	expect(vain.status).toBe('error');
	expect(vain.data.resultData.runData).toEqual({});

	const woken = await n8n.rest.ended(sleeper.id, 300);
	expect(woken.status).toBe('success');
	await expectVideo(instance, itemsOf(woken, 'Your Next Step')[0]);
	expect(boughtBy(fake)).toEqual(Array(count + 1).fill(SAMPLE_BODY));
});

test('a worker killed while Generate Video polls, and started again: Retry of the Executions list goes on with the request, a new execution with Reuse Within takes it, one POST each', async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	// n8n drops the progress that it saved once the lock of a dead worker is over: the new one must start before that
	workers = [await startWorker({ QUEUE_WORKER_LOCK_DURATION: String(10 * 60_000) })];
	const retried = await startWaiting(instance, `${PATH}-retried`);
	const anew = await startWaiting(instance, `${PATH}-anew`, { reuseWithin: 1 });
	await Promise.all(workers.map(async (worker) => await worker.kill()));
	workers = [await startWorker()];

	expect((await instance.n8n.rest.ended(retried.id)).status).toBe('crashed');
	letJobsFinish(instance);
	const [first, second] = await Promise.all([instance.n8n.rest.retry(retried.id), runAnew(instance, anew)]);
	expect(boughtBy(instance.fake)).toEqual([retried.body, anew.body]);
	await expectTakenUp(instance, first, { resumed: true });
	await expectTakenUp(instance, second, { reused: true });
});
