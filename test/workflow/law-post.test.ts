import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { newIdentity, trust, type Identity } from '../adversary/tls';
import { head, type Exchange, type Script } from '../support/front';
import { closeFronts, runFronted, type FrontedResult } from '../support/fronted';

const DOUBT = /may have been accepted and charged/;
const NOT_CHARGED = /This item was not charged/;

afterEach(closeFronts);

/** One POST, which the service took on, and a person who is told so. */
function expectDoubt({ posts, server, text, items }: FrontedResult): void {
	expect(posts).toBe(1);
	expect(server.segmind.jobs).toHaveLength(1);
	expect(text).toMatch(DOUBT);
	expect(text).not.toMatch(NOT_CHARGED);
	expect(items).toEqual([]);
}

/** A script that takes the POST on, and then does something else than to answer. */
const afterPost =
	(act: (exchange: Exchange) => void): Script =>
	(exchange) =>
		exchange.request.method === 'POST' ? exchange.handle().then(() => act(exchange)) : 'answer';

/** A script that refuses the first POSTs, or all. */
const refusing =
	(answerTo: (count: number) => Buffer | undefined): Script =>
	({ request, socket, count }) => {
		const bytes = request.method === 'POST' ? answerTo(count) : undefined;
		return bytes ? void socket.end(bytes) : 'answer';
	};

const whole = (status: number, body: string, headers: Record<string, string> = {}) =>
	Buffer.concat([head(status, headers), Buffer.from(body)]);

describe('1. a fault of TLS after the POST arrived', () => {
	let identity: Identity;
	let restore = () => {};
	beforeAll(() => {
		identity = newIdentity();
		restore = trust(identity.cert);
	});
	afterAll(() => restore());

	const record = (type: number, length: number, version = 0x0303) =>
		Buffer.concat([
			Buffer.from([type, version >> 8, version & 255, length >> 8, length & 255]),
			Buffer.alloc(length, 7),
		]);

	it.each<[string, (exchange: Exchange) => void]>([
		['an answer without TLS', ({ raw }) => raw.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')],
		['a record with a wrong MAC', ({ raw }) => raw.write(record(0x17, 64))],
		['a record of an unknown type', ({ raw }) => raw.write(record(0x63, 16))],
		['a record that is too long', ({ raw }) => raw.write(record(0x17, 0xfff0))],
		['a record of another version', ({ raw }) => raw.write(record(0x17, 32, 0x0999))],
		['a bare alert', ({ raw }) => raw.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 80]))],
		['a handshake in the open', ({ raw }) => raw.write(record(0x16, 40))],
		[
			'half a record, and a reset',
			({ raw }) => void raw.write(record(0x17, 300).subarray(0, 9), () => raw.resetAndDestroy()),
		],
		['a bare FIN', ({ raw }) => raw.end()],
		['a proper end without an answer', ({ socket }) => socket.end()],
	])('%s: one POST, in doubt', async (_name, act) => {
		expectDoubt(await runFronted({ identity, api: afterPost(act) }));
	});

	it.each(['sync', 'async'])('which breaks in the middle of an answer: one POST (%s)', async (apiMode) => {
		const result = await runFronted({
			identity,
			options: { apiMode },
			api: afterPost(({ socket, raw }) => {
				socket.write(head(200, { 'content-length': '500', 'content-type': 'application/json' }));
				socket.write('{"sta', () => raw.write(record(0x17, 64)));
			}),
		});
		expectDoubt(result);
	});

	it('is a good answer where there is none', async () => {
		const { items, posts } = await runFronted({ identity });
		expect(posts).toBe(1);
		expect(items[0]?.json.status).toBe('COMPLETED');
	});

	it('a certificate that is refused is none: not charged, and nothing arrived', async () => {
		const { posts, text } = await runFronted({ identity: newIdentity() });
		expect(posts).toBe(0);
		expect(text).toMatch(NOT_CHARGED);
		expect(text).not.toMatch(DOUBT);
	});
});

/** Runs the node, whose own socket is destroyed with an error once the POST arrived. */
async function runBroken(error: Error, apiMode: string): Promise<FrontedResult> {
	const clients: Socket[] = [];
	const onSocket = (message: unknown) => clients.push((message as { socket: Socket }).socket);
	subscribe('net.client.socket', onSocket);
	try {
		return await runFronted({
			options: { apiMode },
			api: afterPost(({ socket }) => {
				clients.find(({ localPort }) => localPort === socket.remotePort)?.destroy(error);
			}),
		});
	} finally {
		unsubscribe('net.client.socket', onSocket);
	}
}

