import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { MODELS } from '../../../nodes/KlingMotionControl/segmind/models';
import { FakeHistory } from './history';
import type { HistoryEntry } from './historyRows';
import { idsIn, plainId, reply, routeOf, type FakeJob, type FakeReply, type FakeRequest, type Route } from './protocol';
import type { FakeSettings } from './settings';

export type { FakeJob, FakeReply, FakeRequest, Route } from './protocol';
export type { FakeSettings, Fault } from './settings';

/** A real, playable MP4 of 3 s. */
export const VIDEO = readFileSync(join(__dirname, '../fixtures/dance.mp4'));
/** Of the shape that real keys have. */
export const KEY = ['SG', '0123456789abcdef'].join('_');
const HOUR = 60 * 60_000;
/** How long a video's URL works. */
const LIFE_OF_VIDEO = 7 * 24 * HOUR;

/** A Segmind that follows docs/segmind-api.md, without a network: requests in, replies out, everything logged. */
export class FakeSegmind {
	readonly log: Array<FakeRequest & { route: Route; at: number }> = [];
	readonly jobs: FakeJob[] = [];
	/** The files that were uploaded. */
	readonly uploads: Array<{ url: string; mimeType: string; content: Buffer }> = [];
	readonly settings: FakeSettings;
	private readonly counts = new Map<string, number>();
	private readonly byId = new Map<string, FakeJob>();
	readonly history: FakeHistory;
	/** The origins, set by whoever serves them. */
	mediaOrigin = 'https://images.segmind.test';
	apiOrigin = 'https://api.segmind.test';

	constructor(settings: Partial<FakeSettings> = {}) {
		this.settings = {
			latency: 0,
			v2: true,
			v1: 'bytes',
			v2KnowsV1: true,
			credits: 25.5,
			id: () => randomUUID(),
			skew: 0,
			history: {},
			fails: () => undefined,
			fault: () => undefined,
			answered: () => undefined,
			video: () => VIDEO,
			videoUrl: (job) => `${this.mediaOrigin}/outputs/${job.id}.mp4`,
			upload: (url) => ({ urls: [url] }),
			now: () => Date.now(),
			sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
			...settings,
		};
		this.history = new FakeHistory(this.settings.history, {
			now: () => this.serviceTime(),
			entries: (delayOf) => this.jobs.filter((job) => this.ageOf(job) >= delayOf(job)).map((job) => this.entryOf(job)),
		});
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
		const entry = { ...request, route, at: this.settings.now() };
		this.log.push(entry);
		if (request.host === 'history') this.history.log.push(entry);
		const answer = await this.answerOrFault(request, route, count);
		const dated = { ...answer, headers: { date: new Date(this.serviceTime()).toUTCString(), ...answer.headers } };
		this.settings.answered(request, dated);
		return dated;
	}

	/**
	 * A request of this account that was made before, or by somebody else.
	 * @param job what it was, its route and age in ms included
	 */
	remember({ age = 0, ...job }: Partial<FakeJob> & Pick<FakeJob, 'model' | 'request'> & { age?: number }): FakeJob {
		const made: FakeJob = { id: this.settings.id(), route: 'v2', createdAt: this.settings.now() - age, ...job };
		this.jobs.push(made);
		this.byId.set(plainId(made.id), made);
		return made;
	}

	private async answerOrFault(request: FakeRequest, route: Route, count: number): Promise<FakeReply> {
		const fault = this.settings.fault(request, route, count);
		if (!fault) return await this.answer(request, route);
		const answered = fault.handled || !(fault.status || fault.body) ? this.answer(request, route) : undefined;
		if (fault.after !== undefined) await this.settings.sleep(fault.after);
		const isReplaced = fault.after !== undefined && (fault.status ?? fault.body ?? fault.cut) !== undefined;
		const normal = answered && !isReplaced ? await answered : reply(200, {});
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
		if (route === 'history' || route === 'record') return this.history.answer(request);
		const [, version, name = '', id = ''] = request.path.split('/');
		const buys = route === 'submit' || route === 'blocking';
		if (buys && !Object.hasOwn(MODELS, name)) return reply(404, { error: `Model ${name} not found` });
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
		return this.remember({ model, request, route, failure: this.settings.fails(this.jobs.length, request) });
	}

	/** ms since the epoch, by the service's own clock */
	private serviceTime(): number {
		return this.settings.now() + this.settings.skew;
	}

	private ageOf({ createdAt }: FakeJob): number {
		return this.settings.now() - createdAt;
	}

	private entryOf(job: FakeJob): HistoryEntry {
		const { id, model, request, failure, createdAt } = job;
		const isDone = this.ageOf(job) >= this.settings.latency;
		const status = !isDone ? 'PENDING' : failure !== undefined ? 'FAILED' : 'COMPLETED';
		return {
			...{ id, model, request, status, createdAt: createdAt + this.settings.skew },
			...(status === 'COMPLETED' && { url: this.settings.videoUrl(job) }),
			...(status === 'FAILED' && { error: failure }),
		};
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
		const job = this.byId.get(plainId(id));
		const age = job ? this.ageOf(job) : Infinity;
		const isUnknown = job?.expired || (job?.route === 'v1' && !this.settings.v2KnowsV1);
		if (!job || isUnknown || age > HOUR) return reply(404, { error: `Request ${id} not found` });
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
		const uploaded = this.uploads.find(({ url }) => url === this.mediaOrigin + path);
		if (uploaded) {
			return { status: 200, headers: { 'content-type': uploaded.mimeType }, body: uploaded.content };
		}
		const job = this.byId.get(plainId(idsIn(path)[0] ?? ''));
		if (!job) return reply(404, '<html><body>Not found</body></html>');
		if (this.ageOf(job) > LIFE_OF_VIDEO) return reply(403, '<html><body>Request has expired</body></html>');
		const bytes = this.settings.video(job);
		return {
			status: 200,
			headers: { 'content-type': 'video/mp4', 'content-length': String(bytes.length) },
			body: bytes,
		};
	}
}

function unauthorized(message: string): FakeReply {
	return reply(401, { error: 'unauthorized', error_description: message, status_code: 401 });
}
