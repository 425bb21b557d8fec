import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { settle } from '../../../nodes/KlingMotionControl/jobs/repeat';
import { freePorts, launch, run, until } from './processes';

/** PostgreSQL and Redis on loopback. */
export interface Servers {
	/** The variables that make n8n use both, in queue mode. */
	env: Record<string, string>;
	/** Those that make it use PostgreSQL alone. */
	database: Record<string, string>;
	/** What PostgreSQL answers to a query, as text. */
	query(sql: string): Promise<string>;
	stop(): Promise<void>;
}

const DEBIAN_POSTGRES = '/usr/lib/postgresql';
/** initdb refuses to run as root. */
const USER = 'postgres';

/** Starts both, empty; whoever started them stops them. */
export async function startServers(): Promise<Servers> {
	const [redisPort = 0, postgresPort = 0] = await freePorts(2);
	const version = readdirSync(DEBIAN_POSTGRES)
		.sort((a, b) => Number(a) - Number(b))
		.at(-1);
	const bin = (name: string) => join(DEBIAN_POSTGRES, version ?? '', 'bin', name);
	const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
	chmodSync(folder, 0o777);
	const data = join(folder, 'data');
	await run(bin('initdb'), ['-D', data, '-U', USER, '-A', 'trust', '--no-sync'], { user: USER, cwd: folder });
	const postgres = launch(
		bin('postgres'),
		['-D', data, '-p', String(postgresPort), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
		{ user: USER, cwd: folder },
	);
	const redis = launch('redis-server', ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '']);
	const stop = async () => {
		await Promise.all([redis.stop(), postgres.stop('SIGQUIT')]);
		rmSync(folder, { recursive: true, force: true });
	};
	const address = ['-h', '127.0.0.1', '-p', String(postgresPort), '-U', USER];
	const ready = await settle(async () => {
		await until('PostgreSQL is ready', async () => await run(bin('createdb'), [...address, 'n8n']).then(() => true));
		await until('Redis is ready', async () => await run('redis-cli', ['-p', String(redisPort), 'ping']));
	});
	if ('error' in ready) {
		await stop();
		throw new Error(`The servers did not start:\n${postgres.output()}${redis.output()}`, { cause: ready.error });
	}
	const database = {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgresPort),
		DB_POSTGRESDB_DATABASE: 'n8n',
		DB_POSTGRESDB_USER: USER,
		DB_POSTGRESDB_PASSWORD: '',
	};
	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			...database,
		},
		database,
		query: async (sql) => (await run(bin('psql'), [...address, '-At', '-c', sql, 'n8n'])).trim(),
		stop,
	};
}
