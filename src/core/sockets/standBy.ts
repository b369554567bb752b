import { isChannelError, type ChannelError } from '../base/errors';
import type { Text } from '../base/language';
import { type Connection, whyFailed } from './connection';
import { aborted, backOff } from './backOff';

/**
 * What there is to do beside taking requests: tells the service what it has to know, then waits for the end.
 * @param prepare What it returns went wrong, but hinders nothing; what it throws is tried again, unless the account is refused
 */
export async function standBy(
	{ status, signal }: Pick<Connection, 'status' | 'signal'>,
	prepare: () => Promise<ChannelError | undefined>,
): Promise<void> {
	status('connecting');
	for (let failures = 0; !signal.aborted; failures++) {
		try {
			const failure = await prepare();
			if (failure?.transient) throw failure;
			status('connected', failure ? unpushed(failure.text) : waiting);
			return await aborted(signal);
		} catch (error) {
			if (signal.aborted) return;
			if (!isChannelError(error) || error.class === 'Unauthorized' || error.class === 'Invalid') throw error;
			status(...whyFailed(error));
			await backOff(failures, signal, error.retryAfter);
		}
	}
}

const waiting: Text = { en: 'waiting for requests', zh: '等待请求' };

export const unpushed = (why: Text): Text => ({
	en: `Connected, but the command list was not taken. ${why.en}`,
	zh: `已连接，但命令列表未能推送。${why.zh}`,
});
