import type { Lent } from './lending';
import type { KeyValues } from './store';

/** A store that is opened by the first who asks it something, for those who seldom do. */
export interface Borrowed extends KeyValues {
	/** Never rejects. */
	giveBack(): Promise<void>;
}

/** @param lend opens it; where it throws, what was asked rejects with that, and the next one tries again */
export function borrowed(lend: () => Lent): Borrowed {
	let lent: Lent | undefined;
	const store = () => (lent ??= lend()).store;
	return {
		get: async (key) => await store().get(key),
		set: async (key, value, seconds) => await store().set(key, value, seconds),
		delete: async (key) => await store().delete(key),
		claim: async (key, seconds) => await store().claim(key, seconds),
		update: async (key, change, seconds) => await store().update(key, change, seconds),
		giveBack: async () => {
			const back = lent;
			lent = undefined;
			await back?.giveBack();
		},
	};
}
