import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { TLSSocket } from 'node:tls';

import type { Headers } from '../../nodes/KlingMotionControl/segmind/types';
import type { NetworkFault } from '../../nodes/KlingMotionControl/segmind/verdict';

/** ms without a byte */
const SILENCE = 60_000;
/** A video of 30 s has a few dozen MB. */
const MOST_BYTES = 512 * 1024 * 1024;

/** A request as it is sent: nothing is added to it but what HTTP needs. */
export interface RawRequest {
	method: 'GET' | 'POST';
	url: string;
	headers: Record<string, string>;
	body?: string;
}

/** A whole answer. */
export interface RawAnswer {
	status: number;
	headers: Headers;
	body: Buffer;
	/** Absent where the URL is http. */
	tls?: Tls;
}

/** The connection that an answer came over, once Node had accepted the certificate. */
export interface Tls {
	/** Such as TLSv1.3. */
	protocol: string;
	/** The certificate's last day, ms since the epoch. */
	validTo: number;
}

/** What came of a request: an answer, or a fault of the network. */
export type RawReply = RawAnswer | { fault: NetworkFault };

/** Sends a request once, with Node's own client: no redirect is followed, nothing is repeated. */
export async function exchange({ method, url, headers, body }: RawRequest): Promise<RawReply> {
	const send = url.startsWith('https:') ? requestSecure : requestPlain;
	const length: Record<string, string> =
		body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
	try {
		const response = await new Promise<IncomingMessage>((resolve, reject) => {
			const request = send(url, { method, headers: { ...headers, ...length }, agent: false }, resolve);
			request.setTimeout(SILENCE, () => request.destroy(faultOf('ETIMEDOUT')));
			request.once('error', reject).end(body);
		});
		return await read(response);
	} catch (error) {
		const { code, name, syscall } = error as NodeJS.ErrnoException;
		return { fault: { code: code ?? name, ...(syscall && { syscall }) } };
	}
}

async function read(response: IncomingMessage): Promise<RawAnswer> {
	const { statusCode = 0, headers, socket } = response;
	const tls = socket instanceof TLSSocket ? tlsOf(socket) : undefined;
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of response) {
		length += (chunk as Buffer).length;
		if (length > MOST_BYTES) throw faultOf('TOO_LARGE');
		chunks.push(chunk as Buffer);
	}
	return {
		status: statusCode,
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
		body: Buffer.concat(chunks),
		...(tls && { tls }),
	};
}

function tlsOf(socket: TLSSocket): Tls {
	return { protocol: socket.getProtocol() ?? 'none', validTo: Date.parse(socket.getPeerCertificate().valid_to) };
}

function faultOf(code: string): Error {
	return Object.assign(new Error(code), { code });
}
