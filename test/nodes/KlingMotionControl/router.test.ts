import { Readable } from 'node:stream';

import type { IExecuteFunctions, INode } from 'n8n-workflow';

import { KlingMotionControl } from '../../../nodes/KlingMotionControl/KlingMotionControl.node';
import { VIDEO } from '../../support/fakeSegmind/service';
import { SAMPLE } from '../../support/parameters';
import { VirtualN8n } from '../../support/virtualN8n';
import { thrown } from '../../support/virtualRun';

/** The least that the node needs of n8n, for Get Credit Balance. */
function contextOf(items: number, request: () => unknown, node: Partial<INode> = {}, signal?: AbortSignal) {
	return {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			name === 'operation' ? 'getCredits' : fallback,
		getCredentials: async () => ({}),
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
	const error = await thrown(execute(contextOf(2, request, {}, AbortSignal.abort())));
	expect(error).toMatchObject({ message: 'Stopped before the video was there', context: { itemIndex: 0 } });
	expect(request).not.toHaveBeenCalled();
});

describe('an error of no kind that is known', () => {
	const unexpected = 'The node ran into an unexpected error (TypeError)';
	/** A context in which our own code meets a TypeError. */
	function broken(node: Partial<INode> = {}): IExecuteFunctions {
		const getNodeParameter = (name: string) => {
			if (name === 'options') return {};
			throw new TypeError('secret');
		};
		return Object.assign(contextOf(1, credits, node), { getNodeParameter });
	}

	it('ends the node, without its words', async () => {
		expect(await thrown(execute(broken()))).toMatchObject({ message: unexpected, context: { itemIndex: 0 } });
	});

	it('is the item with Continue On Fail', async () => {
		const items = [{ json: { error: unexpected }, pairedItem: { item: 0 } }];
		expect(await execute(broken({ onError: 'continueRegularOutput' }))).toEqual([items]);
	});
});

it('keeps a request that our own code lost, and goes on with it', async () => {
	const n8n = new VirtualN8n();
	const lost = n8n.messages.push.bind(n8n.messages);
	n8n.messages.push = (message) => {
		if (message.includes('COMPLETED') && n8n.outcomes.length === 0) throw new TypeError('secret');
		return lost(message);
	};
	const { items } = await n8n.run({ parameters: SAMPLE, tries: 2 });
	expect(n8n.outcomes[0]?.error?.message).toBe(
		`The node ran into an unexpected error (TypeError) [request ${n8n.segmind.jobs[0]?.id}]`,
	);
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
	[{ timeout: ' ' }, 'Timeout is not valid: it must be a number above 0'],
	[{ pollInterval: 'often' }, 'Poll Interval is not valid: it must be a number above 0'],
])('reads the numbers of %j, which may be words', async (options, message) => {
	const n8n = new VirtualN8n({ latency: 1_000 });
	const { error } = await n8n.run({ parameters: { ...SAMPLE, options } });
	expect(error?.message).toBe(message);
	expect(n8n.segmind.requestsTo('status')).toHaveLength(message ? 0 : 1);
});
