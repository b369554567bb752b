import type { Text } from '../base/language';

/** What a few lines of state need. All updates are atomic: two workers never take the same turn. */
export interface KeyValues {
	get(key: string): Promise<string | undefined>;
	set(key: string, value: string, seconds?: number): Promise<void>;
	delete(key: string): Promise<void>;
	/** Sets the key and answers true where it was absent: once, for one caller alone. */
	claim(key: string, seconds: number): Promise<boolean>;
	/**
	 * Reads, changes and writes in one step; `undefined` deletes. `change` is pure: it may run more than once.
	 * @param seconds how long it lives where it was changed
	 */
	update(
		key: string,
		change: (value: string | undefined) => string | undefined,
		seconds?: number,
	): Promise<string | undefined>;
}

/**
 * State that outlives a message: what nodes remember (cells), what waits to go on (batches), and how far that came.
 *
 * A scope is one node (`workflowId:nodeId`, or Node-RED's node id); nothing is shared between scopes. Instants are ms
 * since the epoch by the store's own clock, which never goes back; durations are ms. Values are whatever JSON can hold.
 * What resolves is durable. What rejects does so with a `ChannelError` that says what to do:
 * `Unreachable` (the store is away, its disk is full), `Rejected` (a bound), `Invalid` (a value that cannot be kept).
 */
export interface Store extends KeyValues {
	now(scope: string): Promise<number>;

	/**
	 * Atomic: reads the cell, lets `decide` say what changes, and writes cell, items and batches together.
	 * Inputs that were seen within a day change nothing: they get the output that they got then, so that a happening
	 * delivered again goes the same way. Without inputs (a cell that is due) `decide` runs all the same; where all of
	 * them were seen it does not. Several callers for one key go in one commit, in the order of asking.
	 * @param decide pure: it runs again where somebody else was faster
	 */
	transact<V, O, S>(
		scope: string,
		key: string,
		inputs: readonly Input<V>[],
		decide: Decide<V, O, S>,
	): Promise<Transacted<O>>;
	/** Keys whose `wakeAt` has come, the longest overdue first. */
	due(scope: string, most: number): Promise<string[]>;
	/** Keys in their order, those behind `after`. */
	keys(scope: string, most: number, after?: string): Promise<string[]>;
	/** When the next cell or batch is due; undefined: nothing waits. */
	nextDue(scope: string): Promise<number | undefined>;

	/** Offers batches that are due, or whose lease ran out; of a lane its head alone. */
	take(scope: string, by: { holder: string; lease: number; most: number }): Promise<Held[]>;
	/** Claims a batch that was offered; undefined: it is done or gone, or somebody alive has it. */
	hold(scope: string, batch: string, holder: string, lease: number): Promise<Held | undefined>;
	/** Prolongs whatever the holder has, from now on. @returns how many that are */
	extend(scope: string, holder: string, lease: number): Promise<number>;
	/** @returns false where the holder does not have it any more: nothing changes then */
	settle(scope: string, batch: string, holder: string, outcome: Outcome): Promise<boolean>;
	/** The bytes that were kept with a batch or one of its items. */
	blob(scope: string, batch: string, name: string): Promise<Uint8Array | undefined>;
	/** How far a batch came at one node behind it, after `change`, which is pure; undefined leaves it as it was. */
	progress<P>(
		scope: string,
		batch: string,
		node: string,
		change?: (progress: P | undefined) => P | undefined,
	): Promise<P | undefined>;

	/**
	 * In the order of their making, or those made last first.
	 * @param past the `seq` of the last one seen; 0: from the beginning
	 */
	list(scope: string, which: Which, most: number, past?: number, order?: Order): Promise<Listed[]>;
	/**
	 * Makes one wait again that is done or was given up, behind all of its lane: what was given up goes on where it
	 * stopped. One that waits for its next try is due at once, in its place.
	 * @returns false where there is none, or it is on its way or due anyhow
	 */
	resend(scope: string, batch: string): Promise<boolean>;
	/** Removes a batch, whoever has it. */
	drop(scope: string, batch: string): Promise<boolean>;

