const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');

/** The first message of a program that was started as a peer. */
const READY = 'ready';

/**
 * A shell in a namespace, which runs scripts side by side.
 * @typedef {object} Shell
 * @property {(script: string) => Promise<void>} run throws with what the script printed, where one of its commands fails
 * @property {() => Promise<void>} stop
 */

/**
 * A Node.js program in a namespace, which is talked to by messages.
 * @typedef {object} Peer
 * @property {(message: object) => void} tell
 * @property {Promise<never>} died rejects, with what it printed, where it ends before it is stopped
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a shell. A process for each script would hold up whoever starts it, where others keep the machine busy.
 * @param {string} namespace
 * @returns {Shell}
 */
function openShell(namespace) {
	const child = launchIn(namespace, ['sh'], ['pipe', 'pipe', 'inherit']);
	/** @type {Map<string, (output: string) => void>} who waits for the end of a script, by its number */
	const waiting = new Map();
	let started = 0;
	let output = '';
	child.stdout?.on('data', (chunk) => {
		output += String(chunk);
		for (let end = output.indexOf('\0'); end >= 0; end = output.indexOf('\0')) {
			const [number = '', ...rest] = output.slice(0, end).split(' ');
			waiting.get(number)?.(rest.join(' '));
			output = output.slice(end + 1);
		}
	});
	return {
		async run(script) {
			const number = String(started++);
			/** @type {Promise<string>} */
			const answer = new Promise((resolve) => waiting.set(number, resolve));
			child.stdin?.write(
				`{ printed=$( (set -e\n${script}\n) 2>&1 ); printf '%s\\0' "${number} $? $printed"; } </dev/null &\n`,
			);
			const [status, ...printed] = (await answer).split(' ');
			if (status !== '0') throw new Error(`${script}\n${printed.join(' ')}`);
		},
		stop: async () => await stop(child),
	};
}

/**
 * Starts a program of this folder and waits until it is ready.
 * @template T
 * @param {string} namespace
 * @param {string} program
 * @param {(message: T) => void} onMessage
 * @param {Record<string, string>} [env] in addition to what any program needs
 * @returns {Promise<Peer>}
 */
async function startPeer(namespace, program, onMessage, env) {
	const command = [process.execPath, '--import', 'tsx', join(__dirname, program)];
	const child = launchIn(namespace, command, ['ignore', 'pipe', 'pipe', 'ipc'], env);
	let output = '';
	child.stdout?.on('data', (chunk) => (output += chunk));
	child.stderr?.on('data', (chunk) => (output += chunk));
	let stopped = false;
	/** @type {Promise<never>} */
	const died = once(child, 'close').then(async () => {
		if (stopped) await new Promise(() => {});
		throw new Error(`${program} ended:\n${output.slice(-4_000)}`);
	});
	// whoever waits for it may come later
	died.catch(() => {});
	const ready = new Promise((resolve) => {
		child.on('message', (message) => (message === READY ? resolve(READY) : onMessage(/** @type {T} */ (message))));
	});
	await Promise.race([ready, died]);
	return {
		tell: (message) => void child.send(message),
		died,
		async stop() {
			stopped = true;
			await stop(child);
		},
	};
}

/**
 * Removes namespaces, and all that is in them, when it is told to, and when this process ends, however it ends.
 * @param {string[]} names
 * @returns {() => Promise<void>}
 */
function guard(names) {
	const script = 'cat; for name; do ip netns del "$name"; rm -rf "/etc/netns/$name"; done; rmdir /etc/netns';
	// in a session of its own, so that Ctrl-C does not end it
	const child = spawn('sh', ['-c', script, 'sh', ...names], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
	return async () => {
		const closed = once(child, 'close');
		child.stdin.end();
		await closed;
	};
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {string} [input]
 * @throws with what it said, where it fails
 */
function runNow(command, args, input) {
	const { status, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', timeout: 30_000 });
	if (error) throw error;
	if (status !== 0) throw new Error(stderr.trim() || `${command} ended with ${status}`);
}

/**
 * The kernel ends it with this process, however this process ends. It knows no proxy of this machine's.
 * @param {string} namespace
 * @param {string[]} command
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Record<string, string>} [env]
 */
function launchIn(namespace, command, stdio, env) {
	const { PATH, HOME, TMPDIR } = process.env;
	return spawn('setpriv', ['--pdeathsig', 'KILL', 'ip', 'netns', 'exec', namespace, ...command], {
		cwd: join(__dirname, '../../../..'),
		env: { PATH, HOME, TMPDIR, ...env },
		stdio,
	});
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const closed = once(child, 'close');
	child.kill('SIGKILL');
	await closed;
}

module.exports = { READY, openShell, startPeer, guard, runNow };
