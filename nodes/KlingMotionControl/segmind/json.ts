/** Whether a value is an object with fields, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined for anything else: HTML, an empty body, a cut-off one. */
export function parsed(text: string): unknown {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
	} catch {
		return undefined;
	}
}

/** The object in a JSON text, or undefined for anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
	const value = parsed(text);
	return isRecord(value) ? value : undefined;
}

/** The first thing that `read` finds in the values. */
export function firstOf<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
	for (const value of values) {
		const found = read(value);
		if (found !== undefined) return found;
	}
	return undefined;
}
