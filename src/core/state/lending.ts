import type { Store } from './store';

export interface Lent {
	store: Store;
	/** Once for each time that it was lent; the last one closes it, after what is under way. Never rejects. */
	giveBack(): Promise<void>;
}

interface Open {
	store: Store;
	users: number;
	closing?: Promise<void>;
}

/** Stores of a process, one for each place, as long as somebody has it: of a file there can be no other. */
export class Lending {
	private readonly open = new Map<string, Open>();

	/** @param make is called where nobody has it; it opens on first use */
	lend(place: string, make: () => Store): Lent {
		const entry = this.open.get(place) ?? { store: make(), users: 0 };
		this.open.set(place, entry);
		entry.users++;
		let isGivenBack = false;
		return {
			store: entry.store,
			giveBack: async () => {
				if (isGivenBack) return await entry.closing;
				isGivenBack = true;
				if (--entry.users > 0) return;
				this.open.delete(place);
				entry.closing = entry.store.close().catch(() => undefined);
				await entry.closing;
			},
		};
	}
}

/** Those of this process. */
export const stores = new Lending();
