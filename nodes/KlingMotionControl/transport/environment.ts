import type { IExecuteFunctions } from 'n8n-workflow';

import type { RunClock } from './clock';
import type { Limits } from './limits';

/** What every exchange of a run needs. */
export interface Environment {
	context: IExecuteFunctions;
	clock: RunClock;
	limits: Limits;
}
