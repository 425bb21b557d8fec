import fc from 'fast-check';

import { heif } from '../../../../nodes/KlingMotionControl/media/heif';
import { jpeg } from '../../../../nodes/KlingMotionControl/media/jpeg';
import { START_BYTES } from '../../../../nodes/KlingMotionControl/media/kind';
import { movie } from '../../../../nodes/KlingMotionControl/media/movie';
import { MediaReader, type MediaFacts } from '../../../../nodes/KlingMotionControl/media/reader';
import { MAX_STEPS } from '../../../../nodes/KlingMotionControl/media/walk';
import { box, bytes, factsOf, inChunks, MEDIA_FILES, mediaFile, uint32, walked } from '../../../support/mediaFiles';

/** As ImageMagick, heif-info and ffprobe tell them. */
const FACTS: Record<string, Omit<MediaFacts, 'size'>> = {
	'portrait.jpg': { kind: 'jpeg', width: 400, height: 700 },
	'progressive.jpg': { kind: 'jpeg', width: 400, height: 700 },
	'landscape.jpg': { kind: 'jpeg', width: 700, height: 400 },
	'turned.jpg': { kind: 'jpeg', width: 400, height: 700 },
	'picture.png': { kind: 'png', width: 320, height: 480 },
	'lossy.webp': { kind: 'webp', width: 320, height: 480 },
	'lossless.webp': { kind: 'webp', width: 320, height: 480 },
	'alpha.webp': { kind: 'webp', width: 320, height: 480 },
	'picture.gif': { kind: 'gif', width: 300, height: 200 },
	'picture.heic': { kind: 'heic', width: 400, height: 700 },
	'picture.avif': { kind: 'avif', width: 400, height: 700 },
	'picture.bmp': { kind: 'bmp' },
	'picture.tiff': { kind: 'tiff' },
	'1s.mp4': { kind: 'mp4', width: 64, height: 64, duration: 1 },
	'3s.mp4': { kind: 'mp4', width: 64, height: 64, duration: 3 },
	'31s.mp4': { kind: 'mp4', width: 64, height: 64, duration: 31 },
	'usual.mp4': { kind: 'mp4', width: 720, height: 1280, duration: 5 },
	'rotated.mp4': { kind: 'mp4', width: 64, height: 128, duration: 3 },
	'fragmented.mp4': { kind: 'mp4', width: 64, height: 64 },
	'clip.mov': { kind: 'quicktime', width: 128, height: 64, duration: 4 },
	'clip.webm': { kind: 'webm' },
	'clip.mkv': { kind: 'matroska' },
	'clip.avi': { kind: 'avi' },
	'clip.flv': { kind: 'flv' },
	'clip.mpegts': { kind: 'mpegts' },
	'sound.m4a': { kind: 'm4a', duration: 2 },
	'sound.mp3': { kind: 'mp3' },
};
const MB = 1_000_000;

it('has the facts of each fixture', () => expect(Object.keys(FACTS).sort()).toEqual([...MEDIA_FILES].sort()));

it.each(Object.entries(FACTS))('facts of %s, whole and byte by byte', (name, facts) => {
	const file = mediaFile(name);
	expect(factsOf(file)).toEqual({ ...facts, size: file.length });
	expect(factsOf(...inChunks(file, [1]))).toEqual({ ...facts, size: file.length });
});

it('has a movie box at the end and one at the start among them', () => {
	const places = ['31s.mp4', 'usual.mp4'].map((name) => ['moov', 'mdat'].map((type) => mediaFile(name).indexOf(type)));
	expect(places.map(([moov, mdat]) => moov > mdat)).toEqual([true, false]);
});

it('knows nothing but the size of an empty file', () => {
	expect(new MediaReader().facts()).toEqual({ size: 0 });
	expect(factsOf(new Uint8Array(0))).toEqual({ size: 0 });
});

it.each([START_BYTES - 1, START_BYTES, START_BYTES + 1])('reads a file of %s bytes that ends there', (size) => {
	const moov = mediaFile('3s.mp4');
	const file = bytes(moov, box('free', Buffer.alloc(size - moov.length - 8)));
	for (const lengths of [[1], [START_BYTES - 1], [START_BYTES], [size]])
		expect(factsOf(...inChunks(file, lengths))).toEqual({ ...FACTS['3s.mp4'], size });
});

it('tells the same facts again, and only the size of what is pushed later', () => {
	const reader = new MediaReader();
	reader.push(mediaFile('usual.mp4').subarray(0, 6000));
	const facts = reader.facts();
	expect(facts).toEqual({ ...FACTS['usual.mp4'], size: 6000 });
	expect(reader.facts()).toEqual(facts);
	reader.push(new Uint8Array(10));
	expect(reader.facts()).toEqual({ ...facts, size: 6010 });
});

