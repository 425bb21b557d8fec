/** A link between the router and Segmind, as the shell sees it: /30 in IPv4, /64 in IPv6. */
export interface Wire {
	/** The name of its interface at either end. */
	id: string;
	/** The host name that resolves to both addresses of Segmind in the node's namespace. */
	name: string;
	/** The networks that it makes. */
	net: string;
	net6: string;
	/** The router's addresses at the near end. */
	near: string;
	near6: string;
	/** Segmind's addresses at the far end. */
	ipv4: string;
	ipv6: string;
	/** The node's addresses for it: a router tells each source but once a second that there is no way. */
	own: string;
	own6: string;
}

/** The network between the node and the router. All addresses are of the ranges for documentation (RFC 5737, RFC 3849). */
export const NODE_NET = { ipv4: '192.0.2.0/24', ipv6: '2001:db8::/64' };
/** The router's addresses in it. */
export const ROUTER = { ipv4: '192.0.2.1', ipv6: '2001:db8::1' };

/** The link of that number, from 0. @throws where there are too many */
export function wireOf(at: number): Wire {
	const block = ['198.51.100', '203.0.113'][Math.floor(at / 64)];
	if (!block) throw new Error('too many links');
	const ipv4 = (end: number) => `${block}.${(at % 64) * 4 + end}`;
	const prefix = `2001:db8:${(at + 1).toString(16)}:`;
	return {
		id: `link${at}`,
		name: `link${at}.segmind.test`,
		net: `${ipv4(0)}/30`,
		net6: `${prefix}:/64`,
		near: ipv4(1),
		near6: `${prefix}:1`,
		ipv4: ipv4(2),
		ipv6: `${prefix}:2`,
		own: `192.0.2.${at + 2}`,
		own6: `2001:db8::${(at + 2).toString(16)}`,
	};
}

/** The node's routes to a link, as arguments of `ip`. */
export function nodeRoutes(verb: 'add' | 'del', { net, net6, own, own6 }: Wire): string[] {
	return [`route ${verb} ${net} via ${ROUTER.ipv4} src ${own}`, `route ${verb} ${net6} via ${ROUTER.ipv6} src ${own6}`];
}
