import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFakeSegmind } from './fakeSegmind/server';
import { KEY } from './fakeSegmind/service';
import { bytesOf, loadNode, runWorkflow } from './inProcessN8n';
import { SAMPLE } from './parameters';

const ROOT = join(__dirname, '../..');

/** Runs the main job with the built package in n8n's own engine and leaves the video under output/. */
async function main() {
	const key = process.env.SEGMIND_API_KEY;
	const fake = key ? undefined : await startFakeSegmind({ latency: 5_000 });
	console.log(
		key
			? 'Real service: about 10 minutes and 1 USD.'
			: 'Embedded fake Segmind: no key, no cost, 5 seconds a video. Set SEGMIND_API_KEY to use the real service.',
	);
	console.log('Workflow: Manual Trigger -> Kling Motion Control\n');

	const began = Date.now();
	const { items, error } = await runWorkflow({
		nodeType: await loadNode(),
		parameters: { ...SAMPLE, options: fake ? { pollInterval: 1 } : {} },
		credential: {
			apiKey: key ?? KEY,
			baseUrl: fake?.url ?? 'https://api.segmind.com',
			storageUrl: fake?.storageUrl ?? 'https://workflows-api.segmind.com',
		},
		onMessage: (message) => console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${message}`),
	});
	await fake?.close();
	if (error) throw new Error([error.message, error.description].filter(Boolean).join('\n'));

	const [item] = items;
	const bytes = await bytesOf(item);
	const file = join('output', item?.binary?.data?.fileName ?? 'video.mp4');
	mkdirSync(join(ROOT, 'output'), { recursive: true });
	writeFileSync(join(ROOT, file), bytes);
	console.log(
		`\n${JSON.stringify(item?.json, null, 2)}\n\n${file}, ${bytes.length} bytes, ${item?.binary?.data?.mimeType}`,
	);
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
