/**
 * What a person entered in a field, read: its `value`. Where more than tidying was done to it, `hint` says so in whole sentences,
 * shown as "LABEL: HINT".
 */
export type Reading<T> = { value: T; hint?: string } | Problem;

/**
 * Why nothing usable was entered. `problem` is shown as "LABEL PROBLEM" on one line, so it has neither the field's name nor a
 * full stop; `todo` is what to do about it, in whole sentences.
 */
export interface Problem {
	problem: string;
	todo?: string;
}
