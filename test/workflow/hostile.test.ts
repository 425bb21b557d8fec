import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { NO_HISTORY } from '../support/fakeSegmind/history';
import { startFakeSegmind, type FakeServer } from '../support/fakeSegmind/server';
import { KEY, VIDEO, type FakeSettings, type Fault, type Route } from '../support/fakeSegmind/service';
import { bytesOf, type WorkflowResult } from '../support/inProcessN8n';
import { fastNode } from '../support/clocks';
import { SAMPLE } from '../support/parameters';
import { CONTINUE, runSample } from '../support/sample';

let servers: Array<{ close(): Promise<void> }> = [];
const messages: string[] = [];

async function run(settings: Partial<FakeSettings> | FakeServer, ...rest: [object?, object?]) {
	const [parameters = {}, options = {}] = rest;
	const result = await runSample(settings, parameters, { onMessage: (message) => messages.push(message), ...options });
	servers.push(result.server);
	return result;
}

/** Another host, which nobody should talk to with the key. */
async function stranger(answer: (response: ServerResponse) => void = (response) => response.end()) {
	const seen: Array<Record<string, unknown>> = [];
	const server: Server = createServer((request, response) => {
		seen.push({ url: request.url, ...request.headers });
		answer(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	servers.push({
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** All that a person or another host gets to see. */
function visible({ run: execution, items, error }: WorkflowResult): string {
	return JSON.stringify([execution, items, error?.message, error?.description, messages]);
}

const at =
	(route: Route, fault: Fault): FakeSettings['fault'] =>
	(_request, seen) =>
		seen === route ? fault : undefined;

afterEach(async () => {
	await Promise.all(servers.map(async (server) => await server.close()));
	servers = [];
	messages.length = 0;
});

it.each<[Route, number]>([
	['submit', 307],
	['submit', 302],
	['status', 301],
	['result', 308],
	['blocking', 307],
])('takes no key across a redirect of %s (%d)', async (route, status) => {
	const evil = await stranger();
	const apiMode = route === 'blocking' ? 'sync' : 'async';
	const { error } = await run(
		{ fault: at(route, { status, body: '', headers: { location: `${evil.url}/steal` } }) },
		{ options: { apiMode } },
	);
	expect(error?.message).toMatch(/redirect/);
	expect(evil.seen).toEqual([]);
});

it('follows a media redirect without the key', async () => {
	const cdn = await stranger((response) => response.writeHead(200, { 'content-type': 'video/mp4' }).end(VIDEO));
	const { items } = await run({
		fault: at('media', { status: 302, body: '', headers: { location: `${cdn.url}/v.mp4` } }),
	});
	expect((await bytesOf(items[0])).equals(VIDEO)).toBe(true);
	expect(cdn.seen).toHaveLength(1);
	expect(JSON.stringify(cdn.seen)).not.toContain(KEY);
});

it('does not follow a media redirect to anything but http(s)', async () => {
	const { error, items } = await run({
		fault: at('media', { status: 302, body: '', headers: { location: 'file:///etc/passwd' } }),
	});
	expect(items).toEqual([]);
	expect(error?.message).toMatch(/host could not be reached/);
});

describe.each([true, false])('a video address (download: %p)', (downloadVideo) => {
	it.each([
		'file:///etc/passwd',
		'data:video/mp4;base64,AAAA',
		'ftp://a.test/v.mp4',
		'javascript:alert(1)',
		'gopher://a.test/',
	])('%s is not fetched nor passed on', async (url) => {
		const result = await run({ videoUrl: () => url }, { options: { downloadVideo } });
		expect(result.error?.message).toMatch(/not a plain http\(s\) one/);
		expect(result.error?.description).toContain(result.server.segmind.jobs[0]?.id);
		expect(visible(result)).not.toContain(url);
	});

	it('with credentials is not fetched nor passed on', async () => {
		const cdn = await stranger();
		const result = await run(
			{ videoUrl: () => cdn.url.replace('//', '//user:secret@') },
			{ options: { downloadVideo } },
		);
		expect(result.error?.message).toMatch(/not a plain http\(s\) one/);
		expect(visible(result)).not.toContain('secret');
		expect(cdn.seen).toEqual([]);
	});
});

/** Sends a JSON text without end until the other side hangs up, and gives how many bytes were taken. */
function endless(pause: number) {
	const sent = { bytes: 0 };
	const chunk = Buffer.from(pause ? 'a' : 'a'.repeat(64 * 1024));
	const answer = (response: ServerResponse) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.write('{"status": "');
		const more = () => {
			if (response.destroyed || sent.bytes > 1024 ** 3) return void response.end();
			sent.bytes += chunk.length;
			response.write(chunk, () => setTimeout(more, pause).unref());
		};
		more();
	};
	return { sent, answer };
}

it('takes no more than a little of a huge JSON body', async () => {
	const { sent, answer } = endless(0);
	const evil = await stranger(answer);
	const fake = await startFakeSegmind();
	const { error } = await run(
		{ ...fake, url: evil.url },
		{ operation: 'getVideo', requestId: 'abc', options: { timeout: 0.2 } },
		// the limit of bytes alone: on this clock that of time is 150 ms, which a busy machine needs for 1 MB
		{ nodeType: fastNode(200, { answerTime: 60 * 60_000 }) },
	);
	expect(error?.message).toMatch(/far too long/);
	// a few tries of 1 MB, and what the sockets hold
	expect(sent.bytes).toBeLessThan(100 * 1024 * 1024);
});

it('gives up a body that drips without end', async () => {
	const { answer } = endless(20);
	const evil = await stranger(answer);
	const began = Date.now();
	const { error } = await run(
		{ ...(await startFakeSegmind()), url: evil.url },
		{ operation: 'getVideo', requestId: 'abc', options: { timeout: 1 } },
		{ nodeType: fastNode(200, { answerTime: 20_000 }) },
	);
	expect(error?.message).toMatch(/no answer came in time/);
	expect(Date.now() - began).toBeLessThan(5_000);
});

it('gives up a JSON body that falls silent', async () => {
	const evil = await stranger((response) => void response.writeHead(200).write('{"sta'));
	const { error } = await run(
		{ ...(await startFakeSegmind()), url: evil.url },
		{ operation: 'getVideo', requestId: 'abc', options: { timeout: 1 } },
		{ nodeType: fastNode(200, { answerTime: 20_000 }) },
	);
	expect(error?.message).toMatch(/no answer came in time/);
	expect(error?.description).toMatch(/ Paid requests: item 0: abc\.$/);
});

it('gives up a blocking answer of unknown type that never begins, and says that it may be paid', async () => {
	const evil = await stranger((response) =>
		response.req.method === 'POST'
			? response.writeHead(200, { 'x-request-id': 'abc' }).flushHeaders()
			: response.writeHead(404).end(),
	);
	const { error } = await run(
		{ ...(await startFakeSegmind()), url: evil.url },
		{ options: { apiMode: 'sync', timeout: 5 } },
	);
	expect(evil.seen.map(({ url }) => url)).toEqual([`/v1/${SAMPLE.model}`, '/v2/requests/abc/status']);
	expect(error?.message).toMatch(/may have been accepted and charged/);
	expect(error?.description).toMatch(/ item 0: abc\.$/);
});

it('gives up a download that drips, after its whole time', async () => {
	const { error, server } = await run(
		{ fault: at('media', { cut: 'drips' }) },
		{},
		{ nodeType: fastNode(200, { downloadTime: 40_000, downloadTries: 2 }) },
	);
	expect(error?.message).toMatch(/no answer came in time/);
	expect(error?.description).toContain(server.segmind.jobs[0]?.id);
	expect(server.segmind.requestsTo('media')).toHaveLength(2);
});

it('gives up a download that falls silent, five times, and hangs up each time', async () => {
	let open = 0;
	let most = 0;
	const cdn = await stranger((response) => {
		most = Math.max(most, ++open);
		response.on('close', () => open--).writeHead(200, { 'content-type': 'video/mp4' });
		response.write(VIDEO.subarray(0, 1_000));
	});
	const began = Date.now();
	const { error } = await run(
		{ videoUrl: () => `${cdn.url}/v.mp4` },
		{},
		{ nodeType: fastNode(200, { stallTime: 20_000 }) },
	);
	expect(error?.message).toMatch(/^The video's host could not be reached: no answer came in time \(ETIMEDOUT\)/);
	expect(cdn.seen).toHaveLength(5);
	// 20 s of silence and a pause of 15 s in all, 200 times as fast; a try as a whole would be 6 s
	expect(Date.now() - began).toBeLessThan(5_000);
	expect(most).toBe(1);
	await sleep(50);
	expect(open).toBe(0);
});

describe('markup and control characters in what the service says', () => {
	const nasty = `<img src=x onerror=alert(1)><script>alert(2)</script>\r\nSet-Cookie: a=b\u0000\u202e${'x'.repeat(5_000)}`;
	it.each<[string, Partial<FakeSettings>]>([
		['an error', { fault: at('submit', { status: 400, body: { error: nasty } }) }],
		['a plain error', { fault: at('submit', { status: 400, body: `x ${nasty}` }) }],
		['a failed job', { fails: () => nasty }],
		['a status', { fault: at('status', { handled: true, body: { status: nasty } }) }],
	])('%s: shown as short plain text', async (_name, settings) => {
		const result = await run(settings, { options: { timeout: 0.2 } }, { settings: CONTINUE });
		const error = String(result.items[0]?.json.error);
		expect(error).not.toMatch(/[<>\p{Cc}\u202e]/u);
		expect(error.length).toBeLessThan(600);
	});
});

describe('request ids', () => {
	it.each(['..', 'a/b', 'a?b', 'a#b', 'ä', 'a b', '%2e%2e', '', 'x'.repeat(200)])(
		'%p goes into no path',
		async (id) => {
			const fault = at('submit', { handled: true, body: { request_id: id, status: 'QUEUED' } });
			const result = await run({ fault, history: NO_HISTORY });
			expect(result.server.segmind.log.map(({ route }) => route)).toEqual(['submit', 'history']);
			expect(result.error?.message).toMatch(/names no request ID.*may have been accepted/);
		},
	);
});

describe('a service that echoes the key', () => {
	const escaped = KEY.replaceAll('S', '\\u0053');
	const echo = `key ${KEY} is bad`;
	it.each<[string, Partial<FakeSettings>, object]>([
		['in an error', { fault: at('submit', { status: 401, body: { error: echo } }) }, {}],
		['in an error, escaped', { fault: at('submit', { status: 401, body: `{"error": "key ${escaped}"}` }) }, {}],
		['in a plain error', { fault: at('submit', { status: 400, body: echo }) }, {}],
		['as the request id', { fault: at('submit', { handled: true, body: { request_id: KEY } }) }, {}],
		[
			'as the id of a blocking request',
			{ fault: at('blocking', { headers: { 'x-request-id': KEY } }) },
			{ options: { apiMode: 'sync' } },
		],
		['as a status', { fault: at('status', { handled: true, body: { status: KEY } }) }, { options: { timeout: 0.1 } }],
		['as the reason of a failed job', { fails: () => echo }, {}],
		['in the video address', { videoUrl: () => `http://127.0.0.1:9/${KEY}.mp4` }, {}],
		['in the balance', { fault: () => ({ body: { credits: KEY, [KEY]: 1 } }) }, { operation: 'getCredits' }],
		['in a header', { fault: at('status', { status: 403, headers: { 'retry-after': KEY } }) }, {}],
	])('%s: it is shown nowhere', async (_name, settings, parameters) => {
		for (const options of [{}, { settings: CONTINUE }]) {
			const result = await run(settings, parameters, options);
			expect(visible(result)).not.toContain(KEY);
			for (const { host, ...request } of result.server.segmind.log) {
				if (host === 'media') expect(JSON.stringify(request)).not.toContain(KEY);
			}
		}
	});
});
