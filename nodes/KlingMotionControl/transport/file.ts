import { createHash } from 'crypto';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { MediaReader, type MediaFacts } from '../media/reader';
import { storeError } from '../segmind/faults';
import { base64Length, uploadFrame } from '../segmind/upload';
import { isStoreFault, storeFault } from './fault';
import type { Readable } from './http';

/** A file of an input item, read through once. */
export interface FileContent {
	binary: IBinaryData;
	/** The type that it is uploaded under. */
	mimeType: string;
	/** SHA-256 of the content, in hex. */
	hash: string;
	/** What the bytes say. */
	facts: MediaFacts;
}

/**
 * Reads a file through, without holding it.
 * @throws what n8n's binary store throws where the file is gone; SegmindError of kind `store` where the store itself fails
 */
export async function readFile(context: IExecuteFunctions, binary: IBinaryData): Promise<FileContent> {
	const hash = createHash('sha256');
	const reader = new MediaReader();
	try {
		for await (const chunk of await open(context, binary)) {
			hash.update(chunk as Uint8Array);
			reader.push(chunk as Uint8Array);
		}
	} catch (error) {
		throw isStoreFault(error) ? storeError('upload', storeFault(error)) : error;
	}
	return { binary, mimeType: binary.mimeType, hash: hash.digest('hex'), facts: reader.facts() };
}

/** Whether n8n's binary store still has a file. */
export async function fileExists(context: IExecuteFunctions, binary: IBinaryData): Promise<boolean> {
	return await open(context, binary).then(
		async (content) => {
			if (Array.isArray(content)) return true;
			// a file that is gone is only missed by the first read of its stream
			const first = content[Symbol.asyncIterator]();
			return await first.next().then(
				() => {
					content.destroy();
					return true;
				},
				() => false,
			);
		},
		() => false,
	);
}

/** The body of an upload. */
interface UploadBody {
	body: Readable | string;
	/** bytes */
	length: number;
	/** Lets go of the file, whether it was read or not. */
	close(): void;
}

/** The body that uploads a file, as a stream where the file is stored outside the execution. */
export async function uploadBody(context: IExecuteFunctions, file: FileContent): Promise<UploadBody> {
	const { head, tail } = uploadFrame(file.mimeType);
	const length = head.length + base64Length(file.facts.size) + tail.length;
	const content = await open(context, file.binary);
	if (Array.isArray(content)) {
		const body = `${head}${content.map((part) => part.toString('base64')).join('')}${tail}`;
		return { body, length, close: () => {} };
	}
	// a fault of the file comes out of the body, if anybody reads that; `compose` leaves a rejection that nobody handles
	// where its body is destroyed unread
	content.on('error', () => {});
	const body = content.flatMap(inBase64(file.facts.size, head, tail));
	body.on('error', () => {});
	const close = () => {
		body.destroy();
		content.destroy();
	};
	return { body, length, close };
}

/**
 * Turns the chunks of a file into the pieces of its upload: base64, cut only where three bytes end, so that the pieces
 * make one text.
 * @param size how many bytes the chunks have in all, at least one: they do not tell which of them is the last
 */
function inBase64(size: number, head: string, tail: string): (chunk: Uint8Array) => string[] {
	let left = size;
	let start = head;
	let rest = Buffer.alloc(0);
	return (chunk) => {
		if (left <= 0) return [];
		const bytes = Buffer.concat([rest, chunk]);
		left -= chunk.length;
		const whole = left > 0 ? bytes.length - (bytes.length % 3) : bytes.length;
		rest = bytes.subarray(whole);
		const piece = `${start}${bytes.toString('base64', 0, whole)}${left > 0 ? '' : tail}`;
		start = '';
		return piece ? [piece] : [];
	};
}

/** Where n8n keeps binary data in memory, the file is one base64 text in the item; Code nodes make data URLs of it, too. */
async function open(context: IExecuteFunctions, { id, data }: IBinaryData): Promise<Readable | [Buffer]> {
	if (id) return await context.helpers.getBinaryStream(id);
	return [contentOf(data)];
}

/** The content of a file that stands in the item itself. @throws TypeError where it is none, URIError for broken escapes */
function contentOf(data: string): Buffer {
	const [head = '', parameters] = /^\s*data:([^,]{0,1000}),/i.exec(String(data)) ?? [];
	if (parameters === undefined) return Buffer.from(data, 'base64');
	const rest = data.slice(head.length);
	const text = rest.includes('%') ? decodeURIComponent(rest) : rest;
	return Buffer.from(text, /;\s*base64\s*$/i.test(parameters) ? 'base64' : 'utf8');
}
