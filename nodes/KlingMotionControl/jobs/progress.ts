import type { IExecuteFunctions } from 'n8n-workflow';

/** How many items, or requests of items, a text names. */
const MOST_NAMED = 10;

/** What a run tells while it works, and what it hints at beside its output. Items are numbered as in the editor, from 0. */
export class Progress {
	private readonly hints = new Map<string, number[]>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** Tells the browser's console, in manual runs, and n8n's log what an item is at. */
	tell(itemIndex: number, event: string, requestId?: string): void {
		const text = `Item ${itemIndex}: ${event}${requestId ? `, request ${requestId}` : ''}`;
		this.context.sendMessageToUI(text);
		// the id must outlive a killed process: info is n8n's default log level
		this.context.logger.info(`Kling Motion Control, ${text}`);
	}

	/**
	 * Tells of a fault after which there is another try.
	 * @param wait ms until then
	 */
	tellFault(itemIndex: number, { message }: Error, wait: number, requestId?: string): void {
		this.tell(itemIndex, `${message}; next try in ${Math.max(1, Math.round(wait / 1_000))} s`, requestId);
	}

	/** Shows a sentence about the run beside its output. */
	note(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane', type: 'info' });
	}

	/** Keeps a warning about an item for the hints beside the output. */
	warn(itemIndex: number, message: string): void {
		const items = this.hints.get(message);
		if (items) items.push(itemIndex);
		else this.hints.set(message, [itemIndex]);
	}

	/** Shows the warnings, each once for all of its items. */
	showHints(): void {
		for (const [message, items] of this.hints) {
			this.context.addExecutionHints({
				message: `${itemsIn(items.sort((a, b) => a - b))}: ${message}`,
				location: 'outputPane',
				type: 'warning',
			});
		}
	}
}

function itemsIn(items: number[]): string {
	return `Item${items.length === 1 ? '' : 's'} ${enumerated(items)}`;
}

/** The first of the names, and how many more there are: "a, b" or "a, b and 3 more". */
export function listed(names: readonly (string | number)[]): string {
	const rest = names.length - MOST_NAMED;
	return `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The same as a part of a sentence: "a, b and c". */
export function enumerated(names: readonly (string | number)[]): string {
	const last = names.at(-1);
	if (last === undefined || names.length === 1 || names.length > MOST_NAMED) return listed(names);
	return `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** A size, given in bytes, as a person is told. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1_000_000).toFixed(bytes < 100_000 ? 2 : 1)} MB`;
}
