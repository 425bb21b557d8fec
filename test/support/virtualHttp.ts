import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { idsIn, type FakeReply, type FakeRequest } from './fakeSegmind/protocol';
import type { FakeSegmind } from './fakeSegmind/service';

/** The hosts that there are; a reference's URL is on none of them. */
const HOSTS: Readonly<Record<string, FakeRequest['host']>> = {
	'api.segmind.test': 'api',
	'storage.segmind.test': 'storage',
	'history.segmind.test': 'history',
	'images.segmind.test': 'media',
	// where a credential that was saved without it has its history
	'api.spotprod.segmind.com': 'history',
};

/** n8n's HTTP helpers without a network: requests go to a fake Segmind, and faults are those that axios throws. */
export class VirtualHttp {
	readonly requests: IHttpRequestOptions[] = [];
	/** The ids of jobs that some answer told, other than one of the history. */
	readonly told = new Set<string>();

	constructor(
		private readonly segmind: FakeSegmind,
		private readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
	) {}

	/** @throws what axios throws where no answer came */
	async send(request: IHttpRequestOptions, signal = new AbortController().signal) {
		if (signal.aborted) throw coded('ERR_CANCELED');
		const { hostname, pathname, search } = new URL(request.url);
		const host = HOSTS[hostname];
		if (!host) throw coded('ENOTFOUND');
		this.requests.push(request);
		const answered = this.segmind.handle({
			host,
			method: request.method ?? 'GET',
			path: pathname + queryOf(request, search),
			headers: (request.headers ?? {}) as Record<string, string>,
			body: await textOf(request.body),
		});
		const reply = await unlessAborted(answered, signal);
		if (reply.cut === 'before') throw coded('ECONNRESET');
		if (reply.cut === 'never answers') {
			await this.sleep(request.timeout ?? 300_000, signal).catch(() => {});
			throw coded(signal.aborted ? 'ERR_CANCELED' : 'ECONNABORTED');
		}
		if (host !== 'history') this.hear(reply);
		return { statusCode: reply.status, headers: reply.headers, body: bodyOf(reply) };
	}

	private hear({ headers, body, cut }: FakeReply): void {
		const said = Object.values(headers).join() + (cut ? '' : body.subarray(0, 4_000).toString('latin1'));
		for (const id of idsIn(said)) this.told.add(id);
	}
}

/** The query in the URL, with the parameters that n8n's helper adds to it. */
function queryOf({ qs }: IHttpRequestOptions, search: string): string {
	const query = new URLSearchParams(search);
	for (const [name, value] of Object.entries(qs ?? {})) query.set(name, String(value));
	return query.size > 0 ? `?${query.toString()}` : '';
}

async function textOf(body: unknown): Promise<string> {
	if (body instanceof Readable) return await text(body);
	if (body === undefined || body === null) return '';
	return typeof body === 'string' ? body : JSON.stringify(body);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	let abort = () => {};
	const aborted = new Promise<never>((_, reject) => {
		abort = () => reject(coded('ERR_CANCELED'));
		signal.addEventListener('abort', abort, { once: true });
	});
	return await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
}

function bodyOf({ body, cut }: FakeReply): Readable {
	if (cut !== 'middle') return Readable.from(body.length ? [body] : [], { objectMode: false });
	const half = body.subarray(0, Math.ceil(body.length / 2));
	return new Readable({
		read() {
			this.push(half);
			this.destroy(coded('ECONNRESET'));
		},
	});
}

function coded(code: string): Error {
	return Object.assign(new Error(code), { code });
}
