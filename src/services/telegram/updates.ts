import type { ChatEvent } from '../../core/receive/chat';
import { parseCommand, wordless } from '../../core/receive/chat';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { timeOf, wordOf } from '../../core/receive/chatRequests';

/** What Telegram tells a bot of: `allowed_updates`. */
export const updateKinds = {
	message: ['Messages', '消息'],
	edited_message: ['Edited messages', '编辑的消息'],
	channel_post: ['Channel posts', '频道帖子'],
	edited_channel_post: ['Edited channel posts', '编辑的频道帖子'],
	callback_query: ['Pressed buttons', '按钮点击'],
	inline_query: ['Inline queries', '内联查询'],
	chosen_inline_result: ['Chosen inline results', '选定的内联结果'],
	message_reaction: ['Reactions', '表情回应'],
	message_reaction_count: ['Counts of anonymous reactions', '匿名回应计数'],
	poll: ['Polls', '投票'],
	poll_answer: ['Votes', '投票选择'],
	my_chat_member: ['The bot’s own membership', '机器人自身的成员状态'],
	chat_member: ['Members of chats', '会话成员变更'],
	chat_join_request: ['Requests to join', '入群申请'],
	chat_boost: ['Boosts', '助力'],
	removed_chat_boost: ['Removed boosts', '撤销的助力'],
	business_connection: ['Business connections', '商业连接'],
	business_message: ['Business messages', '商业消息'],
	edited_business_message: ['Edited business messages', '编辑的商业消息'],
	deleted_business_messages: ['Deleted business messages', '删除的商业消息'],
	shipping_query: ['Shipping queries', '配送查询'],
	pre_checkout_query: ['Checkout queries', '结账查询'],
	purchased_paid_media: ['Purchases of paid media', '付费媒体购买'],
} as const;

const messages: ReadonlySet<string> = new Set([
	...['message', 'edited_message', 'channel_post', 'edited_channel_post'],
	...['business_message', 'edited_business_message'],
]);

/** What the form calls it; of messages, that nothing was written. */
export function aboutUpdate(kind: string): Text | undefined {
	if (messages.has(kind)) return wordless;
	if (!Object.hasOwn(updateKinds, kind)) return undefined;
	const [en, zh] = updateKinds[kind as keyof typeof updateKinds];
	return { en, zh };
}

/** The one thing that an update tells, also where it is newer than the list above; '' where there is none. */
export const kindOf = (update: VendorJson): string => Object.keys(update).find((key) => key !== 'update_id') ?? '';

/**
 * @param bot its user name, where it is known: commands for another bot of the group are no commands then
 * @param now ms; of what carries no time
 */
export function readUpdate(update: VendorJson, now: number, bot?: string): ChatEvent {
	const kind = kindOf(update);
	const body: VendorJson = update[kind] ?? {};
	const message = messages.has(kind) ? body : kind === 'callback_query' ? body.message : undefined;
	const chat = message?.chat ?? body.chat;
	// Who writes for a channel, or hidden as an admin, has the id of a bot that all such share.
	const user =
		(kind === 'callback_query' ? undefined : body.sender_chat) ??
		body.from ??
		body.user ??
		body.voter_chat ??
		chat ??
		{};
	const place = chat ?? user;
	const text = wordOf(kind === 'callback_query' ? body.data : (body.text ?? body.caption ?? body.query));
	const topic = message?.is_topic_message ? wordOf(message.message_thread_id) : '';
	const seconds: unknown = body.edit_date ?? body.date;
	return {
		channel: 'telegram',
		conversation: { id: wordOf(place.id), kind: conversations[place.type] ?? 'private', ...named(place) },
		user: { id: wordOf(user.id), ...named(user) },
		admin: false,
		text,
		...commandFor(text, bot),
		...(isOverheard(kind, place, body, text, bot) && { overheard: true as const }),
		...(kind === 'callback_query' && { button: { value: text, ...pressedOn(body) } }),
		...filesOf(messages.has(kind) ? body : {}),
		replyTo: wordOf(place.id) + (topic === '' ? '' : `:${topic}`),
		messageId: messageIdOf(kind, body, update),
		time: timeOf(typeof seconds === 'number' ? seconds * 1_000 : undefined, now),
		kind,
		raw: update,
	};
}

/** A bot that sees all of a group's messages; a reply is to it where it is to one of its own. */
const isOverheard = (
	kind: string,
	place: VendorJson,
	message: VendorJson,
	text: string,
	bot: string | undefined,
): boolean =>
	kind !== 'callback_query' &&
	conversations[place.type] !== undefined &&
	place.type !== 'private' &&
	!message.reply_to_message?.from?.is_bot &&
	!(bot && text.toLowerCase().includes(`@${bot.toLowerCase()}`));

const conversations: Readonly<Record<string, ChatEvent['conversation']['kind']>> = {
	private: 'private',
	group: 'group',
	supergroup: 'group',
	channel: 'channel',
};

function named({ title, first_name: first, last_name: last, username }: VendorJson): { name?: string } {
	const name =
		[title, first, last].filter((part) => typeof part === 'string' && part !== '').join(' ') || wordOf(username);
	return name ? { name } : {};
}

function pressedOn({ message, inline_message_id: inline }: VendorJson): { messageId?: string } {
	const id = wordOf(message?.message_id ?? inline);
	return id === '' ? {} : { messageId: id };
}

function commandFor(text: string, bot: string | undefined): ReturnType<typeof parseCommand> {
	const [, addressee] = /^[/／][\p{L}\p{N}_-]+@([\w.-]+)/u.exec(text.trim()) ?? [];
	return addressee && bot && addressee.toLowerCase() !== bot.toLowerCase() ? {} : parseCommand(text);
}

/** An edit bears the id of what was edited, and is another happening all the same. */
function messageIdOf(kind: string, body: VendorJson, update: VendorJson): string {
	if (kind === 'callback_query') return wordOf(body.id);
	if (!messages.has(kind)) return `update:${update.update_id}`;
	return [body.message_id, body.edit_date].map(wordOf).filter(Boolean).join(':');
}

const single = ['document', 'animation', 'audio', 'voice', 'video', 'video_note', 'sticker'] as const;

/** Photos come in several sizes, the largest last; an animation also comes as a document. */
function filesOf(message: VendorJson): Pick<ChatEvent, 'files'> {
	const found = single.map((name) => message[name]).filter((file) => typeof file?.file_id === 'string');
	const photo = Array.isArray(message.photo) ? message.photo.at(-1) : undefined;
	const files = [...(photo ? [{ mime: 'image/jpeg', id: wordOf(photo.file_id) }] : []), ...found.map(fileOf)];
	const unique = files.filter(({ id }, index) => files.findIndex((other) => other.id === id) === index);
	return unique.length > 0 ? { files: unique } : {};
}

const fileOf = ({ file_id, file_name, mime_type }: VendorJson) => ({
	id: String(file_id),
	...(file_name && { name: wordOf(file_name) }),
	...(mime_type && { mime: wordOf(mime_type) }),
});
