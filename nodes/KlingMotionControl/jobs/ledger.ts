import { createHash } from 'crypto';

import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';

import type { MotionRequest } from '../segmind/types';
import type { Known } from './known';
import type { Order } from './order';

interface Entry extends Known {
	executionId: string;
	/** ms since the epoch */
	submittedAt: number;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** The purchases that are being made, by the context that they will be noted in: calls of a tool run at the same time. */
const underWay = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * The purchases of this node, in n8n's execution context, which survives Retry On Fail and is handed to the Executions
 * list's Retry. An entry belongs to one item of one run with one order, so that equal items and loop iterations each get a
 * video of their own. A model that calls its tool again with the same fields gets the video that was paid for.
 */
export class Ledger {
	private readonly entries: Record<string, Entry>;
	/** The keys that this run asked for. */
	private readonly asked = new Set<string>();
	/** All keys that are known, by run and item. */
	private readonly keys = new Map<string, Set<string>>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly now: () => number,
	) {
		const stored: IContextObject = context.getContext('node');
		// the context outlives this run, and n8n stores it as JSON
		stored.segmindRequests ??= {};
		this.entries = stored.segmindRequests as Record<string, Entry>;
		for (const key of Object.keys(this.entries)) this.index(key);
	}

	/** The key of an item's order: a file counts by its content, never by the URL of its upload. */
	key(itemIndex: number, { model, body, files }: Order): string {
		const content = [model, body, files.image?.hash, files.video?.hash];
		const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
		const key = `${this.runIndex(itemIndex)}:${itemIndex}:${hash}`;
		this.asked.add(key);
		this.index(key);
		return key;
	}

	/**
	 * What an earlier try knows of the purchase. What an earlier execution left behind counts only as long as Segmind still
	 * has it: a person who retries an execution has seen its error.
	 */
	recall(key: string): Known | undefined {
		const entry = this.entries[key];
		if (!entry) return undefined;
		const age = Math.max(0, this.now() - entry.submittedAt);
		if (entry.executionId === this.context.getExecutionId() || age < lifeOf(entry)) return entry;
		return undefined;
	}

	/** The id of a request that the polls have forgotten by now, but not the history. */
	outlived(key: string): string | undefined {
		const entry = this.entries[key];
		if (!entry?.requestId || entry.executionId === this.context.getExecutionId()) return undefined;
		const age = this.now() - entry.submittedAt;
		return age >= lifeOf(entry) && age < 7 * DAY ? entry.requestId : undefined;
	}

	/** Takes an entry of an earlier execution over: it goes on, and this execution does not pay for it. */
	takeOver(key: string): void {
		const entry = this.entries[key];
		if (entry) this.entries[key] = { ...entry, ...this.opened(), free: true };
	}

	/** A POST in doubt, of this execution or of an earlier one: when it was sent, in ms since the epoch, and what it asked for. */
	doubtOf(key: string): { at: number; sent?: MotionRequest } | undefined {
		const entry = this.entries[key];
		return entry && lifeOf(entry) === 0 ? { at: entry.submittedAt, sent: entry.sent } : undefined;
	}

	/** Whether nothing at all is known: the node runs for the first time, or n8n lost what it knew. */
	get isEmpty(): boolean {
		return Object.keys(this.entries).length === 0;
	}

	/** Whether v1 was asked for a purchase. */
	isBlocking(key: string): boolean {
		return this.entries[key]?.blocking === true;
	}

	/** How many videos this execution bought, or may have. */
	get bought(): number {
		const executionId = this.context.getExecutionId();
		return Object.values(this.entries).filter((entry) => entry.executionId === executionId && !entry.free).length;
	}

	/** Whether an equal request of another item was sent whose answer is still to come. */
	isEqualOnItsWay(key: string): boolean {
		const hash = hashIn(key);
		return Object.entries(this.entries).some(
			([other, { requestId, finished, doubt }]) =>
				other !== key && hashIn(other) === hash && !requestId && !finished && !doubt && this.purchaseUnderWay(other),
		);
	}

	/** Whether some purchase has this id. */
	has(isId: (requestId: string) => boolean): boolean {
		return Object.values(this.entries).some(({ requestId }) => requestId !== undefined && isId(requestId));
	}

	/** Notes that the request is about to be sent: until its answer is known, it may have been accepted. */
	open(key: string, sent?: MotionRequest, inputs?: readonly string[]): void {
		this.entries[key] = { ...this.opened(), ...(sent && { sent }), ...(inputs?.length && { inputs }) };
	}

	/** Adds what became known. */
	add(key: string, known: Known): void {
		// an earlier execution's entry may be forgotten by now
		const { sent, ...entry } = { ...(this.entries[key] ?? this.opened()), ...known };
		// what it asked for only matters until it is known by an id
		this.entries[key] = known.requestId || known.finished || !sent ? entry : { ...entry, sent };
	}

	/**
	 * Forgets a request that was refused or failed: neither is charged.
	 * @param requestId which of them; an equal call may have made a new one since
	 */
	forget(key: string, requestId?: string): void {
		if (requestId === undefined || this.entries[key]?.requestId === requestId) delete this.entries[key];
	}

	/** The purchase that is being made under this key at this moment, by this run or another call of the same tool. */
	purchaseUnderWay<T>(key: string): Promise<T> | undefined {
		return underWay.get(this.entries)?.get(key) as Promise<T> | undefined;
	}

	/** Lets others know of a purchase while it is being made. */
	async announce<T>(key: string, purchase: Promise<T>): Promise<T> {
		const purchases = underWay.get(this.entries) ?? new Map<string, Promise<unknown>>();
		underWay.set(this.entries, purchases.set(key, purchase));
		return await purchase.finally(() => purchases.delete(key));
	}

	/** The purchases of this run, or of one of its items: those that are known by an id, and those in doubt. */
	ofThisRun(ofItem?: number): Array<Known & { itemIndex: number }> {
		if (this.isEmpty) return [];
		const keys = ofItem === undefined ? Object.keys(this.entries) : this.keys.get(`${this.runIndex(ofItem)}:${ofItem}`);
		return [...(keys ?? [])].flatMap((key) => {
			const [runIndex, itemIndex] = key.split(':').map(Number);
			const entry = this.recall(key);
			if (!entry || itemIndex === undefined || runIndex !== this.runIndex(itemIndex)) return [];
			// a tool's other calls are none of this run's, and they all are of its item 0
			if (this.isTool && !this.asked.has(key)) return [];
			return [{ itemIndex, ...entry }];
		});
	}

	private index(key: string): void {
		const place = key.slice(0, key.lastIndexOf(':'));
		this.keys.set(place, (this.keys.get(place) ?? new Set()).add(key));
	}

	private opened(): Entry {
		return { executionId: this.context.getExecutionId(), submittedAt: this.now() };
	}

	/** As a tool, the node gets a new run index for each try of Retry On Fail and each call of the model: there, the order alone counts. */
	private runIndex(itemIndex: number): number {
		return this.isTool ? 0 : Number(this.context.getWorkflowDataProxy(itemIndex).$runIndex);
	}

	private get isTool(): boolean {
		return this.context.getNode().type.endsWith('Tool');
	}
}

/** How long another execution can still make use of an entry, in ms. */
function lifeOf({ requestId, finished, binary }: Known): number {
	if (binary || finished?.video) return 7 * DAY;
	return requestId ? HOUR : 0;
}

/** The item of a key. */
export function itemIn(key: string): number {
	return Number(key.split(':')[1]);
}

function hashIn(key: string): string | undefined {
	return key.split(':').at(-1);
}
