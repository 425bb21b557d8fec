import type { IBinaryData } from 'n8n-workflow';

import { kindOf, MEDIA, type MediaKind } from '../media/kind';
import { videoFileName, videoMimeType, type VideoNaming } from '../media/videoName';
import { answerError, networkError, storeError, unreadableError } from '../segmind/faults';
import { SegmindError } from '../segmind/segmindError';
import type { Stage } from '../segmind/verdict';
import { inTime, readChunks, readStart, soundnessOf, watchIntake, type Intake, type Start } from './body';
import type { Environment } from './environment';
import { faultInBody, storeFault } from './fault';
import { send, type Reply } from './http';

/** The most of an error's body that is read. */
const REASON_BYTES = 16 * 1024;

/** What is known of a video before its bytes come. */
interface ExpectedVideo extends VideoNaming {
	/** bytes, where the service names them */
	fileSize?: number;
}

/**
 * Fetches a video by its public URL, without any credential, and streams it into n8n's binary store. One try.
 * @param url a URL that `isMediaUrl` accepts
 * @param redacted takes the API key out of what the host says, should it know it
 * @throws SegmindError of the stage `download`
 */
export async function downloadVideo(
	environment: Environment,
	url: string,
	expected: ExpectedVideo,
	redacted: (text: string) => string = (text) => text,
): Promise<IBinaryData> {
	const reply = await send(environment, {
		stage: 'download',
		method: 'GET',
		url,
		// a compressed body can end early without anybody noticing
		headers: { 'accept-encoding': 'identity' },
		timeout: environment.limits.stallTime,
	});
	const { status, headers } = reply;
	if (status < 200 || status >= 300) {
		throw answerError('download', { status, headers, text: redacted(await readReason(environment, reply)) });
	}
	const patience = environment.clock.now() + environment.limits.stallTime;
	return await storeVideo(environment, await openBody(environment, 'download', reply, patience), expected);
}

/** What an error's body says, as far as it comes. Closes the reply. */
async function readReason({ clock, limits }: Environment, { body, close }: Reply): Promise<string> {
	const chunks: Buffer[] = [];
	const end = clock.now() + limits.answerTime;
	const read = async () => await readChunks(body, chunks, REASON_BYTES);
	await inTime(clock, body, () => end, read).catch(() => false);
	close();
	return Buffer.concat(chunks).toString('utf8');
}

/** A reply whose body has begun to come. */
export interface OpenBody {
	/** `submit` where the reply is v1's answer itself. */
	stage: 'download' | 'submit';
	reply: Reply;
	start: Start;
	intake: Intake;
	/** Tells whether an error that a reader met was its own. */
	isSound(error: unknown): boolean;
}

/**
 * Waits for the first bytes of a body. Closes the reply where none come.
 * @param patience until when at least, in ms since the epoch
 * @throws SegmindError where the connection breaks, or nothing comes in time
 */
export async function openBody(
	{ clock, limits }: Environment,
	stage: OpenBody['stage'],
	reply: Reply,
	patience: number,
): Promise<OpenBody> {
	const { body } = reply;
	const intake = watchIntake(clock, body);
	const isSound = soundnessOf(body);
	const chunks: Buffer[] = [];
	const opened = clock.now();
	// a sign of life is no answer: v1 has until its deadline, and a download its time as a whole
	const last = stage === 'submit' ? Math.max(patience, opened + limits.stallTime) : opened + limits.downloadTime;
	const end = () => Math.min(last, Math.max(patience, intake.lastSign() + limits.stallTime));
	try {
		const start = await inTime(clock, body, end, async () => await readStart(body, chunks));
		return { stage, reply, start, intake, isSound };
	} catch (error) {
		reply.close();
		throw networkError(stage, faultInBody(error), Buffer.concat(chunks).toString('utf8'));
	}
}

/**
 * Streams a body into n8n's binary store, where it is a video. Closes the reply.
 * @throws SegmindError where it is not, where it is not whole, or where the store does not take it
 */
export async function storeVideo(
	{ context, clock, limits }: Environment,
	{ stage, reply, start, intake, isSound }: OpenBody,
	expected: ExpectedVideo,
): Promise<IBinaryData> {
	const { body, headers } = reply;
	const deadline = clock.now() + limits.downloadTime;
	const end = () => Math.min(deadline, intake.lastSign() + limits.stallTime);
	try {
		const kind = checkVideo(stage, reply, start, expected.fileSize);
		const mimeType = videoMimeType(kind, headers['content-type'], expected);
		const content = start.whole ? start.bytes : body;
		const fileName = videoFileName(expected, mimeType);
		const store = async () => await context.helpers.prepareBinaryData(content, fileName, mimeType);
		const binary = await inTime(clock, body, end, store);
		checkWhole(stage, reply, intake, expected.fileSize);
		return binary;
	} catch (error) {
		throw error instanceof SegmindError ? error : asFault(stage, isSound(error), error);
	} finally {
		reply.close();
	}
}

/**
 * What a body's first bytes are, where they may be a video's: whatever its host calls it.
 * @throws SegmindError where they are something else, or only a part of the video is coming
 */
function checkVideo(
	stage: Stage,
	{ status, headers }: Reply,
	{ bytes, whole }: Start,
	fileSize: number | undefined,
): MediaKind | undefined {
	const refuse = (what: string) => unreadableError(stage, { status, headers, text: '' }, what);
	if (status === 206) throw refuse('is only a part of the video (HTTP 206)');
	if (bytes.length === 0) throw refuse('is empty');
	const kind = kindOf(bytes);
	if (kind && MEDIA[kind].type !== 'video') throw refuse(`is ${MEDIA[kind].name}, not a video`);
	// bytes of no known kind are a video where somebody says so, and there are more of them than an error has
	if (bytes.every((byte) => byte === 0)) throw refuse('has nothing but zeros in it');
	const isCalledVideo = /^video\//i.test(headers['content-type'] ?? '') || fileSize !== undefined;
	if (!kind && (!isCalledVideo || (whole && fileSize !== bytes.length))) throw refuse('is no known kind of video');
	return kind;
}

/** @throws SegmindError where a body ended early, which a connection without a length does not tell */
function checkWhole(stage: Stage, { status, headers }: Reply, intake: Intake, fileSize: number | undefined): void {
	const length = /^\d+$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : undefined;
	const [expected, size] = [fileSize ?? length, intake.size()];
	if (expected === size || (expected === undefined && !intake.isCut())) return;
	// n8n decodes what was compressed on its way: Content-Length counts other bytes then, and no header says so
	if (fileSize === undefined && intake.isWhole()) return;
	const part = expected === undefined ? 'it ends in the middle' : `${size} of ${expected} bytes`;
	throw unreadableError(stage, { status, headers, text: '' }, `is not whole: ${part}`);
}

/** Where the body is sound, it was n8n's binary store that gave up. */
function asFault(stage: 'download' | 'submit', isSound: boolean, error: unknown): SegmindError {
	return isSound ? storeError(stage, storeFault(error)) : networkError(stage, faultInBody(error));
}
