import { isRecord } from '../segmind/response';

/** Node's code for a fault of the network or of n8n's binary store, somewhere in the chain of causes that axios and n8n wrap around it. */
export function faultCode(error: unknown): string {
	let code: string | undefined;
	for (let level = error, depth = 0; isRecord(level) && depth < 6; level = level.cause, depth++) {
		// the innermost code is the nearest to the fault
		code = codeOf(level) ?? code;
	}
	return code ?? 'UNKNOWN';
}

function codeOf({ code, httpCode }: Record<string, unknown>): string | undefined {
	// n8n 1's NodeApiError has no cause, only a copy of its code, and that as httpCode
	return [code, httpCode].find((text): text is string => typeof text === 'string' && /^[A-Z][A-Z\d_]+$/.test(text));
}

/** What to call a fault of n8n's binary store, which may be a file system, a database or another service. */
export function storeFault(error: unknown): string {
	const code = faultCode(error);
	return code === 'UNKNOWN' && error instanceof Error ? error.constructor.name : code;
}

/** The code of a fault in the middle of a body: the request did arrive, whatever the code would mean before. */
export function faultInBody(error: unknown): string {
	return faultCode(error) === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'ECONNRESET';
}
