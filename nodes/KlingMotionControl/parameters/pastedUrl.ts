/** Quotes and brackets that texts, code and messages put around a URL. No URL begins with one of them. */
const CLOSERS: Readonly<Record<string, string>> = {
	'"': '"”“',
	'“': '”“"',
	'”': '”“"',
	'„': '“”"',
	'«': '»',
	'»': '«',
	"'": "'’‘",
	'‘': "’‘'",
	'’': "’‘'",
	'‚': "‘’'",
	'`': '`',
	'<': '>',
	'(': ')',
	'[': ']',
	'‹': '›',
	'「': '」',
};

/** What is in no URL as it stands, so that one at either end is a leftover. */
const LEFTOVER = '"“”„«»<>';

/** What Markdown takes for the title of a link, in quotes behind its URL. */
const TITLE = /\s+(?:"[^"]{0,200}"|'[^']{0,200}')\s*$/;

/** http or https with the slips that leave no doubt: a letter too many or too few, the colon gone, slashes of any kind and number. */
const SCHEME = /^h*t+p+(s*)\s*(?::|[;.]?(?=[\\/]{2}))\s*[\\/]*\s*/i;

/** A URL between marks of Markdown: bold, italic, struck through. */
const MARKED = /^([*_~]{1,3})(https?:[^]+)\1$/i;

/** More layers than any quoting has. It keeps the time short that a text of quotes alone takes. */
const MOST_LAYERS = 20;

/** What holds a pasted URL, without that: quotes, brackets, a Markdown link, Slack's `<url|label>`. In any nesting. */
export function unwrap(text: string): string {
	let bare = text.trim();
	for (let layer = 0; layer < MOST_LAYERS; layer += 1) bare = peel(bare);
	return bare;
}

/**
 * A URL with the slips corrected that leave no doubt: those of its scheme, line breaks in it, what JSON, HTML and another
 * URL wrote in other words (`http:\/\/`, `\u0026`, `http:&#x2F;&#x2F;`, `&amp;` in a query without another `&`,
 * `https%3A%2F%2F`), and what ends a sentence behind the name of a file.
 */
export function repair(text: string): string {
	const line = unescaped(text)
		.split(/[\t\n\v\f\r\u2028\u2029]/)
		.map((part) => part.trim())
		.join('');
	const unslashed = /^https?:(?:&#(?:x2f|47);){2}/i.test(line) ? line.replace(/&#(?:x2f|47);/gi, '/') : line;
	const slashes = /^https?:\\\/\\\//i.test(unslashed) ? unslashed.replaceAll('\\/', '/') : unslashed;
	const [path, query] = partAt(withScheme(decoded(slashes)), '?');
	return query ? path + withoutEntities(query) : withoutEnd(path);
}

/** A text without the escapes of JSON and JavaScript that stand for a character of a URL, or for white space around it. */
function unescaped(text: string): string {
	return text
		.replace(/\\(?:u00|x)([2-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
		.replace(/(?:\\[nrt]){1,9}$/, '');
}

/** A URL that was encoded as a whole, as one is that stands in the query of another. */
function decoded(text: string): string {
	if (!/^https?%3a(?:%2f){2}/i.test(text)) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** What ends a sentence, or a part of one, right behind the end of a file's name. */
const SENTENCE_END = /(\.(?:jpe?g|png|webp|gif|heic|avif|mp4|mov|m4v|webm|mkv|avi))[.,;:!)\]]{1,9}$/i;

function withoutEnd(path: string): string {
	// a bracket that was opened in the path may be closed by its last character
	return /[([]/.test(path) ? path : path.replace(SENTENCE_END, '$1');
}

/** A text up to the first of a character, and from there. */
function partAt(text: string, character: string): [string, string] {
	const index = text.indexOf(character);
	return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}

function withoutEntities(text: string): string {
	const named = text.replace(/&#(?:38|x26);/gi, '&amp;');
	return /&(?!amp;)/.test(named) ? text : named.replace(/&(?:amp;)+/g, '&');
}

function peel(text: string): string {
	const link = /^!?\[[^\]]*\]\(([^]+)\)[.,;:!]?$/.exec(text)?.[1];
	if (link !== undefined) return link.includes('](') ? text : link.replace(TITLE, '').trim();
	const marked = MARKED.exec(text)?.[2];
	if (marked !== undefined) return marked;
	const [first, last] = [text.charAt(0), text.slice(-1)];
	if (/^\\["'][^]+\\["']$/.test(text)) return text.slice(2, -2).trim();
	const closers = CLOSERS[first];
	if (closers && text.length > 2) {
		if (closers.includes(last)) return held(text, first).trim();
		if (/[,;]/.test(last) && closers.includes(text.charAt(text.length - 2))) return text.slice(0, -1);
	}
	if (first && LEFTOVER.includes(first)) return text.slice(1).trim();
	// a second one of its kind makes it a part of the URL
	const isPaired = last === '"' && text.split(last).length % 2 === 1;
	if (last && LEFTOVER.includes(last) && !isPaired) return text.slice(0, -1).trim();
	return text;
}

/** What stands between the first and the last character, which belong together. */
function held(text: string, first: string): string {
	const inner = text.slice(1, -1);
	return first === '<' ? partAt(inner, '|')[0] : inner;
}

function withScheme(text: string): string {
	let rest = text;
	let scheme = '';
	for (let found = SCHEME.exec(rest); found; found = SCHEME.exec(rest)) {
		scheme = found[1] ? 'https://' : 'http://';
		rest = rest.slice(found[0].length);
	}
	return scheme + rest;
}
