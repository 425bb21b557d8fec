import { urlOf } from '../segmind/routes';
import { EXPRESSION, PUBLIC, mistaken, surrounded } from './mistaken';
import { repair, unwrap } from './pastedUrl';
import { isPrivateHost } from './privateHost';
import type { Problem, Reading } from './reading';
import { readSharePage } from './sharePages';
import { visible } from './visible';
import { describe } from './words';

/** In characters. Presigned URLs with a session token take about 2,000; servers refuse more than 8 kB. */
const LONGEST = 8_192;

/** A host, an optional port, and then the path or the end. Without a scheme, or after `//`. */
const SCHEMELESS = /^(?:\/\/)?((?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+)(:\d{1,5})?(?=[/?#]|$)/u;

/** What is left of a URL whose host an expression did not find. `mov` is not among these: it is a top-level domain. */
const FILE_AS_HOST = /\.(?:jpe?g|png|webp|gif|heic|avif|mp4|m4v|mkv|avi|webm)$/i;

/** Last labels that make a name without a scheme a host, and not a file or a folder: countries, and the common others. */
const TOP_LEVEL =
	/\.(?:[a-z]{2}|com|net|org|edu|gov|info|biz|app|dev|cloud|tech|site|online|store|shop|media|video|studio|xyz|pro|xn--[a-z\d-]+)$/i;

/**
 * The URL of a picture or a video that Segmind can fetch, as the WHATWG URL standard writes it; `undefined` where the field was
 * left empty. One that was written so already stays byte for byte, its escapes too: signatures are made over them.
 * @param what the kind of file that is expected, for messages
 * @param options.allowPrivate takes hosts that only this network reaches
 */
export function readPublicUrl(
	value: unknown,
	what: 'image' | 'video',
	{ allowPrivate = false }: { allowPrivate?: boolean } = {},
): Reading<string | undefined> {
	const given: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	const isNothing = given === undefined || given === null;
	if (typeof given !== 'string' && !isNothing) return noUrl(given);
	const text = visible(String(given)).trim();
	if (!text) return { value: undefined };
	if (text.length > LONGEST) return mistaken(unwrap(text.slice(0, 100))) ?? tooLong();
	const bare = unwrap(text);
	const mistake = mistaken(text) ?? mistaken(bare) ?? surrounded(bare) ?? listed(text);
	if (!bare && !mistake) return { problem: 'contains quotation marks, but no URL' };
	const written = mistake ?? complete(repair(bare), text, allowPrivate);
	return 'problem' in written ? written : readUrl(written.value, what, allowPrivate);
}

function noUrl(given: unknown): Problem {
	const todo = 'Use an expression that gives the URL itself, such as {{ $json.url }}.';
	return { problem: `must be a URL, not ${describe(given)}`, todo };
}

/** A list as JSON, unless it is a URL in brackets. */
function listed(text: string): Problem | undefined {
	if (!/^\[[^]*\]$/.test(text)) return undefined;
	try {
		const list = JSON.parse(text) as unknown[];
		return list.length === 1 ? undefined : noUrl(list);
	} catch {
		return undefined;
	}
}

/** A text that begins with http:// or https://. An error quotes it as it was given. */
function complete(text: string, given: string, allowPrivate: boolean): Reading<string> {
	if (/^https?:\/\//.test(text)) return { value: text };
	const [prefix = '', host = '', port] = SCHEMELESS.exec(text) ?? [];
	const isHost =
		port !== undefined || host === 'localhost' || (host.includes('.') && !/^\d+(?:\.\d+){0,2}$/.test(host));
	if (isHost && !allowPrivate && isPrivateHost(host)) return unreachable(host);
	const isUrl = /^(?:\/\/|www\.)/i.test(text) || /^[/?]./.test(text.slice(prefix.length));
	if (TOP_LEVEL.test(host) && isUrl) {
		return { problem: 'must begin with https://', todo: 'Write https:// in front of it.' };
	}
	const scheme = /^[a-z][a-z\d+.-]{0,20}:/i.exec(text)?.[0];
	const found = scheme && !port ? scheme : describe(given);
	// What stands in front of an @ may be a password.
	return { problem: `must be a URL that begins with https://${found.includes('@') ? '' : `, not ${found}`}` };
}

function readUrl(text: string, what: 'image' | 'video', allowPrivate: boolean): Reading<string> {
	const url = urlOf(text);
	// No host has such a name: it is one scheme too many.
	if (!url || /^h*t+p+s*$|^\.|\.\./.test(url.hostname)) return { problem: 'is not a valid URL' };
	if (FILE_AS_HOST.test(url.hostname)) return { problem: `names no host, only ${url.hostname}`, todo: EXPRESSION };
	if (url.username || url.password) {
		return { problem: 'contains a username or password, which would be sent to Segmind', todo: PUBLIC };
	}
	if (!allowPrivate && isPrivateHost(url.hostname)) return unreachable(url.hostname);
	// Asked again, since what was taken out of it may have hidden what is wrong.
	const mistake = mistaken(url.href) ?? surrounded(url.href);
	if (mistake) return mistake;
	const page = readSharePage(url, what) ?? { value: url.href };
	if ('problem' in page) return page;
	if (page.value.length > LONGEST) return tooLong();
	return page;
}

function unreachable(host: string): Problem {
	const name = host.length > 60 ? `${host.slice(0, 60)}…` : host;
	return { problem: `points to ${name}, which Segmind cannot reach`, todo: PUBLIC };
}

function tooLong(): Problem {
	return { problem: `is too long for a URL: more than ${LONGEST.toLocaleString('en-US')} characters` };
}
