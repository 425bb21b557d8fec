import { nodeRoutes, type Wire } from './wires';

/** What can be wrong with a link. */
export type Fault = keyof typeof FAULTS;

/** In whose namespace a fault is made, what makes it, and what undoes that: shell scripts. */
export interface Breakage {
	at: 'node' | 'router';
	breaks(wire: Wire): string;
	mends(wire: Wire): string;
}

/** Every fault. The router answers a packet that it has no way for with ICMP, where it does not drop it. */
export const FAULTS = {
	/** "Network unreachable": ENETUNREACH. */
	'no route': {
		at: 'router',
		breaks: ({ net, net6, id }) => ip(`route del ${net} dev ${id}`, `route del ${net6} dev ${id}`),
		mends: ({ net, net6, id }) => ip(`route add ${net} dev ${id}`, `route add ${net6} dev ${id}`),
	},
	'no IPv6 route': {
		at: 'router',
		breaks: ({ net6, id }) => ip(`route del ${net6} dev ${id}`),
		mends: ({ net6, id }) => ip(`route add ${net6} dev ${id}`),
	},
	/** The node's own kernel does not send. */
	'no route of its own': {
		at: 'node',
		breaks: (wire) => ip(...nodeRoutes('del', wire)),
		mends: (wire) => ip(...nodeRoutes('add', wire)),
	},
	/** "Host unreachable": EHOSTUNREACH, in IPv6 ENETUNREACH. */
	unreachable: route('unreachable'),
	/** "Administratively prohibited": EHOSTUNREACH, in IPv6 EACCES. */
	prohibited: route('prohibit'),
	// a link that goes down loses its IPv6 addresses
	'link down': {
		at: 'router',
		breaks: ({ id }) => ip(`link set ${id} down`),
		mends: ({ id, near6 }) => ip(`link set ${id} up`, `addr add ${near6}/64 dev ${id} nodad`),
	},
	dropped: filter('dropped'),
	reset: filter('reset'),
	/** A connection is made and a request arrives, but the node never hears that it did. */
	unacknowledged: filter('unacknowledged'),
} satisfies Record<string, Breakage>;

/** What the router does with packets of the links that are in these sets. NODE_TO and TO_NODE are the two directions. */
const FILTERS = {
	dropped: ['NODE_TO drop', 'TO_NODE drop'],
	reset: ['NODE_TO meta l4proto tcp reject with tcp reset'],
	unacknowledged: ['TO_NODE tcp flags & syn == 0 drop'],
};

/** What nftables needs to know before there are faults. */
export function filterScript(): string {
	const sets = Object.keys(FILTERS).map(
		(name) => `set ${name}4 { type ipv4_addr; }; set ${name}6 { type ipv6_addr; };`,
	);
	const rules = Object.entries(FILTERS).flatMap(([name, lines]) =>
		lines.flatMap((line) => [
			line.replace('NODE_TO', `ip daddr @${name}4`).replace('TO_NODE', `ip saddr @${name}4`),
			line.replace('NODE_TO', `ip6 daddr @${name}6`).replace('TO_NODE', `ip6 saddr @${name}6`),
		]),
	);
	const chain = `chain passing { type filter hook forward priority 0; ${rules.join('; ')}; }`;
	return `nft 'table inet faults { ${sets.join(' ')} ${chain}; }'`;
}

function filter(name: keyof typeof FILTERS): Breakage {
	const change = (verb: string, { ipv4, ipv6 }: Wire) =>
		`nft '${verb} element inet faults ${name}4 { ${ipv4} }; ${verb} element inet faults ${name}6 { ${ipv6} }'`;
	return { at: 'router', breaks: (wire) => change('add', wire), mends: (wire) => change('delete', wire) };
}

function route(kind: 'unreachable' | 'prohibit'): Breakage {
	const change = (verb: string, { ipv4, ipv6 }: Wire) =>
		ip(`route ${verb} ${kind} ${ipv4}`, `route ${verb} ${kind} ${ipv6}`);
	return { at: 'router', breaks: (wire) => change('add', wire), mends: (wire) => change('del', wire) };
}

/** All in one process: it is the processes that take time, where others keep the machine busy. */
function ip(...lines: string[]): string {
	return `ip -batch - <<'END'\n${lines.join('\n')}\nEND`;
}
