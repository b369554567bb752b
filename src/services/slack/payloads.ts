import type { ChatEvent } from '../../core/receive/chat';
import { parseCommand, wordless } from '../../core/receive/chat';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { timeOf, wordOf } from '../../core/receive/chatRequests';

/** How Slack tells: in its envelopes' words. By HTTP, JSON is the first and forms are the others. */
export type PayloadType = 'events_api' | 'slash_commands' | 'interactive';

/** What there is to choose from. */
export const slackKinds = {
	message: ['Messages', '消息'],
	mention: ['Mentions of the app', '提及应用'],
	command: ['Slash commands', '斜杠命令'],
	shortcut: ['Shortcuts', '快捷操作'],
	action: ['Pressed buttons and menus', '按钮与菜单操作'],
	view: ['Submitted and closed views', '弹窗提交与关闭'],
	other: ['All other events', '其他事件'],
} as const;

export interface SlackEvent {
	kind: keyof typeof slackKinds;
	/** A program wrote it, perhaps this app itself. */
	isOfBot: boolean;
	said: ChatEvent;
}

/** What the form calls it; of what was said, that nothing was written. */
export function aboutOf({ kind, said }: SlackEvent): Text | undefined {
	if (kind === 'message' || kind === 'mention') return wordless;
	const [en, zh] = slackKinds[kind];
	return kind === 'other' ? (entry(happenings, said.kind) ?? undefined) : { en, zh };
}

const happenings: Readonly<Record<string, Text>> = {
	member_joined_channel: { en: 'Joined the channel', zh: '加入了频道' },
	member_left_channel: { en: 'Left the channel', zh: '离开了频道' },
	'message.message_changed': { en: 'A message was edited', zh: '消息已编辑' },
	'message.message_deleted': { en: 'A message was deleted', zh: '消息已删除' },
	reaction_added: { en: 'Reacted', zh: '添加了表情回应' },
	reaction_removed: { en: 'Took a reaction back', zh: '移除了表情回应' },
	app_home_opened: { en: 'Opened the app', zh: '打开了应用' },
};

const entry = (table: Readonly<Record<string, Text>>, key: string) =>
	Object.hasOwn(table, key) ? table[key] : undefined;

/** @param now ms; of what carries no time */
export function readPayload(type: PayloadType, given: VendorJson, now: number): SlackEvent {
	// The token that Slack used to be known by, before it signed, is nothing for a flow.
	const { token: _, ...payload } = objectOf(given);
	if (type === 'slash_commands') return readCommand(payload, now);
	if (type === 'interactive') return readInteraction(payload, now);
	return readEvent(payload, now);
}

/** What a person said, where it has no subtype or one of these. */
const spoken: ReadonlySet<unknown> = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

function readEvent(payload: VendorJson, now: number): SlackEvent {
	const event = objectOf(payload.event);
	const type = wordOf(event.type);
	const subtype = wordOf(event.subtype);
	const isSpoken = type === 'message' && (spoken.has(event.subtype) || subtype === 'bot_message');
	const channel = wordOf(event.channel) || wordOf(objectOf(event.channel).id) || wordOf(objectOf(event.item).channel);
	const user = wordOf(event.user) || wordOf(objectOf(event.user).id) || wordOf(event.bot_id);
	const text = plain(event.text);
	const words = type === 'app_mention' ? text.replace(/^\s*<@[^>]*>\s*/, '') : text || wordOf(event.reaction);
	const said: ChatEvent = {
		...place(channel, user, event.channel_type),
		user: { id: user },
		text: words,
		...(type === 'app_mention' || isSpoken ? parseCommand(words) : {}),
		...filesOf(event.files),
		// What is said to the app is told as a mention, too.
		...(type !== 'app_mention' && !(isSpoken && channel.startsWith('D')) && { overheard: true as const }),
		replyTo: answerIn(channel || user, event.thread_ts),
		messageId: wordOf(event.ts) || wordOf(payload.event_id) || wordOf(event.event_ts),
		time: timeOf(seconds(event.event_ts ?? event.ts), now),
		kind: type === 'message' && !isSpoken ? `message.${subtype}` : type,
		raw: payload,
	};
	const kind = type === 'app_mention' ? 'mention' : isSpoken ? 'message' : 'other';
	// An edit bears the id of what was edited, and is another happening all the same.
	if (kind === 'other') said.messageId = wordOf(payload.event_id) || said.messageId;
	return { kind, isOfBot: event.bot_id !== undefined || subtype === 'bot_message', said };
}

function readCommand(payload: VendorJson, now: number): SlackEvent {
	const channel = wordOf(payload.channel_id);
	const user = wordOf(payload.user_id);
	const text = [wordOf(payload.command), plain(payload.text)].filter(Boolean).join(' ');
	const said: ChatEvent = {
		...place(
			channel,
			user,
			payload.channel_name === 'directmessage' ? 'im' : undefined,
			wordOf(payload.channel_name),
		),
		user: { id: user, ...named(payload.user_name) },
		text,
		...parseCommand(text),
		replyTo: channel || user,
		messageId: wordOf(payload.trigger_id),
		time: timeOf(undefined, now),
		kind: 'slash_command',
		raw: payload,
	};
	return { kind: 'command', isOfBot: false, said };
}

