import { LIFE_OF_URL } from '../segmind/history';
import type { Known } from './known';

/** A purchase as n8n stores it. */
export interface Entry extends Known {
	executionId: string;
	/** ms since the epoch */
	submittedAt: number;
}

/** How long Segmind's polls know a request, in ms (docs/segmind-api.md, "v2"). */
const LIFE_OF_REQUEST = 60 * 60_000;

/** How long another execution can still make use of an entry, in ms. */
export function lifeOf({ requestId, finished, binary }: Known): number {
	if (binary || finished?.video) return LIFE_OF_URL;
	return requestId ? LIFE_OF_REQUEST : 0;
}
