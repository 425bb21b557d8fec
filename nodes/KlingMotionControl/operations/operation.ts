import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Purchases } from '../jobs/purchase';
import type { Session } from '../jobs/session';
import type { UrlChecks } from '../jobs/urlChecks';
import type { ItemInput } from '../parameters/itemInput';

/** One run of the node: what its items share. */
export interface Run extends Session {
	purchases: Purchases;
	urlChecks: UrlChecks;
}

/** An item that was read and checked. */
export interface ReadItem<Input = unknown> {
	itemIndex: number;
	input: Input;
}

/** An item that failed. */
export interface FailedItem {
	itemIndex: number;
	error: unknown;
}

/** An operation of the node: what the editor and an agent's model are told of it, and what it does with an item. */
export interface Operation<Input = unknown> {
	/** What workflows save as the operation's name. */
	value: string;
	name: string;
	/** The entry in the editor's list of actions. */
	action: string;
	description: string;
	/** What a model should know before it calls the node as its tool. */
	toolDescription: string;
	/** Its parameters; they are shown for this operation only. */
	fields: INodeProperties[];
	/** Reads and checks what an item asks for. Sends nothing. @throws SegmindError of kind `input`, or n8n's own error */
	read(item: ItemInput): Promise<Input>;
	/** How many items run at the same time, where a person can say so. */
	concurrencyOf?(input: Input): number;
	/** Looks at all items together before the first is executed. Buys nothing. */
	prepare?(run: Run, items: ReadonlyArray<ReadItem<Input>>): Promise<FailedItem[]>;
	/** Sentences about the items that came of it, beside the output. */
	summarize?(items: readonly INodeExecutionData[]): string[];
	/** Does it. @throws SegmindError */
	execute(run: Run, itemIndex: number, input: Input): Promise<INodeExecutionData | INodeExecutionData[]>;
}
