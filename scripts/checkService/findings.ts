import type { Reply } from './service';

/** What is known of the service, or is not. */
export interface Fact {
	/** What it is about, as a heading. */
	about: string;
	/** In a few words. */
	fact: string;
	expected: string;
	/** Whether the code depends on it. */
	depends: boolean;
}

/** How a fact turned out. What nobody knew before is `now known`; the code takes all that is expected there. */
export type Result = 'as expected' | 'now known' | 'differs' | 'not seen';

/** A fact, and what was seen of it. */
export interface Finding extends Fact {
	seen: string;
	result: Result;
}

/** What a look at an answer gives: what was seen, and whether it is as expected. */
export interface Look {
	seen: string;
	ok: boolean;
}

/** The findings of one run, in the order of the questions. */
export class Findings {
	readonly all: Finding[] = [];

	/** @param about the heading of what is added */
	constructor(private readonly about: string) {}

	/** A fact that the answers show, or do not. */
	check(fact: Omit<Fact, 'about'>, { seen, ok }: Look): boolean {
		this.all.push({ about: this.about, ...fact, seen, result: ok ? 'as expected' : 'differs' });
		return ok;
	}

	/** A fact that no source tells, and that the code does not depend on. */
	learn(fact: string, seen: string | undefined, whyNot = 'not told'): void {
		const found: Pick<Finding, 'seen' | 'result'> =
			seen === undefined ? { seen: whyNot, result: 'not seen' } : { seen, result: 'now known' };
		this.all.push({ about: this.about, fact, expected: 'not known', depends: false, ...found });
	}

	/** A fact that could not be looked at. */
	skip(fact: Omit<Fact, 'about'>, why: string): void {
		this.all.push({ about: this.about, ...fact, seen: why, result: 'not seen' });
	}

	/**
	 * A fact about one answer.
	 * @param look what a whole answer shows
	 */
	answer(fact: Omit<Fact, 'about'>, reply: Reply, look: (reply: Exclude<Reply, { fault: unknown }>) => Look): boolean {
		if ('fault' in reply) return this.check(fact, { seen: `no answer (${reply.fault.code})`, ok: false });
		if (reply.status === 429) {
			this.skip(fact, 'the rate limit did not let it through');
			return false;
		}
		return this.check(fact, look(reply));
	}
}

/** Whether any finding is a difference that the code depends on. */
export function isBroken(findings: readonly Finding[]): boolean {
	return findings.some(({ result, depends }) => result === 'differs' && depends);
}
