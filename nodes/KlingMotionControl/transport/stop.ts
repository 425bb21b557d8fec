/**
 * What ends a run before its time. Everyone who listens gets a signal of their own: many listeners on one signal make
 * Node warn of a leak.
 */
export class Stop {
	private readonly controllers: AbortController[] = [];
	private stopped = false;

	/** A new signal, aborted with all the others. */
	signal(): AbortSignal {
		const controller = new AbortController();
		if (this.stopped) controller.abort();
		this.controllers.push(controller);
		return controller.signal;
	}

	now(): void {
		this.stopped = true;
		for (const controller of this.controllers) controller.abort();
	}
}
