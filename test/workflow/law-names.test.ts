import { rmSync } from 'node:fs';

import type { INodeExecutionData } from 'n8n-workflow';

import { VIDEO } from '../support/fakeSegmind/service';
import { head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { bytesOf, storedFile, BINARY_FOLDERS } from '../support/inProcessN8n';
import { CONTINUE, RETRY, withFiles } from '../support/sample';
import { SAMPLE_BODY } from '../support/parameters';

afterEach(closeFronts);

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
	Buffer.concat([head(status, headers), Buffer.from(JSON.stringify(body))]);
const isPost = ({ request }: Exchange) => request.method === 'POST';
const isResult = ({ request }: Exchange) => /^\/v2\/requests\/[^/]+$/.test(request.path);
const idsOf = ({ server }: FrontedResult) => server.segmind.jobs.map(({ id }) => id);
const itemNumbers = (count: number): INodeExecutionData[] => Array.from({ length: count }, (_, n) => ({ json: { n } }));

describe('9. ids that were known are not lost', () => {
	/** Lets the service take a POST on, and then writes some bytes of the answer that names the job. */
	const cutOff =
		(cut: (answer: string, id: string) => string, end: (exchange: Exchange) => void): Script =>
		(exchange) => {
			if (!isPost(exchange)) return 'answer';
			return exchange.handle().then(({ body }) => {
				const { request_id: id } = JSON.parse(body.toString()) as { request_id: string };
				exchange.socket.write(head(200, { 'content-length': '999', 'content-type': 'application/json' }));
				exchange.socket.write(cut(body.toString(), id), () => end(exchange));
			});
		};
	const afterId = (answer: string) => answer.slice(0, answer.indexOf('","status"') + 1);
	const ends: Array<[string, (exchange: Exchange) => void]> = [
		['ends', ({ socket }) => void socket.end()],
		['is reset', ({ raw }) => void setTimeout(() => raw.resetAndDestroy(), 20)],
		['stalls', () => {}],
	];

	it.each(ends)('an answer that %s right behind the id: the video comes', async (_name, end) => {
		const result = await runFronted({ api: cutOff(afterId, end) });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(idsOf(result)[0]);
		expect((await bytesOf(result.items[0])).equals(VIDEO)).toBe(true);
	});

	it.each<[string, (answer: string, id: string) => string]>([
		['behind the comma', (answer) => `${afterId(answer)},`],
		['in the middle of a later field', (answer) => answer.slice(0, -30)],
		['of another order', (_answer, id) => `{"status": "QUEUED", "request_id" : "${id}", "poll_url": "htt`],
	])('an answer that breaks off %s: the video comes', async (_name, cut) => {
		const result = await runFronted({ api: cutOff(cut, ({ socket }) => void socket.end()) });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(idsOf(result)[0]);
	});

	it.each<[string, (answer: string) => string]>([
		['an envelope', (answer) => `{"success":true,"data":${answer}}`],
		['a list', (answer) => `[${answer}]`],
		['a text', (answer) => JSON.stringify(answer)],
		['an event', (answer) => `data: ${answer}\n\n`],
	])('an answer in %s: the video comes', async (_name, wrap) => {
		const api: Script = (exchange) => {
			if (!isPost(exchange)) return 'answer';
			return exchange.handle().then(({ body }) => {
				exchange.socket.end(Buffer.concat([head(200), Buffer.from(wrap(body.toString()))]));
			});
		};
		const result = await runFronted({ api });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(idsOf(result)[0]);
		expect((await bytesOf(result.items[0])).equals(VIDEO)).toBe(true);
	});

	it('an answer that breaks off within the id: in doubt, and no piece of an id is named', async () => {
		const cut = (answer: string) => answer.slice(0, 30);
		const result = await runFronted({ api: cutOff(cut, ({ socket }) => void socket.end()) });
		expect(result.posts).toBe(1);
		expect(result.text).toMatch(/may have been accepted/);
		expect(result.text).not.toMatch(/request ID|[Rr]equests.*: item/);
		expect(result.api.requests).toHaveLength(1);
	});

	it.each([500, 502, 504])('v1 that ends in %d names the request by x-request-id: it is asked for', async (status) => {
		const api: Script = (exchange) => {
			if (!isPost(exchange)) return 'answer';
			return exchange.handle().then(({ headers }) => {
				exchange.socket.end(json(status, {}, { 'x-request-id': headers['x-request-id'] ?? '' }));
			});
		};
		const found = await runFronted({ api, options: { apiMode: 'sync' } });
		expect(found.posts).toBe(1);
		expect(found.items[0]?.json.request_id).toBe(idsOf(found)[0]);
		// where v2 does not know v1's requests, its id is named at least
		const fault = (_request: unknown, route: string) => (route === 'status' ? { status: 404 } : undefined);
		const unknown = await runFronted({ api, options: { apiMode: 'sync' }, segmind: { fault } });
		expect(unknown.posts).toBe(1);
		expect(unknown.text).toContain(`: item 0: ${idsOf(unknown)[0]}.`);
		expect(unknown.text).toMatch(/may have been accepted/);
	});

	it.each(['184467440737095516150', '7', 'job:42.7', 'a.b:c-d_e', 'urn:uuid:6e8bc430'])('%s is one', async (id) => {
		const api: Script = (exchange) => {
			const { request, socket, handle } = exchange;
			if (isPost(exchange)) {
				const written = /^\d+$/.test(id) ? id : `"${id}"`;
				return handle().then(
					() => void socket.end(Buffer.concat([head(200), Buffer.from(`{"request_id": ${written}}`)])),
				);
			}
			expect(request.path).toContain(`/v2/requests/${id}`);
			const status = { status: 'COMPLETED', output: `http://127.0.0.1:9/${id}.mp4` };
			return void socket.end(json(200, status));
		};
		const result = await runFronted({ api, options: { downloadVideo: false } });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(id);
	});

	it.each([200, 202])('v1 that only queues the request (HTTP %d): it is waited for', async (status) => {
		const api: Script = (exchange) => {
			if (!isPost(exchange)) return 'answer';
			return exchange.handle().then(({ headers }) => {
				const body = { request_id: headers['x-request-id'], status: 'QUEUED' };
				exchange.socket.end(json(status, body));
			});
		};
		const result = await runFronted({ api, options: { apiMode: 'sync' } });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(idsOf(result)[0]);
		expect((await bytesOf(result.items[0])).equals(VIDEO)).toBe(true);
	});

	it('an error of the service that names one keeps it', async () => {
		const api: Script = (exchange) => {
			if (!isPost(exchange)) return 'answer';
			return exchange
				.handle()
				.then(({ body }) => void exchange.socket.end(json(500, JSON.parse(body.toString()) as object)));
		};
		const result = await runFronted({ api });
		expect(result.posts).toBe(1);
		expect(result.items[0]?.json.request_id).toBe(idsOf(result)[0]);
	});
});

describe('9. an answer that echoes its input', () => {
	const motion = Buffer.concat([VIDEO, Buffer.from("the user's own motion video")]);
	const MOTION = SAMPLE_BODY.video_url;
	/** Puts the result of a job in another shape. */
	const shaped =
		(shape: (url: string) => object): Script =>
		(exchange) => {
			if (!isResult(exchange)) return 'answer';
			return exchange.handle().then(({ body }) => {
				const { output } = JSON.parse(body.toString()) as { output: string };
				exchange.socket.end(json(200, { status: 'COMPLETED', ...shape(output) }));
			});
		};

	it.each<[string, (url: string) => object]>([
		['beside `output`', (output) => ({ output, video_url: MOTION })],
		['before it', (output) => ({ video_url: MOTION, image_url: SAMPLE_BODY.image_url, output })],
		['as `video`', (output) => ({ video: MOTION, output })],
		['as the first of `videos`', (output) => ({ videos: [MOTION, output] })],
		['with its own size', (output) => ({ video: { url: MOTION, file_size: 7 }, output })],
		['within `data`', (output) => ({ data: { video_url: MOTION }, url: output })],
		['in another spelling', (output) => ({ video: MOTION.replace('https://segmind', 'HTTPS://SEGMIND'), output })],
	])('%s: the result is delivered', async (_name, shape) => {
		const result = await runFronted({ api: shaped(shape) });
		expect(result.error).toBeUndefined();
		expect((await bytesOf(result.items[0])).equals(VIDEO)).toBe(true);
		expect(result.posts).toBe(1);
	});

	it('and names nothing else: it is no result', async () => {
		const result = await runFronted({ api: shaped(() => ({ video_url: MOTION })), options: { downloadVideo: false } });
		expect(result.items).toEqual([]);
		expect(result.posts).toBe(1);
		expect(result.text).toContain(idsOf(result)[0]);
	});

	it('of a file that was uploaded: it is no result either, at once and for a retry', async () => {
		const api = shaped(() => ({ video_url: uploaded() }));
		let result: FrontedResult | undefined = undefined;
		const uploaded = () => `${origin}/uploads/0`;
		let origin = '';
		const storage: Script = ({ handle, socket }) =>
			handle().then(({ status, body }) => {
				const { urls } = JSON.parse(body.toString()) as { urls: string[] };
				origin = new URL(urls[0] ?? '').origin;
				socket.end(Buffer.concat([head(status), body]));
			});
		result = await runFronted({
			api,
			storage,
			media: ({ socket }) => void socket.end(Buffer.concat([head(200), motion])),
			parameters: { videoSource: 'binary' },
			run: { input: [{ json: {}, binary: { video: await storedFile(motion, 'm.mp4', 'video/mp4') } }] },
		});
		expect(result.storage.requests).toHaveLength(1);
		expect(result.items).toEqual([]);
		expect(result.posts).toBe(1);
		expect(result.text).toContain(idsOf(result)[0]);
	});
});

describe("9. n8n's own errors name what was paid for", () => {
	it('a file that is missing from the start costs nothing', async () => {
		const { posts, text } = await runFronted({
			parameters: { videoSource: '={{ $json.n === 2 ? "binary" : "url" }}' },
			run: { input: itemNumbers(3) },
		});
		expect(posts).toBe(0);
		expect(text).toMatch(/Item|item/);
	});

	/** Items of which the last one's file, or prompt, is gone once its host refused the first video. */
	const spoiled = async (spoil: () => void, run: object, parameters: object = {}, input = itemNumbers(3)) =>
		await runFronted({
			media: ({ socket }) => {
				spoil();
				socket.end(head(503));
			},
			parameters,
			run: { input, ...run },
		});

	withFiles('a file that is gone at the second try', async () => {
		const binary = { video: await storedFile(VIDEO, 'm.mp4', 'video/mp4') };
		const spoil = () => {
			const path = String(binary.video.id).replace(/^[^:]*:/, '');
			for (const folder of BINARY_FOLDERS) rmSync(`${folder}/${path}`, { force: true });
		};
		const input = itemNumbers(3).map((item) => (item.json.n === 2 ? { ...item, binary } : item));
		const parameters = { videoSource: '={{ $json.n === 2 ? "binary" : "url" }}' };
		const stopped = await spoiled(spoil, {}, parameters, input);
		expect(stopped.posts).toBe(3);
		expect(stopped.text).toMatch(/can no longer read/);
		expect(stopped.text).not.toMatch(/not charged|Nothing was sent/);
		for (const id of idsOf(stopped)) expect(stopped.text).toContain(id);
	});

	it.each(['stop', 'continue'])("an expression's error at the second try (%s)", async (mode) => {
		let broken = false;
		const prompt = "={{ $json.flag.broken && $json.n === 2 ? $('Nowhere').item.json.x : 'dance ' + $json.n }}";
		const flag = {
			get broken() {
				return broken;
			},
		};
		const input = itemNumbers(3).map(({ json: { n } }) => ({ json: { n, flag } }) as unknown as INodeExecutionData);
		const settings = mode === 'continue' ? { ...RETRY, ...CONTINUE } : RETRY;
		const result = await spoiled(() => (broken = true), { settings }, { prompt }, input);
		expect(result.posts).toBe(3);
		expect(result.text).toMatch(/Nowhere|exist/);
		const byPrompt = new Map(result.server.segmind.jobs.map(({ id, request }) => [request.prompt, id]));
		if (mode === 'stop') {
			for (const id of byPrompt.values()) expect(result.text).toContain(id);
		} else {
			for (const [n, { json: output }] of result.items.entries()) {
				expect(JSON.stringify(output)).toContain(byPrompt.get(`dance ${n}`));
			}
		}
	});
});
