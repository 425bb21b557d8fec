// Starts a real n8n with this package, which is built and loaded again on each change, and a fake Segmind behind it.
//   [SEGMIND_API_KEY=…] npm run dev
import { join } from 'node:path';

import { launch } from '../../test/e2e/support/processes';
import { removeUnfinished } from '../cached';
import { Owned } from './owned';

/** Runs until something of it ends. */
async function run(owned: Owned): Promise<never> {
	const key = process.env.SEGMIND_API_KEY?.trim() || undefined;
	// it belongs to the credential alone, and to none of the programs that are started
	delete process.env.SEGMIND_API_KEY;
	await install(owned);
	// some of what it imports is installed by now
	const { runSession } = await import('./session');
	return await runSession(owned, key);
}

async function install(owned: Owned): Promise<void> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error('npm run dev needs Linux on x64: n8n comes with the Node.js for it.');
	}
	console.log('Builds the package and starts n8n: about 20 seconds. Ctrl+C ends it.');
	const args = ['--import', 'tsx', join(__dirname, 'install.mjs')];
	const installer = launch(process.execPath, args, { cwd: join(__dirname, '../..'), onLine: console.log });
	await owned.add(async () => {
		if (installer.hasEnded()) return;
		// npm goes on after any other signal
		await installer.stop('SIGKILL');
		if (installer.pid) removeUnfinished(installer.pid);
	});
	if ((await installer.ended) !== 0) throw new Error('n8n could not be installed.');
}

async function main(): Promise<number> {
	const owned = new Owned();
	// npm and the terminal may each send one
	const interrupted = new Promise<'interrupted'>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('interrupted'));
	});
	const end = await Promise.race([interrupted, run(owned).catch((error: unknown) => ({ error }))]);
	await owned.close();
	if (end === 'interrupted') return 0;
	console.error(end.error instanceof Error ? end.error.message : end.error);
	return 1;
}

void main().then((exitCode) => process.exit(exitCode));
