import { TIME_KEYS } from '../../nodes/KlingMotionControl/segmind/times';

/** Where a row has times: those names that the code reads, in its order. */
export function timesOf(row: Readonly<Record<string, unknown>>): Array<[name: string, value: unknown]> {
	return TIME_KEYS.filter((name) => row[name] !== undefined).map((name) => [name, row[name]]);
}

/** The form of a time, without the time. */
export function formOfTime(value: unknown): string {
	if (typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()))) {
		const size = Number(value) > 1e11 ? 'ms' : Number.isInteger(Number(value)) ? 's' : 's with fractions';
		return `a number of ${size}${typeof value === 'string' ? ' as text' : ''}`;
	}
	if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return 'no time that can be read';
	const zone = /Z$/i.test(value) ? 'in UTC' : /[+-]\d\d:?\d\d$/.test(value) ? 'with an offset' : 'without a zone';
	return `${/\dT\d/.test(value) ? 'ISO' : /\d \d/.test(value) ? 'date and time' : 'a date'} ${zone}`;
}
