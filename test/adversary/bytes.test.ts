/**
 * Faults that are not of our own making: a server that speaks bytes, over plain sockets and TLS, does what a schedule
 * says that fast-check draws, and n8n's own engine runs the node against it over real HTTP. Whatever happens, by the
 * server's own record (law.ts):
 *
 * a. a POST is repeated only on proof that nothing was taken on;
 * b. every job that was taken on is named at the end, or said to be in doubt where no answer named it;
 * c. a video is that of a job of its own item, byte for byte;
 * d. nothing stays open behind a run;
 * e. no text has the key, HTML or a stack;
 * f. a Stop stops.
 *
 * `BYTES_SCHEDULES=2000 npx jest test/adversary` tries more, `SEED` draws others. Several lanes run at once, each with a
 * server and a seed of its own: `BYTES_LANES=1 SEED=… BYTES_PATH=… npx jest test/adversary` replays what a failure
 * reports. What it found belongs, shrunk, into FOUND.
 */
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import fc from 'fast-check';

import { anySchedule } from './anySchedule';
import { ByteServer } from './byteServer';
import { execute } from './execution';
import { Hearing } from './hearing';
import { broken } from './law';
import { scheduleOf, type Schedule, type Sketch } from './schedule';
import { newIdentity, trust } from './tls';

const SCHEDULES = Number(process.env.BYTES_SCHEDULES ?? 100);
const LANES = Number(process.env.BYTES_LANES ?? 8);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const REPLAY = process.env.BYTES_PATH ? { path: process.env.BYTES_PATH } : {};
/** ms for the property; a failure takes its time to shrink. */
const TIME = 60_000 + SCHEDULES * 100;

const [trusted, untrusted] = [newIdentity(), newIdentity()];
let hearing: Hearing;
let distrust = () => {};
let server: ByteServer;
beforeAll(async () => {
	hearing = new Hearing();
	distrust = trust(trusted.cert);
	server = await ByteServer.start(trusted, untrusted);
});
afterAll(async () => {
	await server.close();
	distrust();
	hearing.stop();
});

async function check(at: ByteServer, schedule: Schedule): Promise<void> {
	expect(broken(await execute(at, hearing, schedule))).toEqual([]);
}

it.each<[string, Sketch]>([
	['v2', { apiMode: 'auto' }],
	['v2 over TLS', { tls: true }],
	['v1 where v2 is not served', { apiMode: 'auto', rest: { route: 'submit', move: { status: 404, body: 'error' } } }],
	['v1 bytes over TLS', { apiMode: 'sync', tls: true }],
	['v1 JSON', { apiMode: 'sync', v1: 'JSON' }],
])('delivers every video where nothing goes wrong: %s', async (_name, sketch) => {
	const schedule = scheduleOf({ ...sketch, items: 3, concurrency: 2 });
	let evidence = await execute(server, hearing, schedule);
	// a machine that stalls for longer than the limits is a fault, too
	for (let stalls = 0; evidence.error && stalls < 3; stalls++) {
		expect(broken(evidence)).toEqual([]);
		evidence = await execute(server, hearing, schedule);
	}
	expect(broken(evidence)).toEqual([]);
	expect(evidence.outputs.map(({ bytes }) => bytes?.length)).toEqual([34_936, 34_936, 34_936]);
	expect(evidence.service.jobs).toHaveLength(3);
});

it(
	'keeps its promises whatever bytes come',
	async () => {
		const before = openFiles();
		const lane = async (number: number) => {
			const own = await ByteServer.start(trusted, untrusted);
			const property = fc.asyncProperty(anySchedule, async (schedule) => await check(own, schedule));
			const numRuns = Math.ceil(SCHEDULES / LANES);
			const time = { interruptAfterTimeLimit: TIME - 10_000, markInterruptAsFailure: true };
			await fc.assert(property, { numRuns, seed: SEED + number, ...REPLAY, ...time }).finally(() => own.close());
		};
		const lanes = await Promise.allSettled(Array.from({ length: LANES }, async (_, number) => await lane(number)));
		for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
		for (let wait = 0; openFiles() > before && wait < 50; wait++) await setTimeout(10);
		expect(openFiles()).toBeLessThanOrEqual(before);
	},
	TIME,
);

