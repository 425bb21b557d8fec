import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FAULTS, filterScript, type Breakage, type Fault } from './faults';
import { guard, openShell, runNow, startPeer, type Peer } from './namespace';
import { nodeRoutes, NODE_NET, ROUTER, wireOf, type Wire } from './wires';

/** The link that a fake Segmind is reached by. */
export interface Link extends Pick<Wire, 'ipv4' | 'ipv6' | 'name'> {
	/** Breaks it, and gives what mends it. */
	break(fault: Fault): Promise<() => Promise<void>>;
}

/** Three network namespaces of this machine: the node's, the router's and Segmind's. There is no way out of them. */
export interface Network {
	links: Link[];
	/** Starts a program of this folder in a namespace. */
	start<T>(
		at: 'node' | 'segmind',
		program: string,
		onMessage: (message: T) => void,
		env?: Record<string, string>,
	): Promise<Peer>;
	close(): Promise<void>;
}

type Site = 'node' | 'router' | 'segmind';

/** So that the kernel gives up on a connection after 3 s, and on what it sent over one after 25 s. */
const NODE_SETTINGS = {
	'ipv4/tcp_syn_retries': 1,
	'ipv4/tcp_retries2': 6,
};
const ROUTER_SETTINGS = {
	'ipv4/ip_forward': 1,
	'ipv6/conf/all/forwarding': 1,
	// one node asks for many hosts here, and is to be told about each
	'ipv4/icmp_ratelimit': 0,
	'ipv6/icmp/ratelimit': 0,
};

/** Makes one of each thing that the tests use, and undoes it. */
const PROBE = `
ip netns add "$1"
trap 'ip netns del "$1"' EXIT
ip -n "$1" link add name probe type veth peer name peer
ip -n "$1" addr add 2001:db8::1/64 dev probe nodad
ip -n "$1" rule add from 192.0.2.1 lookup 100
ip netns exec "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip netns exec "$1" nft add table inet probe
`;

/** Why there can be no such network here; undefined where there can be. */
export function whyNoNetwork(): string | undefined {
	try {
		runNow('sh', ['-ec', PROBE, 'sh', `segmind-${process.pid}-probe`]);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/**
 * Makes it; whoever made it closes it. Should this process end before, however it ends, it goes as well.
 * @param size the number of links
 */
export async function openNetwork(size: number): Promise<Network> {
	const nameOf = (site: Site) => `segmind-${process.pid}-${site}`;
	const names = { node: nameOf('node'), router: nameOf('router'), segmind: nameOf('segmind') };
	const wires = Array.from({ length: size }, (_, at) => wireOf(at));
	const remove = guard(Object.values(names));
	const stops: Array<() => Promise<void>> = [];
	const close = async () => {
		await Promise.all(stops.map(async (stop) => await stop()));
		await remove();
	};
	const shells = await (async () => {
		layOut(names, wires);
		const opened = { node: openShell(names.node), router: openShell(names.router) };
		stops.push(opened.node.stop, opened.router.stop);
		await opened.node.run(settingsScript(NODE_SETTINGS));
		await opened.router.run(`${settingsScript(ROUTER_SETTINGS)}\n${filterScript()}`);
		return opened;
	})().catch(async (error: unknown) => {
		await close();
		throw error;
	});
	return {
		links: wires.map((wire) => ({
			...wire,
			async break(fault) {
				const { at, breaks, mends }: Breakage = FAULTS[fault];
				await shells[at].run(breaks(wire));
				return async () => await shells[at].run(mends(wire));
			},
		})),
		async start(at, program, onMessage, env = {}) {
			const peer = await startPeer(names[at], program, onMessage, env);
			stops.push(peer.stop);
			return peer;
		},
		close,
	};
}

function layOut(names: Record<Site, string>, wires: Wire[]): void {
	nameHosts(names.node, wires);
	for (const name of Object.values(names)) runNow('ip', ['netns', 'add', name]);
	batch(names.router, [
		`link add name node type veth peer name router netns ${names.node}`,
		`addr add ${ROUTER.ipv4}/24 dev node`,
		`addr add ${ROUTER.ipv6}/64 dev node nodad`,
		'link set node up',
		...wires.flatMap(({ id, near, near6 }) => [
			`link add name ${id} type veth peer name ${id} netns ${names.segmind}`,
			`addr add ${near}/30 dev ${id}`,
			`addr add ${near6}/64 dev ${id} nodad`,
			`link set ${id} up`,
		]),
	]);
	batch(names.node, [
		'link set router up',
		...wires.flatMap((wire) => [
			`addr add ${wire.own}/24 dev router`,
			`addr add ${wire.own6}/64 dev router nodad`,
			...nodeRoutes('add', wire),
		]),
	]);
	// an answer goes back by the link that its request came by
	const table = (at: number) => at + 100;
	batch(
		names.segmind,
		wires.flatMap(({ id, near, near6, ipv4, ipv6 }, at) => [
			`addr add ${ipv4}/30 dev ${id}`,
			`addr add ${ipv6}/64 dev ${id} nodad`,
			`link set ${id} up`,
			`route add ${NODE_NET.ipv4} via ${near} table ${table(at)}`,
			`route add ${NODE_NET.ipv6} via ${near6} table ${table(at)}`,
			`rule add from ${ipv4} lookup ${table(at)}`,
		]),
	);
	batch(
		names.segmind,
		wires.map(({ ipv6 }, at) => `rule add from ${ipv6} lookup ${table(at)}`),
		'-6',
	);
}

/** What `ip netns exec` puts in the place of the machine's own files. Nobody answers at that name server. */
function nameHosts(namespace: string, wires: Wire[]): void {
	const folder = join('/etc/netns', namespace);
	mkdirSync(folder, { recursive: true });
	const lines = wires.flatMap(({ name, ipv4, ipv6 }) => [`${ipv6} ${name}\n`, `${ipv4} ${name}\n`]);
	writeFileSync(join(folder, 'hosts'), lines.join(''));
	writeFileSync(join(folder, 'resolv.conf'), `nameserver ${ROUTER.ipv4}\n`);
}

function settingsScript(settings: Record<string, number>): string {
	return Object.entries(settings)
		.map(([key, value]) => `echo ${value} >/proc/sys/net/${key}`)
		.join('\n');
}

function batch(namespace: string, lines: string[], ...options: string[]): void {
	runNow('ip', ['-n', namespace, ...options, '-batch', '-'], `${lines.join('\n')}\n`);
}
