const { join } = require('node:path');

// Jest takes these for a whole run only
const { reporters, maxWorkers, testTimeout, ...root } = require('../../jest.config.js');

const rootDir = join(__dirname, '../..');

/** The suites that run workflows, in the core of n8n 1.123. */
const older = {
	...root,
	rootDir,
	testMatch: [
		'<rootDir>/test/workflow/*.test.ts',
		'<rootDir>/test/package.test.ts',
		'<rootDir>/test/nodes/**/client.test.ts',
	],
	resolver: '<rootDir>/test/older/resolver.js',
	setupFilesAfterEnv: ['<rootDir>/test/older/setup.ts'],
};

/** @type {import('jest').Config} */
module.exports = {
	rootDir,
	reporters,
	maxWorkers,
	// jest turns all of n8n 1 into what its engine runs
	testTimeout: 4 * testTimeout,
	projects: [
		{ ...older, displayName: 'n8n 1.123, binary data in files' },
		{
			...older,
			displayName: 'n8n 1.123, binary data in memory',
			setupFiles: [...root.setupFiles, '<rootDir>/test/older/inMemory.js'],
			// those that look at what becomes of files
			testMatch: [
				'<rootDir>/test/workflow/{files,generate,hostile,pay-once}.test.ts',
				'<rootDir>/test/package.test.ts',
			],
		},
	],
};
