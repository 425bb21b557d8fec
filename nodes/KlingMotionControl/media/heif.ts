import { uintBE } from './bytes';
import { boxesIn, contentAt, contentOf } from './isoBoxes';
import type { Walk } from './walk';

/**
 * HEIC and AVIF: the largest of the sizes that are told (ISO/IEC 23008-12, 6.5.3), before any rotation; the other ones
 * are those of tiles and thumbnails.
 */
export function* heif(): Walk {
	const { bytes: meta } = yield* contentOf('meta');
	// a full box: its version and flags come before the boxes in it
	const properties = contentAt(meta.subarray(4), 'iprp', 'ipco');
	let largest = { width: 0, height: 0 };
	for (const { type, content } of boxesIn(properties)) {
		if (type !== 'ispe') continue;
		const [width, height] = [uintBE(content, 4, 4), uintBE(content, 8, 4)];
		if (width * height > largest.width * largest.height) largest = { width, height };
	}
	return largest;
}
