import { Readable } from 'node:stream';

import { NodeApiError, type IExecuteFunctions, type IHttpRequestOptions, type INode } from 'n8n-workflow';

import type { SegmindError } from '../../../../nodes/KlingMotionControl/segmind/segmindError';
import type { Stage } from '../../../../nodes/KlingMotionControl/segmind/verdict';
import { RunClock } from '../../../../nodes/KlingMotionControl/transport/clock';
import { send, type Request } from '../../../../nodes/KlingMotionControl/transport/http';
import { LIMITS } from '../../../../nodes/KlingMotionControl/transport/limits';
import { faultOf, openExchanges, silentBody, thrown } from '../../../support/virtualServices';
import { VirtualClock } from '../../../support/virtualN8n';

const NODE: INode = { id: 'b', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };
const URL = 'https://images.segmind.test/a.mp4';
const GET: Request = { stage: 'download', method: 'GET', url: URL, timeout: 5_000 };
const POLL: Request = { stage: 'poll', method: 'GET', url: URL, timeout: 5_000, credential: 'segmindApi' };
const SUBMIT: Request = { ...POLL, stage: 'submit', method: 'POST', body: { prompt: 'p' } };

/** What n8n's helper is called with. */
interface Call {
	helper: 'plain' | 'authenticated';
	caller?: IExecuteFunctions;
	request: IHttpRequestOptions;
}

/** An environment whose helpers give that for every request. */
function environmentOn(
	respond: (call: Call) => unknown,
	getCredentials: () => Promise<object> = async () => ({ apiKey: 'k' }),
) {
	const calls: Call[] = [];
	const respondTo = async (call: Call) => {
		calls.push(call);
		return await respond(call);
	};
	const execution = new AbortController();
	const context = {
		getNode: () => NODE,
		getExecutionCancelSignal: () => execution.signal,
		getCredentials,
		helpers: {
			httpRequest: async (request: IHttpRequestOptions) => await respondTo({ helper: 'plain', request }),
			async httpRequestWithAuthentication(this: IExecuteFunctions, type: string, request: IHttpRequestOptions) {
				expect(type).toBe('segmindApi');
				return await respondTo({ helper: 'authenticated', caller: this, request });
			},
		},
	} as unknown as IExecuteFunctions;
	const clock = new RunClock(new VirtualClock());
	return { environment: { context, clock, limits: LIMITS }, context, clock, execution, calls };
}

const isAborted = (call?: Call) => (call?.request.abortSignal as AbortSignal).aborted;

const ok = (body: unknown = Readable.from([]), headers: unknown = {}) => ({ statusCode: 200, headers, body });

describe('a request', () => {
	it('without a credential asks for a stream, in time, and for nothing else', async () => {
		const { environment, calls } = environmentOn(() => ok());
		await send(environment, { ...GET, headers: { 'accept-encoding': 'identity' } });
		await send(environment, GET);
		const common = {
			method: 'GET',
			url: URL,
			encoding: 'stream',
			timeout: 5_000,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			abortSignal: expect.any(AbortSignal),
		};
		expect(calls.map(({ helper, request }) => [helper, request])).toEqual([
			['plain', { ...common, headers: { 'accept-encoding': 'identity' } }],
			['plain', common],
		]);
		expect(calls.map(({ request }) => Object.keys(request).includes('headers'))).toEqual([true, false]);
	});

	it('with a credential follows no redirect', async () => {
		const { environment, calls } = environmentOn(() => ok());
		await send(environment, SUBMIT);
		expect(calls.map(({ helper, request }) => [helper, request])).toEqual([
			[
				'authenticated',
				{
					method: 'POST',
					url: URL,
					body: { prompt: 'p' },
					json: true,
					disableFollowRedirect: true,
					encoding: 'stream',
					timeout: 5_000,
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					abortSignal: expect.any(AbortSignal),
				},
			],
		]);
	});

	it("is called as the execution, but for its own signal, since n8n's helper takes that of its caller", async () => {
		const { environment, context, execution, calls } = environmentOn(() => ok());
		await send(environment, POLL);
		await send(environment, POLL);
		const [first, second] = calls;
		const signal = first?.caller?.getExecutionCancelSignal();
		expect(signal).toBe(first?.request.abortSignal);
		expect(second?.caller?.getExecutionCancelSignal()).not.toBe(signal);
		expect(first?.caller?.getNode()).toBe(NODE);
		expect(first?.caller?.helpers).toBe(context.helpers);
		expect('getExecutionCancelSignal' in (first?.caller ?? {})).toBe(true);
		expect(await first?.caller?.getCredentials('segmindApi')).toEqual({ apiKey: 'k' });
		// the execution's own functions are as they were
		expect(context.getExecutionCancelSignal()).toBe(execution.signal);
	});

	it.each<[Stage, boolean, boolean]>([
		['submit', false, true],
		['poll', true, true],
		['credits', true, true],
		['upload', true, true],
		['download', true, true],
		['check', true, true],
		['history', false, false],
	])('%s is ended by a stop: %p, by a cancel: %p', async (stage, byStop, byCancel) => {
		const { environment, clock, calls } = environmentOn(() => ok(silentBody()));
		await send(environment, { ...POLL, stage });
		const signal = calls[0]?.request.abortSignal as AbortSignal;
		expect(signal.aborted).toBe(false);
		clock.end('stop');
		expect(signal.aborted).toBe(byStop);
		clock.end('cancel');
		expect(signal.aborted).toBe(byCancel);
	});

	it('is ended before it begins where the run is over', async () => {
		const { environment, clock, calls } = environmentOn(() => ok());
		clock.end('stop');
		await send(environment, GET);
		await send(environment, SUBMIT);
		expect(calls.map(isAborted)).toEqual([true, false]);
	});
});

