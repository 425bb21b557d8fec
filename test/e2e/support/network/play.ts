import { setTimeout } from 'node:timers/promises';

import type { FakeReply, Route } from '../../../support/fakeSegmind/service';
import { makeCertificates, type Certificate, type CertificateKind } from './certificates';
import type { Fault } from './faults';
import type { Peer } from './namespace';
import { openNetwork, type Link, type Network } from './network';
import type { Ended, Failure, NodeEvent, NodeOrder } from './events';
import type { Opening, SegmindEvent } from './segmindPeer';

/** What the network does to an execution with three tries. */
export interface Case {
	/** v2 is API Mode "Submit and Poll", v1 "Blocking". */
	version: 'v2' | 'v1';
	/** How Segmind is addressed; a name has an address of either kind. */
	by: 'IPv4' | 'IPv6' | 'name';
	tls?: CertificateKind;
	/** The Base URL, where it is not Segmind's. */
	baseUrl?(link: Link): string;
	/** What is wrong with the link from the start. */
	from?: Fault;
	/** The fault that comes once the first request of a route has arrived. */
	at?: {
		route: Route;
		fault: Fault;
		/** ms from its arrival until the fault. */
		after?: number;
		/** How Segmind answers that request, which it works on. */
		cut?: FakeReply['cut'];
		/** ms from the fault until the link is mended. Without it, it is mended after the first try that fails. */
		mendedAfter?: number;
	};
}

/** What came of it. */
export interface Outcome {
	/** What Segmind counted. */
	posts: number;
	/** The error of each try that failed. */
	failures: Failure[];
	ended: Ended;
	/** s */
	took: number;
	/** Whether the execution ended after the link was mended. */
	afterMending: boolean;
}

/** All cases under way. */
export interface Play {
	/** One for each case. */
	outcomes: Array<Promise<Outcome>>;
	close(): Promise<void>;
}

/** How long a job takes, in ms: long enough for what is to happen meanwhile. */
export const LATENCY = 10_000;
/** Between the starts of two cases, in ms: two cores are few for all of them at once. */
const STAGGER = 400;
/** The longest that a case may take, in ms. v2 waits 120 s for the answer to a POST. */
const LONGEST = 150_000;

/** Starts all cases, side by side, each on a link of its own; whoever started them closes the play. */
export async function play(cases: Case[]): Promise<Play> {
	const network = await openNetwork(cases.length);
	const started = playOn(network, cases).catch(async (error: unknown) => {
		await network.close();
		throw error;
	});
	return { outcomes: await started, close: network.close };
}

async function playOn(network: Network, cases: Case[]): Promise<Array<Promise<Outcome>>> {
	const certificates = await makeCertificates(network.links.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]));
	const scenes = new Map<string, Scene>();
	const segmind = await network.start('segmind', 'segmindPeer.ts', (event: SegmindEvent) =>
		scenes.get(event.id)?.segmindTells(event),
	);
	const env = { NODE_EXTRA_CA_CERTS: certificates.authority };
	const hear = (event: NodeEvent) => scenes.get(event.id)?.nodeTells(event);
	const node = await network.start('node', 'nodePeer.ts', hear, env);
	return network.links.map((link, at) => {
		const outcome = (async () => {
			await setTimeout(at * STAGGER);
			const scene = new Scene(String(at), cases[at] as Case, link, { segmind, node });
			scenes.set(String(at), scene);
			const late = setTimeout(LONGEST, undefined, { ref: false }).then(() => {
				throw new Error(`not within ${LONGEST / 1_000} s`);
			});
			return await Promise.race([scene.play(certificates.of), segmind.died, node.died, late]);
		})();
		// whoever looks at it may come later
		outcome.catch(() => {});
		return outcome;
	});
}

/** One case as it is played. */
class Scene {
	private posts = 0;
	private readonly failures: Failure[] = [];
	/** What undoes the faults that there are. */
	private readonly mends: Array<() => Promise<void>> = [];
	private mendedAt?: number;
	/** What `at` sets off. */
	private happening?: Promise<void>;
	private readonly opened = deferred<{ url: string; storageUrl: string }>();
	private readonly ended = deferred<Ended>();

	constructor(
		private readonly id: string,
		private readonly row: Case,
		private readonly link: Link,
		private readonly peers: { segmind: Peer; node: Peer },
	) {}

	async play(certificates: Record<CertificateKind, Certificate>): Promise<Outcome> {
		const { version, by, tls, baseUrl, from, at } = this.row;
		const began = Date.now();
		this.peers.segmind.tell({
			id: this.id,
			latency: LATENCY,
			address: { IPv4: this.link.ipv4, IPv6: this.link.ipv6, name: '::' }[by],
			...(by === 'name' && { name: this.link.name }),
			...(tls && { tls: certificates[tls] }),
			...(at?.cut && { first: { route: at.route, cut: at.cut } }),
		} satisfies Opening);
		const { url, storageUrl } = await this.opened.promise;
		if (from) await this.break(from);
		this.peers.node.tell({
			id: this.id,
			baseUrl: baseUrl?.(this.link) ?? url,
			storageUrl,
			// v1 waits so long that keep-alive, of 60 s and ten probes, is what tells it
			options: {
				pollInterval: 1,
				...(version === 'v2' ? { apiMode: 'async', timeout: 3 } : { apiMode: 'sync', timeout: 2 }),
			},
		} satisfies NodeOrder);
		const ended = await this.ended.promise;
		const now = Date.now();
		return {
			posts: this.posts,
			failures: this.failures,
			ended,
			took: (now - began) / 1_000,
			afterMending: this.mendedAt !== undefined && now >= this.mendedAt,
		};
	}

	segmindTells(event: SegmindEvent): void {
		if ('opened' in event) return this.opened.resolve(event.opened);
		if (event.got === 'submit' || event.got === 'blocking') this.posts++;
		const { at } = this.row;
		if (event.got === at?.route) this.happening ??= this.orEnd(() => this.happens(at));
	}

	/** The link is whole again before the next try. */
	nodeTells(event: NodeEvent): void {
		if ('ended' in event) return this.ended.resolve(event.ended);
		this.failures.push(event.failed);
		void this.orEnd(async () => {
			await this.happening;
			await this.mend();
			this.peers.node.tell({ id: this.id, goOn: true } satisfies NodeOrder);
		});
	}

	private async happens({ fault, after = 0, mendedAfter }: Exclude<Case['at'], undefined>): Promise<void> {
		await setTimeout(after);
		await this.break(fault);
		if (mendedAfter === undefined) return;
		await setTimeout(mendedAfter);
		await this.mend();
	}

	private async break(fault: Fault): Promise<void> {
		this.mends.push(await this.link.break(fault));
	}

	private async mend(): Promise<void> {
		this.mendedAt ??= Date.now();
		for (let next = this.mends.pop(); next; next = this.mends.pop()) await next();
	}

	private async orEnd(work: () => Promise<void>): Promise<void> {
		await work().catch((error: unknown) => this.ended.reject(error));
	}
}

function deferred<T>() {
	let settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;
	const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
	promise.catch(() => {});
	return { promise, resolve: (value: T) => settle?.resolve(value), reject: (error: unknown) => settle?.reject(error) };
}
