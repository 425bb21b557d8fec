import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import type { FakeServer } from '../support/fakeSegmind/server';
import { KEY, VIDEO, type FakeSettings } from '../support/fakeSegmind/service';
import { BINARY_FOLDERS, bytesOf, savedForRetry, storedFile } from '../support/inProcessN8n';
import { SAMPLE_BODY } from '../support/parameters';
import { CONTINUE, RETRY, runSample, withFiles } from '../support/sample';

const FILES = {
	imageSource: 'binary',
	imageBinaryProperty: 'image',
	videoSource: 'binary',
	videoBinaryProperty: 'video',
};
/** Lengths that leave every remainder in base64, and one of many chunks. The first byte keeps them from being a text by chance. */
const IMAGES = [1, 2, 3, 1_000, 300_001].map((size) => Buffer.concat([Buffer.alloc(1), randomBytes(size - 1)]));
/** A real one, whatever it is called. */
const PNG = readFileSync(join(__dirname, '../support/fixtures/media/picture.png'));
let server: FakeServer;

async function run(
	input: INodeExecutionData[],
	settings: Partial<FakeSettings> = {},
	parameters: object = {},
	node: object = {},
) {
	const result = await runSample(settings, { ...FILES, ...parameters }, { input, settings: node });
	server = result.server;
	return result;
}

async function item(image = IMAGES[3] as Buffer): Promise<INodeExecutionData> {
	return {
		json: {},
		binary: {
			image: await storedFile(image, 'cat.png', 'image/png'),
			video: await storedFile(VIDEO, 'dance.mp4', 'video/mp4'),
		},
	};
}

afterEach(async () => await server.close());

it.each(IMAGES.map((image) => [image.length, image] as const))(
	'uploads an image of %d bytes and a video, whole',
	async (_size, image) => {
		const { items, error } = await run([await item(image)]);
		expect(error).toBeUndefined();
		const [first, second] = server.segmind.uploads;
		expect(server.segmind.uploads).toHaveLength(2);
		expect(first?.mimeType).toBe('image/png');
		expect(first?.content.equals(image)).toBe(true);
		expect(second?.mimeType).toBe('video/mp4');
		expect(second?.content.equals(VIDEO)).toBe(true);
		expect(JSON.parse(server.segmind.posts[0]?.body ?? '')).toEqual({
			...SAMPLE_BODY,
			image_url: first?.url,
			video_url: second?.url,
		});
		expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
		for (const { headers, body } of server.segmind.requestsTo('upload')) {
			expect(headers).toMatchObject({ 'x-api-key': KEY, 'content-length': String(body.length) });
			expect(headers['content-type']).toMatch(/^application\/json/);
		}
	},
);

it('takes a file that n8n holds in memory', async () => {
	const image: IBinaryData = {
		data: (IMAGES[4] as Buffer).toString('base64'),
		mimeType: 'image/jpeg',
		fileName: 'a.jpg',
	};
	await run([{ json: {}, binary: { image } }], {}, { videoSource: 'url' });
	expect(server.segmind.uploads.map(({ content }) => content.equals(IMAGES[4] as Buffer))).toEqual([true]);
	expect(JSON.parse(server.segmind.posts[0]?.body ?? '')).toMatchObject({ video_url: SAMPLE_BODY.video_url });
});

it('takes the address from either documented field', async () => {
	await run([await item()], { upload: (url) => ({ file_urls: [url], message: 'ok' }) });
	expect(JSON.parse(server.segmind.posts[0]?.body ?? '')).toMatchObject({ image_url: server.segmind.uploads[0]?.url });
});

it('uploads a file once that several items share', async () => {
	const { items } = await run([await item(), await item(), await item()]);
	expect(items).toHaveLength(3);
	expect(server.segmind.posts).toHaveLength(3);
	expect(server.segmind.uploads).toHaveLength(2);
});

it('tries an upload again, which costs nothing', async () => {
	const fault: FakeSettings['fault'] = (_r, route, count) =>
		route === 'upload' && count < 3 ? [{ status: 502 }, { cut: 'before' as const }, { body: {} }][count] : undefined;
	const { error } = await run([await item()], { fault }, { videoSource: 'url' });
	expect(error).toBeUndefined();
	expect(server.segmind.requestsTo('upload')).toHaveLength(4);
	expect(server.segmind.posts).toHaveLength(1);
});

it.each([
	[401, /does not accept the API key|got no API key/],
	[404, /storage was not found/],
	[413, /too large/],
	[302, /redirect/],
])('ends where the storage answers %d, before anything is paid', async (status, message) => {
	const { error } = await run([await item()], { fault: (_r, route) => (route === 'upload' ? { status } : undefined) });
	expect(error?.message).toMatch(message);
	expect(server.segmind.posts).toEqual([]);
});

