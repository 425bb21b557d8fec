import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Packed } from './refusals';

const ROOT = join(__dirname, '../..');

/** The tarball that npm would publish, and what npm says of it. */
export interface Tarball extends Packed {
	/** Where it lies. */
	file: string;
	/** Bytes. */
	unpackedSize: number;
}

/**
 * Packs the checkout as it is: nothing is built here.
 * @param folder where the tarball goes
 */
export function pack(folder: string): Tarball {
	const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], ROOT)) as [
		Omit<Tarball, 'file'> & { filename: string },
	];
	return { ...packed, file: join(folder, packed.filename) };
}

/**
 * Installs a tarball without network and, as n8n does, without peers and install scripts.
 * @param folder an empty folder
 * @returns the names of the packages that are there then
 * @throws where a package is wanted that is not in the tarball
 */
export function install(file: string, folder: string): string[] {
	writeFileSync(join(folder, 'package.json'), '{}');
	npm(['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', file], folder);
	return readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
}

function npm(args: string[], cwd: string): string {
	return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
