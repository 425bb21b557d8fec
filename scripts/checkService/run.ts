import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { cleanSecret, readBaseUrl } from '../../nodes/KlingMotionControl/parameters/credentialUrl';
import { MODELS } from '../../nodes/KlingMotionControl/segmind/models';
import { DEFAULT_URLS } from '../../nodes/KlingMotionControl/segmind/routes';
import { SAMPLE } from '../../test/support/parameters';
import { CANNOT_CHECK, check } from './check';
import { isBroken, type Finding } from './findings';
import { Service, type Bases, type Clock } from './service';
import { tableOf } from './table';

const OUTPUT = join(__dirname, '../../output');
/** The exit codes. */
const EXIT = { asExpected: 0, differs: 1, notAsked: 2 };
const NO_KEY = `SEGMIND_API_KEY is not set. It is the API key of a Segmind account, from the API Keys page of Segmind's console:

  SEGMIND_API_KEY=SG_… npm run check-service

What is asked is free. With "-- --buy" it also buys one video, after a question.`;

/** What was typed wrong, for whoever typed it. */
class Usage extends Error {}

/** What the command runs with. */
export interface Surroundings {
	args: string[];
	env: Readonly<Record<string, string | undefined>>;
	clock: Clock;
	input: NodeJS.ReadableStream;
	/** Where lines for people go. */
	tell: (text: string) => void;
	/** In characters. */
	width: number;
}

/** Runs the command and gives its exit code. */
export async function run(surroundings: Surroundings): Promise<number> {
	try {
		return await runOrThrow(surroundings);
	} catch (error) {
		if (!(error instanceof Usage)) throw error;
		surroundings.tell(error.message);
		return EXIT.notAsked;
	}
}

async function runOrThrow({ args, env, clock, input, tell, width }: Surroundings): Promise<number> {
	const { buy, yes, record: file } = optionsIn(args);
	if (yes && !buy) throw new Usage('--yes answers the question of --buy, which is missing.');
	const key = cleanSecret(env.SEGMIND_API_KEY);
	if (!key) throw new Usage(NO_KEY);
	const bases: Bases = {
		api: baseOf(env, 'SEGMIND_BASE_URL', DEFAULT_URLS.api),
		storage: baseOf(env, 'SEGMIND_STORAGE_URL', DEFAULT_URLS.storage),
		history: baseOf(env, 'SEGMIND_HISTORY_URL', DEFAULT_URLS.history),
	};
	tell('Asking Segmind what is free. One picture of 70 bytes is uploaded, which cannot be deleted there.\n');
	const service = new Service(key, bases, clock, tell);
	const mayBuy = async (findings: readonly Finding[]) => {
		if (!buy) return false;
		tell(`${tableOf(findings, width)}\n`);
		return yes || (await isAnsweredYes(input, tell));
	};
	const { findings, record, video, warning } = await check(service, mayBuy);

	tell(`${tableOf(findings, width)}\n\nNot to be seen from here:`);
	for (const line of CANNOT_CHECK) tell(`- ${line}`);
	write(file, `${JSON.stringify(record, null, 2)}\n`);
	tell(`\nThe answers, without the key, IDs and names: ${file}`);
	if (video) {
		const place = join(dirname(file), 'check-service.mp4');
		write(place, video);
		tell(`The video: ${place}`);
	}
	if (warning) tell(`\n${warning}`);
	return isBroken(findings) ? EXIT.differs : EXIT.asExpected;
}

function optionsIn(args: string[]) {
	try {
		const { values } = parseArgs({
			args,
			options: { buy: { type: 'boolean' }, yes: { type: 'boolean' }, record: { type: 'string' } },
		});
		return { ...values, record: resolve(values.record ?? join(OUTPUT, 'check-service.json')) };
	} catch (error) {
		throw new Usage(error instanceof Error ? error.message : String(error));
	}
}

function baseOf(env: Surroundings['env'], name: string, fallback: string): string {
	const reading = readBaseUrl(env[name], fallback);
	if ('problem' in reading) throw new Usage(`${name} ${reading.problem}`);
	return reading.value;
}

async function isAnsweredYes(input: NodeJS.ReadableStream, tell: (text: string) => void): Promise<boolean> {
	const price = MODELS[SAMPLE.model as keyof typeof MODELS].price.toFixed(2);
	tell(`Buy one video, for about $${price}? It takes about 10 minutes. (yes/no)`);
	const terminal = createInterface({ input });
	const answer = await new Promise<string>((settle) => {
		terminal.once('line', settle).once('close', () => settle(''));
	});
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}

function write(file: string, content: string | Buffer): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
}
