import dns from 'node:dns';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';

/** A name that is public as far as anybody can tell. */
const NAME = 'files.example.test';

/** A request that the host got. */
export interface Seen {
	method?: string;
	path: string;
	headers: IncomingHttpHeaders;
	/** Resolves when the connection is over, with the bytes that went out on it. */
	closed: Promise<number>;
}

/** A host of images and videos on loopback, by a public name. */
export interface ReferenceHost {
	/** Its origin, by the public name. */
	url: string;
	seen: Seen[];
	/** Whether look-ups of the name are answered. */
	resolves: boolean;
	close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Starts it on a free port; whoever started it closes it. No other name but loopback's is looked up meanwhile. */
export async function startReferenceHost(answer: Answer): Promise<ReferenceHost> {
	const seen: Seen[] = [];
	const server = createServer((request, response) => {
		const { socket, method, url = '', headers } = request;
		const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(socket.bytesWritten)));
		seen.push({ method, path: url, headers, closed });
		void answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { lookup } = dns;
	const host: ReferenceHost = {
		url: `http://${NAME}:${(server.address() as AddressInfo).port}`,
		seen,
		resolves: true,
		close: async () => {
			dns.lookup = lookup;
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	// what Node's connections ask, beneath n8n and axios
	const ours: LookupFunction = (name, options, callback) => {
		if (name === '127.0.0.1' || name === 'localhost') return lookup(name, options, callback);
		if (name !== NAME)
			return callback(Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), '');
		if (!host.resolves) return;
		if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
		else callback(null, '127.0.0.1', 4);
	};
	dns.lookup = ours as typeof dns.lookup;
	return host;
}

/** Answers with a file as a host does that knows ranges. */
export function sendFile(request: IncomingMessage, response: ServerResponse, file: Buffer, type: string): void {
	const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
	if (first === undefined || Number(first) >= file.length)
		return void response.writeHead(200, { 'content-type': type }).end(file);
	const end = Math.min(Number(last), file.length - 1);
	const range = `bytes ${first}-${end}/${file.length}`;
	response.writeHead(206, { 'content-type': type, 'content-range': range });
	response.end(file.subarray(Number(first), end + 1));
}
