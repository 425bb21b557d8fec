const { spawn } = require('node:child_process');
const { createServer } = require('node:net');

/**
 * A program that was started here.
 * @typedef {object} Program
 * @property {number} pid
 * @property {() => string} output what it printed so far
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop sends the signal, SIGTERM by default, and waits until it has ended
 */

/**
 * Starts a program that ends with this process, however this process ends.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, user?: string }} [options] `user`: as whom, where root starts it
 * @returns {Program}
 */
function launch(command, args, { env, cwd, user } = {}) {
	const child = spawn('setpriv', [...boundTo(user), command, ...args], {
		cwd,
		// n8n behaves otherwise where it thinks that it is being tested itself
		env: { ...process.env, NODE_ENV: undefined, JEST_WORKER_ID: undefined, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	child.on('error', (error) => (output += error.message));
	const ended = new Promise((resolve) => child.once('close', resolve));
	return {
		pid: child.pid ?? 0,
		output: () => output,
		async stop(signal = 'SIGTERM') {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill(signal);
			const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
			await ended;
			clearTimeout(late);
		},
	};
}

/** Makes the kernel end a program with this process, and root start it as that user. @type {(user?: string) => string[]} */
function boundTo(user) {
	const asUser = user && process.getuid?.() === 0 ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
	return ['--pdeathsig', 'KILL', ...asUser];
}

/** Runs a program to its end and gives what it printed. @type {(command: string, args: string[], options?: { cwd?: string, user?: string }) => Promise<string>} */
async function run(command, args, { cwd, user } = {}) {
	const child = spawn('setpriv', [...boundTo(user), command, ...args], { cwd });
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
	if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
	return output;
}

/** Ports of loopback that are free now. @type {(count: number) => Promise<number[]>} */
async function freePorts(count) {
	const servers = await Promise.all(
		Array.from({ length: count }, async () => {
			const server = createServer();
			await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve(null)));
			return server;
		}),
	);
	return await Promise.all(
		servers.map(async (server) => {
			const address = server.address();
			await new Promise((resolve) => server.close(resolve));
			if (!address || typeof address === 'string') throw new Error('no port');
			return address.port;
		}),
	);
}

/**
 * Waits until something is there.
 * @template T
 * @param {string} what for the message
 * @param {() => Promise<T | undefined | false> | T | undefined | false} look a look that fails is repeated
 * @param {number} [seconds]
 * @returns {Promise<T>}
 */
async function until(what, look, seconds = 120) {
	const deadline = Date.now() + seconds * 1_000;
	let last;
	while (Date.now() < deadline) {
		try {
			const found = await look();
			if (found) return found;
		} catch (error) {
			last = error;
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${what}: not within ${seconds} s${last instanceof Error ? ` (${last.message})` : ''}`);
}

module.exports = { launch, run, freePorts, until };
