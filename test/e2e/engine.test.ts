import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INode } from 'n8n-workflow';

import { KEY, VIDEO, type Fault, type FakeRequest, type Route } from '../support/fakeSegmind/service';
import { mediaFile } from '../support/mediaFiles';
import { SAMPLE_BODY } from '../support/parameters';
import { example } from './support/examples';
import {
	boughtBy,
	ENDLESS,
	expectVideo,
	forget,
	LATENCY,
	startInstance,
	videoOf,
	type Instance,
} from './support/instance';
import { n8nVersion } from './support/n8n';
import { until } from './support/processes';
import { itemsOf, type Execution } from './support/rest';
import { CALL, callerOf } from './support/subWorkflow';

const NODE = 'Kling Motion Control';
const MODEL = 'kling-2.6-standard-motion-control';
/** A prompt whose job fails, for this reason. */
const DOOMED = 'nobody is dancing.';
const REASON = 'the image has no person';
const QUICK = { options: { pollInterval: 1 } };

let instance: Instance;
/** What the next requests meet. */
let fault: (request: FakeRequest, route: Route) => Fault | undefined;
let failure: string | undefined;

beforeAll(async () => {
	instance = await startInstance({
		fault: (request, route) => fault(request, route),
		fails: (_number, { prompt }) => (prompt === DOOMED ? REASON : failure),
	});
});
afterAll(async () => await instance?.close());
beforeEach(() => {
	fault = () => undefined;
	failure = undefined;
	instance.fake.segmind.settings.latency = LATENCY;
	forget(instance.fake);
});

const bodies = () => boughtBy(instance.fake);

async function videoIs(execution: Execution, node: string, at = 0) {
	const item = itemsOf(execution, node)[at];
	await expectVideo(instance, item);
	return item;
}

