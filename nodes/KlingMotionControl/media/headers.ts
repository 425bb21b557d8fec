import { latin1, uintBE, uintLE } from './bytes';
import type { Walk } from './walk';

/** PNG: the size of the image is in the first chunk (W3C, "PNG", 11.2.1). */
export function* png(): Walk {
	const head = yield { take: 24 };
	if (latin1(head, 12, 4) !== 'IHDR') return {};
	return { width: uintBE(head, 16, 4), height: uintBE(head, 20, 4) };
}

/** GIF: the size of the screen that its frames are drawn on (GIF89a, 18). */
export function* gif(): Walk {
	const head = yield { take: 10 };
	return { width: uintLE(head, 6, 2), height: uintLE(head, 8, 2) };
}

/** WebP: the size is in the first chunk, a place of its own for each of the three sorts (RFC 9649, 2.5 to 2.7). */
export function* webp(): Walk {
	const head = yield { take: 30 };
	if (head.length < 30) return {};
	switch (latin1(head, 12, 4)) {
		case 'VP8X':
			return { width: uintLE(head, 24, 3) + 1, height: uintLE(head, 27, 3) + 1 };
		case 'VP8 ':
			return { width: uintLE(head, 26, 2) & 0x3fff, height: uintLE(head, 28, 2) & 0x3fff };
		case 'VP8L': {
			const bits = uintLE(head, 21, 4);
			return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
		}
		default:
			return {};
	}
}
