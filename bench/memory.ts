import { loadNode } from '../test/support/inProcessN8n';
import { ARGS, bufferingNode, finish, memoryGrowth, runNode, type Row } from './support';

const LIMIT = 64;
const [SIZE = 256, buffered = 0] = ARGS;

/** The memory of n8n's process while a video passes through, beside the same download as one buffer. */
finish(async (): Promise<Row[]> => {
	const quick = { options: { pollInterval: 0.05 } };
	for (const prompt of ['1', '1', '1']) await runNode({ ...quick, prompt });
	const { items } = await runNode({ prompt: String(SIZE), options: { pollInterval: 0.05, downloadVideo: false } });
	const nodeType = buffered
		? bufferingNode((await loadNode()).description, String(items[0]?.json.video_url))
		: await loadNode();
	let bytes = 0;
	const growth = await memoryGrowth(async () => {
		const result = await runNode({ ...quick, prompt: String(SIZE) }, { nodeType });
		bytes = Number(result.items[0]?.binary?.data?.bytes);
	});
	if (!buffered && growth >= LIMIT) process.exitCode = 1;
	return [
		{
			'video, MB': SIZE,
			bytes,
			way: buffered ? 'one buffer' : 'this node',
			'memory grew, MB': Number(growth.toFixed(1)),
		},
	];
});
