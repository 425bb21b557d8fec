import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import type { IConnections, INode } from 'n8n-workflow';

import { VIDEO, type FakeJob } from '../support/fakeSegmind/service';
import { example } from './support/examples';
import { boughtBy, forget, startInstance, type Instance } from './support/instance';
import { installedFolder } from './support/installation';
import { n8nVersion, startN8n } from './support/n8n';
import { itemsOf, type Execution, type WorkflowFile } from './support/rest';
import { startServers, type Servers } from './support/servers';

const NODE = 'Kling Motion Control';
const MB = 1024 * 1024;
/** How much more than n8n's own HTTP Request node this node may need for the same file: the noise of two runs. */
const MORE = 1.25;
const DATABASE = { N8N_DEFAULT_BINARY_DATA_MODE: 'database' };

let servers: Servers;
let instance: Instance;

/** A video as large as its prompt says, in MB. */
function videoOf({ request }: Pick<FakeJob, 'request'>): Buffer {
	const size = String(request.prompt);
	const video = Buffer.alloc(Number(size) * MB, size);
	VIDEO.copy(video);
	return video;
}

beforeAll(async () => {
	servers = await startServers();
	const folder = await installedFolder();
	instance = await startInstance(
		{ latency: 100, video: videoOf },
		{ folder, env: { ...servers.database, ...DATABASE } },
	);
});
afterAll(async () => {
	await instance?.close();
	await servers?.stop();
});
beforeEach(() => forget(instance.fake));

/** Starts n8n again, with another limit on the size of a file, in MB. */
async function limitTo(megabytes: number): Promise<void> {
	const { n8n, folder } = instance;
	await n8n.stop();
	const env = { ...servers.database, ...DATABASE, N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: String(megabytes) };
	instance.n8n = await startN8n({ folder, port: n8n.port, env });
	await instance.n8n.rest.signIn();
}

async function run(file: WorkflowFile): Promise<Execution> {
	const { rest } = instance.n8n;
	return await rest.ended(await rest.execute(await rest.workflow(file), 'Manual Trigger'));
}

const generate = (megabytes: number) =>
	example('sample', instance.credentials, {
		[NODE]: { parameters: { prompt: String(megabytes), options: { pollInterval: 1, checkUrls: false } } },
	});

/** n8n's own node for HTTP. */
const REQUEST = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, credentials: undefined };

/** The same, downloading a file. */
const download = (url: string, field = 'data') => ({
	...REQUEST,
	name: 'Download',
	parameters: { url, options: { response: { response: { responseFormat: 'file', outputPropertyName: field } } } },
});

/** The sample with other nodes in a row behind its trigger; one of the name of ours takes its place and what it has. */
function replaced(...nodes: Array<Partial<INode> & { name: string }>): WorkflowFile {
	const file = generate(1);
	const [, trigger, ours] = file.nodes;
	if (!trigger || !ours) throw new Error('the sample has other nodes');
	const row = nodes.map((node) => ({ ...ours, id: node.name, ...node }));
	const names = [trigger.name, ...nodes.map(({ name }) => name)];
	const links = names.slice(1).map((node, at) => [names[at], { main: [[{ node, type: 'main' as const, index: 0 }]] }]);
	return { ...file, nodes: [trigger, ...row], connections: Object.fromEntries(links) as IConnections };
}

function jobOf(megabytes: number): FakeJob {
	const job = instance.fake.segmind.jobs.find(({ request }) => request.prompt === String(megabytes));
	if (!job) throw new Error(`no job of ${megabytes} MB`);
	return job;
}

function report(what: string, own: number, control: number): void {
	const ratio = (own / control).toFixed(2);
	console.log(`${what}: memory grew by ${own} MB, with the HTTP Request node by ${control} MB: ${ratio} x`);
}

/** By how many MB n8n's resident memory grows at most while something runs. */
async function growthOf<T>(work: () => Promise<T>): Promise<{ grown: number; value: T }> {
	const { pid } = instance.n8n;
	const read = (name: string) =>
		Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
	// forgets the peak so far
	writeFileSync(`/proc/${pid}/clear_refs`, '5');
	const before = read('VmRSS');
	const value = await work();
	return { value, grown: Math.round(read('VmHWM') - before) };
}

