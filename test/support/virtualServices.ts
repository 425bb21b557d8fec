import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { History } from '../../nodes/KlingMotionControl/jobs/history';
import type { Order } from '../../nodes/KlingMotionControl/jobs/order';
import { Pace } from '../../nodes/KlingMotionControl/jobs/pace';
import { Progress } from '../../nodes/KlingMotionControl/jobs/progress';
import { Schedule } from '../../nodes/KlingMotionControl/jobs/schedule';
import type { Session } from '../../nodes/KlingMotionControl/jobs/session';
import { SegmindClient, type Credential } from '../../nodes/KlingMotionControl/transport/client';
import { RunClock } from '../../nodes/KlingMotionControl/transport/clock';
import type { FileContent } from '../../nodes/KlingMotionControl/transport/file';
import type { Reply } from '../../nodes/KlingMotionControl/transport/http';
import { LIMITS, type Limits } from '../../nodes/KlingMotionControl/transport/limits';
import { KEY } from './fakeSegmind/service';
import { VirtualClock } from './virtualN8n';

/** The credential of a virtual session. */
export const CREDENTIAL: Credential = {
	apiKey: KEY,
	baseUrl: 'https://api.test',
	storageUrl: 'https://storage.test',
	historyUrl: '',
};
/** The same, with a history to ask. */
export const WITH_HISTORY: Credential = { ...CREDENTIAL, historyUrl: 'https://history.test' };

/** The least that is an MP4, as text. */
export const MP4 = '\0\0\0\x18ftypisom\0\0\0\0isommp42';
/** An MP4 that is too long to come at once. */
export const LONG_MP4 = MP4 + 'x'.repeat(200_000);

/** What a request is for, by its method and URL. */
export type Route = 'submit' | 'blocking' | 'status' | 'result' | 'credits' | 'upload' | 'history' | 'media';

/** What a service answers. An object is sent as JSON; a stream can be sent once only. */
export interface HttpAnswer {
	status?: number;
	headers?: Record<string, string>;
	body?: string | Buffer | object | Readable;
}

/** A request as n8n's helper got it, with the signal that n8n would end it by. */
export type SentRequest = IHttpRequestOptions & { abortSignal: AbortSignal };
/** What comes of a request: an answer, or the error that n8n's helper throws. */
type Ending = HttpAnswer | Error;
export type Given = Ending | ((request: SentRequest) => Ending | Promise<Ending>);

/** What a virtual session meets outside of itself. */
export interface VirtualServices {
	clock?: VirtualClock;
	credential?: Credential;
	/** What each route answers, in turn, and the last of them from then on. A route without an answer breaks off. */
	answers?: Partial<Record<Route, Given | Given[]>>;
	/** n8n's binary store, as it takes a video: by default it reads it through, and gives its text as `data`. */
	store?(content: Readable | Buffer, fileName: string, mimeType: string): Promise<unknown>;
	/** n8n's binary store, as it gives a file by its id. */
	file?(id: string): Promise<Readable>;
	limits?: Partial<Limits>;
	executionId?: string;
	runIndex?: number;
	nodeType?: string;
	/** How n8n runs the workflow. */
	mode?: 'manual' | 'retry';
	/** n8n's context of the node. */
	stored?: object;
}

/** A session of one run in virtual time, for what needs no engine: the real client, on n8n's helpers that give what the test says. */
export function virtualSession({ clock = new VirtualClock(), ...given }: VirtualServices = {}) {
	const began = clock.now();
	const requests: SentRequest[] = [];
	const sent: Array<[Route, number]> = [];
	const messages: string[] = [];
	const logs: string[] = [];
	const stored = given.stored ?? {};
	const turns = Object.fromEntries(
		Object.entries(given.answers ?? {}).map(([route, answers]) => [route, inTurn([answers].flat())]),
	);
	const send = async (request: SentRequest) => {
		const route = routeOf(request);
		requests.push(request);
		sent.push([route, clock.now() - began]);
		const next = turns[route]?.() ?? new Error(`nobody answers ${route}`);
		const ending = typeof next === 'function' ? await next(request) : next;
		if (ending instanceof Error) throw ending;
		return responseOf(ending);
	};
	const context = {
		getContext: () => stored,
		getNode: () => ({ type: given.nodeType ?? 'n' }),
		getMode: () => given.mode ?? 'manual',
		getExecutionId: () => given.executionId ?? '1',
		getWorkflowDataProxy: () => ({ $runIndex: given.runIndex ?? 0 }),
		sendMessageToUI: (message: string) => messages.push(message),
		logger: { info: (message: string) => logs.push(message) },
		helpers: {
			httpRequest: async (request: SentRequest) => await send(request),
			// as n8n's own, which puts the signal of its caller in the place of the request's
			async httpRequestWithAuthentication(this: IExecuteFunctions, type: string, request: SentRequest) {
				expect(type).toBe('segmindApi');
				return await send({ ...request, abortSignal: this.getExecutionCancelSignal() as AbortSignal });
			},
			prepareBinaryData: given.store ?? readThrough,
			getBinaryStream: async (id: string) => {
				if (given.file) return await given.file(id);
				throw new Error(`no file ${id}`);
			},
		},
	} as unknown as IExecuteFunctions;
	const runClock = new RunClock(clock);
	const environment = { context, clock: runClock, limits: { ...LIMITS, ...given.limits } };
	const client = new SegmindClient(environment, given.credential ?? CREDENTIAL);
	const history = new History(environment, client);
	const pace = new Pace(runClock);
	const schedule = new Schedule(runClock, pace);
	const session: Session = { ...environment, client, pace, schedule, history, progress: new Progress(context) };
	return {
		session,
		/** The time that passes only when everything waits for it. */
		clock,
		began,
		stored,
		/** The requests that were sent, in full. */
		requests,
		/** The same by their routes, with the ms since the session began. */
		sent,
		messages,
		logs,
		/** Ends the run as another item's failure does. */
		stop: () => runClock.end('stop'),
		/** Ends the run as the end of the execution does. */
		cancel: () => runClock.end('cancel'),
	};
}

