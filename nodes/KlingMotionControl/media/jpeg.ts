import { uintBE } from './bytes';
import { isSideways } from './exif';
import type { Walk } from './walk';

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
/** Bytes. The orientation is among the first entries of Exif, which are sorted by their numbers. */
const EXIF_START = 1024;

/** JPEG: segment by segment to the frame's header, which has the size (ITU T.81, annex B), as Exif has it turned. */
export function* jpeg(): Walk {
	let sideways = false;
	yield { skip: 2 };
	for (;;) {
		const marker = yield* nextMarker();
		if (marker === undefined || marker === START_OF_SCAN || marker === END_OF_IMAGE) return {};
		if (standsAlone(marker)) continue;
		const length = uintBE(yield { take: 2 }, 0, 2) - 2;
		if (!(length >= 0)) return {};
		if (isFrame(marker)) {
			const frame = yield { take: 5 };
			const [height, width] = [uintBE(frame, 1, 2), uintBE(frame, 3, 2)];
			return sideways ? { width: height, height: width } : { width, height };
		}
		const start = marker === APP1 ? yield { take: Math.min(length, EXIF_START) } : new Uint8Array(0);
		sideways ||= isSideways(start);
		yield { skip: length - start.length };
	}
}

/** The next marker, past any number of fill bytes; undefined where there is none. */
function* nextMarker(): Walk<number | undefined> {
	const [prefix, first] = yield { take: 2 };
	if (prefix !== 0xff) return undefined;
	let marker: number | undefined = first;
	while (marker === 0xff) [marker] = yield { take: 1 };
	return marker;
}

/** TEM, and the restarts: markers without a segment. */
function standsAlone(marker: number): boolean {
	return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** SOF0 to SOF15; among their numbers are those of DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
