// Runs the end-to-end tests, or those parts of them that the arguments name, and prepares what they need.
//   tsx test/e2e/run.mjs [PART...] [OPTION OF JEST...]
import { spawnSync } from 'node:child_process';

import { prepareN8n, prepareNetwork } from './prepare.mjs';

const args = process.argv.slice(2);
const parts = args.filter((arg) => !arg.startsWith('-'));
/** The one part without a real n8n, which takes minutes to install and brings the types of the others. */
const NETWORK = 'network';

if (parts.length === 0 || parts.includes(NETWORK)) prepareNetwork();
if (parts.length === 0 || parts.some((part) => part !== NETWORK)) {
	prepareN8n();
	run('tsc', '-p', 'test/e2e');
}
run('jest', '-c', 'test/e2e/jest.config.js', ...args);

function run(command, ...rest) {
	const { status, error } = spawnSync(command, rest, { stdio: 'inherit' });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
