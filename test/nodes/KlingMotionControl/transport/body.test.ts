import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import * as fc from 'fast-check';

import {
	inTime,
	readChunks,
	readStart,
	soundnessOf,
	watchIntake,
} from '../../../../nodes/KlingMotionControl/transport/body';
import { RunClock } from '../../../../nodes/KlingMotionControl/transport/clock';
import { brokenBody, faultOf, openExchanges, silentBody } from '../../../support/virtualServices';
import { VirtualClock } from '../../../support/virtualN8n';

const KB = 1024;

/** A clock that tests let pass, and the run's own on top of it. */
function clocks() {
	const clock = new VirtualClock();
	return { clock, runClock: new RunClock(clock), began: clock.now() };
}

/** A body that gives these chunks, each when it is asked for. */
function bodyOf(...chunks: Array<string | Buffer>): Readable {
	return Readable.from(
		chunks.map((chunk) => Buffer.from(chunk as string)),
		{ objectMode: false, highWaterMark: 1 },
	);
}

/** A body whose chunks come after so many ms each. */
function slow(clock: VirtualClock, pauses: number[]): Readable {
	return Readable.from(
		(async function* () {
			for (const [index, pause] of pauses.entries()) {
				await clock.sleep(pause);
				yield Buffer.from(String(index));
			}
		})(),
		{ objectMode: false },
	);
}

async function textOf(body: Readable): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of body) chunks.push(Buffer.from(chunk as Buffer));
	return Buffer.concat(chunks).toString('latin1');
}

function listenersOf(body: Readable): number {
	return ['readable', 'data', 'end', 'close', 'error'].reduce((sum, name) => sum + body.listenerCount(name), 0);
}

describe('readChunks', () => {
	it('reads up to the limit, over chunks that cut a character', async () => {
		const chunks: Buffer[] = [];
		expect(await readChunks(bodyOf(Buffer.from([0x61, 0xc3]), Buffer.from([0xa4])), chunks, 3)).toBe(true);
		expect(Buffer.concat(chunks).toString()).toBe('aä');
		expect(await readChunks(bodyOf(), [], 0)).toBe(true);
	});

	it('gives up what is longer, lets go of it, and keeps what fits', async () => {
		const body = bodyOf('ab', 'cd', 'ef');
		const chunks: Buffer[] = [];
		expect(await readChunks(body, chunks, 3)).toBe(false);
		expect(body.destroyed).toBe(true);
		expect(Buffer.concat(chunks).toString()).toBe('abc');
	});

	it('keeps what came, where the rest does not', async () => {
		const body = Readable.from(
			(function* () {
				yield Buffer.from('ab');
				yield Buffer.from('cd');
				throw faultOf('ECONNRESET');
			})(),
			{ objectMode: false, highWaterMark: 1 },
		);
		const chunks: Buffer[] = [];
		await expect(readChunks(body, chunks, 100)).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(Buffer.concat(chunks).toString()).toBe('abcd');
	});

	it('keeps the first bytes of any body, at most as many as it may, and tells whether that was all', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ minLength: 1 })), fc.nat(40), async (parts, most) => {
				const content = Buffer.from(parts.join(''));
				const chunks: Buffer[] = [];
				expect(await readChunks(bodyOf(...parts), chunks, most)).toBe(content.length <= most);
				expect(Buffer.concat(chunks)).toEqual(content.subarray(0, most));
			}),
		);
	});
});

