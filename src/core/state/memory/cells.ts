import { keptFor, type Bounds } from '../bounds';
import type { BatchRow, Commit, Committed, Looked } from '../engine';
import { give } from './batches';
import { inOrder, isOpen, queue, sizeOf, type MemoryBatch, type MemoryCell, type Scope } from './scope';

const minute = 60_000;

export function look(scope: Scope | undefined, key: string, inputs: readonly string[], now: number): Looked {
	const cell = scope?.cells.get(key);
	return {
		now,
		version: cell?.version ?? null,
		cell: cell ? { ...cell.row } : null,
		seen: inputs.map((id) => outputOf(scope, id, now)),
	};
}

function outputOf(scope: Scope | undefined, id: string, now: number): string | null {
	const seen = scope?.seen.get(id);
	return seen && seen.until > now ? seen.output : null;
}

let cellsMade = 0;

export function commit(scope: Scope, key: string, given: Commit, now: number, most: Bounds): Committed {
	const { operation, expected, cell, steps } = given;
	const before = scope.cells.get(key);
	if ((before?.version ?? null) !== expected) return before?.version === operation ? 'done' : 'changed';
	if (steps.some(({ seen }) => seen.some(([id]) => outputOf(scope, id, now) !== null))) return 'changed';
	const batches = steps.flatMap((step) => step.batches);
	const open = batches.length > 0 ? [...scope.batches.values()].filter(isOpen).length : 0;
	if (batches.length > 0 && open + batches.length > most.batches) return 'too many';
	const more = sizeOf(steps.flatMap((step) => [...step.append, ...step.batches]));
	if (!hasRoom(scope, more, most)) return 'too much';

	if (!before && cell && scope.cells.size >= most.keys) evict(scope);
	const items = before?.items ?? [];
	for (const { seen, append, batches: made } of steps) {
		for (const [id, output] of seen) scope.seen.set(id, { output, until: now + keptFor.seen });
		items.push(...append);
		for (const batch of made) add(scope, batch, items.splice(0, batch.take), now);
	}
	scope.bytes += more;
	const n = before?.n ?? ++cellsMade;
	if (cell) scope.cells.set(key, { row: cell, version: operation, touched: Math.floor(now / minute), n, items });
	else scope.cells.delete(key);
	return 'done';
}

function add(scope: Scope, batch: BatchRow, items: MemoryCell['items'], now: number): void {
	const { id, lane, dueAt, counted, body, blobs, offer } = batch;
	const due = dueAt ?? now;
	const made: MemoryBatch = {
		...{ id, lane, counted, body, blobs, items, dueAt: due, madeAt: now, seq: ++scope.seq },
		...{ state: 'waiting', readyAt: due },
		...{ holder: null, attempt: 0, lapsed: 0, error: null, result: null, endedAt: null },
		progress: new Map(),
	};
	scope.batches.set(id, made);
	if (queue(scope, made)) Object.assign(made, { state: 'blocked', readyAt: null });
	else if (offer) give(made, 'offered', offer.holder, now + offer.lease);
}

/** What is done makes room first. */
function hasRoom(scope: Scope, more: number, most: Bounds): boolean {
	if (more === 0) return true;
	for (const batch of inOrder(scope.batches.values())) {
		if (scope.bytes + more <= most.blobsBytes) return true;
		const size = sizeOf([batch, ...batch.items]);
		if (batch.state !== 'done' || size === 0) continue;
		scope.batches.delete(batch.id);
		scope.bytes -= size;
	}
	return scope.bytes + more <= most.blobsBytes;
}

/** The oldest key goes, one in which nothing waits if there is any. */
function evict(scope: Scope): void {
	let oldest: [string, MemoryCell] | undefined;
	for (const one of scope.cells) if (!oldest || isOlder(one[1], oldest[1])) oldest = one;
	if (!oldest) return;
	const [key, { items }] = oldest;
	scope.cells.delete(key);
	scope.bytes -= sizeOf(items);
	scope.dropped += 1 + items.length;
}

const ageOf = ({ items, row, touched, n }: MemoryCell) => [items.length > 0 || row.wakeAt !== null ? 1 : 0, touched, n];

function isOlder(one: MemoryCell, other: MemoryCell): boolean {
	const [a, b] = [ageOf(one), ageOf(other)];
	const at = a.findIndex((value, place) => value !== b[place]);
	return at >= 0 && a[at]! < b[at]!;
}

export function due(scope: Scope | undefined, most: number, now: number): string[] {
	return [...(scope?.cells ?? [])]
		.filter(([, { row }]) => row.wakeAt !== null && row.wakeAt <= now)
		.sort(([, a], [, b]) => a.row.wakeAt! - b.row.wakeAt! || a.n - b.n)
		.slice(0, most)
		.map(([key]) => key);
}

export function keys(scope: Scope | undefined, most: number, after: string): string[] {
	const behind = [...(scope?.cells.keys() ?? [])].filter((key) => compare(key, after) > 0);
	return behind.sort(compare).slice(0, most);
}

/** By bytes, as databases do. */
const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export function nextDue(scope: Scope | undefined): number | null {
	if (!scope) return null;
	const wakes = [...scope.cells.values()].map(({ row }) => row.wakeAt);
	const readies = [...scope.batches.values()].map(({ readyAt }) => readyAt);
	return [...wakes, ...readies].reduce(
		(first, at) => (at !== null && (first === null || at < first) ? at : first),
		null,
	);
}
