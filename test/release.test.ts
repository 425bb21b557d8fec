import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { released } from '../scripts/release/changelog';
import { type Manifest, type Release, MAX_PACKED, refusals } from '../scripts/release/refusals';

const ROOT = join(__dirname, '..');
const actual = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** package.json as it is, with the values of an owner. */
const manifest: Manifest = {
	...actual,
	version: '1.2.3',
	author: { name: 'Ada Lovelace', email: 'ada@analytical.engine' },
	repository: { type: 'git', url: 'git+https://github.com/ada/n8n-nodes-segmind.git' },
	bugs: { url: 'https://github.com/ada/n8n-nodes-segmind/issues' },
};

const files = [
	'package.json',
	'index.js',
	'README.md',
	'LICENSE',
	'dist/credentials/SegmindApi.credentials.js',
	'dist/credentials/segmind.svg',
	'dist/nodes/KlingMotionControl/KlingMotionControl.node.js',
	'dist/nodes/KlingMotionControl/KlingMotionControl.node.json',
].map((path) => ({ path }));

const release: Release = {
	manifest,
	changelog:
		'# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-25\n\n### Added\n\n- A node.\n\n## [1.2.2] - 2026-11-24\n',
	packed: { files, size: MAX_PACKED },
	tag: 'v1.2.3',
	runsIn: 'ada/n8n-nodes-segmind',
};

const withManifest = (fields: Partial<Manifest>): Partial<Release> => ({ manifest: { ...manifest, ...fields } });
const withFile = (path: string): Partial<Release> => ({ packed: { files: [...files, { path }], size: 1 } });

it('has nothing against a release that is complete', () => {
	expect(refusals(release)).toEqual([]);
	expect(refusals({ ...release, tag: undefined, runsIn: undefined })).toEqual([]);
});

