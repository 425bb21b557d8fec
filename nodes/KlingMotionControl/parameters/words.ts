import type { Reading } from './reading';
import { visible } from './visible';

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];
/** In characters: as much of a text as an error quotes. */
const QUOTED = 40;

/** Short words for any value, as an error names it: “maybe”, 90, empty, nothing, a list, an object. */
export function describe(value: unknown): string {
	if (value === undefined || value === null) return 'nothing';
	if (typeof value === 'string') return quote(value);
	if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** True or false, as a boolean, as 1 or 0, or as a word for it. */
export function readBoolean(value: unknown): Reading<boolean> {
	const word = typeof value === 'string' ? tidy(value).toLowerCase() : value;
	if (word === true || word === 1 || TRUE.some((known) => known === word)) return { value: true };
	if (word === false || word === 0 || FALSE.some((known) => known === word)) return { value: false };
	return { problem: `must be true or false, not ${describe(value)}` };
}

/** The value of one of the choices, given by its value or its label, in any case, with spaces, hyphens and underscores alike. */
export function readChoice(value: unknown, choices: ReadonlyArray<{ value: string; label: string }>): Reading<string> {
	if (typeof value === 'string') {
		const key = spelling(value);
		const known =
			choices.find((choice) => choice.value === value) ??
			choices.find((choice) => spelling(choice.value) === key) ??
			choices.find((choice) => spelling(choice.label) === key);
		if (known) return { value: known.value };
	}
	return { problem: `must be one of ${choices.map(({ label }) => label).join(', ')}, not ${describe(value)}` };
}

/** What a number must be. Both bounds are allowed values, unless `isAbove` says that the lower one is not. */
interface Bounds {
	min: number;
	isAbove?: boolean;
	max?: number;
	/** whether it must be a whole number */
	integer?: boolean;
	/** in the plural, such as "seconds" */
	unit?: string;
}

/** A number, or a text of digits with at most a sign and a point. */
export function readNumber(value: unknown, bounds: Bounds): Reading<number> {
	const { min, isAbove = false, max = Infinity, integer = false, unit } = bounds;
	const number = toNumber(value);
	const isLarge = number !== undefined && (isAbove ? number > min : number >= min);
	if (isLarge && number <= max && (!integer || Number.isInteger(number))) {
		return { value: number };
	}
	const kind = `a ${integer ? 'whole ' : ''}number${unit ? ` of ${unit}` : ''}`;
	const least = isAbove ? ` above ${min}` : max === Infinity ? `, ${min} or more` : ` from ${min}`;
	const most = max === Infinity ? '' : isAbove ? `, at most ${max}` : ` to ${max}`;
	const problem = `must be ${kind}${least}${most}, not ${describe(value)}`;
	// three digits behind a comma may be thousands
	const comma = !integer && typeof value === 'string' && /^\s*[+-]?\d+,(?:\d{1,2}|\d{4,})\s*$/.test(value);
	return comma ? { problem, todo: 'Use a decimal point instead of a comma.' } : { problem };
}

/** A text as it is. A number or a boolean is the text that stands for it. */
export function readText(value: unknown): Reading<string> {
	if (typeof value === 'string') return { value };
	if (Number.isFinite(value) || typeof value === 'boolean') return { value: String(value) };
	return { problem: `must be text, not ${describe(value)}` };
}

/** The name of a binary field: a text that is not empty, without white space around it and invisible characters. */
export function readFieldName(value: unknown): Reading<string> {
	const text = readText(value);
	if ('problem' in text) return text;
	const name = tidy(text.value);
	return name ? { value: name } : { problem: 'is empty' };
}

function toNumber(value: unknown): number | undefined {
	const text = typeof value === 'string' ? tidy(value) : undefined;
	const number = text !== undefined && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : value;
	if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
	return number === 0 ? 0 : number;
}

function tidy(text: string): string {
	return visible(text).trim();
}

function spelling(text: string): string {
	return tidy(text)
		.toLowerCase()
		.replace(/[\s_-]+/g, ' ');
}

function quote(text: string): string {
	const words = tidy(text).slice(0, 1_000).replace(/\s+/g, ' ');
	if (!words) return 'empty';
	const characters = [...words];
	return characters.length > QUOTED ? `“${characters.slice(0, QUOTED).join('')}…”` : `“${words}”`;
}
