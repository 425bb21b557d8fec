import { sleep } from 'n8n-workflow';

/** Time and chance, passed in where they decide, so that tests need no waiting. */
export interface Clock {
	/** ms since the epoch */
	now(): number;
	/** a number from 0 to 1 */
	random(): number;
	/** Resolves after that many ms, or at once when the signal is aborted; never rejects. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The clock of the machine, with n8n's own sleep. */
export const systemClock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	async sleep(ms, signal) {
		if (signal.aborted) return;
		let wake = () => {};
		const aborted = new Promise<void>((resolve) => {
			wake = resolve;
			signal.addEventListener('abort', wake, { once: true });
		});
		// newer n8n-workflow versions clear the timer and reject on abort, older ones ignore the signal
		await Promise.race([sleep(ms, signal).catch(() => {}), aborted]);
		signal.removeEventListener('abort', wake);
	},
};
