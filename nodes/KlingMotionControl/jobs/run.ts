import type { IExecuteFunctions } from 'n8n-workflow';

import { stoppedError } from '../segmind/errors';
import type { JobStatus } from '../segmind/types';
import type { SegmindClient } from '../transport/client';
import type { Clock } from '../transport/clock';
import type { Limits } from '../transport/limits';
import type { Ledger } from './ledger';

/** One execution of the node: what all of its items share. */
export interface Run {
	context: IExecuteFunctions;
	client: SegmindClient;
	ledger: Ledger;
	clock: Clock;
	limits: Limits;
	/** Aborted when the execution is stopped, or when another item ends the run. */
	signal: AbortSignal;
}

/** @throws SegmindError of kind `stopped` once the run was stopped */
export function checkStopped(run: Run, status?: JobStatus): void {
	if (run.signal.aborted) throw stoppedError(status);
}

/** Tells the editor's console, in manual runs, and the log what an item is at. Item numbers are those of the editor, from 0. */
export function report(run: Run, itemIndex: number, event: string, requestId?: string): void {
	const text = `Item ${itemIndex}: ${event}${requestId ? `, request ${requestId}` : ''}`;
	run.context.sendMessageToUI(text);
	// the id must outlive a killed process: info is n8n's default log level
	run.context.logger.info(`Kling Motion Control, ${text}`);
}
