/** Set back by more than this (ms), the machine's time was wrong before: what is due moves along, once. */
export const tooFarBack = 24 * 3_600_000;

export interface SteadyTime {
	now: number;
	/** By how much all instants that are kept must move back first, in ms; mostly 0. */
	back: number;
}

/**
 * A clock that never goes back. Where the machine's is set back it goes on at half its speed until that has caught up:
 * standing still, it would hold up everything for an hour; going on by itself, it would be an hour early for good.
 * @param last the last instant that was kept, by an earlier process
 */
export function steadyClock(time: () => number, last = -Infinity): () => SteadyTime {
	let before = time();
	return () => {
		const raw = Math.floor(time());
		const passed = Math.max(0, raw - before);
		before = raw;
		if (last - raw > tooFarBack) {
			const back = last - raw;
			last = raw;
			return { now: raw, back };
		}
		last = last > raw ? Math.max(raw, last + passed / 2) : raw;
		return { now: Math.floor(last), back: 0 };
	};
}
