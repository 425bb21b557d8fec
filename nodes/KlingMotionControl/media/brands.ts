import { latin1, uintBE } from './bytes';

/** The kinds that share the ISO base media file format and differ by their brands. */
type BrandedKind = 'mp4' | 'quicktime' | 'm4a' | 'heic' | 'avif';

/** Brands as registered at mp4ra.org. `mif1`, `msf1` and `miaf` stand in HEIC and AVIF files alike. */
const BRANDS: ReadonlyArray<readonly [BrandedKind, RegExp]> = [
	['quicktime', /^qt {2}$/],
	['m4a', /^M4[ABP] $/],
	['avif', /^avi[fs]$/],
	['heic', /^(hei[cmsx]|hev[cmsx]|mif[12]|msf1|miaf)$/],
	['mp4', /^(iso.|mp4\d|mp7[1t]|avc1|hvc1|dash|cmf.|M4V.|mmp4|MSNV|f4v |3g[2p].|XAVC)$/],
];

/**
 * The kind of a file that begins with an `ftyp` box: its major brand's, else that of the first compatible brand that
 * is known; undefined where none is.
 */
export function brandedKind(start: Uint8Array): BrandedKind | undefined {
	const end = Math.min(uintBE(start, 0, 4), start.length);
	const brands = [latin1(start, 8, 4)];
	for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(start, at, 4));
	const kinds = brands.map((brand) => BRANDS.find(([, pattern]) => pattern.test(brand))?.[0]);
	const kind = kinds.find(Boolean);
	return kind === 'heic' && kinds.includes('avif') ? 'avif' : kind;
}
