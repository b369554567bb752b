import type { Channel } from '../define/channel';
import { deliver, type Raw } from '../deliver/deliver';
import type { ChannelError } from '../base/errors';
import type { Text } from '../base/language';
import type { KeyValues } from '../state/store';

/** Says a text where somebody wrote, as best it can: a failure comes back instead of being thrown. */
export function sayInPlace(
	channel: Channel,
	account: Raw,
	replyTo: string,
	text: string,
	signal: AbortSignal,
	lasting?: KeyValues,
): Promise<ChannelError | undefined> {
	return deliver(channel, account, { to: replyTo }, { body: text, format: 'text' }, { signal, lasting }).then(
		() => undefined,
		(error: ChannelError) => error,
	);
}

export const unanswered = (why: Text): Text => ({
	en: `Connected, but an answer failed. ${why.en}`,
	zh: `已连接，但有一条回复失败。${why.zh}`,
});
