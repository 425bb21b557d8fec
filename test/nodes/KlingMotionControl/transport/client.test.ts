import { Readable } from 'node:stream';

import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import { KEY, VIDEO } from '../../../support/fakeSegmind/service';
import { SAMPLE } from '../../../support/parameters';
import { VirtualN8n } from '../../../support/virtualN8n';
import {
	brokenBody,
	CREDENTIAL,
	faultOf,
	fileOf,
	openExchanges,
	silentBody,
	thrown,
	virtualSession,
	WITH_HISTORY,
	type Given,
	type VirtualServices,
} from '../../../support/virtualServices';

const FILE = fileOf('ab');
const MOST_BYTES = 200;

/** A client whose every request gets that answer. */
function clientOn(given: Given, services: VirtualServices = {}) {
	const answers = {
		submit: given,
		blocking: given,
		status: given,
		result: given,
		credits: given,
		upload: given,
		history: given,
	};
	const virtual = virtualSession({ answers, limits: { answerBytes: MOST_BYTES }, ...services });
	return { ...virtual, client: virtual.session.client };
}

async function failure(work: Promise<unknown>): Promise<SegmindError> {
	const error = await thrown(work);
	if (error instanceof SegmindError) return error;
	throw error;
}

it.each([
	[CREDENTIAL, false],
	[WITH_HISTORY, true],
])('asks the history, in the given time, where the credential names one', async (credential, isThere) => {
	const { session, client, requests } = clientOn({ body: '[]' }, { credential });
	expect(client.hasHistory).toBe(isThere);
	if (!isThere) return;
	expect((await client.getHistory('/p?q=1', 15_000)).text).toBe('[]');
	await client.getHistory('/p', 1_000);
	expect(
		requests.map(({ method, url, timeout, disableFollowRedirect }) => [method, url, timeout, disableFollowRedirect]),
	).toEqual([
		['GET', 'https://history.test/p?q=1', 15_000, true],
		['GET', 'https://history.test/p', 1_000, true],
	]);
	expect(openExchanges(session.clock)).toBe(0);
});

it('asks the hosts of the credential for a whole answer as a stream, in time, and for no redirect', async () => {
	const { client, requests } = clientOn({ body: '{}' });
	await client.get('poll', '/p');
	await client.submit('/p', { a: 1 });
	await client.submitAndWait('/v1/p', { a: 1 }, 5_000);
	await client.upload(FILE);
	const common = {
		json: true,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		abortSignal: expect.any(AbortSignal),
	};
	const upload = '{"data_urls":["data:image/png;base64,YWI="]}';
	expect(requests).toEqual([
		{ method: 'GET', url: 'https://api.test/p', timeout: 30_000, ...common },
		{ method: 'POST', url: 'https://api.test/p', body: { a: 1 }, timeout: 120_000, ...common },
		{ method: 'POST', url: 'https://api.test/v1/p', body: { a: 1 }, timeout: 5_000, ...common },
		{
			method: 'POST',
			url: 'https://storage.test/upload-asset',
			body: upload,
			headers: { 'content-type': 'application/json', 'content-length': String(upload.length) },
			timeout: 600_000,
			...common,
		},
	]);
	expect(requests.map((request) => 'body' in request)).toEqual([false, true, true, true]);
});

