import { happeningIdOf, ownHappeningId } from '../message/happening';
import type { Happening } from '../define/trigger';
import { isRecord } from './reading';

interface Told {
	bucket: number;
	/** ms since 1970 */
	until: number;
}

/** Of one store, whichever nodes come and go with a deploy. */
const most = 10_000;
const all = new WeakMap<object, Map<string, Told>>();

function toldBeside(store: object): Map<string, Told> {
	const found = all.get(store) ?? new Map<string, Told>();
	all.set(store, found);
	return found;
}

/**
 * Gives happenings their ids. A key that is never used for another happening is one, hashed; of any other the time
 * counts too, in pieces as long as repeats are ignored. What is told again within that time has the id of the first,
 * though a new piece has begun: where the store of repeats is out of reach both go on, and what follows knows them by
 * their id.
 */
export class Naming {
	private readonly told: Map<string, Told>;

	constructor(
		store: object,
		/** Keeps those of one node apart from those of another: a happening that two of them hear is an input of each. */
		private readonly scope: string,
		/** s */
		private readonly window: number,
		private readonly now: () => number,
	) {
		this.told = toldBeside(store);
	}

	idOf({ key, remember = 0 }: Pick<Happening, 'key' | 'remember'>): string {
		if (key === undefined) return ownHappeningId();
		if (remember > 0) return happeningIdOf(this.scope, key);
		return this.window === 0 ? ownHappeningId() : happeningIdOf(this.scope, key, this.bucketOf(key));
	}

	private bucketOf(key: string): number {
		const { told, window } = this;
		const now = this.now();
		const place = happeningIdOf(this.scope, key);
		const known = told.get(place);
		// Set back further than a window, the clock says nothing of what was told.
		if (known && now < known.until && now >= known.until - 2 * window * 1000) return known.bucket;
		const bucket = Math.floor(now / 1000 / window);
		told.delete(place);
		told.set(place, { bucket, until: now + window * 1000 });
		if (told.size > most) told.delete(told.keys().next().value as string);
		return bucket;
	}
}

/** With its id in the event and in the message, where nodes behind it find it and no reader sees it. */
export function withId(happening: Happening, id: string): Happening {
	const { event, message } = happening;
	return {
		...happening,
		id,
		event: isRecord(event) ? { ...event, happening: id } : event,
		...(message && { message: { ...message, happening: id } }),
	};
}
