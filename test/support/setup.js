const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** One folder for all that the tests put down: inside jest no `exit` event tells a test to clean up. */
module.exports = () => {
	globalThis.testFolder = mkdtempSync(join(tmpdir(), 'n8n-nodes-segmind-'));
	// PostgreSQL of the end-to-end tests runs as a user of its own, and has its folder in this one
	chmodSync(globalThis.testFolder, 0o711);
	process.env.TMPDIR = globalThis.testFolder;
};
