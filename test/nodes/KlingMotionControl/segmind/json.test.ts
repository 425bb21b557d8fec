import { firstOf, isRecord, jsonObject } from '../../../../nodes/KlingMotionControl/segmind/json';

it.each([
	['{"a":1}', { a: 1 }],
	[' {"a":1}\n', { a: 1 }],
	['[1]', undefined],
	['null', undefined],
	['"x"', undefined],
	['', undefined],
	['{"a":', undefined],
	['<html></html>', undefined],
])('jsonObject %s', (text, value) => expect(jsonObject(text)).toEqual(value));

it.each([
	[{}, true],
	[{ a: 1 }, true],
	[[], false],
	[null, false],
	[undefined, false],
	['x', false],
	[5, false],
])('isRecord %j', (value, expected) => expect(isRecord(value)).toBe(expected));

it('firstOf gives the first thing found, and looks no further', () => {
	const read = jest.fn((value: number) => (value > 1 ? value * 10 : undefined));
	expect(firstOf([0, 1, 2, 3], read)).toBe(20);
	expect(read.mock.calls.map(([value]) => value)).toEqual([0, 1, 2]);
	expect(firstOf([0, 1], read)).toBeUndefined();
	expect(firstOf([1], () => false)).toBe(false);
	expect(firstOf([], read)).toBeUndefined();
});
