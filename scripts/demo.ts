import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFakeSegmind } from '../test/support/fakeSegmind/server';
import { KEY, type FakeSettings } from '../test/support/fakeSegmind/service';
import { bytesOf, loadNode, runWorkflow } from '../test/support/inProcessN8n';
import { SAMPLE } from '../test/support/parameters';

const ROOT = join(__dirname, '..');
const LATENCY = 5_000;
const SERVICE = {
	baseUrl: 'https://api.segmind.com',
	storageUrl: 'https://workflows-api.segmind.com',
	historyUrl: 'https://api.spotprod.segmind.com',
};
const began = Date.now();

function tell(message: string): void {
	console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${message}`);
}

/** A service that takes the request and cuts its answer; its history shows the request 2 s later. */
const LOST_ANSWER: Partial<FakeSettings> = {
	history: { delay: 2_000 },
	fault(_request, route, count) {
		if (route === 'history') tell(`fake Segmind: asked for its request history, time ${count + 1}`);
		if (route !== 'submit') return undefined;
		tell('fake Segmind: took the request on, and cuts the connection before it answers');
		return { handled: true, cut: 'before' };
	},
};

/**
 * Runs the main job with the built package in n8n's own engine and leaves the video under output/. With `lost-answer`,
 * the answer to the paid request is lost on its way.
 */
async function main(scene: string | undefined) {
	if (scene !== undefined && scene !== 'lost-answer') throw new Error('The demo knows one scene: lost-answer.');
	const key = scene ? undefined : process.env.SEGMIND_API_KEY;
	const fake = key ? undefined : await startFakeSegmind({ latency: LATENCY, ...(scene && LOST_ANSWER) });
	console.log(
		key
			? 'Real service: about 10 minutes and $1 per video.'
			: 'Embedded fake Segmind: no key, free, 5 seconds per video. Set SEGMIND_API_KEY to use the real service.',
	);
	console.log('Workflow: Manual Trigger -> Kling Motion Control\n');

	const { items, error } = await runWorkflow({
		nodeType: await loadNode(),
		parameters: { ...SAMPLE, options: fake ? { pollInterval: 1 } : {} },
		credential: {
			apiKey: key ?? KEY,
			...(fake ? { baseUrl: fake.url, storageUrl: fake.storageUrl, historyUrl: fake.historyUrl } : SERVICE),
		},
		onMessage: tell,
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
	if (fake) console.log(`Paid requests: ${fake.segmind.posts.length}`);
}

main(process.argv[2]).then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
