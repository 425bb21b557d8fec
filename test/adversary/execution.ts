import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, NodeApiError } from 'n8n-workflow';

import type { Limits } from '../../nodes/KlingMotionControl/transport/limits';
import { KEY } from '../support/fakeSegmind/service';
import { BINARY_FOLDERS, bytesOf, runWorkflow } from '../support/inProcessN8n';
import { nodeOn } from '../support/clocks';
import { SAMPLE } from '../support/parameters';
import type { ByteServer } from './byteServer';
import type { Hearing } from './hearing';
import { LeapClock } from './leapClock';
import type { Schedule } from './schedule';
import { Service } from './service';

/** The node's limits, in ms of real time and bytes: small, so that it gives up a server that stalls. */
const LIMITS: Partial<Limits> = {
	answerTime: 250,
	submitTime: 250,
	uploadTime: 250,
	answerBytes: 64 * 1024,
	downloadTime: 400,
	stallTime: 250,
	downloadTries: 3,
};
/** How long sockets may take to close after the run, in ms. */
const GRACE = 500;
/** How long a stopped run is watched, in ms. */
const WATCH = 80;

/** An output item, with the number of its input item and the bytes of its video. */
export interface Output {
	item: number;
	json: IDataObject;
	bytes?: Buffer;
}

/** What came of an execution. */
export interface Evidence {
	schedule: Schedule;
	service: Service;
	/** What the last run of the node gave. */
	outputs: Output[];
	/** The message and description of the error that the last run of the node ended with. */
	error?: string;
	/** All that n8n saves, and all that the node told the console. */
	saved: string;
	/** When Stop was pressed, in ms of performance.now(). */
	stoppedAt?: number;
	hearing: Hearing;
	/** When the last request was sent. */
	lastSent: number;
	openSockets: number;
	sleeping: number;
}

let executions = 0;

/** Runs the node in n8n's engine against the server, as the schedule says. */
export async function execute(server: ByteServer, hearing: Hearing, schedule: Schedule): Promise<Evidence> {
	const executionId = `bytes-${++executions}`;
	let stop = () => {};
	let stoppedAt: number | undefined;
	const onRequest = (count: number) => {
		if (count !== schedule.stop?.request) return;
		setTimeout(() => {
			stoppedAt = performance.now();
			stop();
		}, schedule.stop.delay).unref();
	};
	const service = new Service(schedule, KEY, server.mediaUrl, onRequest);
	const clock = new LeapClock(schedule.chance);
	const node = watched(nodeOn(clock, LIMITS), service);
	const messages: string[] = [];
	server.begin(service);
	try {
		const result = await runWorkflow({
			nodeType: node.nodeType,
			parameters: parametersOf(schedule),
			credential: {
				apiKey: KEY,
				baseUrl: server.url(schedule.tls),
				storageUrl: server.url(schedule.tls),
				historyUrl: '',
			},
			input: Array.from({ length: schedule.items }, (_, item) => ({ json: { prompt: `item ${item}` } })),
			settings: {
				...(schedule.tries > 1 && { retryOnFail: true, maxTries: schedule.tries, waitBetweenTries: 1 }),
				...(schedule.continueOnFail && { onError: 'continueRegularOutput' }),
			},
			executionId,
			onMessage: (message) => messages.push(message),
			onStart: (cancel) => (stop = cancel),
		});
		// whatever n8n does after a Stop, the node itself is to end
		await node.ended();
		if (stoppedAt !== undefined) await wait(Math.max(0, stoppedAt + WATCH - performance.now()));
		await until(() => server.open === 0 && clock.sleeping === 0);
		const { items, error } = node.last();
		return {
			schedule,
			service,
			outputs: await Promise.all(items.map(outputOf)),
			...(error && { error }),
			saved: JSON.stringify([result.run.data, messages]),
			stoppedAt,
			hearing,
			lastSent: Math.max(...[server.url(schedule.tls), server.mediaUrl].map((url) => hearing.lastSent(url))),
			openSockets: server.open,
			sleeping: clock.sleeping,
		};
	} finally {
		server.end();
		for (const folder of BINARY_FOLDERS) {
			rmSync(join(folder, 'workflows/1/executions', executionId), { recursive: true, force: true });
		}
	}
}

function parametersOf({ apiMode, timeout, concurrency }: Schedule): object {
	return {
		...SAMPLE,
		imageUrl: '',
		videoUrl: '',
		prompt: '={{ $json.prompt }}',
		options: { apiMode, timeout, maxConcurrency: concurrency, pollInterval: 5, checkUrls: false },
	};
}

/** The node, counted and waited for; what it does is its own. */
function watched(inner: INodeType, service: Service) {
	let work: Promise<unknown> = Promise.resolve();
	let last: { items: INodeExecutionData[]; error?: string } = { items: [] };
	const nodeType: INodeType = {
		description: inner.description,
		async execute(this: IExecuteFunctions) {
			service.turn++;
			const run = inner.execute?.call(this) ?? Promise.resolve(null);
			work = Promise.allSettled([work, run]);
			const outcome = await run.then(
				(value) => ({ value }),
				(error: unknown) => ({ error }),
			);
			if ('value' in outcome) {
				last = { items: (outcome.value as INodeExecutionData[][]).flat() };
				return outcome.value;
			}
			const { message, description } = outcome.error as NodeApiError;
			last = { items: [], error: `${message} ${description ?? ''}` };
			throw outcome.error;
		},
	};
	// n8n may run it once more
	const ended = async () => {
		for (let seen: unknown; seen !== work; await wait(5)) {
			seen = work;
			await work;
		}
	};
	return { nodeType, ended, last: () => last };
}

async function outputOf(item: INodeExecutionData): Promise<Output> {
	const { json, pairedItem } = item;
	const number = typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : -1;
	return { item: number, json, ...(item.binary && { bytes: await bytesOf(item) }) };
}

/** Waits for something that is to come within the grace, however busy the machine is. */
async function until(condition: () => boolean): Promise<void> {
	const end = performance.now() + GRACE;
	for (let turn = 0; !condition() && (turn < GRACE / 5 || performance.now() < end); turn++) await wait(5);
}
