import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import {
	NodeApiError,
	NodeOperationError,
	type IBinaryData,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type NodeExecutionHint,
} from 'n8n-workflow';

import { settle } from '../../nodes/KlingMotionControl/jobs/repeat';
import { runItems } from '../../nodes/KlingMotionControl/run';
import type { Clock } from '../../nodes/KlingMotionControl/transport/clock';
import { LIMITS } from '../../nodes/KlingMotionControl/transport/limits';
import { FakeSegmind, KEY, type FakeSettings } from './fakeSegmind/service';
import { VirtualHttp } from './virtualHttp';

/** Turns of the event loop without a sleep, and sleeps in all, after which a test fails instead of hanging. */
const MOST_TURNS = 10_000;
const MOST_WAKES = 5_000;

/** Time that passes only when everything waits for it. */
export class VirtualClock implements Clock {
	private time = Date.UTC(2026, 10, 1);
	private readonly sleepers = new Set<{ at: number; wake: () => void }>();
	/** The largest number of sleeps at a time. */
	mostSleepers = 0;

	constructor(private readonly chance: () => number = () => 0.5) {}

	now() {
		return this.time;
	}

	random() {
		return this.chance();
	}

	/** Lets time pass while nothing can be done in it. */
	pass(ms: number) {
		this.time += ms;
	}

	async sleep(ms: number, signal?: AbortSignal) {
		if (signal?.aborted) throw new Error('aborted');
		await new Promise<void>((resolve, reject) => {
			const sleeper = { at: this.time + Math.max(0, ms), wake: resolve };
			const abort = () => {
				this.sleepers.delete(sleeper);
				reject(new Error('aborted'));
			};
			sleeper.wake = () => {
				signal?.removeEventListener('abort', abort);
				resolve();
			};
			this.sleepers.add(sleeper);
			this.mostSleepers = Math.max(this.mostSleepers, this.sleepers.size);
			signal?.addEventListener('abort', abort, { once: true });
		});
	}

	/** Lets time pass until the work is done. @throws where it never would be */
	async drive<T>(work: Promise<T>, mostWakes = MOST_WAKES): Promise<T> {
		let done = false;
		const settled = work.finally(() => (done = true));
		settled.catch(() => {});
		let wakes = 0;
		for (let idle = 0; !done; ) {
			await setImmediate();
			// streams and promises need a few turns of the event loop to come to rest
			if (done || ++idle < 2) continue;
			const [first, ...rest] = this.sleepers;
			if (idle > MOST_TURNS || wakes > mostWakes) throw new Error('This work never ends.');
			if (!first) continue;
			idle = 0;
			wakes++;
			const next = rest.reduce((soonest, sleeper) => (sleeper.at < soonest.at ? sleeper : soonest), first);
			this.sleepers.delete(next);
			this.time = Math.max(this.time, next.at);
			next.wake();
		}
		return await settled;
	}
}

/** What to run. */
export interface VirtualRun {
	parameters: object | ((itemIndex: number) => object);
	items?: number;
	settings?: Partial<INode>;
	/** How often Retry On Fail runs the node at most. */
	tries?: number;
	stopAt?: number;
}

/** What one try of the node ended with. */
export interface Outcome {
	items?: INodeExecutionData[];
	error?: NodeApiError | NodeOperationError;
}

/** One execution of the node against a fake Segmind in virtual time: its engine does what n8n's does with retries. */
export class VirtualN8n {
	readonly segmind: FakeSegmind;
	private readonly http: VirtualHttp;
	readonly files = new Map<string, Buffer>();
	readonly messages: string[] = [];
	/** The hints beside the output. */
	readonly hints: NodeExecutionHint[] = [];
	/** What the node logs at n8n's default level. */
	readonly logs: string[] = [];
	/** What each try of the node ended with. */
	readonly outcomes: Outcome[] = [];
	/** The credential as it is saved; `historyUrl` is absent in one that was saved before there was a history. */
	credential: Record<string, string> = {
		apiKey: KEY,
		baseUrl: 'https://api.segmind.test',
		storageUrl: 'https://storage.segmind.test',
		historyUrl: 'https://history.segmind.test',
	};
	context: Record<string, unknown> = {};
	executionId = '1';
	/** How n8n runs the workflow. */
	mode: 'manual' | 'retry' = 'manual';
	runIndex = 0;
	/** Of the workflow. */
	timezone = 'UTC';

