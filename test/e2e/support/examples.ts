import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import type { Rest, WorkflowFile } from './rest';

/** Our node, as n8n calls it; the tool's name has a Tool behind it. */
export const NODE = 'n8n-nodes-segmind.klingMotionControl';

/** A credential for each type of node that has one. */
export type Credentials = Record<string, INode['credentials']>;

/** Creates a credential of ours, for the node and the tool. */
export async function segmindCredentials(rest: Rest, name: string, data: object): Promise<Credentials> {
	const credential = { segmindApi: { id: await rest.credential(name, 'segmindApi', data), name } };
	return { [NODE]: credential, [`${NODE}Tool`]: credential };
}

/** The names of the files in examples/. */
export const EXAMPLES = [
	'agent-tool',
	'error-branch',
	'form',
	'list-of-prompts',
	'sample',
	'sub-workflow',
	'submit-wait-get',
	'two-files',
] as const;
export type ExampleName = (typeof EXAMPLES)[number];

/** A workflow of examples/, as a person has it after they chose the credentials and changed these parameters. */
export function example(
	name: ExampleName,
	credentials: Credentials,
	changes: Record<string, Partial<Omit<INode, 'parameters'>> & { parameters?: INode['parameters'] }> = {},
): WorkflowFile {
	const file = JSON.parse(readFileSync(join(__dirname, `../../../examples/${name}.json`), 'utf8')) as WorkflowFile;
	for (const changed of Object.keys(changes)) {
		if (!file.nodes.some((node) => node.name === changed)) throw new Error(`${name} has no node ${changed}`);
	}
	const nodes = file.nodes.map((node) => {
		const { parameters, ...settings } = changes[node.name] ?? {};
		return {
			...node,
			...settings,
			parameters: { ...node.parameters, ...parameters },
			...(credentials[node.type] && { credentials: credentials[node.type] }),
		};
	});
	return { ...file, nodes };
}
