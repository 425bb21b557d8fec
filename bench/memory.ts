import { setTimeout } from 'node:timers/promises';

import { KEY } from '../test/support/fakeSegmind/service';
import { loadNode, runWorkflow } from '../test/support/inProcessN8n';
import { SAMPLE } from '../test/support/parameters';

const MB = 1024 * 1024;
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [16, 256];
const LIMIT = 64;

/** Prints how much the memory of n8n's process grows while a video passes through the node into n8n's binary store. */
async function main() {
	for (const warmUp of [1, 1, 1]) await measure(warmUp);
	for (const size of SIZES) {
		const { growth, bytes } = await measure(size);
		const verdict = growth < LIMIT ? 'ok' : 'TOO MUCH';
		console.log(
			`${size} MB video, ${bytes} bytes stored: peak memory grew ${growth.toFixed(1)} MB, limit ${LIMIT} MB: ${verdict}`,
		);
		if (growth >= LIMIT) process.exitCode = 1;
	}
}

/** The growth of the resident memory in MB, from the idle process to its peak. */
async function measure(size: number) {
	const nodeType = await loadNode();
	globalThis.gc?.();
	await setTimeout(200);
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
	const url = process.env.FAKE_URL ?? '';
	const { items, error } = await runWorkflow({
		nodeType,
		parameters: { ...SAMPLE, prompt: String(size), options: { pollInterval: 0.05 } },
		credential: { apiKey: KEY, baseUrl: url, storageUrl: url },
	});
	clearInterval(timer);
	if (error) throw new Error(error.message);
	return { growth: (peak - idle) / MB, bytes: Number(items[0]?.binary?.data?.bytes) };
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
