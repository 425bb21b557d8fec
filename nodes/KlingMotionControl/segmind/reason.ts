import { firstOf, isRecord, jsonObject } from './json';

/** The longest piece of the service's own words that is passed on, in characters. */
const MAX_REASON = 300;
/** The lines of a stack trace, of JavaScript or of Python, and all that follows. */
const STACK =
	/(?:\s|^)(?:at [^\n]{0,200}[/\\(][^\n]{1,200}:\d+:\d+\)?|Traceback \(most recent call last\)|File "[^"\n]{1,200}", line \d+)[^]*$/;
/** How deep an error may be wrapped in others, as in `{ "detail": { "error": { "message": … } } }`. */
const MAX_DEPTH = 4;

/** What an error body says, as one line of plain text; undefined where it says nothing readable. */
export function reasonOf(body: unknown): string | undefined {
	const words = wordsOf(body, 0);
	return words === undefined ? undefined : plainText(words) || undefined;
}

/** The same for a body that is still text: HTML pages say nothing, plain text is taken as it is. */
export function reasonOfText(text: string): string | undefined {
	const body = jsonObject(text);
	if (body) return reasonOf(body);
	// storage hosts answer with XML, as S3 does
	const [, message] = /^\s*<\?xml[^]*?<Message>([^<]+)<\/Message>/.exec(text.slice(0, 4_096)) ?? [];
	if (message) return plainText(message) || undefined;
	// markup, broken JSON, and bytes that are no text say nothing
	return /^\s*[<{[]|[\uFFFD\0]/.test(text) ? undefined : plainText(text) || undefined;
}

/** One line without markup or control characters, at most MAX_REASON characters long. */
export function plainText(text: string): string {
	const line = text
		.slice(0, MAX_REASON * 10)
		// a stack trace tells a person nothing
		.replace(STACK, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/[<>]/g, ' ')
		.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
		.trim();
	return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON - 1)}…` : line;
}

function wordsOf(value: unknown, depth: number): string | undefined {
	if (typeof value === 'string') return plainText(value) ? value : undefined;
	if (depth > MAX_DEPTH) return undefined;
	if (Array.isArray(value)) {
		const entries = value.slice(0, 5).flatMap((entry) => wordsOf(entry, depth + 1) ?? []);
		return entries.length > 0 ? entries.join('; ') : undefined;
	}
	if (!isRecord(value)) return undefined;
	const { error_description, error, message, detail, errors, msg } = value;
	const ofErrors = isRecord(errors) ? wordsByField(errors, depth + 1) : wordsOf(errors, depth + 1);
	const words =
		firstOf([error_description, error, message, detail], (entry) => wordsOf(entry, depth + 1)) ??
		ofErrors ??
		// `text` is a word of any answer: only inside of an error it is the error
		firstOf([msg, depth > 0 ? value.text : undefined], (entry) => wordsOf(entry, depth + 1));
	const field = fieldOf(value.loc);
	return words !== undefined && field ? `${field}: ${words}` : words;
}

/** Errors by the fields that they are about: `{ "prompt": ["too long"] }` is "prompt: too long". */
function wordsByField(errors: Record<string, unknown>, depth: number): string | undefined {
	const words = Object.entries(errors).flatMap(([field, entry]) => {
		const told = wordsOf(entry, depth);
		return told === undefined ? [] : [`${field}: ${told}`];
	});
	return wordsOf(errors, depth) ?? (words.length > 0 ? words.slice(0, 5).join('; ') : undefined);
}

/** The field that a validation error is about: `["body", "prompt"]` is "prompt", as FastAPI writes it. */
function fieldOf(loc: unknown): string | undefined {
	if (!Array.isArray(loc)) return undefined;
	const path = loc.filter((part) => part !== 'body' && ['string', 'number'].includes(typeof part));
	return path.length > 0 ? path.join('.') : undefined;
}
