import { latin1, uintBE } from './bytes';
import type { Walk } from './walk';

/** A box of the ISO base media file format (ISO/IEC 14496-12), or an atom of QuickTime, without its header. */
interface Box {
	/** Four characters. */
	type: string;
	content: Uint8Array;
}

/** Bytes. Of a longer box the start is read. The movie box of a clip of 30 s has about 20 kB. */
export const MAX_CONTENT = 1_000_000;
/** Boxes that are read in one: more than a few dozen are there in forged files alone. */
const MAX_BOXES = 1000;

/** What of a box's content could be read. */
interface Content {
	bytes: Uint8Array;
	/** Whether that is all of it. */
	isWhole: boolean;
}

/** Walks to the first box of a type that stands in no other one, and gives the start of its content; empty where there is none. */
export function* contentOf(type: string): Walk<Content> {
	for (;;) {
		const first = yield { take: 8 };
		const isLong = uintBE(first, 0, 4) === 1;
		const header = readHeader(isLong ? new Uint8Array([...first, ...(yield { take: 8 })]) : first);
		if (!header) return { bytes: new Uint8Array(0), isWhole: false };
		if (header.type === type) {
			const bytes = yield { take: Math.min(header.size, MAX_CONTENT) };
			return { bytes, isWhole: bytes.length === header.size };
		}
		yield { skip: header.size };
	}
}

/** The boxes in the content of one, the last one as long as it is there. */
export function* boxesIn(content: Uint8Array): Generator<Box> {
	let rest = content;
	for (let count = 0; count < MAX_BOXES; count++) {
		const header = readHeader(rest);
		if (!header) return;
		const { type, start, size } = header;
		yield { type, content: rest.subarray(start, start + size) };
		rest = rest.subarray(start + size);
	}
}

/** The content of the first box along a path of types, from the content that it stands in; empty where there is none. */
export function contentAt(content: Uint8Array, ...path: string[]): Uint8Array {
	return path.reduce(firstOf, content);
}

function firstOf(content: Uint8Array, type: string): Uint8Array {
	for (const box of boxesIn(content)) if (box.type === type) return box.content;
	return new Uint8Array(0);
}

/** Where the content starts and its size, in bytes; undefined where this is no header. */
function readHeader(bytes: Uint8Array): { type: string; start: number; size: number } | undefined {
	const short = uintBE(bytes, 0, 4);
	const start = short === 1 ? 16 : 8;
	const size = (short === 1 ? uintBE(bytes, 8, 8) : short === 0 ? Number.MAX_SAFE_INTEGER : short) - start;
	// a size that is NaN, since the bytes end, is not at least 0
	return bytes.length >= start && size >= 0 ? { type: latin1(bytes, 4, 4), start, size } : undefined;
}
