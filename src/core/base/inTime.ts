import { ChannelError } from './errors';

/** Nobody waits longer than this (ms) because a store is slow to say what it knows. */
const patience = 500;

/** What is known in time; `otherwise` where it is not, or fails. Never rejects. */
export const inTime = <T>(asked: Promise<T>, otherwise: T): Promise<T> =>
	within(patience, asked).catch(() => otherwise);

/** @throws what it is rejected with; ChannelError `Unreachable` where it takes longer (ms) */
export function within<T>(ms: number, asked: Promise<T>): Promise<T> {
	return new Promise((done, failed) => {
		const timer = setTimeout(
			() =>
				failed(
					new ChannelError('Unreachable', {
						en: `There was no answer within ${ms / 1000} s.`,
						zh: `${ms / 1000} 秒内没有响应。`,
					}),
				),
			ms,
		);
		asked.then(done, failed).finally(() => clearTimeout(timer));
	});
}
