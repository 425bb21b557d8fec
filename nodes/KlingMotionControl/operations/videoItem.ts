import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Model } from '../segmind/models';
import type { FinishedJob } from '../segmind/types';

/** A finished job with what is known of its video. */
interface FinishedVideo {
	requestId?: string;
	model?: Model;
	finished: FinishedJob;
	binary?: IBinaryData;
	/** The binary field for the video. */
	field: string;
	resumed?: true;
	reused?: true;
}

/** The output item for a finished video, the same for every way that led to it. */
export function videoItem(itemIndex: number, video: FinishedVideo): INodeExecutionData {
	const { requestId, model, finished, binary, field, resumed, reused } = video;
	const json: IDataObject = {
		...(requestId && { request_id: requestId }),
		status: 'COMPLETED',
		...(model && { model }),
		...(finished.video && { video_url: finished.video.url }),
		metrics: { ...finished.metrics },
		...(resumed && { resumed }),
		...(reused && { reused }),
	};
	return { json, ...(binary && { binary: { [field]: binary } }), pairedItem: { item: itemIndex } };
}
