export interface Clock {
	/** ms since the epoch. */
	now(): number;
	/** Rejects with the signal's reason when that is aborted. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
	/** 0 ≤ x < 1 */
	random(): number;
}

/** setTimeout takes no more than this many ms. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
	now: Date.now,
	random: Math.random,
	sleep: (ms, signal) =>
		new Promise((resolve, reject) => {
			if (signal.aborted) return reject(signal.reason);
			const stop = () => {
				clearTimeout(timer);
				reject(signal.reason);
			};
			const timer = setTimeout(
				() => {
					signal.removeEventListener('abort', stop);
					resolve();
				},
				Math.min(ms, longest),
			);
			signal.addEventListener('abort', stop, { once: true });
		}),
};

/**
 * A clock for measuring only: where the given one is set back (a machine that corrects its time), it stands still for
 * that moment and goes on. Equal to the given one as long as that goes forward.
 */
export function neverBack(now: () => number): () => number {
	let last = -Infinity;
	let ahead = 0;
	return () => {
		const time = now();
		ahead = Math.max(ahead, last - time);
		return (last = time + ahead);
	};
}
