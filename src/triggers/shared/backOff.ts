import { systemClock } from '../../core/clock';

/** ms */
const longest = 60_000;

/**
 * Waits before a connection is tried again: a random time below a bound that doubles, up to a minute.
 * @param failures so far, from 0
 * @param retryAfter seconds that the service asked for; they come first
 * @returns early, without a fault, when the signal is aborted
 */
export async function backOff(failures: number, signal: AbortSignal, retryAfter?: number): Promise<void> {
	const wait =
		retryAfter === undefined ? Math.random() * Math.min(longest, 1_000 * 2 ** failures) : retryAfter * 1_000;
	await systemClock.sleep(wait, signal).catch(() => undefined);
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
