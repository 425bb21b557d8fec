// How long the built node takes to load in a new process, beside n8n-workflow, which n8n has loaded before it.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const time = (name) => {
	const began = performance.now();
	require(name);
	return Number((performance.now() - began).toFixed(1));
};
const workflow = time('n8n-workflow');
process.send([{ 'n8n-workflow, ms': workflow, 'this package, ms': time('../index.js') }], () => process.exit());
