import { inBase64 } from '../../../../nodes/KlingMotionControl/transport/file';

it.each([[[]], [[1]], [[2]], [[3]], [[1, 1, 1]], [[2, 2]], [[4, 1, 7]], [[3, 3]], [[5, 0, 4]]])(
	'makes one text of chunks of %j bytes',
	async (sizes) => {
		const chunks = sizes.map((size, index) => Buffer.alloc(size, index + 65));
		const pieces: string[] = [];
		for await (const piece of inBase64(
			(async function* () {
				yield* chunks;
			})(),
		)) {
			pieces.push(piece);
		}
		expect(pieces.join('')).toBe(Buffer.concat(chunks).toString('base64'));
		expect(pieces).not.toContain('');
	},
);
