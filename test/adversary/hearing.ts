import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * What Node's own HTTP client in this process sent and got, in ms of performance.now(): on a busy machine an answer
 * that left the server in time may still come too late.
 */
export class Hearing {
	private readonly sent = new Map<string, number>();
	private readonly heads = new Map<number, number>();
	private readonly bodies = new Map<number, number>();

	constructor() {
		subscribe('http.client.request.start', this.onRequest);
		subscribe('http.client.response.finish', this.onResponse);
	}

	stop(): void {
		unsubscribe('http.client.request.start', this.onRequest);
		unsubscribe('http.client.response.finish', this.onResponse);
	}

	/** When the last request to a server was sent. */
	lastSent(url: string): number {
		return this.sent.get(new URL(url).host) ?? -Infinity;
	}

	/** When the answer that was sent then to that port was there, its head or its whole body; undefined where it never was. */
	heard({ by, port, at }: Telling): number | undefined {
		const time = (by === 'head' ? this.heads : this.bodies).get(port) ?? -Infinity;
		return time >= at ? time : undefined;
	}

	private readonly onRequest = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		this.sent.set(String(request.getHeader('host')), performance.now());
	};

	private readonly onResponse = (message: unknown) => {
		const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
		const port = request.socket?.localPort ?? 0;
		this.heads.set(port, performance.now());
		response.once('end', () => this.bodies.set(port, performance.now()));
	};
}

/** Part of an answer that told something: when it was sent, and to which port. */
export interface Telling {
	by: 'head' | 'body';
	port: number;
	at: number;
}
