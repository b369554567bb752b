import { day, everyDays, latestTime, nextTime, second, timeOfDay, type Weekday } from '../../core/base/wallClock';

export interface Settings {
	when: 'quiet' | 'every' | 'at' | 'count' | 'rate';
	/** s */
	quiet?: number;
	/** s */
	maxWait?: number;
	start?: string;
	/** s */
	every?: number;
	times?: readonly string[];
	weekdays?: readonly Weekday[];
	count?: number;
	first?: number;
	/** s */
	per?: number;
	timeZone?: string;
}

/** What is remembered beside the items. */
export interface Collecting {
	/** When the first of those that wait came, and the last. */
	since: number;
	last: number;
	/** How many came, so that each has a number. */
	number: number;
	/** Files are kept of one of them. */
	hasFiles?: boolean;
	/** The last time that it was due, on what grid. */
	anchor?: Anchor;
	/** When those passed that were let through at once. */
	passed?: readonly number[];
}

export interface Anchor {
	at: number;
	start: string;
}

/** When all that waits is due. Fixed once the first of it has come, but for the pause that begins anew with each. */
export function dueAt({ since, last, anchor }: Collecting, settings: Settings): number {
	const { when, quiet = 60, maxWait = 900, per = 60 } = settings;
	const atMost = since + maxWait * second;
	switch (when) {
		case 'quiet':
			return Math.min(last + quiet * second, atMost);
		case 'count':
			return atMost;
		case 'rate':
			return since + per * second;
		case 'at':
			return nextTime(
				since,
				(settings.times ?? []).map((each) => timeOfDay(each)!),
				settings.weekdays ?? [],
				zoneOf(settings),
			);
		case 'every':
			return onGrid(since, anchor, settings);
	}
}

const zoneOf = ({ timeZone = 'UTC' }: Settings) => timeZone;

/** The first of the grid's instants after `since`. */
function onGrid(since: number, known: Anchor | undefined, settings: Settings): number {
	const { start = '12:00:00', every = 86_400 } = settings;
	const zone = zoneOf(settings);
	const time = timeOfDay(start)!;
	const anchor = known?.start === start && known.at <= since ? known.at : undefined;
	const days = (every * second) / day;
	// Days of the calendar, at that time of the clock on the wall.
	if (Number.isInteger(days))
		return anchor === undefined ? nextTime(since, [time], [], zone) : everyDays(since, anchor, days, time, zone);
	const from = anchor ?? latestTime(since, time, zone);
	const step = every * second;
	return from + (Math.floor((since - from) / step) + 1) * step;
}