describe('a reply', () => {
	it('has what the helpers give, with header names in lower case', async () => {
		const body = Readable.from([]);
		const { environment } = environmentOn(() => ({ statusCode: 404, headers: { 'X-Cost': 1, b: ['c', 'd'] }, body }));
		const { status, headers, body: given } = await send(environment, POLL);
		expect({ status, headers }).toEqual({ status: 404, headers: { 'x-cost': '1', b: 'c,d' } });
		expect(given).toBe(body);
	});

	it.each<[unknown, object]>([
		[undefined, {}],
		[null, {}],
		['x-cost: 1', {}],
		[{}, {}],
	])('takes %p for headers', async (headers, read) => {
		const { environment } = environmentOn(() => ok(Readable.from([]), headers));
		expect((await send(environment, POLL)).headers).toEqual(read);
	});

	it.each<[string, unknown]>([
		['undefined', undefined],
		['null', null],
		['a text', 'text'],
		['no status', {}],
		['a status as text', { statusCode: '200', body: Readable.from([]) }],
		['no body', { statusCode: 200 }],
		['null for a body', { statusCode: 200, body: null }],
		['a text for a body', { statusCode: 200, body: 'text' }],
		['an object for a body', { statusCode: 200, body: {} }],
		['half a stream for a body', { statusCode: 200, body: { pipe: 1 } }],
		['a list for a body', { statusCode: 200, body: [] }],
	])('is none: %s', async (_name, response) => {
		const { environment, clock, calls } = environmentOn(() => response);
		const error = await thrown(send(environment, SUBMIT));
		expect(error).toMatchObject({
			kind: 'unreadable',
			message: 'Segmind sent an answer that n8n could not read. The request may have been accepted and charged',
			details: { accepted: 'maybe' },
		});
		expect((error as SegmindError).details).not.toHaveProperty('httpStatus');
		// nothing of it stays open
		expect(isAborted(calls[0])).toBe(true);
		expect(openExchanges(clock)).toBe(0);
	});

	it('lets a fault pass that comes while nobody reads', async () => {
		const late = silentBody();
		const { environment } = environmentOn(() => ok(late));
		await send(environment, POLL);
		expect(late.emit('error', new Error('x'))).toBe(true);
	});
});

describe('close', () => {
	it('ends an exchange whose body was not read', async () => {
		const body = silentBody('ab');
		const { environment, clock, calls } = environmentOn(() => ok(body));
		const reply = await send(environment, GET);
		expect(openExchanges(clock)).toBe(1);
		reply.close();
		expect(isAborted(calls[0])).toBe(true);
		expect(body.destroyed).toBe(true);
		expect(openExchanges(clock)).toBe(0);
		// and once more makes no difference
		reply.close();
		expect(openExchanges(clock)).toBe(0);
	});

	it('ends an exchange whose body broke off', async () => {
		const body = silentBody();
		const { environment, clock, calls } = environmentOn(() => ok(body));
		const reply = await send(environment, GET);
		body.destroy(faultOf('ECONNRESET'));
		reply.close();
		expect(isAborted(calls[0])).toBe(true);
		expect(openExchanges(clock)).toBe(0);
	});

	it('leaves alone what was read to its end: its connection may be used again', async () => {
		const body = Readable.from([Buffer.from('ab')], { objectMode: false });
		const { environment, clock, calls } = environmentOn(() => ok(body));
		const reply = await send(environment, GET);
		for await (const chunk of reply.body) void chunk;
		reply.close();
		clock.end('cancel');
		expect(isAborted(calls[0])).toBe(false);
		expect(openExchanges(clock)).toBe(0);
	});
});