	constructor(
		settings: Partial<FakeSettings> = {},
		readonly clock = new VirtualClock(),
	) {
		this.segmind = new FakeSegmind({ now: () => clock.now(), sleep: (ms) => clock.sleep(ms), ...settings });
		this.http = new VirtualHttp(this.segmind, async (ms, signal) => await clock.sleep(ms, signal));
	}

	/** What was sent to hosts that there are. */
	get requests(): readonly IHttpRequestOptions[] {
		return this.http.requests;
	}

	/** The ids of jobs that some answer told, other than one of the history. */
	get told(): ReadonlySet<string> {
		return this.http.told;
	}

	/** The items of the last try, or the error that it ended with. */
	async run(options: VirtualRun): Promise<Outcome> {
		return await this.clock.drive(this.start(options), MOST_WAKES * (options.items ?? 1));
	}

	/** The same for whoever lets time pass, as where several executions share a clock. */
	async start(options: VirtualRun): Promise<Outcome> {
		const stop = new AbortController();
		// as n8n does with its own
		setMaxListeners(Infinity, stop.signal);
		if (options.stopAt !== undefined) void this.clock.sleep(options.stopAt).then(() => stop.abort());
		return await this.tryRepeatedly(options, stop.signal);
	}

	bytesOf(item: INodeExecutionData | undefined, field = 'data'): Buffer | undefined {
		return this.files.get(item?.binary?.[field]?.id ?? '');
	}

	private async tryRepeatedly(options: VirtualRun, signal: AbortSignal) {
		let outcome: Outcome = {};
		for (let turn = 0; turn < (options.tries ?? 1) && !signal.aborted; turn++) {
			if (turn > 0) await this.clock.sleep(1_000);
			const settled = await settle(() => runItems(this.executeFunctions(options, signal), this.clock, LIMITS));
			if ('value' in settled) outcome = { items: settled.value[0] };
			else if (isNodeError(settled.error)) outcome = { error: settled.error };
			else throw settled.error;
			this.outcomes.push(outcome);
			// n8n counts a run whose first item has a json.error as failed
			if (outcome.items && !outcome.items[0]?.json.error) return outcome;
		}
		return outcome;
	}

	private executeFunctions(options: VirtualRun, signal: AbortSignal): IExecuteFunctions {
		const count = options.items ?? 1;
		const node = {
			id: 'b',
			name: 'Kling Motion Control',
			type: 'n',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			...options.settings,
		};
		const parametersOf = (itemIndex: number) =>
			(typeof options.parameters === 'function' ? options.parameters(itemIndex) : options.parameters) as Record<
				string,
				unknown
			>;
		const { http } = this;
		return {
			getInputData: () => Array.from({ length: count }, () => ({ json: {} })),
			getNodeParameter: (name: string, itemIndex: number, fallback?: unknown) =>
				parametersOf(itemIndex)[name] ?? fallback,
			getCredentials: async () => ({ ...this.credential }),
			getNode: () => node,
			getContext: () => this.context,
			getExecutionId: () => this.executionId,
			getMode: () => this.mode,
			getTimezone: () => this.timezone,
			getWorkflowDataProxy: () => ({ $runIndex: this.runIndex }),
			getExecutionCancelSignal: () => signal,
			continueOnFail: () => String(node.onError ?? '').startsWith('continue'),
			sendMessageToUI: (message: string) => this.messages.push(message),
			addExecutionHints: (...hints: NodeExecutionHint[]) => this.hints.push(...hints),
			logger: { info: (message: string) => this.logs.push(message) },
			helpers: {
				// as n8n does, with the cancel signal of whoever calls it in the place of the request's own
				async httpRequestWithAuthentication(this: IExecuteFunctions, _type: string, request: IHttpRequestOptions) {
					const headers = { ...request.headers, 'x-api-key': KEY };
					return await http.send({ ...request, headers }, this.getExecutionCancelSignal());
				},
				httpRequest: async (request: IHttpRequestOptions) =>
					await http.send(request, request.abortSignal as AbortSignal | undefined),
				prepareBinaryData: async (body: Readable, fileName: string, mimeType: string) =>
					await this.store(body, fileName, mimeType),
			},
		} as unknown as IExecuteFunctions;
	}

	private async store(body: Readable, fileName: string, mimeType: string): Promise<IBinaryData> {
		const chunks: Buffer[] = [];
		for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
		const id = `virtual:${this.files.size}`;
		this.files.set(id, Buffer.concat(chunks));
		return { id, data: 'virtual', fileName, mimeType };
	}
}

function isNodeError(error: unknown): error is NodeApiError | NodeOperationError {
	return error instanceof NodeApiError || error instanceof NodeOperationError;
}
