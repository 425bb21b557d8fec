import { runCrowd, runFixedInterval, type Crowd } from '../support/crowd';
import { SAMPLE } from '../support/parameters';
import { VirtualN8n } from '../support/virtualN8n';

/** What must hold of a crowd: how many times as long as the best it takes, and how much of it is refused. */
const FIGURES: Array<[string, Omit<Crowd, 'seed'>, { time: number; refused: number }]> = [
	['100 jobs', { items: 100, limit: { perMinute: 60, saysWhen: true } }, { time: 1.1, refused: 0.02 }],
	['100 jobs', { items: 100, limit: { perMinute: 60, saysWhen: false } }, { time: 1.1, refused: 0.02 }],
	['5 jobs', { items: 5, limit: { perMinute: 5, saysWhen: true } }, { time: 1.15, refused: 0.05 }],
	['5 jobs', { items: 5, limit: { perMinute: 5, saysWhen: false } }, { time: 1.15, refused: 0.05 }],
	['20 jobs', { items: 20, limit: { perMinute: 60, saysWhen: false } }, { time: 1.01, refused: 0.02 }],
	[
		'ten executions of ten jobs',
		{ executions: 10, items: 10, limit: { perMinute: 60, saysWhen: true } },
		{ time: 1.3, refused: 0.1 },
	],
	[
		'ten executions of ten jobs',
		{ executions: 10, items: 10, limit: { perMinute: 60, saysWhen: false } },
		{ time: 1.3, refused: 0.1 },
	],
];

describe.each([1, 2])('where polls count, too, seed %d', (seed) => {
	it.each(FIGURES)('%s end in time and are hardly refused: %j', async (_name, crowd, { time, refused }) => {
		const result = await runCrowd({ ...crowd, seed });
		const { executions = 1, items } = crowd;
		expect(result.done).toBe(executions * items);
		const last = Math.max(...result.ends);
		expect(last / result.best).toBeLessThan(time);
		expect(result.refused / result.requests).toBeLessThan(refused);
		// nobody starves
		expect(last).toBeLessThan((1.5 * result.ends.reduce((sum, end) => sum + end, 0)) / executions);
	});
});

it('asks for one job at most 60 times, and hears of it within 1 % of its time', async () => {
	const delays: number[] = [];
	for (let latency = 560_000; latency <= 660_000; latency += 7_300) {
		const { requests, ends } = await runCrowd({ items: 1, latency, seed: 1 });
		delays.push((Math.max(...ends) - latency) / latency);
		if (latency <= 608_000) expect(requests).toBeLessThanOrEqual(60);
	}
	expect(delays.reduce((sum, delay) => sum + delay, 0) / delays.length).toBeLessThan(0.01);
});

it.each([100, 3_000, 9_900, 14_000])('notices within 5 s that a job failed after %d ms', async (latency) => {
	const n8n = new VirtualN8n({ latency, fails: () => 'no person' });
	const began = n8n.clock.now();
	const { error } = await n8n.run({ parameters: SAMPLE });
	expect(error?.message).toMatch(/could not make the video: no person/);
	expect(n8n.clock.now() - began - latency).toBeLessThanOrEqual(5_000);
});

it('needs fewer requests for each job the more of them there are, where a fixed interval does not', async () => {
	const perJob = async (run: typeof runCrowd, items: number) => (await run({ items, seed: 1 })).requests / items;
	const [one, ten, fifty] = [await perJob(runCrowd, 1), await perJob(runCrowd, 10), await perJob(runCrowd, 50)];
	expect(ten).toBeLessThan(one / 4);
	expect(fifty).toBeLessThan(ten);
	expect(fifty).toBeLessThan(10);
	expect(await perJob(runFixedInterval, 10)).toBe(124);
});