describe('a request that gets no answer', () => {
	class SsrfBlockedIpError extends Error {
		override name = 'SsrfBlockedIpError';
	}
	class SsrfBlockedHostnameError extends Error {
		override name = 'SsrfBlockedHostnameError';
	}
	const wrapped = (error: Error) => new NodeApiError(NODE, error as never);

	it.each<[string, Error, 'no' | 'maybe', RegExp]>([
		['a host without a name', faultOf('ENOTFOUND', 'getaddrinfo'), 'no', /name was not found \(ENOTFOUND\)$/],
		['a refused connection', faultOf('ECONNREFUSED', 'connect'), 'no', /refused \(ECONNREFUSED\)$/],
		['a certificate', faultOf('CERT_HAS_EXPIRED'), 'no', /its certificate is not trusted/],
		['a refused connection, wrapped', wrapped(faultOf('ECONNREFUSED', 'connect')), 'no', /\(ECONNREFUSED\)$/],
		['a route that vanished', faultOf('ENETUNREACH'), 'maybe', /\(ENETUNREACH\)\. The request may have been accepted/],
		['a break', faultOf('ECONNRESET', 'read'), 'maybe', /broke off \(ECONNRESET\)\. The request may/],
		['a break, wrapped', wrapped(faultOf('ECONNRESET', 'read')), 'maybe', /broke off \(ECONNRESET\)\. The request may/],
		['silence', faultOf('ECONNABORTED'), 'maybe', /no answer came in time/],
		['nobody knows what', new Error('secret'), 'maybe', /\(UNKNOWN\)\. The request may/],
		['no error at all', 'secret' as unknown as Error, 'maybe', /\(UNKNOWN\)\. The request may/],
		[
			"n8n's protection of addresses",
			wrapped(new SsrfBlockedIpError('10.0.0.1')),
			'no',
			/^n8n refused to connect to Segmind \(SsrfBlockedIpError\)$/,
		],
		[
			"n8n's protection of hosts, unwrapped",
			new SsrfBlockedHostnameError('secret'),
			'no',
			/^n8n refused to connect to Segmind \(SsrfBlockedHostnameError\)$/,
		],
	])('since it met %s', async (_name, fault, accepted, message) => {
		const { environment, clock, calls } = environmentOn(() => {
			throw fault;
		});
		const error = (await thrown(send(environment, SUBMIT))) as SegmindError;
		expect(error).toMatchObject({ kind: 'network', details: { accepted, repeats: 0 } });
		expect(error.message).toMatch(message);
		expect(JSON.stringify([error.message, error.details])).not.toMatch(/secret|10\.0\.0\.1/);
		// a connection that was given up must not stay open
		expect(isAborted(calls[0])).toBe(true);
		expect(openExchanges(clock)).toBe(0);
	});

	it('since its credential cannot be read was not sent', async () => {
		const failing = async () => await Promise.reject(new Error('secret'));
		// as n8n's helper does: it reads the credential, and wraps whatever fails
		const { environment, clock } = environmentOn(async ({ caller }) => {
			try {
				return await caller?.getCredentials('segmindApi');
			} catch (error) {
				throw wrapped(error as Error);
			}
		}, failing);
		const error = (await thrown(send(environment, SUBMIT))) as SegmindError;
		expect(error).toMatchObject({ kind: 'network', details: { accepted: 'no', repeats: 0 } });
		expect(error.details.description).toMatch(/This item was not charged\.$/);
		expect(JSON.stringify([error.message, error.details])).not.toContain('secret');
		expect(openExchanges(clock)).toBe(0);
	});

	it.each<[Stage, number]>([
		['poll', Infinity],
		['download', Infinity],
		['upload', Infinity],
		['submit', 0],
	])('may be repeated as a %s so often: %p', async (stage, repeats) => {
		const { environment } = environmentOn(() => {
			throw faultOf('ECONNRESET');
		});
		expect(await thrown(send(environment, { ...POLL, stage }))).toMatchObject({ details: { repeats } });
	});
});
