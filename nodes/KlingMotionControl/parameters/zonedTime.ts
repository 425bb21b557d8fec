import { visible } from './visible';

/** Text or a number that counts seconds (10 digits, from 2001 on) or ms (13 digits) since the epoch. */
const TIMESTAMP = /^\d{10}(?:\d{3})?$/;

/**
 * A time in ms since the epoch out of what n8n's date fields and expressions give: ISO text, in the workflow's time zone
 * where it names none, or a timestamp. Undefined where it is no time.
 * @param isEnd whether a date without a time of day means the end of that day
 */
export function zonedTime(value: unknown, zone: string, isEnd = false): number | undefined {
	const text = visible(String(value instanceof Date ? value.toISOString() : value)).trim();
	if (TIMESTAMP.test(text)) return Number(text.padEnd(13, '0'));
	const [, date, time = '', offset] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	if (!date || !isDate(date)) return undefined;
	const isDay = /^(00:00(:00(\.0+)?)?)?$/.test(time);
	const utc = Date.parse(`${date}T${isDay && isEnd ? '23:59:59.999' : time || '00:00'}Z`);
	if (Number.isNaN(utc)) return undefined;
	if (offset) return Date.parse(`${date}T${time || '00:00'}${offset}`);
	// the offset at that time of day is that of the time which the first guess leads to
	return utc - offsetAt(utc - offsetAt(utc, zone), zone);
}

/** Whether a day is in the calendar: February 30 is read as a day of March. */
function isDate(day: string): boolean {
	const time = Date.parse(`${day}T00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/** By how much a zone is ahead of UTC at a time, in ms; none for a zone that is not known. */
function offsetAt(time: number, zone: string): number {
	try {
		const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(time);
		const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
		const [, sign, hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
		return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
	} catch {
		return 0;
	}
}
