import type { BlobRow, CellRow, ItemRow, Versioned } from '../engine';

/** All that one node keeps. */
export interface Scope {
	settings: string | null;
	seenAt: number;
	beatenAt: number | null;
	dropped: number;
	seq: number;
	bytes: number;
	cells: Map<string, MemoryCell>;
	seen: Map<string, { output: string; until: number }>;
	batches: Map<string, MemoryBatch>;
	/** The open ones of each, in the order in which they go. */
	lanes: Map<string, MemoryBatch[]>;
}

export interface MemoryCell {
	row: CellRow;
	version: string;
	/** Minutes. */
	touched: number;
	/** The older, the smaller. */
	n: number;
	items: ItemRow[];
}

export type State = 'blocked' | 'waiting' | 'offered' | 'held' | 'done' | 'dead';

export interface MemoryBatch {
	id: string;
	seq: number;
	lane: string | null;
	state: State;
	dueAt: number;
	readyAt: number | null;
	holder: string | null;
	attempt: number;
	lapsed: number;
	counted: number;
	body: string;
	error: string | null;
	result: string | null;
	madeAt: number;
	endedAt: number | null;
	items: ItemRow[];
	blobs: BlobRow[];
	progress: Map<string, Versioned>;
}

export const newScope = (now: number): Scope => ({
	...{ settings: null, seenAt: now, beatenAt: null, dropped: 0, seq: 0, bytes: 0 },
	cells: new Map(),
	seen: new Map(),
	batches: new Map(),
	lanes: new Map(),
});

export const isOpen = ({ state }: MemoryBatch) => state !== 'done' && state !== 'dead';

/** Puts it behind those of its lane. @returns whether any was there */
export function queue({ lanes }: Scope, batch: MemoryBatch): boolean {
	if (batch.lane === null) return false;
	const line = lanes.get(batch.lane) ?? [];
	lanes.set(batch.lane, line);
	return line.push(batch) > 1;
}

/** It is over: the next of its lane is the head now. */
export function leave({ lanes }: Scope, batch: MemoryBatch): void {
	const line = batch.lane === null ? undefined : lanes.get(batch.lane);
	if (!line) return;
	line.splice(line.indexOf(batch), 1);
	const [head] = line;
	if (!head) lanes.delete(batch.lane!);
	else if (head.state === 'blocked') Object.assign(head, { state: 'waiting', readyAt: head.dueAt });
}

export const inOrder = (batches: Iterable<MemoryBatch>) => [...batches].sort((a, b) => a.seq - b.seq);

export const sizeOf = (rows: readonly { blobs: readonly BlobRow[] }[]) =>
	rows.reduce((sum, { blobs }) => sum + blobs.reduce((some, [, { byteLength }]) => some + byteLength, 0), 0);
