const unit = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...unit,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: ['/node_modules/'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/e2e/tsconfig.json' }] },
	// one n8n after another: two cores are few for it
	maxWorkers: 1,
	testTimeout: 180_000,
};
