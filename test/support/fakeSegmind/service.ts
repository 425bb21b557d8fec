import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real, playable MP4 of 3 s. */
export const VIDEO = readFileSync(join(__dirname, '../fixtures/dance.mp4'));
/** Of the shape that real keys have. */
export const KEY = ['SG', '0123456789abcdef'].join('_');
const HOUR = 60 * 60_000;

/** A request as the service sees it. */
export interface FakeRequest {
	host: 'api' | 'media' | 'storage';
	method: string;
	/** path and query */
	path: string;
	/** names in lower case */
	headers: Record<string, string>;
	body: string;
}

/** What the service answers. */
export interface FakeReply {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
	/** What happens to the connection instead of a whole answer. */
	cut?: 'before' | 'middle' | 'never answers' | 'stalls' | 'drips';
}

/** A fault to script: what comes instead of the normal answer. */
export interface Fault {
	/** Whether the service does its work before the fault, so that a POST is accepted. */
	handled?: boolean;
	status?: number;
	headers?: Record<string, string>;
	body?: string | Buffer | object;
	cut?: FakeReply['cut'];
}

/** A request that the service accepted. */
export interface FakeJob {
	id: string;
	model: string;
	request: Record<string, unknown>;
	route: 'v1' | 'v2';
	createdAt: number;
	/** The service's reason, where the job fails. */
	failure?: string;
	expired?: boolean;
}

/** How the service behaves; everything has a default. */
export interface FakeSettings {
	/** How long a job takes, in ms. */
	latency: number;
	/** Whether v2 is served. */
	v2: boolean;
	/** What v1 answers with: bytes, or the JSON that this gives. */
	v1: 'bytes' | ((job: FakeJob, videoUrl: string) => object);
	credits: number;
	/** The reason that a job fails for, by its number from 0. */
	fails(jobNumber: number, request: Record<string, unknown>): string | undefined;
	/** The fault that a request meets. `count` is how many requests of the same method and route came before. */
	fault(request: FakeRequest, route: Route, count: number): Fault | undefined;
	/** The bytes of a job's video. */
	video(job: FakeJob): Buffer;
	videoUrl(job: FakeJob): string;
	/** What the storage answers with, for the address of an upload. */
	upload(url: string): object;
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** What a request is for. */
export type Route = 'submit' | 'status' | 'result' | 'blocking' | 'credits' | 'media' | 'upload' | 'other';

/** A Segmind that follows segmind-api.md, without a network: requests in, replies out, everything logged. */
export class FakeSegmind {
	readonly log: Array<FakeRequest & { route: Route; at: number }> = [];
	readonly jobs: FakeJob[] = [];
	/** The files that were uploaded. */
	readonly uploads: Array<{ url: string; mimeType: string; content: Buffer }> = [];
	readonly settings: FakeSettings;
	private readonly counts = new Map<string, number>();
	private readonly byId = new Map<string, FakeJob>();
	/** The origin of the media host, set by whoever serves it. */
	mediaOrigin = 'https://images.segmind.test';
	apiOrigin = 'https://api.segmind.test';

	constructor(settings: Partial<FakeSettings> = {}) {
		this.settings = {
			latency: 0,
			v2: true,
			v1: 'bytes',
			credits: 25.5,
			fails: () => undefined,
			fault: () => undefined,
			video: () => VIDEO,
			videoUrl: (job) => `${this.mediaOrigin}/outputs/${job.id}.mp4`,
			upload: (url) => ({ urls: [url] }),
			now: () => Date.now(),
			sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
			...settings,
		};
	}

	/** The requests that could buy a video. */
	get posts() {
		return this.log.filter(({ host, method }) => host === 'api' && method === 'POST');
	}

	requestsTo(route: Route) {
		return this.log.filter((entry) => entry.route === route);
	}

	async handle(request: FakeRequest): Promise<FakeReply> {
		const route = routeOf(request);
		const kind = `${request.method} ${route}`;
		const count = this.counts.get(kind) ?? 0;
		this.counts.set(kind, count + 1);
		this.log.push({ ...request, route, at: this.settings.now() });
		const fault = this.settings.fault(request, route, count);
		if (!fault) return await this.answer(request, route);
		const normal = fault.handled || !(fault.status || fault.body) ? await this.answer(request, route) : reply(200, {});
		const { status = normal.status, headers, body, cut } = fault;
		const altered =
			body === undefined ? (fault.status ? reply(status, { error: `fault ${status}` }) : normal) : reply(status, body);
		return { ...altered, headers: { ...altered.headers, ...headers }, ...(cut && { cut }) };
	}

	private async answer(request: FakeRequest, route: Route): Promise<FakeReply> {
		if (route === 'media') return this.media(request);
		const key = request.headers['x-api-key'];
		if (!key) return unauthorized('Missing Authorization or x-api-key in header');
		if (key !== KEY)
			return unauthorized('Unauthorized. API key is invalid or may have expired. Please check your API key.');
		if (route === 'upload') return this.upload(request);
		const [, version, name = '', id = ''] = request.path.split('/');
		switch (route) {
			case 'credits':
				return reply(200, { credits: this.settings.credits });
			case 'submit': {
				if (!this.settings.v2) return reply(404, { error: 'Not Found' });
				const job = this.accept(name, 'v2', request.body);
				return reply(200, {
					request_id: job.id,
					status: 'QUEUED',
					poll_url: `${this.apiOrigin}/v1/requests/${job.id}`,
					status_url: `${this.apiOrigin}/v2/requests/${job.id}/status`,
					response_url: `${this.apiOrigin}/v2/requests/${job.id}`,
				});
			}
			case 'blocking':
				return await this.blocking(this.accept(name, 'v1', request.body));
			case 'status':
			case 'result':
				return version === 'v2' ? this.poll(id, route) : reply(404, { error: 'Not Found' });
			default:
				return { ...reply(405, '<!DOCTYPE html><html><body>Method Not Allowed</body></html>') };
		}
	}

