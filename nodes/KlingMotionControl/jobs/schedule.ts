import type { JobStatus } from '../segmind/types';
import { stoppedError } from '../segmind/endings';
import type { RunClock } from '../transport/clock';
import type { Errand, Pace } from './pace';

const SECOND = 1_000;
/** How old a job is while it may fail at once, as for a reference that cannot be used, in ms. */
const FRESH = 15 * SECOND;
/** Between which ages a job of this kind is usually finished, and when most of them are, in ms (docs/segmind-api.md). */
const USUAL = { from: 400 * SECOND, most: 580 * SECOND, to: 700 * SECOND };
/** The time to the next look as a part of the age: while nothing is expected, while it may be ready, and once it is late. */
const PART = { before: 0.15, usual: 0.016, late: 0.01, unknown: 0.02 };
/** The longest of these while nothing is expected, in ms. */
const LONGEST = 30 * SECOND;
/** How many looks at jobs that are due fit into the poll interval of one: about 120 a minute, as the largest plan allows. */
const TOGETHER = 10;

/** How many jobs tell how long the next one takes. */
const MOST_TIMES = 20;

/** A job that is waited for. Times in ms since the epoch. */
export interface Watched {
	/** When it was accepted, or when the wait for it began. */
	since: number;
	/** Whether it was accepted then. */
	isNew: boolean;
	/** The last look; for a new job its acceptance, for another one undefined before the first. */
	last?: number;
	/** ms that are between two looks at least */
	interval: number;
}

/** When to look at a job, and how much depends on it. */
interface Plan {
	/** ms since the epoch */
	at: number;
	errand: Errand;
}

/**
 * When the jobs of a run are looked at: each often while it is fresh and when it is due, and all of them together no more
 * often than one of them alone before that. Once one is finished, the others are expected to take as long.
 */
export class Schedule {
	/** How long the last jobs took, in ms. */
	private times: number[] = [];
	/** The next look at any job that is not expected to be ready, and at one that is overdue, in ms since the epoch. */
	private readonly next = { early: 0, due: 0 };
	/** The jobs that wait for their next look, each with what wakes it. */
	private readonly waiting = new Map<Watched, () => void>();
	/** How long a job takes, in ms, once one is finished. */
	private usual?: number;

	constructor(
		private readonly clock: RunClock,
		private readonly pace: Pace,
	) {}

	/**
	 * Waits until it is time to look at a job.
	 * @param deadline of the last look, in ms since the epoch
	 * @param seen what is known of the job
	 * @throws SegmindError of kind `stopped`
	 */
	async turn(job: Watched, deadline: number, seen: JobStatus | undefined): Promise<Errand> {
		for (;;) {
			const now = this.clock.now();
			if (now >= deadline) return 'due';
			const plan = this.plan(job, now);
			if (now >= plan.at && (plan.errand === 'due' || this.isWorthIt(job, now))) {
				this.note(job, plan.errand, now);
				return plan.errand;
			}
			const at = now >= plan.at ? now + job.interval : plan.at;
			await this.pause(job, Math.min(at, deadline) - now, seen);
		}
	}

	/**
	 * Learns from a job that is finished.
	 * @param total the ms that it took, where the service says so
	 */
	finished({ since, isNew, last = since }: Watched, total: number | undefined): void {
		if (!isNew) return;
		const age = this.clock.now() - since;
		const before = last - since;
		const isPlausible = total !== undefined && total > before && total <= age;
		this.times = [isPlausible ? total : age, ...this.times].slice(0, MOST_TIMES);
		// a few that were quicker than all others do not count
		const usual = [...this.times].sort((a, b) => a - b)[Math.floor(this.times.length / 4)];
		if (usual === this.usual) return;
		this.usual = usual;
		for (const wake of [...this.waiting.values()]) wake();
	}

	/** Whether a look that is likely in vain is still worth it: not in a queue, nor where another job needs one more. */
	private isWorthIt(job: Watched, now: number): boolean {
		if (this.pace.wait('early') > job.interval) return false;
		const need = needOf(job, now);
		return ![...this.waiting.keys()].some((other) => {
			const { at, errand } = this.plan(other, now);
			return errand === 'early' && at <= now && needOf(other, now) > need;
		});
	}

	private plan({ since, isNew, last, interval }: Watched, now: number): Plan {
		if (last === undefined) return { at: now, errand: 'due' };
		const age = last - since;
		if (!isNew) return { at: last + Math.max(interval, age * PART.unknown), errand: 'due' };
		if (isFresh(since, last, interval, now)) return { at: last + interval, errand: 'early' };
		const { usual } = this;
		if (usual !== undefined && age >= usual) {
			return { at: Math.max(last + Math.max(interval, age * PART.late), this.next.due), errand: 'due' };
		}
		const early = Math.max(last + pauseAt(age, interval), this.next.early);
		const due = usual === undefined ? Infinity : Math.max(since + usual, last + interval);
		return due <= early ? { at: due, errand: 'due' } : { at: early, errand: 'early' };
	}

	private note({ since, isNew, last = since, interval }: Watched, errand: Errand, now: number): void {
		const age = now - since;
		if (!isNew || isFresh(since, last, interval, now)) return;
		if (errand === 'early') this.next.early = now + pauseAt(age, interval);
		else this.next.due = now + interval / TOGETHER;
	}

	private async pause(job: Watched, ms: number, seen: JobStatus | undefined): Promise<void> {
		const { signal, abort, release } = this.clock.controller('stop');
		this.waiting.set(job, abort);
		await this.clock.timeIsUp(ms, signal);
		this.waiting.delete(job);
		release();
		if (this.clock.isStopped) throw stoppedError('no', seen);
	}
}

/** How long ago the last look at a job was, as a multiple of what is usual at its age. */
function needOf({ since, last = since, interval }: Watched, now: number): number {
	return (now - last) / pauseAt(now - since, interval);
}

/** Whether the next look may still find a failure that came at once. */
function isFresh(since: number, last: number, interval: number, now: number): boolean {
	return last - since < FRESH && now - since <= FRESH + interval;
}

/** The ms between a look at a job of that age and the next one, where nothing else is known. */
function pauseAt(age: number, interval: number): number {
	if (age < USUAL.from) {
		const pause = Math.max(interval, Math.min(age * PART.before, LONGEST));
		return Math.max(interval, Math.min(pause, USUAL.from - age));
	}
	if (age < USUAL.most) return Math.max(interval, Math.min(age * PART.usual, USUAL.most - age));
	return age < USUAL.to ? interval : Math.max(interval, age * PART.late);
}
