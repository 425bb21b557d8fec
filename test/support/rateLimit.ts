import type { FakeSettings, Route } from './fakeSegmind/service';
import type { VirtualClock } from './virtualN8n';

const MINUTE = 60_000;
const PURCHASES: readonly Route[] = ['submit', 'blocking'];
/** The routes of the API. */
const EVERYTHING: readonly Route[] = [...PURCHASES, 'status', 'result', 'credits'];

/** A service that takes so many POSTs a minute, and where asked to says when the next minute begins. */
export function limited(clock: VirtualClock, perMinute: number, saysWhen: boolean): Partial<FakeSettings> {
	return { fault: new Limiter(clock, { perMinute, saysWhen, counted: PURCHASES }).fault };
}

/** What a limiter allows. */
export interface LimiterSettings {
	perMinute: number;
	/** Whether it says when the next minute begins. */
	saysWhen: boolean;
	/** What counts: by default everything. */
	counted?: readonly Route[];
	/** How long after the full minute its minutes begin, in ms. */
	phase?: number;
}

/** The rate limit of one account, for all who share it, with a count of what it refused. */
export class Limiter {
	requests = 0;
	refused = 0;
	private readonly used = new Map<number, number>();

	constructor(
		private readonly clock: VirtualClock,
		private readonly settings: LimiterSettings,
	) {}

	readonly fault: FakeSettings['fault'] = (_request, route) => {
		const { perMinute, saysWhen, counted = EVERYTHING, phase = 0 } = this.settings;
		if (!counted.includes(route)) return undefined;
		const minute = Math.floor((this.clock.now() - phase) / MINUTE);
		const count = (this.used.get(minute) ?? 0) + 1;
		this.used.set(minute, count);
		this.requests++;
		if (count <= perMinute) return undefined;
		this.refused++;
		const reset = new Date((minute + 1) * MINUTE + phase).toISOString();
		const headers: Record<string, string> = saysWhen ? { 'x-rate-limit-reset-at-utc': reset } : {};
		return { status: 429, headers };
	};
}
