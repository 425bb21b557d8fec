import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/errors';
import { SegmindClient } from '../../../../nodes/KlingMotionControl/transport/client';
import { LIMITS } from '../../../../nodes/KlingMotionControl/transport/limits';
import { KEY, VIDEO } from '../../../support/fakeSegmind/service';
import { SAMPLE } from '../../../support/parameters';
import { VirtualClock, VirtualN8n } from '../../../support/virtualN8n';

const CREDENTIAL = { apiKey: KEY, baseUrl: 'https://api.test', storageUrl: 'https://storage.test' };
const FILE = { binary: { data: 'YWI=', mimeType: 'image/png' }, hash: '', size: 2 };

class FileNotFoundError extends Error {}

interface Reply {
	statusCode?: number;
	headers?: Record<string, string>;
	body?: string | Buffer | Readable;
}

/** A client whose only request gets that answer, or meets that error, and what it asked for. */
async function clientOn(answer: Reply | Error | string, credential: object = CREDENTIAL) {
	const requests: IHttpRequestOptions[] = [];
	const send = async (type: string, request: IHttpRequestOptions) => {
		expect(type).toBe('segmindApi');
		requests.push(request);
		if (answer instanceof Error) throw answer;
		if (typeof answer === 'string') return answer;
		const { statusCode = 200, headers = {}, body = '{}' } = answer;
		return { statusCode, headers, body: body instanceof Readable ? body : Readable.from([Buffer.from(body)]) };
	};
	const getBinaryStream = async () => {
		throw new FileNotFoundError('secret');
	};
	const helpers = { httpRequestWithAuthentication: send, getBinaryStream };
	const context = { getCredentials: async () => credential, helpers };
	const client = await SegmindClient.open({
		context: context as unknown as IExecuteFunctions,
		clock: new VirtualClock(),
		limits: { ...LIMITS, answerBytes: 200 },
		signal: new AbortController().signal,
	});
	return { client, requests };
}

async function failure(work: Promise<unknown>): Promise<SegmindError> {
	const error: unknown = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error instanceof SegmindError) return error;
	throw new Error(`not a SegmindError: ${String(error)}`);
}

