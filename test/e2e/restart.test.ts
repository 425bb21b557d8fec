import { SAMPLE_BODY } from '../support/parameters';
import { expectTakenUp, letJobsFinish, runAnew, startWaiting } from './support/crash';
import { example } from './support/examples';
import {
	boughtBy,
	expectVideo,
	forget,
	LATENCY,
	publish,
	startInstance,
	trigger,
	type Instance,
} from './support/instance';
import { n8nVersion } from './support/n8n';
import { until } from './support/processes';
import { itemsOf, type Execution, type SavedWorkflow } from './support/rest';
import { CALL, callerOf } from './support/subWorkflow';

const PATH = 'make-a-video';
let instance: Instance;
/** Whether the media host leaves a request without an answer. */
let silent = false;

beforeAll(async () => {
	instance = await startInstance({
		fault: (_request, route) => (silent && route === 'media' ? { cut: 'never answers' } : undefined),
	});
});
afterAll(async () => await instance?.close());
beforeEach(() => {
	silent = false;
	instance.fake.segmind.settings.latency = LATENCY;
	forget(instance.fake);
});

/** Waits until n8n knows that its end was the end of an execution. */
async function crashOf(workflow: SavedWorkflow): Promise<string> {
	const crashed = await until('n8n notices the crash', async () => {
		const [execution] = await instance.n8n.rest.executions(workflow);
		return execution?.status === 'crashed' && execution;
	});
	return crashed.id;
}

/** The execution of a workflow, once it sleeps. */
async function asleep(workflow: SavedWorkflow): Promise<string> {
	const { id } = await until('the execution sleeps', async () => {
		const [execution] = await instance.n8n.rest.executions(workflow);
		return execution?.status === 'waiting' && execution;
	});
	return id;
}

/** An execution that n8n woke, once it is done. n8n's own recovery calls it crashed for a moment. */
async function wokenUp(id: string): Promise<Execution> {
	return await until(
		'the execution is woken and ends',
		async () => {
			const current = await instance.n8n.rest.execution(id);
			return current.status === 'success' && current;
		},
		300,
	);
}

test(`n8n ${n8nVersion()}: killed while an execution sleeps, and started again: the video arrives, one POST`, async () => {
	const { n8n, fake, credentials } = instance;
	const workflow = await publish(
		n8n,
		// n8n keeps a wait of less than 65 s in memory
		example('submit-wait-get', credentials, { Wait: { parameters: { amount: 66, unit: 'seconds' } } }),
		PATH,
	);
	await trigger(n8n, PATH);
	const id = await asleep(workflow);
	await instance.restart();
	const execution = await wokenUp(id);
	expect(boughtBy(fake)).toEqual([SAMPLE_BODY]);
	await expectVideo(instance, itemsOf(execution, 'Your Next Step')[0]);
});

test('killed while a sub-workflow and its caller sleep, and started again: the caller gets the video, one POST', async () => {
	const { n8n, fake, credentials } = instance;
	const sub = await n8n.rest.workflow(
		example('sub-workflow', credentials, { Wait: { parameters: { amount: 66, unit: 'seconds' } } }),
	);
	await n8n.rest.activate(sub);
	const path = `${PATH}-sub`;
	const { prompt, image_url, video_url } = SAMPLE_BODY;
	const caller = await publish(n8n, callerOf(sub, [{ prompt, image_url, video_url }]), path);
	await trigger(n8n, path);
	const ids = [await asleep(sub), await asleep(caller)] as const;
	await instance.restart();

	const [, execution] = await Promise.all(ids.map(wokenUp));
	expect(boughtBy(fake)).toEqual([SAMPLE_BODY]);
	await expectVideo(instance, execution && itemsOf(execution, CALL)[0]);
});

test('killed while the video comes in: Retry of the Executions list fetches it, one POST', async () => {
	const { n8n, fake, credentials } = instance;
	silent = true;
	const path = `${PATH}-2`;
	const file = example('submit-wait-get', credentials, { Wait: { parameters: { amount: 2, unit: 'seconds' } } });
	const workflow = await publish(n8n, file, path);
	await trigger(n8n, path);
	await until('the download begins', () => fake.segmind.requestsTo('media').length > 0);
	await instance.restart();
	silent = false;

	const execution = await instance.n8n.rest.retry(await crashOf(workflow));
	expect(execution.status).toBe('success');
	expect(boughtBy(fake)).toEqual([SAMPLE_BODY]);
	await expectVideo(instance, itemsOf(execution, 'Your Next Step')[0]);
});

test('killed while Generate Video polls: Retry of the Executions list goes on with the request, a new execution with Reuse Within takes it, one POST each', async () => {
	const retried = await startWaiting(instance, `${PATH}-retried`);
	const anew = await startWaiting(instance, `${PATH}-anew`, { reuseWithin: 1 });
	await instance.restart();

	const crashed = await crashOf(retried.workflow);
	letJobsFinish(instance);
	const [first, second] = await Promise.all([instance.n8n.rest.retry(crashed), runAnew(instance, anew)]);
	expect(boughtBy(instance.fake)).toEqual([retried.body, anew.body]);
	await expectTakenUp(instance, first, { resumed: true });
	await expectTakenUp(instance, second, { reused: true });
});
