import { Backoff } from '../../nodes/KlingMotionControl/segmind/backoff';
import type { Headers } from '../../nodes/KlingMotionControl/segmind/types';
import { verdictOn, type NetworkFault, type Stage } from '../../nodes/KlingMotionControl/segmind/verdict';
import { exchange, type Tls } from './exchange';

/** Where a request goes. The key never goes to `media`. */
export type Host = 'api' | 'storage' | 'history' | 'media';

/** The bases of the URLs that the key is sent to, without a slash at the end. */
export type Bases = Readonly<Record<Exclude<Host, 'media'>, string>>;

/** A request of the check. */
export interface Question {
	stage: Stage;
	host: Host;
	method?: 'GET' | 'POST';
	/** What comes behind the host's base; for `media` the whole URL. */
	path: string;
	/** The right one by default; none for `media`. */
	key?: 'right' | 'wrong' | 'none';
	body?: object;
}

/** An answer, read. */
export interface Answered {
	status: number;
	headers: Headers;
	body: Buffer;
	text: string;
	tls?: Tls;
}

/** What came of a question in the end. */
export type Reply = Answered | { fault: NetworkFault };

/** An exchange as it was, before anything is taken out of it. */
export interface Exchange {
	question: Question;
	reply: Reply;
	/** When it was sent, and when the answer had come, in ms since the epoch. */
	sentAt: number;
	at: number;
}

/** The time, and a way to let it pass. */
export interface Clock {
	/** ms since the epoch */
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** How often a question is asked at most; after a 429 more often, since it is no answer to it. */
const TRIES = { otherwise: 3, limited: 8 };
/** Redirects of a public file that are followed. */
const MOST_HOPS = 5;
/** Of the shape that keys have. */
const WRONG_KEY = ['SG', '0'.repeat(16)].join('_');

/** The service as the check meets it: every exchange is kept, and what is free and failed in passing is asked again. */
export class Service {
	readonly exchanges: Exchange[] = [];

	constructor(
		readonly key: string,
		readonly bases: Bases,
		readonly clock: Clock,
		/** Hears of what takes a while. */
		readonly tell: (message: string) => void,
	) {}

	/** Asks, again where the code would; a POST that may have bought something is never sent again. */
	async ask(question: Question): Promise<Reply> {
		const backoff = new Backoff();
		for (let tries = 1; ; tries++) {
			const sentAt = this.clock.now();
			const reply = await this.send(question);
			this.exchanges.push({ question, reply, sentAt, at: this.clock.now() });
			const headers = 'fault' in reply ? {} : reply.headers;
			const isLimited = 'status' in reply && reply.status === 429;
			const most = isLimited ? TRIES.limited : TRIES.otherwise;
			if (tries >= most || !mayRepeat(question.stage, reply)) return reply;
			const wait = backoff.next(headers, this.clock.now(), Math.random());
			if (isLimited) this.tell(`The rate limit was reached: waiting ${Math.ceil(wait / 1_000)} s.`);
			await this.clock.sleep(wait);
		}
	}

	private async send({ host, method = 'GET', path, key = 'right', body }: Question): Promise<Reply> {
		const sent = host === 'media' || key === 'none' ? undefined : key === 'right' ? this.key : WRONG_KEY;
		const reply = await exchange({
			method,
			url: host === 'media' ? path : this.bases[host] + path,
			headers: {
				...(sent !== undefined && { 'x-api-key': sent }),
				...(body && { 'content-type': 'application/json' }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		return 'fault' in reply ? reply : { ...reply, text: reply.body.toString('utf8') };
	}
}

function mayRepeat(stage: Stage, reply: Reply): boolean {
	if ('fault' in reply) return verdictOn(stage, { came: 'fault', ...reply.fault }).repeats > 0;
	if (reply.status >= 200 && reply.status < 300) return false;
	return verdictOn(stage, { came: 'answer', status: reply.status, text: reply.text }).repeats > 0;
}

/** Fetches a public file as the code does: without the key, across redirects. */
export async function fetchFile(service: Service, url: string): Promise<Reply> {
	let at = url;
	for (let hops = 0; ; hops++) {
		const reply = await service.ask({ stage: 'download', host: 'media', path: at });
		const location =
			'status' in reply && reply.status >= 300 && reply.status < 400 ? reply.headers.location : undefined;
		if (!location || hops >= MOST_HOPS || !URL.canParse(location, at)) return reply;
		at = new URL(location, at).href;
	}
}
