/** What was started and has to end. What is still starting while all ends, ends as soon as it is added. */
export class Owned {
	private readonly ends: Array<() => unknown> = [];
	private isClosed = false;

	/**
	 * @param end ends the thing, and may be called where it has ended already
	 * @throws where all has ended, after it ended this one too
	 */
	async add(end: () => unknown): Promise<void> {
		if (this.isClosed) {
			await end();
			throw new Error('It was started while everything ended.');
		}
		this.ends.unshift(end);
	}

	/** Ends all, the last first. */
	async close(): Promise<void> {
		this.isClosed = true;
		for (const end of this.ends) await end();
	}
}
