import type { Model } from './types';

/** The routes of Segmind's API (segmind-api.md, "v1", "v2" and "Account"). */
export const routes = {
	submit: (model: Model) => `/v2/${model}`,
	status: (requestId: string) => `/v2/requests/${requestId}/status`,
	result: (requestId: string) => `/v2/requests/${requestId}`,
	blocking: (model: Model) => `/v1/${model}`,
	credits: '/v1/get-user-credits',
} as const;

/** Segmind's ids are UUIDs; whatever else may come, no character has a meaning in a path. */
export function isRequestId(value: unknown): value is string {
	return typeof value === 'string' && /^[\w-]{1,128}$/.test(value);
}

/** Whether an address may be fetched: http or https, and no credentials in it. */
export function isMediaUrl(value: string): boolean {
	if (!isHttpUrl(value)) return false;
	const { username, password } = new URL(value);
	return !username && !password;
}

/** Whether a text is an absolute http or https address. */
export function isHttpUrl(value: string): boolean {
	return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}
