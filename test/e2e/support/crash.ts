import { SAMPLE_BODY } from '../../support/parameters';
import { example } from './examples';
import { ENDLESS, expectVideo, publish, trigger, type Instance } from './instance';
import { until } from './processes';
import { itemsOf, type Execution, type SavedWorkflow } from './rest';

const NODE = 'Kling Motion Control';
/** How long a job goes on when somebody waits for it again, in ms. */
const REST = 2_000;

/** An execution that waits for a video. */
export interface Waiting {
	workflow: SavedWorkflow;
	/** The execution's id. */
	id: string;
	/** The path of its webhook. */
	path: string;
	/** What it bought. */
	body: object;
}

/** Starts an execution of Generate Video, whose progress n8n saves, and waits until it polls. */
export async function startWaiting(instance: Instance, path: string, options: object = {}): Promise<Waiting> {
	const { n8n, fake, credentials } = instance;
	fake.segmind.settings.latency = ENDLESS;
	const body = { ...SAMPLE_BODY, prompt: `${SAMPLE_BODY.prompt} ${path}` };
	const file = example('sample', credentials, {
		[NODE]: { parameters: { prompt: body.prompt, options: { pollInterval: 1, ...options } } },
	});
	const workflow = await publish(n8n, { ...file, settings: { ...file.settings, saveExecutionProgress: true } }, path);
	await trigger(n8n, path);
	const job = await until('the request', () => fake.segmind.jobs.find(({ request }) => request.prompt === body.prompt));
	await until('a poll', () => fake.segmind.requestsTo('status').some(({ path: url }) => url.includes(job.id)));
	const [execution] = await n8n.rest.executions(workflow);
	return { workflow, id: execution?.id ?? '', path, body };
}

/** Lets all jobs finish that are under way, soon enough for a test and late enough for a poll. */
export function letJobsFinish({ fake: { segmind } }: Instance): void {
	const oldest = Math.min(...segmind.jobs.map(({ createdAt }) => createdAt));
	segmind.settings.latency = Date.now() - oldest + REST;
}

/** Runs the workflow anew, and gives the execution once it has ended. */
export async function runAnew({ n8n }: Instance, { workflow, id, path }: Waiting): Promise<Execution> {
	await trigger(n8n, path);
	const anew = await until('the new execution', async () => {
		const [newest] = await n8n.rest.executions(workflow);
		return newest?.id !== id && newest;
	});
	return await n8n.rest.ended(anew.id);
}

/** Checks that an execution has a video that another one bought, byte by byte, and says so with these facts. */
export async function expectTakenUp(instance: Instance, execution: Execution, facts: object): Promise<void> {
	expect(execution.status).toBe('success');
	const [item] = itemsOf(execution, NODE);
	await expectVideo(instance, item);
	expect(item?.json).toMatchObject({ status: 'COMPLETED', ...facts });
}