const interactions: Readonly<Record<string, SlackEvent['kind'] | undefined>> = {
	block_actions: 'action',
	interactive_message: 'action',
	shortcut: 'shortcut',
	message_action: 'shortcut',
	view_submission: 'view',
	view_closed: 'view',
};

function readInteraction(payload: VendorJson, now: number): SlackEvent {
	const type = wordOf(payload.type);
	const kind = Object.hasOwn(interactions, type) ? interactions[type]! : 'other';
	const { id, username, name } = objectOf(payload.user);
	const container = objectOf(payload.container);
	const message = objectOf(payload.message);
	const channel = wordOf(objectOf(payload.channel).id) || wordOf(container.channel_id);
	const action = objectOf(Array.isArray(payload.actions) ? payload.actions[0] : undefined);
	const called = wordOf(payload.callback_id) || wordOf(objectOf(payload.view).callback_id);
	const value = kind === 'action' ? chosen(action) : '';
	const pressedOn = wordOf(container.message_ts) || wordOf(message.ts) || wordOf(payload.message_ts);
	const text = kind === 'action' ? value : called;
	const said: ChatEvent = {
		...place(channel, wordOf(id), undefined, wordOf(objectOf(payload.channel).name)),
		user: { id: wordOf(id), ...named(username ?? name) },
		text,
		// A shortcut is named by its callback id, with a slash or without.
		...parseCommand(kind === 'shortcut' && !called.startsWith('/') ? `/${called}` : text),
		...(kind === 'action' && { button: { value, ...(pressedOn && { messageId: pressedOn }) } }),
		replyTo: answerIn(channel || wordOf(id), container.thread_ts ?? message.thread_ts),
		messageId:
			wordOf(payload.trigger_id) ||
			wordOf(action.action_ts) ||
			wordOf(payload.action_ts) ||
			wordOf(objectOf(payload.view).id),
		time: timeOf(seconds(action.action_ts ?? payload.action_ts), now),
		kind: type,
		raw: payload,
	};
	return { kind, isOfBot: false, said };
}

/** Of a button its value, of a menu what was chosen, of a picker the date. */
function chosen(action: VendorJson): string {
	const several = (options: unknown) =>
		Array.isArray(options)
			? options.map((one: unknown) => wordOf(objectOf(one).value) || wordOf(one)).join(',')
			: '';
	const names = [
		'selected_user',
		'selected_conversation',
		'selected_channel',
		'selected_date',
		'selected_time',
		'selected_date_time',
	];
	return (
		wordOf(action.value) ||
		wordOf(objectOf(action.selected_option).value) ||
		several(action.selected_options) ||
		names.map((name) => wordOf(action[name])).find((value) => value !== '') ||
		wordOf(action.action_id) ||
		wordOf(action.name)
	);
}

const channelTypes: Readonly<Record<string, ChatEvent['conversation']['kind']>> = {
	im: 'private',
	mpim: 'group',
	group: 'group',
	channel: 'channel',
};
const prefixes: typeof channelTypes = { D: 'private', G: 'group', C: 'channel' };

/** What happens outside a conversation is between the app and the user. */
function place(
	channel: string,
	user: string,
	type: unknown,
	name = '',
): Pick<ChatEvent, 'channel' | 'admin' | 'conversation'> {
	const kind = channelTypes[wordOf(type)] ?? prefixes[channel.charAt(0)] ?? 'private';
	return { channel: 'slack', admin: false, conversation: { id: channel || user, kind, ...named(name) } };
}

const named = (name: unknown): { name?: string } => (wordOf(name) === '' ? {} : { name: wordOf(name) });

const answerIn = (channel: string, thread: unknown) =>
	wordOf(thread) === '' ? channel : `${channel}:${wordOf(thread)}`;

/** `1610241741.000200` → ms */
const seconds = (ts: unknown) => Math.floor(Number(wordOf(ts) || NaN) * 1_000);

const objectOf = (value: unknown): VendorJson => (typeof value === 'object' && value !== null ? value : {});

/** Slack writes links as `<address|words>` and escapes three letters; who and where stay as they are. */
function plain(text: unknown): string {
	return wordOf(text)
		.replace(/<((?:https?:|mailto:|tel:)[^|<>]*)(?:\|([^<>]*))?>/g, (_, address: string, words?: string) =>
			/^http/.test(address) ? address : (words ?? address),
		)
		.replace(/<#[A-Z0-9]+\|([^<>]+)>/g, '#$1')
		.replace(/&(amp|lt|gt);/g, (_, name: 'amp' | 'lt' | 'gt') => ({ amp: '&', lt: '<', gt: '>' })[name]);
}

function filesOf(files: unknown): Pick<ChatEvent, 'files'> {
	if (!Array.isArray(files) || files.length === 0) return {};
	return {
		files: files.map(objectOf).map(({ id, name, mimetype, url_private: url }: VendorJson) => ({
			...(wordOf(id) && { id: wordOf(id) }),
			...named(name),
			...(wordOf(mimetype) && { mime: wordOf(mimetype) }),
			...(wordOf(url) && { url: wordOf(url), locked: true as const }),
		})),
	};
}
