import { createHash } from 'crypto';

import type { IBinaryData, IContextObject, IExecuteFunctions } from 'n8n-workflow';

import type { Doubt } from '../segmind/errors';
import type { FinishedJob } from '../segmind/types';
import type { Clock } from '../transport/clock';

/** What is known of a request that was paid for. Without an id, a result or a file, it is in doubt: it may have been accepted. */
export interface Submitted {
	requestId?: string;
	finished?: FinishedJob;
	/** The error of a POST that may have been accepted. */
	doubt?: Doubt;
	/** The stored video, where the service sent its bytes and gave no address to fetch them from again. */
	binary?: IBinaryData;
}

interface Entry extends Submitted {
	executionId: string;
	/** ms since the epoch */
	submittedAt: number;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/**
 * The requests that this node paid for, in n8n's execution context, which survives Retry On Fail and is handed to the
 * Executions list's Retry (n8n-facts.md, "Execution"). An entry belongs to one item of one run with one request, so
 * that equal items and loop iterations each get a video of their own. A model that calls its tool again with the same
 * fields gets the video that was paid for.
 */
export class Ledger {
	private readonly entries: Record<string, Entry>;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly clock: Clock,
	) {
		const stored: IContextObject = context.getContext('node');
		// the context outlives this run, and n8n stores it as JSON
		stored.segmindRequests ??= {};
		this.entries = stored.segmindRequests as Record<string, Entry>;
	}

	/**
	 * The key of an item's request.
	 * @param content what the request asks for: a file counts by its content, never by the address of its upload
	 */
	key(itemIndex: number, content: unknown): string {
		const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
		return `${this.runIndex(itemIndex)}:${itemIndex}:${hash}`;
	}

	/**
	 * What an earlier try knows of the request. What an earlier execution left behind counts only as long as Segmind
	 * still has it (segmind-api.md, "v2"): a person who retries an execution has seen its error.
	 */
	recall(key: string): Submitted | undefined {
		const entry = this.entries[key];
		if (!entry) return undefined;
		const age = Math.max(0, this.clock.now() - entry.submittedAt);
		if (entry.executionId === this.context.getExecutionId() || age < lifeOf(entry)) return entry;
		delete this.entries[key];
		return undefined;
	}

	/** Notes that the request is about to be sent: until its answer is known, it may have been accepted. */
	open(key: string): void {
		this.entries[key] = { executionId: this.context.getExecutionId(), submittedAt: this.clock.now() };
	}

	/** Adds what became known. */
	add(key: string, known: Submitted): void {
		this.entries[key] = { ...this.entries[key], ...known };
	}

	/** Forgets a request that was refused or failed: neither is charged. */
	forget(key: string): void {
		delete this.entries[key];
	}

	/** The ids of all requests of this run that may be of use, by item. */
	requestIds(): Array<{ itemIndex: number; requestId: string }> {
		return Object.entries(this.entries).flatMap(([key, { requestId }]) => {
			const [runIndex, itemIndex] = key.split(':').map(Number);
			if (!requestId || itemIndex === undefined || runIndex !== this.runIndex(itemIndex)) return [];
			return [{ itemIndex, requestId }];
		});
	}

	/** As a tool, the node gets a new run index for each try of Retry On Fail and each call of the model: there, the request alone counts. */
	private runIndex(itemIndex: number): number {
		if (this.context.getNode().type.endsWith('Tool')) return 0;
		return Number(this.context.getWorkflowDataProxy(itemIndex).$runIndex);
	}
}

/** How long another execution can still make use of an entry, in ms. */
function lifeOf({ requestId, finished, binary }: Submitted): number {
	if (binary || finished?.video) return 7 * DAY;
	return requestId ? HOUR : 0;
}
