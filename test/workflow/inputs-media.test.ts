import type { INodeExecutionData } from 'n8n-workflow';

import { fileOf, hintsOf } from '../support/inputs';
import { box, bytes, mediaFile, uint32 } from '../support/mediaFiles';
import { runSample } from '../support/sample';

const MB = 1_000_000;
const FILES = { operation: 'submit', imageSource: 'binary', videoSource: 'binary' };
/** A PNG of that many pixels a side, as far as its first chunk tells, and that many bytes. */
function png(width: number, height: number, size = 100): Buffer {
	const start = bytes('\x89PNG\r\n\x1a\n', uint32(13), 'IHDR', uint32(width, height), [8, 2, 0, 0, 0]);
	return Buffer.concat([start, Buffer.alloc(size - start.length)]);
}

/** An MP4 that lasts that many ms, with its movie at the end of that many bytes. */
function mp4(ms: number, size = 1_000): Buffer {
	const movie = box('moov', box('mvhd', bytes([0, 0, 0, 0], uint32(0, 0, 1_000, ms), new Uint8Array(80))));
	const start = box('ftyp', bytes('isom', uint32(0), 'isommp42'));
	const content = box('mdat', Buffer.alloc(size - start.length - movie.length - 8));
	return Buffer.concat([start, content, movie]);
}

/** The hints of a run whose items have these files. */
async function hinted(files: Array<{ image?: Buffer; video?: Buffer }>, parameters: object = {}) {
	const input: INodeExecutionData[] = await Promise.all(
		files.map(async ({ image = png(400, 700), video = mediaFile('usual.mp4') }) => ({
			json: {},
			binary: {
				image: await fileOf(image, '', 'application/octet-stream'),
				video: await fileOf(video, '', 'application/octet-stream'),
			},
		})),
	);
	const result = await runSample({}, { ...FILES, ...parameters }, { input });
	await result.server.close();
	expect(result.error).toBeUndefined();
	expect(result.server.segmind.posts).toHaveLength(files.length);
	return hintsOf(result);
}

describe('an image', () => {
	const side = (told: string) => [`The image is ${told} px: Kling expects at least 300 px per side.`];
	const ratio = (told: string) => [`The image's aspect ratio is ${told}: Kling expects 1:2.5 to 2.5:1.`];
	it.each<[string, Buffer, string[]]>([
		['portrait.jpg', mediaFile('portrait.jpg'), []],
		['landscape.jpg', mediaFile('landscape.jpg'), []],
		['progressive.jpg', mediaFile('progressive.jpg'), []],
		['turned.jpg', mediaFile('turned.jpg'), []],
		['picture.png', mediaFile('picture.png'), []],
		['300 × 300', png(300, 300), []],
		['299 × 300', png(299, 300), side('299 × 300')],
		['300 × 299', png(300, 299), side('300 × 299')],
		['1 × 1', png(1, 1), side('1 × 1')],
		['300 × 750', png(300, 750), []],
		['750 × 300', png(750, 300), []],
		['300 × 760', png(300, 760), ratio('1:2.53')],
		['760 × 300', png(760, 300), ratio('2.53:1')],
		['1920 × 500', png(1_920, 500), ratio('3.84:1')],
		['100 × 1000', png(100, 1_000), [...side('100 × 1000'), ...ratio('1:10')]],
		['no size at all', png(0, 700), []],
		['a broken header', mediaFile('portrait.jpg').subarray(0, 40), []],
		['10 MB', png(400, 700, 10 * MB), []],
		['10.1 MB', png(400, 700, 10.1 * MB), ['The image is 10.1 MB: Kling takes at most 10 MB.']],
	])('%s', async (_what, image, hints) => {
		expect(await hinted([{ image }])).toEqual(hints.map((hint) => `Item 0: ${hint}`));
	});
});

describe('a video', () => {
	const lasts = (told: string, most = 30, where = '') => [
		`The video lasts ${told} s: Kling takes 3 to ${most} s${where}.`,
	];
	it.each<[string, Buffer, string[]]>([
		['1s.mp4, its movie last', mediaFile('1s.mp4'), lasts('1.0')],
		['3s.mp4', mediaFile('3s.mp4'), []],
		['31s.mp4, its movie last', mediaFile('31s.mp4'), lasts('31.0')],
		['usual.mp4, its movie first', mediaFile('usual.mp4'), []],
		['rotated.mp4', mediaFile('rotated.mp4'), []],
		['clip.mov', mediaFile('clip.mov'), []],
		['fragmented.mp4', mediaFile('fragmented.mp4'), []],
		['2.9 s', mp4(2_900), lasts('2.9')],
		['2.96 s', mp4(2_960), []],
		['30.04 s', mp4(30_040), []],
		['30.1 s', mp4(30_100), lasts('30.1')],
		['an hour', mp4(3_600_000), lasts('3600.0')],
		['no duration', mp4(0), []],
		['31 s behind 2 MB', mp4(31_000, 2 * MB), lasts('31.0')],
		['no movie at all', mp4(31_000).subarray(0, 900), []],
	])('%s', async (_what, video, hints) => {
		expect(await hinted([{ video }])).toEqual(hints.map((hint) => `Item 0: ${hint}`));
	});

	const turned = { characterOrientation: 'image' };
	const where = ' with orientation Image';
	it.each<[string, Buffer, string[]]>([
		['10 s', mp4(10_000), []],
		['10.1 s', mp4(10_100), lasts('10.1', 10, where)],
		['2 s', mp4(2_000), lasts('2.0', 10, where)],
		['31s.mp4', mediaFile('31s.mp4'), lasts('31.0', 10, where)],
	])('%s with orientation Image', async (_what, video, hints) => {
		expect(await hinted([{ video }], turned)).toEqual(hints.map((hint) => `Item 0: ${hint}`));
	});
});

it('is said once for the items that share it, by their numbers', async () => {
	const short = { video: mp4(1_000) };
	const files = [{}, short, {}, short, { image: png(200, 200), ...short }];
	expect(await hinted(files)).toEqual([
		'Items 1, 3 and 4: The video lasts 1.0 s: Kling takes 3 to 30 s.',
		'Item 4: The image is 200 × 200 px: Kling expects at least 300 px per side.',
	]);
});

it('is said of the first ten of many items', async () => {
	const files = Array.from({ length: 11 }, () => ({ video: mp4(1_000) }));
	expect(await hinted(files)).toEqual([
		'Items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 more: The video lasts 1.0 s: Kling takes 3 to 30 s.',
	]);
});
