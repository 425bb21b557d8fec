import { once } from 'node:events';

import { finish, runNode, seconds, type Row } from './support';

const LATENCY = Number(process.env.LATENCY);

/** What the node adds to a job, and how many requests it makes, for several poll intervals. */
finish(async (): Promise<Row[]> => {
	const rows: Row[] = [];
	await runNode({});
	for (const pollInterval of [0.1, 0.25, 0.5, 1]) {
		const before = await requests();
		const took = await seconds(async () => await runNode({ options: { pollInterval } }));
		rows.push({
			'poll interval, s': pollInterval,
			'job, s': LATENCY,
			'added, ms': Math.round((took - LATENCY) * 1_000),
			requests: (await requests()) - before,
		});
	}
	return rows;
});

/** How many requests the fake Segmind has seen: asked through the process that started both. */
async function requests(): Promise<number> {
	process.send?.('requests');
	const [count] = (await once(process, 'message')) as [number];
	return count;
}
