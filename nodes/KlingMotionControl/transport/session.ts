import type { IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from './clock';
import type { Limits } from './limits';

/** What every exchange with the network needs. */
export interface Session {
	context: IExecuteFunctions;
	clock: Clock;
	limits: Limits;
	/** Aborted when the execution is stopped, or when another item ends the run. */
	signal: AbortSignal;
}
