import type { Channel } from '../define/channel';
import { admit, chatHappening, type AdmissionOptions, type ChatEvent } from './chat';
import type { Raw } from '../deliver/deliver';
import type { Language, Text } from '../base/language';
import type { OutgoingReply, Received } from '../define/trigger';
import { sayInPlace } from './sayInPlace';

interface Here {
	account: Raw & { language: Language };
	options: AdmissionOptions;
}

/** Lets in what somebody said; a fixed answer goes out through the channel, since the reply has no room for one. */
export function answeredByChannel(
	channel: Channel,
	said: ChatEvent,
	{ account, options }: Here,
	reply?: OutgoingReply,
	about?: Text,
): Received {
	const { passes, event, answer } = admit(said, options, account.language);
	const { conversation, messageId, replyTo } = event;
	return {
		events: passes ? [chatHappening(event, account.language, about)] : [],
		...(reply && { reply }),
		...(answer !== undefined &&
			replyTo !== '' && {
				afterwards: {
					key: `${channel.id}:${conversation.id}:${messageId}`,
					run: (signal) => sayInPlace(channel, account, replyTo, answer, signal),
				},
			}),
	};
}
