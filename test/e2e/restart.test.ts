import { SAMPLE_BODY } from '../support/parameters';
import { example } from './support/examples';
import { startInstance, videoOf, type Instance } from './support/instance';
import { n8nVersion, startN8n, type N8n } from './support/n8n';
import { until } from './support/processes';
import { itemsOf } from './support/rest';

let instance: Instance;
let again: N8n | undefined;

beforeAll(async () => {
	instance = await startInstance();
});
afterAll(async () => {
	await again?.stop();
	await instance?.close();
});

test(`n8n ${n8nVersion()}: killed while the execution sleeps, and started again: the video arrives, one POST`, async () => {
	const { n8n, fake, folder, credentials } = instance;
	const workflow = await n8n.rest.workflow(
		// n8n keeps a wait of less than 65 s in memory
		example('submit-wait-get', credentials, { Wait: { parameters: { amount: 70, unit: 'seconds' } } }),
	);
	const id = await n8n.rest.execute(workflow, 'Manual Trigger');
	await until('the execution sleeps', async () => (await n8n.rest.execution(id)).status === 'waiting');
	expect(fake.segmind.posts).toHaveLength(1);
	// n8n writes its event log a little later, and takes an execution without an end in it for a crashed one
	await new Promise((resolve) => setTimeout(resolve, 3_000));
	await n8n.kill();

	again = await startN8n({ folder, port: n8n.port });
	await again.rest.signIn();
	const execution = await again.rest.ended(id, 120);
	expect(execution.status).toBe('success');
	expect(fake.segmind.posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual([SAMPLE_BODY]);
	const [job] = fake.segmind.jobs;
	const [item] = itemsOf(execution, 'Your Next Step');
	expect(item?.json.request_id).toBe(job?.id);
	expect(job && (await again.rest.bytes(item)).equals(videoOf(job))).toBe(true);
});
