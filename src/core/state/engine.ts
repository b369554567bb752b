import type { Notice, Order, Status, Which } from './store';

/**
 * What a store is made of: steps that are atomic each, in texts and bytes. `memory` and `sqlite` do them at once,
 * `redis` in a script; `storeOf` makes the rest of it.
 */
export interface Engine {
	now(scope: string): number;
	look(scope: string, key: string, inputs: readonly string[]): Looked;
	commit(scope: string, key: string, commit: Commit): Committed;
	due(scope: string, most: number): string[];
	keys(scope: string, most: number, after: string): string[];
	nextDue(scope: string): number | null;

	take(scope: string, holder: string, lease: number, most: number): HeldRow[];
	hold(scope: string, batch: string, holder: string, lease: number): HeldRow | null;
	extend(scope: string, holder: string, lease: number): number;
	settle(scope: string, batch: string, holder: string, outcome: OutcomeRow): boolean;
	blob(scope: string, batch: string, name: string): Uint8Array | null;
	/** null: there is no such batch */
	readProgress(scope: string, batch: string, node: string): Versioned | null;
	writeProgress(scope: string, batch: string, node: string, written: Written): boolean;
	list(scope: string, which: Which, most: number, past: number, order: Order): ListedRow[];
	resend(scope: string, batch: string): boolean;
	drop(scope: string, batch: string): boolean;

	heartbeat(scope: string, settings: string): { settings: string | null; seenAt: number | null };
	seenAt(scope: string): number | null;
	status(scope: string): Status;
	/** Some of what is over, in one short step. @returns whether there is more */
	prune(): boolean;

	read(key: string): Versioned;
	write(key: string, written: Written, seconds: number | null): boolean;
	set(key: string, value: string, seconds: number | null): void;
	delete(key: string): void;
	claim(key: string, seconds: number): boolean;

	notices(): Notice[];
	dismiss(id: string): void;
}

/** The same, some time later. */
export type Later<E> = {
	[K in keyof E]: E[K] extends (...given: infer A) => infer R ? (...given: A) => Promise<R> : never;
};

/** `version` is the operation that wrote it; null: it is not there. */
export interface Versioned {
	value: string | null;
	version: string | null;
}

/** Compare and set: done only where it still has that version, or where this very operation did it before. */
export interface Written {
	expected: string | null;
	operation: string;
	/** null: removed */
	value: string | null;
}

export interface CellRow {
	/** JSON; null: none */
	state: string | null;
	items: number;
	/** Of the items. */
	bytes: number;
	counted: number;
	wakeAt: number | null;
}

export interface Looked {
	now: number;
	version: string | null;
	cell: CellRow | null;
	/** Of each input that was seen what it got (JSON, '' for nothing); null: it is new. */
	seen: (string | null)[];
}

export interface Commit {
	/** What it writes has this version. */
	operation: string;
	expected: string | null;
	/** null: nothing is left of it */
	cell: CellRow | null;
	steps: Step[];
}

export interface Step {
	/** Id and output (JSON, or '') of each. */
	seen: [id: string, output: string][];
	append: ItemRow[];
	batches: BatchRow[];
}

export type BlobRow = [name: string, bytes: Uint8Array];

export interface ItemRow {
	/** JSON */
	body: string;
	blobs: BlobRow[];
}

export interface BatchRow {
	id: string;
	lane: string | null;
	/** null: now */
	dueAt: number | null;
	/** JSON */
	body: string;
	blobs: BlobRow[];
	/** How many of the oldest items become its own. */
	take: number;
	counted: number;
	/** To whom it is offered as it is made. */
	offer: { holder: string; lease: number } | null;
}

/** `changed`: somebody was faster, look again. */
export type Committed = 'done' | 'changed' | 'too many' | 'too much';

export interface HeldRow {
	id: string;
	lane: string | null;
	body: string;
	items: string[];
	counted: number;
	attempt: number;
	lapsed: number;
	blobs: [name: string, bytes: number][];
	madeAt: number;
	leaseUntil: number;
}

/** `result` is JSON. */
export interface OutcomeRow {
	which: 'done' | 'later' | 'dead';
	later: number;
	error: string | null;
	result: string | null;
}

export interface ListedRow {
	id: string;
	seq: number;
	lane: string | null;
	body: string;
	attempt: number;
	madeAt: number;
	dueAt: number;
	endedAt: number | null;
	error: string | null;
	result: string | null;
}
