import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ReferenceName } from '../../../../nodes/KlingMotionControl/jobs/order';
import { readReference, referenceFields } from '../../../../nodes/KlingMotionControl/parameters/reference';
import { itemOf, refusal } from '../../../support/itemOf';

const fixture = (name: string) => readFileSync(join(__dirname, '../../../support/fixtures/media', name));
const [PNG, MP4] = [fixture('picture.png'), fixture('3s.mp4')];

describe('a URL', () => {
	const read = async (imageUrl: unknown) => {
		const given = itemOf({ parameters: { imageUrl } });
		return { reference: await readReference(given.item, 'image', 'video'), hints: given.hints };
	};

	it('is sent as the URL standard writes it', async () => {
		expect(await read(' HTTPS://a.com/i\u200B \n')).toStrictEqual({ reference: { url: 'https://a.com/i' }, hints: [] });
	});

	it('that was left empty is not sent, with a hint', async () => {
		expect(await read('')).toStrictEqual({
			reference: { url: undefined },
			hints: ['0: Without an image the model has no character to animate.'],
		});
	});

	it.each([
		[5, 'Image URL must be a URL, not 5'],
		['ftp://a.com/i', /^Image URL must/],
		['http://localhost/a.png', 'Image URL points to localhost, which Segmind cannot reach'],
	])('%p is refused', async (given, message) => {
		expect((await refusal(() => read(given))).message).toMatch(message);
	});
});

describe('a file', () => {
	const field = { data: 'filesystem-v2', id: 'f:1', mimeType: 'application/octet-stream' };

	it.each<[ReferenceName, Buffer, string]>([
		['image', PNG, 'image/png'],
		['video', MP4, 'video/mp4'],
	])('is read, as %s, whatever n8n calls it', async (name, content, mimeType) => {
		const { item, reads } = itemOf({
			parameters: { [`${name}Source`]: 'binary' },
			binary: { [name]: field },
			stored: { 'f:1': content },
		});
		const hash = createHash('sha256').update(content).digest('hex');
		const { file } = await readReference(item, name, 'video');
		expect(file).toMatchObject({ binary: field, mimeType, hash, facts: { size: content.length } });
		expect(reads).toEqual(['f:1']);
	});

	it('is warned of where it lies outside of what Kling documents', async () => {
		const { item, hints } = itemOf({
			index: 3,
			parameters: { videoSource: 'binary', videoBinaryProperty: ' clip ' },
			binary: { clip: field },
			stored: { 'f:1': fixture('1s.mp4') },
		});
		await readReference(item, 'video', 'image');
		expect(hints).toEqual(['3: The video lasts 1.0 s: Kling takes 3 to 10 s with orientation Image.']);
	});

	it.each([
		['a disk', 'EIO'],
		['a folder that may not be read', 'EACCES'],
		["n8n's database in PostgreSQL", '57P01'],
		["n8n's database in SQLite", 'SQLITE_BUSY'],
	])('of a store that fails has the message of the store: %s', async (_store, code) => {
		const { item } = itemOf({
			parameters: { imageSource: 'binary' },
			binary: { image: field },
			stored: { 'f:1': Object.assign(new Error('secret path'), { code }) },
		});
		await expect(readReference(item, 'image', 'video')).rejects.toMatchObject({
			kind: 'store',
			message: `n8n could not read the file (${code})`,
			details: { accepted: 'no' },
		});
	});

	it.each<[string, Buffer | Error, object, RegExp]>([
		['is of another kind', MP4, {}, /^Image Input Binary Field must name an image, but “image” is video\/mp4$/],
		['is a page', Buffer.from('<!DOCTYPE html><html>'), {}, /must name an image, but “image” is a web page \(HTML\)$/],
		[
			'cannot be read',
			Object.assign(new Error('secret path'), { code: 'ENOENT' }),
			{},
			/^Image Input Binary Field names “image”, a file that n8n can no longer read$/,
		],
		['is empty', Buffer.alloc(0), {}, /^Image Input Binary Field must name an image, but “image” is empty$/],
		[
			'is not there',
			PNG,
			{ imageBinaryProperty: 'Image' },
			/^The item has no file in the field “Image”\. It has: image \(/,
		],
	])('is refused where it %s', async (_name, stored, parameters, message) => {
		const { item } = itemOf({
			parameters: { imageSource: 'binary', ...parameters },
			binary: { image: field },
			stored: { 'f:1': stored },
		});
		const error = await refusal(() => readReference(item, 'image', 'video'));
		expect(error.message).toMatch(message);
		expect(error.message).not.toContain('secret');
	});
});

it.each<[ReferenceName, string]>([
	['image', 'Image Source must be one of URL, File From Previous Node, not '],
	['video', 'Video Source must be one of URL, File From Previous Node, not '],
])('refuses another source of the %s', async (name, message) => {
	for (const source of ['file', 5, {}]) {
		const { item } = itemOf({ parameters: { [`${name}Source`]: source } });
		expect((await refusal(() => readReference(item, name, 'video'))).message).toContain(message);
	}
});

it('shows the field of the source that was chosen', () => {
	const [source, url, file] = referenceFields({ name: 'video', what: 'a video', sample: 'https://a.test/v' });
	expect(source).toMatchObject({ displayName: 'Video Source', name: 'videoSource', default: 'url' });
	expect(url).toMatchObject({
		displayName: 'Video URL',
		name: 'videoUrl',
		default: '',
		placeholder: 'e.g. https://a.test/v',
		description: 'Public URL of a video',
		displayOptions: { show: { videoSource: ['url'] } },
	});
	expect(file).toMatchObject({
		displayName: 'Video Input Binary Field',
		name: 'videoBinaryProperty',
		default: 'video',
		description: 'Name of the input field with a video',
		displayOptions: { show: { videoSource: ['binary'] } },
	});
});