/** Checks that PostgreSQL has a file, byte by byte. */
async function expectStored(execution: Execution, expected: Buffer): Promise<void> {
	expect(execution.status).toBe('success');
	const [mode, id] = (itemsOf(execution, NODE)[0]?.binary?.data?.id ?? '').split(':');
	expect(mode).toBe('database');
	const stored = await servers.query(`SELECT md5(data) FROM binary_data WHERE "fileId" = '${id}'`);
	expect(stored).toBe(createHash('md5').update(expected).digest('hex'));
}

test(`n8n ${n8nVersion()} with binary data in PostgreSQL: a video of 512 MB takes as much memory as n8n's own download of it`, async () => {
	const { fake } = instance;
	// what n8n needs for any first file
	await run(generate(1));
	const own = await growthOf(async () => await run(generate(512)));
	const job = jobOf(512);
	await expectStored(own.value, videoOf(job));
	expect(boughtBy(fake)).toHaveLength(2);
	await limitTo(512);
	await run(generate(1));
	const url = fake.segmind.settings.videoUrl(job);
	const control = await growthOf(async () => await run(replaced({ ...download(url), name: NODE })));
	expect(control.value.status).toBe('success');
	report('a video of 512 MB', own.grown, control.grown);
	expect(own.grown).toBeLessThan(control.grown * MORE);
});

test('a video of 255 MB in PostgreSQL, about the most that n8n can read there, comes back byte by byte', async () => {
	// the driver makes a text of it, two characters a byte, and a text of Node has 512 M characters at most
	const [item] = itemsOf(await run(generate(255)), NODE);
	expect((await instance.n8n.rest.bytes(item)).equals(videoOf(jobOf(255)))).toBe(true);
	expect(boughtBy(instance.fake)).toHaveLength(1);
});

test('a file of 100 MB in PostgreSQL goes up byte by byte, with as much memory as n8n needs to send it', async () => {
	const { fake } = instance;
	await run(generate(100));
	const url = fake.segmind.settings.videoUrl(jobOf(100));
	forget(fake);
	const files = { imageUrl: '', videoSource: 'binary', options: { pollInterval: 1, checkUrls: false } };
	const own = await growthOf(
		async () => await run(replaced(download(url, 'video'), { name: NODE, parameters: { prompt: '1', ...files } })),
	);
	expect(own.value.status).toBe('success');
	const [upload] = fake.segmind.uploads;
	expect(upload?.mimeType).toBe('video/mp4');
	expect(upload?.content.equals(videoOf({ request: { prompt: '100' } }))).toBe(true);
	expect(boughtBy(fake)).toHaveLength(1);
	await limitTo(512);
	await run(generate(1));
	const send = {
		method: 'POST',
		url: fake.url,
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'video',
	};
	const control = await growthOf(
		async () => await run(replaced(download(url, 'video'), { ...REQUEST, name: NODE, parameters: send })),
	);
	report('a file of 100 MB', own.grown, control.grown);
	// it is read twice, for its hash and to be sent
	expect(own.grown).toBeLessThan(control.grown * 2);
});

test("a video above n8n's limit says so, and comes by Retry once the limit is raised", async () => {
	const { fake } = instance;
	await limitTo(1);
	const failed = await run(generate(2));
	expect(failed.status).toBe('error');
	expect(boughtBy(fake)).toHaveLength(1);
	const { message, description } = failed.data.resultData.error ?? {};
	expect(message).toBe('n8n could not store the video (FileTooLargeError)');
	expect(description).toContain('N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE');
	expect(description).toContain(jobOf(2).id);
	expect(fake.segmind.requestsTo('media')).toHaveLength(1);
	await limitTo(512);
	await expectStored(await instance.n8n.rest.retry(failed.id), videoOf(jobOf(2)));
	expect(boughtBy(fake)).toHaveLength(1);
});
