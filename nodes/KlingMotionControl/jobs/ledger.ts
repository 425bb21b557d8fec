import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';

import { LIFE_OF_URL } from '../segmind/history';
import type { MotionRequest } from '../segmind/types';
import { lifeOf, type Entry } from './entry';
import { hashIn, itemIn, keyOf, placeIn, placeOf } from './key';
import type { Known } from './known';
import type { Order } from './order';
import { Paid } from './paid';

/** What goes with the entries of a context as long as they are in memory: calls of a tool, which run at the same time, share it. */
interface Companion {
	/** The purchases that are being made, by key. */
	underWay: Map<string, Promise<unknown>>;
	paid: Paid;
}

const companions = new WeakMap<object, Companion>();

/**
 * The purchases of this node, in n8n's execution context, which survives Retry On Fail and is handed to the Executions
 * list's Retry. An entry belongs to one item of one run with one order, so that equal items and loop iterations each get a
 * video of their own. A model that calls its tool again with the same fields gets the video that was paid for.
 */
export class Ledger {
	private readonly entries: Record<string, Entry>;
	private readonly companion: Companion;
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
		this.companion = companions.get(this.entries) ?? { underWay: new Map(), paid: new Paid(this.entries) };
		companions.set(this.entries, this.companion);
		for (const key of Object.keys(this.entries)) this.index(key);
	}

	/** The key of an item's order: a file counts by its content, never by the URL of its upload. */
	key(itemIndex: number, order: Order): string {
		const key = keyOf(this.place(itemIndex), order);
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
		return age >= lifeOf(entry) && age < LIFE_OF_URL ? entry.requestId : undefined;
	}

	/** Takes an entry of an earlier execution over: it goes on, and this execution does not pay for it. */
	takeOver(key: string): void {
		const entry = this.entries[key];
		if (entry) this.note(key, { ...entry, ...this.opened(), free: true });
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
		return this.companion.paid.by(this.context.getExecutionId());
	}

	/** Whether an equal request of another item was sent whose answer is still to come. */
	isEqualOnItsWay(key: string): boolean {
		const hash = hashIn(key);
		return Object.entries(this.entries).some(
			([other, { requestId, finished, doubt }]) =>
				other !== key && hashIn(other) === hash && !requestId && !finished && !doubt && this.purchaseUnderWay(other),
		);
	}

	/** Equal purchases that are finished without an id: when they were sent, in ms since the epoch, and the video's URL where it is known. */
	unnamedLike(key: string): Array<{ at: number; url?: string }> {
		return Object.entries(this.entries).flatMap(([other, { submittedAt, requestId, finished }]) =>
			hashIn(other) === hashIn(key) && finished && !requestId ? [{ at: submittedAt, url: finished.video?.url }] : [],
		);
	}

	/** Whether some purchase has this id. */
	has(isId: (requestId: string) => boolean): boolean {
		return Object.values(this.entries).some(({ requestId }) => requestId !== undefined && isId(requestId));
	}

	/** Notes that the request is about to be sent: until its answer is known, it may have been accepted. */
	open(key: string, sent?: MotionRequest, inputs?: readonly string[]): void {
		this.note(key, { ...this.opened(), ...(sent && { sent }), ...(inputs?.length && { inputs }) });
	}

	/** Adds what became known. */
	add(key: string, known: Known): void {
		// an earlier execution's entry may be forgotten by now
		const { sent, ...entry } = { ...(this.entries[key] ?? this.opened()), ...known };
		// what it asked for only matters until it is known by an id
		this.note(key, known.requestId || known.finished || !sent ? entry : { ...entry, sent });
	}

	/**
	 * Forgets a request that was refused or failed: neither is charged.
	 * @param requestId which of them; an equal call may have made a new one since
	 */
	forget(key: string, requestId?: string): void {
		if (requestId !== undefined && this.entries[key]?.requestId !== requestId) return;
		delete this.entries[key];
		this.companion.paid.forget(key);
	}

	/** The purchase that is being made under this key at this moment, by this run or another call of the same tool. */
	purchaseUnderWay<T>(key: string): Promise<T> | undefined {
		return this.companion.underWay.get(key) as Promise<T> | undefined;
	}

	/** Lets others know of a purchase while it is being made. */
	async announce<T>(key: string, purchase: Promise<T>): Promise<T> {
		this.companion.underWay.set(key, purchase);
		return await purchase.finally(() => this.companion.underWay.delete(key));
	}

	/** The purchases of this run, or of one of its items: those that are known by an id, and those in doubt. */
	ofThisRun(ofItem?: number): Array<Known & { itemIndex: number }> {
		if (this.isEmpty) return [];
		const keys = ofItem === undefined ? Object.keys(this.entries) : this.keysAt(this.place(ofItem));
		return [...keys].flatMap((key) => {
			const itemIndex = itemIn(key);
			const entry = this.recall(key);
			if (!entry || placeIn(key) !== this.place(itemIndex)) return [];
			// a tool's other calls are none of this run's, and they all are of its item 0
			if (this.isTool && !this.asked.has(key)) return [];
			return [{ itemIndex, ...entry }];
		});
	}

	private note(key: string, entry: Entry): void {
		this.entries[key] = entry;
		this.companion.paid.note(key, entry);
	}

	private index(key: string): void {
		this.keys.set(placeIn(key), this.keysAt(placeIn(key)).add(key));
	}

	private keysAt(place: string): Set<string> {
		return this.keys.get(place) ?? new Set();
	}

	private opened(): Entry {
		return { executionId: this.context.getExecutionId(), submittedAt: this.now() };
	}

	/**
	 * The place of an item of this run. As a tool, the node gets a new run index for each try of Retry On Fail and each call of
	 * the model: there, the order alone counts.
	 */
	private place(itemIndex: number): string {
		return placeOf(this.isTool ? 0 : Number(this.context.getWorkflowDataProxy(itemIndex).$runIndex), itemIndex);
	}

	private get isTool(): boolean {
		return this.context.getNode().type.endsWith('Tool');
	}
}
