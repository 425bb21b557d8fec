import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import type { WorkflowFile } from './rest';

/** A credential for each type of node that has one. */
export type Credentials = Record<string, INode['credentials']>;

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
