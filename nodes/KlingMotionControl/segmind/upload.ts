import { isRecord } from './json';
import { isMediaUrl } from './routes';

/** The storage takes a file as base64 in JSON (docs/segmind-api.md, "Storage"): what goes before it and what goes after it. */
export function uploadFrame(mimeType: string): { head: string; tail: string } {
	const type = mimeType.replace(/[^\w.+/-]/g, '');
	return { head: `{"data_urls":["data:${type};base64,`, tail: '"]}' };
}

/** How many bytes that many bytes are in base64. */
export function base64Length(bytes: number): number {
	return Math.ceil(bytes / 3) * 4;
}

/** The URL of the one file that was uploaded; undefined where the answer has none. Segmind's documentation and its SDK name the field differently. */
export function uploadedUrl(body: unknown): string | undefined {
	if (!isRecord(body)) return undefined;
	const urls: unknown = body.urls ?? body.file_urls;
	const url: unknown = Array.isArray(urls) ? urls[0] : undefined;
	return typeof url === 'string' && isMediaUrl(url) ? url : undefined;
}