function broken(): Readable {
	return new Readable({
		read() {
			this.destroy(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
		},
	});
}

describe('addresses', () => {
	it.each([
		[
			{ baseUrl: 'https://a.test//', storageUrl: 'https://b.test/x/' },
			'https://a.test/p',
			'https://b.test/x/upload-asset',
		],
		[{ baseUrl: '', storageUrl: '' }, 'https://api.segmind.com/p', 'https://workflows-api.segmind.com/upload-asset'],
		[{}, 'https://api.segmind.com/p', 'https://workflows-api.segmind.com/upload-asset'],
	])('of %j', async (credential, get, upload) => {
		const { client, requests } = await clientOn({}, credential);
		await client.get('poll', '/p');
		await client.upload(FILE);
		expect(requests.map(({ url }) => url)).toEqual([get, upload]);
	});
});

it('asks for a whole answer as a stream, in time, and for no redirect', async () => {
	const { client, requests } = await clientOn({});
	await client.get('poll', '/p');
	await client.post('/p', { a: 1 });
	await client.postAndWait('/p', { a: 1 }, 5_000);
	await client.upload(FILE);
	const common = {
		json: true,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	const upload = '{"data_urls":["data:image/png;base64,YWI="]}';
	expect(requests).toEqual([
		{ method: 'GET', url: 'https://api.test/p', timeout: 30_000, ...common },
		{ method: 'POST', url: 'https://api.test/p', body: { a: 1 }, timeout: 120_000, ...common },
		{ method: 'POST', url: 'https://api.test/p', body: { a: 1 }, timeout: 5_000, ...common },
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
	it.each([200, 299])('%d is a success', async (statusCode) => {
		const { client } = await clientOn({ statusCode, headers: { 'X-Cost': '1' }, body: 'text' });
		expect(await client.get('poll', '/')).toEqual({ status: statusCode, headers: { 'x-cost': '1' }, text: 'text' });
	});

	it.each<[string, Reply | Error | string, string]>([
		['199', { statusCode: 199 }, 'Segmind answered with HTTP 199'],
		['300', { statusCode: 300 }, 'Segmind answered with a redirect, which is not followed with the API key'],
		['400', { statusCode: 400, body: '{"error":"x"}' }, 'Segmind rejected the request as not valid: x'],
		['a long 400', { statusCode: 400, body: 'x'.repeat(201) }, 'Segmind rejected the request as not valid'],
		['a 400 that breaks off', { statusCode: 400, body: broken() }, 'Segmind rejected the request as not valid'],
		['a long 200', { body: 'x'.repeat(201) }, 'Segmind gave an answer that is far too long'],
		[
			'a 200 that breaks off',
			{ body: broken() },
			'Segmind could not be reached, the connection broke off (ECONNRESET)',
		],
		['no answer', 'text', 'Segmind gave an answer that n8n could not pass on'],
		[
			'a fault',
			Object.assign(new Error('x'), { code: 'ENOTFOUND' }),
			'Segmind could not be reached, the name of its host was not found (ENOTFOUND)',
		],
	])('%s is an error', async (_name, answer, message) => {
		const { client } = await clientOn(answer);
		const error = await failure(client.get('poll', '/'));
		expect(error.message).toBe(message);
		expect(error.details.httpStatus).toBe(
			typeof answer === 'object' && 'statusCode' in answer ? answer.statusCode : undefined,
		);
	});

	it('that is too long keeps its headers, which may say when to come back', async () => {
		const { client } = await clientOn({ headers: { 'Retry-After': '7' }, body: 'x'.repeat(201) });
		expect((await failure(client.get('poll', '/'))).details.retry).toEqual({ 'retry-after': '7' });
	});

	it('may be as long as the limit', async () => {
		const { client } = await clientOn({ body: 'x'.repeat(200) });
		expect((await client.get('poll', '/')).text).toHaveLength(200);
	});
});

describe('the key', () => {
	const escaped = KEY.replace('S', '\\u0053');
	it.each([
		[KEY, `a ${KEY} b ${KEY}`, 'a [API key] b [API key]'],
		[KEY, `{"a":"${escaped}"}`, '{"a":"[API key]"}'],
		[KEY, '{ "a": "\\u0041" }', '{"a":"A"}'],
		[KEY, '{ "a": 1 }', '{ "a": 1 }'],
		[KEY, '[\\u0041', '[\\u0041'],
		['', 'abc', 'abc'],
		[undefined, '{ "a": "\\u0041" }', '{ "a": "\\u0041" }'],
	])('%p is not in what was read of %s', async (apiKey, body, text) => {
		const { client } = await clientOn({ body }, { ...CREDENTIAL, apiKey });
		expect((await client.get('poll', '/')).text).toBe(text);
	});

	it.each([
		[KEY, { b: '2' }],
		['', { a: `x ${KEY}`, b: '2' }],
	])('%p is in no header', async (apiKey, headers) => {
		const { client } = await clientOn({ headers: { a: `x ${KEY}`, b: '2' } }, { ...CREDENTIAL, apiKey });
		expect((await client.get('poll', '/')).headers).toEqual(headers);
	});
});

it("gives a blocking request the option's time, not n8n's 300 s", async () => {
	const n8n = new VirtualN8n({ latency: 608_000 });
	const { items } = await n8n.run({ parameters: { ...SAMPLE, options: { apiMode: 'sync', timeout: 20 } } });
	expect(n8n.bytesOf(items?.[0])?.equals(VIDEO)).toBe(true);
	expect(n8n.requests).toHaveLength(1);
	expect(n8n.requests[0]).toMatchObject({ method: 'POST', timeout: 20 * 60_000, disableFollowRedirect: true });
});

it('names a time limit in every request, and follows a redirect in none with the key', async () => {
	const n8n = new VirtualN8n({ latency: 20_000 });
	await n8n.run({ parameters: SAMPLE });
	expect(n8n.requests.length).toBeGreaterThan(4);
	for (const request of n8n.requests) {
		expect(request.timeout).toBeLessThanOrEqual(120_000);
		if (request.headers?.['x-api-key']) expect(request.disableFollowRedirect).toBe(true);
		else expect(request.abortSignal).toBeInstanceOf(AbortSignal);
	}
});

it("sends no file that n8n's binary store does not give", async () => {
	const { client, requests } = await clientOn({});
	const stored = { binary: { id: 'filesystem:gone', data: 'filesystem', mimeType: 'image/png' }, hash: '', size: 2 };
	expect(await failure(client.upload(stored))).toMatchObject({
		kind: 'store',
		message: 'n8n could not read the file (FileNotFoundError)',
		details: { retry: {} },
	});
	expect(requests).toEqual([]);
});
