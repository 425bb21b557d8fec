import * as fc from 'fast-check';

import { redactor } from '../../../../nodes/KlingMotionControl/segmind/redact';

const KEY = 'SG_0f';

it.each([
	['as it is', 'SG_0f', true],
	['in other case', 'sg_0F', true],
	['as escapes of JSON', '\\u0053\\u0047\\u005f\\u0030\\u0066', true],
	['as one escape of JSON', 'SG\\u005F0f', true],
	['as escapes inside a JSON text inside another', 'SG\\\\u005f0f', true],
	['as escapes of JavaScript', '\\x53G\\x5f0f', true],
	['in a URL', '%53G%5F0f', true],
	['in a URL inside another', 'SG%255f0%25252566', true],
	['in HTML', '&#83;&#x47;&#0095;&#x030;f', true],
	['without its end', 'SG_0', false],
	['with something in between', 'SG-0f', false],
	['as characters that only look like an escape', 'SGu005f0f', false],
	['as an escape of another character', 'SG\\u005e0f', false],
	['as HTML without its end', 'SG&#950f', false],
])('the key %s', (_how, written, redacted) => {
	const text = (key: string) => `{"error":"Key ${key} is not known, ${key}!"}`;
	expect(redactor(KEY)(text(written))).toBe(text(redacted ? '[API key]' : written));
});

it.each(['a.b', 'a+', '(a)', '[a]', 'a|b', '^a$', 'a\\d', 'a/b', '$&', 'a-b'])('a key %s is no pattern', (key) => {
	const redact = redactor(key);
	expect(redact(`<${key}>`)).toBe('<[API key]>');
	expect(redact('axb aa a b a5 |')).toBe('axb aa a b a5 |');
});

it('takes out nothing where there is no key', () => expect(redactor('')('any text')).toBe('any text'));

describe('whatever the key is, and however each of its characters is written', () => {
	const ways: Array<(character: string) => string> = [
		(character) => character,
		(character) => `\\u${hex(character).padStart(4, '0')}`,
		(character) => `\\\\u${hex(character).toUpperCase().padStart(4, '0')}`,
		(character) => `\\x${hex(character)}`,
		(character) => `%${hex(character)}`,
		(character) => `%25${hex(character).toUpperCase()}`,
		(character) => `&#${character.charCodeAt(0)};`,
		(character) => `&#x${hex(character)};`,
	];
	const character = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.');
	const way = fc.constantFrom(...ways);
	const around = fc.string({ unit: fc.constantFrom(' ', '"', '{', ':', 'ä', '\n'), maxLength: 5 });

	it('only the text around it is left', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(character, way), { minLength: 1, maxLength: 40 }),
				around,
				around,
				(characters, before, after) => {
					const key = characters.map(([plain]) => plain).join('');
					const written = characters.map(([plain, write]) => write(plain)).join('');
					expect(redactor(key)(before + written + after)).toBe(`${before}[API key]${after}`);
				},
			),
		);
	});
});

function hex(character: string): string {
	return character.charCodeAt(0).toString(16);
}
