import { setTimeout } from 'node:timers/promises';

import { runAgent, type ToolAnswer, type ToolCall } from '../support/agent';
import { fastNode } from '../support/clocks';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY, type FakeSettings } from '../support/fakeSegmind/service';
import { SAMPLE } from '../support/parameters';
import { RETRY } from '../support/sample';

const DOUBT = /may have been accepted and charged/;
let server: FakeServer;
afterEach(async () => await server.close());

/** Calls the tool of an agent in one turn. */
async function call(settings: Partial<FakeSettings>, calls: ToolCall[], parameters: object = {}) {
	server = await startFakeSegmind({ latency: 2_000, ...settings });
	const answers = await runAgent(
		{
			nodeType: fastNode(200),
			parameters: { ...SAMPLE, options: { checkUrls: false, pollInterval: 1, ...parameters } },
			credential: { apiKey: KEY, baseUrl: server.url, storageUrl: server.storageUrl },
			settings: RETRY,
		},
		calls,
	);
	return { answers, posts: server.segmind.posts.length, ids: answers.map(({ json }) => json[0]?.request_id) };
}

const video = (answer: ToolAnswer | undefined) => answer?.json[0]?.video_url;
/** Answers POSTs late. */
const slowPosts = (ms: number): Partial<FakeSettings> => ({
	sleep: async (wait) => void (await setTimeout(wait)),
	fault: () => undefined,
	latency: ms,
});

describe('4. equal calls of the tool share one purchase, and each gets the video', () => {
	it.each(['async', 'sync', 'auto'])('at the same moment (%s)', async (apiMode) => {
		const { answers, posts, ids } = await call({ latency: 40 }, [{}, {}, {}], { apiMode });
		expect(posts).toBe(1);
		expect(new Set(ids)).toEqual(new Set([server.segmind.jobs[0]?.id]));
		for (const answer of answers) expect(answer.json[0]).toMatchObject({ status: 'COMPLETED' });
		if (apiMode !== 'sync') expect(video(answers[1])).toBe(video(answers[0]));
	});

	it('with one a little later, while the POST is not answered', async () => {
		// v1 keeps the POST open
		const { answers, posts } = await call({ ...slowPosts(300) }, [{}, { after: 100 }, { after: 350 }], {
			apiMode: 'sync',
		});
		expect(posts).toBe(1);
		expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
	});

	it('with one a little later, while the video is made', async () => {
		const { answers, posts, ids } = await call({ latency: 300 }, [{}, { after: 100 }]);
		expect(posts).toBe(1);
		expect(ids[0]).toBe(ids[1]);
		expect(answers[1]?.json[0]?.resumed).toBe(true);
	});

	it('with the URLs looked at first', async () => {
		const { posts } = await call({ latency: 40 }, [{}, {}], { checkUrls: true });
		expect(posts).toBe(1);
	});

	it('but not those of other fields', async () => {
		server = await startFakeSegmind({ latency: 40 });
		const answers = await runAgent(
			{
				nodeType: fastNode(200),
				parameters: { ...SAMPLE, prompt: "={{ $fromAI('prompt', '', 'string') }}", options: { checkUrls: false } },
				credential: { apiKey: KEY, baseUrl: server.url, storageUrl: server.storageUrl },
				settings: RETRY,
			},
			['a', 'b', 'a', 'b'].map((prompt) => ({ fields: { prompt } })),
		);
		expect(server.segmind.posts).toHaveLength(2);
		const byPrompt = new Map(server.segmind.jobs.map(({ id, request }) => [request.prompt, id]));
		const wanted = ['a', 'b', 'a', 'b'].map((prompt) => byPrompt.get(prompt));
		expect(answers.map(({ json }) => json[0]?.request_id)).toEqual(wanted);
	});
});

describe('4. where the shared purchase goes wrong', () => {
	it('in doubt: no call buys it again, and all are told', async () => {
		const { answers, posts } = await call(
			{ fault: (_r, route) => (route === 'submit' ? { status: 502, handled: true } : undefined) },
			[{}, {}, { after: 30 }],
		);
		expect(posts).toBe(1);
		for (const { error } of answers) expect(error).toMatch(DOUBT);
	});

	it('failed: it is bought again, once for all calls', async () => {
		const { answers, posts } = await call({ latency: 40, fails: (n) => (n < 2 ? 'no person' : undefined) }, [
			{},
			{},
			{},
		]);
		expect(posts).toBe(3);
		for (const { json } of answers) expect(json[0]?.request_id).toBe(server.segmind.jobs[2]?.id);
	});

	it('refused: all are told that it was not charged', async () => {
		const { answers, posts } = await call(
			{
				fault: (_r, route) =>
					route === 'submit' ? { status: 402, body: { error: 'Insufficient credits' } } : undefined,
			},
			[{}, {}],
		);
		expect(posts).toBeLessThanOrEqual(6);
		for (const { error } of answers) expect(error).toMatch(/This item was not charged/);
	});

	it("of one call: its error names no other call's request", async () => {
		server = await startFakeSegmind({
			latency: 40,
			fault: (request, route) =>
				route === 'submit' && request.body.includes('"b"')
					? { status: 402, body: { error: 'Insufficient' } }
					: undefined,
		});
		const answers = await runAgent(
			{
				nodeType: fastNode(200),
				parameters: { ...SAMPLE, prompt: "={{ $fromAI('prompt', '', 'string') }}", options: { checkUrls: false } },
				credential: { apiKey: KEY, baseUrl: server.url, storageUrl: server.storageUrl },
				settings: RETRY,
			},
			[{ fields: { prompt: 'a' } }, { fields: { prompt: 'b' }, after: 300 }],
		);
		expect(answers[0]?.json[0]?.status).toBe('COMPLETED');
		expect(answers[1]?.error).toMatch(/too few credits/);
		expect(answers[1]?.error).not.toContain(server.segmind.jobs[0]?.id);
	});
});