describe('an answer', () => {
	it.each([200, 299])('%d is a success', async (status) => {
		const { session, client } = clientOn({ status, headers: { 'X-Cost': '1' }, body: 'text' });
		const answer = { status, headers: { 'x-cost': '1' }, text: 'text' };
		expect(await client.get('poll', '/')).toEqual(answer);
		expect(await client.submit('/', {})).toEqual(answer);
		expect(await client.upload(FILE)).toEqual(answer);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('of a blocking request is a body that is still to be read, or closed', async () => {
		const body = silentBody('ab');
		const { session, client, requests } = clientOn({ headers: { 'X-Cost': '1' }, body });
		const reply = await client.submitAndWait('/v1/', {}, 1);
		expect(reply).toEqual({ status: 200, headers: { 'x-cost': '1' }, body, close: expect.any(Function) });
		expect(openExchanges(session.clock)).toBe(1);
		reply.close();
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it.each<[string, Given, string]>([
		['199', { status: 199 }, 'Segmind answered with HTTP 199'],
		['300', { status: 300 }, 'Segmind answered with a redirect, which is not followed with the API key'],
		['400', { status: 400, body: '{"error":"x"}' }, 'Segmind rejected the request as invalid: x'],
		['a 400 without a word', { status: 400 }, 'Segmind rejected the request as invalid'],
		['a 400 that breaks off', { status: 400, body: brokenBody() }, 'Segmind rejected the request as invalid'],
		['a long 200', { body: 'x'.repeat(MOST_BYTES + 1) }, 'Segmind sent an answer that is far too long'],
		[
			'a 200 that breaks off',
			{ body: brokenBody('', 'ENOTFOUND') },
			'Segmind could not be reached: the connection broke off (ECONNRESET)',
		],
		[
			'a fault',
			faultOf('ENOTFOUND', 'getaddrinfo'),
			'Segmind could not be reached: its host name was not found (ENOTFOUND)',
		],
	])('%s is an error', async (_name, given, message) => {
		const { session, client } = clientOn(given);
		const error = await failure(client.get('poll', '/'));
		expect(error.message).toBe(message);
		expect(error.details.httpStatus).toBe(given instanceof Error || !('status' in given) ? undefined : given.status);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('that is too long keeps its headers, which may say when to come back', async () => {
		const { client } = clientOn({ headers: { 'Retry-After': '7' }, body: 'x'.repeat(MOST_BYTES + 1) });
		expect((await failure(client.get('poll', '/'))).details.headers).toEqual({ 'retry-after': '7' });
	});

	it('may be as long as the limit', async () => {
		const { client } = clientOn({ body: 'x'.repeat(MOST_BYTES) });
		expect((await client.get('poll', '/')).text).toHaveLength(MOST_BYTES);
	});

	it.each([
		['get', 'poll'],
		['submit', 'submit'],
		['upload', 'upload'],
	])('that falls silent is given up in time (%s)', async (call) => {
		const body = silentBody('{"request_id":"a-1","sta');
		const { session, clock, began, client, requests } = clientOn({ body });
		const exchange = {
			get: async () => await client.get('poll', '/'),
			submit: async () => await client.submit('/', {}),
			upload: async () => await client.upload(FILE),
		}[call];
		const error = await failure(clock.drive<unknown>(exchange?.() ?? Promise.resolve()));
		expect(error).toMatchObject({
			kind: 'network',
			message: expect.stringMatching(/no answer came in time \(ETIMEDOUT\)/),
		});
		expect(clock.now() - began).toBe(30_000);
		expect(error.details.requestId).toBe(call === 'submit' ? 'a-1' : undefined);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(body.destroyed).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('that comes drop by drop is given up in time, too', async () => {
		const { clock, began, client } = clientOn(() => ({
			body: Readable.from(
				(async function* () {
					for (;;) {
						await clock.sleep(1_000);
						yield Buffer.from('x');
					}
				})(),
				{ objectMode: false },
			),
		}));
		expect(await failure(clock.drive(client.get('poll', '/')))).toMatchObject({ kind: 'network' });
		expect(clock.now() - began).toBe(30_000);
	});

	it.each<[string, Given, 'maybe', string | undefined]>([
		['breaks off behind its id', () => ({ body: brokenBody('{"request_id":"a-1","sta') }), 'maybe', 'a-1'],
		['breaks off within its id', () => ({ body: brokenBody('{"request_id":"a-') }), 'maybe', undefined],
		['breaks off at once', () => ({ body: brokenBody() }), 'maybe', undefined],
	])('to a POST that buys keeps the id that came, where it %s', async (_name, given, accepted, requestId) => {
		const { client } = clientOn(given);
		const error = await failure(client.submit('/', {}));
		expect(error).toMatchObject({ kind: 'network', details: { accepted } });
		expect(error.details.requestId).toBe(requestId);
	});
});

describe('the body of an error', () => {
	it('is read with a bound, and closed', async () => {
		const long = JSON.stringify({ error: 'x' }).padEnd(MOST_BYTES) + ' '.repeat(100_000);
		const body = Readable.from(
			Array.from({ length: 100 }, (_none, index) => Buffer.from(long.slice(index * 1_000, (index + 1) * 1_000))),
			{ objectMode: false, highWaterMark: 1 },
		);
		const { session, client, requests } = clientOn({ status: 400, body });
		// what came of it within the bound still counts
		expect((await failure(client.get('poll', '/'))).message).toBe('Segmind rejected the request as invalid: x');
		expect(body.destroyed).toBe(true);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it.each([
		['get', 'Segmind rejected the request as invalid'],
		['submit', 'Segmind rejected the request as invalid. The request may have been accepted and charged'],
		['submitAndWait', 'Segmind rejected the request as invalid. The request may have been accepted and charged'],
		['upload', "Segmind's storage rejected the request as invalid"],
	])('is given up in time where it never ends, and is no proof of a refusal (%s)', async (call, message) => {
		const body = silentBody('{"error":"x"');
		const { session, clock, began, client, requests } = clientOn({ status: 400, body });
		const exchange = {
			get: async () => await client.get('poll', '/'),
			submit: async () => await client.submit('/', {}),
			submitAndWait: async () => await client.submitAndWait('/v1/', {}, 600_000),
			upload: async () => await client.upload(FILE),
		}[call];
		const error = await failure(clock.drive<unknown>(exchange?.() ?? Promise.resolve()));
		expect(error).toMatchObject({
			kind: 'answer',
			message,
			details: { httpStatus: 400, accepted: { get: 'yes', upload: 'no' }[call] ?? 'maybe' },
		});
		expect(clock.now() - began).toBe(30_000);
		expect(requests[0]?.abortSignal.aborted).toBe(true);
		expect(body.destroyed).toBe(true);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it('keeps the id of a POST in doubt, as far as it came', async () => {
		const { clock, client } = clientOn({ status: 502, body: silentBody('{"request_id":"a-1","error":"x"') });
		expect(await failure(clock.drive(client.submit('/', {})))).toMatchObject({
			kind: 'answer',
			details: { httpStatus: 502, accepted: 'maybe', requestId: 'a-1' },
		});
	});

	it('keeps the headers, which may say when to come back', async () => {
		const { client } = clientOn({ status: 429, headers: { 'Retry-After': '7' }, body: '{}' });
		expect((await failure(client.submit('/', {}))).details).toMatchObject({
			headers: { 'retry-after': '7' },
			httpStatus: 429,
		});
	});
});

describe('the key', () => {
	const escaped = KEY.replace('S', '\\u0053');
	const credential = (apiKey: string) => ({ credential: { ...CREDENTIAL, apiKey } });

	it.each([
		[KEY, `a ${KEY} b ${KEY}`, 'a [API key] b [API key]'],
		[KEY, `{"a":"${escaped}"}`, '{"a":"[API key]"}'],
		[KEY, `{"a":"${escaped}`, '{"a":"[API key]'],
		[KEY, `{"a":"${KEY.toLowerCase()}"}`, '{"a":"[API key]"}'],
		[KEY, '{ "a": "\\u0041" }', '{ "a": "\\u0041" }'],
		[KEY, '{ "a": 1 }', '{ "a": 1 }'],
		[KEY, '[\\u0041', '[\\u0041'],
		['', 'abc', 'abc'],
		['', '{ "a": "\\u0041" }', '{ "a": "\\u0041" }'],
	])('%p is not in what was read of %s', async (apiKey, body, text) => {
		const { client } = clientOn({ body }, credential(apiKey));
		expect((await client.get('poll', '/')).text).toBe(text);
		expect(client.redacted(body)).toBe(text);
	});

	it.each([
		[KEY, { b: '2' }],
		['', { a: `x ${KEY}`, b: '2', c: `"${escaped}"` }],
	])('%p is in no header', async (apiKey, headers) => {
		const given = { a: `x ${KEY}`, b: '2', c: `"${escaped}"` };
		const { client } = clientOn({ headers: given }, credential(apiKey));
		expect((await client.get('poll', '/')).headers).toEqual(headers);
		expect((await client.submitAndWait('/v1/', {}, 1)).headers).toEqual(headers);
		const failing = clientOn({ status: 400, headers: given }, credential(apiKey));
		expect((await failure(failing.client.get('poll', '/'))).details.headers).toEqual(headers);
	});

	it.each<[string, Given]>([
		['the body of an error', { status: 400, body: { error: `no ${KEY}` } }],
		['the escaped body of an error', { status: 400, body: `{"error":"no ${escaped}"}` }],
		['the text of an error', { status: 400, body: `no ${KEY}` }],
		['a body that never ends', () => ({ status: 400, body: silentBody(`no ${KEY}`) })],
	])('is in no error, where it is in %s', async (_name, given) => {
		const { clock, client } = clientOn(given);
		const error = await failure(clock.drive(client.submit('/', {})));
		expect(error.message).toMatch(/^Segmind rejected the request as invalid: no \[API key\](\. The request may|$)/);
		expect(JSON.stringify(error.details)).not.toContain(KEY);
	});
});

describe('a file', () => {
	const stored = { ...FILE, binary: { id: 'filesystem:x', data: 'filesystem', mimeType: 'image/png' } };
	class FileNotFoundError extends Error {}

	it("that n8n's binary store does not give is not sent", async () => {
		const file = async () => await Promise.reject(new FileNotFoundError('secret'));
		const { session, client, requests } = clientOn({}, { file });
		expect(await failure(client.upload(stored))).toMatchObject({
			kind: 'store',
			message: 'n8n could not read the file (FileNotFoundError)',
			details: { accepted: 'no', repeats: Infinity },
		});
		expect(requests).toEqual([]);
		expect(openExchanges(session.clock)).toBe(0);
	});

	it.each<[string, Given]>([
		['is refused', { status: 413 }],
		['never leaves', faultOf('ECONNREFUSED', 'connect')],
		['is taken before it was read', { body: '{}' }],
	])('that %s is closed', async (_name, given) => {
		const content = silentBody('ab');
		const { client } = clientOn(given, { file: async () => content });
		await client.upload(stored).catch(() => {});
		expect(content.destroyed).toBe(true);
	});

	it('that breaks off is sent as far as it came, and the error of its request tells', async () => {
		const { client } = clientOn(
			async ({ body }) => {
				try {
					for await (const piece of body as unknown as Readable) void piece;
				} catch {
					return faultOf('ECONNRESET');
				}
				return { body: '{}' };
			},
			{ file: async () => brokenBody('a', 'EIO') },
		);
		expect(await failure(client.upload(stored))).toMatchObject({ kind: 'network', details: { accepted: 'no' } });
	});
});

it("gives a blocking request the option's time, not n8n's 300 s", async () => {
	const n8n = new VirtualN8n({ latency: 608_000 });
	const { items } = await n8n.run({ parameters: { ...SAMPLE, options: { apiMode: 'sync', timeout: 20 } } });
	expect(n8n.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
	expect(n8n.requests).toHaveLength(1);
	expect(n8n.requests[0]).toMatchObject({ method: 'POST', timeout: 20 * 60_000, disableFollowRedirect: true });
});

it('names a time limit and a signal in every request, and follows a redirect in none with the key', async () => {
	const n8n = new VirtualN8n({ latency: 20_000 });
	await n8n.run({ parameters: SAMPLE });
	expect(n8n.requests.length).toBeGreaterThan(4);
	for (const request of n8n.requests) {
		expect(request.timeout).toBeLessThanOrEqual(120_000);
		expect(request.timeout).toBeGreaterThan(0);
		expect(request.abortSignal).toBeInstanceOf(AbortSignal);
		if (request.headers?.['x-api-key']) expect(request.disableFollowRedirect).toBe(true);
	}
});
