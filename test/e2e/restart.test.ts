import { SAMPLE_BODY } from '../support/parameters';
import { example } from './support/examples';
import { boughtBy, expectVideo, forget, publish, startInstance, trigger, type Instance } from './support/instance';
import { n8nVersion, startN8n, type N8n } from './support/n8n';
import { until } from './support/processes';
import { itemsOf } from './support/rest';

const PATH = 'make-a-video';
let instance: Instance;
let again: N8n | undefined;
/** Whether the media host leaves a request without an answer. */
let silent = false;

beforeAll(async () => {
	instance = await startInstance({
		fault: (_request, route) => (silent && route === 'media' ? { cut: 'never answers' } : undefined),
	});
});
afterAll(async () => {
	await again?.stop();
	await instance?.close();
});

test(`n8n ${n8nVersion()}: killed while an execution sleeps, and started again: the video arrives, one POST`, async () => {
	const { n8n, fake, folder, credentials } = instance;
	const workflow = await publish(
		n8n,
		// n8n keeps a wait of less than 65 s in memory
		example('submit-wait-get', credentials, { Wait: { parameters: { amount: 66, unit: 'seconds' } } }),
		PATH,
	);
	await trigger(n8n, PATH);
	const { id } = await until('the execution sleeps', async () => {
		const [execution] = await n8n.rest.executions(workflow);
		return execution?.status === 'waiting' && execution;
	});
	await n8n.kill();

	again = await startN8n({ folder, port: n8n.port });
	await again.rest.signIn();
	const { rest } = again;
	// n8n's own recovery calls the execution crashed for a moment
	const execution = await until(
		'the execution is woken and ends',
		async () => {
			const current = await rest.execution(id);
			return current.status === 'success' && current;
		},
		150,
	);
	expect(boughtBy(fake)).toEqual([SAMPLE_BODY]);
	await expectVideo({ ...instance, n8n: again }, itemsOf(execution, 'Your Next Step')[0]);
});

test('killed while the video comes in: Retry of the Executions list fetches it, one POST', async () => {
	const before = again;
	if (!before) throw new Error('n8n is not running');
	const { fake, folder, credentials } = instance;
	forget(fake);
	silent = true;
	const path = `${PATH}-2`;
	const file = example('submit-wait-get', credentials, { Wait: { parameters: { amount: 2, unit: 'seconds' } } });
	const workflow = await publish(before, file, path);
	await trigger(before, path);
	await until('the download begins', () => fake.segmind.requestsTo('media').length > 0);
	await before.kill();
	silent = false;

	again = await startN8n({ folder, port: before.port });
	await again.rest.signIn();
	const { rest } = again;
	const crashed = await until('n8n notices the crash', async () => {
		const [execution] = await rest.executions(workflow);
		return execution?.status === 'crashed' && execution;
	});
	const execution = await rest.retry(crashed.id);
	expect(execution.status).toBe('success');
	expect(boughtBy(fake)).toEqual([SAMPLE_BODY]);
	await expectVideo({ ...instance, n8n: again }, itemsOf(execution, 'Your Next Step')[0]);
});
