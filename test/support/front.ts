import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

import type { FakeReply, FakeRequest, FakeSegmind } from './fakeSegmind/service';

/** One request, as it came whole over a connection of its own. */
export interface Exchange {
	request: FakeRequest;
	/** How many requests of the same method and path came before. */
	count: number;
	/** Where bytes of an answer go, inside TLS where there is any. */
	socket: Socket;
	/** The same below TLS. */
	raw: Socket;
	/** Lets the fake Segmind do its work, and gives its answer, which nobody gets yet. */
	handle(): Promise<FakeReply>;
}

/** What happens to a request: `answer` is what the fake Segmind would do. */
export type Script = (exchange: Exchange) => 'answer' | Promise<void> | void;

/** A front of a fake Segmind that speaks bytes. */
export interface Front {
	url: string;
	/** All that came whole, also what the fake Segmind never met. */
	requests: FakeRequest[];
	/** The POSTs that buy. */
	posts(): FakeRequest[];
	/** Connections, and those of them that the client has not closed. */
	connections: number;
	open(): number;
	close(): Promise<void>;
}

/** What a front is. */
export interface FrontSettings {
	host?: FakeRequest['host'];
	/** Speaks TLS with this key and certificate. */
	identity?: { key: string; cert: string };
}

/** Starts a front on a free port; whoever started it closes it. */
export async function startFront(
	segmind: FakeSegmind,
	script: Script,
	{ host = 'api', identity }: FrontSettings = {},
): Promise<Front> {
	const sockets = new Set<Socket>();
	const requests: FakeRequest[] = [];
	const server = createServer((raw) => {
		front.connections++;
		sockets.add(raw);
		raw.on('error', () => {});
		raw.once('close', () => sockets.delete(raw));
		const socket = identity
			? new TLSSocket(raw, { isServer: true, secureContext: createSecureContext(identity) })
			: raw;
		socket.on('error', () => {});
		let received = Buffer.alloc(0);
		let done = false;
		socket.on('data', (chunk) => {
			received = Buffer.concat([received, chunk]);
			const request = done ? undefined : parse(received.toString('latin1'), host);
			if (!request) return;
			done = true;
			const count = requests.filter(({ method, path }) => method === request.method && path === request.path).length;
			requests.push(request);
			const handle = async () => await segmind.handle(request);
			const act = script({ request, count, socket, raw, handle });
			if (act === 'answer') void handle().then((reply) => socket.end(bytesOfReply(reply)));
		});
	});
	const front: Front = {
		url: '',
		requests,
		posts: () => requests.filter(({ method, path }) => method === 'POST' && /^\/v[12]\//.test(path)),
		connections: 0,
		open: () => sockets.size,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	front.url = `http${identity ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return front;
}

/** A whole answer as bytes, with its length. */
export function bytesOfReply({ status, headers, body }: FakeReply): Buffer {
	return Buffer.concat([head(status, { 'content-length': String(body.length), ...headers }), body]);
}

/** The head of an answer, whose connection ends behind it. */
export function head(status: number, headers: Record<string, string> = {}): Buffer {
	const lines = Object.entries({ connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.from(`HTTP/1.1 ${status} Some Words\r\n${lines.join('')}\r\n`, 'latin1');
}

/** A chunk of a body that comes in chunks; without bytes, their end. */
export function chunk(bytes: Buffer | string = ''): Buffer {
	const body = Buffer.from(bytes);
	return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}

function parse(text: string, host: FakeRequest['host']): FakeRequest | undefined {
	const end = text.indexOf('\r\n\r\n');
	if (end < 0) return undefined;
	const [first = '', ...lines] = text.slice(0, end).split('\r\n');
	const headers = Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
	);
	const body = text.slice(end + 4);
	if (body.length < Number(headers['content-length'] ?? 0)) return undefined;
	const [method = '', path = ''] = first.split(' ');
	return { host, method, path, headers, body: Buffer.from(body, 'latin1').toString('utf8') };
}
