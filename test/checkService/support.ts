import { check, type Checked } from '../../scripts/checkService/check';
import type { Finding } from '../../scripts/checkService/findings';
import { Service } from '../../scripts/checkService/service';
import { startFakeSegmind, type FakeServer, type Place } from '../support/fakeSegmind/server';
import { KEY, type FakeSettings } from '../support/fakeSegmind/service';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MODEL = 'kling-2.6-standard-motion-control';
/** Nobody else's: none of it may be in a record. */
export const SECRETS = {
	prompt: 'Ada dances at the Analytical Engine.',
	reason: 'No person found for ada@analytical.engine',
	url: 'https://files.analytical.engine/ada.png',
};

/** How a check is run. */
export interface Asked {
	buy?: boolean;
	key?: string;
	place?: Place;
	/** What the account made before; by default one request of each kind. */
	past?: (server: FakeServer) => void;
	/** Starts the service that is asked, by default the fake. */
	start?: (settings: Partial<FakeSettings>, place?: Place) => Promise<FakeServer>;
	historyUrl?: string;
}

/** A check, and the service that was asked, which is closed. */
export interface Seen extends Checked {
	server: FakeServer;
	/** What was told meanwhile. */
	told: string[];
	/** How long it took, in ms of virtual time. */
	took: number;
}

/** A finished request of ours, a failed one, and one of another model. */
export function somePast({ segmind }: FakeServer): void {
	const request = { prompt: SECRETS.prompt, character_orientation: 'image', image_url: SECRETS.url };
	segmind.remember({ model: 'veo-3', request, age: 3 * HOUR });
	segmind.remember({ model: MODEL, request: { ...request, keep_original_sound: true }, age: 2 * HOUR });
	segmind.remember({ model: MODEL, request, age: 90 * MINUTE, failure: SECRETS.reason });
}

/** Runs the check against a service on loopback, in virtual time. */
export async function checked(settings: Partial<FakeSettings> = {}, asked: Asked = {}): Promise<Seen> {
	const { buy = false, key = KEY, place, past = somePast, start = startFakeSegmind, historyUrl } = asked;
	// always at the same part of a second, since a Date header has no parts of one
	const begin = Math.floor(Date.now() / 1_000) * 1_000 + 250;
	let now = begin;
	const clock = { now: () => now, sleep: async (ms: number) => void (now += await Promise.resolve(ms)) };
	const told: string[] = [];
	const server = await start({ latency: 10 * MINUTE, ...clock, ...settings }, place);
	try {
		past(server);
		const bases = { api: server.url, storage: server.storageUrl, history: historyUrl ?? server.historyUrl };
		const service = new Service(key, bases, clock, (message) => told.push(message));
		return { ...(await check(service, () => Promise.resolve(buy))), server, told, took: now - begin };
	} finally {
		await server.close();
	}
}

/** What the findings show, by their facts. */
export function shown(findings: readonly Finding[]): Record<string, string> {
	return Object.fromEntries(findings.map(({ fact, seen, result }) => [fact, `${result}: ${seen}`]));
}

/** What differs between the findings of two checks: what the second one shows. */
export function changes(before: readonly Finding[], after: readonly Finding[]): Record<string, string> {
	const was = shown(before);
	return Object.fromEntries(Object.entries(shown(after)).filter(([fact, seen]) => was[fact] !== seen));
}
