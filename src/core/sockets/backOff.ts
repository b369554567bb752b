import { systemClock } from '../base/clock';

/** ms: of our own, and where it was asked for; a proxy's idea of a while must not make an outage of days. */
const longest = { own: 60_000, asked: 3_600_000 };

/**
 * Waits before a connection is tried again: a random time below a bound that doubles, up to a minute.
 * @param failures so far, from 0
 * @param retryAfter seconds that the service asked for; they come first, up to an hour
 * @returns early, without a fault, when the signal is aborted
 */
export async function backOff(failures: number, signal: AbortSignal, retryAfter?: number): Promise<void> {
	const wait =
		retryAfter === undefined
			? Math.random() * Math.min(longest.own, 1_000 * 2 ** failures)
			: Math.min(longest.asked, retryAfter * 1_000);
	await systemClock.sleep(wait, signal).catch(() => undefined);
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener('abort', () => resolve(), { once: true });
	});
}