describe(`n8n ${n8nVersion()}: the examples`, () => {
	test('sample: one request with the five fields, the video byte by byte', async () => {
		const { n8n, credentials } = instance;
		const workflow = await n8n.rest.workflow(example('sample', credentials, { [NODE]: { parameters: QUICK } }));
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		const item = await videoIs(execution, NODE);
		expect(item?.json).toMatchObject({ status: 'COMPLETED', metrics: { cost: 0.967 } });
		expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
	});

	test('list-of-prompts: a request for each, at the same time, in order', async () => {
		const { n8n, fake, credentials } = instance;
		const workflow = await n8n.rest.workflow(
			example('list-of-prompts', credentials, {
				[NODE]: { parameters: { options: { maxConcurrency: 3, pollInterval: 1 } } },
			}),
		);
		// none is done before all of them are sent
		fake.segmind.settings.latency = ENDLESS;
		const id = await n8n.rest.execute(workflow, 'Manual Trigger');
		await until('three requests', () => bodies().length === 3);
		fake.segmind.settings.latency = 0;
		const execution = await n8n.rest.ended(id);
		expect(execution.status).toBe('success');
		const prompts = ['on a beach', 'in the rain', 'on the moon'].map((place) => `cat and dog are dancing ${place}.`);
		// they are sent together, so they arrive in any order
		expect(bodies()).toHaveLength(3);
		expect(bodies()).toEqual(expect.arrayContaining(prompts.map((prompt) => ({ ...SAMPLE_BODY, prompt }))));
		const items = itemsOf(execution, NODE);
		const jobOf = new Map(fake.segmind.jobs.map((job) => [job.id, job]));
		expect(items.map(({ json }) => jobOf.get(String(json.request_id))?.request.prompt)).toEqual(prompts);
		for (const at of items.keys()) await videoIs(execution, NODE, at);
	});

	test('form: two files go up, the answer is the video', async () => {
		const { n8n, fake, credentials } = instance;
		const workflow = await n8n.rest.workflow(example('form', credentials, { [NODE]: { parameters: QUICK } }));
		await n8n.rest.activate(workflow);
		const picture = mediaFile('picture.png');
		const form = new FormData();
		form.set('field-0', 'cat and dog are dancing.');
		form.set('field-1', new Blob([picture], { type: 'image/png' }), 'cat.png');
		form.set('field-2', new Blob([VIDEO], { type: 'video/mp4' }), 'dance.mp4');
		const signal = AbortSignal.timeout(180_000);
		const answer = await fetch(`${n8n.url}/form/make-a-picture-dance`, { method: 'POST', body: form, signal });
		const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl: string };
		// the page that waits asks for this until the form has an answer
		const status = formWaitingUrl.replace('?', '/n8n-execution-status?');
		await until('the answer of the form', async () => (await (await fetch(status)).text()) === 'form-waiting');
		const page = await (await fetch(formWaitingUrl, { signal })).text();
		const files = /JSON\.parse\(decodeURIComponent\("([^"]+)"/.exec(page)?.[1] ?? '[]';
		const [file] = JSON.parse(decodeURIComponent(files)) as Array<{ type: string; data: { data: number[] } }>;
		await fetch(formWaitingUrl, { method: 'POST', signal });

		expect(fake.segmind.uploads.map(({ mimeType, content }) => [mimeType, content])).toEqual([
			['image/png', picture],
			['video/mp4', VIDEO],
		]);
		const [image, video] = fake.segmind.uploads;
		expect(bodies()).toEqual([{ ...SAMPLE_BODY, image_url: image?.url, video_url: video?.url }]);
		const [job] = fake.segmind.jobs;
		expect(file?.type).toBe('video/mp4');
		expect(job && Buffer.from(file?.data.data ?? []).equals(videoOf(job))).toBe(true);
		const [execution] = await n8n.rest.executions(workflow);
		await videoIs(await n8n.rest.ended(execution?.id ?? ''), NODE);
	});

	test('error-branch: a person is told the reason, a good video goes the other way', async () => {
		const { n8n, fake, credentials } = instance;
		const messages: string[] = [];
		const chat = createServer((request, response) => {
			let body = '';
			request
				.on('data', (chunk) => (body += chunk))
				.on('end', () => {
					messages.push((JSON.parse(body) as { text: string }).text);
					response.end('{}');
				});
		});
		await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}`;
		const workflow = await n8n.rest.workflow(
			example('error-branch', credentials, { [NODE]: { parameters: QUICK }, 'Tell a Person': { parameters: { url } } }),
		);
		failure = REASON;
		const failed = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		failure = undefined;
		const good = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		chat.close();

		expect([failed.status, good.status]).toEqual(['success', 'success']);
		expect(messages).toHaveLength(1);
		expect(messages[0]).toMatch(
			/^Kling Motion Control failed: Segmind could not make the video: the image has no person/,
		);
		expect(messages[0]).toContain(fake.segmind.jobs[0]?.id);
		expect(itemsOf(failed, 'Your Next Step')).toEqual([]);
		await videoIs(good, 'Your Next Step');
	});

	test('submit-wait-get: the request is submitted, waited for and fetched', async () => {
		const { n8n, credentials } = instance;
		let looks = 0;
		fault = (_request, route) => (route === 'status' && looks++ === 0 ? { body: { status: 'PROCESSING' } } : undefined);
		const workflow = await n8n.rest.workflow(
			example('submit-wait-get', credentials, { Wait: { parameters: { amount: 1, unit: 'seconds' } } }),
		);
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		expect(execution.data.resultData.runData['Get Video']?.length).toBeGreaterThan(1);
		await videoIs(execution, 'Your Next Step');
	});

	test('two-files: two downloads with names of their own, merged, go up', async () => {
		const { n8n, fake, credentials } = instance;
		const files = new Map([
			['/cat.png', { type: 'image/png', content: mediaFile('picture.png') }],
			['/dance.mp4', { type: 'video/mp4', content: VIDEO }],
		]);
		const host = createServer(({ url = '' }, response) => {
			const file = files.get(url);
			response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.content);
		});
		await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
		const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
		const workflow = await n8n.rest.workflow(
			example('two-files', credentials, {
				[NODE]: { parameters: QUICK },
				'Download the Image': { parameters: { url: `${origin}/cat.png` } },
				'Download the Video': { parameters: { url: `${origin}/dance.mp4` } },
			}),
		);
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		host.close();

		expect(execution.status).toBe('success');
		expect(fake.segmind.uploads.map(({ mimeType, content }) => ({ type: mimeType, content }))).toEqual([
			...files.values(),
		]);
		const [image, video] = fake.segmind.uploads;
		expect(bodies()).toEqual([{ ...SAMPLE_BODY, image_url: image?.url, video_url: video?.url }]);
		await videoIs(execution, NODE);
	});

	test('sub-workflow: one node gets the video, and the error of the item that failed', async () => {
		const { n8n, credentials } = instance;
		const sub = await n8n.rest.workflow(
			example('sub-workflow', credentials, { Wait: { parameters: { amount: 2, unit: 'seconds' } } }),
		);
		const { prompt, image_url, video_url } = SAMPLE_BODY;
		const inputs = [
			{ prompt, image_url, video_url },
			{ prompt: DOOMED, image_url, video_url },
		];
		const workflow = await n8n.rest.workflow(callerOf(sub, inputs));
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(execution.status).toBe('success');
		expect(bodies()).toHaveLength(2);
		expect(bodies()).toEqual(expect.arrayContaining([SAMPLE_BODY, { ...SAMPLE_BODY, prompt: DOOMED }]));
		const items = itemsOf(execution, CALL);
		expect(items).toHaveLength(2);
		const at = items.findIndex(({ binary }) => binary);
		expect((await videoIs(execution, CALL, at))?.json.status).toBe('COMPLETED');
		expect(items[1 - at]?.json.error).toContain(REASON);
	});
});

test(`n8n ${n8nVersion()}: the HTTP Request node sends our credential with its requests`, async () => {
	const { n8n, fake, credentials } = instance;
	const file = example('sample', credentials);
	const request: INode = {
		id: 'request',
		name: NODE,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [0, 0],
		parameters: {
			method: 'POST',
			url: `${fake.url}/v1/${MODEL}`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'segmindApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: JSON.stringify(SAMPLE_BODY),
			options: { response: { response: { responseFormat: 'file' } } },
		},
		credentials: Object.values(credentials)[0],
	};
	const nodes = file.nodes.map((node) => (node.name === NODE ? request : node));
	const workflow = await n8n.rest.workflow({ ...file, nodes });
	const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
	expect(execution.status).toBe('success');
	expect(fake.segmind.posts.map(({ path, headers }) => [path, headers['x-api-key']])).toEqual([[`/v1/${MODEL}`, KEY]]);
	expect(bodies()).toEqual([SAMPLE_BODY]);
	const [job] = fake.segmind.jobs;
	const bytes = await n8n.rest.bytes(itemsOf(execution, NODE)[0]);
	expect(job && bytes.equals(videoOf(job))).toBe(true);
});

describe(`n8n ${n8nVersion()}: faults`, () => {
	test.each([
		['Retry On Fail', {}],
		['Continue On Fail and Retry On Fail', { onError: 'continueRegularOutput' as const }],
	])('%s: the second try waits for the request of the first', async (_name, settings) => {
		const { n8n, credentials } = instance;
		let polls = 0;
		fault = (_request, route) => (route === 'status' && polls++ === 0 ? { status: 403 } : undefined);
		const workflow = await n8n.rest.workflow(
			example('sample', credentials, {
				[NODE]: { parameters: QUICK, retryOnFail: true, maxTries: 2, waitBetweenTries: 100, ...settings },
			}),
		);
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		expect((await videoIs(execution, NODE))?.json.resumed).toBe(true);
	});

	test('Continue On Fail: the error names the request, nothing is bought again', async () => {
		const { n8n, fake, credentials } = instance;
		fault = (_request, route) => (route === 'status' ? { status: 403 } : undefined);
		const workflow = await n8n.rest.workflow(
			example('sample', credentials, { [NODE]: { parameters: QUICK, onError: 'continueRegularOutput' } }),
		);
		const execution = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(bodies()).toEqual([SAMPLE_BODY]);
		const [job] = fake.segmind.jobs;
		const [item] = itemsOf(execution, NODE);
		expect(item?.json).toMatchObject({ request_id: job?.id, http_status: 403 });
		expect(item?.json.error).toContain(job?.id);
	});

	test("Retry of the Executions list: the same request, the first execution's video", async () => {
		const { n8n, credentials } = instance;
		fault = (_request, route) => (route === 'status' ? { status: 403 } : undefined);
		const workflow = await n8n.rest.workflow(example('sample', credentials, { [NODE]: { parameters: QUICK } }));
		const failed = await n8n.rest.ended(await n8n.rest.execute(workflow, 'Manual Trigger'));
		expect(failed.status).toBe('error');
		fault = () => undefined;
		const execution = await n8n.rest.retry(failed.id);
		expect(execution).toMatchObject({ mode: 'retry', status: 'success' });
		expect(bodies()).toEqual([SAMPLE_BODY]);
		expect((await videoIs(execution, NODE))?.json.resumed).toBe(true);
	});

	test('Stop: the polling ends', async () => {
		const { n8n, fake, credentials } = instance;
		fault = (_request, route) => (route === 'status' ? { body: { status: 'PROCESSING' } } : undefined);
		const workflow = await n8n.rest.workflow(example('sample', credentials, { [NODE]: { parameters: QUICK } }));
		const id = await n8n.rest.execute(workflow, 'Manual Trigger');
		await until('a first poll', () => fake.segmind.requestsTo('status').length > 0);
		await n8n.rest.stop(id);
		expect((await n8n.rest.ended(id)).status).toBe('canceled');
		const polls = fake.segmind.requestsTo('status').length;
		await new Promise((resolve) => setTimeout(resolve, 3_000));
		expect(fake.segmind.requestsTo('status')).toHaveLength(polls);
		expect(bodies()).toEqual([SAMPLE_BODY]);
	});
});
