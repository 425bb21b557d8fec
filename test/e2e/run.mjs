// Runs the end-to-end tests, or those parts of them that the arguments name, and prepares what they need.
//   tsx test/e2e/run.mjs [PART...] [OPTION OF JEST...]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
// jest takes a name for a part of a path, which may be that of the checkout too
const named = args.map((arg) => (existsSync(`test/e2e/${arg}.test.ts`) ? `test/e2e/${arg}\\.test` : arg));
run('jest', '-c', 'test/e2e/jest.config.js', ...named);

function run(command, ...rest) {
	const { status, error } = spawnSync(command, rest, { stdio: 'inherit' });
	if (error) throw error;
	if (status !== 0) process.exit(status ?? 1);
}
