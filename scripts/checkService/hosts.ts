import { Findings, type Finding } from './findings';
import type { Answered, Exchange, Host, Question, Service } from './service';
import { each } from './shape';

const DAY = 24 * 60 * 60_000;
const NAMES: Readonly<Record<Host, string>> = { api: 'API', storage: 'storage', history: 'history', media: 'files' };
/** The hosts that the key is sent to. */
const OURS = ['api', 'storage', 'history'] as const;

/** An answer, with what it answers and when it came, in ms since the epoch. */
type Told = Question & Answered & { at: number };

/** What all exchanges together show: redirects, TLS, the clock, and the rate limit. */
export function checkHosts(service: Service): Finding[] {
	const findings = new Findings('Hosts');
	const { exchanges } = service;
	const answers = exchanges.flatMap(({ question, reply, at }) =>
		'fault' in reply ? [] : [{ ...question, ...reply, at }],
	);

	for (const host of OURS) {
		const of = answers.filter((answer) => answer.host === host);
		const redirected = of.filter(({ status }) => status >= 300 && status < 400);
		const fact = { fact: `Redirects of the ${NAMES[host]} host`, expected: 'none', depends: true };
		if (of.length === 0) findings.skip(fact, 'no answer');
		else {
			const seen = redirected.length === 0 ? 'none' : `${redirected.length} of ${of.length} answers`;
			findings.check(fact, { seen, ok: redirected.length === 0 });
		}
	}
	for (const host of [...OURS, 'media'] as const)
		checkTls(
			findings,
			host,
			exchanges.filter(({ question }) => question.host === host),
		);
	checkClock(
		findings,
		answers.filter(({ host }) => host === 'history'),
	);
	return [...findings.all, ...checkLimits(answers)];
}

function checkTls(findings: Findings, host: Host, exchanges: readonly Exchange[]): void {
	const fact = {
		fact: `TLS of the ${NAMES[host]} host`,
		expected: 'TLS 1.2 or newer, a valid certificate',
		depends: true,
	};
	const { urls, connections, refusal } = tlsIn(exchanges);
	const [connection] = connections;
	if (refusal) findings.check(fact, { seen: `no secure connection (${refusal})`, ok: false });
	else if (connection) {
		const days = Math.floor((connection.validTo - Date.now()) / DAY);
		findings.check(fact, {
			seen: `${connection.protocol}, a certificate for ${days} more days`,
			ok: /^TLSv1\.[2-9]$/.test(connection.protocol),
		});
	} else findings.skip(fact, urls === 0 ? 'nothing was asked there' : 'not https, or no answer');
}

function tlsIn(exchanges: readonly Exchange[]) {
	return {
		urls: exchanges.length,
		connections: exchanges.flatMap(({ reply }) => ('tls' in reply && reply.tls ? [reply.tls] : [])),
		refusal: exchanges
			.map(({ reply }) => ('fault' in reply ? reply.fault.code : ''))
			.find((code) => /CERT|^EPROTO$|^ERR_(SSL|TLS)_|^UNABLE_TO_|^HOSTNAME_MISMATCH$/.test(code)),
	};
}

/** The history tells the service's time by its `Date`: that is how a request in doubt is told from an older one. */
function checkClock(findings: Findings, answers: readonly Told[]): void {
	const fact = { fact: 'The `Date` of the history', expected: 'in each answer', depends: true };
	const without = answers.filter(({ headers }) => Number.isNaN(Date.parse(headers.date ?? ''))).length;
	if (answers.length === 0) findings.skip(fact, 'no answer');
	else {
		const seen = without === 0 ? 'in each answer' : `missing in ${without} of ${answers.length}`;
		findings.check(fact, { seen, ok: without === 0 });
	}
	const last = answers.at(-1);
	const ahead = Math.round((Date.parse(last?.headers.date ?? '') - (last?.at ?? 0)) / 1_000);
	const seen = Math.abs(ahead) < 5 ? 'as ours' : `${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
	findings.learn("The service's clock", Number.isNaN(ahead) ? undefined : seen);
}

function checkLimits(answers: readonly Told[]): Finding[] {
	const findings = new Findings('Rate limit');
	const names = each(
		answers
			.flatMap(({ headers }) => Object.keys(headers).filter((name) => /rate-?limit|^retry-after$/.test(name)))
			.sort(),
	);
	findings.learn('Headers that tell of it', names || undefined, 'none in any answer');
	const refused = answers.filter(({ status }) => status === 429);
	const fact = {
		fact: 'When it ends',
		expected: '`x-rate-limit-reset-at-utc` or `Retry-After` in a 429',
		depends: false,
	};
	if (refused.length === 0) findings.skip(fact, 'no request was refused for it');
	else {
		const tell = refused.filter(({ headers }) => headers['x-rate-limit-reset-at-utc'] ?? headers['retry-after']);
		findings.check(fact, { seen: `told in ${tell.length} of ${refused.length}`, ok: tell.length === refused.length });
	}
	findings.learn('Whether polls count', doPollsCount(answers), 'no header tells how many requests are left');
	return findings.all;
}

/** By two polls in a row whose headers tell how many requests are left. */
function doPollsCount(answers: readonly Told[]): string | undefined {
	for (const [index, answer] of answers.entries()) {
		const before = answers[index - 1];
		if (answer.stage !== 'poll' || before?.stage !== 'poll') continue;
		const difference = requestsLeft(before) - requestsLeft(answer);
		// a window that ends between the two makes it negative
		if (difference >= 0) return difference > 0 ? 'yes: one takes a request away' : 'no: one takes no request away';
	}
	return undefined;
}

function requestsLeft({ headers }: Told): number {
	const names = Object.keys(headers).filter((name) => /rate-?limit/.test(name) && name.includes('remaining'));
	return Number(headers[names[0] ?? ''] ?? NaN);
}
