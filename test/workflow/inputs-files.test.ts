import { gzipSync } from 'node:zlib';

import type { IBinaryData } from 'n8n-workflow';

import { fileOf, hintsOf, refusalOf, refused, submitAll, type Outcome } from '../support/inputs';
import { mediaFile } from '../support/mediaFiles';
import { SAMPLE_BODY } from '../support/parameters';
import { runSample } from '../support/sample';

const JPEG = mediaFile('portrait.jpg');
const BASE64 = JPEG.toString('base64');
const TODO = 'Correct “Image Input Binary Field”, or check the node that the file comes from.';
/** Bytes that no format begins with. */
const UNKNOWN = Buffer.from([0, 1, 2, 3]);

/** A file as a Code node makes it: whatever it likes, in the item itself. */
function handmade(fields: object): IBinaryData {
	return fields as IBinaryData;
}

/** What an upload of a file is, byte by byte. */
function upload(content: Buffer, mimeType: string): string {
	return `{"data_urls":["data:${mimeType};base64,${content.toString('base64')}"]}`;
}

describe('the first bytes decide what is uploaded', () => {
	const types: Array<[string | undefined, string]> = [
		['application/octet-stream', ''],
		['application/octet-stream', 'AgADBAADq6cxG'],
		['binary/octet-stream', 'cat.jpg'],
		['application/mp4', 'cat.mp4'],
		['IMAGE/JPEG', 'cat.JPG'],
		['image/jpg', 'cat'],
		['image/pjpeg', 'cat'],
		['image/png', 'cat.png'],
		['image/jpeg; charset=binary', 'cat.jpg'],
		['image/jpegcharsetbinary', 'cat.jpg'],
		['video/mp4', 'cat.mp4'],
		['text/html', 'download'],
		['text/plain', 'cat.txt'],
		['application/json', 'cat.json'],
		['application/pdf', 'cat.pdf'],
		['application/x-download', ''],
		['*/*', ''],
		['', ''],
		[undefined, ''],
	];
	const images: Array<[string, string]> = [
		['portrait.jpg', 'image/jpeg'],
		['progressive.jpg', 'image/jpeg'],
		['picture.png', 'image/png'],
		['lossy.webp', 'image/webp'],
		['lossless.webp', 'image/webp'],
		['picture.gif', 'image/gif'],
		['picture.heic', 'image/heic'],
		['picture.avif', 'image/avif'],
		['picture.bmp', 'image/bmp'],
		['picture.tiff', 'image/tiff'],
	];
	const videos: Array<[string, string]> = [
		['usual.mp4', 'video/mp4'],
		['31s.mp4', 'video/mp4'],
		['fragmented.mp4', 'video/mp4'],
		['rotated.mp4', 'video/mp4'],
		['clip.mov', 'video/quicktime'],
		['clip.webm', 'video/webm'],
		['clip.mkv', 'video/x-matroska'],
		['clip.avi', 'video/x-msvideo'],
		['clip.flv', 'video/x-flv'],
		['clip.mpegts', 'video/mp2t'],
	];
	const handed: Array<[string, object]> = [
		['without a type, by a Code node', { data: BASE64 }],
		['with an empty name, by a Code node', { data: BASE64, fileName: '', mimeType: '' }],
		['with a number for a type', { data: BASE64, mimeType: 5 }],
		['with null for a type and an ID', { data: BASE64, mimeType: null, id: null }],
		['as a data URL', { data: `data:image/png;base64,${BASE64}`, mimeType: 'image/png' }],
		['as a data URL in capitals', { data: ` DATA:image/jpeg;BASE64,${BASE64}` }],
		['as a data URL with escapes', { data: `data:image/jpeg;base64,${encodeURIComponent(BASE64)}` }],
		['in quotes', { data: `"${BASE64}"` }],
		['as a data URL without a type', { data: `data:;base64,${BASE64}` }],
		['in lines', { data: (BASE64.match(/.{1,76}/g) ?? []).join('\r\n'), mimeType: 'image/jpeg' }],
		['in the base64 of URLs', { data: JPEG.toString('base64url'), mimeType: 'image/jpeg' }],
		['as a buffer that went through JSON', { data: JPEG.toJSON(), mimeType: 'image/jpeg' }],
	];
	let outcomes: Outcome[];

	beforeAll(async () => {
		const motion = async () => await fileOf(mediaFile('usual.mp4'), 'm', '');
		const input = [
			...types.map(async ([mimeType, name]) => ({ image: await fileOf(JPEG, name, mimeType), video: await motion() })),
			...images.map(async ([name]) => ({ image: await fileOf(mediaFile(name), name, ''), video: await motion() })),
			...videos.map(async ([name]) => ({
				image: await fileOf(JPEG, '', ''),
				video: await fileOf(mediaFile(name), '', ''),
			})),
			...handed.map(async ([, file]) => ({ image: handmade(file), video: await motion() })),
		].map(async (binary) => ({ json: {}, binary: await binary }));
		({ outcomes } = await submitAll(await Promise.all(input), { imageSource: 'binary', videoSource: 'binary' }));
	});

	const expectUploads = (index: number, image: string, video: string) => {
		expect(outcomes[index]).toMatchObject({ image, video });
		expect(JSON.parse(outcomes[index]?.body ?? '')).toEqual({
			...SAMPLE_BODY,
			image_url: expect.stringMatching(/\/uploads\/\d+$/) as unknown,
			video_url: expect.stringMatching(/\/uploads\/\d+$/) as unknown,
		});
	};
	const jpeg = upload(JPEG, 'image/jpeg');
	const mp4 = upload(mediaFile('usual.mp4'), 'video/mp4');

	it.each(types.map((row, index) => [...row, index] as const))('a JPEG of type %j, named %j', (_type, _name, index) =>
		expectUploads(index, jpeg, mp4),
	);

	it.each(images.map((row, index) => [...row, index + types.length] as const))('%s is %s', (name, mimeType, index) =>
		expectUploads(index, upload(mediaFile(name), mimeType), mp4),
	);

	const before = types.length + images.length;
	it.each(videos.map((row, index) => [...row, index + before] as const))('%s is %s', (name, mimeType, index) =>
		expectUploads(index, jpeg, upload(mediaFile(name), mimeType)),
	);

	it.each(handed.map(([what], index) => [what, index + before + videos.length] as const))('a JPEG %s', (_what, index) =>
		expectUploads(index, jpeg, mp4),
	);
});

