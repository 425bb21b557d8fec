/** What a request is for; `media` is on a host of its own. */
export const ROUTES = ['submit', 'blocking', 'status', 'result', 'media'] as const;
export type Route = (typeof ROUTES)[number];

/** What the server does with a new connection to the API, before it reads a request. All but the first are the end of it. */
export const GREETINGS = [
	'proper',
	'untrusted',
	'reset',
	'close',
	'silence',
	'nonsense',
	'alert',
	'half hello',
] as const;
export type Greeting = (typeof GREETINGS)[number];

export const BODIES = [
	'proper',
	'error',
	'failed',
	'page',
	'key',
	'escaped key',
	'empty',
	'cut JSON',
	'wrong JSON',
	'bad id',
	'noise',
	'huge',
] as const;
/** `proper` is what belongs to the route. */
export type Body = (typeof BODIES)[number];

export const FRAMINGS = ['length', 'chunked', 'close', 'too short', 'too long', 'both', 'no HTTP'] as const;
/** How the end of the body is told: truly in the first three. */
export type Framing = (typeof FRAMINGS)[number];

export const EXTRAS = [
	'retry-after: 1',
	'retry-after: 100',
	'retry-after: soon',
	'x-rate-limit-reset-at-utc: 2020-01-01T00:00:00',
	'x-request-id: 0',
	'content-type: text/html',
	'content-type: video/mp4',
	'content-encoding: gzip',
	'location: /elsewhere',
	'location: media',
	'x-echo: key',
	'100 first',
	'no colon',
	'huge',
] as const;
/** A header beside those that belong to the answer; `100 first` is an informational answer before it. */
export type Extra = (typeof EXTRAS)[number];

export const ENDINGS = ['keep', 'close', 'reset', 'drip', 'plain text', 'alert'] as const;
/** What comes after the answer, or after what was sent of it; the last two are below TLS, else `close`. */
export type Ending = (typeof ENDINGS)[number];

/** What the server does with one request. */
export interface Move {
	/** Of how many bytes of the request it acts; those of the head at least. */
	reads: number | 'all';
	/** Whether it takes the job on, where it may: see `mayTake`. */
	takes: boolean;
	/** ms before it answers */
	delay: number;
	/** `own`: the status that belongs to the route. */
	status: number | 'own' | 'none';
	body: Body;
	extras: Extra[];
	framing: Framing;
	/** How much of the answer is not sent, in thousandths. */
	missing: number;
	/** Where the answer is split into two packets, in thousandths; 0: nowhere. */
	split: number;
	ending: Ending;
}

/** How a job goes on: polls until it is finished, and what then comes of it. `denied`: one route says FAILED, the other one has the video. */
export interface Fate {
	polls: number;
	end: 'COMPLETED' | 'FAILED' | 'denied';
}

/** All that happens in one execution; only real timing is not in it. */
export interface Schedule {
	items: number;
	concurrency: number;
	/** Tries of Retry On Fail; 1: off. */
	tries: number;
	continueOnFail: boolean;
	apiMode: 'auto' | 'async' | 'sync';
	v1: 'bytes' | 'JSON';
	/** minutes */
	timeout: number;
	tls: boolean;
	/** The random number of the node, from 0 to 1. */
	chance: number;
	/** By the number of the connection to the API; later ones are proper. */
	greetings: Greeting[];
	/** By the number of the request of that route; later ones are proper, or `rest`. */
	moves: Record<Route, Move[]>;
	/** What all later requests of a route meet. */
	rest?: { route: Route; move: Move };
	/** By the number of the job; later ones are completed at once. */
	fates: Fate[];
	/** Stop is pressed that many ms after that request. */
	stop?: { request: number; delay: number };
}

/** A move without a fault. */
export const PROPER: Move = {
	reads: 'all',
	takes: true,
	delay: 0,
	status: 'own',
	body: 'proper',
	extras: [],
	framing: 'length',
	missing: 0,
	split: 0,
	ending: 'keep',
};

/** A schedule in which nothing goes wrong. */
export const PLAIN: Schedule = {
	items: 1,
	concurrency: 1,
	tries: 1,
	continueOnFail: false,
	apiMode: 'async',
	v1: 'bytes',
	timeout: 0.6,
	tls: false,
	chance: 0,
	greetings: [],
	moves: { submit: [], blocking: [], status: [], result: [], media: [] },
	fates: [],
};

/** A schedule by what is not plain in it. */
export type Sketch = Omit<Partial<Schedule>, 'moves' | 'rest'> & {
	moves?: Partial<Record<Route, Array<Partial<Move>>>>;
	rest?: { route: Route; move: Partial<Move> };
};

/** The whole schedule of a sketch. */
export function scheduleOf({ moves = {}, rest, ...others }: Sketch): Schedule {
	const listOf = (route: Route) => (moves[route] ?? []).map((move) => ({ ...PROPER, ...move }));
	const lists = Object.fromEntries(ROUTES.map((route) => [route, listOf(route)])) as Schedule['moves'];
	return { ...PLAIN, ...others, moves: lists, ...(rest && { rest: { ...rest, move: { ...PROPER, ...rest.move } } }) };
}
