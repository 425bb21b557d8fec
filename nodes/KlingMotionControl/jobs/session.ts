import type { SegmindClient } from '../transport/client';
import type { Environment } from '../transport/environment';
import type { History } from './history';
import type { Pace } from './pace';
import type { Progress } from './progress';
import type { Schedule } from './schedule';

/** What the jobs of a run share: the service and when it is asked, the account's history, and who hears of their progress. */
export interface Session extends Environment {
	client: SegmindClient;
	pace: Pace;
	schedule: Schedule;
	history: History;
	progress: Progress;
}
