import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { BoxTrail } from '../../../../nodes/KlingMotionControl/media/boxTrail';

const FOLDER = join(__dirname, '../../../support/fixtures/media');
const filesOf = (pattern: RegExp) =>
	readdirSync(FOLDER)
		.filter((name) => pattern.test(name))
		.map((name) => [name, readFileSync(join(FOLDER, name))] as const);

/** Whether a file is cut, that comes in chunks of these lengths, over and over. */
function isCut(bytes: Uint8Array, lengths: readonly number[] = [bytes.length]): boolean {
	const trail = new BoxTrail();
	for (let at = 0, n = 0; at < bytes.length; n++) {
		const length = lengths[n % lengths.length] ?? 1;
		trail.push(bytes.subarray(at, at + length));
		at += length;
	}
	return trail.isCut;
}

const lengths = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 });

describe.each(filesOf(/\.(mp4|mov|m4a|heic|avif)$/))('%s', (_name, bytes) => {
	it('is whole, however it comes', () => {
		fc.assert(fc.property(lengths, (some) => !isCut(bytes, some)));
	});

	it('is cut anywhere within a box', () => {
		// the ends of its boxes, at which, and within the headers behind which, nobody can tell
		const ends: number[] = [];
		for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) ends.push(at);
		const place = fc.nat(bytes.length - 1).filter((at) => ends.every((end) => at < end || at >= end + 8));
		fc.assert(fc.property(place, lengths, (at, some) => at === 0 || isCut(bytes.subarray(0, at), some)));
	});

	it('is whole with something behind it that is no box', () => {
		fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => !isCut(Buffer.concat([bytes, Buffer.from(text)]))));
	});
});

describe('a movie that is whole', () => {
	const isWhole = (bytes: Uint8Array) => {
		const trail = new BoxTrail();
		trail.push(bytes);
		return trail.isWhole;
	};

	it.each(filesOf(/\.(mp4|mov)$/))(
		'%s, but not where it is cut within a box, or has something behind it',
		(_name, bytes) => {
			expect(isWhole(bytes)).toBe(true);
			expect(isWhole(Buffer.concat([bytes, Buffer.from('more')]))).toBe(false);
			const ends: number[] = [];
			for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) ends.push(at);
			const place = fc.nat(bytes.length - 1).filter((at) => !ends.includes(at));
			fc.assert(fc.property(place, (at) => !isWhole(bytes.subarray(0, at))));
		},
	);

	it.each(filesOf(/\.(heic|avif|webm|jpg)$/))('not %s', (_name, bytes) => {
		expect(isWhole(bytes)).toBe(false);
	});
});

it.each(filesOf(/\.(webm|mkv|avi|flv|mpegts|jpg|png|gif|webp)$/))('says nothing of %s', (_name, bytes) => {
	fc.assert(fc.property(fc.nat(bytes.length), (at) => !isCut(bytes.subarray(0, at))));
});

it('reads the size of a large box, and one that goes on to the end', () => {
	const large = Buffer.from('\0\0\0\x01mdat\0\0\0\0\0\0\0\x14four', 'latin1');
	expect(isCut(large)).toBe(false);
	expect(isCut(large.subarray(0, -1))).toBe(true);
	expect(isCut(Buffer.from('\0\0\0\0mdatwhatever', 'latin1'))).toBe(false);
	expect(isCut(Buffer.from('\0\0\0\x01mdat\0\0\0\0\0\0\0\x0ffour', 'latin1'))).toBe(false);
});
