import { setImmediate } from 'node:timers/promises';

/**
 * Work that pauses wherever it has gone over as much as one turn of the event loop may: megabytes must hold nobody else
 * up. What is counted is characters, never milliseconds.
 */
export type Turns<T> = Generator<void, T, void>;

/** Characters, or bytes, that are gone over in one turn without a thought. */
export const mostInTurn = 65_536;

/** All of it now. */
export function atOnce<T>(work: Turns<T>): T {
	for (;;) {
		const { done, value } = work.next();
		if (done) return value;
	}
}

/** The same with a turn for others at each pause; what never pauses is done now, without a promise. */
export function inTurns<T>(work: Turns<T>): T | Promise<T> {
	const { done, value } = work.next();
	return done ? value : later(work);
}

async function later<T>(work: Turns<T>): Promise<T> {
	for (;;) {
		await setImmediate();
		const { done, value } = work.next();
		if (done) return value;
	}
}
