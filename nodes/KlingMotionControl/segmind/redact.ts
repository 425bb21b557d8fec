/** How a service may write a character of a text that it repeats: as it is, or as an escape of JSON, a URL or HTML. */
function writtenAs(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const hex = code.toString(16);
	const literal = character.replace(/[^\w]/g, '\\$&');
	return `(?:${literal}|\\\\+u0*${hex}|\\\\+x${hex}|%(?:25)*${hex}|&#0*${code};|&#x0*${hex};)`;
}

/**
 * A function that takes the key out of a text, however the text escapes it.
 * @param key an API key without white space around it; empty: nothing is taken out
 */
export function redactor(key: string): (text: string) => string {
	if (!key) return (text) => text;
	const pattern = new RegExp([...key].map(writtenAs).join(''), 'gi');
	return (text) => text.replace(pattern, '[API key]');
}
