/** Control and format characters (Unicode's Cc, and those of Cf that have no shape), but not line breaks and tabs. */
const INVISIBLE =
	/(?![\t\n\v\f\r])[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/gu;

/** Zero-width joiners and non-joiners, save one between two characters outside ASCII: Persian words and emoji are spelled with them. */
const STRAY_JOINER = /(?<![^\s!-~\u200C\u200D])[\u200C\u200D]|[\u200C\u200D](?![^\s!-~\u200C\u200D])/gu;

/** A text without the characters that come along with copied text and that nobody sees. White space stays. */
export function visible(text: string): string {
	return text.replace(INVISIBLE, '').replace(STRAY_JOINER, '');
}
