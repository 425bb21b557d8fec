import { runCrowd, runFixedInterval } from '../test/support/crowd';
import { ARGS, finish, type Row } from './support';

const COUNTS = ARGS.length > 0 ? ARGS : [1, 2, 5, 10, 20, 50, 100];
const SEED = 1;

/** How many requests a job of 608 s takes where nothing is limited, by the number of jobs that run together. */
finish(async (): Promise<Row[]> => {
	const rows: Row[] = [];
	for (const items of COUNTS) {
		for (const [way, run] of [
			['this node', runCrowd],
			['every 5 s', runFixedInterval],
		] as const) {
			const { requests } = await run({ items, seed: SEED });
			rows.push({ jobs: items, way, requests, 'requests per job': Number((requests / items).toFixed(1)) });
		}
	}
	return rows;
});
