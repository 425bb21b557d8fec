import { ExpressionError, NodeOperationError } from 'n8n-workflow';

import { ItemInput } from '../../../../nodes/KlingMotionControl/parameters/itemInput';
import { itemOf, refusal } from '../../../support/itemOf';

describe('a parameter', () => {
	it('has its value, or what is given in its place', () => {
		const { item } = itemOf({ parameters: { prompt: 'p', nothing: null } });
		expect([item.parameter('prompt', 'x'), item.parameter('nothing', 'x'), item.parameter('other')]).toEqual([
			'p',
			'x',
			undefined,
		]);
	});

	it.each([new ExpressionError('no such node'), new TypeError('no such field')])(
		"whose expression fails is n8n's own error: %s",
		(cause) => {
			const parameters = {
				get options(): never {
					throw cause;
				},
			};
			const { item } = itemOf({ parameters, index: 7 });
			for (const read of [() => item.parameter('options'), () => item.options()]) {
				let error: unknown;
				try {
					read();
				} catch (caught) {
					error = caught;
				}
				expect(error).toBeInstanceOf(NodeOperationError);
				expect(error).toMatchObject({ message: cause.message, context: { itemIndex: 7 } });
			}
		},
	);
});

it.each<[unknown, object]>([
	[{ a: 1 }, { a: 1 }],
	[undefined, {}],
	[null, {}],
	['', {}],
	[[], {}],
])('has options of %j', (options, expected) =>
	expect(itemOf({ parameters: { options } }).item.options()).toEqual(expected),
);

it.each<[unknown, string]>([
	[5, '5'],
	['{"timeout": 5}', '“{"timeout": 5}”'],
	[[{ timeout: 5 }], 'a list'],
	[true, 'true'],
])('refuses options of %j, which would be left out in silence', async (options, what) => {
	const error = await refusal(() => itemOf({ parameters: { options } }).item.options());
	expect(error.message).toBe(`Options must be an object, not ${what}`);
});

describe('a file', () => {
	const content = Buffer.from('content');
	const shared = { data: 'filesystem-v2', id: 'f:1', mimeType: 'image/png', fileName: 'a.png' };

	it('that several items share is read once, and stays the file of each of them', async () => {
		const { context, progress, reads } = itemOf({ stored: { 'f:1': content } });
		const files = new Map();
		const other = { ...shared, mimeType: 'image/webp', fileName: 'b.webp' };
		const [first, second] = await Promise.all([
			new ItemInput(context, 0, progress, files).file(shared),
			new ItemInput(context, 1, progress, files).file(other),
		]);
		expect(reads).toEqual(['f:1']);
		expect(first).toMatchObject({ binary: shared, hash: second.hash, facts: { size: content.length } });
		expect(second).toMatchObject({ binary: other, hash: first.hash, facts: { size: content.length } });
	});

	it('that is gone is gone for each of them', async () => {
		const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
		const { context, progress, reads } = itemOf({ stored: { 'f:1': gone } });
		const files = new Map();
		for (const index of [0, 1]) {
			await expect(new ItemInput(context, index, progress, files).file(shared)).rejects.toThrow('gone');
		}
		expect(reads).toEqual(['f:1']);
	});

	it('in memory is a file of its own', async () => {
		const { item, reads } = itemOf({});
		const binaries = ['one', 'three'].map((text) => ({
			data: Buffer.from(text).toString('base64'),
			mimeType: 'image/png',
		}));
		const sizes = await Promise.all(binaries.map(async (binary) => (await item.file(binary)).facts.size));
		expect(sizes).toEqual([3, 5]);
		expect(reads).toEqual([]);
	});
});

it('warns with the number of its item', () => {
	const { item, hints } = itemOf({ index: 4 });
	item.warn('this is large');
	expect(hints).toEqual(['4: this is large']);
});
