import { parseCommand, wordless, type ChatEvent } from '../../core/receive/chat';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { timeOf, wordOf } from '../../core/receive/chatRequests';

/** An event as Feishu tells it since 2.0, and what older subscriptions send made into the same. */
export interface FeishuEvent {
	id: string;
	type: string;
	/** The verification token. */
	token: string;
	/** ms since 1970, as text. */
	created: unknown;
	body: VendorJson;
	raw: VendorJson;
}

export function feishuEvent(raw: VendorJson): FeishuEvent {
	const { header, event, uuid, token, ts } = raw;
	const told = withoutToken(raw);
	if (header)
		return {
			id: wordOf(header.event_id),
			type: wordOf(header.event_type),
			token: wordOf(header.token),
			created: header.create_time,
			body: event ?? {},
			raw: told,
		};
	return {
		id: wordOf(uuid),
		type: wordOf(event?.type ?? raw.type),
		token: wordOf(token),
		created: Number(wordOf(ts)) * 1_000,
		body: event ?? {},
		raw: told,
	};
}

/** The token tells us that it is Feishu; a flow has no use for it. */
function withoutToken({ token: _, ...raw }: VendorJson): VendorJson {
	if (typeof raw.header !== 'object' || raw.header === null) return raw;
	const { token: __, ...header } = raw.header;
	return { ...raw, header };
}

/** @param now ms; of what carries no time */
export function readFeishu(event: FeishuEvent, now: number): ChatEvent {
	const read = readers[event.type] ?? readOther;
	return {
		...read(event.body),
		channel: 'feishuApp',
		admin: false,
		messageId: event.id || wordOf(event.body.message?.message_id),
		time: timeOf(event.body.message?.create_time ?? event.created, now),
		kind: event.type || 'other',
		raw: event.raw,
	};
}

/** What happened, of the events that people know; `undefined` for the others. */
export function aboutOf({ kind }: ChatEvent): Text | undefined {
	const text = happenings.get(kind);
	return text && { en: text[0], zh: text[1] };
}

const happenings: ReadonlyMap<string, readonly [en: string, zh: string]> = new Map([
	['im.message.receive_v1', [wordless.en, wordless.zh]],
	['im.chat.member.bot.added_v1', ['The bot was added to a group', '机器人被拉入群聊']],
	['im.chat.member.bot.deleted_v1', ['The bot was removed from a group', '机器人被移出群聊']],
	['im.chat.member.user.added_v1', ['A member joined the group', '新成员入群']],
	['im.chat.member.user.deleted_v1', ['A member left the group', '成员退群']],
	['im.chat.member.user.withdrawn_v1', ['An invitation was withdrawn', '撤销拉人入群']],
	['im.chat.updated_v1', ['The group was changed', '群信息变更']],
	['im.chat.disbanded_v1', ['The group was dissolved', '群已解散']],
	['im.message.reaction.created_v1', ['A reaction was added', '添加了表情回复']],
	['im.message.reaction.deleted_v1', ['A reaction was taken back', '移除了表情回复']],
	['im.message.message_read_v1', ['A message was read', '消息已读']],
	['im.message.recalled_v1', ['A message was recalled', '消息已撤回']],
	['im.chat.access_event.bot_p2p_chat_entered_v1', ['A chat with the bot was opened', '用户进入与机器人的会话']],
]);

type Read = Pick<ChatEvent, 'conversation' | 'user' | 'text' | 'command' | 'args' | 'button' | 'files' | 'replyTo'>;

const readers: Readonly<Record<string, (body: VendorJson) => Read>> = {
	'im.message.receive_v1': readMessage,
	'card.action.trigger': readPressed,
	'application.bot.menu_v6': readMenu,
};

function readMessage({ sender, message: given }: VendorJson): Read {
	const message: VendorJson = given ?? {};
	const chat = wordOf(message.chat_id);
	const content = contentOf(message.content);
	const text = withoutMentions(textOf(message.message_type, content), message.mentions);
	const files = filesOf(message.message_type, content);
	const isInThread = wordOf(message.thread_id) !== '' || wordOf(message.root_id) !== '';
	return {
		conversation: { id: chat, kind: message.chat_type === 'p2p' ? 'private' : 'group' },
		user: userOf(sender?.sender_id),
		text,
		...parseCommand(text),
		...(files.length > 0 && { files }),
		// An answer to a message stands in that message's thread.
		replyTo: isInThread ? wordOf(message.message_id) : chat,
	};
}