describe('readStart', () => {
	const long = 'x'.repeat(600);

	it.each<[string, string[], string]>([
		['at once', [long, 'rest'], long],
		['byte by byte', [...long, 'rest'], 'x'.repeat(512)],
		['in large pieces', ['ab', `${long}${long}`, 'rest'], `ab${long}${long}`],
		['behind white space', [' \n\t'.repeat(1_000), '<', long, 'rest'], `${' \n\t'.repeat(1_000)}<${long}`],
		['behind white space, byte by byte', [...' '.repeat(700), ...long], ' '.repeat(700) + 'x'.repeat(512)],
		['behind too much white space', [...Array.from({ length: 80 }, () => ' '.repeat(KB)), long], ' '.repeat(64 * KB)],
	])('leaves a start that comes %s in the body, and no listener', async (_name, chunks, start) => {
		const body = bodyOf(...chunks);
		const before = listenersOf(body);
		const { bytes, whole } = await readStart(body, []);
		expect(bytes.toString('latin1')).toBe(start);
		expect(whole).toBe(false);
		expect(listenersOf(body)).toBe(before);
		expect(body.destroyed).toBe(false);
		expect(await textOf(body)).toBe(chunks.join(''));
	});

	it.each<[string, string[]]>([
		['nothing', []],
		['one byte', ['a']],
		['bytes one by one', [...'x'.repeat(511)]],
		['white space alone', [' '.repeat(2_000)]],
		['white space and a little more', [' '.repeat(2_000), ...'{"a":1}']],
	])('takes a body of %s whole', async (_name, chunks) => {
		const body = bodyOf(...chunks);
		const before = listenersOf(body);
		const { bytes, whole } = await readStart(body, []);
		expect(bytes.toString()).toBe(chunks.join(''));
		expect(whole).toBe(true);
		expect(listenersOf(body)).toBeLessThanOrEqual(before);
		expect(body.readableEnded).toBe(true);
		expect(await textOf(body)).toBe('');
	});

	it('loses and adds no byte of any body, however it comes', async () => {
		const chunk = fc.oneof(
			fc.uint8Array({ minLength: 1, maxLength: 300 }),
			fc.constantFrom(Buffer.from(' '), Buffer.from('\n\n'), Buffer.alloc(2_000, ' '), Buffer.alloc(5_000, 'x')),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (parts) => {
				const content = Buffer.concat(parts);
				const body = bodyOf(...parts.map((part) => Buffer.from(part)));
				const { bytes, whole } = await readStart(body, []);
				expect(bytes.equals(content.subarray(0, bytes.length))).toBe(true);
				if (whole) expect(bytes).toHaveLength(content.length);
				const rest = Buffer.from(await textOf(body), 'latin1');
				expect((whole ? bytes : rest).equals(content)).toBe(true);
				if (whole) expect(rest).toHaveLength(0);
			}),
		);
	});

	it('leaves a body to any reader: a pipe gets it whole', async () => {
		const content = Buffer.alloc(300_000, 'abc');
		const body = bodyOf(
			...Array.from({ length: 30 }, (_none, index) => content.subarray(index * 10_000, (index + 1) * 10_000)),
		);
		await readStart(body, []);
		const chunks: Buffer[] = [];
		const store = new Writable({
			highWaterMark: 1,
			write(chunk: Buffer, _encoding, done) {
				chunks.push(chunk);
				setImmediate(done);
			},
		});
		await pipeline(body, new PassThrough(), store);
		expect(Buffer.concat(chunks).equals(content)).toBe(true);
	});

	it('gives nothing of a body that was closed', async () => {
		const closed = silentBody();
		setImmediate(() => closed.destroy());
		expect(await readStart(closed, [])).toEqual({ bytes: Buffer.alloc(0), whole: true });
		expect(await readStart(closed, [])).toEqual({ bytes: Buffer.alloc(0), whole: true });
	});

	it.each<[string, () => Readable]>([
		['at once', () => brokenBody()],
		['after some bytes', () => brokenBody('ab')],
		[
			'while it is waited for',
			() => {
				const body = silentBody('ab');
				setImmediate(() => body.destroy(faultOf('ECONNRESET')));
				return body;
			},
		],
		[
			'as an event alone says',
			() => {
				const body = silentBody('ab');
				setImmediate(() => body.emit('error', faultOf('ECONNRESET')));
				return body;
			},
		],
		[
			'before',
			() =>
				silentBody('ab')
					.on('error', () => {})
					.destroy(faultOf('ECONNRESET')),
		],
	])('throws what the body throws %s', async (_name, breaks) => {
		// as every reply's body, whose faults must not end the process
		const body = breaks().on('error', () => {});
		await expect(readStart(body, [])).rejects.toMatchObject({ code: 'ECONNRESET' });
	});
});

describe('watchIntake', () => {
	it('knows when the last bytes came, counts them, and lets them through', async () => {
		const { clock, runClock, began } = clocks();
		const body = slow(clock, [5, 20]);
		const intake = watchIntake(runClock, body);
		expect([intake.lastSign(), intake.size()]).toEqual([began, 0]);
		expect(await clock.drive(textOf(body))).toBe('01');
		expect(intake.size()).toBe(2);
		// the body owes nothing any more
		await clock.drive(clock.sleep(1_000));
		expect(intake.lastSign()).toBe(clock.now());
	});

	it('is silent as long as the body owes bytes, not while they wait for their reader', async () => {
		const { clock, runClock, began } = clocks();
		const body = silentBody();
		const intake = watchIntake(runClock, body);
		const pass = async (ms: number) => await clock.drive(clock.sleep(ms));
		await pass(100);
		expect(intake.lastSign()).toBe(began);
		body.push('ab');
		await pass(100);
		expect(intake.lastSign()).toBe(began + 200);
		expect(body.read()).toEqual(Buffer.from('ab'));
		await pass(100);
		expect(intake.lastSign()).toBe(began + 100);
		body.push(null);
		await pass(100);
		expect(intake.lastSign()).toBe(began + 400);
		expect(intake.size()).toBe(2);
	});

	it.each([
		['came before', (body: Readable) => body.push('abc'), () => {}],
		['come later', () => {}, (body: Readable) => body.push('abc')],
		['are text of another encoding', () => {}, (body: Readable) => body.push('616263', 'hex')],
	])('counts bytes that %s', async (_name, before, after) => {
		const body = new Readable({ read() {} });
		before(body);
		const intake = watchIntake(clocks().runClock, body);
		after(body);
		body.push(null);
		expect(await textOf(body)).toBe('abc');
		expect(intake.size()).toBe(3);
	});

	it.each([
		['all of it came before', 24, 24, true],
		['a piece of it came before', 4, 24, true],
		['nothing of it came before', 0, 24, true],
		['all of it came before, and it is whole', 32, 32, false],
		['a piece of it came before, and it is whole', 4, 32, false],
	])('tells a video that is cut, where %s', async (_name, before, all, isCut) => {
		const video = Buffer.concat([Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x10mdat', 'latin1'), Buffer.alloc(8)]);
		const body = new Readable({ read() {} });
		if (before > 0) body.push(video.subarray(0, before));
		if (before === all) body.push(null);
		const intake = watchIntake(clocks().runClock, body);
		if (before < all) {
			body.push(video.subarray(before, all));
			body.push(null);
		}
		expect(await textOf(body)).toBe(video.subarray(0, all).toString('latin1'));
		expect([intake.size(), intake.isCut()]).toEqual([all, isCut]);
	});

	it('counts the bytes of any body once, though its start is put back', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 400 }), { maxLength: 8 }), async (parts) => {
				const body = bodyOf(...parts);
				const intake = watchIntake(clocks().runClock, body);
				await readStart(body, []);
				await textOf(body);
				expect(intake.size()).toBe(Buffer.byteLength(parts.join('')));
			}),
		);
	});
});

