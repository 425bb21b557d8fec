import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { inBase64, inspect, uploadBody } from '../../../../nodes/KlingMotionControl/transport/file';

/** Sizes of chunks, with every remainder of three. */
const SIZES = [[], [1], [2], [3], [1, 1, 1], [2, 2], [4, 1, 7], [3, 3], [5, 0, 4]];

function chunksOf(sizes: number[]): Buffer[] {
	return sizes.map((size, index) => Buffer.alloc(size, index + 65));
}

it.each(SIZES.map((sizes) => [sizes]))('makes one text of chunks of %j bytes', async (sizes) => {
	const chunks = chunksOf(sizes);
	const pieces: string[] = [];
	for await (const piece of inBase64(Readable.from(chunks))) pieces.push(piece);
	expect(pieces.join('')).toBe(Buffer.concat(chunks).toString('base64'));
	expect(pieces).not.toContain('');
});

describe.each([true, false])('a file of an item (in the binary store: %p)', (stored) => {
	const opened: string[] = [];

	async function fileOf(sizes: number[]) {
		const chunks = chunksOf(sizes);
		const content = Buffer.concat(chunks);
		const getBinaryStream = async (id: string) => {
			opened.push(id);
			return Readable.from(chunks);
		};
		const context = { helpers: { getBinaryStream } } as unknown as IExecuteFunctions;
		const data = stored ? 'filesystem-v2' : content.toString('base64');
		const binary: IBinaryData = { data, mimeType: 'image/png', ...(stored && { id: 'filesystem-v2:x' }) };
		return { context, content, binary, file: await inspect(context, binary) };
	}

	it.each(SIZES.map((sizes) => [sizes]))('of %j bytes is read and sent whole', async (sizes) => {
		const { context, content, binary, file } = await fileOf(sizes);
		const hash = createHash('sha256').update(content).digest('hex');
		expect(file).toEqual({ binary, hash, size: content.length });
		const { body, length } = await uploadBody(context, file);
		expect(typeof body === 'string').toBe(!stored);
		let sent = '';
		for await (const piece of body) sent += String(piece);
		expect(sent).toBe(`{"data_urls":["data:image/png;base64,${content.toString('base64')}"]}`);
		expect(length).toBe(sent.length);
		expect(opened.splice(0)).toEqual(stored ? ['filesystem-v2:x', 'filesystem-v2:x'] : []);
	});
});
