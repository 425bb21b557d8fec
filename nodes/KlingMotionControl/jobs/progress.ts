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

	/** Keeps a warning about an item for the hints beside the output. */
	warn(itemIndex: number, message: string): void {
		this.hints.set(message, [...(this.hints.get(message) ?? []), itemIndex]);
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
	if (items.length === 1) return `Item ${items[0]}`;
	return `Items ${listed(items)}`;
}

/** The first of the names, and how many more there are. */
export function listed(names: readonly (string | number)[]): string {
	const rest = names.length - MOST_NAMED;
	return `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
