import type { Model } from './models';

/** The service's own hosts, for a credential that names no others. */
export const DEFAULT_URLS = {
	api: 'https://api.segmind.com',
	storage: 'https://workflows-api.segmind.com',
	history: 'https://api.spotprod.segmind.com',
} as const;

/** The routes of Segmind's API, below the base URL (docs/segmind-api.md). */
export const routes = {
	submit: (model: Model) => `/v2/${model}`,
	status: (requestId: string) => `/v2/requests/${requestId}/status`,
	result: (requestId: string) => `/v2/requests/${requestId}`,
	blocking: (model: Model) => `/v1/${model}`,
	credits: '/v1/get-user-credits',
	/** Below the storage URL. */
	upload: '/upload-asset',
	/** Below the history URL. */
	history: (query: string) => `/inference-request/request-history?${query}`,
	record: (requestId: string) => `/inference-request/request-history/${requestId}`,
} as const;

/** Segmind's ids are UUIDs, with and without dashes; whatever else may come, no character has a meaning in a path. */
export function isRequestId(value: unknown): value is string {
	return typeof value === 'string' && /^(?!\.+$)[\w.:-]{1,128}$/.test(value);
}

/** Whether a URL may be fetched: http or https, and no credentials in it. */
export function isMediaUrl(value: string): boolean {
	const url = urlOf(value);
	return url !== undefined && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password;
}

/** A text as a URL; undefined where it is none. Not by URL.canParse: that of Node 20, once optimized, refuses what is not ASCII. */
export function urlOf(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
