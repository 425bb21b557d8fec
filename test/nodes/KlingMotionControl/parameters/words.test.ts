import fc from 'fast-check';

import {
	describe as inWords,
	readBoolean,
	readChoice,
	readFieldName,
	readNumber,
	readText,
} from '../../../../nodes/KlingMotionControl/parameters/words';

describe('describe', () => {
	it.each<[unknown, string]>([
		[undefined, 'nothing'],
		[null, 'nothing'],
		['', 'empty'],
		[' \n\u200B ', 'empty'],
		['maybe', '“maybe”'],
		['  may\n\tbe\u200B ', '“may be”'],
		['x'.repeat(40), `“${'x'.repeat(40)}”`],
		['x'.repeat(41), `“${'x'.repeat(40)}…”`],
		['🙂'.repeat(41), `“${'🙂'.repeat(40)}…”`],
		[' '.repeat(2_000), 'empty'],
		[`${' '.repeat(2_000)}x`, '“x”'],
		[90, '90'],
		[-0.5, '-0.5'],
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
		[5n, 'a bigint'],
		[true, 'true'],
		[false, 'false'],
		[[], 'an empty list'],
		[[1], 'a list'],
		[{}, 'an object'],
		[Object.create(null), 'an object'],
		[new Date(0), 'an object'],
		[new Map(), 'an object'],
		[Symbol('x'), 'a symbol'],
		[() => 1, 'a function'],
	])('%p is %s', (value, words) => expect(inWords(value)).toBe(words));
});

describe('readBoolean', () => {
	it.each<[unknown]>([
		[true],
		[1],
		...['true', 'True', 'TRUE', ' yes ', 'YES', 'on', 'On\n', '1', '\uFEFFtrue', 't\u200Brue'].map(
			(word): [unknown] => [word],
		),
	])('%p is true', (value) => expect(readBoolean(value)).toEqual({ value: true }));

	it.each<[unknown]>([
		[false],
		[0],
		[-0],
		...['false', 'False', 'FALSE', 'no', ' No', 'off', 'OFF', '0', '\tfalse\r\n'].map((word): [unknown] => [word]),
	])('%p is false', (value) => expect(readBoolean(value)).toEqual({ value: false }));

	it.each<[unknown, string]>([
		[undefined, 'nothing'],
		[null, 'nothing'],
		['', 'empty'],
		['  ', 'empty'],
		[2, '2'],
		[-1, '-1'],
		[NaN, 'NaN'],
		[1n, 'a bigint'],
		['2', '“2”'],
		['01', '“01”'],
		['maybe', '“maybe”'],
		['y', '“y”'],
		['truee', '“truee”'],
		['not true', '“not true”'],
		['undefined', '“undefined”'],
		[[], 'an empty list'],
		[[true], 'a list'],
		[{}, 'an object'],
		[{ value: true }, 'an object'],
	])('%p is neither', (value, words) =>
		expect(readBoolean(value)).toEqual({ problem: `must be true or false, not ${words}` }),
	);
});

