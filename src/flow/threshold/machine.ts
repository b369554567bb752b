import { day, second } from '../../core/base/wallClock';
import type { Command, Content, Passage } from '../../core/define/flow';
import type { Place } from '../../core/message/carried';
import type { Decide } from '../../core/state/store';
import type { Told } from './outcome';

export interface Settings {
	failures: number;
	/** 0: never */
	remindEvery: number;
	/** s; 0: never */
	remindAfter: number;
	recovered: boolean;
	manualFailure: boolean;
	manualSuccess: boolean;
	autoSuccess: boolean;
}

/** `ok(n) → alerting(since, n, acked) → ok` */
export interface State {
	/** Failures in a row. */
	n: number;
	/** When the first of them came. */
	since: number;
	alert?: {
		/** When it failed last. */
		heard: number;
		/** How many they were, and when, as it was told last. */
		told: number;
		at: number;
		isAcked?: true;
		/** The last failure, for reminders that come by the clock; none where it is too large. */
		last?: { content: Content; place: Place };
	};
}

/** What a message that is told has beside its own words. */
export interface Facts {
	what: 'alert' | 'reminder' | 'recovered' | 'manual' | 'success';
	failures: number;
	/** ms since the epoch */
	since?: number;
	/** Of a recovery: ms that it took. */
	lasted?: number;
}

const tell = (facts: Facts): Passage[] => [{ output: 0, facts }];
const heldBack: Passage[] = [{ output: 1 }];

/** An alert that nobody hears of again is forgotten after so long. */
const forgotten = 366 * day;

export function hear(
	{ outcome, isManual }: Told,
	last: { content: Content; place: Place } | undefined,
	settings: Settings,
): Decide<never, Passage, State> {
	return ({ state }, _inputs, now) => {
		const known = before(state, now);
		if (isManual) {
			const isTold = outcome === 'failure' ? settings.manualFailure : settings.manualSuccess;
			return { outputs: isTold ? tell({ what: 'manual', failures: known?.n ?? 0 }) : heldBack };
		}
		if (outcome === 'success') {
			const { n, since, alert } = known ?? { n: 0, since: now };
			const outputs =
				alert && settings.recovered
					? tell({ what: 'recovered', failures: n, since, lasted: now - since })
					: settings.autoSuccess
						? tell({ what: 'success', failures: 0 })
						: heldBack;
			return { state: null, wakeAt: null, outputs };
		}
		const n = (known?.n ?? 0) + 1;
		const since = known?.since ?? now;
		const { alert } = known ?? {};
		if (!alert) {
			if (n < settings.failures) return { state: { n, since }, outputs: heldBack };
			const told = { heard: now, told: n, at: now, last };
			return {
				...{ state: { n, since, alert: told }, wakeAt: nextAt(told, settings) },
				outputs: tell({ what: 'alert', failures: n, since }),
			};
		}
		const isDue = settings.remindEvery > 0 && n - alert.told >= settings.remindEvery && !alert.isAcked;
		const kept = { ...alert, last, heard: now, ...(isDue && { told: n, at: now }) };
		return {
			...{ state: { n, since, alert: kept }, wakeAt: nextAt(kept, settings) },
			outputs: isDue ? tell({ what: 'reminder', failures: n, since }) : heldBack,
		};
	};
}

/** What a batch of this node says: a reminder that comes by the clock. */
export interface Body {
	facts: Facts;
	content: Content;
	place: Place;
}

export function step(settings: Settings, why: 'due' | 'settings'): Decide<never, never, State> {
	return ({ state, wakeAt }, _inputs, now) => {
		const known = before(state, now);
		if (!known?.alert) return { wakeAt: null };
		const { alert, n, since } = known;
		const due = nextAt(alert, settings);
		if (why === 'settings' && due > now) return { wakeAt: due };
		if (why === 'due' && wakeAt !== undefined && wakeAt > now) return {};
		if (!reminds(alert, settings)) return due > now ? { wakeAt: due } : { state: null, wakeAt: null };
		if (due > now) return { wakeAt: due };
		const told = { ...alert, at: now };
		const body: Body = { ...alert.last!, facts: { what: 'reminder', failures: n, since } };
		return { state: { n, since, alert: told }, wakeAt: nextAt(told, settings), batches: [{ body }] };
	};
}

export function obey(command: Command, settings: Settings): Decide<never, never, State> {
	return ({ state }, _inputs, now) => {
		if (command === 'reset') return { state: null, wakeAt: null };
		const known = before(state, now);
		if (!known?.alert) return {};
		const alert = { ...known.alert, isAcked: true as const };
		return { state: { ...known, alert }, wakeAt: nextAt(alert, settings) };
	};
}

type Alert = NonNullable<State['alert']>;

const reminds = ({ isAcked, last }: Alert, { remindAfter }: Settings) =>
	remindAfter > 0 && !isAcked && last !== undefined;

const nextAt = (alert: Alert, settings: Settings) =>
	reminds(alert, settings) ? alert.at + settings.remindAfter * second : alert.heard + forgotten;

/** A clock that was far ahead, and set right, left instants that are yet to come: they are now. */
function before(state: State | undefined, now: number): State | undefined {
	if (!state) return undefined;
	const { alert, since } = state;
	return {
		...state,
		since: Math.min(since, now),
		...(alert && { alert: { ...alert, at: Math.min(alert.at, now), heard: Math.min(alert.heard, now) } }),
	};
}
