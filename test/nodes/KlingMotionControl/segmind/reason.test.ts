import { plainText, reasonOf, reasonOfText } from '../../../../nodes/KlingMotionControl/segmind/reason';

describe('reasonOf', () => {
	it.each<[unknown, string | undefined]>([
		[{ error: 'because' }, 'because'],
		[{ error: 'code', error_description: 'long words' }, 'long words'],
		[{ error: 'e', message: 'm', detail: 'd' }, 'e'],
		[{ message: 'm', detail: 'd' }, 'm'],
		[{ detail: 'd', errors: ['x'], msg: 'y' }, 'd'],
		[{ errors: ['x'], msg: 'y' }, 'x'],
		[{ msg: 'y' }, 'y'],
		[{ message: 'm' }, 'm'],
		[{ detail: 'd' }, 'd'],
		['words', 'words'],
		[{ error: { message: 'nested' } }, 'nested'],
		[{ message: { error: 'nested' } }, 'nested'],
		[{ message: { code: 5, message: { message: 'deep' } } }, 'deep'],
		[{ error: {}, message: 'm' }, 'm'],
		[{ error: ' ', message: 'm' }, 'm'],
		[{ error: '<br>', message: 'm' }, 'm'],
		[{ error: '' }, undefined],
		[{ error: 5 }, undefined],
		[{ error: null, message: true }, undefined],
		[{ reason: 'a field that is not known' }, undefined],
		[[], undefined],
		[5, undefined],
		[null, undefined],
		[undefined, undefined],
		[{ message: { text: 'too long' } }, 'too long'],
		[{ text: 'hello' }, undefined],
		[{ errors: { prompt: ['too long', 'not English'] } }, 'prompt: too long; not English'],
		[{ errors: { prompt: 'too long', image_url: ['no URL'] } }, 'prompt: too long; image_url: no URL'],
		[{ errors: { message: 'x' } }, 'x'],
		[{ errors: {} }, undefined],
		[{ error: 'boom\n    at Foo.bar (/usr/src/app/index.js:10:5)\n    at next (node:internal:1:1)' }, 'boom'],
		[{ error: 'boom at Foo.bar (/usr/src/app/index.js:10:5)' }, 'boom'],
		[{ error: 'Traceback (most recent call last):\n  File "/app/main.py", line 3, in f' }, undefined],
		[{ error: 'failed: File "/app/main.py", line 3, in f\n  x()' }, 'failed:'],
		[{ error: 'look at 10:30:05 again' }, 'look at 10:30:05 again'],
	])('%j', (body, reason) => expect(reasonOf(body)).toBe(reason));

	it.each<[unknown, string | undefined]>([
		[{ detail: [{ loc: ['body', 'prompt'], msg: 'field required', type: 'missing' }] }, 'prompt: field required'],
		[
			{
				detail: [
					{ loc: ['body', 'prompt'], msg: 'field required' },
					{ loc: ['body', 'images', 0, 'url'], msg: 'not a URL' },
				],
			},
			'prompt: field required; images.0.url: not a URL',
		],
		[{ detail: [{ loc: ['body'], msg: 'not JSON' }] }, 'not JSON'],
		[{ detail: [{ loc: [], msg: 'm' }] }, 'm'],
		[{ detail: [{ loc: 'prompt', msg: 'm' }] }, 'm'],
		[{ detail: [{ loc: ['body', {}, null, 'prompt'], msg: 'm' }] }, 'prompt: m'],
		[{ detail: [{ loc: ['body', 'prompt'] }] }, undefined],
		[{ detail: [{}, { msg: 'second' }] }, 'second'],
		[{ detail: [] }, undefined],
		[{ errors: ['one', 'two'] }, 'one; two'],
		[{ errors: [{ message: 'one' }, 5, { error: 'two' }] }, 'one; two'],
		[{ errors: { message: 'alone' } }, 'alone'],
		[{ errors: ['1', '2', '3', '4', '5', '6'] }, '1; 2; 3; 4; 5'],
		[['one', { error: 'two' }], 'one; two'],
	])('a list, %j', (body, reason) => expect(reasonOf(body)).toBe(reason));

	it('follows five wrappings and no more', () => {
		const wrapped = (depth: number): unknown => (depth === 0 ? 'deep' : { error: wrapped(depth - 1) });
		expect(reasonOf(wrapped(5))).toBe('deep');
		expect(reasonOf({ error: wrapped(5) })).toBeUndefined();
		expect(reasonOf([[[[['deep']]]]])).toBe('deep');
		expect(reasonOf([[[[[['deep']]]]]])).toBeUndefined();
	});

	it('is one line of plain text', () => {
		expect(reasonOf({ error: 'no <b>person</b>\n in\tit' })).toBe('no person in it');
		expect(reasonOf({ error: 'x'.repeat(301) })).toBe(`${'x'.repeat(299)}…`);
	});
});

it.each([
	['{"error":"because"}', 'because'],
	['{"reason":"because"}', undefined],
	['<!DOCTYPE html><html>x</html>', undefined],
	['{"error":', undefined],
	['["error"]', undefined],
	['upstream connect error', 'upstream connect error'],
	[' \n<html>x</html>', undefined],
	['error at <b>10</b>', 'error at 10'],
	['', undefined],
	[' \n', undefined],
])('reasonOfText %s', (text, reason) => expect(reasonOfText(text)).toBe(reason));

it('reasons are one short line without markup', () => {
	expect(plainText('a <script>alert(1)</script>\n\tb\u0000\u202e <c')).toBe('a alert(1) b c');
	expect(plainText('x'.repeat(5_000))).toBe(`${'x'.repeat(299)}…`);
	expect(plainText('x'.repeat(300))).toBe('x'.repeat(300));
	expect(plainText(`${'<b>'.repeat(1_000)}late`)).toBe('');
});
