// The tarball that npm would publish, for the scripts and for a test (which jest cannot give an .mjs).
const { execFileSync } = require('node:child_process');
const { readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');

/**
 * Packs the checkout into a folder; nothing of it is built here.
 * @param {string} folder where the tarball goes
 * @returns {{ file: string, files: Array<{ path: string }>, size: number, unpackedSize: number }}
 */
function pack(folder) {
	const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], ROOT));
	return { ...packed, file: join(folder, packed.filename) };
}

/**
 * Installs a tarball into an empty folder, without network and, as n8n does, without peers and install scripts, and
 * gives the names of the packages that are there then. It throws where a package was wanted that is not in the tarball.
 * @param {string} file the tarball
 * @param {string} folder an empty folder
 * @returns {string[]}
 */
function install(file, folder) {
	writeFileSync(join(folder, 'package.json'), '{}');
	npm(['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', file], folder);
	return readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
}

function npm(args, cwd) {
	return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

module.exports = { pack, install };
