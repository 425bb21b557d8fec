import { urlOf } from '../segmind/routes';
import type { Reading } from './reading';
import { visible } from './visible';
import { describe } from './words';

/** In characters. */
const LONGEST = 2_048;

/**
 * The base of a service's URLs, as the WHATWG URL standard writes it, without a slash at the end. Segmind's own tools name it
 * with the version (`https://api.segmind.com/v1`), so a `/v1` or `/v2` at the end goes too, and so does the storage's `/upload-asset`. A path in front of that and a private
 * host stay: they are a proxy's.
 * @param fallback what an empty field stands for
 */
export function readBaseUrl(value: unknown, fallback: string): Reading<string> {
	if (value === undefined || value === null) return { value: fallback };
	if (typeof value !== 'string') return { problem: `must be a URL, not ${describe(value)}` };
	const text = visible(value).trim();
	if (!text) return { value: fallback };
	if (text.length > LONGEST) return { problem: 'is too long for a URL' };
	if (!/^https?:/i.test(text)) return { problem: 'must begin with https://' };
	const url = /\s/.test(text) ? undefined : urlOf(text);
	if (!url) return { problem: 'is not a valid URL' };
	if (url.username || url.password) return { problem: 'must not contain a username or password' };
	if (/[?#]/.test(text)) return { problem: 'must not contain “?” or “#”' };
	const path = url.pathname.split('/');
	while (/^(?:v[12]|upload-asset)?$/i.test(path.at(-1) ?? 'x')) path.pop();
	return { value: [url.origin, ...path.slice(1)].join('/') };
}

/**
 * A secret such as an API key, without white space, invisible characters and quotes anywhere, and without what a header has in
 * front of it. Empty where there is none. The credential's own header is the same.
 */
export function cleanSecret(value: unknown): string {
	if (typeof value !== 'string') return '';
	return value.replace(/[\s\p{Cc}\p{Cf}"'\p{Pi}\p{Pf}]+/gu, '').replace(/^(?:bearer|x-api-key[:=])+/i, '');
}
