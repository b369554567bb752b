interface Entry {
	value?: string;
	/** ms since the epoch; what is left of the token's life is then too short to start a send with. */
	stale: number;
	/** When it was looked at last: an earlier time means that the clock was set back, and nobody knows how old the token is. */
	seen: number;
	pending?: Promise<string>;
}

const entries = new Map<string, Entry>();
const most = 1_000;
/** s */
const margin = 300;

/**
 * The token of an account, from the cache or fresh; several callers at once cause one request.
 * A failure is not cached.
 */
export function tokenOf(
	key: string,
	now: number,
	fetch: () => Promise<{ value: string; seconds: number }>,
): Promise<string> {
	const known = entries.get(key);
	if (known?.pending) return known.pending;
	if (known?.value !== undefined && now < known.stale && now >= known.seen) {
		known.seen = now;
		return Promise.resolve(known.value);
	}
	const entry: Entry = { stale: 0, seen: now };
	entries.delete(key);
	entries.set(key, entry);
	if (entries.size > most) entries.delete(entries.keys().next().value as string);
	entry.pending = fetch().then(
		({ value, seconds }) => {
			entry.value = value;
			entry.stale = now + (seconds - Math.min(margin, seconds / 2)) * 1000;
			entry.pending = undefined;
			return value;
		},
		(error: unknown) => {
			if (entries.get(key) === entry) entries.delete(key);
			throw error;
		},
	);
	return entry.pending;
}

/** Drops a token that the service refused, unless another caller has renewed it already. */
export function dropToken(key: string, refused: string): void {
	const entry = entries.get(key);
	if (entry?.value === refused && !entry.pending) entries.delete(key);
}

/** For tests. */
export const forgetTokens = () => entries.clear();
