import type { SegmindClient } from '../transport/client';
import type { Environment } from '../transport/environment';
import type { History } from './history';
import type { Progress } from './progress';

/** What the jobs of a run share: the service, the account's history, and who hears of their progress. */
export interface Session extends Environment {
	client: SegmindClient;
	history: History;
	progress: Progress;
}
