import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFakeSegmind } from './support/fakeSegmind/server';
import { KEY, VIDEO } from './support/fakeSegmind/service';
import { bytesOf, loadNode, loadPackage, runWorkflow } from './support/inProcessN8n';
import { SAMPLE } from './support/parameters';

const ROOT = join(__dirname, '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;

it('has no dependency at run time but n8n itself', () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

it('loads as n8n loads it, and runs', async () => {
	const loader = await loadPackage();
	expect(Object.keys(loader.nodeTypes)).toEqual(['klingMotionControl']);
	expect(Object.keys(loader.credentialTypes)).toEqual(['segmindApi']);
	const nodeType = await loadNode();
	expect(nodeType.description).toMatchObject({
		displayName: 'Kling Motion Control',
		usableAsTool: true,
		iconUrl: { light: expect.stringMatching(/klingMotionControl\.svg$/), dark: expect.stringMatching(/\.dark\.svg$/) },
		codex: { alias: expect.arrayContaining(['Segmind']) },
	});
	const server = await startFakeSegmind();
	const { items, error } = await runWorkflow({
		nodeType,
		parameters: { ...SAMPLE, options: { pollInterval: 0.05 } },
		credential: { apiKey: KEY, baseUrl: `${server.url}/`, storageUrl: server.url },
	});
	await server.close();
	expect(error).toBeUndefined();
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
});

it('gives both classes to whoever requires it', () => {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	expect(Object.keys(require(ROOT) as object)).toEqual(['KlingMotionControl', 'SegmindApi']);
});