function readPressed({ operator, action, context: place }: VendorJson): Read {
	const context: VendorJson = place ?? {};
	const user = userOf(operator);
	const chat = wordOf(context.open_chat_id);
	const messageId = wordOf(context.open_message_id);
	const value = valueOf(action ?? {});
	return {
		conversation: { id: chat || user.id, kind: chat ? 'group' : 'private' },
		user,
		text: value,
		...parseCommand(value),
		button: { value, ...(messageId && { messageId }) },
		replyTo: chat || user.id,
	};
}

function readMenu({ operator, event_key: key }: VendorJson): Read {
	const user = { ...userOf(operator?.operator_id), ...named(operator?.operator_name) };
	const text = wordOf(key);
	return {
		conversation: { id: user.id, kind: 'private' },
		user,
		text,
		...parseCommand(text.startsWith('/') ? text : `/${text}`),
		button: { value: text },
		replyTo: user.id,
	};
}

function readOther(body: VendorJson): Read {
	const user = userOf(body.operator_id ?? body.operator?.operator_id ?? body.sender?.sender_id ?? body.user_id);
	const chat = wordOf(body.chat_id);
	return {
		conversation: { id: chat || user.id, kind: chat ? 'group' : 'private', ...named(body.name) },
		user,
		text: '',
		replyTo: chat || user.id,
	};
}

const userOf = (ids: VendorJson) => ({ id: wordOf(ids?.open_id) || wordOf(ids?.user_id) || wordOf(ids?.union_id) });
const named = (name: unknown) => (wordOf(name) ? { name: wordOf(name) } : {});

/** JSON within the JSON. */
function contentOf(content: unknown): VendorJson {
	try {
		return JSON.parse(String(content)) ?? {};
	} catch {
		// What Feishu could not put into words for a bot comes as plain text.
		return { text: wordOf(content) };
	}
}

function textOf(type: unknown, content: VendorJson): string {
	if (type !== 'post') return wordOf(content.text);
	// A post as it is received stands bare; as it is sent, below its language.
	const post = Array.isArray(content.content) ? content : (Object.values(content)[0] ?? {});
	const lines: VendorJson[] = Array.isArray(post.content) ? post.content : [];
	const words = lines.map((line) => (Array.isArray(line) ? line.map(wordsOf).join('') : ''));
	return [wordOf(post.title), ...words].filter((line) => line !== '').join('\n');
}

/** Mentions stand in a post under their placeholder as in a text. */
const wordsOf = (node: VendorJson): string => (node?.tag === 'at' ? wordOf(node.user_id) : wordOf(node?.text));

/** Mentions in front are how people turn to a bot; others become names. */
function withoutMentions(text: string, mentions: VendorJson): string {
	const known = new Map<string, string>();
	for (const mention of Array.isArray(mentions) ? mentions : [])
		if (wordOf(mention?.key)) known.set(wordOf(mention.key), wordOf(mention.name));
	let rest = text.trimStart();
	for (;;) {
		const [first = ''] = /^@\S+/.exec(rest) ?? [];
		if (!known.has(first)) break;
		rest = rest.slice(first.length).trimStart();
	}
	return rest.replace(/@_user_\d+/g, (key) => (known.has(key) ? `@${known.get(key)}` : key));
}

function filesOf(type: unknown, content: VendorJson): NonNullable<ChatEvent['files']> {
	const id = wordOf(content.file_key) || wordOf(content.image_key);
	const name = wordOf(content.file_name);
	if (id === '') return [];
	return [{ id, ...(name && { name }), ...(type === 'image' && { mime: 'image/*' }) }];
}

/** A button's own value, or what was chosen or typed in a form. */
function valueOf({ value, option, input_value: typed, form_value: form, name }: VendorJson): string {
	const own = typeof value === 'object' && value !== null ? wordOf(value.value) || undefined : wordOf(value);
	const chosen = own || wordOf(option) || wordOf(typed);
	if (chosen) return chosen;
	const whole = form ?? (value && Object.keys(value).length > 0 ? value : undefined);
	return whole === undefined ? wordOf(name) : JSON.stringify(whole);
}