it('does not keep the chunks that it is given', () => {
	const reader = new MediaReader();
	const chunk = Buffer.alloc(100);
	for (const part of inChunks(mediaFile('31s.mp4'), [100])) {
		chunk.set(part);
		reader.push(chunk.subarray(0, part.length));
		chunk.fill(0xff);
	}
	expect(reader.facts()).toEqual({ ...FACTS['31s.mp4'], size: mediaFile('31s.mp4').length });
});

const ORIGINALS = MEDIA_FILES.map(mediaFile);

/** A real file with some bytes changed, cut somewhere, and some of it twice. */
const spoiled = fc
	.record({
		original: fc.constantFrom(...ORIGINALS),
		flips: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
			maxLength: 20,
		}),
		// headers are where a change tells
		near: fc.boolean(),
		cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
		again: fc.tuple(fc.nat(5000), fc.nat(5000)),
	})
	.map(({ original, flips, near, cut, again }) => {
		const file = Buffer.from(original);
		for (const [place, value] of flips) {
			const at = near ? headerPlace(file, place) : Math.floor(place * file.length);
			if (at < file.length) file[at] = value;
		}
		const end = cut === null ? file.length : Math.floor(cut * file.length);
		return Buffer.concat([file.subarray(0, end), original.subarray(...again)]);
	});

/** A place within the first bytes, or within the movie box. */
function headerPlace(file: Buffer, place: number): number {
	const moov = Math.max(file.indexOf('moov') - 4, 0);
	return Math.floor(place * 400) + (Math.floor(place * 4000) % 2 === 0 ? 0 : moov);
}

const chunkLengths = fc.array(fc.oneof(fc.nat(20), fc.nat(5000)), { minLength: 1, maxLength: 8 }).filter(hasLength);
function hasLength(lengths: number[]) {
	return lengths.some((length) => length > 0);
}

it.each<[string, fc.Arbitrary<Uint8Array>]>([
	['random bytes', fc.uint8Array({ maxLength: 9000, size: 'max' })],
	['spoiled files', spoiled],
])('of %s it never throws, tells sound facts only, and the same for any chunks', (_name, files) => {
	fc.assert(
		fc.property(files, chunkLengths, (file, lengths) => {
			const facts = factsOf(file);
			expect(factsOf(...inChunks(file, lengths))).toEqual(facts);
			expect(facts.size).toBe(file.length);
			expect((facts.width === undefined) === (facts.height === undefined)).toBe(true);
			for (const side of [facts.width ?? 1, facts.height ?? 1]) {
				expect(Number.isInteger(side)).toBe(true);
				expect(side > 0 && side <= 65_535).toBe(true);
			}
			expect(facts.duration ?? 1).toBeGreaterThan(0);
			expect(facts.duration ?? 1).toBeLessThanOrEqual(86_400);
		}),
		{ numRuns: 500 },
	);
});

it('holds 1 MB of any file at most, and takes a bounded number of steps', () => {
	fc.assert(
		fc.property(spoiled, fc.constantFrom(jpeg, movie, heif), (file, walk) => {
			const { takes } = walked(walk(), file);
			expect(Math.max(0, ...takes)).toBeLessThanOrEqual(MB);
			expect(takes.length).toBeLessThanOrEqual(MAX_STEPS);
		}),
	);
});

it.each<[string, Uint8Array, Uint8Array, Omit<MediaFacts, 'size'>]>([
	[
		'an MP4 with its movie box at the end',
		bytes(box('ftyp', bytes('isom', uint32(0))), box('mdat', [], 100 * MB)),
		mediaFile('31s.mp4').subarray(mediaFile('31s.mp4').indexOf('moov') - 4),
		FACTS['31s.mp4'],
	],
	['a JPEG', mediaFile('portrait.jpg'), bytes(), FACTS['portrait.jpg']],
	['a JPEG of fill bytes', bytes([0xff, 0xd8], Buffer.alloc(START_BYTES, 0xff)), bytes(), { kind: 'jpeg' }],
	['a text', Buffer.alloc(START_BYTES, 'a'), bytes(), { kind: 'text' }],
])('100 MB of %s take no time', (_name, start, end, facts) => {
	const chunk = new Uint8Array(65_536).fill(start[start.length - 1]);
	const reader = new MediaReader();
	const begin = performance.now();
	reader.push(start);
	let left = 100 * MB - 8;
	for (; left > 0; left -= chunk.length) reader.push(chunk.subarray(0, left));
	reader.push(end);
	const { size, ...rest } = reader.facts();
	// a hundredth of it is usual
	expect(performance.now() - begin).toBeLessThan(1000);
	expect(rest).toEqual(facts);
	expect(size).toBe(100 * MB - 8 + start.length + end.length);
});
