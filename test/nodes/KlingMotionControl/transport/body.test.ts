import { Readable } from 'node:stream';

import {
	inTime,
	peek,
	pulseOf,
	readText,
	replyOf,
	soundnessOf,
} from '../../../../nodes/KlingMotionControl/transport/body';
import { VirtualClock } from '../../../support/virtualN8n';

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

/** A body that breaks when it is read. */
function broken(code: string): Readable {
	return new Readable({
		read() {
			this.destroy(Object.assign(new Error(code), { code }));
		},
	});
}

describe('replyOf', () => {
	const body = Readable.from([]);

	it('takes what the helpers give, with header names in lower case', () => {
		expect(replyOf({ statusCode: 200, headers: { 'X-Cost': 1, b: ['c', 'd'] }, body })).toEqual({
			status: 200,
			headers: { 'x-cost': '1', b: 'c,d' },
			body,
		});
	});

	it.each<[unknown, object]>([
		[undefined, {}],
		[null, {}],
		['x-cost: 1', {}],
		[{}, {}],
	])('takes %p for headers', (headers, read) => {
		expect(replyOf({ statusCode: 200, headers, body })?.headers).toEqual(read);
	});

	it.each([
		undefined,
		null,
		'text',
		{},
		{ statusCode: '200', body },
		{ statusCode: 200 },
		{ statusCode: 200, body: null },
		{ statusCode: 200, body: 'text' },
		{ statusCode: 200, body: {} },
		{ statusCode: 200, body: { pipe: 1 } },
		{ statusCode: 200, body: [] },
	])('takes no %j', (response) => expect(replyOf(response)).toBeUndefined());

	it('lets a fault pass that comes while nobody reads', () => {
		const late = new Readable({ read: () => {} });
		replyOf({ statusCode: 200, headers: {}, body: late });
		expect(late.emit('error', new Error('x'))).toBe(true);
	});
});

describe('readText', () => {
	it('reads up to the limit, over chunks that cut a character', async () => {
		const [first, second] = [Buffer.from([0x61, 0xc3]), Buffer.from([0xa4])];
		expect(await readText(Readable.from([first, second]), 3)).toBe('aä');
		expect(await readText(Readable.from([]), 0)).toBe('');
	});

	it('gives up what is longer, and lets go of it', async () => {
		const body = Readable.from([Buffer.alloc(2), Buffer.alloc(2)]);
		expect(await readText(body, 3)).toBeUndefined();
		expect(body.destroyed).toBe(true);
	});
});

describe('peek', () => {
	const clock = new VirtualClock();

	it('leaves the bytes and no listener in the body', async () => {
		const body = Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false });
		const listeners = () =>
			['readable', 'end', 'close', 'error'].reduce((sum, name) => sum + body.listenerCount(name), 0);
		const before = listeners();
		expect((await peek(clock, body, 100)).toString()).toMatch(/^ab/);
		expect(listeners()).toBe(before);
		expect(await readText(body, 9)).toBe('abcd');
	});

	it('gives nothing of an empty body, and of one that ended before', async () => {
		const body = Readable.from([], { objectMode: false });
		expect(await peek(clock, body, 100)).toHaveLength(0);
		expect(await readText(body, 9)).toBe('');
		const closed = new Readable({ read: () => {} });
		setImmediate(() => closed.destroy());
		expect(await peek(clock, closed, 100)).toHaveLength(0);
	});

	it('throws what the body throws', async () => {
		await expect(peek(clock, broken('ECONNRESET'), 100)).rejects.toMatchObject({ code: 'ECONNRESET' });
	});

	it('gives up where nothing comes', async () => {
		const began = clock.now();
		const first = peek(
			clock,
			new Readable({ read: () => {} }).on('error', () => {}),
			100,
		);
		await expect(clock.drive(first)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(clock.now()).toBe(began + 100);
	});
});

describe('pulseOf', () => {
	it('knows when the last bytes came, and lets them through', async () => {
		const clock = new VirtualClock();
		const began = clock.now();
		const body = slow(clock, [5, 20]);
		const lastByte = pulseOf(clock, body);
		expect(lastByte()).toBe(began);
		expect(await clock.drive(readText(body, 9))).toBe('01');
		expect(lastByte()).toBe(began + 25);
	});

	it('keeps the encoding of a text', async () => {
		const body = new Readable({ read() {} });
		pulseOf(new VirtualClock(), body);
		body.push('6162', 'hex');
		body.push(null);
		expect(await readText(body, 9)).toBe('ab');
	});
});

describe('soundnessOf', () => {
	const aborted = Object.assign(new Error('aborted'), { code: 'ABORT_ERR' });
	const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
	const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
	const short = Object.assign(new Error('short'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });

	it.each<[string, (body: Readable) => unknown, Error, boolean]>([
		['its reader failed', () => {}, full, true],
		['its reader gave it up', (body) => body.destroy(aborted), full, true],
		['its reader gave it up, as an event says', (body) => body.emit('error', aborted), full, true],
		['it broke off', (body) => body.destroy(reset), reset, false],
		['it broke off, as an event alone says', (body) => body.emit('error', reset), reset, false],
		['it was cut short', () => {}, short, false],
	])('%s', (_name, happen, error, sound) => {
		const body = new Readable({ read() {} });
		const isSound = soundnessOf(body);
		happen(body);
		expect(isSound(error)).toBe(sound);
	});
});

describe('inTime', () => {
	it('gives what was read in time', async () => {
		const clock = new VirtualClock();
		const body = slow(clock, [99]);
		const end = clock.now() + 100;
		const text = inTime(
			clock,
			body,
			() => end,
			async () => await readText(body, 9),
		);
		expect(await clock.drive(text)).toBe('0');
		// and nothing is left to wait for
		const before = clock.now();
		await clock.drive(clock.sleep(1_000));
		expect(clock.now()).toBe(before + 1_000);
		expect(body.errored).toBeNull();
	});

	it('gives up at the end, though the body tells nobody', async () => {
		const clock = new VirtualClock();
		const began = clock.now();
		const body = slow(clock, [1_000]).on('error', () => {});
		const text = inTime(
			clock,
			body,
			() => began + 100,
			async () => await new Promise(() => {}),
		);
		await expect(clock.drive(text)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(clock.now()).toBe(began + 100);
		expect(body.destroyed).toBe(true);
	});

	it.each([
		[[60, 60, 60], '012', 180],
		[[60, 60, 101], undefined, 220],
		[[101], undefined, 100],
	])('where bytes keep moving the end: pauses %j', async (pauses, read, took) => {
		const clock = new VirtualClock();
		const began = clock.now();
		const body = slow(clock, pauses).on('error', () => {});
		const lastByte = pulseOf(clock, body);
		const text = inTime(
			clock,
			body,
			() => lastByte() + 100,
			async () => await readText(body, 9),
		).catch((error: { code?: string }) => (error.code === 'ETIMEDOUT' ? undefined : error));
		expect(await clock.drive(text)).toBe(read);
		expect(clock.now() - began).toBe(took);
	});
});
