import { urlOf } from '../segmind/routes';

/** Networks that the Internet has no way to: RFC 1122, 1918, 3927, 6598, and what is no address of one machine (RFC 5771, 1112). */
const PRIVATE_V4: ReadonlyArray<readonly [first: readonly number[], bits: number]> = [
	[[0, 0, 0, 0], 8],
	[[10, 0, 0, 0], 8],
	[[100, 64, 0, 0], 10],
	[[127, 0, 0, 0], 8],
	[[169, 254, 0, 0], 16],
	[[172, 16, 0, 0], 12],
	[[192, 168, 0, 0], 16],
	[[224, 0, 0, 0], 3],
];

/** The same in IPv6, by the first 16 bits: unique local (RFC 4193), link-local and site-local (RFC 4291, 3879), multicast. */
const PRIVATE_V6: ReadonlyArray<readonly [first: number, bits: number]> = [
	[0xfc00, 7],
	[0xfe80, 10],
	[0xfec0, 10],
	[0xff00, 8],
];

/**
 * Names that only a local network resolves: RFC 6761, 6762, 8375, ICANN's `.internal`, and what routers and companies use though
 * it is in no public DNS.
 */
const PRIVATE_NAME = /\.(?:local|localhost|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/**
 * Whether a host cannot be reached from the Internet: loopback, a private or link-local address in any form that URLs allow,
 * a name without a dot, or one that only a local network resolves. No look-up is made. Also true for what is no host at all.
 * @param hostname as in a URL; brackets around IPv6 may be missing
 */
export function isPrivateHost(hostname: string): boolean {
	const bare = /^[^[]*:[^[]*:/.test(hostname) ? `[${hostname}]` : hostname;
	const host = urlOf(`http://${bare}/`)?.hostname.replace(/\.$/, '');
	if (host === undefined) return true;
	if (host.startsWith('[')) return isPrivateV6(groups(host.slice(1, -1)));
	if (/^\d+(?:\.\d+){3}$/.test(host)) return isPrivateV4(host.split('.').map(Number));
	return !host.includes('.') || PRIVATE_NAME.test(host);
}

function isPrivateV4(octets: readonly number[]): boolean {
	return PRIVATE_V4.some(([first, bits]) => {
		const size = 2 ** (32 - bits);
		return Math.floor(toNumber(octets) / size) === toNumber(first) / size;
	});
}

function toNumber(octets: readonly number[]): number {
	return octets.reduce((number, octet) => number * 256 + octet, 0);
}

function isPrivateV6(address: readonly number[]): boolean {
	const [first = 0] = address;
	if (PRIVATE_V6.some(([start, bits]) => first >> (16 - bits) === start >> (16 - bits))) return true;
	const inner = embeddedV4(address);
	return inner !== undefined && isPrivateV4(inner.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The two groups of the IPv4 address that an IPv6 address stands for: mapped, compatible (`::` and `::1` too), NAT64, 6to4. */
function embeddedV4(address: readonly number[]): number[] | undefined {
	const prefix = address.slice(0, 6).join(':');
	if (['0:0:0:0:0:65535', '0:0:0:0:0:0', `${0x64}:${0xff9b}:0:0:0:0`].includes(prefix)) return address.slice(6);
	return address[0] === 0x2002 ? address.slice(1, 3) : undefined;
}

/** The eight groups of an IPv6 address as URLs write it. */
function groups(text: string): number[] {
	const [left = [], right = []] = text.split('::').map((half) => half.split(':').filter(Boolean));
	const zeros = Array<string>(8 - left.length - right.length).fill('0');
	return [...left, ...zeros, ...right].map((group) => parseInt(group, 16));
}