describe.each(['async', 'sync'])('1. a fault of the route after the POST arrived: %s', (apiMode) => {
	// what a socket is destroyed with when keep-alive or a write finds no way any more
	const faults = ['ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'ENETDOWN', 'ECONNREFUSED', 'ENOTFOUND', 'EPROTO'];
	it.each(faults)('%s, as Linux tells the socket of it: one POST, in doubt', async (code) => {
		const error = Object.assign(new Error(`read ${code}`), { code, errno: -101, syscall: 'read' });
		const result = await runBroken(error, apiMode);
		expectDoubt(result);
		expect(result.text).toContain(code);
	});

	it.each<[string, Error]>([
		['an error without a code', new Error('gone')],
		['one whose code is no text', Object.assign(new Error('gone'), { code: 7, syscall: 'read' })],
		['a code that nobody knows', Object.assign(new Error('gone'), { code: 'EBROKENTOY' })],
		['an error of no kind at all', Object.assign(new RangeError(''), { message: undefined })],
	])('%s: one POST, in doubt', async (_name, error) => {
		expectDoubt(await runBroken(error, apiMode));
	});
});

describe('5. an answer that is no proof of a refusal', () => {
	const page =
		'<html><body>upstream connect error or disconnect/reset before headers. reset reason: connection termination</body></html>';
	const own = '{"error": "The service is overloaded"}';
	const answers: Array<[number, string, Record<string, string>]> = [
		[303, '', { location: '/v2/requests/1' }],
		[300, '', {}],
		[302, '', { location: 'https://elsewhere.test/' }],
		[304, '', {}],
		[503, page, {}],
		[503, page, { 'retry-after': '1' }],
		[503, page.replace(/<[^>]*>/g, ''), { 'content-type': 'text/plain' }],
		[503, '', { 'retry-after': '1' }],
		[503, '{"message": "no healthy upstream"}', { 'content-type': 'application/json' }],
		[503, '{"error": ""}', {}],
		[503, '{"error": null, "request_id": null}', {}],
		[503, '[{"error": "x"}]', {}],
		[500, own, {}],
		[502, own, {}],
		[504, own, { 'retry-after': '1' }],
		[501, own, {}],
		[520, page, {}],
		[522, own, {}],
		[524, page, {}],
		[599, own, {}],
		[408, own, { 'retry-after': '1' }],
		[409, own, {}],
		[425, own, {}],
		[418, own, {}],
		[499, own, {}],
		[600, own, {}],
		[999, own, {}],
		[199, own, {}],
		[204, '', {}],
		[205, '', {}],
		[206, '{}', {}],
	];
	it.each(answers.flatMap((answer) => ['async', 'sync'].map((mode) => [...answer, mode] as const)))(
		'%d %j %j: one POST, in doubt (%s)',
		async (status, body, headers, apiMode) => {
			const result = await runFronted({
				options: { apiMode },
				api: afterPost(({ socket }) => {
					socket.end(whole(status, body, headers));
				}),
			});
			expectDoubt(result);
		},
	);

	it.each<[string, (exchange: Exchange) => void]>([
		['no HTTP', ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
		['a bad status line', ({ socket }) => socket.end('HTTP/1.1 abc\r\n\r\n')],
		['headers without end', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nx: '.padEnd(40_000, 'y'))],
		['two lengths', ({ socket }) => socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}')],
		[
			'a length beside chunks',
			({ socket }) => socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}'),
		],
		['an interim answer alone', ({ socket }) => socket.end('HTTP/1.1 102 Processing\r\n\r\n')],
		[
			'another protocol',
			({ socket }) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
		],
		[
			'headers that drip',
			({ socket }) => {
				socket.write('HTTP/1.1 200 OK\r\nx: ');
				const timer = setInterval(() => socket.write('y'), 20);
				socket.once('close', () => clearInterval(timer));
			},
		],
		[
			'chunks of garbage',
			({ socket }) =>
				socket.end(Buffer.concat([head(200, { 'transfer-encoding': 'chunked' }), Buffer.from('zz\r\nhello')])),
		],
		['a reset', ({ raw }) => raw.resetAndDestroy()],
		['an end', ({ socket }) => socket.end()],
	])('%s: one POST, in doubt', async (_name, act) => {
		// fast, since axios forgets its own timeout after a 101, and begins it anew with each byte
		expectDoubt(await runFronted({ factor: 500, api: afterPost(act) }));
	});
});

describe('5. an answer that proves a refusal', () => {
	it.each([301, 307, 308, 400, 401, 402, 403, 406, 410, 413, 415, 422])(
		'%d: each try of n8n sends one POST, which was not charged',
		async (status) => {
			const { posts, text, server } = await runFronted({
				api: refusing(() => whole(status, '{"error": "no"}')),
			});
			expect(posts).toBe(3);
			expect(server.segmind.jobs).toHaveLength(0);
			expect(text).toMatch(NOT_CHARGED);
			expect(text).not.toMatch(DOUBT);
		},
	);

	it.each<[number, Record<string, string>, number]>([
		[503, {}, 6],
		[503, { 'retry-after': '1' }, 6],
		[429, { 'retry-after': '1' }, 21],
	])("Segmind's own %d with %j is repeated, but not for ever", async (status, headers, most) => {
		const { posts, text } = await runFronted({
			factor: 400,
			// a busy machine may take longer for a body than the clock, so fast, would have it
			limits: { answerTime: 600_000 },
			api: refusing(() => whole(status, '{"error": "overloaded"}', headers)),
		});
		expect(posts).toBeGreaterThan(3);
		expect(posts).toBeLessThanOrEqual(3 * most);
		expect(text).toMatch(NOT_CHARGED);
	});

	it('and then a good one: the video comes, for one job', async () => {
		const { items, posts, server } = await runFronted({
			api: refusing((count) => {
				if (count > 2) return undefined;
				return whole(count === 0 ? 503 : 429, '{"error": "later"}', { 'retry-after': '1' });
			}),
		});
		expect(posts).toBe(4);
		expect(server.segmind.jobs).toHaveLength(1);
		expect(items[0]?.json.request_id).toBe(server.segmind.jobs[0]?.id);
	});

	it.each([400, 402, 404, 422, 429, 503])('%d is not one where its body breaks off', async (status) => {
		const cut = whole(status, '{"error": "n', { 'content-length': '40' });
		expectDoubt(await runFronted({ api: afterPost(({ socket }) => socket.end(cut)) }));
	});

	it.each([
		[422, 'QUEUED'],
		[404, 'PROCESSING'],
		[429, 'COMPLETED'],
	])('%d is not one where its own body says that there is a job, %s', async (status, word) => {
		const body = JSON.stringify({ status: word });
		expectDoubt(await runFronted({ api: afterPost(({ socket }) => socket.end(whole(status, body))) }));
	});
});
