import { setTimeout } from 'node:timers/promises';

import type { INode, INodeExecutionData } from 'n8n-workflow';

import { head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedRun, type FrontedResult } from '../support/fronted';
import { CONTINUE, RETRY } from '../support/sample';

const DOUBT = /may have been accepted and charged/;
const PROMPT = { prompt: '=dance {{ $json.n }}' };
const itemNumbers = (count: number): INodeExecutionData[] => Array.from({ length: count }, (_, n) => ({ json: { n } }));
const isPost = ({ request }: Exchange) => request.method === 'POST';
const promptOf = ({ request }: Exchange) => String((JSON.parse(request.body) as { prompt: string }).prompt);
const idsOf = ({ server }: FrontedResult) => server.segmind.jobs.map(({ id }) => id);

afterEach(closeFronts);

/** Runs it, and stops the execution as a person does, once `stop` was called, and a moment later. */
async function stopped(
	make: (stop: () => void) => FrontedRun,
	settings: Partial<INode> = RETRY,
	moment = 30,
): Promise<FrontedResult> {
	let cancel = () => {};
	const stop = () => void setTimeout(moment).then(() => cancel());
	const wanted = make(stop);
	return await runFronted({ ...wanted, run: { settings, onStart: (end) => (cancel = end), ...wanted.run } });
}

/** Nothing was sent after the stop, nothing is open. */
async function expectSilence({ api, media, storage }: FrontedResult): Promise<void> {
	const sent = () => [api, media, storage].map(({ requests }) => requests.length);
	// what was on its way when the stop came may still arrive
	await setTimeout(50);
	const before = sent();
	await setTimeout(150);
	expect(sent()).toEqual(before);
	expect([api.open(), media.open(), storage.open()]).toEqual([0, 0, 0]);
}

const MODES: Array<[string, Partial<INode>]> = [
	['Retry On Fail', RETRY],
	['both', { ...RETRY, ...CONTINUE }],
	['neither', {}],
];

describe('14. a stop in the middle of a POST', () => {
	it.each(MODES.flatMap(([name, settings]) => ['async', 'sync'].map((mode) => [name, mode, settings] as const)))(
		'is said to be in doubt, with %s (%s)',
		async (_name, apiMode, settings) => {
			const result = await stopped(
				(stop) => ({
					options: { apiMode },
					api: (exchange) => exchange.handle().then(() => stop()),
				}),
				settings,
			);
			expect(result.posts).toBe(1);
			expect(result.text).toMatch(/^Stopped before the video was ready/);
			expect(result.text).toMatch(DOUBT);
			expect(result.text).not.toMatch(/not charged/);
			await expectSilence(result);
		},
	);

	it.each(MODES)('of one item names the requests of the others, with %s', async (_name, settings) => {
		const result = await stopped(
			(stop) => ({
				api: (exchange) => {
					if (!isPost(exchange) || promptOf(exchange) !== 'dance 2') return 'answer';
					return exchange.handle().then(() => setTimeout(100).then(stop));
				},
				segmind: { latency: 60_000 },
				parameters: PROMPT,
				run: { input: itemNumbers(3) },
			}),
			settings,
		);
		expect(result.posts).toBe(3);
		expect(result.text).toMatch(DOUBT);
		const named = result.server.segmind.jobs.filter(({ request }) => request.prompt !== 'dance 2');
		for (const { id } of named) expect(result.text).toContain(id);
		await expectSilence(result);
	});

	it('whose answer has come as far as the id names it', async () => {
		const result = await stopped((stop) => ({
			api: (exchange) => {
				if (!isPost(exchange)) return 'answer';
				return exchange.handle().then(({ body }) => {
					exchange.socket.write(head(200, { 'content-length': '999' }));
					exchange.socket.write(body.subarray(0, body.indexOf('"status"')), stop);
				});
			},
			factor: 1,
		}));
		expect(result.posts).toBe(1);
		expect(result.text).toContain(idsOf(result)[0]);
		await expectSilence(result);
	});

	it('that was refused by then is not in doubt', async () => {
		const result = await stopped((stop) => ({
			api: ({ socket }) => {
				socket.end(head(429, { 'retry-after': '100' }));
				stop();
			},
			factor: 1,
		}));
		expect(result.posts).toBe(1);
		expect(result.text).not.toMatch(DOUBT);
		await expectSilence(result);
	});
});

describe('14. a stop elsewhere', () => {
	const places: Array<[string, (stop: () => void) => FrontedRun]> = [
		[
			'while the video is made',
			(stop) => ({ api: (exchange) => after(exchange, isPost, stop), segmind: { latency: 60_000 } }),
		],
		[
			'while a poll is not answered',
			(stop) => ({ api: (exchange) => stall(exchange, ({ request }) => request.path.endsWith('/status'), stop) }),
		],
		[
			'while the result is not answered',
			(stop) => ({ api: (exchange) => stall(exchange, ({ request }) => /requests\/[^/]+$/.test(request.path), stop) }),
		],
		['while the video comes', (stop) => ({ media: (exchange) => stall(exchange, () => true, stop) })],
		[
			'between two tries of n8n',
			(stop) => ({
				api: (exchange) => refusePolls(exchange, stop),
				run: { settings: { ...RETRY, waitBetweenTries: 300 } },
			}),
		],
	];
	const after = (exchange: Exchange, which: (exchange: Exchange) => boolean, stop: () => void): ReturnType<Script> => {
		if (which(exchange)) stop();
		return 'answer';
	};
	const stall = (exchange: Exchange, which: (exchange: Exchange) => boolean, stop: () => void): ReturnType<Script> =>
		which(exchange) ? stop() : 'answer';
	const refusePolls = (exchange: Exchange, stop: () => void): ReturnType<Script> => {
		if (isPost(exchange)) return 'answer';
		stop();
		return void exchange.socket.end(head(403));
	};

	it.each(places)('%s names the request, after each of the tries', async (_name, make) => {
		const result = await stopped(make);
		expect(result.posts).toBe(1);
		expect(result.text).toContain(idsOf(result)[0]);
		await expectSilence(result);
	});
});