it('pays once under Retry On Fail, though the upload gets another address each time', async () => {
	const { items } = await run(
		[await item()],
		{ fault: (_r, route, count) => (route === 'media' && count < 7 ? { status: 500 } : undefined) },
		{},
		RETRY,
	);
	expect(server.segmind.posts).toHaveLength(1);
	expect(server.segmind.uploads).toHaveLength(2);
	expect(items[0]?.json.resumed).toBe(true);
});

it.each([
	['the same content in another file', IMAGES[3] as Buffer, 1],
	['another content', IMAGES[4] as Buffer, 2],
])('a retry from the Executions list with %s', async (_name, image, posts) => {
	const first = await run([await item(IMAGES[3])], {
		fault: (_r, route) => (route === 'media' ? { status: 404 } : undefined),
	});
	const saved = savedForRetry(first);
	const input = saved.executionData?.nodeExecutionStack[0]?.data.main?.[0];
	if (!input) throw new Error('the failed node is not on the stack');
	input[0] = await item(image);
	first.server.segmind.settings.fault = () => undefined;
	const { items } = await runSample(first.server, FILES, { retryOf: saved, executionId: '2' });
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	expect(first.server.segmind.posts).toHaveLength(posts);
	expect(items[0]?.json.resumed).toBe(posts === 1 ? true : undefined);
});

it('takes another file for another request', async () => {
	const fault: FakeSettings['fault'] = (_r, route) => (route === 'status' ? { status: 403 } : undefined);
	const { items } = await run([await item(IMAGES[0]), await item(IMAGES[1])], { fault }, {}, CONTINUE);
	expect(items).toHaveLength(2);
	expect(server.segmind.posts).toHaveLength(2);
	expect(server.segmind.uploads).toHaveLength(3);
});

describe('a file that is no good', () => {
	async function refused(binary: INodeExecutionData['binary'], parameters: object = { videoSource: 'url' }) {
		const { error } = await run([{ json: {}, binary }], {}, parameters);
		expect(server.segmind.log).toEqual([]);
		expect(error?.context?.itemIndex).toBe(0);
		return error;
	}

	it('no binary data', async () => {
		expect((await refused(undefined))?.message).toMatch(
			/^The item has no file in the field “image”\. It has no files at all\.$/,
		);
	});

	it('another field', async () => {
		const binary = { data: await storedFile(VIDEO, 'a.png', 'image/png') };
		expect((await refused(binary))?.message).toMatch(
			/^The item has no file in the field “image”\. It has: data \(a\.png\)\.$/,
		);
	});

	it('a video for an image, and an image for a video', async () => {
		const image = await storedFile(VIDEO, 'a.mp4', 'video/mp4');
		expect((await refused({ image }))?.message).toBe(
			'Image Input Binary Field must name an image, but “image” is video/mp4',
		);
		await server.close();
		const video = await storedFile(PNG, 'a.mp4', 'video/mp4');
		expect((await refused({ video }, { imageSource: 'url' }))?.message).toMatch(
			/^Video Input Binary Field must name a video, but “video” is image\/png/,
		);
	});

	it('an empty file', async () => {
		const image = await storedFile(Buffer.alloc(0), 'a.png', 'image/png');
		expect((await refused({ image }))?.message).toMatch(
			/^Image Input Binary Field must name an image, but “image” is empty/,
		);
	});

	withFiles('a file that is gone', async () => {
		const image = await storedFile(VIDEO, 'a.png', 'image/png');
		const [, path = ''] = image.id?.split(':') ?? [];
		for (const folder of BINARY_FOLDERS) rmSync(join(folder, path), { force: true });
		expect((await refused({ image }))?.message).toMatch(/can no longer read/);
	});

	it('a source that came in by expression', async () => {
		expect((await refused(undefined, { imageSource: '=drive' }))?.message).toMatch(/^Image Source/);
	});
});

it('warns of a file that is larger than other hosts of the model take, and sends it', async () => {
	const { run: execution, error } = await run([await item(Buffer.alloc(11 * 1024 * 1024, 1))]);
	expect(error).toBeUndefined();
	const { hints = [] } = execution.data.resultData.runData['Kling Motion Control']?.[0] ?? {};
	expect(hints.filter(({ type }) => type === 'warning')).toEqual([
		expect.objectContaining({
			message: expect.stringMatching(/^Item 0: The image is 11\.5 MB: Kling takes at most 10 MB\./),
		}),
	]);
});
