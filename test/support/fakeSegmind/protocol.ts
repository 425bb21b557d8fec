/** A request as the service sees it. */
export interface FakeRequest {
	host: 'api' | 'media' | 'storage' | 'history';
	method: string;
	/** path and query */
	path: string;
	/** names in lower case */
	headers: Record<string, string>;
	body: string;
}

/** What the service answers. */
export interface FakeReply {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
	/** What happens to the connection instead of a whole answer. */
	cut?: 'before' | 'middle' | 'never answers' | 'stalls' | 'drips';
}

/** A request that the service accepted. */
export interface FakeJob {
	id: string;
	model: string;
	request: Record<string, unknown>;
	route: 'v1' | 'v2';
	/** ms since the epoch */
	createdAt: number;
	/** The service's reason, where the job fails. */
	failure?: string;
	/** Whether v2 has forgotten it before its hour is over. */
	expired?: boolean;
}

/** What a request is for; `history` is the list of it, `record` a request in it by its id. */
export type Route =
	| 'submit'
	| 'status'
	| 'result'
	| 'blocking'
	| 'credits'
	| 'media'
	| 'upload'
	| 'history'
	| 'record'
	| 'other';

/** The path of the request history, and below it that of a record. */
export const HISTORY_PATH = '/inference-request/request-history';

/** What a request is for. */
export function routeOf({ host, method, path: pathAndQuery }: FakeRequest): Route {
	const [path = ''] = pathAndQuery.split('?');
	if (host === 'media') return 'media';
	if (host === 'storage') return method === 'POST' && path === '/upload-asset' ? 'upload' : 'other';
	if (host === 'history') return method === 'GET' ? historyRouteOf(path) : 'other';
	if (method === 'GET' && path === '/v1/get-user-credits') return 'credits';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+\/status$/.test(path)) return 'status';
	if (method === 'GET' && /^\/v2\/requests\/[^/]+$/.test(path)) return 'result';
	if (method === 'POST' && /^\/v2\/[^/]+$/.test(path)) return 'submit';
	if (method === 'POST' && /^\/v1\/[^/]+$/.test(path)) return 'blocking';
	return 'other';
}

function historyRouteOf(path: string): Route {
	if (path === HISTORY_PATH) return 'history';
	return path.startsWith(`${HISTORY_PATH}/`) && !path.slice(HISTORY_PATH.length + 1).includes('/') ? 'record' : 'other';
}

/** A reply with a body of that kind: an object as JSON, a text that begins with < as HTML. */
export function reply(status: number, body: string | Buffer | object): FakeReply {
	if (Buffer.isBuffer(body)) return { status, headers: {}, body };
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const type = typeof body !== 'string' ? 'application/json' : text.startsWith('<') ? 'text/html' : 'text/plain';
	return { status, headers: { 'content-type': type }, body: Buffer.from(text) };
}

/** The ids in a text, with and without dashes. */
export function idsIn(text: string): string[] {
	return text.match(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\b[\da-f]{32}\b/g) ?? [];
}

/** An id without its dashes: by this, the two ways to write one are the same. */
export function plainId(id: string): string {
	return id.replaceAll('-', '');
}
