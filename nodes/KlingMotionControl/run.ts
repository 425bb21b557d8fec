import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { endOfRun, errorItem, isStop } from './failures';
import { History } from './jobs/history';
import { inParallel } from './jobs/parallel';
import { Ledger } from './jobs/ledger';
import { Pace } from './jobs/pace';
import { Progress } from './jobs/progress';
import { Purchases } from './jobs/purchase';
import { settle } from './jobs/repeat';
import { Schedule } from './jobs/schedule';
import { UrlChecks } from './jobs/urlChecks';
import type { FailedItem, Operation, ReadItem, Run } from './operations/operation';
import { readOperation } from './operations/operations';
import { readCredential } from './parameters/credential';
import { ItemInput } from './parameters/itemInput';
import { SegmindClient } from './transport/client';
import { RunClock, systemClock } from './transport/clock';
import { LIMITS } from './transport/limits';

/** An item on its way to the output. */
interface Task extends ReadItem {
	operation: Operation;
}

/** How long further items are read for their mistakes, in ms, once one ended the run: they may have large files. */
const READ_ON = 1_000;
/** How many items run at the same time where nobody says so. */
const CONCURRENCY = 5;

/**
 * Runs the node: reads and checks all items, then works on at most Max Concurrency of them at a time, in the order of the
 * input.
 * @throws NodeApiError or NodeOperationError of the first item that failed, unless the node continues on fail
 */
export async function runItems(
	context: IExecuteFunctions,
	clock = systemClock,
	limits = LIMITS,
): Promise<INodeExecutionData[][]> {
	const runClock = new RunClock(clock);
	const cancel = context.getExecutionCancelSignal();
	const end = () => runClock.end('cancel');
	if (cancel?.aborted) end();
	cancel?.addEventListener('abort', end, { once: true });
	try {
		const environment = { context, clock: runClock, limits };
		const credential = await settle(async () => await readCredential(context));
		if ('error' in credential) {
			// an earlier try of the node may have bought something
			const ledger = new Ledger(context, () => runClock.now());
			throw endOfRun(context, [{ itemIndex: 0, error: credential.error }], ledger);
		}
		const client = new SegmindClient(environment, credential.value);
		const history = new History(environment, client);
		const pace = new Pace(runClock);
		const schedule = new Schedule(runClock, pace);
		const session = { ...environment, client, pace, schedule, history, progress: new Progress(context) };
		const run = { ...session, purchases: new Purchases(session), urlChecks: new UrlChecks(session) };
		return [await new ItemRun(run).run()];
	} finally {
		cancel?.removeEventListener('abort', end);
	}
}

/** The items of one run on their way to the output. */
class ItemRun {
	/** What came of each item; most operations give one for one. */
	private readonly output: INodeExecutionData[][] = [];
	private readonly failures: FailedItem[] = [];

	constructor(private readonly shared: Run) {}

	async run(): Promise<INodeExecutionData[]> {
		const { context, purchases, progress } = this.shared;
		const count = context.getInputData().length;
		const tasks = await this.prepared(await this.readAll(count));
		progress.showHints();
		// one bad item costs nothing: where it ends the run, nothing was sent
		await inParallel(tasks, concurrencyOf(tasks), this.execute, this.isOver);
		if (Object.keys(this.output).length === count) {
			this.summarize(tasks);
			return this.output.flat();
		}
		throw endOfRun(context, this.failures, purchases, (itemIndex) => this.output[itemIndex] !== undefined);
	}

	/** Reads the items; where one ends the run, a little longer, so that one error names the mistakes of all. */
	private async readAll(count: number): Promise<Task[]> {
		const { context, clock, progress } = this.shared;
		const tasks: Task[] = [];
		const failed: FailedItem[] = [];
		const files = new Map();
		let end = Infinity;
		for (let itemIndex = 0; itemIndex < count && !this.isOver() && clock.now() < end; itemIndex++) {
			const item = new ItemInput(context, itemIndex, progress, files);
			const outcome = await settle(async () => await readTask(item));
			if ('value' in outcome) {
				tasks.push(outcome.value);
				continue;
			}
			failed.push({ itemIndex, error: outcome.error });
			if (!context.continueOnFail()) end = Math.min(end, clock.now() + READ_ON);
		}
		failed.forEach((failure) => this.fail(failure));
		return tasks;
	}

	/** The tasks that are left when each operation has looked at all of its items together. */
	private async prepared(tasks: Task[]): Promise<Task[]> {
		const failed = new Set<number>();
		for (const operation of new Set(tasks.map((task) => task.operation))) {
			if (this.isOver()) break;
			const items = tasks.filter((task) => task.operation === operation);
			for (const failure of (await operation.prepare?.(this.shared, items)) ?? []) {
				this.fail(failure);
				failed.add(failure.itemIndex);
			}
		}
		return tasks.filter(({ itemIndex }) => !failed.has(itemIndex));
	}

	/** Says beside the output what came of each operation's items, taken together. */
	private summarize(tasks: readonly Task[]): void {
		for (const operation of new Set(tasks.map((task) => task.operation))) {
			const own = tasks.filter((task) => task.operation === operation);
			const items = own.flatMap(({ itemIndex }) => this.output[itemIndex] ?? []);
			const sentences = operation.summarize?.(items) ?? [];
			if (sentences.length > 0) this.shared.progress.note(sentences.join(' '));
		}
	}

	private readonly execute = async ({ operation, itemIndex, input }: Task): Promise<void> => {
		const outcome = await settle(async () => await operation.execute(this.shared, itemIndex, input));
		if ('value' in outcome) this.output[itemIndex] = [outcome.value].flat();
		else this.fail({ itemIndex, error: outcome.error });
	};

	/** Notes an item's error; it ends the run unless the node continues on fail. */
	private fail(failure: FailedItem): void {
		const { context, clock, purchases } = this.shared;
		this.failures.push(failure);
		if (context.continueOnFail() && !isStop(failure.error)) {
			this.output[failure.itemIndex] = [errorItem(context, failure, purchases)];
		} else {
			// the items under way end too, as soon as their requests are in the ledger
			clock.end('stop');
		}
	}

	private readonly isOver = (): boolean => this.shared.clock.isStopped;
}

async function readTask(item: ItemInput): Promise<Task> {
	const operation = readOperation(item);
	return { itemIndex: item.index, operation, input: await operation.read(item) };
}

/** One number for the whole run: that of its first item. */
function concurrencyOf(tasks: Task[]): number {
	const [first] = tasks;
	return first?.operation.concurrencyOf?.(first.input) ?? CONCURRENCY;
}