describe('readChoice', () => {
	const MODELS = [
		{ value: 'kling-2.6-pro-motion-control', label: 'Kling 2.6 Pro' },
		{ value: 'kling-2.6-standard-motion-control', label: 'Kling 2.6 Standard' },
	];
	const MODES = [
		{ value: 'auto', label: 'Auto' },
		{ value: 'sync', label: 'Blocking' },
		{ value: 'async', label: 'Submit and Poll' },
	];
	const SOURCES = [
		{ value: 'binary', label: 'File From Previous Node' },
		{ value: 'url', label: 'URL' },
	];

	it.each([
		['kling-2.6-pro-motion-control', MODELS, 'kling-2.6-pro-motion-control'],
		['kling 2.6 standard motion control', MODELS, 'kling-2.6-standard-motion-control'],
		['Kling_2.6_Standard_Motion_Control', MODELS, 'kling-2.6-standard-motion-control'],
		['kling  2.6 - standard - motion - control', MODELS, 'kling-2.6-standard-motion-control'],
		['KLING 2.6 PRO', MODELS, 'kling-2.6-pro-motion-control'],
		['async', MODES, 'async'],
		['Async', MODES, 'async'],
		[' ASYNC\n', MODES, 'async'],
		['Submit and Poll', MODES, 'async'],
		['submit-and-poll', MODES, 'async'],
		['SUBMIT_AND_POLL', MODES, 'async'],
		['submit and\u00A0poll', MODES, 'async'],
		['blocking', MODES, 'sync'],
		['\u200Bauto\uFEFF', MODES, 'auto'],
		['URL', SOURCES, 'url'],
		['Url', SOURCES, 'url'],
		['file from previous node', SOURCES, 'binary'],
		['Binary', SOURCES, 'binary'],
	])('%p is meant', (value, choices, known) => expect(readChoice(value, choices)).toEqual({ value: known }));

	it.each<[unknown, string]>([
		['side', '“side”'],
		['', 'empty'],
		['kling', '“kling”'],
		['submit', '“submit”'],
		['submitandpoll', '“submitandpoll”'],
		['Submit and Poll!', '“Submit and Poll!”'],
		[undefined, 'nothing'],
		[0, '0'],
		[true, 'true'],
		[['auto'], 'a list'],
		[{ value: 'auto' }, 'an object'],
	])('%p is not', (value, words) =>
		expect(readChoice(value, MODES)).toEqual({
			problem: `must be one of Auto, Blocking, Submit and Poll, not ${words}`,
		}),
	);

	it('takes a value before the label of another choice, and the exact value before one in another case', () => {
		const choices = [
			{ value: 'a', label: 'B' },
			{ value: 'b', label: 'A' },
			{ value: 'B', label: 'C' },
		];
		expect(['a', 'A', 'b', 'B', 'c'].map((value) => readChoice(value, choices))).toEqual(
			['a', 'a', 'b', 'B', 'B'].map((value) => ({ value })),
		);
	});
});

describe('readNumber', () => {
	it.each<[unknown, number]>([
		[30, 30],
		[1, 1],
		[55, 55],
		[2.5, 2.5],
		['30', 30],
		[' 2.5 ', 2.5],
		['+3', 3],
		['3.', 3],
		['007', 7],
		['1.50', 1.5],
		['\u200B12\n', 12],
	])('%p is %p', (value, number) => expect(readNumber(value, { min: 1, max: 55 })).toEqual({ value: number }));

	it.each<[unknown, string]>([
		[90, '90'],
		[0, '0'],
		[0.999, '0.999'],
		[55.001, '55.001'],
		['-3', '“-3”'],
		['56', '“56”'],
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
		['NaN', '“NaN”'],
		['Infinity', '“Infinity”'],
		['0x10', '“0x10”'],
		['1e1', '“1e1”'],
		['1_0', '“1_0”'],
		['5 minutes', '“5 minutes”'],
		['1 0', '“1 0”'],
		['.', '“.”'],
		['-', '“-”'],
		['9'.repeat(400), `“${'9'.repeat(40)}…”`],
		['', 'empty'],
		['  ', 'empty'],
		[true, 'true'],
		[5n, 'a bigint'],
		[undefined, 'nothing'],
		[null, 'nothing'],
		[[5], 'a list'],
		[{}, 'an object'],
		[new Date(5), 'an object'],
	])('%p is none from 1 to 55', (value, words) =>
		expect(readNumber(value, { min: 1, max: 55 })).toEqual({ problem: `must be a number from 1 to 55, not ${words}` }),
	);

	it.each(['2,5', ' 1,00 ', '-1,5', '0,3333'])('says of %p what to write', (value) =>
		expect(readNumber(value, { min: 0 })).toEqual({
			problem: `must be a number, 0 or more, not “${value.trim()}”`,
			todo: 'Use a decimal point instead of a comma.',
		}),
	);

	it.each([
		['1,000', {}],
		['12,000', {}],
		['2,5', { integer: true }],
	])('gives no advice on the comma of %p, which may be thousands, where %p', (value, bounds) =>
		expect(readNumber(value, { min: 0, ...bounds })).not.toHaveProperty('todo'),
	);

	it.each([
		[{ min: 1 }, 'a number, 1 or more'],
		[{ min: 0, isAbove: true }, 'a number above 0'],
		[{ min: 0, isAbove: true, max: 55 }, 'a number above 0, at most 55'],
		[{ min: 1, max: 55, unit: 'minutes' }, 'a number of minutes from 1 to 55'],
		[{ min: 1, unit: 'seconds' }, 'a number of seconds, 1 or more'],
		[{ min: 1, integer: true }, 'a whole number, 1 or more'],
		[{ min: 0, max: 168, integer: true, unit: 'hours' }, 'a whole number of hours from 0 to 168'],
	])('says what %p asks for', (bounds, words) =>
		expect(readNumber(-1, bounds)).toEqual({ problem: `must be ${words}, not -1` }),
	);

	it('takes whole numbers only where they are asked for', () => {
		expect(readNumber('2.0', { min: 1, integer: true })).toEqual({ value: 2 });
		expect(readNumber(2.5, { min: 1, integer: true })).toEqual({
			problem: 'must be a whole number, 1 or more, not 2.5',
		});
	});

	it('has one zero', () => expect(readNumber('-0', { min: 0 })).toStrictEqual({ value: 0 }));

	it('reads every number from its own digits', () => {
		fc.assert(
			fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (number) => {
				const text = number.toFixed(6);
				expect(readNumber(` ${text}`, { min: -1e7 })).toEqual({ value: Number(text) || 0 });
			}),
		);
	});
});

