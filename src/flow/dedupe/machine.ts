import { day, second } from '../../core/base/wallClock';
import type { Passage } from '../../core/define/flow';
import type { Decide } from '../../core/state/store';
import { upgraded, type Telling } from './telling';

export interface Settings {
	/** s, from the one that was let through */
	window: number;
	upgrades: 'drop' | 'mark' | 'pass';
}

/** What is remembered under a key. Nothing wakes it: it goes when nothing more was heard of it for long. */
export interface State {
	/** By type. */
	told: Readonly<Record<string, Told>>;
	/** By sender, what was heard of an item. */
	heard: Readonly<Record<string, Heard>>;
}

interface Told {
	/** When it was told as the first. */
	at: number;
	/** How often it came again since. */
	again: number;
	/** Of an upgrade: who told it. */
	by?: string;
}

interface Heard {
	item: string;
	at: number;
	path?: string;
	quality?: string;
}

/** What a message has beside its own words. */
export type Facts =
	| { what: 'repeat'; times: number; /** ms since the epoch: when the first came. */ since: number }
	| { what: 'upgrade'; /** Names of qualities. */ from?: string; to?: string };

/** As long as it is known another file of an item is an upgrade. */
export const isKnownFor = 30 * day;

/** Of a key; the oldest go. */
const mostTypes = 32;
const mostSenders = 16;

export function hear(telling: Telling, { window, upgrades }: Settings): Decide<never, Passage, State> {
	return ({ state }, _inputs, now) => {
		const { told, heard } = before(state, now);
		const { type, source, item, file } = telling;
		const isKnown = (one: Heard | undefined): one is Heard =>
			one !== undefined && one.item === item && one.at > now - isKnownFor;
		const known = isKnown(heard[source]) ? heard[source] : undefined;
		const isOther = known !== undefined && file !== undefined && file.isNew && differs(known, file);
		const isUpgrade = isOther || (telling.isUpgrade && Object.values(heard).some(isKnown));
		const said = told[isUpgrade ? upgraded : type];
		const isInTime = said !== undefined && said.at > now - window * second;
		// Each of its senders tells of an upgrade once; what the same one tells of yet another file is yet another.
		const isRepeat = isInTime && !(isOther && said.by === source);
		const entry: Told =
			said && isRepeat
				? { ...said, again: said.again + 1 }
				: { at: now, again: 0, ...((isUpgrade || telling.isUpgrade) && { by: source }) };
		const slots = isUpgrade || telling.isUpgrade ? [upgraded, type] : [type];
		return {
			state: {
				told: newest({ ...told, ...Object.fromEntries(slots.map((slot) => [slot, entry])) }, mostTypes),
				heard:
					item === undefined
						? heard
						: newest({ ...heard, [source]: { ...known, ...file?.facts, item, at: now } }, mostSenders),
			},
			outputs: [
				isRepeat
					? passage(1, { what: 'repeat', times: entry.again, since: entry.at })
					: isUpgrade
						? passage(upgrades === 'drop' ? 1 : 0, upgradeFrom(known, file))
						: { output: 0 },
			],
		};
	};
}

export const obey = (): Decide<never, never, State> => () => ({ state: null, wakeAt: null });

const passage = (output: number, facts: Facts): Passage => ({ output, facts });

type File = NonNullable<Telling['file']>;

/** What only one of them tells of says nothing. */
const differs = (known: Heard, { facts }: File) =>
	(['path', 'quality'] as const).some(
		(each) => known[each] !== undefined && facts[each] !== undefined && known[each] !== facts[each],
	);

function upgradeFrom(known: Heard | undefined, file: File | undefined): Facts {
	const [from, to] = [known?.quality, file?.facts.quality];
	return {
		what: 'upgrade',
		...(to !== undefined && { to }),
		...(from !== undefined && from !== to && { from }),
	};
}

function newest<T extends { at: number }>(all: Record<string, T>, most: number): Record<string, T> {
	const entries = Object.entries(all);
	if (entries.length <= most) return all;
	return Object.fromEntries(entries.sort(([, a], [, b]) => a.at - b.at).slice(-most));
}

/** A clock that was far ahead, and set right, left instants that are yet to come: they are now. */
function before(state: State | undefined, now: number): State {
	const { told = {}, heard = {} } = state ?? {};
	return { told: setRight(told, now), heard: setRight(heard, now) };
}

const setRight = <T extends { at: number }>(all: Readonly<Record<string, T>>, now: number): Record<string, T> =>
	Object.fromEntries(Object.entries(all).map(([name, one]) => [name, { ...one, at: Math.min(one.at, now) }]));
