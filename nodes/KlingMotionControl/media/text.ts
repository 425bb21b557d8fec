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

/** What stands for bytes that are no UTF-8, once something read them as if they were. */
const LOST = '\uFFFD';
/** The first bytes of a JPEG and of a PNG, each byte as the UTF-8 of the Latin-1 character of that number. */
const AS_LATIN1 = ['\u00ff\u00d8\u00ff', '\u0089PNG'];

/** Whether bytes of a file were read as text, and this text is the file now: no image or video is UTF-8 for as long. */
export function isMangled(start: Uint8Array): boolean {
	const text = utf8(start);
	if (text === undefined) return false;
	// a text that lost some letters has no control characters
	const isLost = text.split(LOST).length > 3 && /[^\P{Cc}\s]/u.test(text);
	return isLost || AS_LATIN1.some((first) => text.startsWith(first));
}

/** The text, or undefined where the bytes are none. */
function utf8(start: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
	} catch {
		return undefined;
	}
}

function decoded(start: Uint8Array): string {
	const mark = uintBE(start, 0, 2);
	const encoding = mark === 0xfeff ? 'utf-16be' : mark === 0xfffe ? 'utf-16le' : 'utf-8';
	// as a stream, since the start may end within a character
	return new TextDecoder(encoding).decode(start, { stream: true });
}
