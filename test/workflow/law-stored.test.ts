import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { VIDEO, type FakeSettings } from '../support/fakeSegmind/service';
import { head, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';
import { BINARY_FOLDERS, bytesOf, savedForRetry } from '../support/inProcessN8n';
import { withFiles } from '../support/sample';

const GONE = /stored with an execution that was deleted/;

afterEach(closeFronts);

let executions = 0;

/** An execution of v1 that stored the video of item 0, and ended since item 1 was refused. */
async function interrupted(api: Script = () => 'answer', segmind: Partial<FakeSettings> = {}) {
	const executionId = `stored-${++executions}`;
	let refuses = true;
	const first = await runFronted({
		api: (exchange) =>
			refuses && exchange.request.body.includes('dance 1') ? void exchange.socket.end(head(402)) : api(exchange),
		segmind,
		parameters: { prompt: '=dance {{ $json.n }}' },
		options: { apiMode: 'sync', maxConcurrency: 1 },
		run: { executionId, input: [{ json: { n: 0 } }, { json: { n: 1 } }] },
	});
	refuses = false;
	expect(first.items).toEqual([]);
	expect(postsOf(first)).toEqual([1, 3]);
	const remove = (id: string) => {
		for (const folder of BINARY_FOLDERS) {
			rmSync(join(folder, 'workflows/1/executions', id), { recursive: true, force: true });
		}
	};
	const retry = async (run: object = {}, of: FrontedResult = first) =>
		await of.again({ executionId: `${executionId}-retry`, retryOf: savedForRetry(of), ...run });
	return { first, retry, remove: () => remove(executionId), id: first.server.segmind.jobs[0]?.id ?? '' };
}

/** How many POSTs each of the two items sent. */
const postsOf = ({ api }: FrontedResult) =>
	[0, 1].map((n) => api.posts().filter(({ body }) => body.includes(`dance ${n}`)).length);

/** A v1 that does not name its requests. */
const nameless: Script = ({ request, handle, socket }) => {
	if (request.method !== 'POST') return 'answer';
	return handle().then(
		({ body }) => void socket.end(Buffer.concat([head(200, { 'content-type': 'video/mp4' }), body])),
	);
};
/** A v2 that does not know v1's requests. */
const apart: Partial<FakeSettings> = {
	fault: (_request, route) => (route === 'status' || route === 'result' ? { status: 404 } : undefined),
};

describe("13. v1's stored video, by the Executions list's Retry", () => {
	withFiles('is handed out where it is there, for nothing', async () => {
		const { first, retry, id } = await interrupted();
		const requests = first.api.requests.length;
		const second = await retry();
		const { items } = second;
		expect(postsOf(second)).toEqual([1, 4]);
		expect(items[0]?.json).toMatchObject({ request_id: id, resumed: true });
		for (const item of items) expect((await bytesOf(item)).equals(VIDEO)).toBe(true);
		expect(first.api.requests).toHaveLength(requests + 1);
	});

	withFiles('is fetched again where its execution was deleted, and v2 knows it', async () => {
		const { retry, remove, id } = await interrupted();
		remove();
		const second = await retry();
		const { items } = second;
		expect(postsOf(second)).toEqual([1, 4]);
		expect(items[0]?.json.request_id).toBe(id);
		for (const item of items) expect((await bytesOf(item)).equals(VIDEO)).toBe(true);
	});

	withFiles.each<[string, Script | undefined, Partial<FakeSettings>]>([
		['v2 does not know it', undefined, apart],
		['its request has no ID', nameless, {}],
	])('is an error where its execution was deleted, and %s: it is not bought again', async (_name, api, segmind) => {
		const { retry, remove, id } = await interrupted(api, segmind);
		remove();
		const second = await retry();
		const { items, text } = second;
		expect(items).toEqual([]);
		expect(postsOf(second)[0]).toBe(1);
		expect(text).toMatch(GONE);
		expect(text).not.toMatch(/not charged/);
		if (!api) expect(text).toContain(id);
	});

	withFiles('is looked for at each further Retry, too', async () => {
		const { retry, remove } = await interrupted();
		remove();
		const second = await retry({ executionId: `again-${executions}` });
		expect(second.items).toHaveLength(2);
		const third = await retry({ executionId: `third-${executions}` });
		const { items } = third;
		expect(postsOf(third)).toEqual([1, 5]);
		for (const item of items) expect((await bytesOf(item)).equals(VIDEO)).toBe(true);
	});
});

withFiles('13. nor is a file that is gone by the second try of the same execution handed out', async () => {
	let video = '';
	const result = await runFronted({
		api: (exchange) => {
			const { request, handle, socket } = exchange;
			if (request.method !== 'POST') return 'answer';
			if (!request.body.includes('dance 1')) return nameless(exchange);
			return handle().then(() => {
				// the folder of this execution, by what n8n did with the first video
				for (const folder of BINARY_FOLDERS) {
					rmSync(join(folder, 'workflows/1/executions/same'), { recursive: true, force: true });
				}
				video = 'gone';
				socket.end(Buffer.concat([head(422), Buffer.from('{"status":"FAILED"}')]));
			});
		},
		parameters: { prompt: '=dance {{ $json.n }}' },
		options: { apiMode: 'sync', maxConcurrency: 1 },
		run: { executionId: 'same', input: [{ json: { n: 0 } }, { json: { n: 1 } }] },
	});
	expect(video).toBe('gone');
	expect(result.items).toEqual([]);
	expect(result.api.posts().filter(({ body }) => body.includes('dance 0'))).toHaveLength(1);
	expect(result.text).toMatch(GONE);
});
