import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const NODE = join(ROOT, 'nodes/KlingMotionControl');
/** The floors of the house, from the top down: an import goes down or stays (design.md, "House"). */
const FLOORS = ['.', 'operations', 'jobs', 'transport', 'segmind'];
const PACKAGES = ['n8n-workflow', 'crypto'];

const files = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(ROOT, folder, name)),
);

/** Every module that a source names: import, export from, dynamic import, require. */
export function importsOf(source: string): string[] {
	const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"`])([^'"`]+)\1/g;
	return [...source.matchAll(pattern)].map(([, , name]) => name ?? '');
}

/** What is wrong with an import, or undefined. */
function fault(file: string, name: string): string | undefined {
	if (!name.startsWith('.')) return PACKAGES.includes(name) ? undefined : 'no such package at run time';
	if (!file.startsWith(NODE)) return undefined;
	const from = floorOf(file);
	const to = floorOf(resolve(dirname(file), `${name}.ts`));
	if (to === -1) return 'outside the node';
	return to < from ? 'runs upward' : undefined;
}

function floorOf(file: string): number {
	const folder = relative(NODE, dirname(file));
	return FLOORS.indexOf(folder === '' ? '.' : folder);
}

it('finds the sources', () => expect(files.length).toBeGreaterThan(20));

it.each(files.map((file) => [relative(ROOT, file), file]))('%s imports only what it may', (_name, file) => {
	const source = readFileSync(file, 'utf8');
	const faults = importsOf(source).flatMap((name) => fault(file, name) ?? []);
	expect(faults).toEqual([]);
	if (file.includes('/segmind/')) expect(importsOf(source).filter((name) => !name.startsWith('./'))).toEqual([]);
	expect(source.split('\n').length).toBeLessThanOrEqual(200);
});

it('sees what it is there for', () => {
	const job = join(NODE, 'jobs/wait.ts');
	expect(
		importsOf(
			"import a from 'n8n-core';\nimport { b } from \"../router\";\nconst c = require('fs');\nawait import('./x');\nimport 'y';",
		),
	).toEqual(['n8n-core', '../router', 'fs', './x', 'y']);
	expect(fault(job, 'n8n-core')).toBe('no such package at run time');
	expect(fault(job, '../operations/generate')).toBe('runs upward');
	expect(fault(job, '../router')).toBe('runs upward');
	expect(fault(job, '../../../credentials/SegmindApi.credentials')).toBe('outside the node');
	expect(fault(job, '../segmind/types')).toBeUndefined();
});
