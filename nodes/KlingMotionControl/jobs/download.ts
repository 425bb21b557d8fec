import type { IBinaryData } from 'n8n-workflow';

import type { SegmindError } from '../segmind/segmindError';
import type { FinishedJob, VideoFile } from '../segmind/types';
import { downloadVideo } from '../transport/videoStore';
import { megabytes } from './progress';
import { repeat, settle } from './repeat';
import { about } from './result';
import type { Session } from './session';

/** What a person wants of the file. */
export interface DownloadOptions {
	downloadVideo: boolean;
	/** Empty: the file's own name. */
	fileName: string;
}

/** A job that is finished, and what is known of it beside. */
export interface Finished {
	finished: FinishedJob;
	/** The stored video, where v1 sent it. */
	binary?: IBinaryData;
	requestId?: string;
}

/**
 * Downloads a finished video into n8n's binary store, in a bounded number of tries: the deadline of the job does not count
 * here, since the video is paid for. Gives nothing where no file is wanted.
 * @throws SegmindError that names the request and the video's URL
 */
export async function download(
	session: Session,
	itemIndex: number,
	{ finished, binary, requestId }: Finished,
	{ downloadVideo: isWanted, fileName: wanted }: DownloadOptions,
): Promise<IBinaryData | undefined> {
	const { progress } = session;
	if (!binary && finished.video && isWanted) {
		const { fileSize } = finished.video;
		const size = fileSize === undefined ? '' : ` (${megabytes(fileSize)})`;
		progress.tell(itemIndex, `downloading the video${size}`, requestId);
		binary = await fetchVideo(session, itemIndex, finished.video, wanted, requestId);
	}
	progress.tell(itemIndex, binary ? `video ready (${binary.fileSize ?? binary.fileName})` : 'video ready', requestId);
	return binary;
}

async function fetchVideo(
	session: Session,
	itemIndex: number,
	video: VideoFile,
	wanted: string,
	requestId?: string,
): Promise<IBinaryData> {
	const { client, clock, limits, progress } = session;
	const onFault = (fault: SegmindError, wait: number) => progress.tellFault(itemIndex, fault, wait, requestId);
	const bounds = { deadline: Infinity, tries: limits.downloadTries, onFault };
	const expected = { wanted, ...video, ...(requestId && { requestId }) };
	const outcome = await settle(
		async () =>
			await repeat(clock, bounds, async () => await downloadVideo(session, video.url, expected, client.redacted)),
	);
	if ('value' in outcome) return outcome.value;
	throw about(outcome.error, { requestId, videoUrl: video.url });
}
