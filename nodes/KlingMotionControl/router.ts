import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem } from './errorItem';
import { Ledger } from './jobs/ledger';
import { settle } from './jobs/repeat';
import type { Run } from './jobs/run';
import { generate } from './operations/generate';
import { getCredits } from './operations/getCredits';
import { getVideo } from './operations/getVideo';
import { readConcurrency } from './operations/options';
import { submit } from './operations/submit';
import { SegmindError, stoppedError } from './segmind/errors';
import { invalid } from './segmind/request';
import { SegmindClient } from './transport/client';
import { systemClock } from './transport/clock';
import { LIMITS } from './transport/limits';
import { toNodeError } from './transport/nodeError';

type Operation = (run: Run, itemIndex: number) => Promise<INodeExecutionData>;

const OPERATIONS = new Map<unknown, Operation>([
	['generate', generate],
	['getCredits', getCredits],
	['getVideo', getVideo],
	['submit', submit],
]);

/**
 * Runs the node: every item, at most Max Concurrency of them at a time, in the order of the input.
 * @throws NodeApiError or NodeOperationError of the first item that failed, unless the node continues on fail
 */
export async function runItems(
	context: IExecuteFunctions,
	clock = systemClock,
	limits = LIMITS,
): Promise<INodeExecutionData[][]> {
	const stop = new AbortController();
	const cancel = context.getExecutionCancelSignal();
	const onCancel = () => stop.abort();
	if (cancel?.aborted) stop.abort();
	cancel?.addEventListener('abort', onCancel, { once: true });
	try {
		const client = await SegmindClient.open(context, limits);
		const ledger = new Ledger(context, clock);
		return [await runAll({ context, client, ledger, clock, limits, signal: stop.signal }, stop)];
	} finally {
		cancel?.removeEventListener('abort', onCancel);
	}
}

async function runAll(run: Run, stop: AbortController): Promise<INodeExecutionData[]> {
	const { context } = run;
	const count = context.getInputData().length;
	const output: INodeExecutionData[] = [];
	let failure: { error: unknown; itemIndex: number } | undefined;
	let next = 0;
	const work = async () => {
		while (next < count && !run.signal.aborted) {
			const itemIndex = next++;
			const outcome = await settle(() => runItem(run, itemIndex));
			if ('value' in outcome) {
				output[itemIndex] = outcome.value;
			} else if (context.continueOnFail() && !isStop(outcome.error)) {
				output[itemIndex] = errorItem(context, outcome.error, itemIndex);
			} else {
				failure ??= { error: outcome.error, itemIndex };
				// the items under way end too, as soon as their requests are in the ledger
				stop.abort();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(readConcurrency(context), count) }, work));
	if (run.signal.aborted) failure ??= { error: stoppedError(), itemIndex: Math.min(next, count - 1) };
	if (!failure) return output;
	const { error, itemIndex } = failure;
	throw toNodeError(context.getNode(), withOtherRequests(run, error, itemIndex), itemIndex);
}

async function runItem(run: Run, itemIndex: number): Promise<INodeExecutionData> {
	const name = run.context.getNodeParameter('operation', itemIndex);
	const operation = OPERATIONS.get(name);
	if (!operation) throw invalid('Operation', `must be one of ${[...OPERATIONS.keys()].join(', ')}`);
	return await operation(run, itemIndex);
}

function isStop(error: unknown): boolean {
	return error instanceof SegmindError && error.kind === 'stopped';
}

/** The error of one item ends the node: what the other items paid for must not be lost with it (design.md, promise 3). */
function withOtherRequests(run: Run, error: unknown, itemIndex: number): unknown {
	const others = run.ledger.requestIds().filter((request) => request.itemIndex !== itemIndex);
	if (!(error instanceof SegmindError) || others.length === 0) return error;
	const list = others.map((request) => `item ${request.itemIndex}: ${request.requestId}`).join(', ');
	return new SegmindError(error.kind, error.message, {
		...error.details,
		description: `${error.details.description} Requests of the other items, which Get Video fetches too: ${list}.`,
	});
}