	/** Says that the scope lives, and with which settings. @returns what was known before */
	heartbeat(scope: string, settings: string): Promise<{ settings?: string; seenAt?: number }>;
	/** When it last did; undefined: never. */
	seenAt(scope: string): Promise<number | undefined>;
	status(scope: string): Promise<Status>;
	/** Removes what is over (`keptFor`); for once an hour. */
	prune(): Promise<void>;
	/** What befell the store, until somebody has seen it. */
	notices(): Promise<Notice[]>;
	dismiss(id: string): Promise<void>;
	/** Ends connections and timers, after what is under way. */
	close(): Promise<void>;
}

export interface Input<V> {
	/** That of the happening: the same one is the same input. */
	id: string;
	value: V;
}

/** What is remembered under a key. */
export interface Cell<S> {
	state: S | undefined;
	/** How many items wait in it. */
	items: number;
	/** How many came past the bound, and are only counted. */
	counted: number;
	wakeAt: number | undefined;
}

export type Decide<V, O, S> = (cell: Cell<S>, inputs: readonly Input<V>[], now: number) => Change<O, S>;

/** What is left out stays as it is. A cell that remembers nothing, and waits for nothing, is gone. */
export interface Change<O = unknown, S = unknown> {
	/** `null`: forgotten. */
	state?: S | null;
	/** `null`: nothing wakes it. */
	wakeAt?: number | null;
	/** Behind the items that are there. */
	append?: readonly Item[];
	/** Made in their order, after the items were appended. */
	batches?: readonly NewBatch[];
	/** For each of the inputs that `decide` was given. */
	outputs?: readonly O[];
}

export type Blobs = Readonly<Record<string, Uint8Array>>;

export interface Item {
	value: unknown;
	blobs?: Blobs;
}

export interface NewBatch {
	/** Batches of a lane go one after the other; those without one as they like. */
	lane?: string;
	/** Default: now. */
	dueAt?: number;
	body?: unknown;
	blobs?: Blobs;
	/** The oldest items of the cell, which become those of the batch. */
	take?: 'all' | number;
	/** It is in somebody's hands as it is made, as if he had taken it; not where others of its lane stand before it. */
	offer?: { holder: string; lease: number };
}

export interface Transacted<O> {
	/** For each input, also for those that were seen before; undefined where `decide` gave none. */
	outputs: (O | undefined)[];
	/** Which inputs were seen before. */
	repeated: boolean[];
	/** The ids of the batches that were made. */
	batches: string[];
}

/** A batch in somebody's hands. */
export interface Held {
	id: string;
	scope: string;
	lane?: string;
	body: unknown;
	items: unknown[];
	/** How many more there were than `items` could hold. */
	counted: number;
	/** How often it was taken, this time included. */
	attempt: number;
	/** How many leases in a row ended without a word. */
	lapsed: number;
	/** How many bytes `blob` has under each name. */
	blobs: Record<string, number>;
	/** Or when it was made to wait again, by `resend`. */
	madeAt: number;
	leaseUntil: number;
}

/** `later`: in so many ms. `error` is a sentence, `result` what a receipt is to the outbox. */
export type Outcome = { done: unknown } | { later: number; error?: string } | { dead: string };

/** `waiting`: also behind others of its lane. `held`: taken or claimed, be the lease over or not. */
export type Which = 'waiting' | 'held' | 'done' | 'dead';

export type Order = 'oldest first' | 'newest first';

export interface Listed {
	id: string;
	seq: number;
	which: Which;
	lane?: string;
	body: unknown;
	attempt: number;
	madeAt: number;
	/** Of one that waits. */
	dueAt: number;
	/** Of one that is over. */
	endedAt?: number;
	error?: string;
	result?: unknown;
}

export interface Status extends Record<Which, number> {
	keys: number;
	/** Keys, and items, that went because there were too many. */
	dropped: number;
	/** Bytes in blobs. */
	bytes: number;
}

export interface Notice {
	id: string;
	at: number;
	text: Text;
}
