import type { FakeSettings } from './fakeSegmind/service';
import type { VirtualClock } from './virtualN8n';

const MINUTE = 60_000;

/** A service that takes so many POSTs a minute, and where asked to says when the next minute begins. */
export function limited(clock: VirtualClock, perMinute: number, saysWhen: boolean): Partial<FakeSettings> {
	const used = new Map<number, number>();
	return {
		fault(_request, route) {
			if (route !== 'submit' && route !== 'blocking') return undefined;
			const minute = Math.floor(clock.now() / MINUTE);
			const count = (used.get(minute) ?? 0) + 1;
			used.set(minute, count);
			const reset = new Date((minute + 1) * MINUTE).toISOString();
			const headers: Record<string, string> = saysWhen ? { 'x-rate-limit-reset-at-utc': reset } : {};
			return count > perMinute ? { status: 429, headers } : undefined;
		},
	};
}
