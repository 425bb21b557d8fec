// Installs what a folder's package.json and lock file name into a cache outside the checkout, once for each content of
// the two, and links it in as that folder's node_modules. Several processes may do this at once.
//   tsx scripts/cached.ts FOLDER
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
	copyFileSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const FILES = ['package.json', 'package-lock.json', '.npmrc'];
/** An install takes minutes: after this many ms, a killed process left it unfinished. */
const ABANDONED = 60 * 60_000;
const REMOVE = { recursive: true, force: true };

/**
 * Installs where that has not been done yet, and links it in.
 * @param folder the folder with the package.json
 * @param finish what is left to do after `npm ci`, once as well. What it is given is moved later: nothing in it may name its own path.
 * @returns the folder in the cache
 * @throws where npm or `finish` does; nothing is left behind then
 */
export function cached(folder: string, finish?: (unfinished: string) => void): string {
	const cache = cacheFolder();
	mkdirSync(cache, { recursive: true });
	removeAbandoned(cache);
	const installed = join(cache, contentOf(folder));
	if (!existsSync(installed)) install(folder, installed, finish);
	link(join(installed, 'node_modules'), join(folder, 'node_modules'));
	return installed;
}

/** Removes what a process that was killed left unfinished. */
export function removeUnfinished(pid: number): void {
	const cache = cacheFolder();
	if (!existsSync(cache)) return;
	for (const name of readdirSync(cache).filter((entry) => entry.includes(`.${pid}-`)))
		rmSync(join(cache, name), REMOVE);
}

function cacheFolder(): string {
	// where the XDG specification keeps what can be made again
	return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-segmind', 'installed');
}

function contentOf(folder: string): string {
	const hash = createHash('sha256');
	for (const file of FILES) hash.update(readFileSync(join(folder, file)));
	return hash.digest('hex').slice(0, 16);
}

/** Installs beside the place, so that what is in the place is always whole. */
function install(folder: string, place: string, finish?: (unfinished: string) => void): void {
	const unfinished = mkdtempSync(`${place}.${process.pid}-`);
	process.stderr.write(`Installs what ${join(folder, 'package.json')} names, once. This may take minutes.\n`);
	try {
		for (const file of FILES) copyFileSync(join(folder, file), join(unfinished, file));
		execFileSync('npm', ['ci', '--loglevel', 'error'], { cwd: unfinished, stdio: ['ignore', 'ignore', 'inherit'] });
		finish?.(unfinished);
		moveUnlessThere(unfinished, place);
	} finally {
		rmSync(unfinished, REMOVE);
	}
}

/** Whoever comes second uses what the first one put there. */
function moveUnlessThere(folder: string, place: string): void {
	try {
		renameSync(folder, place);
	} catch (error) {
		if (!existsSync(place)) throw error;
	}
}

function removeAbandoned(cache: string): void {
	for (const name of readdirSync(cache).filter((entry) => entry.includes('.'))) {
		const unfinished = join(cache, name);
		const changed = lstatSync(unfinished, { throwIfNoEntry: false })?.mtimeMs;
		if (changed !== undefined && Date.now() - changed > ABANDONED) rmSync(unfinished, REMOVE);
	}
}

/** Puts a link in a place in one step, so that no other process finds nothing there. */
function link(target: string, place: string): void {
	// `npm ci` in the folder itself leaves a folder, and a link cannot be moved over one
	if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory()) rmSync(place, REMOVE);
	const beside = `${place}.${randomUUID()}`;
	symlinkSync(target, beside);
	renameSync(beside, place);
}

if (require.main === module) console.log(cached(process.argv[2] ?? '.'));
