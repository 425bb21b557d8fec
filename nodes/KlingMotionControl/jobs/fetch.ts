import type { IBinaryData } from 'n8n-workflow';

import type { VideoAddress } from '../segmind/types';
import { downloadVideo } from '../transport/download';
import { repeat } from './repeat';
import type { Run } from './run';

/**
 * Downloads a finished video into n8n's binary store, in a bounded number of tries: the deadline of the job does not
 * count here, since the video is paid for.
 * @param fileName the option of the node; empty: the file's own name
 */
export async function fetchVideo(
	run: Run,
	video: VideoAddress,
	fileName: string,
	requestId?: string,
): Promise<IBinaryData> {
	const naming = { wanted: fileName, ...video, ...(requestId && { requestId }) };
	return await repeat(run, { deadline: Infinity, tries: run.limits.downloadTries }, () =>
		downloadVideo(run, video.url, naming),
	);
}
