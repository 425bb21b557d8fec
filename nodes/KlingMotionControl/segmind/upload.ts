import { isMediaUrl } from './addresses';
import { isRecord } from './response';

/** The storage route takes files as base64 in JSON (segmind-api.md, "Storage"). */
export const UPLOAD_PATH = '/upload-asset';

/** The JSON around one file's base64: what goes before it and what goes after it. */
export function uploadFrame(mimeType: string): { head: string; tail: string } {
	const type = mimeType.replace(/[^\w.+/-]/g, '');
	return { head: `{"data_urls":["data:${type};base64,`, tail: '"]}' };
}

/** How many bytes that many bytes are in base64. */
export function base64Length(bytes: number): number {
	return Math.ceil(bytes / 3) * 4;
}

/** The address of the one file that was uploaded; undefined where the answer has none. The docs and the SDK name the field differently. */
export function uploadedUrl(body: unknown): string | undefined {
	if (!isRecord(body)) return undefined;
	const urls: unknown = body.urls ?? body.file_urls;
	const url: unknown = Array.isArray(urls) ? urls[0] : undefined;
	return typeof url === 'string' && isMediaUrl(url) ? url : undefined;
}
