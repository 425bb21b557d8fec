import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import tls from 'node:tls';

/** A key and a certificate that signs itself, as PEM. */
export interface Identity {
	key: string;
	cert: string;
}

/** A new identity of 127.0.0.1, valid today: X.509 (RFC 5280) written out in DER, since not every machine has openssl. */
export function newIdentity(): Identity {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const algorithm = sequence(OID.ecdsaWithSha256);
	const name = sequence(der(0x31, sequence(OID.commonName, der(0x0c, Buffer.from('127.0.0.1')))));
	const alternativeName = sequence(OID.subjectAltName, der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));
	const content = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([1]), randomBytes(8)),
		algorithm,
		name,
		sequence(day(-1), day(2)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
		der(0xa3, sequence(alternativeName)),
	);
	const signature = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
	const cert = sequence(content, algorithm, signature).toString('base64');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`,
	};
}

/**
 * Makes every client of this process trust one certificate, and no other. NODE_EXTRA_CA_CERTS would have to be set
 * before the process starts, tls.setDefaultCACertificates is Node 22's, and n8n makes its agents itself.
 * @returns what takes it back
 */
export function trust(cert: string): () => void {
	const original = tls.createSecureContext;
	tls.createSecureContext = (options) => original({ ca: cert, ...options });
	return () => void (tls.createSecureContext = original);
}

const OID = {
	ecdsaWithSha256: der(0x06, Buffer.from('2a8648ce3d040302', 'hex')),
	commonName: der(0x06, Buffer.from('550403', 'hex')),
	subjectAltName: der(0x06, Buffer.from('551d11', 'hex')),
};

function sequence(...parts: Buffer[]): Buffer {
	return der(0x30, ...parts);
}

function day(offset: number): Buffer {
	const time = new Date(Date.now() + offset * 24 * 60 * 60_000).toISOString();
	return der(0x17, Buffer.from(`${time.slice(2).replace(/\D/g, '').slice(0, 12)}Z`));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
	const value = Buffer.concat(parts);
	const { length } = value;
	const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
