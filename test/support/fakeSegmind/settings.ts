import type { HistorySettings } from './history';
import type { FakeJob, FakeReply, FakeRequest, Route } from './protocol';

/** A fault to script: what comes instead of the normal answer. */
export interface Fault {
	/** Whether the service does its work before the fault, so that a POST is accepted. */
	handled?: boolean;
	status?: number;
	headers?: Record<string, string>;
	body?: string | Buffer | object;
	cut?: FakeReply['cut'];
	/** In how many ms it comes. It does not wait for the service's own answer, unless it is no more than a delay of that. */
	after?: number;
}

/** How the service behaves; everything has a default. */
export interface FakeSettings {
	/** How long a job takes, in ms. */
	latency: number;
	/** Whether v2 is served. */
	v2: boolean;
	/** What v1 answers with: bytes, or the JSON that this gives. */
	v1: 'bytes' | ((job: FakeJob, videoUrl: string) => object);
	/** Whether v2 knows the ids of requests that v1 took. */
	v2KnowsV1: boolean;
	credits: number;
	/** The id of the next request. */
	id(): string;
	/** How far the service's clock is ahead, in ms: its `Date` and the times in its history. */
	skew: number;
	history: Partial<HistorySettings>;
	/** The reason that a job fails for, by its number from 0. */
	fails(jobNumber: number, request: Record<string, unknown>): string | undefined;
	/** The fault that a request meets. `count` is how many requests of the same method and route came before. */
	fault(request: FakeRequest, route: Route, count: number): Fault | undefined;
	/** Hears of each request and what it gets. */
	answered(request: FakeRequest, reply: FakeReply): void;
	/** The bytes of a job's video. */
	video(job: FakeJob): Buffer;
	videoUrl(job: FakeJob): string;
	/** What the storage answers with, for the address of an upload. */
	upload(url: string): object;
	now(): number;
	sleep(ms: number): Promise<void>;
}
