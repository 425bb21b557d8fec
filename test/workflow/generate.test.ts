import { Socket } from 'node:net';

import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY, VIDEO, type FakeJob, type FakeSettings } from '../support/fakeSegmind/service';
import { BINARY_MODE, bytesOf, runWorkflow, type WorkflowRun } from '../support/inProcessN8n';
import { fastNode } from '../support/clocks';
import { SAMPLE, SAMPLE_BODY } from '../support/parameters';

const STANDARD = 'kling-2.6-standard-motion-control';
let server: FakeServer;

async function generate(
	settings: Partial<FakeSettings> = {},
	parameters: object = {},
	options: Partial<WorkflowRun> = {},
) {
	server = await startFakeSegmind({ latency: 40, ...settings });
	return await runWorkflow({
		nodeType: fastNode(200),
		parameters: { ...SAMPLE, ...parameters },
		credential: { apiKey: KEY, baseUrl: server.url, storageUrl: server.url, historyUrl: '' },
		...options,
	});
}

const posts = () => server.segmind.posts.map(({ path, body }) => [path, JSON.parse(body) as unknown]);

afterEach(async () => await server.close());

describe('Generate Video with default options', () => {
	it('buys one video and gives it as binary data', async () => {
		const messages: string[] = [];
		const { items, error } = await generate({}, {}, { onMessage: (message) => messages.push(message) });
		expect(error).toBeUndefined();
		expect(posts()).toEqual([[`/v2/${STANDARD}`, SAMPLE_BODY]]);
		const [job] = server.segmind.jobs;
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toEqual({
			request_id: job?.id,
			status: 'COMPLETED',
			model: STANDARD,
			video_url: `${server.segmind.mediaOrigin}/outputs/${job?.id}.mp4`,
			metrics: { cost: 0.967, remaining_credits: 25.5, inference_time: 608.2, queue_time: 1.5, total_time: 609.7 },
		});
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		expect(items[0]?.binary?.data).toMatchObject({
			mimeType: 'video/mp4',
			fileName: `${job?.id}.mp4`,
			fileExtension: 'mp4',
		});
		// what is held in memory has no id
		expect(items[0]?.binary?.data?.id ?? 'default').toMatch(BINARY_MODE);
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
		expect(messages.join('\n')).toContain(String(job?.id));
	});

	it('sends the key to the API only, as x-api-key, and JSON', async () => {
		await generate();
		for (const { host, headers } of server.segmind.log) {
			expect(headers['x-api-key']).toBe(host === 'api' ? KEY : undefined);
			expect(headers.authorization).toBeUndefined();
		}
		expect(server.segmind.posts[0]?.headers['content-type']).toMatch(/^application\/json/);
	});

	it('asks the light route for the status and reads the result once', async () => {
		await generate({ latency: 100 });
		expect(server.segmind.requestsTo('status').length).toBeGreaterThan(1);
		expect(server.segmind.requestsTo('result')).toHaveLength(1);
		expect(server.segmind.requestsTo('media')).toHaveLength(1);
	});
});

describe('request body', () => {
	const table: Array<[string, object, object]> = [
		['empty URLs are left out', { imageUrl: '', videoUrl: '' }, { image_url: undefined, video_url: undefined }],
		['sound off is false', { keepOriginalSound: false }, { keep_original_sound: false }],
		['a word from an expression is a boolean', { keepOriginalSound: 'false' }, { keep_original_sound: false }],
		['orientation', { characterOrientation: 'image' }, { character_orientation: 'image' }],
		['a URL is trimmed', { imageUrl: ' https://a.test/x.png ' }, { image_url: 'https://a.test/x.png' }],
	];
	it.each(table)('%s', async (_name, parameters, body) => {
		const { error } = await generate({}, parameters);
		expect(error).toBeUndefined();
		expect(JSON.parse(server.segmind.posts[0]?.body ?? '')).toEqual(
			JSON.parse(JSON.stringify({ ...SAMPLE_BODY, ...body })),
		);
	});

	it('goes to the model that was chosen', async () => {
		const { items } = await generate({}, { model: 'kling-2.6-pro-motion-control' });
		expect(posts()).toEqual([['/v2/kling-2.6-pro-motion-control', SAMPLE_BODY]]);
		expect(items[0]?.json.model).toBe('kling-2.6-pro-motion-control');
	});
});