it.each<[string, Partial<Release>, string[]]>([
	[
		'no author',
		withManifest({ author: undefined }),
		['author.name is missing in package.json', 'author.email is missing in package.json'],
	],
	[
		'a blank name',
		withManifest({ author: { name: ' ', email: 'a@b.org' } }),
		['author.name is missing in package.json'],
	],
	[
		'the placeholder for the name',
		withManifest({ author: { name: 'OWNER', email: 'a@b.org' } }),
		['author.name in package.json is still a placeholder: OWNER'],
	],
	[
		'a reserved domain',
		withManifest({ author: { name: 'Ada', email: 'ada@mail.example' } }),
		['author.email in package.json is still a placeholder: ada@mail.example'],
	],
	[
		'another reserved domain',
		withManifest({ author: { name: 'Ada', email: 'ada@example.com' } }),
		['author.email in package.json is still a placeholder: ada@example.com'],
	],
	[
		'an e-mail that is none',
		withManifest({ author: { name: 'Ada', email: 'ada' } }),
		['author.email in package.json is not of the form NAME@DOMAIN: ada'],
	],
	['no repository', withManifest({ repository: undefined }), ['repository.url is missing in package.json']],
	[
		'a repository that is not at GitHub',
		withManifest({ repository: { url: 'git+https://gitlab.com/a/b.git' } }),
		[
			'repository.url in package.json is not of the form git+https://github.com/OWNER/NAME.git: git+https://gitlab.com/a/b.git',
		],
	],
	[
		'another repository than the one it runs in',
		{ runsIn: 'eve/fork' },
		['repository.url names ada/n8n-nodes-segmind, but this is eve/fork'],
	],
	['no page for bugs', withManifest({ bugs: {} }), ['bugs.url is missing in package.json']],
	[
		'a page for bugs elsewhere',
		withManifest({ bugs: { url: 'https://github.com/eve/x/issues' } }),
		['bugs.url is not https://github.com/ada/n8n-nodes-segmind/issues'],
	],
	['a dependency', withManifest({ dependencies: {} }), ['package.json has dependencies']],
	['overrides', withManifest({ overrides: {} }), ['package.json has overrides']],
	['a bundled package', withManifest({ bundleDependencies: true }), ['package.json has bundleDependencies']],
	['a script at install', withManifest({ scripts: { postinstall: 'x' } }), ['package.json has the script postinstall']],
	[
		'a narrower peer',
		withManifest({ peerDependencies: { 'n8n-workflow': '>=2' } }),
		['peerDependencies is not exactly { "n8n-workflow": "*" }'],
	],
	[
		'a second peer',
		withManifest({ peerDependencies: { 'n8n-workflow': '*', zod: '*' } }),
		['peerDependencies is not exactly { "n8n-workflow": "*" }'],
	],
	[
		'no keyword',
		withManifest({ keywords: ['n8n'] }),
		['keywords lacks n8n-community-node-package, by which n8n finds the package'],
	],
	[
		'publishing by hand',
		withManifest({ publishConfig: { access: 'public' } }),
		['publishConfig is not { "access": "public", "provenance": true }'],
	],
	[
		'a version before the release',
		withManifest({ version: '1.2.3-rc.1' }),
		[
			'the version 1.2.3-rc.1 is not of the form 1.2.3',
			'CHANGELOG.md has no section for 1.2.3-rc.1',
			"the tag v1.2.3 is not v1.2.3-rc.1, the version's",
		],
	],
	[
		'a changelog without the version',
		{ changelog: '## [Unreleased]\n\n- A node.\n' },
		['CHANGELOG.md has no section for 1.2.3'],
	],
	[
		'a section without a date',
		{ changelog: '## [1.2.3]\n\n- A node.\n' },
		["CHANGELOG.md's section for 1.2.3 has no date"],
	],
	[
		'a section without an entry',
		{ changelog: '## [1.2.3] - 2026-11-25\n\n## [1.2.2] - 2026-11-24\n\n- A node.\n' },
		["CHANGELOG.md's section for 1.2.3 is empty"],
	],
	['another tag', { tag: 'v1.2.4' }, ["the tag v1.2.4 is not v1.2.3, the version's"]],
	['a tag without the letter', { tag: '1.2.3' }, ["the tag 1.2.3 is not v1.2.3, the version's"]],
	['a test in the tarball', withFile('test/x.test.ts'), ['the tarball has test/x.test.ts, which is not for users']],
	['a source map', withFile('dist/nodes/x.js.map'), ['the tarball has dist/nodes/x.js.map, which is not for users']],
	['a secret', withFile('.env'), ['the tarball has .env, which is not for users']],
	['a folder that sounds right', withFile('distant/x.js'), ['the tarball has distant/x.js, which is not for users']],
	[
		'no build',
		{ packed: { files: files.slice(0, 4), size: 1 } },
		[
			'the tarball lacks dist/nodes/KlingMotionControl/KlingMotionControl.node.js',
			'the tarball lacks dist/credentials/SegmindApi.credentials.js',
		],
	],
	[
		'a tarball that grew',
		{ packed: { files, size: MAX_PACKED + 1 } },
		[`the tarball has ${MAX_PACKED + 1} bytes, more than ${MAX_PACKED}`],
	],
])('refuses %s', (_name, change, words) => {
	expect(refusals({ ...release, ...change })).toEqual(words);
});

it('puts what was unreleased under the version', () => {
	const after = released('# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A node.\n', '1.2.3', '2026-11-25');
	expect(after).toBe('# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-25\n\n### Added\n\n- A node.\n');
	expect(released(after, '1.2.3', '2026-12-01')).toBe(after);
	expect(refusals({ ...release, changelog: after })).toEqual([]);
});

describe('GitHub workflows', () => {
	const folder = join(ROOT, '.github/workflows');
	const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

	it.each(workflows)('%s trusts only what it names', (_name, text) => {
		const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action);
		expect(used.length).toBeGreaterThan(0);
		for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		expect(text).toMatch(/^permissions: \{\}$/m);
		expect(text.match(/persist-credentials: false/g)).toHaveLength(text.match(/actions\/checkout@/g)?.length ?? 0);
		expect(text).not.toMatch(/secrets\.|registry/i);
	});

	it('checks before it publishes, with provenance and without a token', () => {
		const publish = readFileSync(join(folder, 'publish.yml'), 'utf8');
		expect(publish.indexOf('npm run publishable "$GITHUB_REF_NAME"')).toBeGreaterThan(0);
		expect(publish.lastIndexOf('npm run publishable')).toBeLessThan(publish.indexOf('npm publish --provenance'));
		expect(publish.match(/id-token: write/g)).toHaveLength(1);
	});
});
