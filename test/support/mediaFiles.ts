import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { MediaReader, type MediaFacts } from '../../nodes/KlingMotionControl/media/reader';
import { Walker, type Step, type Walk } from '../../nodes/KlingMotionControl/media/walk';

const FOLDER = join(__dirname, 'fixtures/media');

/** The names of the media fixtures. */
export const MEDIA_FILES = readdirSync(FOLDER).filter((name) => name !== 'README.md');

/** The bytes of a media fixture. */
export function mediaFile(name: string): Buffer {
	return readFileSync(join(FOLDER, name));
}

/** The facts of a file that comes in these chunks. */
export function factsOf(...chunks: Uint8Array[]): MediaFacts {
	const reader = new MediaReader();
	for (const chunk of chunks) reader.push(chunk);
	return reader.facts();
}

/** A file in chunks of the lengths given, over and over; the last one has what is left. */
export function* inChunks(file: Uint8Array, lengths: number[]): Generator<Uint8Array> {
	for (let at = 0, turn = 0; at < file.length; turn++) {
		const end = at + lengths[turn % lengths.length];
		yield file.subarray(at, end);
		at = end;
	}
}

/** Bytes of numbers and of texts, one byte a character. */
export function bytes(...parts: Array<number | number[] | string | Uint8Array>): Buffer {
	return Buffer.concat(
		parts.map((part) =>
			typeof part === 'string'
				? Buffer.from(part, 'latin1')
				: typeof part === 'number'
					? Buffer.from([part])
					: Buffer.from(part),
		),
	);
}

/** Unsigned numbers of 32 bits, most significant byte first. */
export function uint32(...values: number[]): Buffer {
	return bytes(...values.map((value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]));
}

/** A box of the ISO base media file format, of the size that its content has, or of another one. */
export function box(type: string, content: Uint8Array | Uint8Array[] = [], size?: number): Buffer {
	const inside = Array.isArray(content) ? Buffer.concat(content) : content;
	return bytes(uint32(size ?? inside.length + 8), type, inside);
}

/** What a walk takes of a file: the lengths of its takes, in bytes, and what it finds. */
export function walked(walk: Walk, ...chunks: Uint8Array[]) {
	const takes: number[] = [];
	const walker = new Walker(counted(walk, takes));
	for (const chunk of chunks) walker.push(chunk);
	walker.end();
	return { measures: walker.measures, takes };
}

function* counted(walk: Walk, takes: number[]): Walk {
	let given: Uint8Array = new Uint8Array(0);
	for (;;) {
		const { done, value }: IteratorResult<Step, Walker['measures']> = walk.next(given);
		if (done) return value;
		if ('take' in value) takes.push(value.take);
		given = yield value;
	}
}
