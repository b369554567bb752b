import { turns } from './connected';

const realTimeout = setTimeout;

/** Timers and the date stand still until `pass`; the network stays real. */
export function stopTime(): void {
	jest.useFakeTimers({
		now: Date.UTC(2025, 0, 2, 3, 4, 5),
		doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'hrtime'],
	});
}

/** Lets what is under way on loopback arrive, while no time passes. */
const settle = (ms: number) => new Promise((done) => realTimeout(done, ms));

/**
 * Lets so much virtual time pass, in steps that are shorter than any limit to an answer.
 * @param each called after every step
 */
export async function pass(ms: number, each: () => void = () => undefined, step = 4_000): Promise<void> {
	for (const end = Date.now() + ms; Date.now() < end;) {
		await turns();
		await jest.advanceTimersByTimeAsync(Math.min(step, end - Date.now()));
		each();
	}
	await settle(20);
}

/** Lets time pass until it holds; no longer than so many virtual ms. */
export async function soon(holds: () => unknown, ms: number): Promise<void> {
	for (const end = Date.now() + ms; ;) {
		await settle(5);
		if (holds()) return;
		if (Date.now() >= end) throw new Error(`It did not come true in ${ms} ms: ${holds.toString()}`);
		await jest.advanceTimersByTimeAsync(100);
	}
}
