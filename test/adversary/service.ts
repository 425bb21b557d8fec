import { randomUUID } from 'node:crypto';

import { VIDEO } from '../support/fakeSegmind/service';
import { answerOf, refuses, WRONG_ID, type Answer, type Content } from './answer';
import type { Telling } from './hearing';
import { PROPER, type Fate, type Move, type Route, type Schedule } from './schedule';

/** A job that was taken on. */
export interface Job {
	id: string;
	item: number;
	fate: Fate;
	/** How often its status was asked for. */
	polls: number;
	/** What told its id. */
	told?: Telling;
	/** What the answer to its POST called it in place of its id: it is named by that, too. */
	alias?: string;
	/** Whether v1 sent its video in a way that hides how long it is. */
	cut?: boolean;
	/** Whether an answer said that it failed, or its POST was refused all the same. */
	over?: boolean;
}

/** A POST, as far as it was read. */
export interface Post {
	/** Known where it was read, or where there is but one. */
	item?: number;
	/** Which run of the node sent it. */
	turn: number;
	route: Route;
	job?: Job;
	/** Whether its answer proved that nothing was taken on. */
	refused: boolean;
	/** The status of its answer. */
	status?: number;
	prompt: string;
}

/** A request to be answered. */
export interface Exchange {
	route: Route | 'other';
	move: Move;
	path: string;
	post?: Post;
}

/** The server's own view of one execution: what it was asked for, what it took on, and what it said. No sockets. */
export class Service {
	readonly jobs: Job[] = [];
	readonly posts: Post[] = [];
	/** When each request came, and of which kind. */
	readonly requests: Array<{ route: Route | 'other'; at: number }> = [];
	/** What came to the media host that must not. */
	readonly leaks: string[] = [];
	/** Which run of the node this is, from 1. */
	turn = 0;
	private readonly counts = new Map<string, number>();

	constructor(
		readonly schedule: Schedule,
		private readonly key: string,
		private readonly mediaUrl: string,
		private readonly onRequest: (count: number) => void,
	) {}

	/** A request whose head was read. */
	arrive(host: 'api' | 'media', method: string, path: string, head: string): Exchange {
		const route = routeOf(host, method, path);
		if (host === 'media' && (method !== 'GET' || head.includes(this.key))) this.leaks.push(`${method} ${path}`);
		this.requests.push({ route, at: performance.now() });
		this.onRequest(this.requests.length);
		const exchange: Exchange = { route, move: this.moveOf(route), path };
		if (route === 'submit' || route === 'blocking') {
			const item = this.schedule.items === 1 ? { item: 0 } : {};
			exchange.post = { ...item, route, turn: this.turn, refused: false, prompt: '' };
			this.posts.push(exchange.post);
		}
		return exchange;
	}

	/** The body of a POST, which came whole: from now on it is known whose it is. */
	complete({ post }: Exchange, body: string): void {
		if (!post) return;
		post.prompt = String((JSON.parse(body) as { prompt?: unknown }).prompt);
		post.item = Number(/^item (\d)$/.exec(post.prompt)?.[1]);
	}

	/** What to answer. A POST that was read whole is taken on here, where the answer then does not prove that it was not. */
	answer({ route, move, path, post }: Exchange): Answer {
		if (!post) return this.made(move, this.contentFor(route, path));
		if (move.reads === 'all' && post.prompt && post.item !== undefined) {
			const fate = this.schedule.fates[this.jobs.length] ?? { polls: 0, end: 'COMPLETED' };
			const job: Job = { id: randomUUID(), item: post.item, fate, polls: 0 };
			const content = this.accepted(post.route, job);
			const answer = this.made(move, content);
			const own = move.status === 'own' && move.body === 'proper';
			if (own || (move.takes && !refuses(answer, move, content))) {
				this.jobs.push(job);
				post.job = job;
				// a client that has all it was promised may be gone before the rest goes out
				job.cut =
					post.route === 'blocking' && answer.headed && (move.framing === 'too short' || move.framing === 'close');
				return answer;
			}
		}
		return this.made(move, { status: 503, headers: {}, body: { error: 'busy' } });
	}

