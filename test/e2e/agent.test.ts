import type { Fault, Route } from '../support/fakeSegmind/service';
import { SAMPLE_BODY } from '../support/parameters';
import { example } from './support/examples';
import { startFakeChat, type FakeChat } from './support/fakeChat';
import { boughtBy, forget, startInstance, type Instance } from './support/instance';
import { n8nVersion } from './support/n8n';
import { itemsOf, type Execution } from './support/rest';

const TOOL = 'Make a Video';
const ARGUMENTS = {
	prompt: SAMPLE_BODY.prompt,
	image_url: SAMPLE_BODY.image_url,
	video_url: SAMPLE_BODY.video_url,
};

let instance: Instance;
let chat: FakeChat;
let fault: (route: Route) => Fault | undefined;

beforeAll(async () => {
	instance = await startInstance({ fault: (_request, route) => fault(route) });
});
afterAll(async () => await instance?.close());
beforeEach(() => {
	fault = () => undefined;
	forget(instance.fake);
});
afterEach(() => chat?.close());

const bodies = () => boughtBy(instance.fake);

/** The example, run by a person who writes in the chat, with a model that makes these calls in these turns. */
async function converse(turns: object[][], agentVersion: number, tool: object = {}): Promise<Execution> {
	const { n8n, credentials } = instance;
	chat = await startFakeChat(turns);
	const id = await n8n.rest.credential('Chat API', 'openAiApi', { apiKey: 'none', url: chat.url });
	const openAi = { '@n8n/n8n-nodes-langchain.lmChatOpenAi': { openAiApi: { id, name: 'Chat API' } } };
	const file = example(
		'agent-tool',
		{ ...credentials, ...openAi },
		{
			Chat: { parameters: { public: true, options: { responseMode: 'lastNode' } } },
			'AI Agent': { typeVersion: agentVersion },
			[TOOL]: { parameters: { options: { downloadVideo: false, pollInterval: 1 } }, ...tool },
		},
	);
	const path = `chat-${agentVersion}-${id}`;
	file.nodes = file.nodes.map((node) => (node.name === 'Chat' ? { ...node, webhookId: path } : node));
	const workflow = await n8n.rest.workflow(file);
	await n8n.rest.activate(workflow);
	await fetch(`${n8n.url}/webhook/${path}/chat`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId: 'a', chatInput: 'Make my cat dance, please.' }),
		signal: AbortSignal.timeout(180_000),
	});
	const [execution] = await n8n.rest.executions(workflow);
	return await n8n.rest.ended(execution?.id ?? '');
}

describe.each([3.1, 2.2])(`n8n ${n8nVersion()}: an agent of version %s`, (version) => {
	test('fills in the fields, buys one video and answers with its URL', async () => {
		const execution = await converse([[ARGUMENTS]], version);
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		const [job] = instance.fake.segmind.jobs;
		expect(itemsOf(execution, 'AI Agent')[0]?.json.output).toContain(`/outputs/${job?.id}.mp4`);
	});

	test('is told what the tool needs, costs and gives', async () => {
		await converse([], version);
		const [tool] = chat.requests[0]?.tools ?? [];
		expect(tool?.description).toMatch(/two public URLs: an image.*3 to 30 seconds.*10 minutes.*\$1.*video_url/);
		const types = Object.entries(tool?.parameters.properties ?? {}).map(([name, { type }]) => [name, type]);
		expect(Object.fromEntries(types)).toEqual({ image_url: 'string', prompt: 'string', video_url: 'string' });
		expect(tool?.parameters.required).toEqual(expect.arrayContaining(['image_url', 'prompt', 'video_url']));
		expect(bodies()).toEqual([]);
	});

	test('Retry On Fail of the tool goes on with the same request', async () => {
		let polls = 0;
		fault = (route) => (route === 'status' && polls++ === 0 ? { status: 403 } : undefined);
		const execution = await converse([[ARGUMENTS]], version, { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 });
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		expect(itemsOf(execution, 'AI Agent')[0]?.json.output).toContain('/outputs/');
	});

	test('a model that calls again after an error goes on with the same request', async () => {
		let polls = 0;
		fault = (route) => (route === 'status' && polls++ === 0 ? { status: 403 } : undefined);
		await converse([[ARGUMENTS], [ARGUMENTS]], version, { onError: 'continueRegularOutput' });
		expect(chat.requests).toHaveLength(3);
		expect(bodies()).toEqual([SAMPLE_BODY]);
	});

	test('three equal calls in one turn are one purchase, and each has its answer', async () => {
		const execution = await converse([[ARGUMENTS, ARGUMENTS, ARGUMENTS]], version);
		expect(execution.status).toBe('success');
		expect(bodies()).toEqual([SAMPLE_BODY]);
		const [job] = instance.fake.segmind.jobs;
		const answers = chat.requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
		expect(answers.map(({ content }) => String(content).includes(`/outputs/${job?.id}.mp4`))).toEqual([
			true,
			true,
			true,
		]);
	});
});
