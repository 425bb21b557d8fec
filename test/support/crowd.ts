import { Backoff } from '../../nodes/KlingMotionControl/segmind/backoff';
import { FakeSegmind, KEY, type FakeSettings } from './fakeSegmind/service';
import { SAMPLE } from './parameters';
import { Limiter, type LimiterSettings } from './rateLimit';
import { VirtualClock, VirtualN8n } from './virtualN8n';

const MINUTE = 60_000;
/** The requests that a job takes where none is in vain: its submit, a look that finds it finished, and its result. */
const LEAST_REQUESTS = 3;

/** Executions of the node that share an account, all begun at the same time. Times in ms. */
export interface Crowd {
	executions?: number;
	/** How many items each of them has. */
	items: number;
	/** How long a job takes, or how long each of them does by its number. */
	latency?: number;
	limit?: Omit<LimiterSettings, 'phase'>;
	/** Chooses when in a minute it begins, and all chance. */
	seed: number;
	settings?: Partial<FakeSettings>;
}

/** What came of it. */
export interface CrowdResult {
	/** How many videos there are. */
	done: number;
	/** Requests to the API, and those of them that were refused. */
	requests: number;
	refused: number;
	/** When each execution ended, in ms from the beginning. */
	ends: number[];
	/** The earliest that all could end, in ms from the beginning. */
	best: number;
}

/** Runs the node, everything counted, in virtual time. */
export async function runCrowd(crowd: Crowd): Promise<CrowdResult> {
	return await simulate(crowd, async (clock, segmind, settings) => {
		const n8n = new VirtualN8n(settings, clock);
		segmind.push(n8n.segmind);
		const { items } = crowd;
		const options = { maxConcurrency: items, maxRequests: items, timeout: 55, checkUrls: false };
		const { items: output = [] } = await n8n.start({
			items,
			parameters: (n) => ({ ...SAMPLE, prompt: `dance ${n}`, options }),
		});
		return output.filter(({ json }) => json.status === 'COMPLETED').length;
	});
}

/** What most clients do, for comparison: every job asks every 5 s, and waits on its own where it is refused. */
export async function runFixedInterval(crowd: Crowd): Promise<CrowdResult> {
	return await simulate(crowd, async (clock, fakes, settings) => {
		const segmind = new FakeSegmind({ now: () => clock.now(), sleep: (ms) => clock.sleep(ms), ...settings });
		fakes.push(segmind);
		const ask = async (method: string, path: string) => {
			const backoff = new Backoff();
			for (;;) {
				const request = { host: 'api' as const, method, path, headers: { 'x-api-key': KEY }, body: '{}' };
				const { status, headers, body } = await segmind.handle(request);
				if (status !== 429) return JSON.parse(body.toString()) as Record<string, string>;
				await clock.sleep(backoff.next(headers, clock.now(), clock.random()));
			}
		};
		const one = async () => {
			const { request_id: id } = await ask('POST', '/v2/kling-2.6-standard-motion-control');
			do await clock.sleep(5_000);
			while ((await ask('GET', `/v2/requests/${id}/status`)).status !== 'COMPLETED');
			await ask('GET', `/v2/requests/${id}`);
		};
		await Promise.all(Array.from({ length: crowd.items }, one));
		return crowd.items;
	});
}

type Execution = (clock: VirtualClock, fakes: FakeSegmind[], settings: Partial<FakeSettings>) => Promise<number>;

async function simulate(crowd: Crowd, execution: Execution): Promise<CrowdResult> {
	const { executions = 1, items, latency = 608_000, limit, seed, settings } = crowd;
	const random = randomOf(seed);
	const clock = new VirtualClock(random);
	const phase = Math.floor(random() * MINUTE);
	const limiter = limit && new Limiter(clock, { ...limit, phase });
	const began = clock.now();
	const fakes: FakeSegmind[] = [];
	const ends: number[] = [];
	const run = async () => {
		const done = await execution(clock, fakes, { latency, ...(limiter && { fault: limiter.fault }), ...settings });
		ends.push(clock.now() - began);
		return done;
	};
	const work = Promise.all(Array.from({ length: executions }, run));
	const done = (await clock.drive(work, Infinity)).reduce((sum, count) => sum + count, 0);
	const requests = fakes.flatMap(({ log }) => log.filter(({ host }) => host === 'api')).length;
	const best = bestEnd(executions * items, latency, limit?.perMinute ?? Infinity, phase - (began % MINUTE));
	return { done, requests, refused: limiter?.refused ?? 0, ends, best };
}

/**
 * The earliest end: all are submitted as soon as the limit allows, and each is asked once when it is ready, and once for its
 * result.
 * @param phase when a window begins, in ms from the beginning
 */
function bestEnd(jobs: number, latency: number, perMinute: number, phase: number): number {
	const used = new Map<number, number>();
	const take = (from: number): number => {
		for (let at = from; ; ) {
			const window = Math.floor((at - phase) / MINUTE);
			const count = used.get(window) ?? 0;
			if (count < perMinute) {
				used.set(window, count + 1);
				return at;
			}
			at = (window + 1) * MINUTE + phase;
		}
	};
	const ready = Array.from({ length: jobs }, () => take(0) + latency);
	let end = 0;
	for (const at of ready) for (let request = 1; request < LEAST_REQUESTS; request++) end = Math.max(end, take(at));
	return end;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
