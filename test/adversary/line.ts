import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import type { Answer } from './answer';
import type { Greeting } from './schedule';
import type { Exchange, Service } from './service';

/** After this the server gives up a client that could wait for half a minute, in ms: longer than the node's limits here. */
const PATIENCE = 800;
/** An alert "internal error" and one "handshake failure", as TLS writes them before anything is encrypted. */
const INTERNAL_ERROR = Buffer.from([0x15, 3, 3, 0, 2, 2, 80]);
const HANDSHAKE_FAILURE = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);
/** The start of a ServerHello. */
const HALF_HELLO = Buffer.from([0x16, 3, 3, 0, 0x7a, 2, 0, 0, 0x76, 3, 3, 1, 2, 3]);
const PLAIN_TEXT = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/** One connection: reads requests and answers them as the service says. */
export class Line {
	private received = Buffer.alloc(0);
	private exchange?: Exchange & { headLength: number; length: number; acted?: boolean };
	private clientGone = false;

	/** @param stream what carries HTTP: the socket, or TLS over it */
	constructor(
		private readonly service: Service,
		private readonly host: 'api' | 'media',
		private readonly socket: Socket,
		private readonly stream: Socket,
	) {
		const gone = () => {
			this.clientGone = true;
			socket.destroy();
		};
		stream.on('error', gone).on('end', gone).on('close', gone);
		if (stream !== socket) socket.on('close', gone);
	}

	/** Answers the requests on it. */
	answer(): void {
		this.stream.on('data', (chunk: Buffer) => {
			this.received = Buffer.concat([this.received, chunk]);
			this.advance();
		});
	}

	/** Does what the greeting says, and reads nothing of a request. */
	refuse(greeting: Greeting): void {
		if (greeting === 'reset') return void this.socket.resetAndDestroy();
		this.socket.resume();
		const words = { nonsense: PLAIN_TEXT, alert: HANDSHAKE_FAILURE, 'half hello': HALF_HELLO };
		if (greeting in words) this.socket.write(words[greeting as keyof typeof words]);
		if (greeting !== 'half hello' && greeting !== 'silence') this.socket.end();
		void this.giveUp();
	}

	private advance(): void {
		if (!this.exchange) {
			const headLength = this.received.indexOf('\r\n\r\n') + 4;
			if (headLength < 4) return;
			const head = this.received.toString('latin1', 0, headLength);
			const [method = '', path = ''] = head.split(' ');
			const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
			this.exchange = { ...this.service.arrive(this.host, method, path, head), headLength, length };
		}
		const { exchange, received } = this;
		const total = exchange.headLength + exchange.length;
		if (received.length >= total && exchange.post?.prompt === '') {
			this.service.complete(exchange, received.toString('utf8', exchange.headLength, total));
		}
		const { reads, delay } = exchange.move;
		if (exchange.acted || received.length < (reads === 'all' ? total : Math.min(reads, total))) return;
		exchange.acted = true;
		// what is not read is recorded all the same: it is on its way
		if (reads === 'all') void this.act(exchange, delay);
		else void this.act(exchange, Math.max(delay, 2));
	}

	private async act(exchange: Exchange, delay: number): Promise<void> {
		const answer = this.service.answer(exchange);
		if (delay > 0) await wait(delay);
		if (this.clientGone) return;
		if (exchange.move.status !== 'none') await this.send(exchange, answer);
		this.finish(exchange, answer);
	}

	private async send(exchange: Exchange, answer: Answer): Promise<void> {
		const { bytes, sent } = answer;
		const split = Math.floor((sent * exchange.move.split) / 1_000);
		if (split > 0) {
			this.stream.write(bytes.subarray(0, split));
			await wait(2);
			// a client that has all it was promised does not wait for more
			const hasAll = exchange.move.framing === 'too short';
			if (this.clientGone && !hasAll) return;
		}
		this.service.say(exchange, answer, this.socket.remotePort ?? 0);
		if (this.clientGone) return;
		await new Promise((done) => this.stream.write(bytes.subarray(split, sent), done));
	}

	private finish({ move, route }: Exchange, answer: Answer): void {
		const { ending, status } = move;
		if (this.clientGone) return;
		if (ending === 'keep' && answer.whole && status !== 'none') {
			this.received = Buffer.alloc(0);
			this.exchange = undefined;
			return;
		}
		if (ending === 'reset') return void this.socket.resetAndDestroy();
		if (ending === 'close') this.stream.end();
		// without the last byte of the head or of all, so that neither ever is whole
		const end = answer.headed ? answer.end : answer.headLength;
		if (ending === 'drip') void this.drip(answer.bytes.subarray(answer.sent, end - 1).subarray(0, 25));
		if (ending === 'plain text' || ending === 'alert') {
			// below TLS, where there is one
			if (this.stream !== this.socket) this.socket.write(ending === 'alert' ? INTERNAL_ERROR : PLAIN_TEXT);
			this.socket.end();
		}
		// everywhere else the node's limits are short
		if (route === 'blocking' && (status === 'none' || !answer.headed)) void this.giveUp();
	}

	private async drip(bytes: Buffer): Promise<void> {
		for (const byte of bytes) {
			await wait(20);
			if (this.clientGone) return;
			this.stream.write(Buffer.from([byte]));
		}
	}

	private async giveUp(): Promise<void> {
		await wait(PATIENCE, undefined, { ref: false });
		if (!this.clientGone) this.socket.resetAndDestroy();
	}
}
