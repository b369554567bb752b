import { invalid, matching, type Asked, type Item, type Listed } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import { call, type Bound } from './api';

/**
 * Chats in which something was written lately. Looks at what waits for the bot without taking it: a trigger gets it
 * all the same. Behind a webhook nothing waits.
 * @throws ChannelError that says what to do where nothing can be seen
 */
export async function recentChats(bound: Bound & Asked): Promise<Listed> {
	const { url = '' } = await call(bound, 'getWebhookInfo');
	if (url !== '')
		throw invalid('to', {
			en: 'This bot’s messages go to a webhook, so they cannot be looked at here: take the chat’s id from what a trigger gives out.',
			zh: '该机器人的消息发往 Webhook，这里无法查看：请从触发器的输出中获取会话 ID。',
		});
	// Without an offset nothing is confirmed; without a type all types stay as the trigger set them.
	const updates: VendorJson[] = (await call(bound, 'getUpdates', { timeout: 0, limit: 100 })) ?? [];
	const chats = new Map<string, Item>();
	for (const update of updates.reverse()) {
		const chat = chatIn(update);
		if (typeof chat?.id === 'number' && !chats.has(String(chat.id))) chats.set(String(chat.id), itemOf(chat));
	}
	if (chats.size === 0)
		throw invalid('to', {
			en: 'Nobody has written to the bot lately: write to it, or mention it in the group, and look again.',
			zh: '最近没有人给机器人发消息：请先给它发一条消息（在群组中需 @ 它），再来查看。',
		});
	return { items: matching([...chats.values()], bound.search) };
}

const chatIn = (update: VendorJson): VendorJson =>
	(
		Object.values(update ?? {}).find(
			(each) => (each as VendorJson)?.chat ?? (each as VendorJson)?.message?.chat,
		) as VendorJson
	)?.chat ?? update?.callback_query?.message?.chat;

function itemOf({ id, title, first_name, last_name, username, type }: VendorJson): Item {
	const person = [first_name, last_name].filter(Boolean).join(' ');
	return {
		value: String(id),
		name: String(title || person || username || id),
		description: [type, username && `@${username}`, id].filter(Boolean).join(' '),
	};
}
