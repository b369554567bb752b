import { timeOfDay, windowEnd, type Weekday } from '../../core/base/wallClock';
import type { Command, Passage } from '../../core/define/flow';
import type { Level } from '../../core/message/synonyms';
import type { Cell, Decide, Item } from '../../core/state/store';

export interface Settings {
	from: string;
	to: string;
	weekdays: readonly Weekday[];
	levels: readonly Level[];
	during: 'hold' | 'silent' | 'drop';
	release?: 'digest' | 'each';
	timeZone?: string;
}

/** How many came, so that each has a number. */
export interface State {
	number: number;
}

export interface Body {
	/** Somebody has said so: nothing comes out. */
	isReset?: true;
}

/** All that is held of a node stands in one line. */
export const line = 'held';

/** When the quiet ends in which `now` lies; undefined: it is not quiet. */
export const quietUntil = (now: number, { from, to, weekdays, timeZone = 'UTC' }: Settings): number | undefined =>
	windowEnd(now, { from: timeOfDay(from)!, to: timeOfDay(to)!, days: weekdays, zone: timeZone });

/** What comes in while it is quiet waits for its end; what is urgent, or comes at another time, passes. */
export function hear(
	item: (number: number) => Item,
	level: Level | undefined,
	settings: Settings,
): Decide<never, Passage, State> {
	return (cell, _inputs, now) => {
		const until = quietUntil(now, settings);
		if (until === undefined) {
			// What is still held goes out as well: nobody may have woken it yet.
			return { outputs: [{ output: 0 }], ...(isEmpty(cell) ? {} : released(cell, settings)) };
		}
		if (level !== undefined && settings.levels.includes(level)) return { outputs: [{ output: 0 }] };
		if (settings.during === 'silent') return { outputs: [{ output: 0, facts: { silent: true } }] };
		if (settings.during === 'drop') return { outputs: [{ output: 1 }] };
		const number = (cell.state?.number ?? 0) + 1;
		return { state: { number }, append: [item(number)], wakeAt: until };
	};
}

/** What is held goes out once it is quiet no more, be that by the clock or by other settings. */
export function step(settings: Settings): Decide<never, never, State> {
	return (cell, _inputs, now) => {
		if (isEmpty(cell)) return { state: null, wakeAt: null };
		const isDue = cell.wakeAt !== undefined && cell.wakeAt <= now;
		const until = settings.during === 'hold' ? quietUntil(now, settings) : undefined;
		return isDue || until === undefined ? released(cell, settings) : { wakeAt: until };
	};
}

export function obey(command: Command, settings: Settings): Decide<never, never, State> {
	return (cell) => {
		if (isEmpty(cell)) return {};
		if (command !== 'reset') return released(cell, settings);
		return { state: null, wakeAt: null, batches: [{ take: 'all', body: { isReset: true } satisfies Body }] };
	};
}

function released({ items, counted }: Cell<State>, { release }: Settings) {
	const each = release === 'each' ? Math.max(0, items - 1) : 0;
	const one = { take: 1, lane: line, body: {} };
	return {
		state: null,
		wakeAt: null,
		// What was only counted goes with the last of them.
		batches: [
			...Array.from({ length: each }, () => one),
			...(items + counted > 0 ? [{ take: 'all' as const, lane: line, body: {} }] : []),
		],
	};
}

const isEmpty = ({ items, counted }: Cell<State>) => items + counted === 0;
