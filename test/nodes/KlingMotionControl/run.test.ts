import { Readable } from 'node:stream';

import { ExpressionError, type IExecuteFunctions, type INode } from 'n8n-workflow';

import { KlingMotionControl } from '../../../nodes/KlingMotionControl/KlingMotionControl.node';
import { VIDEO } from '../../support/fakeSegmind/service';
import { SAMPLE } from '../../support/parameters';
import { VirtualN8n } from '../../support/virtualN8n';

const CONTINUE = { onError: 'continueRegularOutput' as const };

/** The least that the node needs of n8n, for Get Credit Balance. */
function contextOf(items: number, request: () => unknown, node: Partial<INode> = {}, signal?: AbortSignal) {
	return {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			name === 'operation' ? 'getCredits' : fallback,
		getCredentials: async () => ({ apiKey: 'k' }),
		getNode: () => ({ id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {}, ...node }),
		getContext: () => ({}),
		getExecutionCancelSignal: () => signal,
		continueOnFail: () => node.onError !== undefined,
		helpers: { httpRequestWithAuthentication: request },
	} as unknown as IExecuteFunctions;
}

const credits = () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('{"credits":5}')]) });
const execute = async (context: IExecuteFunctions) => await new KlingMotionControl().execute.call(context);

it.each([0, 1, 7])('gives an item for each of %d items, also where n8n has no signal to stop by', async (count) => {
	const items = Array.from({ length: count }, (_, item) => ({ json: { credits: 5 }, pairedItem: { item } }));
	expect(await execute(contextOf(count, credits))).toEqual([items]);
});

it('sends nothing where it was stopped before', async () => {
	const request = jest.fn(credits);
	await expect(execute(contextOf(2, request, {}, AbortSignal.abort()))).rejects.toMatchObject({
		message: 'Stopped before the video was ready',
		context: { itemIndex: 0 },
	});
	expect(request).not.toHaveBeenCalled();
});

describe('an error of no kind that is known', () => {
	const unexpected = 'The node ran into an unexpected error (TypeError)';
	/** A context in which our own code meets a TypeError: n8n's time zone is missing. */
	function broken(node: Partial<INode> = {}): IExecuteFunctions {
		const parameters: Record<string, unknown> = { operation: 'getRequests', filters: { fromDate: '2026-11-01' } };
		const getNodeParameter = (name: string, _itemIndex: number, fallback?: unknown) => parameters[name] ?? fallback;
		return Object.assign(contextOf(1, credits, node), { getNodeParameter });
	}

	it('ends the node, without its words', async () => {
		await expect(execute(broken())).rejects.toMatchObject({ message: unexpected, context: { itemIndex: 0 } });
	});

	it('is the item with Continue On Fail', async () => {
		const items = [{ json: { error: unexpected }, pairedItem: { item: 0 } }];
		expect(await execute(broken(CONTINUE))).toEqual([items]);
	});
});

describe('an expression that throws whatever it may', () => {
	function failing(node: Partial<INode> = {}): IExecuteFunctions {
		const getNodeParameter = (name: string) => {
			if (name === 'options') return {};
			throw new TypeError("Cannot read properties of undefined (reading 'id')");
		};
		return Object.assign(contextOf(1, credits, node), { getNodeParameter });
	}
	const message = "Cannot read properties of undefined (reading 'id')";

	it('ends the node in its own words', async () => {
		await expect(execute(failing())).rejects.toMatchObject({ message, context: { itemIndex: 0 } });
	});

	it('is the item with Continue On Fail', async () => {
		expect(await execute(failing(CONTINUE))).toEqual([[{ json: { error: message }, pairedItem: { item: 0 } }]]);
	});
});

