import { isChannelError, type ChannelError } from '../src/core/base/errors';

/** The error that a promise ends in, which must be ours and must hold none of the secrets. */
export async function refused(promise: Promise<unknown>, ...secrets: string[]): Promise<ChannelError> {
	const error: unknown = await promise.then(
		(value) => Promise.reject(new Error(`it went through: ${JSON.stringify(value)}`)),
		(thrown: unknown) => thrown,
	);
	if (!isChannelError(error)) throw error;
	for (const shown of [error.message, error.stack ?? '', JSON.stringify(error), JSON.stringify(error.text)]) {
		for (const secret of secrets) expect(shown).not.toContain(secret);
	}
	return error;
}

/** Time that stands still, and jumps where somebody sleeps. */
export function frozenClock(start = Date.UTC(2026, 0, 1)) {
	const slept: number[] = [];
	let time = start;
	return {
		slept,
		now: () => time,
		random: () => 0.5,
		sleep: async (ms: number, signal: AbortSignal) => {
			signal.throwIfAborted();
			slept.push(ms);
			time += ms;
		},
	};
}
