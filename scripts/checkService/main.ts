// Asks the real Segmind everything that is free, and says where it is not as the code expects.
//   npm run check-service [-- --buy [--yes]] [--record FILE]
import { setTimeout } from 'node:timers/promises';

import { run } from './run';

const surroundings = {
	args: process.argv.slice(2),
	env: process.env,
	clock: { now: () => Date.now(), sleep: async (ms: number) => void (await setTimeout(ms)) },
	input: process.stdin,
	tell: console.log,
	width: process.stdout.columns ?? 120,
};

run(surroundings).then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
