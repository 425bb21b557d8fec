import type { Problem } from './reading';

const FILE = 'Choose File From Previous Node as the source.';
/** What to do where Segmind cannot get at a file. */
export const PUBLIC = 'Use a public URL, or choose File From Previous Node as the source.';
/** What to do where an expression found nothing. */
export const EXPRESSION = "Check the field's name in the expression.";

const UNEVALUATED = {
	what: /\{\{\s{0,9}\$/,
	problem: 'contains an expression that n8n did not evaluate',
	todo: 'Switch the field from Fixed to Expression.',
} as const;

/** Says so where a text has an expression in it that n8n did not evaluate. */
export function unevaluated(text: string): Problem | undefined {
	const { what, problem, todo } = UNEVALUATED;
	return what.test(text) ? { problem, todo } : undefined;
}

/** In this order: what a text begins with decides. Each is bounded or anchored, for texts of any length. */
const MISTAKES: ReadonlyArray<readonly [what: RegExp, problem: string, todo: string]> = [
	[/^(?:undefined|null|NaN)$/, 'is empty: its expression gave $&', EXPRESSION],
	[/^\[?(?:object Object|object: [[{]|array: \[)|\[object \w{1,20}\]/i, 'must be a URL, not an object', EXPRESSION],
	[UNEVALUATED.what, UNEVALUATED.problem, UNEVALUATED.todo],
	[/\$\{[^{}]{1,99}\}|\{\{[^{}]{1,99}\}\}/, 'contains the placeholder $&, which was not filled in', EXPRESSION],
	[/^data:/i, 'is a data URL, which contains the file instead of pointing to it', FILE],
	[/^blob:/i, 'is a blob URL, which works only in the browser that made it', PUBLIC],
	[/^file:/i, 'points to a file on a computer, which Segmind cannot reach', PUBLIC],
	// The ways that n8n names a file in its binary store, as expressions such as $binary.data.data give them.
	[/^(?:filesystem(?:-v2)?|database|s3)(?::(?!\/\/)|$)/, "is n8n's internal reference to a file, not a URL", FILE],
	// The first bytes of JPEG, PNG, GIF, RIFF (WebP) and MP4 in base64.
	[/^(?:\/9j\/|iVBORw0KGgo|R0lGOD|UklGR|AAAA.GZ0eX)/, 'is the content of a file, not its URL', FILE],
	[
		/^(?:s3|gs|az|abfss?|wasbs?|r2|b2|oss|cos):\/\//i,
		'is a cloud storage path ($&), not a URL',
		'Use a presigned URL of the file, or choose File From Previous Node as the source.',
	],
	[
		/^(?:[a-z]:[\\/]|\\(?!["'])|~\/|\/(?!\/)|\.{1,2}[\\/])/i,
		'is a path on a computer, which Segmind cannot reach',
		PUBLIC,
	],
];

/** What a text is where it is plainly something else than a URL of the web. */
export function mistaken(text: string): Problem | undefined {
	for (const [what, problem, todo] of MISTAKES) {
		const found = what.exec(text);
		if (found) return { problem: problem.replace('$&', () => found[0]), todo };
	}
	return undefined;
}

/** What a text holds besides one URL: a second one, or other words. */
export function surrounded(text: string): Problem | undefined {
	if (GLUED.test(text)) return { problem: 'contains more than one URL', todo: 'Enter one URL per item.' };
	const first = text.search(/https?:[\\/]/i);
	// What stands in front of the first scheme may be a URL that has none, and the rest a part of it: x.com/?image=https://y.com
	const isSchemeless = first > 0 && /[/?#]/.test(text.slice(0, first));
	let urls = isSchemeless ? 1 : 0;
	for (const { index } of text.matchAll(/https?:[\\/]/gi)) {
		const separator = separatorAt(text, index);
		if (index === first && separator && (separator === ' ' || !isSchemeless)) {
			return { problem: 'contains text besides the URL', todo: 'Enter the URL alone.' };
		}
		// After a comma, a URL inside the query of another may be one of several there: ?images=https://a,https://b
		if (separator === ' ' || (separator === ',' && urls === 1)) {
			return { problem: 'contains more than one URL', todo: 'Enter one URL per item.' };
		}
		urls += 1;
	}
	return undefined;
}

/** A second URL right behind the end of a file's name: two that were joined without anything between them. */
const GLUED = /\.(?:jpe?g|png|webp|gif|heic|avif|mp4|mov|m4v|webm|mkv|avi)https?:\/\//i;

/** What parts a URL from the text in front of it: white space, something of a list, something of an assignment. */
function separatorAt(text: string, index: number): ' ' | ',' | '=' | undefined {
	const lead = text.slice(Math.max(0, index - 2), index).replace(/["'“<([]$/, '');
	if (text.slice(0, index).endsWith('&amp;')) return undefined;
	if (/\s$/.test(lead)) return ' ';
	if (/[,;|]$/.test(lead)) return ',';
	return /[:=]$/.test(lead) ? '=' : undefined;
}
