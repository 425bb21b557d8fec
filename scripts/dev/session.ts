import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DEFAULT_URLS } from '../../nodes/KlingMotionControl/segmind/routes';
import { example, EXAMPLES, segmindCredentials } from '../../test/e2e/support/examples';
import { launchN8n, n8nVersion } from '../../test/e2e/support/n8n';
import { isFree } from '../../test/e2e/support/processes';
import { OWNER } from '../../test/e2e/support/rest';
import { startFakeSegmind } from '../../test/support/fakeSegmind/server';
import { KEY } from '../../test/support/fakeSegmind/service';
import { startBuild } from './build';
import type { Owned } from './owned';

const ROOT = join(__dirname, '../..');
/** n8n's own. */
const PORT = 5678;
/** How long a video of the fake takes, in ms: seen by the third look of Generate Video. */
const LATENCY = 12_000;

/**
 * Starts n8n with the package and all that belongs to it, says so, and stays.
 * @param key of the real service; the fake one where there is none
 * @throws once a part of it has ended
 */
export async function runSession(owned: Owned, key: string | undefined): Promise<never> {
	const began = Date.now();
	const say = (who: string) => (line: string) => console.log(`${who.padEnd(8)} ${line}`);
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-segmind-dev-'));
	await owned.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

	let isChanged = false;
	let load = () => {
		isChanged = true;
	};
	const nodes = join(folder, '.n8n/nodes/node_modules/n8n-nodes-segmind');
	const build = await startBuild(ROOT, nodes, owned, () => load(), say('build'));
	await Promise.race([build.first, build.ended]);
	isChanged = false;

	const tellOfN8n = say('n8n');
	let isTold = false;
	const n8n = await launchN8n({
		folder,
		port: (await isFree(PORT)) ? PORT : undefined,
		env: {
			EXTERNAL_HOOK_FILES: join(__dirname, 'reload.js'),
			// it makes folders among the temporary ones that it does not remove
			TMPDIR: folder,
			// nothing is asked of n8n's own servers
			N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		},
		onLine: (line) => isTold && tellOfN8n(line),
	});
	// nothing of it is kept, so nothing has to end in order
	await owned.add(async () => await n8n.kill());
	await n8n.ready();
	load = () => n8n.send('SIGUSR2');
	if (isChanged) load();

	await n8n.rest.setUp();
	const credentials = await segmindCredentials(
		n8n.rest,
		'Segmind API',
		key ? real(key) : await fake(owned, say('Segmind')),
	);
	for (const name of EXAMPLES) await n8n.rest.workflow(example(name, credentials));
	isTold = true;

	const seconds = Math.round((Date.now() - began) / 1_000);
	console.log(`
n8n ${n8nVersion()} with this package, after ${seconds} s:

  ${n8n.url}
  E-mail    ${OWNER.email}
  Password  ${OWNER.password}

${key ? REAL : FAKE}
The examples are there, with the credential. Changes in nodes/ and credentials/ show in the open editor within seconds.
Ctrl+C ends n8n and removes everything in it, your workflows too.
`);
	const n8nEnded = async (): Promise<never> => {
		await n8n.ended;
		throw new Error(`n8n ended. The last of its log:\n${n8n.output().slice(-4_000)}`);
	};
	return await Promise.race([n8nEnded(), build.ended]);
}

const FAKE = `Segmind is a fake one: a video takes ${LATENCY / 1_000} s and is free. What it is asked is printed below.
The real one: SEGMIND_API_KEY=… npm run dev. Each video costs about $1 then.`;
const REAL = `WARNING: Segmind is the real one. Each video costs about $1 and takes about 10 minutes.
The fake one, which is free: npm run dev without SEGMIND_API_KEY.`;

function real(apiKey: string) {
	return { apiKey, baseUrl: DEFAULT_URLS.api, storageUrl: DEFAULT_URLS.storage, historyUrl: DEFAULT_URLS.history };
}

async function fake(owned: Owned, tell: (line: string) => void) {
	const server = await startFakeSegmind({
		latency: LATENCY,
		answered: ({ method, path }, { status }) => tell(`${method} ${path.split('?')[0]} ${status}`),
	});
	await owned.add(server.close);
	return { apiKey: KEY, baseUrl: server.url, storageUrl: server.storageUrl, historyUrl: server.historyUrl };
}