	private upload({ body }: FakeRequest): FakeReply {
		const { data_urls: dataUrls } = JSON.parse(body) as { data_urls: string[] };
		const [, mimeType = '', base64 = ''] = /^data:([^;]+);base64,(.*)$/s.exec(dataUrls[0] ?? '') ?? [];
		if (dataUrls.length !== 1 || !mimeType) return reply(400, { error: 'data_urls must hold data URLs' });
		const url = `${this.mediaOrigin}/uploads/${this.uploads.length}`;
		this.uploads.push({ url, mimeType, content: Buffer.from(base64, 'base64') });
		return reply(200, this.settings.upload(url));
	}

	private accept(model: string, route: 'v1' | 'v2', body: string): FakeJob {
		const request = JSON.parse(body) as Record<string, unknown>;
		const failure = this.settings.fails(this.jobs.length, request);
		const job: FakeJob = { id: randomUUID(), model, request, route, createdAt: this.settings.now(), failure };
		this.jobs.push(job);
		this.byId.set(job.id, job);
		return job;
	}

	private async blocking(job: FakeJob): Promise<FakeReply> {
		await this.settings.sleep(this.settings.latency);
		if (job.failure !== undefined) return this.failed(job);
		const accounting = {
			'x-request-id': job.id,
			'x-cost': '0.967',
			'x-remaining-credits': String(this.settings.credits),
			'x-generation-time': '608.2',
		};
		const { v1 } = this.settings;
		const body = v1 === 'bytes' ? this.settings.video(job) : v1(job, this.settings.videoUrl(job));
		const answer = reply(200, body);
		const type: Record<string, string> = v1 === 'bytes' ? { 'content-type': 'video/mp4' } : {};
		return { ...answer, headers: { ...answer.headers, ...type, ...accounting } };
	}

	private poll(id: string, route: 'status' | 'result'): FakeReply {
		const job = this.byId.get(id);
		const age = job ? this.settings.now() - job.createdAt : Infinity;
		if (!job || job.expired || age > HOUR) return reply(404, { error: `Request ${id} not found` });
		const { latency } = this.settings;
		if (age < latency) {
			const status = age < latency / 4 ? 'QUEUED' : 'PROCESSING';
			return reply(200, { status, request_id: id, metrics: { queue_time: 1.5 } });
		}
		if (job.failure !== undefined) {
			return route === 'status' ? reply(200, { status: 'FAILED', request_id: id, metrics: {} }) : this.failed(job);
		}
		const metrics = {
			cost: 0.967,
			remaining_credits: this.settings.credits,
			inference_time: 608.2,
			queue_time: 1.5,
			total_time: 609.7,
		};
		if (route === 'status') return reply(200, { status: 'COMPLETED', request_id: id, metrics });
		const url = this.settings.videoUrl(job);
		const video = {
			url,
			content_type: 'video/mp4',
			file_name: `${id}.mp4`,
			file_size: this.settings.video(job).length,
		};
		return reply(200, { status: 'COMPLETED', request_id: id, output: url, video, metrics });
	}

	private failed(job: FakeJob): FakeReply {
		return reply(422, { status: 'FAILED', error: job.failure, metrics: { total_time: 12.3 } });
	}

	private media({ path }: FakeRequest): FakeReply {
		const job = this.byId.get(idsIn(path)[0] ?? '');
		if (!job) return reply(404, '<html><body>Not found</body></html>');
		const bytes = this.settings.video(job);
		return {
			status: 200,
			headers: { 'content-type': 'video/mp4', 'content-length': String(bytes.length) },
			body: bytes,
		};
	}
}

/** The ids in a text. */
export function idsIn(text: string): string[] {
	return text.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g) ?? [];
}

/** A reply with a body of that kind: an object as JSON, a text that begins with < as HTML. */
export function reply(status: number, body: string | Buffer | object): FakeReply {
	if (Buffer.isBuffer(body)) return { status, headers: {}, body };
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const type = typeof body !== 'string' ? 'application/json' : text.startsWith('<') ? 'text/html' : 'text/plain';
	return { status, headers: { 'content-type': type }, body: Buffer.from(text) };
}

function unauthorized(message: string): FakeReply {
	return reply(401, { error: 'unauthorized', error_description: message, status_code: 401 });
}

function routeOf({ host, method, path }: FakeRequest): Route {
	if (host === 'media') return 'media';
	if (host === 'storage') return method === 'POST' && path === '/upload-asset' ? 'upload' : 'other';
	if (method === 'GET' && path === '/v1/get-user-credits') return 'credits';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+\/status$/.test(path)) return 'status';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+$/.test(path)) return 'result';
	if (method === 'POST' && /^\/v2\/[^/]+$/.test(path)) return 'submit';
	if (method === 'POST' && /^\/v1\/[^/]+$/.test(path)) return 'blocking';
	return 'other';
}
