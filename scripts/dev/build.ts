import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { launch } from '../../test/e2e/support/processes';
import type { Owned } from './owned';

/** A package that is built again on each change. */
export interface Build {
	/** Where the first build is done, however often its sources had to be corrected before. */
	first: Promise<void>;
	/** Fails once one of its programs has ended. */
	ended: Promise<never>;
}

/**
 * Builds the package into a folder of its own and goes on with that. A build that fails leaves there what was before.
 *
 * Not the checkout's `dist`, which other commands remove; and no link to the checkout, since n8n would load the
 * n8n-workflow that is installed there beside its own.
 * @param root the checkout
 * @param folder where n8n looks for the package
 * @param onBuilt hears of each build
 * @param tell prints what is wrong
 */
export async function startBuild(
	root: string,
	folder: string,
	owned: Owned,
	onBuilt: () => void,
	tell: (line: string) => void,
): Promise<Build> {
	const { name, version, n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
		string,
		unknown
	>;
	const dist = join(folder, 'dist');
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, n8n }));

	const start = async (program: string, args: string[], onLine: (line: string) => void) => {
		const node = [join(root, 'node_modules', program), ...args];
		const started = launch(process.execPath, node, { cwd: root, env: { DIST: dist }, onLine });
		await owned.add(async () => await started.stop('SIGKILL'));
		const end = async (): Promise<never> => {
			await started.ended;
			throw new Error(`${program} ended:\n${started.output().slice(-4_000)}`);
		};
		return end();
	};
	const done = new Set<string>();
	let resolveFirst: () => void;
	const first = new Promise<void>((resolve) => (resolveFirst = resolve));
	const built = (part: string) => {
		done.add(part);
		if (done.size < 2) return;
		resolveFirst();
		onBuilt();
	};
	const sources = ['--watch', '--preserveWatchOutput', '--pretty', 'false', '--noEmitOnError', '--outDir', dist];
	const programs = [
		start('typescript/bin/tsc', sources, (line) => {
			// the other lines of its own begin with the time of day
			if (line.includes(' - Found 0 errors.')) built('code');
			else if (line.includes(' - Found '))
				tell(done.has('code') ? 'The last good build stays.' : 'n8n starts once this is corrected.');
			else if (line.trim() !== '' && !/^\d+:\d+:\d+/.test(line)) tell(line);
		}),
		start('gulp/bin/gulp.js', ['watch'], (line) => {
			if (line.includes("Finished 'assets'")) built('assets');
			else if (/error/i.test(line)) tell(line);
		}),
	];
	return { first, ended: Promise.race(programs) };
}
