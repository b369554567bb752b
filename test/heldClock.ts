import type { Clock } from '../src/core/base/clock';

export interface HeldClock extends Clock {
	/** The time goes on by so many ms; whoever sleeps wakes when his time has come, in their order. */
	advance(ms: number): Promise<void>;
	/** The machine's clock is set, and nobody wakes. */
	set(now: number): void;
	/** How many sleep. */
	readonly sleepers: number;
}

interface Sleeper {
	at: number;
	wake(): void;
}

/** All that can happen without time going on. */
export const quiet = async () => {
	for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

/** A clock that stands still until a test moves it. */
export function heldClock(start = 1_800_000_000_000, random = () => 0.5): HeldClock {
	let now = start;
	/** As sleeping sees it: setting the machine's clock wakes nobody. */
	let passed = 0;
	const sleepers = new Set<Sleeper>();
	return {
		now: () => now,
		random,
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				if (signal.aborted) return reject(signal.reason as Error);
				const stop = () => {
					sleepers.delete(sleeper);
					reject(signal.reason as Error);
				};
				const wake = () => {
					sleepers.delete(sleeper);
					signal.removeEventListener('abort', stop);
					resolve();
				};
				const sleeper = { at: passed + Math.max(0, ms), wake };
				sleepers.add(sleeper);
				signal.addEventListener('abort', stop, { once: true });
			}),
		async advance(ms) {
			const end = passed + ms;
			await quiet();
			for (;;) {
				const [next] = [...sleepers].sort((a, b) => a.at - b.at);
				if (!next || next.at > end) break;
				now += next.at - passed;
				passed = next.at;
				next.wake();
				await quiet();
			}
			now += end - passed;
			passed = end;
		},
		set: (time) => void (now = time),
		get sleepers() {
			return sleepers.size;
		},
	};
}
