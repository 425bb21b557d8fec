import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SegmindApi } from '../credentials/SegmindApi.credentials';
import { OPERATIONS } from '../nodes/KlingMotionControl/operations/operations';
import { type Manifest, manifestFaults, tarballFaults } from '../scripts/release/refusals';
import { install, pack } from '../scripts/release/tarball';
import { startFakeSegmind } from './support/fakeSegmind/server';
import { KEY, VIDEO } from './support/fakeSegmind/service';
import { bytesOf, loadNode, loadPackage, runWorkflow } from './support/inProcessN8n';
import { SAMPLE } from './support/parameters';

const ROOT = join(__dirname, '..');
/** n8n's documented list; nodes of its category AI are left out of the editor's search unless they are root nodes. */
const CATEGORIES = [
	'Data & Storage',
	'Finance & Accounting',
	'Marketing & Content',
	'Productivity',
	'Miscellaneous',
	'Sales',
	'Development',
	'Analytics',
	'Communication',
	'Utility',
];
/** Where keys are made. */
const KEYS = 'https://cloud.segmind.com/console/api-keys';
const DOCS = /^https:\/\/(www|docs)\.segmind\.com\b/;
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

it('has no dependency at run time but n8n itself, and nothing else that n8n refuses', () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	expect(manifestFaults(manifest)).toEqual([]);
});

it('says what n8n and npm ask for', () => {
	expect(manifest).toMatchObject({
		name: 'n8n-nodes-segmind',
		version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
		description: expect.stringMatching(/\S/),
		license: 'MIT',
		author: { name: expect.stringMatching(/\S/), email: expect.stringContaining('@') },
		homepage: expect.stringMatching(DOCS),
		repository: { type: 'git', url: expect.stringMatching(/^git\+https:/) },
		bugs: { url: expect.stringMatching(/^https:/) },
		files: ['dist', 'index.js'],
		n8n: { n8nNodesApiVersion: 1 },
	});
});

it('has a category and the links that n8n shows', () => {
	const codex = JSON.parse(
		readFileSync(join(ROOT, 'nodes/KlingMotionControl/KlingMotionControl.node.json'), 'utf8'),
	) as { node: string; categories: string[]; resources: Record<string, Array<{ url: string }>> };
	expect(codex).toMatchObject({ node: 'n8n-nodes-segmind.klingMotionControl', nodeVersion: '1.0' });
	expect(codex.categories.length).toBeGreaterThan(0);
	expect(CATEGORIES).toEqual(expect.arrayContaining(codex.categories));
	// without a link of its own, n8n leads to the package's page, which shows the README
	expect(codex.resources).toEqual({ credentialDocumentation: [{ url: KEYS }] });
	expect(new SegmindApi().documentationUrl).toBe(KEYS);
});

it.each(['animate', 'animate character', 'generate video', 'motion transfer', 'avatar', 'kling 2.6', 'image to video'])(
	'is found by "%s"',
	(words) => {
		const { alias } = JSON.parse(
			readFileSync(join(ROOT, 'nodes/KlingMotionControl/KlingMotionControl.node.json'), 'utf8'),
		) as { alias: string[] };
		expect(alias.map((each) => each.toLowerCase())).toContain(words);
	},
);

it('has its node in the action list by what a person does', () => {
	expect(OPERATIONS.map(({ action }) => action)).toContain('Submit a video request');
});

it('packs what a user needs, all of it and no more, and brings no other package', () => {
	const folder = mkdtempSync(join(tmpdir(), 'package-'));
	try {
		const packed = pack(folder);
		expect(tarballFaults(packed, manifest)).toEqual([]);
		const sources = ['credentials', 'nodes'].flatMap((name) =>
			readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' })
				.filter((file) => /\.\w+$/.test(file))
				.map((file) => `dist/${name}/${file.replace(/\.ts$/, '.js')}`),
		);
		const expected = ['LICENSE', 'README.md', 'index.js', 'package.json', ...sources];
		expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort());

		const empty = join(folder, 'empty');
		mkdirSync(empty);
		expect(install(packed.file, empty)).toEqual(['n8n-nodes-segmind']);
		expect(existsSync(join(empty, 'node_modules/n8n-nodes-segmind', manifest.n8n?.nodes?.[0] ?? ''))).toBe(true);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}, 60_000);

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
		credential: { apiKey: KEY, baseUrl: `${server.url}/`, storageUrl: server.url, historyUrl: server.historyUrl },
	});
	await server.close();
	expect(error).toBeUndefined();
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
});

it('gives both classes to whoever requires it', () => {
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	expect(Object.keys(require(ROOT) as object)).toEqual(['KlingMotionControl', 'SegmindApi']);
});
