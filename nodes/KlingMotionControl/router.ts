import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem } from './errorItem';
import { Gate } from './jobs/gate';
import { Ledger } from './jobs/ledger';
import { settle } from './jobs/repeat';
import type { Run } from './jobs/run';
import { Uploads } from './jobs/uploads';
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
import { Stop } from './transport/stop';

interface Failure {
	error: unknown;
	itemIndex: number;
}

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
	const stop = new Stop();
	const cancel = context.getExecutionCancelSignal();
	const onCancel = () => stop.now();
	if (cancel?.aborted) stop.now();
	cancel?.addEventListener('abort', onCancel, { once: true });
	try {
		const session = { context, clock, limits, signal: stop.signal() };
		const client = await SegmindClient.open(session);
		const ledger = new Ledger(context, clock);
		return [await runAll({ ...session, client, ledger, gate: new Gate(), uploads: new Uploads() }, stop)];
	} finally {
		cancel?.removeEventListener('abort', onCancel);
	}
}

async function runAll(run: Run, stop: Stop): Promise<INodeExecutionData[]> {
	const { context } = run;
	const count = context.getInputData().length;
	const output: INodeExecutionData[] = [];
	const failures: Failure[] = [];
	let next = 0;
	const work = async () => {
		const signal = stop.signal();
		while (next < count && !signal.aborted) {
			const itemIndex = next++;
			const outcome = await settle(() => runItem({ ...run, signal }, itemIndex));
			if ('value' in outcome) {
				output[itemIndex] = outcome.value;
				continue;
			}
			failures.push({ error: outcome.error, itemIndex });
			if (context.continueOnFail() && !isStop(outcome.error)) {
				output[itemIndex] = errorItem(context, outcome.error, itemIndex);
			} else {
				// the items under way end too, as soon as their requests are in the ledger
				stop.now();
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(readConcurrency(context), count) }, work));
	if (Object.keys(output).length === count) return output;
	const end = failures.find(({ itemIndex }) => !output[itemIndex]) ?? { error: stoppedError(), itemIndex: next };
	throw toNodeError(context.getNode(), withOthers(run, end.error, failures), end.itemIndex);
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

/** The error of one item ends the node: what the other items met or paid for must not be lost with it (design.md, promise 3). */
function withOthers(run: Run, error: unknown, failures: Failure[]): unknown {
	if (!(error instanceof SegmindError)) return error;
	const failed = failures.flatMap((other) =>
		other.error !== error &&
		other.error instanceof SegmindError &&
		(!isStop(other.error) || other.error.details.mayBeAccepted)
			? [`Item ${other.itemIndex} failed too: ${other.error.message}.`]
			: [],
	);
	const paid = run.ledger
		.requestIds()
		.filter((request) => request.requestId !== error.details.requestId)
		.map((request) => `${request.requestId} (item ${request.itemIndex})`);
	const fetchable = paid.length > 0 ? [`Requests of other items, which Get Video fetches: ${paid.join(', ')}.`] : [];
	const description = [error.details.description, ...failed, ...fetchable].join(' ');
	return new SegmindError(error.kind, error.message, { ...error.details, description });
}