describe('soundnessOf', () => {
	const aborted = faultOf('ABORT_ERR');
	const reset = faultOf('ECONNRESET');
	const full = faultOf('ENOSPC');
	const short = faultOf('ERR_STREAM_PREMATURE_CLOSE');

	it.each<[string, (body: Readable) => unknown, Error, boolean]>([
		['its reader failed', () => {}, full, true],
		['its reader gave it up', (body) => body.destroy(aborted), full, true],
		['its reader gave it up, as an event says', (body) => body.emit('error', aborted), full, true],
		['it broke off', (body) => body.destroy(reset), reset, false],
		['it broke off, as an event alone says', (body) => body.emit('error', reset), reset, false],
		['it broke off, and its reader failed', (body) => body.destroy(reset), full, false],
		['it was cut short', () => {}, short, false],
	])('%s', (_name, happen, error, sound) => {
		const body = silentBody().on('error', () => {});
		const isSound = soundnessOf(body);
		happen(body);
		expect(isSound(error)).toBe(sound);
	});
});

describe('inTime', () => {
	it('gives what was read in time', async () => {
		const { clock, runClock } = clocks();
		const body = slow(clock, [99]);
		const end = clock.now() + 100;
		const text = inTime(
			runClock,
			body,
			() => end,
			async () => await textOf(body),
		);
		expect(await clock.drive(text)).toBe('0');
		// and nothing is left to wait for
		const before = clock.now();
		await clock.drive(clock.sleep(1_000));
		expect(clock.now()).toBe(before + 1_000);
		expect(body.errored).toBeNull();
		expect(openExchanges(runClock)).toBe(0);
	});

	it('throws what the reader throws', async () => {
		const { clock, runClock } = clocks();
		const body = silentBody();
		const work = inTime(
			runClock,
			body,
			() => clock.now() + 100,
			async () => await Promise.reject(faultOf('ENOSPC')),
		);
		await expect(clock.drive(work)).rejects.toMatchObject({ code: 'ENOSPC' });
		expect(body.destroyed).toBe(false);
	});

	it('gives up at the end, though the body tells nobody', async () => {
		const { clock, runClock, began } = clocks();
		const body = slow(clock, [1_000]).on('error', () => {});
		const text = inTime(
			runClock,
			body,
			() => began + 100,
			async () => await new Promise(() => {}),
		);
		await expect(clock.drive(text)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(clock.now()).toBe(began + 100);
		expect(body.destroyed).toBe(true);
	});

	it('gives up at once where the end has passed before', async () => {
		const { clock, runClock, began } = clocks();
		const body = silentBody().on('error', () => {});
		const text = inTime(
			runClock,
			body,
			() => began - 1,
			async () => await textOf(body),
		);
		await expect(clock.drive(text)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(clock.now()).toBe(began);
	});

	it('goes on after a stop of the run', async () => {
		const { clock, runClock } = clocks();
		const body = slow(clock, [50]);
		const end = clock.now() + 100;
		const text = inTime(
			runClock,
			body,
			() => end,
			async () => await textOf(body),
		);
		runClock.end('cancel');
		expect(await clock.drive(text)).toBe('0');
	});

	it.each([
		[[60, 60, 60], '012', 180],
		[[60, 60, 101], undefined, 220],
		[[101], undefined, 100],
	])('where bytes keep moving the end: pauses %j', async (pauses, read, took) => {
		const { clock, runClock, began } = clocks();
		const body = slow(clock, pauses).on('error', () => {});
		const { lastSign } = watchIntake(runClock, body);
		const text = inTime(
			runClock,
			body,
			() => lastSign() + 100,
			async () => await textOf(body),
		).catch((error: { code?: string }) => (error.code === 'ETIMEDOUT' ? undefined : error));
		expect(await clock.drive(text)).toBe(read);
		expect(clock.now() - began).toBe(took);
	});
});