describe('options', () => {
	it('puts the file into another field, by another name, with its extension', async () => {
		const { items } = await generate({}, { options: { binaryPropertyName: 'clip', fileName: 'a dance' } });
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['clip']);
		expect(items[0]?.binary?.clip?.fileName).toBe('a dance.mp4');
		expect((await bytesOf(items[0], 'clip')).equals(VIDEO)).toBe(true);
	});

	it('gives only the address where the download is off', async () => {
		const { items } = await generate({}, { options: { downloadVideo: false } });
		expect(items[0]?.binary).toBeUndefined();
		expect(items[0]?.json.video_url).toMatch(/\.mp4$/);
		expect(server.segmind.requestsTo('media')).toHaveLength(0);
	});
});

describe('sync', () => {
	const shapes: Array<[string, FakeSettings['v1']]> = [
		['bytes', 'bytes'],
		['video.url', (_job, url) => ({ video: { url } })],
		['output', (_job, url) => ({ output: url })],
		['video_url', (_job, url) => ({ video_url: url })],
		['url', (_job, url) => ({ url })],
		['output.video_url', (_job, url) => ({ output: { video_url: url } })],
		['output.video.url', (_job, url) => ({ output: { video: { url } } })],
		['output[0]', (_job, url) => ({ output: [url] })],
		['data.url', (_job, url) => ({ data: { url } })],
	];
	it.each(shapes)('makes the same item of %s', async (_name, v1) => {
		const { items, error } = await generate({ v1 }, { options: { apiMode: 'sync' } });
		expect(error).toBeUndefined();
		expect(posts()).toEqual([[`/v1/${STANDARD}`, SAMPLE_BODY]]);
		const [job] = server.segmind.jobs;
		expect(items[0]?.json).toMatchObject({
			request_id: job?.id,
			status: 'COMPLETED',
			metrics: { cost: 0.967, remaining_credits: 25.5, inference_time: 608.2 },
		});
		expect(items[0]?.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	});

	it.each(['application/octet-stream', '', 'text/plain'])(
		'knows JSON by its first byte where it comes as %p',
		async (type) => {
			const { items } = await generate(
				{
					v1: (_job, url) => ({ video: { url } }),
					fault: (_request, route) => (route === 'blocking' ? { headers: { 'content-type': type } } : undefined),
				},
				{ options: { apiMode: 'sync' } },
			);
			expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
		},
	);

	it('knows bytes where they come without their type', async () => {
		const fault: FakeSettings['fault'] = (_request, route) =>
			route === 'blocking' ? { headers: { 'content-type': 'application/octet-stream' } } : undefined;
		const { items } = await generate({ fault }, { options: { apiMode: 'sync' } });
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
		expect(items[0]?.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
	});

	it('takes a failed job for one, as 422 or inside a 200', async () => {
		for (const settings of [{ fails: () => 'no person' }, { v1: () => ({ status: 'FAILED', error: 'no person' }) }]) {
			const { error } = await generate(settings, { options: { apiMode: 'sync' } });
			expect(error?.message).toMatch(/^Segmind could not make the video: no person/);
			expect(error?.message).not.toMatch(/may have been accepted/);
			await server.close();
		}
	});

	it('switches TCP keep-alive on, so that a silent connection is not dropped on the way', async () => {
		const setKeepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
		await generate({}, { options: { apiMode: 'sync' } });
		expect(setKeepAlive.mock.calls.some(([enable]) => enable === true)).toBe(true);
		setKeepAlive.mockRestore();
	});

	it('keeps the bytes where there is no address, even with the download off', async () => {
		const { items } = await generate({}, { options: { apiMode: 'sync', downloadVideo: false } });
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	});
});

describe('auto', () => {
	it('takes v1 where v2 is not served', async () => {
		const { items } = await generate({ v2: false });
		expect(posts().map(([path]) => path)).toEqual([`/v2/${STANDARD}`, `/v1/${STANDARD}`]);
		expect(server.segmind.jobs).toHaveLength(1);
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	});

	it('takes v1 where v2 answers 405 with a page', async () => {
		const { items } = await generate({
			fault: (_request, route) => (route === 'submit' ? { status: 405, body: '<html>no</html>' } : undefined),
		});
		expect(server.segmind.jobs.map(({ route }) => route)).toEqual(['v1']);
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	});

	it('stays with v2 where that is asked for', async () => {
		const { error } = await generate({ v2: false }, { options: { apiMode: 'async' } });
		expect(posts()).toHaveLength(1);
		expect(error?.message).toMatch(/does not know this model or route/);
	});
});

describe('items', () => {
	const input = [{ json: { n: 0 } }, { json: { n: 1 } }, { json: { n: 2 } }];
	const video = (job: FakeJob) => Buffer.concat([VIDEO, Buffer.from(String(job.request.prompt))]);

	it('each gives its own video, in order', async () => {
		const { items } = await generate({ video }, { prompt: '=dance {{ $json.n }}' }, { input });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		for (const [n, item] of items.entries()) {
			expect((await bytesOf(item)).subarray(VIDEO.length).toString()).toBe(`dance ${n}`);
		}
		expect(server.segmind.posts).toHaveLength(3);
	});

	it('goes on after a failed one with Continue On Fail', async () => {
		const { items } = await generate(
			{ fails: (_n, request) => (request.prompt === 'dance 1' ? 'No person in the image' : undefined) },
			{ prompt: '=dance {{ $json.n }}' },
			{ input, settings: { onError: 'continueRegularOutput' } },
		);
		expect(items).toHaveLength(3);
		const failed = server.segmind.jobs.find(({ failure }) => failure);
		expect(items[1]?.json).toEqual({
			error: `Segmind could not make the video: No person in the image [request ${failed?.id}]`,
			request_id: failed?.id,
			status: 'FAILED',
			http_status: 422,
		});
		expect(items[1]?.pairedItem).toEqual({ item: 1 });
		expect((await bytesOf(items[2])).equals(VIDEO)).toBe(true);
	});

	it('sends a failed one to the error output where the node has one', async () => {
		const { items, errorItems } = await generate(
			{ fails: (_n, request) => (request.prompt === 'dance 1' ? 'No person' : undefined) },
			{ prompt: '=dance {{ $json.n }}' },
			{ input, settings: { onError: 'continueErrorOutput' } },
		);
		expect(items).toHaveLength(2);
		expect(errorItems).toHaveLength(1);
		expect(errorItems[0]?.json).toMatchObject({
			n: 1,
			error: expect.stringContaining('No person'),
			details: { status: 'FAILED', http_status: 422 },
		});
	});
});

describe('bad input', () => {
	const table: Array<[string, object, RegExp]> = [
		['no prompt', { prompt: '={{ "" }}' }, /^Prompt/],
		['a blank prompt', { prompt: ' \n' }, /^Prompt/],
		['an expression without a value', { prompt: '={{ $json.nothing }}' }, /^Prompt/],
		['a local image', { imageUrl: 'file:///etc/passwd' }, /^Image URL/],
		['an image without a scheme', { imageUrl: 'example.com/a.png' }, /^Image URL/],
		['a video in the URL', { videoUrl: 'data:video/mp4;base64,AAAA' }, /^Video URL/],
		['an unknown orientation', { characterOrientation: '=sideways' }, /^Character Orientation/],
		['an unknown model', { model: '=../../v1/get-user-credits' }, /^Model/],
		['a sound that is no boolean', { keepOriginalSound: '=maybe' }, /^Keep Original Sound/],
		['a long timeout', { options: { timeout: 56 } }, /^Timeout/],
		['no timeout', { options: { timeout: 0 } }, /^Timeout/],
		['a negative poll interval', { options: { pollInterval: -1 } }, /^Poll Interval/],
		['an unknown API mode', { options: { apiMode: '=v3' } }, /^API Mode/],
		['no output field', { options: { binaryPropertyName: ' ' } }, /^Put Output File in Field/],
		['no concurrency', { options: { maxConcurrency: 0 } }, /^Max Concurrency/],
	];
	it.each(table)('%s is refused before anything is sent', async (_name, parameters, message) => {
		const { error } = await generate({}, parameters);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/This item was not charged/);
		expect(error?.context?.itemIndex).toBe(0);
		expect(server.segmind.log).toEqual([]);
	});
});

describe('a success without a video', () => {
	const html = '<!DOCTYPE html><html><body>login</body></html>';
	const table: Array<[string, Partial<FakeSettings>, object]> = [
		[
			'a result that names none',
			{ fault: (_r, route) => (route === 'result' ? { body: { status: 'COMPLETED' } } : undefined) },
			{},
		],
		[
			'a v1 answer that names none, of a request that v2 does not know',
			{
				v1: () => ({ status: 'ok' }),
				fault: (_r, route) => (route === 'status' ? { status: 404, body: { error: 'not found' } } : undefined),
			},
			{ apiMode: 'sync' },
		],
		[
			'a download that is a page',
			{ fault: (_r, route) => (route === 'media' ? { status: 200, body: html } : undefined) },
			{},
		],
		[
			'a download that is JSON',
			{ fault: (_r, route) => (route === 'media' ? { status: 200, body: { a: 1 } } : undefined) },
			{},
		],
		['a page that calls itself a video', { video: () => Buffer.from(html) }, {}],
		['an empty download', { video: () => Buffer.alloc(0) }, {}],
		['empty bytes from v1', { video: () => Buffer.alloc(0) }, { apiMode: 'sync' }],
	];
	it.each(table)('%s is an error that names the request', async (_name, settings, options) => {
		const { error, items } = await generate(settings, { options });
		expect(items).toEqual([]);
		expect(error?.description).toContain(server.segmind.jobs[0]?.id);
		expect(`${error?.message} ${error?.description}`).not.toContain('<');
		expect(server.segmind.jobs).toHaveLength(1);
	});
});

describe('documented statuses', () => {
	const pages = [
		'',
		'<!DOCTYPE html><html><h1>x</h1></html>',
		'{"error": "because"}',
		'{"error": {"message": "because"}}',
	];
	it.each([400, 401, 403, 404, 406, 410, 429, 500, 502, 503, 504])(
		'%d on the submit has a message of its own',
		async (status) => {
			const messages = new Set<string>();
			for (const body of pages) {
				const { error } = await generate(
					{ fault: (_r, route) => (route === 'submit' ? { status, body } : undefined) },
					{ options: { apiMode: 'async', timeout: 5 } },
				);
				expect(error?.message).not.toMatch(/[<>]|undefined/);
				expect(error?.description).toBeTruthy();
				expect(error?.httpCode).toBe(String(status));
				const isSent = !error?.message.includes('was not sent');
				expect(error?.message.includes('because')).toBe(isSent && body.includes('because'));
				// where the deadline comes while the rate limit holds, that is what is said
				if (isSent) messages.add(error?.message ?? '');
				await server.close();
			}
			// only Segmind's own 503 is a proof that nothing was bought
			expect(messages.size).toBeLessThanOrEqual(status === 503 ? 3 : 2);
		},
	);
});