describe('readText', () => {
	it.each<[unknown, string]>([
		['', ''],
		['  a\n b ', '  a\n b '],
		['\u200B', '\u200B'],
		[5, '5'],
		[0, '0'],
		[true, 'true'],
		[false, 'false'],
	])('%p is %p', (value, text) => expect(readText(value)).toEqual({ value: text }));

	it.each<[unknown, string]>([
		[undefined, 'nothing'],
		[null, 'nothing'],
		[[], 'an empty list'],
		[['a'], 'a list'],
		[{}, 'an object'],
		[Symbol('a'), 'a symbol'],
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
	])('%p is none', (value, words) => expect(readText(value)).toEqual({ problem: `must be text, not ${words}` }));
});

describe('readFieldName', () => {
	it.each<[unknown, string]>([
		['data', 'data'],
		[' image\n', 'image'],
		['My Image 1', 'My Image 1'],
		['image, video', 'image, video'],
		[0, '0'],
	])('%p is %p', (value, name) => expect(readFieldName(value)).toEqual({ value: name }));

	it.each<[unknown, string]>([
		['', 'is empty'],
		[' \t', 'is empty'],
		[undefined, 'must be text, not nothing'],
		[['data'], 'must be text, not a list'],
	])('%p is none', (value, problem) => expect(readFieldName(value)).toEqual({ problem }));
});

it('reads any value without a fault, and quotes no more than 40 characters of it', () => {
	const value = fc.oneof(
		fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
		fc.string({ unit: 'binary', maxLength: 200 }),
	);
	fc.assert(
		fc.property(value, (given) => {
			const readings = [
				readBoolean(given),
				readChoice(given, [{ value: 'a', label: 'A' }]),
				readNumber(given, { min: 1, max: 2 }),
				readText(given),
				readFieldName(given),
			];
			for (const reading of readings) {
				if ('problem' in reading) expect([...reading.problem].length).toBeLessThan(90);
			}
			expect([...inWords(given)].length).toBeLessThanOrEqual(43);
		}),
	);
});

it.each(['1', '1.', ' ', '-', '_', 'a', '"', 'é\u200D', '\u200B'])('is quick with many of %j', (piece) => {
	const long = piece.repeat(100_000 / piece.length);
	for (const given of [long, `${long}x`, `1${long}x`]) {
		const start = performance.now();
		inWords(given);
		readBoolean(given);
		readChoice(given, [{ value: 'a', label: 'A' }]);
		readNumber(given, { min: 0 });
		readFieldName(given);
		// A few ms at most when the machine is idle; what grows with the square of the length takes seconds.
		expect(performance.now() - start).toBeLessThan(1_000);
	}
});
