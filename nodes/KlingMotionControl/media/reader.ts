import { gif, png, webp } from './headers';
import { heif } from './heif';
import { jpeg } from './jpeg';
import { kindOf, START_BYTES, type MediaKind } from './kind';
import { movie } from './movie';
import { Walker, type Walk } from './walk';

/** What is known of a file from its bytes; what is absent is unknown. */
export interface MediaFacts {
	kind?: MediaKind;
	/** bytes */
	size: number;
	/** px, as the file is shown, but for HEIC and AVIF: before any rotation. There together with the height. */
	width?: number;
	/** px */
	height?: number;
	/** s */
	duration?: number;
}

const WALKS: Readonly<Partial<Record<MediaKind, () => Walk>>> = {
	jpeg,
	png,
	webp,
	gif,
	heic: heif,
	avif: heif,
	mp4: movie,
	quicktime: movie,
	m4a: movie,
};

/** px and s. What is beyond is a forged or broken header: a JPEG's and an MP4's own fields end there, and so does a day. */
const MAX_SIDE = 65_535;
const MAX_DURATION = 24 * 60 * 60;

/** Tells what a file is while it is read through. It holds 1 MB of it at most, and no bytes make it throw. */
export class MediaReader {
	private size = 0;
	private readonly start = new Uint8Array(START_BYTES);
	private kind?: MediaKind;
	/** There once the kind is judged, for kinds that tell more. */
	private walker?: Walker;

	/** The next bytes of the file, of any length; none of them is kept as it is. */
	push(chunk: Uint8Array) {
		const missing = START_BYTES - this.size;
		this.size += chunk.length;
		if (missing <= 0) return this.walker?.push(chunk);
		this.start.set(chunk.subarray(0, missing), START_BYTES - missing);
		if (this.size < START_BYTES) return;
		this.judge();
		this.walker?.push(chunk.subarray(missing));
	}

	/** What is known of the file, once it was pushed whole. */
	facts(): MediaFacts {
		if (this.size < START_BYTES) this.judge();
		this.walker?.end();
		const { width, height, duration, isSound } = this.walker?.measures ?? {};
		const kind = isSound ? 'm4a' : this.kind;
		return {
			...(kind && { kind }),
			size: this.size,
			...(isSane(width, MAX_SIDE) && isSane(height, MAX_SIDE) && { width, height }),
			...(isSane(duration, MAX_DURATION) && { duration }),
		};
	}

	private judge() {
		const start = this.start.subarray(0, this.size);
		this.kind = kindOf(start);
		const walk = this.kind && WALKS[this.kind];
		this.walker = walk && new Walker(walk());
		this.walker?.push(start);
	}
}

function isSane(value: number | undefined, most: number): boolean {
	return value !== undefined && value > 0 && value <= most;
}
