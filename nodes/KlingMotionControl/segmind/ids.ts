/** Ids come with and without dashes. */
export function sameId(a: string, b: string): boolean {
	return plainId(a) === plainId(b);
}

/** An id in the form that is compared. */
export function plainId(id: string): string {
	return id.replaceAll('-', '').toLowerCase();
}

/** The same id with or without dashes: the history may write it in the other form than the polls know. */
export function otherForm(id: string): string | undefined {
	if (/^[\da-f]{32}$/i.test(id)) return id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
	return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id.replaceAll('-', '') : undefined;
}

/** Whether what an answer names is the id of another request; what is not of the known kind may be any name of the same one. */
export function isOtherId(named: unknown, id: string): boolean {
	return typeof named === 'string' && [named, id].every((each) => otherForm(each)) && !sameId(named, id);
}
