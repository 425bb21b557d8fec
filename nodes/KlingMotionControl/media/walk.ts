/** What a file's headers tell of its content, as they have it: nothing here is checked for sense. */
export interface Measures {
	/** px */
	width?: number;
	/** px */
	height?: number;
	/** s */
	duration?: number;
	/** Whether a movie has sound and nothing to see. */
	isSound?: boolean;
}

/** What a walk wants next, in bytes: to be given them, or to pass over them. */
export type Step = { readonly take: number } | { readonly skip: number };

/**
 * A walk through a file from its first byte, in steps. After a `take` it is given the bytes, fewer where the file ends
 * before, and none of them is its to keep; after a `skip`, none.
 */
export type Walk<T = Measures> = Generator<Step, T, Uint8Array>;

/** Steps, after which a walk has found nothing: files have a few dozen headers before those that matter, forged ones any number. */
export const MAX_STEPS = 10_000;
const NOTHING = new Uint8Array(0);

/** Takes a walk through a file that comes chunk by chunk. It holds no more than what the walk waits for. */
export class Walker {
	/** What the walk found, once it is over. */
	measures: Measures = {};
	private over = false;
	private steps = 0;
	/** Bytes that the step at hand still waits for. */
	private left = 0;
	/** Where they are gathered; undefined for those that are passed over. */
	private held?: Uint8Array;

	constructor(private readonly walk: Walk) {}

	/** The next bytes of the file. */
	push(chunk: Uint8Array) {
		let rest = chunk;
		while (!this.over) {
			const part = rest.subarray(0, this.left);
			this.held?.set(part, this.held.length - this.left);
			this.left -= part.length;
			if (this.left > 0) return;
			rest = rest.subarray(part.length);
			this.next(this.held ?? NOTHING);
		}
	}

	/** The file ends here. */
	end() {
		while (!this.over) this.next(this.held?.subarray(0, this.held.length - this.left) ?? NOTHING);
	}

	private next(bytes: Uint8Array) {
		const { done, value } = this.walk.next(bytes);
		this.held = undefined;
		this.over = done === true || ++this.steps > MAX_STEPS;
		if (done) {
			this.measures = value;
		} else if ('take' in value) {
			this.left = value.take;
			this.held = new Uint8Array(value.take);
		} else {
			this.left = value.skip;
		}
	}
}