/** How many exchanges and sleeps of a run are not over. */
export function openExchanges(clock: RunClock): number {
	return Object.values(clock['controllers']).reduce((sum, { size }) => sum + size, 0);
}

/** Gives each value in turn, and the last of them from then on. */
export function inTurn<T>(values: readonly T[]): () => T | undefined {
	let turn = 0;
	return () => values[Math.min(turn++, values.length - 1)];
}

/** An error as Node's network tells of it. */
export function faultOf(code: string, syscall?: string): Error {
	return Object.assign(new Error(`${code} at 10.0.0.1`), { code, ...(syscall && { syscall }) });
}

/** Segmind's own refusal of a request. */
export function refusal(status: number, headers: Record<string, string> = {}): HttpAnswer {
	return { status, headers, body: { error: 'x' } };
}

/** A body that breaks off after these bytes. */
export function brokenBody(start = '', code = 'ECONNRESET'): Readable {
	return new Readable({
		read() {
			if (start) this.push(start);
			this.destroy(faultOf(code));
		},
	});
}

/** A body of which nothing comes after these bytes. */
export function silentBody(start = ''): Readable {
	const body = new Readable({ read() {} });
	if (start) body.push(start);
	return body;
}

/** An order by what is special about it. */
export function orderOf({ model = 'kling-2.6-standard-motion-control', body, files = {} }: OrderParts = {}): Order {
	return { model, body: { prompt: 'p', character_orientation: 'video', keep_original_sound: true, ...body }, files };
}

interface OrderParts {
	model?: Order['model'];
	body?: Partial<Order['body']>;
	files?: Order['files'];
}

/** A file that n8n keeps in memory. */
export function fileOf(content: string, mimeType = 'image/png'): FileContent {
	return {
		binary: { data: Buffer.from(content).toString('base64'), mimeType },
		mimeType,
		hash: createHash('sha256').update(content).digest('hex'),
		facts: { size: content.length },
	};
}

/** What the work throws, which it must. */
export async function thrown(work: Promise<unknown>): Promise<unknown> {
	return await work.then(
		() => {
			throw new Error('nothing was thrown');
		},
		(error: unknown) => error,
	);
}

/** Reads a stored video through. */
export async function readThrough(content: Readable | Buffer, fileName: string, mimeType: string) {
	const chunks: Buffer[] = [];
	for await (const chunk of Buffer.isBuffer(content) ? [content] : content) chunks.push(Buffer.from(chunk as Buffer));
	return { data: Buffer.concat(chunks).toString(), fileName, mimeType };
}

/** A reply as the transport gives it, and how often it was closed. */
export function replyOn(answer: HttpAnswer): { reply: Reply; closed: () => number } {
	const { statusCode: status, headers, body } = responseOf(answer);
	body.on('error', () => {});
	let count = 0;
	const close = () => {
		count++;
		body.destroy();
	};
	return { reply: { status, headers, body, close }, closed: () => count };
}

function responseOf({ status = 200, headers = {}, body = '' }: HttpAnswer) {
	if (body instanceof Readable) return { statusCode: status, headers, body };
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	return { statusCode: status, headers, body: Readable.from(bytes.length > 0 ? [bytes] : [], { objectMode: false }) };
}

function routeOf({ method, url }: IHttpRequestOptions): Route {
	const { origin, pathname } = new URL(url);
	if (origin === CREDENTIAL.storageUrl) return 'upload';
	if (origin === WITH_HISTORY.historyUrl) return 'history';
	if (origin !== CREDENTIAL.baseUrl) return 'media';
	if (method === 'POST') return pathname.startsWith('/v1/') ? 'blocking' : 'submit';
	if (!pathname.startsWith('/v2/requests/')) return 'credits';
	return pathname.endsWith('/status') ? 'status' : 'result';
}
