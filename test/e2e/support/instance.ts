import { rmSync } from 'node:fs';

import { startFakeSegmind, type FakeServer } from '../../support/fakeSegmind/server';
import { KEY, VIDEO, type FakeJob, type FakeSettings } from '../../support/fakeSegmind/service';
import type { Credentials } from './examples';
import { installedFolder } from './installation';
import { startN8n, type N8n, type N8nOptions } from './n8n';

const NODE = 'n8n-nodes-segmind.klingMotionControl';

/** A real n8n with our package, beside a fake Segmind. */
export interface Instance {
	n8n: N8n;
	fake: FakeServer;
	folder: string;
	/** Ours, for the node and the tool. */
	credentials: Credentials;
	close(): Promise<void>;
}

/** The bytes of a job's video: no two jobs have the same. */
export function videoOf(job: FakeJob): Buffer {
	return Buffer.concat([VIDEO, Buffer.from(job.id)]);
}

/** Starts both, with an owner and our credential. */
export async function startInstance(
	settings: Partial<FakeSettings> = {},
	options: Partial<N8nOptions> = {},
): Promise<Instance> {
	const fake = await startFakeSegmind({ latency: 1_500, video: videoOf, ...settings });
	const folder = options.folder ?? (await installedFolder());
	const n8n = await startN8n({ ...options, folder }).catch(async (error: unknown) => {
		await fake.close();
		throw error;
	});
	await n8n.rest.setUp();
	return {
		n8n,
		fake,
		folder,
		credentials: await segmindCredential(n8n, fake),
		async close() {
			await n8n.stop();
			await fake.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function segmindCredential({ rest }: N8n, { url, storageUrl }: FakeServer): Promise<Credentials> {
	const name = 'Segmind';
	const id = await rest.credential(name, 'segmindApi', { apiKey: KEY, baseUrl: url, storageUrl });
	const credential = { segmindApi: { id, name } };
	return { [NODE]: credential, [`${NODE}Tool`]: credential };
}
