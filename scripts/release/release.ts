// Makes the commit and the tag of a release, or nothing where it may not be published.
//   npm run release -- VERSION
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

import { released } from './changelog';

const FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md'];
const version = process.argv[2] ?? '';

if (!/^\d+\.\d+\.\d+$/.test(version)) fail('Name the version, as in: npm run release -- 1.2.3');
if (output('git', 'status', '--porcelain') !== '') fail('There are changes that are not committed.');
if (output('git', 'tag', '--list', `v${version}`) !== '') fail(`There is a tag v${version} already.`);

run('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
const today = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', released(readFileSync('CHANGELOG.md', 'utf8'), version, today));
try {
	run('npm', 'run', '--silent', 'publishable', `v${version}`);
} catch {
	run('git', 'checkout', '--quiet', '--', ...FILES);
	fail('Nothing was released.');
}
run('git', 'commit', '--quiet', '--message', `chore: release ${version}`, '--', ...FILES);
run('git', 'tag', '--annotate', '--message', `n8n-nodes-segmind ${version}`, `v${version}`);
console.log(`Committed and tagged v${version}. To publish it: git push --follow-tags`);

function run(command: string, ...args: string[]): void {
	execFileSync(command, args, { stdio: 'inherit' });
}

function output(command: string, ...args: string[]): string {
	return execFileSync(command, args, { encoding: 'utf8' }).trim();
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}
