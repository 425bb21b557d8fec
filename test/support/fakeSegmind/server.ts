import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { FakeSegmind, type FakeReply, type FakeRequest, type FakeSettings } from './service';

/** A fake Segmind on loopback: the API and, each on an origin of its own, the media host and the storage. */
export interface FakeServer {
	segmind: FakeSegmind;
	/** The origin of the API. */
	url: string;
	/** The origin of the storage. */
	storageUrl: string;
	close(): Promise<void>;
}

/** Starts it on free ports; whoever started it closes it. */
export async function startFakeSegmind(settings: Partial<FakeSettings> = {}): Promise<FakeServer> {
	const segmind = new FakeSegmind(settings);
	const api = await listen((request, response) => void serve(segmind, 'api', request, response));
	const media = await listen((request, response) => void serve(segmind, 'media', request, response));
	const storage = await listen((request, response) => void serve(segmind, 'storage', request, response));
	segmind.apiOrigin = originOf(api);
	segmind.mediaOrigin = originOf(media);
	return {
		segmind,
		url: segmind.apiOrigin,
		storageUrl: originOf(storage),
		close: async () => {
			await Promise.all([close(api), close(media), close(storage)]);
		},
	};
}

async function serve(
	segmind: FakeSegmind,
	host: FakeRequest['host'],
	request: IncomingMessage,
	response: ServerResponse,
) {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
	const answer = await segmind.handle({
		host,
		method: request.method ?? '',
		path: request.url ?? '',
		headers,
		body: Buffer.concat(chunks).toString('utf8'),
	});
	send(answer, response);
}

function send({ status, headers, body, cut }: FakeReply, response: ServerResponse): void {
	if (cut === 'before') return void response.socket?.destroy();
	if (cut === 'never answers') return;
	response.writeHead(status, { 'content-length': String(body.length), ...headers });
	if (!cut) return void response.end(body);
	const half = Math.ceil(body.length / 2);
	response.write(body.subarray(0, half), () => {
		if (cut === 'middle') response.socket?.destroy();
		if (cut === 'drips') drip(response, body, half);
	});
}

/** A byte every 20 ms, at most for 20 s. */
function drip(response: ServerResponse, body: Buffer, from: number): void {
	let at = from;
	const timer = setInterval(() => {
		if (response.destroyed || at >= Math.min(body.length, from + 1_000)) return clearInterval(timer);
		response.write(body.subarray(at, ++at));
	}, 20);
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
	const server = createServer(handler);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	return server;
}

function originOf(server: Server): string {
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
