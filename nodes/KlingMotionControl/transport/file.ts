import { createHash } from 'crypto';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { base64Length, uploadFrame } from '../segmind/upload';
import type { Readable } from './body';

/** A file of an input item, read once to know its size and its content. */
export interface File {
	binary: IBinaryData;
	/** SHA-256 of the content, in hex. */
	hash: string;
	/** bytes */
	size: number;
}

/** Reads a file through, without holding it. @throws what n8n's binary store throws where it is gone */
export async function inspect(context: IExecuteFunctions, binary: IBinaryData): Promise<File> {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of await open(context, binary)) {
		const bytes = Buffer.from(chunk as Uint8Array);
		hash.update(bytes);
		size += bytes.length;
	}
	return { binary, hash: hash.digest('hex'), size };
}

/** The body that uploads a file, as a stream where the file is stored outside the execution, and its length in bytes. */
export async function uploadBody(
	context: IExecuteFunctions,
	{ binary, size }: File,
): Promise<{ body: Readable | string; length: number }> {
	const { head, tail } = uploadFrame(binary.mimeType);
	const length = head.length + base64Length(size) + tail.length;
	const content = await open(context, binary);
	if (Array.isArray(content))
		return { body: `${head}${content.map((part) => part.toString('base64')).join('')}${tail}`, length };
	const body = content.compose<Readable>(async function* (source: AsyncIterable<Uint8Array>) {
		yield head;
		yield* inBase64(source);
		yield tail;
	});
	return { body, length };
}

/** Base64 of a stream of bytes, cut only where three bytes end, so that the pieces make one text. */
export async function* inBase64(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	let rest = Buffer.alloc(0);
	for await (const chunk of source) {
		const bytes = Buffer.concat([rest, chunk]);
		const whole = bytes.length - (bytes.length % 3);
		if (whole > 0) yield bytes.toString('base64', 0, whole);
		rest = bytes.subarray(whole);
	}
	if (rest.length > 0) yield rest.toString('base64');
}

/** Where n8n keeps binary data in memory, the file is one base64 text in the item. */
async function open(context: IExecuteFunctions, binary: IBinaryData): Promise<Readable | [Buffer]> {
	return binary.id ? await context.helpers.getBinaryStream(binary.id) : [Buffer.from(binary.data, 'base64')];
}
