// Runs a measurement of this folder beside a fake Segmind: node bench/run.mjs NAME [ARGUMENTS]
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const [name, ...args] = process.argv.slice(2);
const tsx = ['--import', 'tsx'];
const fake = fork('bench/fake.ts', { execArgv: tsx });
const [url] = await once(fake, 'message');
const { status } = spawnSync(process.execPath, ['--expose-gc', ...tsx, `bench/${name}.ts`, ...args], {
	stdio: 'inherit',
	env: { ...process.env, FAKE_URL: url },
});
fake.kill();
process.exit(status ?? 1);
