import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFakeSegmind } from './fakeSegmind/server';
import { KEY } from './fakeSegmind/service';
import { bytesOf, loadPackage, runWorkflow } from './inProcessN8n';

const ROOT = join(__dirname, '../..');
const PARAMETERS = {
	operation: 'generate',
	model: 'kling-2.6-standard-motion-control',
	prompt: 'cat and dog are dancing.',
	characterOrientation: 'video',
	imageSource: 'url',
	imageUrl:
		'https://segmind-resources.s3.amazonaws.com/output/ada5c480-9051-4852-beac-cc6c6a17184f-kling-motion-std-ip-image.jpeg',
	videoSource: 'url',
	videoUrl:
		'https://segmind-resources.s3.amazonaws.com/output/de918869-2e43-4bc1-9894-a888f465ec0c-kling-motion-std.mp4',
	keepOriginalSound: true,
};

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

	const loader = await loadPackage(ROOT);
	const { type } = loader.nodeTypes.klingMotionControl ?? {};
	if (!type || !('execute' in type)) throw new Error('The package has no node: run npm run build.');
	const began = Date.now();
	const { items, error } = await runWorkflow({
		nodeType: type,
		parameters: { ...PARAMETERS, options: fake ? { pollInterval: 1 } : {} },
		credential: {
			apiKey: key ?? KEY,
			baseUrl: fake?.url ?? 'https://api.segmind.com',
			storageUrl: fake?.url ?? 'https://workflows-api.segmind.com',
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
