const { spawn } = require('node:child_process');
const { createServer } = require('node:net');
const { createInterface } = require('node:readline');

/**
 * A program that was started here.
 * @typedef {object} Program
 * @property {number} [pid]
 * @property {() => string} output what it printed so far
 * @property {() => boolean} hasEnded
 * @property {Promise<number | null>} ended its exit code, once it has
 * @property {(signal: NodeJS.Signals) => void} send sends a signal and waits for nothing
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop sends the signal, SIGTERM by default, and waits until it has ended
 * @property {(signal: NodeJS.Signals) => Promise<void>} stopAll the same, with a signal to it and to all that it started, as Ctrl+C in a terminal
 */

/**
 * Starts a program that ends with this process, however this process ends. What it starts itself is ended after it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, user?: string, onLine?: (line: string) => void }} [options] `user`: as whom, where root starts it
 * @returns {Program}
 */
function launch(command, args, { env, cwd, user, onLine } = {}) {
	const child = spawn('setpriv', [...boundTo(user), command, ...args], {
		cwd,
		// n8n behaves otherwise where it thinks that it is being tested itself
		env: { ...process.env, NODE_ENV: undefined, JEST_WORKER_ID: undefined, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		// a process group of its own, which a Ctrl+C in the terminal does not reach
		detached: true,
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	if (onLine) for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
	child.on('error', (error) => (output += error.message));
	child.once('exit', () => sendToGroup(child.pid, 'SIGKILL'));
	/** @type {Promise<number | null>} */
	const ended = new Promise((resolve) => child.once('close', resolve));
	const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
	/** @type {(signal: () => void) => Promise<void>} */
	const end = async (signal) => {
		if (hasEnded()) return;
		signal();
		const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
		await ended;
		clearTimeout(late);
	};
	return {
		pid: child.pid,
		output: () => output,
		hasEnded,
		ended,
		send: (signal) => void child.kill(signal),
		stop: async (signal = 'SIGTERM') => await end(() => child.kill(signal)),
		stopAll: async (signal) => await end(() => sendToGroup(child.pid, signal)),
	};
}

/** Also reaches what a program left behind, as n8n does with its task runner where it is killed. @type {(group: number | undefined, signal: NodeJS.Signals) => void} */
function sendToGroup(group, signal) {
	try {
		if (group !== undefined) process.kill(-group, signal);
	} catch {
		// nobody is left
	}
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
	const servers = await Promise.all(Array.from({ length: count }, () => listening(0)));
	return await Promise.all(
		servers.map(async (server) => {
			const address = server.address();
			await new Promise((resolve) => server.close(resolve));
			if (!address || typeof address === 'string') throw new Error('no port');
			return address.port;
		}),
	);
}

/** Whether nothing listens at a port of loopback. @type {(port: number) => Promise<boolean>} */
async function isFree(port) {
	const server = await listening(port).catch(() => undefined);
	await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
	return server !== undefined;
}

/** @type {(port: number) => Promise<import('node:net').Server>} */
async function listening(port) {
	const server = createServer();
	await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve(null)));
	return server;
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

module.exports = { launch, run, freePorts, isFree, until };
