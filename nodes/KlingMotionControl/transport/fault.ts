/** Node's code for a network fault, somewhere in the chain of causes that axios and n8n wrap around it. */
export function faultCode(error: unknown): string {
	let code: string | undefined;
	for (let level = error, depth = 0; level instanceof Error && depth < 6; level = level.cause, depth++) {
		// the innermost code is the nearest to the fault
		if ('code' in level && typeof level.code === 'string' && /^[A-Z][A-Z\d_]+$/.test(level.code)) code = level.code;
	}
	return code ?? 'UNKNOWN';
}

/** The code of a fault in the middle of a body: the request did arrive, whatever the code would mean before. */
export function faultInBody(error: unknown): string {
	return faultCode(error) === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'ECONNRESET';
}
