import { setTimeout } from 'node:timers/promises';

import type { IBinaryData, INodeType } from 'n8n-workflow';

import { KEY } from '../test/support/fakeSegmind/service';
import { loadNode, runWorkflow, type WorkflowResult, type WorkflowRun } from '../test/support/inProcessN8n';
import { SAMPLE } from '../test/support/parameters';

/** Bytes. */
export const MB = 1024 * 1024;
/** The numbers of the command line. */
export const ARGS = process.argv.slice(2).map(Number);

/** One line of a table. */
export type Row = Record<string, string | number>;

/** Runs the built node in n8n's own engine against the fake Segmind beside this process. */
export async function runNode(parameters: object, options: Partial<WorkflowRun> = {}): Promise<WorkflowResult> {
	const { FAKE_URL: baseUrl = '', FAKE_STORAGE_URL: storageUrl = '' } = process.env;
	const result = await runWorkflow({
		nodeType: await loadNode(),
		parameters: { ...SAMPLE, ...parameters },
		credential: { apiKey: KEY, baseUrl, storageUrl, historyUrl: '' },
		...options,
	});
	if (result.error) throw new Error(result.error.message);
	return result;
}

/** How much the resident memory grows during the work, from the idle process to its peak, in MB. */
export async function memoryGrowth(work: () => Promise<unknown>): Promise<number> {
	globalThis.gc?.();
	await setTimeout(300);
	const idle = process.memoryUsage.rss();
	let peak = idle;
	const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
	await work();
	clearInterval(timer);
	return (peak - idle) / MB;
}

/** Seconds that the work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return (performance.now() - began) / 1_000;
}

/** Hands the rows to whoever started this measurement. */
export function finish(measure: () => Promise<Row[]>): void {
	measure().then(
		(rows) => process.send?.(rows, () => process.exit()),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
}

/** What a node does that takes the whole video into one buffer. */
export function bufferingNode(description: INodeType['description'], url: string): INodeType {
	return {
		description,
		async execute() {
			const body = (await this.helpers.httpRequest({ url, encoding: 'arraybuffer' })) as Buffer;
			const data: IBinaryData = await this.helpers.prepareBinaryData(body, 'video.mp4', 'video/mp4');
			return [[{ json: {}, binary: { data } }]];
		},
	};
}
