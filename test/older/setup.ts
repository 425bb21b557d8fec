import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// loads the core in every suite, so that each of them can tell which one it was
import '../support/inProcessN8n';
import { dependencies } from './package.json';

/** The packages of that name that a suite has loaded, for itself, for the node or for the built package: their versions. */
function loaded(name: string): string[] {
	const folders = Object.keys(require.cache).flatMap((file) => file.match(`^.*/node_modules/${name}/`)?.[0] ?? []);
	return [...new Set(folders)].map((folder) => {
		const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
		return manifest.version;
	});
}

// n8n 1 has timers that nobody can end: its sleep, in which the node's time limits run on after the node is done, and a
// look after SSH tunnels every minute. Jest would wait for them.
function unheld<T extends typeof setTimeout | typeof setInterval>(set: T): T {
	return new Proxy(set, {
		apply: (target, self, args) => (Reflect.apply(target, self, args) as NodeJS.Timeout).unref(),
	});
}
globalThis.setTimeout = unheld(setTimeout);
globalThis.setInterval = unheld(setInterval);

// or the newer core, or both of them, could pass for the older one
afterAll(() => {
	const versions = { 'n8n-core': loaded('n8n-core'), 'n8n-workflow': loaded('n8n-workflow') };
	expect(versions).toEqual({
		'n8n-core': [dependencies['n8n-core']],
		'n8n-workflow': [dependencies['n8n-workflow']],
	});
});
