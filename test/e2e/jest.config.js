const unit = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...unit,
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testPathIgnorePatterns: ['/node_modules/'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'test/e2e/tsconfig.json' }] },
	// two cores are few for more
	maxWorkers: 2,
	// each wait has its own bound, which says what it waited for
	testTimeout: 600_000,
};