describe('reads all items before the first request', () => {
	const parameters = (item: number) => ({ ...SAMPLE, prompt: item === 8 ? ' ' : `dance ${item}` });

	it('so that one bad item of nine costs nothing', async () => {
		const n8n = new VirtualN8n();
		const { error } = await n8n.run({ parameters, items: 9 });
		expect(error).toMatchObject({ message: 'Prompt is empty', context: { itemIndex: 8 } });
		expect(error?.description).toBe(
			'Correct “Prompt”. Nothing was sent to Segmind for this item. This item was not charged.',
		);
		expect(n8n.requests).toEqual([]);
	});

	it('and with Continue On Fail goes on with the others', async () => {
		const n8n = new VirtualN8n();
		const { items = [] } = await n8n.run({ parameters, items: 9, settings: CONTINUE });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(Array.from({ length: 9 }, (_, item) => ({ item })));
		expect(items.filter((item) => n8n.bytesOf(item)?.equals(VIDEO))).toHaveLength(8);
		expect(items[8]?.json).toEqual({ error: 'Prompt is empty' });
		expect(n8n.segmind.jobs.map(({ request }) => request.prompt)).toEqual(
			Array.from({ length: 8 }, (_, item) => `dance ${item}`),
		);
	});

	it('and names the mistakes of all in one error', async () => {
		const n8n = new VirtualN8n();
		const prompts = ['dance', '', 'dance', { text: 'dance' }, ' '];
		const { error } = await n8n.run({
			parameters: (item) => ({ ...SAMPLE, prompt: prompts[item] }),
			items: prompts.length,
		});
		expect(error).toMatchObject({ message: 'Prompt is empty', context: { itemIndex: 1 } });
		expect(error?.description).toBe(
			'Correct “Prompt”. Nothing was sent to Segmind for this item. This item was not charged. ' +
				'Item 4 failed for the same reason. Item 3 failed too: Prompt must be text, not an object.',
		);
		expect(n8n.requests).toEqual([]);
	});

	it.each([
		[400, [0, 1, 2, 3, 4, 5]],
		[5_000, [0, 1, 2, 3]],
		[0, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
	])('of those that it comes to within a second, where each takes %d ms', async (ms, expected) => {
		const n8n = new VirtualN8n();
		const read = new Set<number>();
		const { error } = await n8n.run({
			parameters: (item) => ({
				...SAMPLE,
				get prompt() {
					read.add(item);
					n8n.clock.pass(ms);
					return item < 2 ? 'dance' : '';
				},
			}),
			items: 9,
		});
		expect(error).toMatchObject({ message: 'Prompt is empty', context: { itemIndex: 2 } });
		expect([...read]).toEqual(expected);
	});
});

describe('an expression that fails in one item', () => {
	const WORDS = "Referenced node doesn't exist";
	/** The parameters of items of which one has an expression that fails, in this parameter. */
	function failingIn(name: string, failing: number) {
		return (item: number) => {
			const given = { ...SAMPLE, prompt: `dance ${item}`, options: { maxConcurrency: 2 } };
			const broken = {
				get: () => {
					throw new ExpressionError(WORDS);
				},
			};
			return item === failing ? Object.defineProperty(given, name, broken) : given;
		};
	}

	// n8n works out a collection as a whole: an expression in Max Concurrency fails as "options" does
	it.each<[name: string, failing: number]>([
		['prompt', 1],
		['options', 1],
		['options', 0],
		['operation', 0],
		['model', 2],
		['imageUrl', 2],
	])("is that item's error in n8n's own words: %s of item %d", async (name, failing) => {
		const parameters = failingIn(name, failing);
		const n8n = new VirtualN8n();
		const { items = [] } = await n8n.run({ parameters, items: 3, settings: CONTINUE });
		expect(items[failing]).toEqual({ json: { error: WORDS }, pairedItem: { item: failing } });
		const others = [0, 1, 2].filter((item) => item !== failing);
		expect(others.map((item) => items[item]?.json.status)).toEqual(['COMPLETED', 'COMPLETED']);
		expect(n8n.segmind.jobs).toHaveLength(2);

		const stopped = new VirtualN8n();
		const { error } = await stopped.run({ parameters, items: 3 });
		expect(error).toMatchObject({ name: 'NodeOperationError', message: WORDS, context: { itemIndex: failing } });
		expect(stopped.requests).toEqual([]);
	});

	it('leaves the number of items at a time to the first item that can be read', async () => {
		const n8n = new VirtualN8n({ latency: 600_000 });
		await n8n.run({ parameters: failingIn('options', 0), items: 7, settings: CONTINUE });
		const began = n8n.segmind.jobs.map(({ createdAt }) => createdAt);
		expect(began).toHaveLength(6);
		// two at a time: each pair begins when the one before is done
		expect(began.filter((at) => at - (began[0] ?? 0) < 600_000)).toHaveLength(2);
	});
});

it.each([1e9, 1e300])('runs with a Max Concurrency of %d', async (maxConcurrency) => {
	const n8n = new VirtualN8n();
	const { items } = await n8n.run({ parameters: { ...SAMPLE, options: { maxConcurrency } }, items: 3 });
	expect(items).toHaveLength(3);
});

it('keeps a request that our own code lost, and goes on with it', async () => {
	const n8n = new VirtualN8n();
	const lost = n8n.messages.push.bind(n8n.messages);
	n8n.messages.push = (message) => {
		if (message.includes('COMPLETED') && n8n.outcomes.length === 0) throw new TypeError('secret');
		return lost(message);
	};
	const { items } = await n8n.run({ parameters: SAMPLE, tries: 2 });
	const { message, description } = n8n.outcomes[0]?.error ?? {};
	expect(message).toBe('The node ran into an unexpected error (TypeError)');
	expect(description).toMatch(new RegExp(` Paid requests: item 0: ${n8n.segmind.jobs[0]?.id}\\.$`));
	expect(n8n.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
	expect(n8n.segmind.posts).toHaveLength(1);
});

it('goes on with a submitted request where another item ended the node', async () => {
	const n8n = new VirtualN8n({
		fault: (request, route, count) =>
			route === 'submit' && count < 2 && request.body.includes('dance 1') ? { status: 400 } : undefined,
	});
	const parameters = (item: number) => ({ ...SAMPLE, operation: 'submit', prompt: `dance ${item}` });
	const { items } = await n8n.run({ parameters, items: 2, tries: 2 });
	const [first, second] = n8n.segmind.jobs;
	const json = { status: 'QUEUED', model: SAMPLE.model };
	expect(items?.map((item) => item.json)).toEqual([
		{ ...json, request_id: first?.id, resumed: true },
		{ ...json, request_id: second?.id },
	]);
	expect(n8n.segmind.jobs).toHaveLength(2);
});

it.each([
	[{ timeout: '1', pollInterval: '2', maxConcurrency: '3' }, undefined],
	[{ timeout: ' ' }, 'Timeout (Minutes) must be a number above 0, at most 55, not empty'],
	[{ pollInterval: 'often' }, 'Poll Interval (Seconds) must be a number above 0, not “often”'],
])('reads the numbers of %j, which may be words', async (options, message) => {
	const n8n = new VirtualN8n({ latency: 1_000 });
	const { error } = await n8n.run({ parameters: { ...SAMPLE, options } });
	expect(error?.message).toBe(message);
	expect(n8n.segmind.requestsTo('status')).toHaveLength(message ? 0 : 1);
});

it('refuses an operation that it does not know', async () => {
	const n8n = new VirtualN8n();
	const { error } = await n8n.run({ parameters: { ...SAMPLE, operation: 'destroy' } });
	expect(error?.message).toBe(
		'Operation must be one of Generate Video, Get Credit Balance, Get Many Requests, Get Video, Submit Request, not “destroy”',
	);
	expect(n8n.requests).toEqual([]);
});