	/** Notes what an answer says that is about to go out to a client that is still there. @param port the client's */
	say({ route, move, post, path }: Exchange, answer: Answer, port: number): void {
		const isProper = move.body === 'proper' && answer.readable;
		if (post) {
			const content = post.job
				? this.accepted(post.route, post.job)
				: { status: 503, headers: {}, body: { error: '' } };
			post.refused = refuses(answer, move, content);
			post.status = answer.status;
			if (!post.job) return;
			const { job } = post;
			if (move.body === 'wrong JSON') job.alias = String(WRONG_ID);
			if (post.refused || (isProper && post.route === 'blocking' && job.fate.end === 'FAILED')) job.over = true;
			const by = post.route === 'submit' ? 'body' : 'head';
			const named = by === 'body' ? isProper && answer.certain : answer.headed;
			if (named && [200, 201, 202].includes(answer.status)) job.told ??= { by, port, at: performance.now() };
		} else {
			const job = this.jobIn(path);
			if (!job || !this.isDone(job) || route === 'media') return;
			if (job.fate.end === 'FAILED' && isProper) job.over = true;
			// one route says that it failed, and the other one knows of no result
			const isGone = route === 'result' && move.body !== 'proper' && [404, 410].includes(answer.status);
			if (job.fate.end === 'denied' && isGone) job.over = true;
		}
	}

	/** The bytes of a job's video. */
	static videoOf({ id }: Job): Buffer {
		return Buffer.concat([VIDEO, Buffer.from(id)]);
	}

	private made(move: Move, content: Content): Answer {
		return answerOf(move, content, this.key, this.mediaUrl);
	}

	private moveOf(route: Route | 'other'): Move {
		const { moves, rest } = this.schedule;
		if (route === 'other') return PROPER;
		const count = this.counts.get(route) ?? 0;
		this.counts.set(route, count + 1);
		const move = moves[route][count] ?? (rest?.route === route ? rest.move : PROPER);
		// whether a job failed is for its fate to say
		const isPost = route === 'submit' || route === 'blocking';
		return move.body === 'failed' && !isPost ? { ...move, body: 'error' } : move;
	}

	private jobIn(path: string): Job | undefined {
		return this.jobs.find(({ id }) => path.includes(id));
	}

	private isDone({ polls, fate }: Job): boolean {
		return polls > fate.polls;
	}

	private contentFor(route: Route | 'other', path: string): Content {
		const job = this.jobIn(path);
		if (!job || route === 'other') return { status: 404, headers: {}, body: { error: 'not found' } };
		if (route === 'media') {
			return { status: 200, headers: { 'content-type': 'video/mp4' }, body: Service.videoOf(job) };
		}
		if (route === 'status') job.polls++;
		const { id } = job;
		if (!this.isDone(job))
			return { status: 200, headers: {}, body: { status: 'PROCESSING', request_id: id, metrics: {} } };
		const { end } = job.fate;
		if (end === 'FAILED' || (end === 'denied' && route === 'status')) {
			const body = { status: 'FAILED', request_id: id, error: 'no person', metrics: {} };
			return { status: route === 'status' ? 200 : 422, headers: {}, body };
		}
		if (route === 'status')
			return { status: 200, headers: {}, body: { status: 'COMPLETED', request_id: id, metrics: {} } };
		return { status: 200, headers: {}, body: this.result(job) };
	}

	private accepted(route: Route, job: Job): Content {
		const { id } = job;
		if (route === 'submit') return { status: 200, headers: {}, body: { request_id: id, status: 'QUEUED' } };
		const headers = { 'x-request-id': id, 'x-cost': '0.967' };
		if (job.fate.end === 'FAILED') return { status: 422, headers, body: { status: 'FAILED', error: 'no person' } };
		if (this.schedule.v1 === 'JSON') return { status: 200, headers, body: this.result(job) };
		return { status: 200, headers: { ...headers, 'content-type': 'video/mp4' }, body: Service.videoOf(job) };
	}

	private result(job: Job): object {
		const url = `${this.mediaUrl}/outputs/${job.id}.mp4`;
		const video = {
			url,
			content_type: 'video/mp4',
			file_name: `${job.id}.mp4`,
			file_size: Service.videoOf(job).length,
		};
		return { status: 'COMPLETED', request_id: job.id, output: url, video, metrics: { cost: 0.967 } };
	}
}

function routeOf(host: 'api' | 'media', method: string, path: string): Route | 'other' {
	if (host === 'media') return method === 'GET' && path.startsWith('/outputs/') ? 'media' : 'other';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+\/status$/.test(path)) return 'status';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+$/.test(path)) return 'result';
	if (method === 'POST' && /^\/v2\/[^/]+$/.test(path)) return 'submit';
	if (method === 'POST' && /^\/v1\/[^/]+$/.test(path)) return 'blocking';
	return 'other';
}
