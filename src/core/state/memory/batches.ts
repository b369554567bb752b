import type { HeldRow, ListedRow, OutcomeRow, Versioned, Written } from '../engine';
import type { Order, Which } from '../store';
import { inOrder, isOpen, leave, queue, sizeOf, type MemoryBatch, type Scope, type State } from './scope';

const states: Record<Which, readonly State[]> = {
	waiting: ['blocked', 'waiting'],
	held: ['offered', 'held'],
	done: ['done'],
	dead: ['dead'],
};

export function take(scope: Scope, holder: string, lease: number, most: number, now: number): HeldRow[] {
	return [...scope.batches.values()]
		.filter(({ readyAt }) => readyAt !== null && readyAt <= now)
		.sort((a, b) => a.readyAt! - b.readyAt! || a.seq - b.seq)
		.slice(0, most)
		.map((batch) => give(batch, 'offered', holder, now + lease));
}

/** A lease that is given to somebody else has lapsed. */
export function give(batch: MemoryBatch, state: State, holder: string, until: number): HeldRow {
	if (batch.holder !== null) batch.lapsed++;
	batch.attempt++;
	return held(batch, state, holder, until);
}

function held(batch: MemoryBatch, state: State, holder: string, until: number): HeldRow {
	batch.state = state;
	batch.holder = holder;
	batch.readyAt = until;
	const { id, lane, body, items, counted, attempt, lapsed, madeAt } = batch;
	const blobs = new Map(
		blobsOf(batch)
			.map(([name, { byteLength }]) => [name, byteLength])
			.reverse() as [string, number][],
	);
	return {
		...{ id, lane, body, counted, attempt, lapsed, madeAt, leaseUntil: until },
		items: items.map((item) => item.body),
		blobs: [...blobs],
	};
}

const blobsOf = ({ blobs, items }: MemoryBatch) => [...blobs, ...items.flatMap((item) => item.blobs)];

export function hold(scope: Scope, id: string, holder: string, lease: number, now: number): HeldRow | null {
	const batch = scope.batches.get(id);
	if (!batch || batch.readyAt === null) return null;
	if (batch.state === 'offered' || (batch.state === 'held' && batch.holder === holder))
		return held(batch, 'held', holder, now + lease);
	return batch.readyAt <= now ? give(batch, 'held', holder, now + lease) : null;
}

export function extend(scope: Scope, holder: string, lease: number, now: number): number {
	const his = [...scope.batches.values()].filter((batch) => batch.holder === holder);
	for (const batch of his) batch.readyAt = now + lease;
	return his.length;
}

export function settle(scope: Scope, id: string, holder: string, outcome: OutcomeRow, now: number): boolean {
	const batch = scope.batches.get(id);
	if (!batch || batch.holder !== holder) return false;
	const { which, later, error, result } = outcome;
	batch.holder = null;
	batch.error = error;
	if (which === 'later') {
		batch.state = 'waiting';
		batch.lapsed = 0;
		batch.dueAt = batch.readyAt = now + later;
		return true;
	}
	Object.assign(batch, { state: which, readyAt: null, endedAt: now, result });
	leave(scope, batch);
	return true;
}

export function resend(scope: Scope, id: string, now: number): boolean {
	const batch = scope.batches.get(id);
	if (!batch) return false;
	if (batch.state === 'waiting' && batch.readyAt! > now) {
		batch.dueAt = batch.readyAt = now;
		return true;
	}
	if (isOpen(batch)) return false;
	const { state } = batch;
	// What was delivered as a whole is sent as a whole.
	if (state === 'done') batch.progress.clear();
	Object.assign(batch, {
		...{ state: 'waiting', readyAt: now },
		...{
			seq: ++scope.seq,
			madeAt: now,
			dueAt: now,
			attempt: 0,
			lapsed: 0,
			error: null,
			result: null,
			endedAt: null,
		},
	});
	if (queue(scope, batch)) Object.assign(batch, { state: 'blocked', readyAt: null });
	return true;
}

export function drop(scope: Scope, id: string): boolean {
	const batch = scope.batches.get(id);
	if (!batch) return false;
	scope.batches.delete(id);
	scope.bytes -= sizeOf([batch, ...batch.items]);
	if (isOpen(batch)) leave(scope, batch);
	return true;
}

export const count = (scope: Scope | undefined, which: Which) =>
	[...(scope?.batches.values() ?? [])].filter(({ state }) => states[which].includes(state)).length;

export function list(scope: Scope, which: Which, most: number, past: number, order: Order): ListedRow[] {
	const all = inOrder(scope.batches.values()).filter(({ state }) => states[which].includes(state));
	const wanted =
		order === 'newest first'
			? all.reverse().filter(({ seq }) => past === 0 || seq < past)
			: all.filter(({ seq }) => seq > past);
	return wanted.slice(0, most).map(({ id, seq, lane, body, attempt, madeAt, dueAt, endedAt, error, result }) => {
		return { id, seq, lane, body, attempt, madeAt, dueAt, endedAt, error, result };
	});
}

export function blob(scope: Scope, id: string, name: string): Uint8Array | null {
	const batch = scope.batches.get(id);
	return (batch && blobsOf(batch).find(([title]) => title === name)?.[1]) ?? null;
}

export function readProgress(scope: Scope, id: string, node: string): Versioned | null {
	const batch = scope.batches.get(id);
	return batch ? (batch.progress.get(node) ?? { value: null, version: null }) : null;
}

export function writeProgress(scope: Scope, id: string, node: string, written: Written): boolean {
	const batch = scope.batches.get(id);
	// Gone meanwhile: nobody asks how far it came.
	if (!batch || written.value === null) return true;
	const { version } = readProgress(scope, id, node)!;
	if (version !== written.expected) return version === written.operation;
	batch.progress.set(node, { value: written.value, version: written.operation });
	return true;
}
