import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

import * as fc from 'fast-check';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { fileExists, readFile, uploadBody } from '../../../../nodes/KlingMotionControl/transport/file';
import { MP4, brokenBody, fileOf, silentBody } from '../../../support/virtualServices';

/** Sizes of chunks, with every remainder of three. */
const SIZES = [[1], [2], [3], [1, 1, 1], [2, 2], [4, 1, 7], [3, 3], [5, 0, 4], [0, 1], [2, 0, 0], [1, 70_000, 2]];
const STORED: IBinaryData = { id: 'filesystem-v2:x', data: 'filesystem-v2', mimeType: 'image/png' };

function chunksOf(sizes: number[]): Buffer[] {
	return sizes.map((size, index) => Buffer.alloc(size, index + 65));
}

/** An execution whose binary store gives that, and the ids that it was asked for. */
function storeOn(file: (id: string) => Readable) {
	const opened: string[] = [];
	const getBinaryStream = async (id: string) => {
		opened.push(id);
		return file(id);
	};
	return { context: { helpers: { getBinaryStream } } as unknown as IExecuteFunctions, opened };
}

async function textOf(body: Readable | string): Promise<string> {
	let text = '';
	for await (const piece of body) text += String(piece);
	return text;
}

const uploadOf = (content: Buffer, type = 'image/png') =>
	`{"data_urls":["data:${type};base64,${content.toString('base64')}"]}`;

describe.each([true, false])('a file of an item (in the binary store: %p)', (stored) => {
	/** The file of these chunks, as it is read. */
	async function read(chunks: Buffer[]) {
		const content = Buffer.concat(chunks);
		const { context, opened } = storeOn(() => Readable.from(chunks));
		const binary = stored ? STORED : { data: content.toString('base64'), mimeType: 'image/png' };
		return { context, opened, content, binary, file: await readFile(context, binary) };
	}

	it.each(SIZES.map((sizes) => [sizes]))('of %j bytes is read and sent whole', async (sizes) => {
		const { context, opened, content, binary, file } = await read(chunksOf(sizes));
		const hash = createHash('sha256').update(content).digest('hex');
		expect(file).toMatchObject({ binary, mimeType: 'image/png', hash, facts: { size: content.length } });
		const { body, length, close } = await uploadBody(context, file);
		expect(typeof body === 'string').toBe(!stored);
		const text = await textOf(body);
		expect(text === uploadOf(content)).toBe(true);
		expect(length).toBe(Buffer.byteLength(text));
		expect(opened).toEqual(stored ? [STORED.id, STORED.id] : []);
		close();
	});

	it('says what it is', async () => {
		const { file } = await read([Buffer.from(MP4.slice(0, 7)), Buffer.from(MP4.slice(7))]);
		expect(file.facts).toEqual({ kind: 'mp4', size: MP4.length });
	});

	it('is sent under the type that it was found to have', async () => {
		const { context, file, content } = await read([Buffer.from('abcd')]);
		const { body } = await uploadBody(context, { ...file, mimeType: 'video/mp4' });
		expect(await textOf(body)).toBe(uploadOf(content, 'video/mp4'));
	});

	it('becomes one base64 text, however its bytes come', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1 }), async (parts) => {
				const chunks = parts.map((part) => Buffer.from(part));
				if (Buffer.concat(chunks).length === 0) return;
				const { context, content, file } = await read(chunks);
				const { body, length } = await uploadBody(context, file);
				const text = await textOf(body);
				expect(text).toBe(uploadOf(content));
				expect(length).toBe(text.length);
			}),
		);
	});
});

describe('the body of an upload', () => {
	const folder = mkdtempSync(join(tmpdir(), 'segmind-'));
	const path = join(folder, 'file');
	const file = { ...fileOf('x'.repeat(300_000)), binary: STORED };
	beforeAll(() => writeFileSync(path, 'x'.repeat(300_000)));
	afterAll(() => rmSync(folder, { recursive: true }));

	const sources: Array<[string, () => Readable]> = [
		['a file', () => createReadStream(path)],
		['a file that is gone', () => createReadStream(`${path}.gone`)],
		['a stream that says nothing', () => silentBody('ab')],
		['a stream that breaks', () => brokenBody('', 'EIO')],
		['a stream that breaks later', () => brokenBody('ab', 'EIO')],
	];

	describe.each(sources)('of %s', (_name, source) => {
		it.each<[string, (body: Readable) => Promise<unknown>]>([
			['at once', async () => {}],
			['after a while', async () => await pause(5)],
			[
				'in the middle of it',
				async (body) => {
					body.read();
					await pause(5);
					body.read();
				},
			],
		])('lets go of it where it was never read to its end: closed %s', async (_when, use) => {
			const content = source();
			const { body, close } = await uploadBody(storeOn(() => content).context, file);
			await use(body as Readable);
			close();
			expect((body as Readable).destroyed).toBe(true);
			expect(content.destroyed).toBe(true);
			// whatever is left behind must not end the process: jest would fail here
			await pause(5);
			close();
		});
	});

	it.each(sources.filter(([name]) => name !== 'a stream that says nothing'))(
		'of %s tells its reader',
		async (name, source) => {
			const content = source();
			const { body, close } = await uploadBody(storeOn(() => content).context, file);
			const outcome = await textOf(body).catch((error: { code?: string }) => error.code);
			if (name === 'a file') expect(outcome === uploadOf(Buffer.alloc(300_000, 'x'))).toBe(true);
			else expect(outcome).toBe(name === 'a file that is gone' ? 'ENOENT' : 'EIO');
			expect(content.destroyed).toBe(true);
			close();
		},
	);

	it('does not read ahead of its reader', async () => {
		let given = 0;
		const content = new Readable({
			highWaterMark: 1,
			read() {
				given += 10_000;
				this.push(given > 300_000 ? null : Buffer.alloc(10_000, 'x'));
			},
		});
		const { body, close } = await uploadBody(storeOn(() => content).context, file);
		await pause(5);
		expect(given).toBeLessThanOrEqual(20_000);
		for await (const piece of body) {
			void piece;
			break;
		}
		expect(given).toBeLessThan(200_000);
		close();
	});
});

describe('fileExists', () => {
	it('knows a file that the item holds itself', async () => {
		const { context, opened } = storeOn(() => silentBody());
		expect(await fileExists(context, { data: 'YWI=', mimeType: 'video/mp4' })).toBe(true);
		expect(opened).toEqual([]);
	});

	it.each<[string, () => Readable, boolean]>([
		['is there', () => Readable.from([Buffer.from('ab'), Buffer.from('cd')]), true],
		['is empty', () => Readable.from([]), true],
		['fails at the first read', () => brokenBody('', 'ENOENT'), false],
		['is not there', () => createReadStream(join(tmpdir(), 'segmind-no-such-file')), false],
	])('knows whether a stored file is there: one that %s', async (_name, source, exists) => {
		const content = source();
		const { context, opened } = storeOn(() => content);
		expect(await fileExists(context, STORED)).toBe(exists);
		expect(opened).toEqual([STORED.id]);
		// and closes it
		expect(content.destroyed).toBe(true);
	});

	it('takes a store that does not give it for one that has lost it', async () => {
		const { context } = storeOn(() => {
			throw new Error('x');
		});
		expect(await fileExists(context, STORED)).toBe(false);
	});
});
