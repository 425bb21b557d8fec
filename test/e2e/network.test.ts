import { KEY } from '../support/fakeSegmind/service';
import { LATENCY, play, type Case, type Outcome, type Play } from './support/network/play';
import type { CertificateKind } from './support/network/certificates';
import type { Fault } from './support/network/faults';
import { whyNoNetwork } from './support/network/network';

/**
 * How an execution with three tries ends:
 * - delivered: the first try has the video
 * - sent later: the first try sent nothing and says so, the second one has the video
 * - never sent: no try sent anything, and all of them say so
 * - in doubt: the first try's POST was taken on; no other one is sent, and all tries say that it may have been accepted
 * - resumed: the same, but the answer named the request before it broke off, so the second try has its video
 */
type End = 'delivered' | 'sent later' | 'never sent' | 'in doubt' | 'resumed';

interface Row extends Case {
	title: string;
	end: End;
	/** The code that the first try's error names. */
	code?: RegExp;
}
type Way = Pick<Case, 'version' | 'by'>;
type Story = Omit<Row, keyof Way>;

/** What Segmind counts, how many tries fail, and whether the video comes. */
const ENDS: Record<End, { posts: number; failures: number; whole: boolean }> = {
	delivered: { posts: 1, failures: 0, whole: true },
	'sent later': { posts: 1, failures: 1, whole: true },
	'never sent': { posts: 0, failures: 3, whole: false },
	'in doubt': { posts: 1, failures: 3, whole: false },
	resumed: { posts: 1, failures: 1, whole: true },
};
const MAY_BE_ACCEPTED = /may have been accepted/;
const NOT_CHARGED = /not charged|nothing was charged/i;

const V2: Way = { version: 'v2', by: 'IPv4' };
const V1: Way = { version: 'v1', by: 'IPv4' };
const V2_IPV6: Way = { version: 'v2', by: 'IPv6' };
const V1_IPV6: Way = { version: 'v1', by: 'IPv6' };
const V2_NAME: Way = { version: 'v2', by: 'name' };
const POST = { v2: 'submit', v1: 'blocking' } as const;

/** Each story on each way. */
function on(ways: Way[], ...stories: Array<Story | ((way: Way) => Story)>): Row[] {
	return ways.flatMap((way) =>
		stories.map((story) => ({ ...way, ...(typeof story === 'function' ? story(way) : story) })),
	);
}

const afterAcknowledgement = (fault: Fault, tls?: CertificateKind) => (way: Way) => ({
	title: `${fault} once the POST was taken on and acknowledged${tls ? ', with TLS' : ''}`,
	tls,
	// the node acknowledges late what Segmind sent last, and what goes unacknowledged is sent again: that is no silence
	at: { route: POST[way.version], fault, after: 1_000, cut: 'never answers' as const },
	end: 'in doubt' as const,
});
const beforeAcknowledgement = (fault: Fault, code: RegExp) => (way: Way) => ({
	title: `${fault} once the POST was taken on, before the node heard that it arrived`,
	from: 'unacknowledged' as const,
	at: { route: POST[way.version], fault, cut: 'never answers' as const },
	end: 'in doubt' as const,
	code,
});
const inTheAnswer = (end: 'in doubt' | 'resumed', tls?: CertificateKind) => (way: Way) => ({
	title: `reset in the middle of the answer to the POST${tls ? ', with TLS' : ''}`,
	tls,
	at: {
		route: POST[way.version],
		fault: 'reset' as const,
		// v1's answer begins when the video is made
		after: way.version === 'v1' ? LATENCY + 1_000 : 0,
		cut: 'drips' as const,
	},
	end,
});
const beforeThePost = (fault: Fault, code: RegExp): Story => ({
	title: `${fault} before the POST`,
	from: fault,
	end: 'sent later',
	code,
});
const refused = (tls: CertificateKind): Story => ({
	title: `a certificate that is refused: ${tls}`,
	tls,
	end: 'never sent',
});
const trusted: Story = { title: 'a certificate that is trusted', tls: 'trusted', end: 'delivered' };
const polling = (fault: Fault): Story => ({
	title: `${fault} while it polls`,
	at: { route: 'status', fault, mendedAfter: 12_000 },
	end: 'delivered',
});
const downloading: Story = {
	title: 'reset in the middle of the download',
	at: { route: 'media', fault: 'reset', cut: 'drips', mendedAfter: 3_000 },
	end: 'delivered',
};
const closedPort: Story = {
	title: 'a port where nobody listens',
	baseUrl: ({ ipv4 }) => `http://${ipv4}:9`,
	end: 'never sent',
	code: /ECONNREFUSED/,
};
const unknownName: Story = {
	title: 'a name that cannot be looked up',
	baseUrl: () => 'http://nowhere.segmind.test',
	end: 'never sent',
	code: /ENOTFOUND|EAI_AGAIN/,
};

