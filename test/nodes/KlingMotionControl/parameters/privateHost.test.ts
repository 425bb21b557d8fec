import fc from 'fast-check';

import { isPrivateHost } from '../../../../nodes/KlingMotionControl/parameters/privateHost';

it.each([
	'localhost',
	'LOCALHOST',
	'localhost.',
	'localhost:3000',
	'api.localhost',
	'n8n',
	'minio',
	'host.docker.internal',
	'metadata.google.internal',
	'printer.local',
	'Printer.LOCAL.',
	'router.lan',
	'nas.home.arpa',
	'minio.default.svc.cluster.local',
	'0.0.0.0',
	'0.1.2.3',
	'10.0.0.0',
	'10.255.255.255',
	'100.64.0.0',
	'100.127.255.255',
	'127.0.0.1',
	'127.255.255.255',
	'169.254.169.254',
	'172.16.0.0',
	'172.31.255.255',
	'192.168.0.0',
	'192.168.255.255',
	'224.0.0.1',
	'255.255.255.255',
	'127.1',
	'0',
	'2130706433',
	'0x7f000001',
	'0x7F.1',
	'017700000001',
	'0300.0250.1.1',
	'１２７.0.0.1',
	'127.0.0.1.',
	'::',
	'::1',
	'[::1]',
	'[0:0:0:0:0:0:0:1]',
	'fc00::1',
	'fdff:ffff::1',
	'[fe80::1]',
	'febf::1',
	'fec0::1',
	'ff02::1',
	'::ffff:127.0.0.1',
	'[::ffff:a00:1]',
	'::ffff:192.168.1.1',
	'::127.0.0.1',
	'64:ff9b::10.0.0.1',
	'2002:c0a8:101::1',
	'',
	' ',
	'a b',
	'1.2.3.256',
	'[::1',
	'http://example.com',
])('%p is private', (host) => expect(isPrivateHost(host)).toBe(true));

it.each([
	'example.com',
	'EXAMPLE.com.',
	'example.com:8080',
	'a.test',
	'b.example',
	'c.invalid',
	'localhost.com',
	'local.example.com',
	'internal.com',
	'my-lan.net',
	'xn--mnchen-3ya.de',
	'münchen.de',
	'my_bucket.s3.amazonaws.com',
	'1.0.0.0',
	'1.1.1.1',
	'9.255.255.255',
	'11.0.0.0',
	'100.63.255.255',
	'100.128.0.0',
	'126.255.255.255',
	'128.0.0.1',
	'169.253.255.255',
	'169.255.0.0',
	'172.15.255.255',
	'172.32.0.0',
	'192.167.255.255',
	'192.169.0.0',
	'203.0.113.5',
	'223.255.255.255',
	'134744072',
	'2001:4860:4860::8888',
	'[2606:4700::1111]',
	'fbff::1',
	'fe00::1',
	'::ffff:8.8.8.8',
	'64:ff9b::8.8.8.8',
	'2002:808:808::1',
	'2003::1',
])('%p is public', (host) => expect(isPrivateHost(host)).toBe(false));

it('says the same of an IPv4 address in every form', () => {
	fc.assert(
		fc.property(fc.nat({ max: 0xffff_ffff }), (number) => {
			const octets = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
			const dotted = octets.join('.');
			const expected = isPrivateHost(dotted);
			const forms = [
				String(number),
				`0x${number.toString(16)}`,
				octets.map((octet) => `0${octet.toString(8)}`).join('.'),
			];
			for (const form of [...forms, `::ffff:${dotted}`, `[64:ff9b::${dotted}]`])
				expect(isPrivateHost(form)).toBe(expected);
		}),
	);
});

it('takes any text', () => {
	fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof isPrivateHost(text) === 'boolean'));
	fc.assert(fc.property(fc.ipV6(), (host) => isPrivateHost(host) === isPrivateHost(`[${host.toUpperCase()}]`)));
});
