import { visible } from '../../../../nodes/KlingMotionControl/parameters/visible';

it.each<[string, string, string]>([
	['zero-width space', 'a\u200Bb', 'ab'],
	['joiners', 'a\u200Cb\u200Dc', 'abc'],
	['marks of direction', '\u200Ea\u200F', 'a'],
	['byte order mark', '\uFEFFa', 'a'],
	['word joiner', 'a\u2060b', 'ab'],
	['soft hyphen', 'exam\u00ADple', 'example'],
	['bidi controls', '\u202Aa\u202C\u2066b\u2069\u061C', 'ab'],
	['control characters', '\u0000a\u0007\u001B\u007F\u009F', 'a'],
	['many of them', '\u200D\u200D\u200C'.repeat(3), ''],
	['joiners at the edge of another script', '\u200C\u06CC a\u200D\u06CC\u200D', '\u06CC a\u06CC'],
	['two joiners', '\u06CC\u200C\u200C\u06CC', '\u06CC\u06CC'],
])('takes away: %s', (_what, text, seen) => expect(visible(text)).toBe(seen));

it.each([
	['white space', ' \t\n\v\f\r\u00A0\u2028\u3000'],
	['a Persian word', '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645'],
	['a family', '👩\u200D👩\u200D👧'],
	['a heart on fire', '❤\uFE0F\u200D🔥'],
	['accents and half characters', 'é e\u0301 \uD83D'],
])('keeps %s', (_what, text) => expect(visible(text)).toBe(text));
