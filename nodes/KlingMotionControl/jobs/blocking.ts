import { kindOf, type MediaKind } from '../media/kind';
import { failedError } from '../segmind/endings';
import { unreadableError } from '../segmind/faults';
import { jsonObject } from '../segmind/json';
import { finishedJob, jobState, metricsFromHeaders, outputIn, requestIdIn, requestIdOf } from '../segmind/response';
import { SegmindError } from '../segmind/segmindError';
import type { Answer } from '../segmind/types';
import type { Reply } from '../transport/http';
import { openBody, storeVideo, type OpenBody } from '../transport/videoStore';
import type { Known } from './known';
import { settle } from './repeat';
import { finishedIn } from './result';
import type { Session } from './session';

const TEXTS: ReadonlyArray<MediaKind | undefined> = ['html', 'json', 'svg', 'text', 'xml'];

/** What is asked of v1's answer. */
interface BlockingTerms {
	/** Until when the video is waited for, in ms since the epoch. */
	deadline: number;
	/** The name that the person wants for the file. */
	fileName: string;
	/** The URLs of the request, which an answer may repeat. */
	inputs: readonly string[];
}

/**
 * What v1's answer tells: it comes when the video is made, as bytes or as JSON.
 * @throws SegmindError, with the request's id where the answer's headers named it
 */
export async function readBlocking(session: Session, reply: Reply, terms: BlockingTerms): Promise<Known> {
	const requestId = requestIdOf(reply.headers);
	const outcome = await settle(async () => {
		const open = await openBody(session, 'submit', reply, terms.deadline);
		return isText(open)
			? readAnswer(await textOf(session, open), { ...terms, requestId, missing: 'names no video' })
			: await storeBytes(session, open, terms.fileName, requestId);
	});
	if ('value' in outcome) return outcome.value;
	const { error } = outcome;
	if (!(error instanceof SegmindError) || error.kind === 'failed') throw error;
	throw error.with({ requestId: error.details.requestId ?? requestId });
}

/** Whether v1 answered with JSON (or a page) and not with bytes, whatever it calls them. */
function isText({ start: { bytes } }: OpenBody): boolean {
	return /^\uFEFF?\s*[<{[]/.test(bytes.toString('utf8')) || TEXTS.includes(kindOf(bytes));
}

async function textOf(session: Session, { reply, start }: OpenBody): Promise<Answer> {
	if (!start.whole) return await session.client.read('submit', reply);
	reply.close();
	return { status: reply.status, headers: reply.headers, text: session.client.redacted(start.bytes.toString('utf8')) };
}

async function storeBytes(session: Session, open: OpenBody, wanted: string, requestId?: string): Promise<Known> {
	const binary = await storeVideo(session, open, { wanted, requestId });
	const metrics = metricsFromHeaders(open.reply.headers);
	return { ...(requestId && { requestId }), finished: { metrics }, binary };
}

/** How an answer to a POST is read. */
interface Reading {
	/** The id that its headers name. */
	requestId?: string;
	/** The URLs of the request, which an answer may repeat. */
	inputs: readonly string[];
	/** What to say of an answer without a video. */
	missing: string;
}

/**
 * What the JSON of an answer to a POST tells of the job that it made: its id, where it names one, and its video.
 * @throws SegmindError where it names no video, or says that the job failed
 */
export function readAnswer(answer: Answer, { inputs, missing, ...named }: Reading): Known {
	const body = jsonObject(answer.text);
	const state = jobState(body);
	const isFailed = state?.status === 'FAILED';
	// a video that is there was made, whatever the status says
	if (isFailed && !outputIn(body, inputs)) throw failedError(state.error, answer.status);
	const requestId = requestIdIn(answer.text) ?? named.requestId;
	const isUnfinished = state !== undefined && state.status !== 'COMPLETED' && !isFailed;
	if (isUnfinished || !finishedJob(body, inputs).video)
		throw unreadableError('submit', answer, missing).with({ requestId });
	const finished = finishedIn(answer, inputs);
	const metrics = { ...metricsFromHeaders(answer.headers), ...finished.metrics };
	return { ...(requestId && { requestId }), finished: { ...finished, metrics } };
}
