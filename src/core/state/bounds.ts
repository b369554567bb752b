const kilo = 1024;
const mega = 1024 * kilo;

/** Past them the oldest go, or it is refused, or only counted; never in silence. */
export const bounds = {
	/** A scope; the oldest go first, those in which nothing waits before the others. */
	keys: 100_000,
	/** A key; what comes then is only counted. */
	items: 1_000,
	/** A key, in bytes; what comes then is only counted. */
	itemsBytes: 16 * mega,
	/** Bytes of JSON; what is longer is refused. */
	itemBytes: 256 * kilo,
	/** Bytes of JSON of a state, a body or a progress. */
	stateBytes: 1 * mega,
	/** That wait in a scope; then no more are made. */
	batches: 100_000,
	/** Bytes of one blob. */
	blobBytes: 10 * mega,
	/** Bytes of all blobs of a scope. */
	blobsBytes: 200 * mega,
	/** Characters of a scope, a key, a lane, the id of an input. */
	name: 1_000,
	/** Keys of `get` and `set` that never expire; the oldest go. */
	values: 100_000,
};

export type Bounds = typeof bounds;

const hour = 3_600_000;
const day = 24 * hour;

/** ms */
export const keptFor = {
	/** Inputs that were seen. */
	seen: day,
	/** Batches that are done. */
	done: day,
	/** Batches that were given up. */
	dead: 30 * day,
	/** Cells in which nothing waits. */
	idle: 30 * day,
	/** All of a scope that gave no sign of life. */
	scope: 30 * day,
};

export type KeptFor = typeof keptFor;
