// Turns each row of the verdict that is in doubt into a proof, and shows which tests notice: the pure table, and those
// that count POSTs in n8n's own engine. Exits with 1 where a row is missed by both.
//   node test/mutation/doubtRows.mjs
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERDICT = 'nodes/KlingMotionControl/segmind/verdict.ts';
const TABLE = 'test/nodes/KlingMotionControl/segmind/verdict';
const COUNTED = [
	'test/workflow/law-post',
	'test/workflow/law-names',
	'test/workflow/law-stored',
	'test/nodes/KlingMotionControl/jobs/blocking',
];

const refuses = (statuses) => [
	'const REFUSALS: readonly number[] = [',
	`const REFUSALS: readonly number[] = [${statuses}, `,
];
const neverLeft = (condition) => [
	"syscall === 'getaddrinfo') return true;",
	`syscall === 'getaddrinfo' || ${condition}) return true;`,
];
const maybe = (outcome, accepted) => [
	`case '${outcome}':`,
	`case '${outcome}': if ('${outcome}' === outcome.came) return { accepted: '${accepted}', repeats: 0 };`,
];

/** What stands in doubt, and the edit that calls it proven. */
const ROWS = [
	['302', refuses('302')],
	['303', refuses('303')],
	['other redirects', refuses('300, 304, 305, 306')],
	['408', refuses('408')],
	['409', refuses('409')],
	['425', refuses('425')],
	['499', refuses('499')],
	['other 4xx', refuses('407, 411, 412, 414, 418, 423, 424, 426, 428, 431, 451')],
	['500', refuses('500')],
	['502', refuses('502')],
	['504', refuses('504')],
	['520 to 527', refuses('520, 521, 522, 523, 524, 525, 526, 527')],
	['501 and the like', refuses('501, 505, 506, 507, 508, 510, 511, 529, 530, 598, 599')],
	["a proxy's 503", ['isOwnError(text) :', '(isOwnError(text) || true) :']],
	['a refusal that breaks off', ['!partial && ', '']],
	['a refusal that names a job', ['!namesJob(text) && ', '']],
	['EHOSTUNREACH, ENETUNREACH without connect', neverLeft("['EHOSTUNREACH', 'ENETUNREACH'].includes(code)")],
	['ECONNREFUSED without connect', neverLeft("code === 'ECONNREFUSED'")],
	['ECONNRESET, EPIPE', neverLeft("['ECONNRESET', 'EPIPE'].includes(code)")],
	['a timeout, an abort', neverLeft("['ETIMEDOUT', 'ECONNABORTED', 'ERR_CANCELED'].includes(code)")],
	['EPROTO, ERR_SSL_…', neverLeft('/^EPROTO$|^ERR_SSL/.test(code)')],
	['any other fault', neverLeft("code === 'UNKNOWN'")],
	['an unreadable success', maybe('unreadable', 'no')],
	["a fault of n8n's store", maybe('store', 'no')],
];

const copy = mkdtempSync(join(tmpdir(), 'doubt-rows-'));
try {
	for (const name of [
		'credentials',
		'nodes',
		'test',
		'examples',
		'scripts',
		'package.json',
		'index.js',
		'jest.config.js',
		'tsconfig.json',
		'tsconfig.test.json',
	]) {
		cpSync(name, join(copy, name), { recursive: true, filter: (from) => !from.includes('node_modules') });
	}
	symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
	const original = readFileSync(VERDICT, 'utf8');
	let missed = 0;
	for (const [name, [from, to]] of ROWS) {
		const mutant = original.replace(from, to);
		if (mutant === original) throw new Error(`the verdict has no ${from}`);
		writeFileSync(join(copy, VERDICT), mutant);
		const [table, counted] = [failedIn([TABLE]), failedIn(COUNTED)];
		if (table + counted === 0) missed++;
		console.log(`${name}: ${table} tests of the table fall, ${counted} that count POSTs`);
	}
	process.exitCode = missed > 0 ? 1 : 0;
} finally {
	rmSync(copy, { recursive: true, force: true });
}

function failedIn(paths) {
	const { stdout } = spawnSync('npx', ['jest', '--silent', ...paths], {
		cwd: copy,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
		maxBuffer: 1 << 28,
	});
	const [, failed] = /^\d+ passed, (\d+) failed$/m.exec(stdout) ?? [];
	if (failed === undefined) throw new Error(stdout.slice(0, 2_000));
	return Number(failed);
}
