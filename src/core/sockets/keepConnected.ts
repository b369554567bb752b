import { systemClock } from '../base/clock';

/** Between two connections that ended by themselves, ms. */
const shortest = 5_000;
const longest = 300_000;

/**
 * Runs what connects, and runs it again, later and later, where it ends by itself, until the signal is aborted.
 * @param failed hears what it ended with. Returns whether it is to be run again
 * Never rejects.
 */
export async function keepConnected(
	run: () => Promise<void>,
	signal: AbortSignal,
	failed: (error: unknown) => boolean,
): Promise<void> {
	let wait = shortest;
	while (!signal.aborted) {
		const started = Date.now();
		try {
			await run();
		} catch (error) {
			if (signal.aborted || !failed(error)) return;
		}
		if (Date.now() - started > longest) wait = shortest;
		await systemClock.sleep(wait, signal).catch(() => undefined);
		wait = Math.min(wait * 2, longest);
	}
}
