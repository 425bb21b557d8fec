import type { IDataObject, IExecuteFunctions, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

import { networkError, unreadableError } from '../segmind/faults';
import type { Headers } from '../segmind/types';
import type { Stage } from '../segmind/verdict';
import type { Ending, RunController } from './clock';
import type { Environment } from './environment';
import { CREDENTIAL_UNREADABLE, networkFault } from './fault';

/** Node's Readable, by the name that n8n-workflow gives it: `stream` itself must not be imported. */
export type Readable = Exclude<Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0], Buffer>;

/** One request. */
export interface Request {
	stage: Stage;
	method: IHttpRequestMethods;
	url: string;
	body?: object | string;
	headers?: Record<string, string>;
	/** ms until the headers of the answer */
	timeout: number;
	/** The credential that it carries; a request with one follows no redirect. */
	credential?: 'segmindApi';
}

/** An HTTP answer whose body is still to be read. */
export interface Reply {
	status: number;
	headers: Headers;
	body: Readable;
	/** Ends the exchange: whatever of the body was not read is given up, with its connection. */
	close(): void;
}

/**
 * How much longer than n8n's own timeout a request may take, in ms. axios counts that one from the last byte, and forgets it
 * where the connection ends in a way that it does not expect, as after HTTP 101.
 */
const GRACE = 5 * 60_000;
/** The same for an upload, which takes as long as the file needs. */
const UPLOAD_GRACE = 60 * 60_000;

/**
 * What ends a request before its time, where that is not any end of the run: a submit goes on where the run ends for
 * another item's sake, since its answer tells what was paid for, and the history is also asked after a stop.
 */
const ENDED_BY: Readonly<Partial<Record<Stage, Ending>>> = { submit: 'cancel', history: 'never' };

/**
 * Sends a request with n8n's own helpers, once. Whoever gets the reply closes it.
 * @throws SegmindError where no answer came
 */
export async function send(environment: Environment, request: Request): Promise<Reply> {
	const { context, clock } = environment;
	const { stage, timeout, method, url, headers, body, credential } = request;
	const controller = clock.controller(ENDED_BY[stage] ?? 'stop');
	const options: IHttpRequestOptions = {
		method,
		url,
		...(headers && { headers }),
		...(body && { body: body as IDataObject }),
		...(credential && { json: true, disableFollowRedirect: true }),
		encoding: 'stream',
		timeout,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		abortSignal: controller.signal,
	};
	// a connection that was given up must not stay open
	const giveUp = () => {
		controller.abort();
		controller.release();
	};
	const answered = new AbortController();
	const isLate = clock.timeIsUp(timeout + (stage === 'upload' ? UPLOAD_GRACE : GRACE), answered.signal).then((late) => {
		if (late) giveUp();
		return late;
	});
	let response: unknown;
	try {
		response = credential
			? await context.helpers.httpRequestWithAuthentication.call(
					callerWith(context, controller.signal),
					credential,
					options,
				)
			: await context.helpers.httpRequest(options);
	} catch (error) {
		giveUp();
		answered.abort();
		throw networkError(stage, (await isLate) ? { code: 'ETIMEDOUT' } : networkFault(error));
	}
	answered.abort();
	const reply = replyOf(response, controller);
	if (reply) return reply;
	giveUp();
	throw unreadableError(stage, { status: 0, headers: {}, text: '' }, 'n8n could not read');
}

/**
 * The execution's functions with the signal of this request: n8n's helper puts that of its caller in the place of the
 * request's own. A credential that cannot be read is told apart, since nothing was sent then.
 */
function callerWith(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
		getCredentials: {
			value: async (type: string) =>
				await context.getCredentials(type).catch((cause: unknown) => {
					throw Object.assign(new Error(CREDENTIAL_UNREADABLE, { cause }), { code: CREDENTIAL_UNREADABLE });
				}),
		},
	}) as IExecuteFunctions;
}

/** A reply from what n8n's HTTP helpers give for `returnFullResponse` and `encoding: 'stream'`; undefined for anything else. */
function replyOf(response: unknown, controller: RunController): Reply | undefined {
	if (typeof response !== 'object' || response === null) return undefined;
	const { statusCode, headers, body } = response as Record<string, unknown>;
	if (typeof statusCode !== 'number' || !isReadable(body)) return undefined;
	// whoever reads the body hears of a fault; one that comes while nobody reads must not end the process
	body.on('error', () => {});
	const close = () => {
		controller.release();
		if (body.readableEnded) return;
		// axios keeps the connection where only the body is destroyed while it waits for bytes
		controller.abort();
		body.destroy();
	};
	return { status: statusCode, headers: plainHeaders(headers), body, close };
}

function isReadable(value: unknown): value is Readable {
	return typeof value === 'object' && value !== null && 'pipe' in value && Symbol.asyncIterator in value;
}

function plainHeaders(headers: unknown): Headers {
	const entries = Object.entries(typeof headers === 'object' && headers !== null ? headers : {});
	return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
