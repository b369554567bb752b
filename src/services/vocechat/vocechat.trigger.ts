import { vocechat } from './vocechat.channel';
import { accessBy } from '../../core/define/access';
import { admissionOptions, chatAccess, parseCommand, wordless, type ChatEvent } from '../../core/receive/chat';
import { choices } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { defineTrigger } from '../../core/define/trigger';
import { answeredByChannel } from '../../core/receive/answered';
import { chatBytes, checkKey, objectIn, sayJson, timeOf, wordOf } from '../../core/receive/chatRequests';

const options = {
	events: choices(
		'Events',
		{
			normal: ['Messages', '消息'],
			reply: ['Replies', '回复'],
			edit: ['Edits', '编辑'],
			delete: ['Deletions', '删除'],
			like: ['Likes', '表情回应'],
			other: ['Everything else', '其他'],
		},
		{
			zh: '事件',
			default: ['normal', 'reply'],
			help: { en: 'Open-source servers send messages and replies alone', zh: '开源版服务器只推送消息与回复' },
		},
	),
	...admissionOptions,
};

/** What is said where a VoceChat bot listens. */
export const vocechatTrigger = defineTrigger<typeof vocechat.account, typeof options>({
	id: 'vocechatTrigger',
	set: 'chat',
	name: 'VoceChat Trigger',
	zh: 'VoceChat 触发器',
	docs: 'https://doc.voce.chat/bot/bot-and-webhook',
	description: {
		en: 'Messages to a VoceChat bot and in its groups. Put this trigger’s address into the bot’s “Webhook URL” under Settings → Bots & Webhooks',
		zh: '接收发给 VoceChat 机器人及其所在群组的消息。把触发器地址填入“设置 → 机器人 & Webhook”中该机器人的 Webhook 地址',
	},
	aliases: ['VoceChat', '机器人', 'bot'],
	accountOf: 'vocechat',
	account: vocechat.account,
	options,
	methods: ['GET', 'POST'],
	maxBytes: () => chatBytes,

	access: ({ account, options }) => chatAccess(accessBy(vocechat.account, account, ['callbackKey']), options),

	authorize({ request, account }) {
		checkKey(request, account.callbackKey as string | undefined);
	},

	receive({ request, account, options, now }) {
		// The server asks once, when the address is saved.
		if (request.method === 'GET') return { events: [], reply: sayJson({ ok: true }) };
		const said = objectIn(request.body, { en: 'VoceChat (without encryption)', zh: ' VoceChat（未加密时）' });
		const event = eventOf(said, String(account.baseUrl ?? ''), now);
		const kind = event.kind in known ? event.kind : 'other';
		const isWanted = options.events.length === 0 || (options.events as string[]).includes(kind);
		const isOwn = account.botUid !== undefined && event.user.id === String(account.botUid);
		if (!isWanted || isOwn) return { events: [], reply: sayJson({ ok: true }) };
		return answeredByChannel(vocechat, event, { account, options }, undefined, aboutOf(kind));
	},
});

const known = options.events.options as Readonly<Record<string, unknown>>;

/** What the form calls it; of messages, that nothing was written. */
function aboutOf(kind: string): Text | undefined {
	if (kind === 'normal' || kind === 'reply') return wordless;
	const { en = '', zh = '' } = (known[kind] as Partial<Text> | undefined) ?? {};
	return kind === 'other' || !en ? undefined : { en, zh };
}

function eventOf(said: VendorJson, server: string, now: number): ChatEvent {
	const detail: VendorJson = said.detail ?? {};
	// Edits, deletions and likes are told about within another detail.
	const inner: VendorJson = detail.type === 'reaction' ? (detail.detail ?? {}) : detail;
	const user = wordOf(said.from_uid);
	const group = wordOf(said.target?.gid);
	const isFile = inner.content_type === 'vocechat/file' || inner.content_type === 'vocechat/audio';
	const text = isFile ? '' : wordOf(inner.content ?? inner.action);
	return {
		channel: 'vocechat',
		conversation: group ? { id: `group:${group}`, kind: 'group' } : { id: `user:${user}`, kind: 'private' },
		user: { id: user },
		admin: false,
		text,
		// An edited command is not given a second time.
		...(detail.type !== 'reaction' && parseCommand(withoutMention(text))),
		...(group && !/^\s*@/.test(text) && { overheard: true as const }),
		...(isFile && { files: [fileOf(inner, server)] }),
		replyTo: group ? `group:${group}` : user && `user:${user}`,
		messageId: wordOf(said.mid) || `${wordOf(said.created_at)}:${user}`,
		time: timeOf(said.created_at, now),
		kind: wordOf(inner.type ?? said.type) || 'other',
		raw: said,
	};
}

/** In groups people turn to a bot: ` @7 /last`. */
const withoutMention = (text: string) => text.replace(/^\s*(?:@\S+\s+)+(?=[/／])/, '');

function fileOf({ content, properties }: VendorJson, server: string): NonNullable<ChatEvent['files']>[number] {
	const path = wordOf(content);
	const name = wordOf(properties?.name);
	const mime = wordOf(properties?.content_type);
	return {
		id: path,
		...(name && { name }),
		...(mime && { mime }),
		...(server &&
			path && { url: `${server}/api/resource/file?file_path=${encodeURIComponent(path.toWellFormed())}` }),
	};
}
