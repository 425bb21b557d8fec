import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { FinishedJob, Model } from '../segmind/types';

/** A finished job with what is known of its video. */
export interface FinishedVideo {
	requestId?: string;
	model?: Model;
	finished: FinishedJob;
	binary?: IBinaryData;
	binaryPropertyName: string;
	resumed?: boolean;
}

/** The output item for a finished video, the same for every way that led to it (design.md, "Contract"). */
export function videoItem(itemIndex: number, video: FinishedVideo): INodeExecutionData {
	const { requestId, model, finished, binary, binaryPropertyName, resumed } = video;
	const json: IDataObject = {
		...(requestId && { request_id: requestId }),
		status: 'COMPLETED',
		...(model && { model }),
		...(finished.video && { video_url: finished.video.url }),
		metrics: { ...finished.metrics },
		...(resumed && { resumed }),
	};
	return {
		json,
		...(binary && { binary: { [binaryPropertyName]: binary } }),
		pairedItem: { item: itemIndex },
	};
}
