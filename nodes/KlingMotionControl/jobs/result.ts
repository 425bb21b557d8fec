import { noVideoError } from '../segmind/endings';
import { jsonObject } from '../segmind/json';
import { finishedJob } from '../segmind/response';
import { isMediaUrl } from '../segmind/routes';
import { SegmindError } from '../segmind/segmindError';
import type { Answer, FinishedJob } from '../segmind/types';

/**
 * The finished job in an answer that names a video.
 * @param inputs the URLs of the request, which an answer may repeat
 * @throws SegmindError of kind `media` where it names none, or one at a URL that must not be fetched
 */
export function finishedIn(answer: Answer, inputs: readonly string[]): FinishedJob {
	const finished = finishedJob(jsonObject(answer.text), inputs);
	if (!finished.video) throw noVideoError(answer.status, 'names no video');
	if (!isMediaUrl(finished.video.url)) {
		throw noVideoError(answer.status, 'names a video URL that is not a plain http(s) one');
	}
	return finished;
}

/** The error with the request that it is about, and the video where it is known. Nothing that is known already is replaced. */
export function about(error: unknown, job: { requestId?: string; videoUrl?: string }): unknown {
	if (!(error instanceof SegmindError)) return error;
	const { requestId = job.requestId, videoUrl = job.videoUrl, accepted } = error.details;
	return error.with({ requestId, videoUrl, accepted: error.kind === 'failed' ? accepted : 'yes' });
}
