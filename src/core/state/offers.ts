import { randomUUID } from 'node:crypto';
import type { Store } from './store';

/** ms */
export const times = {
	/** Past it what this process has made is anybody's, once it lives no more. */
	lease: 60_000,
	/** Between two signs that it lives. */
	beat: 15_000,
	/** Of what is made within so long all has one holder. */
	together: 60_000,
	/** So long the host may take to get to it: what it has lost is not waited for any longer. */
	queued: 15 * 60_000,
};

interface Offering {
	store: Store;
	scope: string;
	holder: string;
	madeAt: number;
}

/**
 * Batches that a process makes for itself: in its hands while it lives, until somebody claims them, so that nobody takes
 * for lost what only waits for its turn.
 */
export class Offers {
	private readonly process = randomUUID();
	private readonly all = new Map<string, Offering>();
	private timer?: NodeJS.Timeout;

	constructor(private readonly now: () => number = () => performance.now()) {}

	/** For a batch that is made now. */
	offer(store: Store, scope: string): { holder: string; lease: number } {
		const holder = `maker:${this.process}:${Math.floor(this.now() / times.together)}`;
		const place = `${scope}\n${holder}`;
		if (!this.all.has(place)) this.all.set(place, { store, scope, holder, madeAt: this.now() });
		this.timer ??= setInterval(() => void this.beat().catch(() => undefined), times.beat).unref();
		return { holder, lease: times.lease };
	}

	/** Prolongs what has not been claimed yet. Never rejects. */
	async beat(): Promise<void> {
		const due = [...this.all].map(async ([place, { store, scope, holder, madeAt }]) => {
			const age = this.now() - madeAt;
			if (age >= times.queued) return void this.all.delete(place);
			// One beat that fails costs nothing: the lease is four of them.
			const left = await store.extend(scope, holder, times.lease).catch(() => undefined);
			// What is on its way into the store now may have that holder yet.
			if (left === 0 && age >= 2 * times.together) this.all.delete(place);
		});
		await Promise.all(due);
		if (this.all.size > 0) return;
		clearInterval(this.timer);
		this.timer = undefined;
	}
}

const ofProcess = new Offers();

export const offered = (store: Store, scope: string) => ofProcess.offer(store, scope);
