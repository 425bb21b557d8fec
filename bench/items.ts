import { ARGS, finish, runNode, seconds, type Row } from './support';

const LATENCY = Number(process.env.LATENCY);
const COUNTS = ARGS.length > 0 ? ARGS : [1, 5, 20, 100];

/** How long many items take, together and one after another, as a multiple of what one job takes. */
finish(async (): Promise<Row[]> => {
	const rows: Row[] = [];
	await runNode({});
	for (const count of COUNTS) {
		const input = Array.from({ length: count }, () => ({ json: {} }));
		for (const [way, maxConcurrency] of [
			['this node', count],
			['one after another', 1],
		] as const) {
			const took = await seconds(
				async () => await runNode({ options: { maxConcurrency, maxRequests: count, pollInterval: 0.1 } }, { input }),
			);
			rows.push({
				items: count,
				way,
				'wall time, s': Number(took.toFixed(2)),
				'times one job': Number((took / LATENCY).toFixed(2)),
			});
		}
	}
	return rows;
});
