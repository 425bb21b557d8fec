import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { startFakeSegmind, type FakeServer } from './fakeSegmind/server';
import type { FakeSettings } from './fakeSegmind/service';
import { NODE_NAME, storedFile, type WorkflowResult, type WorkflowRun } from './inProcessN8n';
import { CONTINUE, runSample } from './sample';

/** What stands behind the advice of every input that is refused. */
export const NOTHING_SENT = 'Nothing was sent to Segmind for this item. This item was not charged.';
/** Options of a node that looks at no URL. */
const UNCHECKED = { options: { checkUrls: false } };

/** What became of one item. */
export interface Outcome {
	/** The body of the POST that bought its video, as it was sent. */
	body?: string;
	/** The bodies of the uploads that it refers to, as they were sent. */
	image?: string;
	video?: string;
	/** What its output item says that went wrong. */
	error?: unknown;
	/** The hints that name this item alone, without its number. */
	hints: string[];
}

/** An item that asks for a video by parameters of its own, and what was refused of it. */
export interface Refusal {
	message?: string;
	/** What to do. */
	todo?: string;
	/** The item that the error names. */
	item?: number;
	/** What was sent to any of the hosts. */
	sent: string[];
}

/** The warnings beside the output of the node's last try. */
export function hintsOf({ run }: WorkflowResult): string[] {
	const { hints = [] } = run.data.resultData.runData[NODE_NAME]?.at(-1) ?? {};
	return hints.filter(({ type }) => type === 'warning').map(({ message }) => message);
}

/** What each item that was bought sent, by the id of its request. */
export function bodiesOf({ segmind }: FakeServer): Map<unknown, string> {
	return new Map(segmind.jobs.map(({ id }, index) => [id, segmind.posts[index]?.body ?? '']));
}

function uploadsIn(body: string, { segmind }: FakeServer): Pick<Outcome, 'image' | 'video'> {
	const { image_url: image, video_url: video } = JSON.parse(body) as Record<string, unknown>;
	const uploadOf = (wanted: unknown) => {
		const index = segmind.uploads.findIndex(({ url }) => url === wanted);
		return segmind.requestsTo('upload')[index]?.body;
	};
	return { image: uploadOf(image), video: uploadOf(video) };
}

/**
 * Submits all items in one run that continues on fail.
 * @param parameters those of all items, which take what differs from the item's JSON by expressions
 */
export async function submitAll(
	input: INodeExecutionData[],
	parameters: object,
	settings: Partial<FakeSettings> = {},
): Promise<{ outcomes: Outcome[]; server: FakeServer }> {
	const result = await runSample(
		settings,
		{ operation: 'submit', options: { ...UNCHECKED.options, maxRequests: 1_000 }, ...parameters },
		{ input, settings: CONTINUE },
	);
	await result.server.close();
	const bodies = bodiesOf(result.server);
	const hints = hintsOf(result);
	const outcomes = result.items.map(({ json }, index) => {
		const lead = `Item ${index}: `;
		const body = bodies.get(json.request_id);
		return {
			...(body !== undefined && { body, ...uploadsIn(body, result.server) }),
			...('error' in json && { error: json.error }),
			hints: hints.filter((hint) => hint.startsWith(lead)).map((hint) => hint.slice(lead.length)),
		};
	});
	return { outcomes, server: result.server };
}

/** Runs items that end the run, and tells what was said, and whether anything was sent. */
export async function refusalOf(
	parameters: object,
	item: Partial<INodeExecutionData> = {},
	options: Partial<WorkflowRun> = {},
): Promise<Refusal> {
	const input = [{ json: {}, ...item }];
	const server = await startFakeSegmind();
	const run = runSample(server, { ...UNCHECKED, ...parameters }, { input, ...options });
	const { error } = await run.finally(async () => await server.close());
	return {
		message: error?.message,
		todo: error?.description?.replace(` ${NOTHING_SENT}`, ''),
		item: error?.context?.itemIndex,
		sent: server.segmind.log.map(({ method, path }) => `${method} ${path}`),
	};
}

/** A refusal before anything was sent, of the first item. */
export function refused(message: string, todo: string): Refusal {
	return { message, todo, item: 0, sent: [] };
}

/** A file as a node before hands it over, in n8n's binary store. */
export async function fileOf(content: Buffer, fileName: string, mimeType: string | undefined) {
	const file = await storedFile(content, fileName, mimeType ?? '');
	if (mimeType !== undefined) return file;
	return Object.fromEntries(Object.entries(file).filter(([name]) => name !== 'mimeType')) as unknown as IBinaryData;
}
