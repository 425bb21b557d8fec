/**
 * A time in ms since the epoch out of what n8n's date fields and expressions give: ISO text, in the workflow's time zone
 * where it names none. Undefined where it is no time.
 * @param isEnd whether a date without a time of day means the end of that day
 */
export function zonedTime(value: unknown, zone: string, isEnd = false): number | undefined {
	const text = String(value instanceof Date ? value.toISOString() : value).trim();
	const [, date, time = '', offset] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	if (!date) return undefined;
	const isDay = /^(00:00(:00(\.0+)?)?)?$/.test(time);
	const utc = Date.parse(`${date}T${isDay && isEnd ? '23:59:59.999' : time || '00:00'}Z`);
	if (Number.isNaN(utc)) return undefined;
	if (offset) return Date.parse(`${date}T${time || '00:00'}${offset}`);
	// the offset at that time of day is that of the time which the first guess leads to
	return utc - offsetAt(utc - offsetAt(utc, zone), zone);
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
