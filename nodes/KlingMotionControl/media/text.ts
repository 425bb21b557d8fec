import { uintBE } from './bytes';

/** The kinds that are text. */
type TextKind = 'html' | 'svg' | 'xml' | 'json' | 'text';

/** What may stand in front of the first element: comments and processing instructions. */
const PROLOG = /^(?:\s*<!--[^]*?-->|\s*<\?[^]*?\?>)*\s*/;
/** The elements that pages begin with, where they are not declared as such (WHATWG, "MIME Sniffing", 7.1). */
const PAGE = /^<(?:!--|(?:head|body|title|meta|script|style|iframe|table|div|h1|font|br|p|a|b)[\s>])/i;
const JSON_VALUE = /^(?:\{\s*["}]|\[\s*(?:["{[\]\d-]|true|false|null))/;

/** What a text is, from its first bytes; undefined where these are no printable text (UTF-8, or UTF-16 with its mark). */
export function textKind(start: Uint8Array): TextKind | undefined {
	const text = decoded(start).trimStart();
	const markup = text.replace(PROLOG, '');
	if (/^<(?:!doctype html|html)[\s>]/i.test(markup)) return 'html';
	if (/^<(?:!doctype svg|svg)[\s>]/i.test(markup)) return 'svg';
	if (text.startsWith('<?xml')) return 'xml';
	if (PAGE.test(markup)) return 'html';
	// a page of an old encoding is a page all the same; of anything else every character has to be one
	if (start.length === 0 || /[^\P{Cc}\s]|\uFFFD/u.test(text)) return undefined;
	return JSON_VALUE.test(text) ? 'json' : 'text';
}

function decoded(start: Uint8Array): string {
	const mark = uintBE(start, 0, 2);
	const encoding = mark === 0xfeff ? 'utf-16be' : mark === 0xfffe ? 'utf-16le' : 'utf-8';
	// as a stream, since the start may end within a character
	return new TextDecoder(encoding).decode(start, { stream: true });
}
