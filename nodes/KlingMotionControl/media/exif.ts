import { latin1, uintBE, uintLE } from './bytes';

const ORIENTATION = 0x0112;

/**
 * Whether an image is shown turned by a quarter, from the content of a JPEG's APP1 segment, of which a start is enough
 * (CIPA DC-008, "Exif"): orientations 5 to 8 are.
 */
export function isSideways(content: Uint8Array): boolean {
	if (latin1(content, 0, 6) !== 'Exif\0\0') return false;
	const tiff = content.subarray(6);
	const uint = latin1(tiff, 0, 2) === 'II' ? uintLE : uintBE;
	const directory = uint(tiff, 4, 4);
	const entries = directory + 2;
	const end = Math.min(entries + uint(tiff, directory, 2) * 12, tiff.length);
	for (let entry = entries; entry < end; entry += 12) {
		if (uint(tiff, entry, 2) !== ORIENTATION) continue;
		const orientation = uint(tiff, entry + 8, 2);
		return orientation >= 5 && orientation <= 8;
	}
	return false;
}
