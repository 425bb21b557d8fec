import { runCrowd, runFixedInterval, type Crowd, type CrowdResult } from '../test/support/crowd';
import { ARGS, finish, type Row } from './support';

const [SEEDS = 8, FIRST = 1] = ARGS;
const WAYS = { 'this node': runCrowd, 'every 5 s': runFixedInterval };

/** Situations in which every request counts, by what stands in the table. */
const CROWDS: Record<string, Omit<Crowd, 'seed'>> = {
	'1 job': { items: 1 },
	'5 jobs, 5 a minute, says when': { items: 5, limit: { perMinute: 5, saysWhen: true } },
	'5 jobs, 5 a minute': { items: 5, limit: { perMinute: 5, saysWhen: false } },
	'20 jobs, 60 a minute': { items: 20, limit: { perMinute: 60, saysWhen: false } },
	'100 jobs, 60 a minute, says when': { items: 100, limit: { perMinute: 60, saysWhen: true } },
	'100 jobs, 60 a minute': { items: 100, limit: { perMinute: 60, saysWhen: false } },
	'10 executions of 10 jobs, 60 a minute, says when': {
		executions: 10,
		items: 10,
		limit: { perMinute: 60, saysWhen: true },
	},
	'10 executions of 10 jobs, 60 a minute': { executions: 10, items: 10, limit: { perMinute: 60, saysWhen: false } },
};

/** What jobs of 608 s cost in requests and in time, in virtual time, the mean of several seeds. */
finish(async (): Promise<Row[]> => {
	const rows: Row[] = [];
	for (const [name, crowd] of Object.entries(CROWDS)) {
		for (const [way, run] of Object.entries(WAYS)) {
			const results: CrowdResult[] = [];
			for (let seed = FIRST; seed < FIRST + SEEDS; seed++) results.push(await run({ ...crowd, seed }));
			const mean = (of: (result: CrowdResult) => number, digits = 1) =>
				Number((results.reduce((sum, result) => sum + of(result), 0) / results.length).toFixed(digits));
			rows.push({
				jobs: name,
				way,
				done: mean(({ done }) => done),
				requests: mean(({ requests }) => requests, 0),
				'refused, %': mean(({ refused, requests }) => (refused / requests) * 100),
				'all done, s': mean(({ ends }) => Math.max(...ends) / 1_000, 0),
				'at best, s': mean(({ best }) => best / 1_000, 0),
				'times the best': mean(({ ends, best }) => Math.max(...ends) / best, 3),
				'worst seed': Math.max(...results.map(({ ends, best }) => Number((Math.max(...ends) / best).toFixed(3)))),
				'last by mean': mean(
					({ ends }) => (Math.max(...ends) * ends.length) / ends.reduce((sum, end) => sum + end, 0),
					2,
				),
			});
		}
	}
	return rows;
});