/** Files and sockets that this process has open, where the system tells. */
function openFiles(): number {
	return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

/** What the property found before, shrunk. */
const FOUND: Array<[string, Sketch]> = [
	['a 303 says nothing of the job', { tries: 2, moves: { submit: [{ status: 303 }] } }],
	['a status that is no refusal of Segmind: 409', { tries: 2, moves: { submit: [{ status: 409 }] } }],
	['the same on v1: 421', { tries: 2, apiMode: 'sync', moves: { blocking: [{ status: 421 }] } }],
	["a proxy's 503 after it passed the request on", { moves: { submit: [{ status: 503, body: 'page' }] } }],
	[
		"a proxy's 503 that asks for another try",
		{ moves: { submit: [{ status: 503, body: 'page', extras: ['retry-after: 1'] }] } },
	],
	['a 503 without a body', { apiMode: 'sync', moves: { blocking: [{ status: 503, body: 'empty' }] } }],
	['a 503 without an end', { rest: { route: 'submit', move: { takes: false, status: 503, body: 'error' } } }],
	['a refusal that breaks off', { tries: 2, moves: { submit: [{ status: 402, framing: 'too long' }] } }],
	['a 429 that breaks off', { moves: { submit: [{ status: 429, body: 'error', missing: 1 }] } }],
	[
		'the same without a length, where Node takes what came before a reset for whole',
		{ tries: 2, moves: { submit: [{ status: 402, framing: 'close', missing: 100, ending: 'reset' }] } },
	],
	[
		'a refusal that stops before its length is reached, with more bytes behind it than that',
		{
			apiMode: 'auto',
			timeout: 0.6,
			moves: { submit: [{ takes: false, status: 405, framing: 'too short', missing: 130, ending: 'drip' }] },
		},
	],
	[
		'a refusal that is too long to be read to its end, where it breaks off',
		{
			tries: 2,
			apiMode: 'sync',
			moves: { blocking: [{ reads: 0, takes: false, status: 405, body: 'huge', missing: 1 }] },
		},
	],
	[
		'a failed request of v1 whose answer breaks off behind its body',
		{
			tries: 1,
			apiMode: 'sync',
			moves: { blocking: [{ framing: 'chunked', missing: 1 }] },
			fates: [{ polls: 0, end: 'FAILED' }],
		},
	],
	[
		'a 404 that breaks off is no reason to turn to v1',
		{ apiMode: 'auto', moves: { submit: [{ status: 404, body: 'error', missing: 1 }] } },
	],
	[
		'plain text in the middle of TLS, after the request was read',
		{ tries: 2, tls: true, apiMode: 'sync', moves: { blocking: [{ status: 'none', ending: 'plain text' }] } },
	],
	[
		'an alert of TLS after the request was read',
		{ tries: 2, tls: true, moves: { submit: [{ status: 'none', ending: 'alert' }] } },
	],
	[
		'such an alert is not "nothing was charged"',
		{ tls: true, moves: { submit: [{ status: 'none', ending: 'alert' }] } },
	],
	['a job whose status is FAILED, but that has a result', { tries: 2, fates: [{ polls: 0, end: 'denied' }] }],
	[
		'the same, where the result first answers with an error that says nothing of the job',
		{ tries: 2, apiMode: 'async', moves: { result: [{ body: 'error' }] }, fates: [{ polls: 0, end: 'denied' }] },
	],
	[
		'the same, where the result comes with a status of 404',
		{ tries: 2, apiMode: 'async', moves: { result: [{ status: 404 }] }, fates: [{ polls: 0, end: 'denied' }] },
	],
	['a 422 on a poll that is a page', { tries: 2, moves: { status: [{ status: 422, body: 'page' }] } }],
	['a 422 on the result that is a page', { tries: 2, moves: { result: [{ status: 422, body: 'page' }] } }],
	[
		'a request in doubt, forgotten when n8n runs the stopped node once more',
		{ tries: 2, moves: { submit: [{ status: 'none' }] }, stop: { request: 1, delay: 5 } },
	],
	[
		'an item in doubt, forgotten when another one fails on retry',
		{
			items: 2,
			tries: 2,
			apiMode: 'sync',
			v1: 'JSON',
			moves: { blocking: [{}, { status: 'none' }], media: [{}] },
			rest: { route: 'media', move: { framing: 'no HTTP' } },
		},
	],
	[
		'a request that its answer calls by a wrong id, stopped before anybody asked for it',
		{ apiMode: 'async', moves: { submit: [{ status: 200, body: 'wrong JSON' }] }, stop: { request: 1, delay: 0 } },
	],
	['half a video whose Content-Length is that half', { moves: { media: [{ framing: 'too short' }] } }],
	[
		'the same, where the result that names its size came with a status of 402',
		{ moves: { result: [{ status: 402 }], media: [{ framing: 'too short' }] } },
	],
	[
		'the same of v1, whose other half comes too late',
		{ apiMode: 'sync', moves: { blocking: [{ framing: 'too short', split: 503 }] } },
	],
	[
		'half a video without a Content-Length',
		{ moves: { media: [{ framing: 'close', missing: 500, ending: 'close' }] } },
	],
	['a video that is noise', { moves: { media: [{ body: 'noise' }] } }],
	['noise as the bytes of v1', { apiMode: 'sync', moves: { blocking: [{ body: 'noise' }] } }],
	['a socket that stays open behind an answer without its last byte', { moves: { submit: [{ missing: 1 }] } }],
	['the same behind an error', { moves: { submit: [{ status: 500, framing: 'too long' }] } }],
	['the same behind a poll', { moves: { status: [{ missing: 1 }] } }],
];
it.each(FOUND)('%s', async (_name, sketch) => await check(server, scheduleOf(sketch)));
