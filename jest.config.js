/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	setupFiles: ['<rootDir>/test/support/seed.js'],
	globalSetup: '<rootDir>/test/support/setup.js',
	globalTeardown: '<rootDir>/test/support/teardown.js',
	modulePathIgnorePatterns: ['<rootDir>/dist'],
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	reporters: ['default', '<rootDir>/test/support/countReporter.js'],
	// most tests wait for a socket or a timer most of the time
	maxWorkers: 4,
	testTimeout: 120_000,
};
