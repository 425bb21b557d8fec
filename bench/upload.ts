import { Readable } from 'node:stream';

import { VIDEO } from '../test/support/fakeSegmind/service';
import { storedFile } from '../test/support/inProcessN8n';
import { ARGS, finish, MB, memoryGrowth, runNode, type Row } from './support';

const LIMIT = 64;
const [SIZE = 100] = ARGS;

/** The memory of n8n's process while a file of a node before is uploaded. */
finish(async (): Promise<Row[]> => {
	const input = async (size: number) => [
		{ json: {}, binary: { video: await storedFile(Readable.from(chunks(size)), 'motion.mp4', 'video/mp4') } },
	];
	const parameters = { videoSource: 'binary', options: { pollInterval: 0.05 } };
	for (const size of [1, 1, 1]) await runNode(parameters, { input: await input(size) });
	const large = await input(SIZE);
	const growth = await memoryGrowth(async () => await runNode(parameters, { input: large }));
	if (growth >= LIMIT) process.exitCode = 1;
	return [{ 'file, MB': SIZE, 'memory grew, MB': Number(growth.toFixed(1)) }];
});

/** Small pieces of one buffer, so that making the file leaves no memory behind that the upload could hide in. */
function* chunks(size: number): Generator<Buffer> {
	const piece = Buffer.concat([VIDEO, Buffer.alloc(MB / 16)]).subarray(0, MB / 16);
	for (let n = 0; n < size * 16; n++) yield piece;
}
