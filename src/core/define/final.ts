import { ChannelError, isChannelError } from '../base/errors';

/** For a message that is nothing without what the service refused: it does not go again without that. */
export async function final<T>(sending: Promise<T>): Promise<T> {
	try {
		return await sending;
	} catch (error) {
		if (!isChannelError(error) || (error.because === undefined && !error.unexplained)) throw error;
		throw new ChannelError(error.class, error.text, { ...error, because: undefined, unexplained: false });
	}
}
