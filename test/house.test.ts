import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const NODE = join(ROOT, 'nodes/KlingMotionControl');
/** The floors of the house, from the top down: an import goes down or stays on its floor (docs/architecture.md). */
const FLOORS = [['.'], ['operations'], ['parameters'], ['jobs'], ['transport'], ['segmind', 'media']];
/** Rooms that import nothing from outside, neither of n8n nor of each other. */
const PURE = ['segmind', 'media'];
const PACKAGES = ['n8n-workflow', 'crypto'];
/** What n8n loads by its name. */
const FOR_N8N = ['KlingMotionControl.node.ts KlingMotionControl', 'SegmindApi.credentials.ts SegmindApi'];

const sources = new Map(['nodes', 'credentials'].flatMap(sourcesIn));
const files = [...sources].map(([file, source]): [string, string, string] => [relative(ROOT, file), file, source]);

/** The sources in a folder, each with its text. */
function sourcesIn(folder: string): Array<[string, string]> {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
		.map((name) => [join(ROOT, folder, name), readFileSync(join(ROOT, folder, name), 'utf8')]);
}

/** Every module that a source names: import, export from, dynamic import, require. */
function importsOf(source: string): string[] {
	const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"`])([^'"`]+)\1/g;
	return [...source.matchAll(pattern)].map(([, , name]) => name ?? '');
}

/** The file that a relative import names. */
function fileOf(importer: string, name: string): string {
	return resolve(dirname(importer), `${name}.ts`);
}

function roomOf(file: string): string {
	return relative(NODE, dirname(file)) || '.';
}

/** What is wrong with an import, or undefined. */
function fault(file: string, name: string): string | undefined {
	const from = roomOf(file);
	if (PURE.includes(from) && !name.startsWith('./')) return 'not pure';
	if (!name.startsWith('.')) return PACKAGES.includes(name) ? undefined : 'no such package at run time';
	if (!file.startsWith(NODE)) return undefined;
	const [above, below] = [floorOf(from), floorOf(roomOf(fileOf(file, name)))];
	if (above === -1 || below === -1) return 'outside the house';
	return below < above ? 'runs upward' : undefined;
}

function floorOf(room: string): number {
	return FLOORS.findIndex((rooms) => rooms.includes(room));
}

/** A circle in a graph, as the nodes on the way around it; undefined where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
	const done = new Set<string>();
	const visit = (node: string, path: string[]): string[] | undefined => {
		if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
		if (done.has(node)) return undefined;
		for (const next of graph.get(node) ?? []) {
			const circle = visit(next, [...path, node]);
			if (circle) return circle;
		}
		done.add(node);
		return undefined;
	};
	for (const node of graph.keys()) {
		const circle = visit(node, []);
		if (circle) return circle;
	}
	return undefined;
}

/** The names that a source exports. */
function exportsOf(source: string): string[] {
	const pattern = /^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm;
	return [...source.matchAll(pattern)].map(([, name]) => name ?? '');
}

/** What a file takes from others, each as "FILE NAME". */
function takenBy(file: string, source: string): string[] {
	const named = [...source.matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']+)'/g)].flatMap(
		([, names = '', from = '']) =>
			[...names.matchAll(/(?:^|,)\s*(?:type )?(\w+)/g)].map(([, name]) => `${fileOf(file, from)} ${name}`),
	);
	const whole = [...source.matchAll(/import (?:type )?\* as (\w+) from '(\.[^']+)'/g)].flatMap(([, alias, from = '']) =>
		[...source.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map(([, name]) => `${fileOf(file, from)} ${name}`),
	);
	return [...named, ...whole];
}

it('finds the sources', () => expect(files.length).toBeGreaterThan(50));

it.each(files)('%s imports only what it may', (_name, file, source) => {
	expect(importsOf(source).flatMap((name) => fault(file, name) ?? [])).toEqual([]);
});

it.each(files)('%s has at most 200 lines', (_name, _file, source) => {
	expect(source.split('\n').length).toBeLessThanOrEqual(200);
});

it('has no circle of imports, those of types included', () => {
	const graph = files.map(([, file, source]): [string, string[]] => [
		file,
		importsOf(source)
			.filter((name) => name.startsWith('.'))
			.map((name) => fileOf(file, name)),
	]);
	const known = new Set(sources.keys());
	expect(graph.flatMap(([, imported]) => imported).filter((file) => !known.has(file))).toEqual([]);
	expect(circleIn(new Map(graph))).toBeUndefined();
});

describe('exports', () => {
	// a test may take what it tests
	const others = ['test', 'bench', 'scripts'].flatMap(sourcesIn);
	const taken = new Set([...sources, ...others].flatMap(([file, source]) => takenBy(file, source)));

	it.each(files)('%s exports only what another file imports', (_name, file, source) => {
		const names = exportsOf(source);
		// an export of a form that is not known here would go unseen
		expect(names).toHaveLength([...source.matchAll(/^export\b/gm)].length);
		const unused = names.filter((name) => !taken.has(`${file} ${name}`));
		expect(unused.filter((name) => !FOR_N8N.some((known) => `${file} ${name}`.endsWith(`/${known}`)))).toEqual([]);
	});
});

describe('sees what it is there for:', () => {
	it('imports of every kind', () => {
		expect(
			importsOf(
				"import a from 'n8n-core';\nimport { b } from \"../run\";\nconst c = require('fs');\nawait import('./x');\nimport 'y';\nimport type { D } from './d';\nexport { e } from './e';",
			),
		).toEqual(['n8n-core', '../run', 'fs', './x', 'y', './d', './e']);
	});

	it.each([
		['jobs/wait', 'n8n-core', 'no such package at run time'],
		['jobs/wait', '../operations/generate', 'runs upward'],
		['jobs/wait', '../parameters/options', 'runs upward'],
		['jobs/wait', '../run', 'runs upward'],
		['transport/client', '../jobs/wait', 'runs upward'],
		['segmind/types', '../transport/http', 'not pure'],
		['segmind/types', '../media/kind', 'not pure'],
		['segmind/types', 'n8n-workflow', 'not pure'],
		['segmind/types', 'crypto', 'not pure'],
		['media/kind', '../segmind/types', 'not pure'],
		['media/kind', 'n8n-workflow', 'not pure'],
		['jobs/wait', '../../../credentials/SegmindApi.credentials', 'outside the house'],
		['jobs/wait', '../utils/text', 'outside the house'],
		['utils/text', '../segmind/types', 'outside the house'],
		['jobs/wait', '../segmind/types', undefined],
		['jobs/wait', './repeat', undefined],
		['jobs/wait', 'crypto', undefined],
		['run', './failures', undefined],
		['run', './operations/generate', undefined],
		['transport/client', '../media/kind', undefined],
		['segmind/types', './models', undefined],
	])('%s imports %s', (file, name, expected) => expect(fault(join(NODE, `${file}.ts`), name)).toBe(expected));

	it.each<[string, Record<string, string[]>, string[] | undefined]>([
		['a tree', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, undefined],
		['a file that imports itself', { a: ['a'] }, ['a', 'a']],
		['two that import each other', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
		[
			'a circle that the first file is not on',
			{ a: ['b', 'c'], b: [], c: ['d'], d: ['e'], e: ['c'] },
			['c', 'd', 'e', 'c'],
		],
		['a circle apart from the rest', { a: [], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
		['a file outside the graph', { a: ['z'] }, undefined],
	])('%s', (_name, graph, circle) => expect(circleIn(new Map(Object.entries(graph)))).toEqual(circle));

	it('exports, and who takes them', () => {
		expect(
			exportsOf(
				'export const a = 1;\nexport function b() {}\nexport async function* c() {}\nexport class D {}\nexport interface E {}\nexport type F = 1;\nconst g = 1;\n// export const h',
			),
		).toEqual(['a', 'b', 'c', 'D', 'E', 'F']);
		expect(
			takenBy(
				'/n/jobs/a.ts',
				"import { b, type C, d as e } from './b';\nimport type { F,\n\tG } from '../g';\nimport * as option from '../o';\nimport { H } from 'n8n-workflow';\noption.x(); type Y = option.Y; a.option2.z;",
			),
		).toEqual([
			'/n/jobs/b.ts b',
			'/n/jobs/b.ts C',
			'/n/jobs/b.ts d',
			'/n/g.ts F',
			'/n/g.ts G',
			'/n/o.ts x',
			'/n/o.ts Y',
		]);
	});
});