/** All of them, the slow ones first. */
const ROWS: Row[] = [
	...on(
		[V2, V1],
		afterAcknowledgement('no route'),
		afterAcknowledgement('unreachable'),
		afterAcknowledgement('prohibited'),
		afterAcknowledgement('link down'),
		afterAcknowledgement('dropped'),
	),
	...on([V2_IPV6, V1_IPV6], afterAcknowledgement('no route'), afterAcknowledgement('dropped')),
	...on([V2, V1], afterAcknowledgement('no route', 'trusted')),
	...on(
		[V2, V1],
		beforeAcknowledgement('no route', /ENETUNREACH/),
		beforeAcknowledgement('no route of its own', /E(NET|HOST)UNREACH/),
		beforeAcknowledgement('unreachable', /EHOSTUNREACH/),
		beforeAcknowledgement('prohibited', /EHOSTUNREACH/),
		beforeAcknowledgement('dropped', /ETIMEDOUT/),
		beforeAcknowledgement('reset', /ECONNRESET/),
	),
	...on(
		[V2_IPV6, V1_IPV6],
		beforeAcknowledgement('no route', /ENETUNREACH/),
		beforeAcknowledgement('prohibited', /EACCES/),
		beforeAcknowledgement('dropped', /ETIMEDOUT/),
	),
	...on([V2, V2_IPV6], inTheAnswer('in doubt')),
	...on([V1, V1_IPV6], inTheAnswer('resumed')),
	...on([V2], inTheAnswer('in doubt', 'trusted')),
	...on([V1], inTheAnswer('resumed', 'trusted')),

	...on(
		[V2, V1],
		beforeThePost('no route', /ENETUNREACH/),
		beforeThePost('no route of its own', /ENETUNREACH/),
		beforeThePost('unreachable', /EHOSTUNREACH/),
		beforeThePost('prohibited', /EHOSTUNREACH/),
		beforeThePost('dropped', /ETIMEDOUT/),
		beforeThePost('reset', /ECONNREFUSED/),
	),
	...on(
		[V2_IPV6, V1_IPV6],
		beforeThePost('no route', /ENETUNREACH/),
		beforeThePost('prohibited', /EACCES/),
		beforeThePost('dropped', /ETIMEDOUT/),
	),
	...on(
		[V2_NAME],
		beforeThePost('unreachable', /E(NET|HOST)UNREACH|ETIMEDOUT/),
		beforeThePost('dropped', /ETIMEDOUT/),
		beforeThePost('reset', /ECONNREFUSED/),
		{ title: 'no IPv6 route, but IPv4', from: 'no IPv6 route', end: 'delivered' },
	),
	...on([V2, V1], closedPort, unknownName),
	...on([V2, V1], refused('self-signed'), refused('wrong name'), refused('expired'), refused('unknown issuer')),
	...on([V2_IPV6], refused('self-signed'), refused('wrong name')),
	...on([V2, V1_IPV6], trusted),

	...on(
		[V2],
		polling('no route'),
		polling('unreachable'),
		polling('prohibited'),
		polling('link down'),
		polling('dropped'),
		polling('reset'),
	),
	...on([V2_IPV6], polling('no route'), polling('dropped')),
	...on([V2_NAME], polling('unreachable'), polling('dropped')),
	...on([V2, V2_IPV6], downloading),
];

const reason = whyNoNetwork();
if (reason) process.stdout.write(`SKIPPED, a network of our own: this machine does not allow one: ${reason}\n`);

(reason ? describe.skip : describe)('a network of our own', () => {
	let running: Play | undefined;
	beforeAll(async () => {
		running = await play(ROWS);
	});
	afterAll(async () => {
		const outcomes = await Promise.allSettled(running?.outcomes ?? []);
		const lines = outcomes.map((outcome, at) => lineOf(ROWS[at], outcome));
		process.stdout.write(`${['POSTs  tries  seconds', ...lines].join('\n')}\n`);
		await running?.close();
	});

	it.each(ROWS.map((row, at) => [nameOf(row), row, at] as const))('%s', async (_name, { end, code, at }, index) => {
		const outcome = await running?.outcomes[index];
		if (!outcome) throw new Error('not played');
		const { posts, failures, ended, afterMending } = outcome;
		const told = failures.map(({ message, description }) => [message, description].join(' '));
		expect({ posts, failures: failures.length, whole: ended.whole, told }).toEqual({ ...ENDS[end], told });
		for (const text of told) {
			const doubtful = end === 'in doubt' || end === 'resumed';
			expect(MAY_BE_ACCEPTED.test(text) ? 'may be accepted' : text).toBe(doubtful ? 'may be accepted' : text);
			expect(NOT_CHARGED.test(text) ? 'not charged' : text).toBe(doubtful ? text : 'not charged');
			expect(text).not.toContain(KEY);
		}
		if (code) expect(told[0]).toMatch(code);
		expect(ended.error?.message).toBe(ENDS[end].whole ? undefined : failures.at(-1)?.message);
		if (end === 'resumed') expect(ended.items).toMatchObject([{ resumed: true }]);
		if (at?.mendedAfter) expect(afterMending).toBe(true);
	});
});

function nameOf({ version, by, title }: Row): string {
	return `${version}, ${by}: ${title}`;
}

function lineOf(row: Row | undefined, outcome: PromiseSettledResult<Outcome>): string {
	const name = row ? nameOf(row) : '';
	if (outcome.status === 'rejected') return `    ?      ?        ?  ${name} -> ${String(outcome.reason)}`;
	const { posts, failures, ended, took } = outcome.value;
	const tries = failures.length + (ended.error ? 0 : 1);
	const said = failures[0] ? ` -> ${failures[0].message}` : '';
	return [String(posts).padStart(5), String(tries).padStart(5), took.toFixed(1).padStart(7), `${name}${said}`].join(
		'  ',
	);
}
