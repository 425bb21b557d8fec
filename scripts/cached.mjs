// Installs what a folder's package.json and lock file name into a cache outside the checkout, once for each content of
// the two, and links it in as that folder's node_modules.
//   node scripts/cached.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = ['package.json', 'package-lock.json', '.npmrc'];
/** Where Debian and the XDG specification keep what can be made again. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-segmind');

/**
 * Gives the folder in the cache.
 * @param {string} folder the folder with the package.json
 * @param {(installed: string) => void} [finish] what is left to do there after `npm ci`; it is done once, too
 */
export function cached(folder, finish) {
	const hash = createHash('sha256');
	for (const file of FILES) hash.update(readFileSync(join(folder, file)));
	const installed = join(CACHE, hash.digest('hex').slice(0, 16));
	const ready = join(installed, 'ready');
	if (!existsSync(ready)) {
		rmSync(installed, { recursive: true, force: true });
		mkdirSync(installed, { recursive: true });
		for (const file of FILES) copyFileSync(join(folder, file), join(installed, file));
		execFileSync('npm', ['ci', '--loglevel', 'error'], { cwd: installed, stdio: 'inherit' });
		finish?.(installed);
		writeFileSync(ready, '');
	}
	const link = join(folder, 'node_modules');
	rmSync(link, { recursive: true, force: true });
	symlinkSync(join(installed, 'node_modules'), link);
	return installed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(cached(process.argv[2]));
