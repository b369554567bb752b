import { createHash } from 'node:crypto';
import { inTime } from '../../base/inTime';
import type { Text } from '../../base/language';
import type { Channel, Replaced } from '../../define/channel';
import type { Message } from '../../message/message';
import { memoryStore } from '../../state/memory';
import type { KeyValues } from '../../state/store';

/** s: how long a message may be replaced. */
const kept = 2 * 86_400;
const ofProcess = (): KeyValues => memoryStore(Date.now, 10_000);
let within = ofProcess();

/** What was sent under the keys of messages: its parts, which a later message takes the place of. */
export class Earlier {
	constructor(private readonly store: KeyValues = within) {}

	/**
	 * The parts in order; `null` where one has no handle.
	 * @param address of `addressOf`
	 */
	async find(address: string): Promise<readonly (Replaced | null)[]> {
		try {
			return JSON.parse((await inTime(this.store.get(address), undefined)) ?? '[]') as (Replaced | null)[];
		} catch {
			// A memory that is out of reach knows nothing, and costs no message.
			return [];
		}
	}

	async keep(address: string, parts: readonly (Replaced | null)[]): Promise<void> {
		// Where that is not known, the next one goes as a new message, and says so.
		await inTime(this.store.set(address, JSON.stringify(parts), kept), undefined);
	}
}

/** Where a message of that key is remembered, sent by this account to these targets. Nothing can be read from it. */
export const addressOf = (account: string, targets: readonly string[], key: string) =>
	`sent:${createHash('sha256')
		.update(JSON.stringify([account, targets, key]))
		.digest('base64url')}`;

/** Why a message that asks for it cannot take the place of an earlier one, whatever that was. */
export function whyNew({ edit, key }: Message, channel: Channel): Text | undefined {
	if (!edit) return undefined;
	if (channel.edit === undefined)
		return {
			en: `${channel.name} cannot change what was sent, so this went as a new message.`,
			zh: `${channel.zh}无法修改已发送的消息，因此作为新消息发送。`,
		};
	return key === undefined ? keyless : undefined;
}

const keyless: Text = {
	en: 'A message without a key takes no other’s place, so this went as a new one.',
	zh: '没有 key 的消息无法替换之前的消息，因此作为新消息发送。',
};

export const notKnown: Text = {
	en: 'No earlier message of this key is known, so this went as a new one.',
	zh: '找不到此 key 的先前消息，因此作为新消息发送。',
};

export const ofOtherForm: Text = {
	en: 'The earlier message has another form (a picture, files), so this went as a new one.',
	zh: '先前的消息形式不同（图片、文件等），因此作为新消息发送。',
};

export const partsStay: Text = {
	en: 'The earlier message had more parts: those at its end stay as they were.',
	zh: '先前的消息分条更多：末尾的几条保持原样。',
};

export const notReplaced = (why: Text): Text => ({
	en: `The earlier message could not be replaced, so this went as a new one. ${why.en}`,
	zh: `无法替换先前的消息，因此作为新消息发送。${why.zh}`,
});

/** For tests. */
export const forgetEarlier = () => void (within = ofProcess());
