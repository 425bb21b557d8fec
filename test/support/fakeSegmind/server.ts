import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { FakeReply, FakeRequest } from './protocol';
import { FakeSegmind, type FakeSettings } from './service';

const LOOPBACK = '127.0.0.1';

/** A fake Segmind: the API and, each on an origin of its own, the media host, the storage and the history. */
export interface FakeServer {
	segmind: FakeSegmind;
	/** The origin of the API. */
	url: string;
	/** The origin of the storage. */
	storageUrl: string;
	/** The origin of the request history. */
	historyUrl: string;
	close(): Promise<void>;
}

/** Where it is: by default on loopback, without TLS. */
export interface Place {
	/** The IP address to listen at. */
	address?: string;
	/** The host in its URLs, where it is not that address. */
	name?: string;
	/** Key and certificate in PEM; with them, its URLs are https. */
	tls?: { key: string; cert: string };
}

/** Starts it on free ports; whoever started it closes it. */
export async function startFakeSegmind(settings: Partial<FakeSettings> = {}, place: Place = {}): Promise<FakeServer> {
	const segmind = new FakeSegmind(settings);
	const at = async (host: FakeRequest['host']) =>
		await listen(place, (request, response) => void serve(segmind, host, request, response));
	const [api, media, storage, history] = [await at('api'), await at('media'), await at('storage'), await at('history')];
	segmind.apiOrigin = originOf(place, api);
	segmind.mediaOrigin = originOf(place, media);
	return {
		segmind,
		url: segmind.apiOrigin,
		storageUrl: originOf(place, storage),
		historyUrl: originOf(place, history),
		close: async () => {
			await Promise.all([api, media, storage, history].map(close));
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

async function listen(
	{ address = LOOPBACK, tls }: Place,
	handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
	const server = tls ? createSecureServer(tls, handler) : createServer(handler);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, address, resolve);
	});
	return server;
}

function originOf({ address = LOOPBACK, name = address, tls }: Place, server: Server): string {
	const { port } = server.address() as AddressInfo;
	return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function close(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}
