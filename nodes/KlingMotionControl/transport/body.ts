import type { IExecuteFunctions } from 'n8n-workflow';

import type { Answer } from '../segmind/types';
import type { Clock } from './clock';
import { faultCode } from './fault';

/** Node's Readable, by the name that n8n-workflow gives it: `stream` itself must not be imported. */
export type Readable = Exclude<Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0], Buffer>;

/** An HTTP answer whose body is still to be read. Header names are in lower case. */
export interface Reply {
	status: number;
	headers: Answer['headers'];
	body: Readable;
}

/** A reply from what n8n's HTTP helpers give for `returnFullResponse` and `encoding: 'stream'`; undefined for anything else. */
export function replyOf(response: unknown): Reply | undefined {
	if (typeof response !== 'object' || response === null) return undefined;
	const { statusCode, headers, body } = response as Record<string, unknown>;
	if (typeof statusCode !== 'number' || !isReadable(body)) return undefined;
	// whoever reads the body hears of a fault; one that comes while nobody reads must not end the process
	body.on('error', () => {});
	return { status: statusCode, headers: plainHeaders(headers), body };
}

/**
 * The whole body as text.
 * @param maxBytes a longer body is cut off and counts as unreadable: undefined
 * @throws what the stream throws when the connection breaks
 */
export async function readText(body: Readable, maxBytes: number): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		const bytes = Buffer.from(chunk as Uint8Array);
		size += bytes.length;
		if (size > maxBytes) {
			body.destroy();
			return undefined;
		}
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/**
 * The first bytes of a body, which stay in it for its real reader; empty where the body is empty.
 * @param time how long they may take, in ms
 * @throws what the stream throws when the connection breaks
 */
export async function peek(clock: Clock, body: Readable, time: number): Promise<Buffer> {
	const end = clock.now() + time;
	return await inTime(
		clock,
		body,
		() => end,
		async () => await firstBytes(body),
	);
}

async function firstBytes(body: Readable): Promise<Buffer> {
	const chunk = await new Promise<unknown>((resolve, reject) => {
		const settle = () => {
			body.off('readable', settle).off('end', settle).off('close', settle).off('error', reject);
			// read() after the end gives null; a chunk is put back at once, before anybody sees the end
			const first: unknown = body.read();
			if (first !== null) body.unshift(first);
			resolve(first);
		};
		body.once('readable', settle).once('end', settle).once('close', settle).once('error', reject);
	});
	return chunk === null ? Buffer.alloc(0) : Buffer.from(chunk as Uint8Array);
}

/**
 * Tells until when a body was not silent, in ms since the epoch: when its last bytes came, or now where it owes none,
 * since all of them came or some still wait for their reader. What n8n's helpers give has no timeout of its own for
 * silence, and another reader, or a stream in between, would change how the body flows: so its intake is watched.
 */
export function pulseOf(clock: Clock, body: Readable): () => number {
	let lastByte = clock.now();
	let complete = false;
	const push = body.push.bind(body);
	body.push = (chunk, encoding) => {
		lastByte = clock.now();
		complete ||= chunk === null;
		return push(chunk, encoding);
	};
	return () => (complete || body.readableEnded || body.readableLength > 0 ? clock.now() : lastByte);
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
export async function inTime<T>(clock: Clock, body: Readable, end: () => number, read: () => Promise<T>): Promise<T> {
	const done = new AbortController();
	// axios wraps the body in a generator: destroyed while it waits for bytes, it tells nobody
	const late = new Promise<never>((_resolve, reject) => {
		const watch = async () => {
			for (let left = end() - clock.now(); left > 0; left = end() - clock.now()) {
				await clock.sleep(left, done.signal);
				if (done.signal.aborted) return;
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

function isReadable(value: unknown): value is Readable {
	return typeof value === 'object' && value !== null && 'pipe' in value && Symbol.asyncIterator in value;
}

function plainHeaders(headers: unknown): Answer['headers'] {
	const entries = Object.entries(typeof headers === 'object' && headers !== null ? headers : {});
	return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
