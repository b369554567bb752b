import { hash } from 'node:crypto';
import { inTime } from '../base/inTime';
import type { Once } from '../define/trigger';
import type { KeyValues } from '../state/store';

const most = 100_000;

/**
 * Makes such a signature good for one body: whoever captured it cannot put it to another.
 * The same request once more, as services deliver again, passes.
 */
export class Spent {
	private readonly known = new Map<string, { body: string; signed: number; until: number }>();
	/** What was signed before it and is not known may have been forgotten. */
	private floor = -Infinity;

	constructor(private readonly capacity = most) {}

	/** @returns whether it may pass */
	take({ signature, signed, until }: Once, bytes: Uint8Array, now: number): boolean {
		for (const [oldest, entry] of this.known) {
			if (entry.until >= now) break;
			this.forget(oldest);
		}
		const body = digestOf(bytes);
		const before = this.known.get(signature);
		if (before) return before.body === body;
		if (signed <= this.floor) return false;
		this.known.set(signature, { body, signed, until });
		if (this.known.size > this.capacity) this.forget(this.known.keys().next().value as string);
		return true;
	}

	private forget(signature: string): void {
		this.floor = Math.max(this.floor, this.known.get(signature)!.signed);
		this.known.delete(signature);
	}
}

const digestOf = (bytes: string | Uint8Array) => hash('sha256', bytes, 'base64url');

/** Whether another process that uses this store has let another body pass with it. A store that is out of reach, or slow, knows of none. */
export function isSpentElsewhere(
	store: KeyValues,
	{ signature, until }: Once,
	bytes: Uint8Array,
	now: number,
): Promise<boolean> {
	const body = digestOf(bytes);
	const seconds = Math.max(1, Math.ceil((until - now) / 1000));
	const asked = store.update(`spent:${digestOf(signature)}`, (known) => known ?? body, seconds);
	return inTime(
		asked.then((first) => first !== body),
		false,
	);
}

const all = new WeakMap<object, Spent>();

/** What is remembered beside a store, as long as that: nodes that come and go with a deploy share it. */
export function spentBeside(store: object): Spent {
	const found = all.get(store) ?? new Spent();
	all.set(store, found);
	return found;
}