describe('the type, and then the name, tell where the bytes say nothing', () => {
	it.each([
		['image/jpeg', 'x', 'image/jpeg'],
		['IMAGE/JPG', 'x.png', 'image/jpeg'],
		['image/pjpeg; q=1', '', 'image/jpeg'],
		['image/jpeg"},{"x":"', '', 'image/jpeg'],
		['image/*', 'x.png', 'image/png'],
		['image/', 'x.jpg', 'image/jpeg'],
		['image/vnd.adobe.photoshop', 'x.psd', 'image/vnd.adobe.photoshop'],
		['application/octet-stream', 'a.b/x.PNG', 'image/png'],
		['', 'x.jpeg', 'image/jpeg'],
		[undefined, 'x.heif', 'image/heic'],
	])('%j and %j', async (mimeType, name, sent) => {
		const input = [{ json: {}, binary: { image: await fileOf(UNKNOWN, name, mimeType) } }];
		const { outcomes } = await submitAll(input, { imageSource: 'binary' });
		expect(outcomes[0]?.image).toBe(upload(UNKNOWN, sent));
	});
});

describe('what is no image is refused by what it is', () => {
	const mustBe = (what: string) => refused(`Image Input Binary Field must name an image, but “image” is ${what}`, TODO);
	it.each<[what: string, name: string, mimeType: string | undefined, content: string | Buffer]>([
		['a web page (HTML)', 'cat.jpg', 'image/jpeg', '<!DOCTYPE html><p>Sign in</p>'],
		['a web page (HTML)', 'cat.png', 'application/octet-stream', '\uFEFF \n<html lang="en">'],
		['a PDF', 'cat.jpg', 'image/jpeg', '%PDF-1.7\n'],
		['a ZIP archive', 'cat.png', 'image/png', 'PK\x03\x04'],
		['a JSON document', 'cat.jpg', 'image/jpeg', '{"error":"not found"}'],
		['an XML document', 'cat.jpg', 'image/jpeg', '<?xml version="1.0"?><Error/>'],
		['a text file', 'cat.jpg', 'image/jpeg', 'Not Found'],
		['a text file', 'base64.jpg', 'image/jpeg', BASE64],
		['video/mp4', 'cat.mp4', 'video/mp4', UNKNOWN],
		['video/mp4', 'cat.mp4', 'application/mp4', UNKNOWN],
		['application/zip', 'cat.png', 'application/zip', UNKNOWN],
		['of a kind that is not known', 'cat.pdf', 'application/octet-stream', UNKNOWN],
		['of a kind that is not known', '', '', UNKNOWN],
		['of a kind that is not known', '', 'image/*', UNKNOWN],
		['a gzip archive', 'cat.jpg', 'image/jpeg', gzipSync(JPEG)],
		['a RAR archive', 'cat.jpg', 'image/jpeg', 'Rar!\x1a\x07\x01\0'],
		['an archive (7z)', 'cat.jpg', 'image/jpeg', Buffer.from("7z\xbc\xaf'\x1c", 'latin1')],
		['a ZIP archive', 'cat.jpg', 'image/jpeg', 'PK\x05\x06'],
		['video/ogg', 'cat.jpg', 'image/jpeg', Buffer.from(`OggS${'\0'.repeat(24)}\x80theora`, 'latin1')],
		['of a kind that is not known', 'constructor', undefined, UNKNOWN],
		['video/mp4', 'cat.jpg', 'image/jpeg', mediaFile('3s.mp4')],
		['audio/mp4', 'cat.jpg', 'image/jpeg', mediaFile('sound.m4a')],
		['a program', 'cat.jpg', 'image/jpeg', Buffer.from('MZ\x90\0\x03', 'latin1')],
		['a file that was converted to text, which destroyed it', 'cat.jpg', 'image/jpeg', JPEG.toString('utf8')],
		['empty', 'cat.jpg', 'image/jpeg', ''],
	])('%s, named %j, of type %j', async (what, name, mimeType, content) => {
		const image = await fileOf(Buffer.from(content), name, mimeType);
		expect(await refusalOf({ imageSource: 'binary' }, { binary: { image } })).toEqual(mustBe(what));
	});

	it.each([
		['filesystem-v2', 'image/jpeg'],
		['filesystem', 'image/jpeg'],
		['database', undefined],
		['s3', ''],
	])('%s, which n8n has in place of the data, without an ID', async (data, mimeType) => {
		const binary = { image: handmade({ data, mimeType, fileName: 'cat.jpg' }) };
		expect(await refusalOf({ imageSource: 'binary' }, { binary })).toEqual({
			...mustBe("n8n's internal reference to a file, without the file's ID"),
			todo: 'In the previous node, pass on the whole binary field, not only its data.',
		});
	});

	it.each([
		[
			'has a URL as its data',
			'https://example.com/cat.jpg',
			'Choose URL as the Image Source, or download the file first.',
		],
		['has data that is not base64', JPEG.toString('latin1'), TODO],
		['has data that is not base64', '!!!!', TODO],
	])('a file that %s', async (problem, data, todo) => {
		const binary = { image: handmade({ data, mimeType: 'image/jpeg' }) };
		const message = `Image Input Binary Field must name an image, but “image” ${problem}`;
		expect(await refusalOf({ imageSource: 'binary' }, { binary })).toEqual(refused(message, todo));
	});

	it.each<[string, object | string]>([
		['no data', { mimeType: 'image/jpeg' }],
		['null for data', { data: null, mimeType: 'image/jpeg' }],
		['an ID that n8n does not know', { id: 'filesystem-v2:gone', data: 'filesystem-v2', mimeType: 'image/jpeg' }],
		['a text in its place', 'cat.jpg'],
	])('%s', async (_what, file) => {
		const problem = 'Image Input Binary Field names “image”, a file that n8n can no longer read';
		expect(await refusalOf({ imageSource: 'binary' }, { binary: { image: file as IBinaryData } })).toEqual(
			refused(problem, TODO),
		);
	});
});

it('hints at a file that Kling does not document, once for all items that have it', async () => {
	const item = async (image: string, video: string) => ({
		json: {},
		binary: { image: await fileOf(mediaFile(image), '', ''), video: await fileOf(mediaFile(video), '', '') },
	});
	const input = await Promise.all([
		item('picture.heic', 'clip.webm'),
		item('portrait.jpg', 'clip.webm'),
		item('lossy.webp', 'clip.mov'),
	]);
	const result = await runSample({}, { operation: 'submit', imageSource: 'binary', videoSource: 'binary' }, { input });
	await result.server.close();
	expect(hintsOf(result)).toEqual([
		'Item 0: The image is HEIC: Kling documents JPG and PNG.',
		'Items 0 and 1: The video is WebM: Kling documents MP4 and MOV.',
		'Item 2: The image is WebP: Kling documents JPG and PNG.',
	]);
	expect(result.server.segmind.posts).toHaveLength(3);
});
