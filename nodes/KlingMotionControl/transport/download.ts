import type { IBinaryData } from 'n8n-workflow';

import { answerError, networkError, SegmindError, storeError, unreadableError } from '../segmind/errors';
import { videoFileName, videoMimeType, type VideoNaming } from '../segmind/naming';
import { inTime, peek, pulseOf, replyOf, soundnessOf, type Reply } from './body';
import { faultCode, faultInBody, storeFault } from './fault';
import type { Session } from './session';

/**
 * Fetches a video by its public address, without any credential, and streams it into n8n's binary store. One try.
 * @param url an address that `isMediaUrl` accepts
 * @throws SegmindError of the stage `download`
 */
export async function downloadVideo(session: Session, url: string, naming: VideoNaming): Promise<IBinaryData> {
	const { context, limits, signal } = session;
	const hangUp = new AbortController();
	let response: unknown;
	try {
		response = await context.helpers.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			timeout: limits.stallTime,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			abortSignal: AbortSignal.any([signal, hangUp.signal]),
		});
	} catch (error) {
		throw networkError('download', faultCode(error));
	}
	const reply = replyOf(response);
	if (!reply) throw unreadableError('download', { status: 0, headers: {} }, 'n8n could not pass on');
	if (reply.status < 200 || reply.status >= 300) {
		reply.body.destroy();
		throw answerError('download', { status: reply.status, headers: reply.headers, text: '' });
	}
	const stored = storeVideo('download', session, reply, naming);
	// axios keeps the connection when its body is destroyed while it waits for bytes
	stored.catch(() => hangUp.abort());
	return await stored;
}

/**
 * Streams the body of a reply into n8n's binary store, where it is a video.
 * @param stage `submit` where the reply is v1's answer itself
 * @throws SegmindError where it is not, where it breaks off, or where the store does not take it
 */
export async function storeVideo(
	stage: 'download' | 'submit',
	{ context, clock, limits }: Session,
	reply: Reply,
	naming: VideoNaming,
): Promise<IBinaryData> {
	const { body, headers } = reply;
	const deadline = clock.now() + limits.downloadTime;
	const lastByte = pulseOf(clock, body);
	const isSound = soundnessOf(body);
	const contentType = headers['content-type'];
	try {
		const start = await peek(clock, body, limits.stallTime);
		if (start.length === 0) throw unreadableError(stage, reply, 'is empty');
		if (/text\/|json|xml/i.test(contentType ?? '') || /^\s*[<{[]/.test(start.toString('latin1'))) {
			throw unreadableError(stage, reply, 'is a page, not a video');
		}
		const mimeType = videoMimeType(contentType, naming);
		const end = () => Math.min(deadline, lastByte() + limits.stallTime);
		return await inTime(
			clock,
			body,
			end,
			async () => await context.helpers.prepareBinaryData(body, videoFileName(naming, mimeType), mimeType),
		);
	} catch (error) {
		const fault = error instanceof SegmindError ? error : asFault(stage, isSound(error), error);
		body.destroy();
		throw fault;
	}
}

/** Where the body is sound, it was n8n's binary store that gave up. */
function asFault(stage: 'download' | 'submit', isSound: boolean, error: unknown): SegmindError {
	return isSound ? storeError(stage, storeFault(error)) : networkError(stage, faultInBody(error));
}
