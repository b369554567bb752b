import type { Halt } from '../../base/deadline';

interface Entry {
	value?: string;
	/** ms since the epoch; what is left of the token's life is then too short to start a send with. */
	stale: number;
	/** When it was looked at last: an earlier time means that the clock was set back, and nobody knows how old the token is. */
	seen: number;
	pending?: { token: Promise<string>; waiting: number; stop: AbortController };
}

const entries = new Map<string, Entry>();
const most = 1_000;
/** s */
const margin = 300;

/**
 * The token of an account, from the cache or fresh; several callers at once cause one request, which ends with the last
 * of them. A failure is not cached.
 * @param waiter aborted when this caller waits no longer
 */
export function tokenOf(
	key: string,
	now: number,
	fetch: (signal: AbortSignal) => Promise<{ value: string; seconds: number }>,
	waiter: Halt = neverHalted,
): Promise<string> {
	const known = entries.get(key);
	if (known?.pending) return waitFor(key, known, waiter);
	if (known?.value !== undefined && now < known.stale && now >= known.seen) {
		known.seen = now;
		return Promise.resolve(known.value);
	}
	const entry: Entry = { stale: 0, seen: now };
	entries.delete(key);
	entries.set(key, entry);
	if (entries.size > most) entries.delete(entries.keys().next().value as string);
	const stop = new AbortController();
	const token = fetch(stop.signal).then(
		({ value, seconds }) => {
			entry.value = value;
			entry.stale = now + (seconds - Math.min(margin, seconds / 2)) * 1000;
			entry.pending = undefined;
			return value;
		},
		(error: unknown) => {
			forget(key, entry);
			throw error;
		},
	);
	entry.pending = { token, waiting: 0, stop };
	return waitFor(key, entry, waiter);
}

function waitFor(key: string, entry: Entry, waiter: Halt): Promise<string> {
	const pending = entry.pending!;
	pending.waiting++;
	return new Promise((resolve, reject) => {
		const leave = () => {
			reject(waiter.reason as Error);
			if (--pending.waiting > 0) return;
			forget(key, entry);
			pending.stop.abort(waiter.reason);
		};
		if (waiter.aborted) leave();
		else waiter.addEventListener('abort', leave);
		pending.token.then(resolve, reject).finally(() => waiter.removeEventListener('abort', leave));
	});
}

function forget(key: string, entry: Entry): void {
	if (entries.get(key) === entry) entries.delete(key);
}

const neverHalted: Halt = {
	aborted: false,
	reason: undefined,
	addEventListener: () => undefined,
	removeEventListener: () => undefined,
};

/** Drops a token that the service refused, unless another caller has renewed it already. */
export function dropToken(key: string, refused: string): void {
	const entry = entries.get(key);
	if (entry?.value === refused && !entry.pending) entries.delete(key);
}

/** For tests. */
export const forgetTokens = () => entries.clear();
