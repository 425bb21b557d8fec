/** Node's code for a network fault, somewhere in the chain of causes that axios and n8n wrap around it. */
export function faultCode(error: unknown): string {
	let code: string | undefined;
	for (let level = error, depth = 0; level instanceof Error && depth < 6; level = level.cause, depth++) {
		// the innermost code is the nearest to the fault
		code = codeOf(level) ?? code;
	}
	return code ?? 'UNKNOWN';
}

function codeOf(error: Error): string | undefined {
	const { code, httpCode } = error as { code?: unknown; httpCode?: unknown };
	// n8n 1's NodeApiError has no cause, only a copy of its code, and that as httpCode
	return [code, httpCode].find((text): text is string => typeof text === 'string' && /^[A-Z][A-Z\d_]+$/.test(text));
}

/** The code of a fault in the middle of a body: the request did arrive, whatever the code would mean before. */
export function faultInBody(error: unknown): string {
	return faultCode(error) === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'ECONNRESET';
}
