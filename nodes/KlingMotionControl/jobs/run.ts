import { stoppedError } from '../segmind/errors';
import type { JobStatus } from '../segmind/types';
import type { SegmindClient } from '../transport/client';
import type { Session } from '../transport/session';
import type { Gate } from './gate';
import type { Ledger } from './ledger';
import type { Uploads } from './uploads';

/** One execution of the node: what all of its items share. */
export interface Run extends Session {
	client: SegmindClient;
	ledger: Ledger;
	gate: Gate;
	uploads: Uploads;
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
