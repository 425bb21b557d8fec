import { latin1, uintBE } from './bytes';
import { boxesIn, contentAt, contentOf } from './isoBoxes';
import type { Measures, Walk } from './walk';

/** What four bytes say of a duration that is not known. */
const UNKNOWN = 0xffffffff;

/** MP4, MOV and M4A: what the movie box says, wherever in the file it stands (ISO/IEC 14496-12, 8.2, 8.3 and 8.8). */
export function* movie(): Walk {
	const { bytes: moov, isWhole } = yield* contentOf('moov');
	return { ...videoSize(moov), duration: durationOf(moov), isSound: isWhole && isSound(moov) };
}

/** s; NaN where it is not told. */
function durationOf(moov: Uint8Array): number {
	const mvhd = contentAt(moov, 'mvhd');
	const isLong = mvhd[0] === 1;
	const timescale = uintBE(mvhd, isLong ? 20 : 12, 4);
	const isFragmented = contentAt(moov, 'mvex').length > 0;
	// the movie's own duration may be that of its first fragment alone
	const ticks = isFragmented ? fragmentedTicks(moov) : isLong ? uintBE(mvhd, 24, 8) : uintBE(mvhd, 16, 4);
	return ticks === UNKNOWN ? NaN : ticks / timescale;
}

function fragmentedTicks(moov: Uint8Array): number {
	const mehd = contentAt(moov, 'mvex', 'mehd');
	return uintBE(mehd, 4, mehd[0] === 1 ? 8 : 4);
}

/** Whether there is a track of sound, and none of anything else. */
function isSound(moov: Uint8Array): boolean {
	const tracks = [...boxesIn(moov)].filter(({ type }) => type === 'trak');
	return tracks.length > 0 && tracks.every(({ content }) => handlerOf(content) === 'soun');
}

/** What a track holds: `vide`, `soun` and others. */
function handlerOf(trak: Uint8Array): string {
	return latin1(contentAt(trak, 'mdia', 'hdlr'), 8, 4);
}

/** The size at which the first video track that has one is shown. */
function videoSize(moov: Uint8Array): Measures | undefined {
	for (const { type, content } of boxesIn(moov)) {
		if (type !== 'trak' || handlerOf(content) !== 'vide') continue;
		const size = shownSize(contentAt(content, 'tkhd'));
		if (size.width && size.height) return size;
	}
	return undefined;
}

/** A track header's width and height, which are numbers of 16.16 bits; its matrix may turn them by a quarter. */
function shownSize(tkhd: Uint8Array): { width: number; height: number } {
	const matrix = tkhd[0] === 1 ? 52 : 40;
	const [a, b] = [0, 4].map((at) => uintBE(tkhd, matrix + at, 4));
	const [width, height] = [36, 40].map((at) => Math.round(uintBE(tkhd, matrix + at, 4) / 0x10000));
	const isSideways = a === 0 && b !== 0;
	return isSideways ? { width: height, height: width } : { width, height };
}
