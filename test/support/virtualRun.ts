import type { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { Gate } from '../../nodes/KlingMotionControl/jobs/gate';
import { Ledger } from '../../nodes/KlingMotionControl/jobs/ledger';
import { Uploads } from '../../nodes/KlingMotionControl/jobs/uploads';
import type { Run } from '../../nodes/KlingMotionControl/jobs/run';
import { readText } from '../../nodes/KlingMotionControl/transport/body';
import type { SegmindClient } from '../../nodes/KlingMotionControl/transport/client';
import { LIMITS } from '../../nodes/KlingMotionControl/transport/limits';
import { VirtualClock } from './virtualN8n';

/** What a virtual run is given. */
interface Given {
	clock?: VirtualClock;
	client?: Partial<SegmindClient>;
	executionId?: string;
	runIndex?: number;
	nodeType?: string;
	/** n8n's context of the node. */
	stored?: object;
}

/** One execution of the node in virtual time, for what needs no engine: its client is what the test gives. */
export function virtualRun({ clock = new VirtualClock(), client, ...given }: Given = {}) {
	const stop = new AbortController();
	const stored = given.stored ?? {};
	const context = {
		getContext: () => stored,
		getNode: () => ({ type: given.nodeType ?? 'n' }),
		getExecutionId: () => given.executionId ?? '1',
		getWorkflowDataProxy: () => ({ $runIndex: given.runIndex ?? 0 }),
		helpers: {
			prepareBinaryData: async (body: Readable, fileName: string, mimeType: string) => ({
				data: await readText(body, 1_000_000),
				fileName,
				mimeType,
			}),
		},
	} as unknown as IExecuteFunctions;
	const run: Run = {
		context,
		clock,
		limits: LIMITS,
		signal: stop.signal,
		client: client as SegmindClient,
		ledger: new Ledger(context, clock),
		gate: new Gate(),
		uploads: new Uploads(),
	};
	return { run, clock, stored, stop: () => stop.abort() };
}

/** What the work throws, which it must. */
export async function thrown(work: Promise<unknown>): Promise<unknown> {
	return await work.then(
		() => {
			throw new Error('nothing was thrown');
		},
		(error: unknown) => error,
	);
}
