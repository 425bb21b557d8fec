import { bytes, factsOf, uint32 } from '../../../support/mediaFiles';

const PNG = '\x89PNG\r\n\x1a\n';
const webp = (...chunk: Array<string | number[] | Uint8Array>) =>
	bytes('RIFF', uint32(99), 'WEBP', ...chunk, Buffer.alloc(20));

it.each<[string, Uint8Array, number | undefined, number | undefined]>([
	['PNG', bytes(PNG, uint32(13), 'IHDR', uint32(4000, 300)), 4000, 300],
	['PNG with another first chunk', bytes(PNG, uint32(4), 'CgBI', uint32(4000, 300)), undefined, undefined],
	['PNG without a width', bytes(PNG, uint32(13), 'IHDR', uint32(0, 300)), undefined, undefined],
	['PNG without a height', bytes(PNG, uint32(13), 'IHDR', uint32(300, 0)), undefined, undefined],
	['PNG of an absurd width', bytes(PNG, uint32(13), 'IHDR', uint32(65_536, 300)), undefined, undefined],
	['PNG of the largest width', bytes(PNG, uint32(13), 'IHDR', uint32(65_535, 300)), 65_535, 300],
	['PNG that is cut', bytes(PNG, uint32(13), 'IHDR', uint32(4000), [0, 0, 1]), undefined, undefined],
	['GIF', bytes('GIF89a', [0x2c, 1, 0x90, 1]), 300, 400],
	['GIF that is cut', bytes('GIF89a', [0x2c, 1, 0x90]), undefined, undefined],
	['lossy WebP, scaled', webp('VP8 ', uint32(9), [0, 0, 0, 0x9d, 1, 0x2a, 0x2c, 0x41, 0x90, 0xc1]), 300, 400],
	['lossless WebP', webp('VP8L', uint32(9), [0x2f, 0xff, 0xff, 0xff, 0xff]), 16_384, 16_384],
	['lossless WebP, small', webp('VP8L', uint32(9), [0x2f, 0x2b, 0xc1, 0x63, 0]), 300, 400],
	['extended WebP', webp('VP8X', uint32(10), [0, 0, 0, 0, 0x2b, 1, 0, 0x8f, 1, 0]), 300, 400],
	[
		'WebP with another first chunk',
		webp('ALPH', uint32(10), [0, 0, 0, 0, 0x2b, 1, 0, 0x8f, 1, 0]),
		undefined,
		undefined,
	],
	['WebP that is cut', bytes('RIFF', uint32(99), 'WEBPVP8L', uint32(9), [0x2f, 0, 0]), undefined, undefined],
])('%s', (_name, file, width, height) => {
	const { width: foundWidth, height: foundHeight } = factsOf(file);
	expect([foundWidth, foundHeight]).toEqual([width, height]);
});
