import { startFakeSegmind } from '../../../support/fakeSegmind/server';
import type { FakeReply, Route } from '../../../support/fakeSegmind/service';
import type { Certificate } from './certificates';
import { READY } from './namespace';

/** A fake Segmind to start. */
export interface Opening {
	id: string;
	/** How long a job takes, in ms. */
	latency: number;
	/** The address that it listens at, and the name that its URLs have instead. */
	address: string;
	name?: string;
	tls?: Certificate;
	/** The first request of this route is worked on and then answered so; every other one is answered as usual. */
	first?: { route: Route; cut: FakeReply['cut'] };
}

/** What it tells: that it is there, or that a request reached it. */
export type SegmindEvent = { id: string } & ({ opened: { url: string; storageUrl: string } } | { got: Route });

/** An answer to a submit that takes 20 s where it drips. */
const LONG_ANSWER = `{"status": "QUEUED"${' '.repeat(2_000)}`;

/** Fake Segminds in this process's network namespace, each at an address of its own. */
process.on('message', (opening: Opening) => void open(opening));
process.send?.(READY);

async function open({ id, latency, first, ...place }: Opening): Promise<void> {
	const { url, storageUrl } = await startFakeSegmind(
		{
			latency,
			fault(_request, route, count) {
				tell({ id, got: route });
				if (first?.route !== route || count > 0) return undefined;
				return { handled: true, cut: first.cut, ...(route === 'submit' && { body: LONG_ANSWER }) };
			},
		},
		place,
	);
	tell({ id, opened: { url, storageUrl } });
}

function tell(event: SegmindEvent): void {
	process.send?.(event);
}
