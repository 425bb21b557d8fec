import type { INodeExecutionData } from 'n8n-workflow';

import type { Limits } from '../../nodes/KlingMotionControl/transport/limits';
import { fastNode } from './clocks';
import { startFakeSegmind, type FakeServer } from './fakeSegmind/server';
import { KEY, type FakeSettings } from './fakeSegmind/service';
import { startFront, type Front, type FrontSettings, type Script } from './front';
import { runWorkflow, type WorkflowResult, type WorkflowRun } from './inProcessN8n';
import { SAMPLE } from './parameters';
import { FACTOR, RETRY } from './sample';

/** What to run, and what its servers do; everything has a default. */
export interface FrontedRun {
	/** What the API does with a request. */
	api?: Script;
	/** What the video's host does with one. */
	media?: Script;
	/** What the storage does with one. */
	storage?: Script;
	segmind?: Partial<FakeSettings>;
	identity?: FrontSettings['identity'];
	/** Fields of the credential that are others than the servers have. */
	credential?: { apiKey?: string; baseUrl?: string; storageUrl?: string };
	/** Called whenever n8n reads the credential. */
	vault?(): void;
	/** The options of the node; URLs are not looked at beforehand. */
	options?: object;
	parameters?: object;
	/** What is run; Retry On Fail with three tries by default. */
	run?: Partial<WorkflowRun>;
	/** How much faster than the wall clock the node's time runs. */
	factor?: number;
	/** The node's limits. Its timeouts until the headers of an answer are in ms of real time. */
	limits?: Partial<Limits>;
}

/** What came of it. */
export interface FrontedResult extends WorkflowResult {
	server: FakeServer;
	api: Front;
	media: Front;
	storage: Front;
	/** All that a person is told: of the error, or of the items. */
	text: string;
	/** The POSTs that buy which the API got. */
	posts: number;
	/** What runs the same again, with other settings of the run and the same servers. */
	again(run: Partial<WorkflowRun>): Promise<FrontedResult>;
}

const closers: Array<() => Promise<void>> = [];

/** Closes the servers of all runs so far. */
export async function closeFronts(): Promise<void> {
	await Promise.all(closers.splice(0).map(async (close) => await close()));
}

/** Runs the sample in n8n's own engine, over servers that speak bytes. */
export async function runFronted(wanted: FrontedRun = {}): Promise<FrontedResult> {
	const answer: Script = () => 'answer';
	const { segmind = {}, identity, factor = FACTOR } = wanted;
	const server = await startFakeSegmind({ latency: 40, ...segmind });
	const api = await startFront(server.segmind, wanted.api ?? answer, { identity });
	const media = await startFront(server.segmind, wanted.media ?? answer, { host: 'media' });
	const storage = await startFront(server.segmind, wanted.storage ?? answer, { host: 'storage' });
	closers.push(server.close, api.close, media.close, storage.close);
	server.segmind.mediaOrigin = media.url;
	server.segmind.apiOrigin = api.url;
	const { apiKey = KEY, baseUrl = api.url, storageUrl = storage.url } = wanted.credential ?? {};
	const credential = {
		apiKey,
		storageUrl,
		get baseUrl() {
			wanted.vault?.();
			return baseUrl;
		},
	};
	const nodeType = fastNode(factor, wanted.limits);
	const again = async (run: Partial<WorkflowRun>): Promise<FrontedResult> => {
		const result = await runWorkflow({
			nodeType,
			parameters: { ...SAMPLE, ...wanted.parameters, options: { checkUrls: false, ...wanted.options } },
			credential,
			settings: RETRY,
			...wanted.run,
			...run,
		});
		return { ...result, server, api, media, storage, again, text: textOf(result), posts: api.posts().length };
	};
	return await again({});
}

/** All that a person is told. */
export function textOf({ error, items, errorItems }: WorkflowResult): string {
	const outputs = [...items, ...errorItems].map(({ json }: INodeExecutionData) => JSON.stringify(json));
	return [error?.message, error?.description, ...outputs].filter(Boolean).join(' ');
}
