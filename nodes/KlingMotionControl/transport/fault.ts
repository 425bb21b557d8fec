import { isRecord } from '../segmind/json';
import type { NetworkFault } from '../segmind/verdict';

/** The code of a request that was not sent since n8n could not read the credential. */
export const CREDENTIAL_UNREADABLE = 'CREDENTIAL_UNREADABLE';
/** How deep n8n and axios wrap a fault at most. */
const MAX_DEPTH = 8;

/** A fault of the network as Node tells of it, out of what n8n and axios wrap around it. */
export function networkFault(error: unknown): NetworkFault {
	const levels = causesOf(error);
	const syscall = syscallOf(levels);
	const refusal = levels.find(({ name }) => typeof name === 'string' && /^Ssrf/.test(name));
	if (refusal) return { code: String(refusal.name), blocked: true };
	const code = levels.some((level) => codeOf(level) === CREDENTIAL_UNREADABLE)
		? CREDENTIAL_UNREADABLE
		: faultCode(error);
	return { code, ...(syscall && { syscall }), ...(code === CREDENTIAL_UNREADABLE && { blocked: true }) };
}

/** Node's code for a fault of the network or of n8n's binary store; UNKNOWN where there is none. */
export function faultCode(error: unknown): string {
	// the innermost code is the nearest to the fault
	const codes = causesOf(error).flatMap((level) => codeOf(level) ?? []);
	return codes.at(-1) ?? 'UNKNOWN';
}

/** What to call a fault of n8n's binary store, which may be a file system, a database or another service. */
export function storeFault(error: unknown): string {
	const levels = causesOf(error);
	const names = levels.flatMap((level) => sqlState(level) ?? codeOf(level) ?? []);
	// a service's own name for the fault lies within what its client and n8n make of it
	return names.at(-1) ?? levels.flatMap((level) => nameOf(level) ?? []).at(-1) ?? (levels[0] ? 'Error' : 'UNKNOWN');
}

/** Whether n8n's binary store itself failed at giving a file, and not for want of the file. */
export function isStoreFault(error: unknown): boolean {
	return !NO_SUCH_FILE.test(storeFault(error));
}

/** What file systems, databases, services and n8n itself call a file that is not there, or an ID or data that are none. */
const NO_SUCH_FILE =
	/^(ENOENT|ENOTDIR|EISDIR|ENAMETOOLONG|EINVAL|(BinaryData)?FileNotFoundError|EntityNotFoundError|22P02|NoSuchKey|NotFound|BlobNotFound|InvalidManagerError|DisallowedFilepathError|UnexpectedError|ERR_INVALID_ARG_TYPE|TypeError|UNKNOWN)$/;

/** PostgreSQL's codes, which its driver hands on as they are. */
function sqlState({ code }: Record<string, unknown>): string | undefined {
	return typeof code === 'string' && /^\d[\dA-Z]{4}$/.test(code) ? code : undefined;
}

/** What an error is called beyond being one. Drivers give it a name, n8n only a class. */
function nameOf(level: { name?: unknown; constructor?: { name?: unknown } }): string | undefined {
	return [level.name, level.constructor?.name].find(
		(name): name is string => typeof name === 'string' && /^[A-Za-z]\w*$/.test(name) && !/^(Error|Object)$/.test(name),
	);
}

/** The fault in the middle of a body: the request did arrive, whatever the code would mean before. */
export function faultInBody(error: unknown): NetworkFault {
	return { code: faultCode(error) === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'ECONNRESET' };
}

function causesOf(error: unknown): Array<Record<string, unknown>> {
	const levels: Array<Record<string, unknown>> = [];
	for (let level = error; isRecord(level) && levels.length < MAX_DEPTH; level = level.cause) levels.push(level);
	return levels;
}

function codeOf({ code, httpCode }: Record<string, unknown>): string | undefined {
	// n8n 1's NodeApiError has no cause, only a copy of its code, and that as httpCode
	return [code, httpCode].find((text): text is string => typeof text === 'string' && /^[A-Z][A-Z\d_]+$/.test(text));
}

/** The system call that failed. Where several connections were tried at once, all of them must have failed alike. */
function syscallOf(levels: Array<Record<string, unknown>>): string | undefined {
	const innermost = levels.at(-1);
	if (!innermost) return undefined;
	if (typeof innermost.syscall === 'string') return innermost.syscall;
	const attempts: unknown[] = Array.isArray(innermost.errors) ? innermost.errors : [];
	const [first, ...others] = attempts.map((attempt) => (isRecord(attempt) ? attempt.syscall : undefined));
	if (typeof first === 'string' && others.every((other) => other === first)) return first;
	return syscallInWords(innermost.messages);
}

/** n8n 1's NodeApiError keeps Node's own words only, such as "connect ECONNREFUSED 127.0.0.1:9". */
function syscallInWords(messages: unknown): string | undefined {
	const words: unknown = Array.isArray(messages) ? messages[0] : undefined;
	return typeof words === 'string' ? /^(connect|getaddrinfo) E[A-Z_]+\b/.exec(words)?.[1] : undefined;
}
