import { second } from '../../core/base/wallClock';
import type { Command, Passage } from '../../core/define/flow';
import type { Cell, Change, Decide, Item } from '../../core/state/store';
import { dueAt, type Collecting, type Settings } from './schedule';

/** What a digest's batch says beside its items. */
export interface Body {
	/** Somebody has said so: nothing comes out. */
	isReset?: true;
}

type State = Collecting;

/**
 * `collecting → due → batch → collecting`: what comes in waits in the cell until it is due.
 * @param item makes what is kept of an arrival, of its number; `isFirst`: with its files
 */
export function collect(
	item: (number: number, isFirst: boolean) => Item,
	hasFiles: boolean,
	settings: Settings,
): Decide<never, Passage, State> {
	return (cell, _inputs, now) => {
		const before = known(cell, now);
		if (settings.when === 'rate' && isEmpty(cell)) {
			const passed = withinRate(before, settings, now);
			if (passed.length < (settings.first ?? 5))
				return { state: { ...before, passed: [...passed, now] }, outputs: [{ output: 0 }] };
		}
		const state: State = {
			...before,
			...(isEmpty(cell) && { since: now, hasFiles: false }),
			last: now,
			number: before.number + 1,
		};
		const withFiles = hasFiles && !state.hasFiles;
		const append = [item(state.number, withFiles)];
		if (withFiles) state.hasFiles = true;
		const due = dueAt(state, settings);
		const isFull = settings.when === 'count' && cell.items + cell.counted + 1 >= (settings.count ?? 10);
		if (isFull || due <= now || isOverdue(cell, now)) return { append, ...released(cell, state, settings, now) };
		return { append, state, wakeAt: due };
	};
}

/** What a key does whose time has come, or whose settings are others. */
export function step(settings: Settings, why: 'due' | 'settings'): Decide<never, never, State> {
	return (cell, _inputs, now) => {
		if (isEmpty(cell)) return cell.wakeAt === undefined ? {} : { wakeAt: null };
		const state = known(cell, now);
		if (why === 'due' && cell.wakeAt !== undefined)
			return isOverdue(cell, now) ? released(cell, state, settings, now) : {};
		const due = dueAt(state, settings);
		const isFull = settings.when === 'count' && cell.items + cell.counted >= (settings.count ?? 10);
		return isFull || due <= now ? released(cell, state, settings, now) : { wakeAt: due };
	};
}

export function obey(command: Command, settings: Settings): Decide<never, never, State> {
	return (cell, _inputs, now) => {
		if (command === 'reset')
			return { state: null, wakeAt: null, ...(!isEmpty(cell) && { batches: [batch({ isReset: true })] }) };
		return isEmpty(cell) ? {} : released(cell, known(cell, now), settings, now);
	};
}

function released(cell: Cell<State>, state: State, settings: Settings, now: number): Change<never, State> {
	const { when } = settings;
	const due = cell.wakeAt !== undefined && cell.wakeAt <= now ? cell.wakeAt : undefined;
	const anchor = when === 'every' && due !== undefined ? { at: due, start: settings.start ?? '' } : state.anchor;
	const after: State = {
		...{ since: now, last: now, number: 0 },
		...(when === 'every' && anchor && { anchor }),
		...(when === 'rate' && { passed: [...withinRate(state, settings, now), now] }),
	};
	const remembers = after.anchor !== undefined || after.passed !== undefined;
	return { state: remembers ? after : null, wakeAt: null, batches: [batch({})] };
}

const batch = (body: Body) => ({ take: 'all' as const, body });

const isEmpty = ({ items, counted }: Cell<State>) => items + counted === 0;

const isOverdue = (cell: Cell<State>, now: number) => !isEmpty(cell) && cell.wakeAt !== undefined && cell.wakeAt <= now;

/** A clock that was far ahead, and set right, left instants that are yet to come: they are now. */
function known({ state }: Cell<State>, now: number): State {
	if (!state) return { since: now, last: now, number: 0 };
	const { anchor, passed, ...rest } = state;
	return {
		...rest,
		since: Math.min(state.since, now),
		last: Math.min(state.last, now),
		...(anchor && anchor.at <= now && { anchor }),
		...(passed && { passed: passed.filter((at) => at <= now) }),
	};
}

/** Those of the last so many seconds; more than are asked for are not remembered. */
const withinRate = ({ passed = [] }: State, { first = 5, per = 60 }: Settings, now: number) =>
	passed.filter((at) => at > now - per * second).slice(-first);
