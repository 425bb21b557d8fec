import type { IBinaryData } from 'n8n-workflow';

import type { Doubt } from '../segmind/endings';
import type { FinishedJob, MotionRequest } from '../segmind/types';

/** What is known of a purchase. Without an id, a result or a file, it is in doubt: the request may have been accepted. */
export interface Known {
	requestId?: string;
	finished?: FinishedJob;
	/** What a POST met that may have been accepted. */
	doubt?: Doubt;
	/** Set where v1 was asked: v2's polls need not know its requests. */
	blocking?: true;
	/** Set where this execution did not pay for it, but found it in the request history. */
	free?: true;
	/** Set where the person asked to reuse equal requests. */
	reused?: true;
	/** Set where the host of the result's video did not know its URL any more: asking for the result again may give a new one. */
	stale?: true;
	/** The URLs of the request, which an answer may repeat: those of its uploads are known nowhere else. */
	inputs?: readonly string[];
	/** The body of a POST in doubt, as it was sent: the URLs of uploads are in it. */
	sent?: MotionRequest;
	/** The stored video, where the service sent its bytes and gave no URL to fetch them from again. */
	binary?: IBinaryData;
}
