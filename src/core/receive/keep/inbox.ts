import { randomUUID } from 'node:crypto';
import { within } from '../../base/inTime';
import type { Happening } from '../../define/trigger';
import { offered } from '../../state/offers';
import type { Cell, Held, Store } from '../../state/store';
import { ownerIn, packed, unpacked, type Told } from './content';

/** In which a key is claimed, and by whom. */
interface Claimed {
	until: number;
	owner: string;
}

export interface Claim {
	/** At most 1,000 characters. */
	key: string;
	/** How long it is nobody else's. */
	seconds: number;
	/** The id of the happening: that of an input. */
	id: string;
}

/** What came at once, and was written down. */
export interface Kept {
	/** Claims in its name. */
	owner: string;
	/** Undefined: it is a repeat, and nothing was written. */
	batch?: string;
	/** Whether the claim, which was asked for, is its own. */
	isFirst?: boolean;
}

/** ms: longer than that no sender is kept waiting. */
const patience = 10_000;
/** Of a batch: which of the happenings are no repeats. */
const noteKey = '(left)';

/**
 * What came in at a node, from the moment in which its sender is told so until whatever the host does with it has ended.
 * It is in this process's hands while that lives; then it is whoever's takes it.
 */
export class Inbox {
	constructor(
		private readonly store: Store,
		private readonly scope: string,
		/** Once for each time that it could not be written down. */
		readonly failed: (error: unknown) => void,
	) {}

	/**
	 * Writes them down together. Where one thing is to be claimed for that, both happen or neither does.
	 * @throws where it is not known to be written in time; what is written all the same goes unused
	 */
	async keep(happenings: readonly Happening[], claim?: Claim): Promise<Kept> {
		const owner = randomUUID();
		const writing = this.write(owner, happenings, claim);
		try {
			return await within(patience, writing);
		} catch (error) {
			writing.then(({ batch }) => (batch === undefined ? undefined : this.forget(batch))).catch(() => undefined);
			throw error;
		}
	}

	private async write(owner: string, happenings: readonly Happening[], claim?: Claim): Promise<Kept> {
		const { store, scope } = this;
		const batch = { ...packed(owner, happenings), offer: offered(store, scope) };
		if (!claim) {
			const { batches } = await store.transact(scope, `in:${owner}`, [], () => ({ batches: [batch] }));
			return { owner, batch: batches[0] };
		}
		const { outputs, repeated, batches } = await store.transact<undefined, boolean, Claimed>(
			scope,
			claim.key,
			[{ id: claim.id, value: undefined }],
			(cell, _, now) => {
				if (isClaimed(cell, now, owner)) return { outputs: [false] };
				return { state: { until: now + claim.seconds * 1000, owner }, batches: [batch], outputs: [true] };
			},
		);
		return { owner, batch: batches[0], isFirst: outputs[0] === true && !repeated[0] };
	}

	/** Whether a key is its own now, or was before; once, for one owner alone. */
	async claim(key: string, seconds: number, owner: string): Promise<boolean> {
		let isOwn = false;
		await this.store.transact<never, never, Claimed>(this.scope, key, [], (cell, _, now) => {
			isOwn = !isClaimed(cell, now, owner);
			return isOwn && cell.state?.owner !== owner ? { state: { until: now + seconds * 1000, owner } } : {};
		});
		return isOwn;
	}

	/** Whether somebody has claimed it. */
	async isTaken(key: string): Promise<boolean> {
		let isTaken = false;
		await this.store.transact<never, never, Claimed>(this.scope, key, [], (cell, _, now) => {
			isTaken = isClaimed(cell, now);
			return {};
		});
		return isTaken;
	}

	/** Notes which of its happenings go on: those with these numbers. */
	async narrow(batch: string, left: readonly number[]): Promise<void> {
		await this.store.progress(this.scope, batch, noteKey, () => ({ left }));
	}

	/** Nothing of it is left to be seen through. */
	async forget(batch: string): Promise<void> {
		await this.store.drop(this.scope, batch);
	}
}

function isClaimed({ state }: Cell<Claimed>, now: number, by?: string): boolean {
	return state !== undefined && state.until > now && state.owner !== by;
}

/** What a batch holds of which whoever had it has not seen the end. */
export async function taken(store: Store, held: Held): Promise<{ owner: string; happenings: Told[] }> {
	const { scope, id } = held;
	const all = await unpacked(held, (name) => store.blob(scope, id, name));
	const note = await store.progress<{ left: number[] }>(scope, id, noteKey);
	return { owner: ownerIn(held), happenings: note ? all.filter((_, at) => note.left.includes(at)) : all };
}
