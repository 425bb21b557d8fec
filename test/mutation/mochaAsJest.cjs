/**
 * Lets mocha run the tests that are written for jest, for mutation testing only: mocha keeps everything loaded between
 * two mutants and ends at the first test that fails, where jest loads n8n anew for each mutant and runs all of a file.
 * `expect` and `jest-mock` are parts of jest.
 */
const { readFileSync } = require('node:fs');
const { format, inspect } = require('node:util');

const { expect } = require('expect');
const { fn, spyOn } = require('jest-mock');
const { interfaces } = require('mocha');
const { ModuleKind, ScriptTarget, transpile } = require('typescript');

/** How long a test may take, in ms: what a mutant makes wait for ever fails by this, and mocha goes on. */
const LONGEST = 4_000;
const COMPILER_OPTIONS = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };

// as many random schedules as each mutant meets, the same for all of them
process.env.SCHEDULES = '40';
process.env.SEED = '1';

// before .json, since KlingMotionControl.node is both
const { extensions } = require;
const others = Object.entries(extensions);
for (const [extension] of others) delete extensions[extension];
extensions['.ts'] = (module, file) =>
	module._compile(transpile(readFileSync(file, 'utf8'), COMPILER_OPTIONS, file), file);
Object.assign(extensions, Object.fromEntries(others));

const { bdd } = interfaces;
interfaces.bdd = (suite) => {
	bdd(suite);
	suite.on('pre-require', (context) => {
		const { before, after, describe, it } = context;
		const test = (title, work) => it(title, async () => void (await work())).timeout(LONGEST);
		Object.assign(context, {
			expect,
			jest: { fn, spyOn },
			beforeAll: before,
			afterAll: after,
			it: Object.assign(test, { each: each(test) }),
			describe: Object.assign((title, work) => describe(title, work), { each: each(describe) }),
		});
	});
};

/** jest's `each`: one test, or one block, for each row of a table. */
function each(define) {
	return (rows) => (title, work) => {
		for (const row of rows) {
			const values = Array.isArray(row) ? row : [row];
			define(titleOf(title, values), () => work(...values));
		}
	};
}

/** Fills the placeholders of a title, so that every test has a name of its own. */
function titleOf(title, values) {
	const rest = [...values];
	return title.replace(/%[spdj]/g, (placeholder) =>
		placeholder === '%p' ? inspect(rest.shift(), { breakLength: Infinity }) : format(placeholder, rest.shift()),
	);
}
