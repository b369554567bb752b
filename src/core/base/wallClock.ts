import type { Text } from './language';

/**
 * Times of day as people set them, in a time zone of theirs, as instants (ms since the epoch). Pure, by `Intl`.
 * Where the clock jumps forward over a time it comes as much later as the clock jumped (02:30 → 03:30). Where the clock
 * is set back a time comes twice: what starts or is released takes the first of them, what ends the last.
 */

/** ms */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A day of the calendar, as the number of days since 1970-01-01; that one was a Thursday. */
export type Day = number;

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export const weekdayOf = (date: Day): Weekday => weekdays[(((date + 3) % 7) + 7) % 7]!;

/** Seconds since midnight of `8:00`, `08:00` or `23:59:59`; undefined where no clock shows it. */
export function timeOfDay(text: string): number | undefined {
	const [, hours, minutes, seconds = '0'] = /^(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$/.exec(text.trim()) ?? [];
	if (hours === undefined) return undefined;
	const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
	return h < 24 && m < 60 && s < 60 ? (h * 60 + m) * 60 + s : undefined;
}

/** For a field that holds one. */
export const mustBeTime = (value: string): Text | undefined =>
	timeOfDay(value) === undefined
		? { en: 'must be a time of day such as 08:00 or 22:30:00', zh: '必须是一天中的时刻，例如 08:00 或 22:30:00' }
		: undefined;

/** For a field that holds an IANA name. */
export const mustBeZone = (value: string): Text | undefined =>
	isZone(value)
		? undefined
		: { en: 'must be a time zone such as Europe/Berlin', zh: '必须是时区名称，例如 Asia/Shanghai' };

export function isZone(zone: string): boolean {
	try {
		clockOf(zone);
		return true;
	} catch {
		return false;
	}
}

/** That of this machine. */
export const hostZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Of each zone; making one is what takes long. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError where there is no such zone */
function clockOf(zone: string): Intl.DateTimeFormat {
	const known = clocks.get(zone);
	if (known) return known;
	const made = new Intl.DateTimeFormat('en-US', {
		...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn', era: 'short' },
		...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
	});
	// Names come from messages, too.
	if (clocks.size >= 1_000) clocks.clear();
	clocks.set(zone, made);
	return made;
}

/** What the clocks on the walls of a zone show, as ms of a clock that knows neither zones nor jumps. */
function shown(instant: number, zone: string): number {
	const parts: Record<string, string> = {};
	for (const { type, value } of clockOf(zone).formatToParts(instant)) parts[type] = value;
	const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
	const at = new Date(0);
	at.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
	at.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
	return at.getTime();
}

/** How far they are ahead of UTC, in ms. */
const offset = (instant: number, zone: string) => shown(instant, zone) - Math.floor(instant / second) * second;

export const dayOf = (instant: number, zone: string): Day => Math.floor(shown(instant, zone) / day);

/** @param time seconds since midnight @param which of two, where the clock shows it twice */
export function instantOf(date: Day, time: number, zone: string, which: 'first' | 'last' = 'first'): number {
	const local = date * day + time * second;
	// No zone is a day away, and none changes its clock twice within two.
	const [before, after] = [offset(local - day, zone), offset(local + day, zone)];
	const both = [...new Set([local - before, local - after])].filter((at) => shown(at, zone) === local);
	if (both.length === 0) return local - before;
	return which === 'first' ? Math.min(...both) : Math.max(...both);
}

/** Days of the week that hold; none of them is all of them. */
export type Days = readonly Weekday[];

const isOn = (date: Day, days: Days) => days.length === 0 || days.includes(weekdayOf(date));

/** A day more and a day less: dates are skipped (Apia had no 30 December 2011), and jumps carry times over midnight. */
const around = 2;

/** The first instant after `now` at which it is one of the times (seconds since midnight) on one of the days. */
export function nextTime(now: number, times: readonly number[], days: Days, zone: string): number {
	const today = dayOf(now, zone);
	let next = Infinity;
	for (let date = today - around; date <= today + 7 + around; date++) {
		if (!isOn(date, days)) continue;
		for (const time of times) {
			const at = instantOf(date, time, zone);
			if (at > now && at < next) next = at;
		}
		// Those of later days come later, but for what a jump carries over midnight.
		if (next < Infinity && date > dayOf(next, zone) + 1) break;
	}
	return next;
}

/** The last instant, up to and with `now`, at which it was that time. */
export function latestTime(now: number, time: number, zone: string): number {
	const today = dayOf(now, zone);
	const all = [-2, -1, 0, 1].map((days) => instantOf(today + days, time, zone));
	return Math.max(...all.filter((at) => at <= now));
}

/**
 * The first instant after `now` that is so many days of the calendar, or a multiple of them, after that of `anchor`.
 * @param anchor an instant at which it was due
 */
export function everyDays(now: number, anchor: number, days: number, time: number, zone: string): number {
	const first = dayOf(anchor, zone);
	const passed = Math.max(0, dayOf(now, zone) - first);
	let times = Math.max(1, Math.floor(passed / days));
	while (instantOf(first + times * days, time, zone) <= now) times++;
	return instantOf(first + times * days, time, zone);
}

/** A time of day to another; where that is not later it is one of the next day, and a whole day where it is the same. */
export interface Window {
	/** Seconds since midnight. */
	from: number;
	to: number;
	/** On which it begins. */
	days: Days;
	zone: string;
}

/** When the window ends in which `now` lies, the last of them where several do; undefined: in none. */
export function windowEnd(now: number, { from, to, days, zone }: Window): number | undefined {
	const today = dayOf(now, zone);
	let end: number | undefined;
	for (let date = today - around; date <= today + 1; date++) {
		if (!isOn(date, days) || instantOf(date, from, zone) > now) continue;
		const ends = instantOf(to > from ? date : date + 1, to, zone, 'last');
		if (ends > now && (end === undefined || ends > end)) end = ends;
	}
	return end;
}
