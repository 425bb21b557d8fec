import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';

import { Line } from './line';
import type { Service } from './service';
import type { Identity } from './tls';

/**
 * A Segmind and a media host that speak bytes, on ports of their own, one execution at a time. What they do is in the
 * schedule of the service; they only know sockets.
 */
export class ByteServer {
	private readonly sockets = new Set<Socket>();
	/** How many connections the API had. */
	private connections = 0;
	private service?: Service;

	private constructor(
		private readonly api: Server,
		private readonly media: Server,
		private readonly contexts: { trusted: SecureContext; untrusted: SecureContext },
	) {}

	/** Whoever starts it closes it. @param trusted what the clients trust; `untrusted` is what they do not */
	static async start(trusted: Identity, untrusted: Identity): Promise<ByteServer> {
		// the server's half stays open until the schedule says otherwise
		const [api, media] = [createServer({ allowHalfOpen: true }), createServer({ allowHalfOpen: true })];
		const contexts = { trusted: createSecureContext(trusted), untrusted: createSecureContext(untrusted) };
		const server = new ByteServer(api, media, contexts);
		api.on('connection', (socket) => server.connected('api', socket));
		media.on('connection', (socket) => server.connected('media', socket));
		for (const each of [api, media]) {
			await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve));
		}
		return server;
	}

	url(tls: boolean): string {
		return `http${tls ? 's' : ''}://127.0.0.1:${portOf(this.api)}`;
	}

	get mediaUrl(): string {
		return `http://127.0.0.1:${portOf(this.media)}`;
	}

	/** Sockets whose client has not closed them. */
	get open(): number {
		return this.sockets.size;
	}

	begin(service: Service): void {
		this.service = service;
		this.connections = 0;
	}

	/** Ends the execution: what is still open is no longer kept. */
	end(): void {
		this.service = undefined;
		for (const socket of this.sockets) socket.destroy();
	}

	async close(): Promise<void> {
		this.end();
		await Promise.all([this.api, this.media].map(async (server) => await new Promise((done) => server.close(done))));
	}

	private connected(host: 'api' | 'media', socket: Socket): void {
		const { service } = this;
		socket.on('error', () => {});
		if (!service) return void socket.destroy();
		this.sockets.add(socket);
		socket.once('close', () => this.sockets.delete(socket));
		if (host === 'media') return new Line(service, host, socket, socket).answer();
		const greeting = service.schedule.greetings[this.connections++] ?? 'proper';
		const { tls } = service.schedule;
		if (greeting === 'proper' || (!tls && ['untrusted', 'alert', 'half hello'].includes(greeting))) {
			return new Line(service, host, socket, tls ? this.secured(socket, 'trusted') : socket).answer();
		}
		if (greeting === 'untrusted') return new Line(service, host, socket, this.secured(socket, greeting)).answer();
		new Line(service, host, socket, socket).refuse(greeting);
	}

	private secured(socket: Socket, context: 'trusted' | 'untrusted'): TLSSocket {
		return new TLSSocket(socket, { isServer: true, secureContext: this.contexts[context] });
	}
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}
