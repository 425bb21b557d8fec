/**
 * Why this package may not be published as it is: the rules alone, without files, network or clock.
 */

/** What npm says of a packed tarball, as far as it is looked at here. */
export interface Packed {
	files: Array<{ path: string }>;
	size: number;
}

/** What package.json says, as far as it is looked at here. */
export interface Manifest {
	version?: string;
	author?: { name?: string; email?: string };
	repository?: { type?: string; url?: string };
	bugs?: { url?: string };
	n8n?: { nodes?: string[]; credentials?: string[] };
	keywords?: string[];
	scripts?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	publishConfig?: { access?: string; provenance?: boolean };
	[field: string]: unknown;
}

/** A release, and where it would be made. */
export interface Release {
	manifest: Manifest;
	changelog: string;
	packed: Packed;
	/** The git tag; left out where there is none yet. */
	tag?: string;
	/** The GitHub repository the job runs in, as `owner/name`; left out elsewhere. */
	runsIn?: string;
}

/** The most that the tarball may weigh. */
export const MAX_PACKED = 96 * 1024;

const ALLOWED = /^(dist\/.+\.(js|json|svg)|index\.js|README\.md|LICENSE|package\.json)$/;
const ALWAYS = ['package.json', 'index.js', 'README.md', 'LICENSE'];
/** Every field that makes npm install another package; n8n's vetting forbids the most of them. */
const BRINGS_PACKAGES = [
	'dependencies',
	'optionalDependencies',
	'bundleDependencies',
	'bundledDependencies',
	'overrides',
];
const RUNS_AT_INSTALL = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
/** The word and the reserved domains (RFC 2606) that stand where the owner has set nothing. */
const PLACEHOLDER = /\bOWNER\b|[.@/]example\.(com|net|org)\b|\.(example|invalid|test)(?=\/|$)/;
/** npm's own form of a GitHub URL. n8n's scan reads the sources of a package from GitHub only. */
const REPOSITORY = /^git\+https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\.git$/;

/** Everything that stands against publishing, in words; empty where nothing does. */
export function refusals({ manifest, changelog, packed, tag, runsIn }: Release): string[] {
	return [
		...ownerFaults(manifest, runsIn),
		...manifestFaults(manifest),
		...versionFaults(manifest.version ?? '', changelog, tag),
		...tarballFaults(packed, manifest),
	];
}

/** What only the owner can set in package.json and has not. */
export function ownerFaults({ author, repository, bugs }: Manifest, runsIn?: string): string[] {
	const name = REPOSITORY.exec(repository?.url ?? '')?.[1];
	const own = `https://github.com/${name}/issues`;
	return [
		...unset('author.name', author?.name),
		...unset('author.email', author?.email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'NAME@DOMAIN'),
		...unset('repository.url', repository?.url, REPOSITORY, 'git+https://github.com/OWNER/NAME.git'),
		...unset('bugs.url', bugs?.url),
		...(name && bugs?.url && !PLACEHOLDER.test(bugs.url) && bugs.url !== own ? [`bugs.url is not ${own}`] : []),
		...(name && runsIn && name !== runsIn ? [`repository.url names ${name}, but this is ${runsIn}`] : []),
	];
}

function unset(field: string, value: string | undefined, form = /./, example = ''): string[] {
	if (!value?.trim()) return [`${field} is missing in package.json`];
	if (PLACEHOLDER.test(value)) return [`${field} in package.json is still a placeholder: ${value}`];
	return form.test(value) ? [] : [`${field} in package.json is not of the form ${example}: ${value}`];
}

/** What n8n's vetting wants of package.json, and what keeps a publication by hand out. */
export function manifestFaults(manifest: Manifest): string[] {
	const { peerDependencies, keywords, scripts, publishConfig } = manifest;
	const faults = BRINGS_PACKAGES.filter((field) => field in manifest).map((field) => `package.json has ${field}`);
	for (const script of RUNS_AT_INSTALL) if (scripts?.[script]) faults.push(`package.json has the script ${script}`);
	if (JSON.stringify(peerDependencies) !== '{"n8n-workflow":"*"}')
		faults.push('peerDependencies is not exactly { "n8n-workflow": "*" }');
	if (!keywords?.includes('n8n-community-node-package'))
		faults.push('keywords lacks n8n-community-node-package, by which n8n finds the package');
	// npm makes provenance in a CI job only: with it asked for here, `npm publish` from a machine ends in an error
	if (publishConfig?.provenance !== true || publishConfig.access !== 'public')
		faults.push('publishConfig is not { "access": "public", "provenance": true }');
	return faults;
}

/** What is wrong with a version, its section of the changelog and its tag. */
export function versionFaults(version: string, changelog: string, tag?: string): string[] {
	const faults = [];
	if (!/^\d+\.\d+\.\d+$/.test(version)) faults.push(`the version ${version} is not of the form 1.2.3`);
	const section = changelog.split(/^## /m).find((text) => text.startsWith(`[${version}]`));
	if (section === undefined) faults.push(`CHANGELOG.md has no section for ${version}`);
	else {
		const [heading = '', ...lines] = section.split('\n');
		if (!/\] - \d{4}-\d\d-\d\d$/.test(heading)) faults.push(`CHANGELOG.md's section for ${version} has no date`);
		if (!lines.some((line) => /^[-*] \S/.test(line))) faults.push(`CHANGELOG.md's section for ${version} is empty`);
	}
	if (tag !== undefined && tag !== `v${version}`) faults.push(`the tag ${tag} is not v${version}, the version's`);
	return faults;
}

/** What is in a tarball and should not be, or the other way round. */
export function tarballFaults({ files, size }: Packed, { n8n }: Manifest): string[] {
	const paths = files.map(({ path }) => path);
	const wanted = [...ALWAYS, ...(n8n?.nodes ?? []), ...(n8n?.credentials ?? [])];
	return [
		...paths.filter((path) => !ALLOWED.test(path)).map((path) => `the tarball has ${path}, which is not for users`),
		...wanted.filter((path) => !paths.includes(path)).map((path) => `the tarball lacks ${path}`),
		...(size > MAX_PACKED ? [`the tarball has ${size} bytes, more than ${MAX_PACKED}`] : []),
	];
}
