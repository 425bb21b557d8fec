import { isMediaUrl } from './addresses';
import { join, SegmindError, unexpectedError } from './errors';

/** The error with the job that it is about and how to get at its video (design.md, promise 3). */
export function withJob(cause: unknown, job: { requestId?: string; videoUrl?: string }): SegmindError {
	const error = cause instanceof SegmindError ? cause : unexpectedError(cause);
	const { requestId } = job;
	const videoUrl = job.videoUrl && isMediaUrl(job.videoUrl) ? job.videoUrl : undefined;
	const names = [requestId && `request ${requestId}`, videoUrl && `video ${videoUrl}`].filter(Boolean);
	if (names.length === 0 || error.details.requestId) return error;
	return new SegmindError(error.kind, `${error.message} [${names.join(', ')}]`, {
		...error.details,
		description: join(error.details.description, error.kind === 'failed' ? '' : recovery(requestId, videoUrl)),
		requestId,
		videoUrl,
	});
}

function recovery(requestId?: string, videoUrl?: string): string {
	return join(
		requestId &&
			`The operation Get Video with the request ID ${requestId} fetches the video without paying again, for about 1 hour after the request.`,
		videoUrl && `The video is at ${videoUrl} for 7 days.`,
	);
}
