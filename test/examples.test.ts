import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';

import { KlingMotionControl } from '../nodes/KlingMotionControl/KlingMotionControl.node';

interface Workflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
}

const FOLDER = join(__dirname, '../examples');
const STICKY = 'n8n-nodes-base.stickyNote';
/** px */
const ROOM = 20;
/** The most that a node takes on the canvas, its name below it included, in px. */
const NODE_SIZE = { width: 256, height: 140 };

const examples = readdirSync(FOLDER).map((file): [string, Workflow] => [
	file.replace(/\.json$/, ''),
	JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Workflow,
]);

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

function boxOf({ type, position: [left, top], parameters }: INode): Box {
	const { width, height } = type === STICKY ? (parameters as unknown as typeof NODE_SIZE) : NODE_SIZE;
	return { left, top, right: left + width, bottom: top + height };
}

function areApart(a: Box, b: Box): boolean {
	return a.right + ROOM <= b.left || b.right + ROOM <= a.left || a.bottom + ROOM <= b.top || b.bottom + ROOM <= a.top;
}

it('are eight', () => {
	expect(examples.map(([name]) => name).sort()).toEqual([
		'agent-tool',
		'error-branch',
		'form',
		'list-of-prompts',
		'sample',
		'sub-workflow',
		'submit-wait-get',
		'two-files',
	]);
});

describe.each(examples)('%s', (_name, { name, nodes, connections }) => {
	const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-segmind.'));
	const [note, ...others] = nodes.filter(({ type }) => type === STICKY);

	it('has one note, which is apart from every node', () => {
		expect(others).toEqual([]);
		for (const node of nodes) {
			if (note && node !== note) expect([node.name, areApart(boxOf(note), boxOf(node))]).toEqual([node.name, true]);
		}
	});

	it('has a note in plain words', () => {
		const content = String(note?.parameters.content);
		expect(content).toMatch(/^## [A-Z].*[^.]\n\n/);
		expect(content).not.toMatch(/\baddress|\bUSD\b|[‘’]/);
		for (const sentence of content.split(/(?<=[.:])\s+|\n+/)) {
			expect([sentence, sentence.split(/\s+/).length <= 30]).toEqual([sentence, true]);
		}
		expect(name).toMatch(/^Kling Motion Control: [a-z]|: an AI/);
	});

	it('connects nodes that are there', () => {
		const names = nodes.map((node) => node.name);
		const targets = Object.values(connections).flatMap((outputs) =>
			Object.values(outputs).flatMap((branches) => branches.flatMap((branch) => branch ?? []).map(({ node }) => node)),
		);
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets]));
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(names.length);
	});

	it('uses parameters that the node has, and names no credential', () => {
		expect(ours.length).toBeGreaterThan(0);
		const known = new KlingMotionControl().description.properties.map((property) => property.name);
		for (const { parameters, credentials } of ours) {
			expect(known).toEqual(expect.arrayContaining(Object.keys(parameters)));
			expect(credentials).toBeUndefined();
		}
	});
});

it("gives the agent's model its fields in n8n's own form", () => {
	const [, agent] = examples.find(([name]) => name === 'agent-tool') ?? [];
	const tool = agent?.nodes.find(({ type }) => type === 'n8n-nodes-segmind.klingMotionControlTool');
	for (const field of ['prompt', 'imageUrl', 'videoUrl']) {
		expect(tool?.parameters[field]).toMatch(
			/^=\{\{ \/\*n8n-auto-generated-fromAI-override\*\/ \$fromAI\('\w+', ``, 'string'\) \}\}$/,
		);
	}
});
