import { BoxTrail } from '../media/boxTrail';
import type { RunClock } from './clock';
import { faultCode } from './fault';
import type { Readable } from './http';

/** How much of a body tells what it is, in bytes behind any white space, and how much white space is read for that. */
const START = 512;
const MOST_WHITE_SPACE = 64 * 1024;

/**
 * Reads a body through.
 * @param chunks takes what comes, so that it is there, too, where the rest does not
 * @param maxBytes where to give up
 * @returns whether that was all of it
 * @throws what the stream throws when the connection breaks
 */
export async function readChunks(body: Readable, chunks: Buffer[], maxBytes: number): Promise<boolean> {
	let size = 0;
	for await (const chunk of body) {
		const bytes = Buffer.from(chunk as Uint8Array);
		chunks.push(bytes.subarray(0, maxBytes - size));
		size += bytes.length;
		if (size > maxBytes) return false;
	}
	return true;
}

/** The first bytes of a body. */
export interface Start {
	bytes: Buffer;
	/** Whether they are all of it; otherwise they stay in the body for its real reader. */
	whole: boolean;
}

/**
 * The first bytes of a body, as many as tell what it is.
 * @param chunks takes what comes, so that it is there, too, where the rest does not
 * @throws what the stream throws when the connection breaks
 */
export async function readStart(body: Readable, chunks: Buffer[]): Promise<Start> {
	let bytes = Buffer.alloc(0);
	for (;;) {
		const chunk: unknown = body.read();
		if (chunk === null) {
			if (body.errored) throw body.errored;
			if (body.readableEnded || body.destroyed) return { bytes, whole: true };
			await change(body);
			continue;
		}
		chunks.push(Buffer.from(chunk as Uint8Array));
		bytes = Buffer.concat(chunks);
		const text = bytes.subarray(0, MOST_WHITE_SPACE).toString('latin1').trimStart();
		if (text.length < START && bytes.length < MOST_WHITE_SPACE) continue;
		// in the same turn as read(), before anybody sees the end
		body.unshift(bytes);
		return { bytes, whole: false };
	}
}

/** Resolves when there is something new about a body. @throws what the stream throws */
async function change(body: Readable): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const settle = () => {
			body.off('readable', settle).off('end', settle).off('close', settle).off('error', reject);
			resolve();
		};
		body.once('readable', settle).once('end', settle).once('close', settle).once('error', reject);
	});
}

/** What is known of a body's way through its intake. */
export interface Intake {
	/**
	 * Until when the body was not silent, in ms since the epoch: when its last bytes came, or now where it owes none, since
	 * all of them came or some still wait for their reader.
	 */
	lastSign(): number;
	/** How many bytes came. */
	size(): number;
	/** Whether the body, if that was all of it, is a video that ends before its own boxes do. */
	isCut(): boolean;
	/** Whether the body, if that was all of it, is a video that ends where its last box does. */
	isWhole(): boolean;
}

/**
 * Watches the intake of a body, before anything is read from it. What n8n's helpers give has no timeout of its own for
 * silence, and another reader, or a stream in between, would change how the body flows.
 */
export function watchIntake(clock: RunClock, body: Readable): Intake {
	let lastByte = clock.now();
	let complete = body.readableEnded;
	const early = earlyBytes(body);
	const trail = new BoxTrail();
	trail.push(early);
	let size = body.readableObjectMode ? 0 : body.readableLength;
	const isSeen = !body.readableObjectMode && early.length === size;
	const push = body.push.bind(body);
	body.push = (chunk, encoding) => {
		lastByte = clock.now();
		complete ||= chunk === null;
		if (chunk !== null) {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : (chunk as Uint8Array);
			size += bytes.length;
			trail.push(bytes);
		}
		return push(chunk, encoding);
	};
	return {
		lastSign: () => (complete || body.readableEnded || body.readableLength > 0 ? clock.now() : lastByte),
		size: () => size,
		isCut: () => isSeen && trail.isCut,
		isWhole: () => isSeen && trail.isWhole,
	};
}

/** What came of a body before anybody looked; it stays there. */
function earlyBytes(body: Readable): Uint8Array {
	const isReady = !body.readableObjectMode && body.readableLength > 0 && !body.destroyed;
	const bytes = isReady ? (body.read() as Uint8Array | null) : null;
	// in the same turn as read(), before anybody sees the end
	if (bytes) body.unshift(bytes);
	return bytes ?? new Uint8Array();
}

/**
 * Tells, of an error that its reader met, whether it was the reader's own: whether the body met none and was not cut
 * short. axios tells of a fault by an event alone, and a reader that gives up destroys the body as aborted.
 */
export function soundnessOf(body: Readable): (error: unknown) => boolean {
	let met: unknown;
	body.once('error', (fault) => (met = fault));
	return (error) =>
		[met, body.errored].every((fault) => !fault || faultCode(fault) === 'ABORT_ERR') &&
		faultCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE';
}

/**
 * Reads a body in bounded time: it is destroyed, as if the connection had broken, when the time is up.
 * @param end when that is, in ms since the epoch: asked again then, since it may have moved
 * @throws what `read` throws
 */
export async function inTime<T>(
	clock: RunClock,
	body: Readable,
	end: () => number,
	read: () => Promise<T>,
): Promise<T> {
	const done = new AbortController();
	// axios wraps the body in a generator: destroyed while it waits for bytes, it tells nobody
	const late = new Promise<never>((_resolve, reject) => {
		const watch = async () => {
			for (let left = end() - clock.now(); left > 0; left = end() - clock.now()) {
				if (!(await clock.timeIsUp(left, done.signal))) return;
			}
			const error = Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' });
			body.destroy(error);
			reject(error);
		};
		void watch();
	});
	try {
		return await Promise.race([read(), late]);
	} finally {
		done.abort();
	}
}
