import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../processes';

/** A certificate that the node trusts, or why it does not. */
export type CertificateKind = (typeof KINDS)[number];

/** A server's key and certificate, in PEM. */
export interface Certificate {
	key: string;
	cert: string;
}

/** What OpenSSL makes for the tests; all of it is good for a day, but for what is expired. */
export interface Certificates {
	/** The file with the certificate of the authority that is to be trusted, for NODE_EXTRA_CA_CERTS. */
	authority: string;
	of: Record<CertificateKind, Certificate>;
}

const KINDS = ['trusted', 'self-signed', 'wrong name', 'expired', 'unknown issuer'] as const;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes one of each kind. @param addresses the IP addresses that they are for */
export async function makeCertificates(addresses: string[]): Promise<Certificates> {
	const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
	const openssl = async (...args: string[]) => void (await run('openssl', args, { cwd: folder }));
	const read = (file: string) => readFileSync(join(folder, file), 'utf8');
	for (const name of ['ours', 'unknown']) {
		const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
		await openssl('req', '-x509', ...NEW_KEY, ...files, '-subj', `/CN=${name}`, '-days', '1');
	}
	const ours = addresses.map((address) => `IP:${address}`).join();
	const of: Partial<Record<CertificateKind, Certificate>> = {};
	for (const kind of KINDS) {
		const name = kind.replace(' ', '-');
		const subject = [
			'-subj',
			'/CN=server',
			'-addext',
			`subjectAltName=${kind === 'wrong name' ? 'DNS:else.test' : ours}`,
		];
		await openssl('req', '-new', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject);
		const issuer = kind === 'unknown issuer' ? 'unknown' : 'ours';
		const signed =
			kind === 'self-signed' ? ['-key', `${name}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
		const terms = ['-set_serial', '1', '-days', kind === 'expired' ? '-1' : '1', '-copy_extensions', 'copy'];
		await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, ...terms, '-out', `${name}.pem`);
		of[kind] = { key: read(`${name}.key`), cert: read(`${name}.pem`) };
	}
	return { authority: join(folder, 'ours.pem'), of: of as Certificates['of'] };
}
