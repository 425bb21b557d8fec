import type { Entry } from './entry';

/** How many purchases each execution pays for. Counted as they are noted: going through all of them at each one takes minutes with 10,000 items. */
export class Paid {
	private readonly keys = new Map<string, Set<string>>();

	constructor(entries: Readonly<Record<string, Entry>>) {
		for (const [key, entry] of Object.entries(entries)) this.note(key, entry);
	}

	/** How many this execution pays for, those in doubt among them. */
	by(executionId: string): number {
		return this.keys.get(executionId)?.size ?? 0;
	}

	note(key: string, { executionId, free }: Entry): void {
		this.forget(key);
		if (!free) this.keys.set(executionId, (this.keys.get(executionId) ?? new Set()).add(key));
	}

	forget(key: string): void {
		for (const keys of this.keys.values()) keys.delete(key);
	}
}
