import { latin1, uintBE } from './bytes';

/** The boxes and atoms that stand in no other one (ISO/IEC 14496-12; QuickTime File Format). */
const OUTERMOST = 'ftyp styp moov mdat moof mfra meta sidx ssix prft emsg pdin uuid free skip wide pnot udta'.split(
	' ',
);
/** Bytes of a box's header: its size and type, and its size again where it is a large one. */
const SHORT = 8;
const LONG = 16;

/**
 * Follows an MP4 or a MOV through its bytes, from box to box, by the sizes that they say. It holds one header at a time,
 * and loses the trail for good at what is no known box.
 */
export class BoxTrail {
	private readonly header = new Uint8Array(LONG);
	/** Bytes of the header that came. */
	private held = 0;
	/** Bytes of the content that are still to come. */
	private left = 0;
	private lost = false;
	/** The types of the boxes that began. */
	private readonly types = new Set<string>();

	/** The next bytes of the file, of any length. */
	push(chunk: Uint8Array): void {
		for (let at = 0; at < chunk.length && !this.lost; ) {
			if (this.left > 0) {
				const step = Math.min(this.left, chunk.length - at);
				this.left -= step;
				at += step;
			} else {
				this.header[this.held++] = chunk[at++];
				if (this.held >= SHORT) this.enter();
			}
		}
	}

	/** Whether the file, if it ends here, ends before a box of it does. */
	get isCut(): boolean {
		return !this.lost && this.left > 0;
	}

	/** Whether the file, if it ends here, is a movie with all that it needs, to the end of its last box. */
	get isWhole(): boolean {
		const hasAll = this.types.has('moov') && (this.types.has('mdat') || this.types.has('moof'));
		return hasAll && !this.lost && this.left === 0 && this.held === 0;
	}

	private enter(): void {
		const short = uintBE(this.header, 0, 4);
		if (short === 1 && this.held < LONG) return;
		const size = short === 1 ? uintBE(this.header, 8, 8) : short;
		// a size of 0 is that of a box that goes on to the end of the file, wherever that is
		const type = latin1(this.header, 4, 4);
		this.lost = size < this.held || !OUTERMOST.includes(type);
		this.types.add(type);
		this.left = size - this.held;
		this.held = 0;
	}
}
