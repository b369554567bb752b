import { createHash } from 'node:crypto';
import {
	admissionOptions,
	admit,
	chatHappening,
	parseCommand,
	type AdmissionOptions,
	wordless,
	type ChatEvent,
} from '../../core/receive/chat';
import { choices } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import type { Language, Text } from '../../core/base/language';
import type { Happening } from '../../core/define/trigger';
import { timeOf, wordOf } from '../../core/receive/chatRequests';

/** What all triggers of OneBot let the user choose. */
export const oneBotOptions = {
	events: choices(
		'Events',
		{
			message: ['Messages', '消息'],
			notice: ['Notices (recalls, joins, pokes …)', '通知（撤回、入群、戳一戳等）'],
			request: ['Requests (friends, groups)', '请求（加好友、加群）'],
			meta_event: ['The bot’s own state', '元事件（心跳、生命周期）'],
		},
		{ zh: '事件', default: ['message'] },
	),
	...admissionOptions,
};

type Options = AdmissionOptions & { events: string[] };

/** What becomes of an event: what goes into the flow, and what is said at once. */
export interface Heard {
	happening?: Happening;
	answer?: string;
	replyTo: string;
}

export function hear(event: VendorJson, options: Options, language: Language, now: number): Heard {
	const isWanted = options.events.length === 0 || options.events.includes(wordOf(event.post_type));
	// Some implementations report what the bot says itself, under either name.
	const isOwn = isMessageOf(event) && wordOf(event.user_id) === wordOf(event.self_id);
	if (!isWanted || isOwn) return { replyTo: '' };
	const { passes, event: admitted, answer } = admit(readOneBot(event, now), options, language);
	return {
		...(passes && { happening: chatHappening(admitted, language, aboutOf(event)) }),
		answer,
		replyTo: admitted.replyTo,
	};
}

/** @param now ms; of what carries no time */
export function readOneBot(event: VendorJson, now: number): ChatEvent {
	const group = wordOf(event.group_id);
	const user = wordOf(event.user_id);
	const sender: VendorJson = event.sender ?? {};
	const name = wordOf(sender.card) || wordOf(sender.nickname);
	const groupName = wordOf(event.group_name);
	const isMessage = isMessageOf(event);
	const { text, files, isToBot } = isMessage
		? contentOf(event)
		: { text: wordOf(event.comment), files: [], isToBot: false };
	return {
		channel: 'onebot',
		conversation: group
			? { id: group, kind: 'group', ...(groupName && { name: groupName }) }
			: { id: user, kind: 'private', ...(name && { name }) },
		user: { id: user, ...(name && { name }) },
		admin: false,
		text,
		...(isMessage && parseCommand(text)),
		...(group && !isToBot && { overheard: true as const }),
		...(files.length > 0 && { files }),
		replyTo: group ? `group:${group}` : user && `private:${user}`,
		messageId: isMessage ? wordOf(event.message_id) : fingerprint(event),
		time: timeOf(Number(wordOf(event.time)) * 1_000, now),
		kind: kindOf(event),
		raw: event,
	};
}

/** notice.notify.poke */
function kindOf(event: VendorJson): string {
	const type = wordOf(event.post_type);
	if (isMessageOf(event)) return 'message';
	return [type, event[type === 'meta_event' ? 'meta_event_type' : `${type}_type`], event.sub_type]
		.map(wordOf)
		.filter((part) => part !== '')
		.join('.');
}

/** Only messages have an id. */
const fingerprint = (event: VendorJson) =>
	createHash('sha256').update(JSON.stringify(event)).digest('hex').slice(0, 32);

const isMessageOf = ({ post_type: type }: VendorJson) => type === 'message' || type === 'message_sent';

/** What a notice, a request or the bot's state tells, in words. The more precise name comes first. */
const happenings: ReadonlyMap<string, readonly [en: string, zh: string]> = new Map([
	['notice.group_upload', ['A file was uploaded to the group', '群文件上传']],
	['notice.group_admin.set', ['Became an admin of the group', '被设为群管理员']],
	['notice.group_admin.unset', ['Is no longer an admin of the group', '被取消群管理员']],
	['notice.group_decrease.leave', ['Left the group', '退出群聊']],
	['notice.group_decrease.kick', ['Was removed from the group', '被移出群聊']],
	['notice.group_decrease.kick_me', ['The bot was removed from the group', '机器人被移出群聊']],
	['notice.group_decrease', ['Left the group', '成员减少']],
	['notice.group_increase', ['Joined the group', '加入群聊']],
	['notice.group_ban.ban', ['Was muted', '被禁言']],
	['notice.group_ban.lift_ban', ['May speak again', '被解除禁言']],
	['notice.group_recall', ['A message was recalled in the group', '群消息撤回']],
	['notice.friend_recall', ['A message was recalled', '好友消息撤回']],
	['notice.friend_add', ['A new friend', '新增好友']],
	['notice.notify.poke', ['Poked', '戳一戳']],
	['notice.notify.lucky_king', ['Lucky king of the red packet', '群红包运气王']],
	['notice.notify.honor', ['The group’s honours changed', '群荣誉变更']],
	['notice.notify.title', ['The member’s title changed', '群成员头衔变更']],
	['notice.notify.profile_like', ['Liked the profile', '资料卡点赞']],
	['notice.notify.input_status', ['Is typing', '正在输入']],
	['notice.essence', ['The group’s pinned messages changed', '群精华消息变更']],
	['notice.group_card', ['The name in the group changed', '群名片变更']],
	['notice.group_msg_emoji_like', ['Reacted to a message', '消息表情回应']],
	['notice.offline_file', ['An offline file arrived', '收到离线文件']],
	['notice.client_status', ['A client came or went', '客户端状态变更']],
	['notice.bot_offline', ['The bot went offline', '机器人离线']],
	['notice', ['Something happened in the chat', '收到通知']],
	['request.friend', ['Wants to be friends', '请求加为好友']],
	['request.group.invite', ['Invites the bot to a group', '邀请机器人入群']],
	['request.group', ['Wants to join the group', '申请加群']],
	['request', ['A request', '收到请求']],
	['meta_event.heartbeat', ['The bot is alive', '机器人心跳']],
	['meta_event.lifecycle.connect', ['The bot is connected', '机器人已连接']],
	['meta_event.lifecycle.enable', ['The bot was switched on', '机器人已启用']],
	['meta_event.lifecycle.disable', ['The bot was switched off', '机器人已停用']],
	['meta_event', ['The bot’s state changed', '机器人状态变更']],
]);

/** Segments that are no text and no file. */
const segmentWords: ReadonlyMap<string, readonly [en: string, zh: string]> = new Map([
	['face', ['An emoji', '表情']],
	['mface', ['A sticker', '表情']],
	['dice', ['A roll of the dice', '骰子']],
	['rps', ['Rock, paper, scissors', '猜拳']],
	['poke', ['Poked', '戳一戳']],
	['shake', ['Shook the window', '窗口抖动']],
	['location', ['A location', '位置']],
	['share', ['A link', '链接分享']],
	['music', ['A song', '音乐分享']],
	['contact', ['A contact', '推荐名片']],
	['forward', ['Forwarded messages', '合并转发']],
	['node', ['Forwarded messages', '合并转发']],
	['json', ['A card', '卡片消息']],
	['xml', ['A card', '卡片消息']],
	['markdown', ['A formatted message', '格式消息']],
	['redbag', ['A red packet', '红包']],
]);

/** In words, who is meant where the event gives no name. */
function aboutOf(event: VendorJson): Text {
	if (isMessageOf(event)) {
		const found = segmentsOf(event)
			.map(({ type }) => segmentWords.get(type))
			.find(Boolean);
		return found ? { en: found[0], zh: found[1] } : wordless;
	}
	const parts = kindOf(event).split('.', 4);
	let found: readonly [string, string] | undefined;
	for (let length = parts.length; length > 0 && !found; length--)
		found = happenings.get(parts.slice(0, length).join('.'));
	const [en, zh] = found ?? happenings.get('notice')!;
	const who = wordOf(event.target_id) || wordOf(event.user_id);
	const more = [who, wordOf(event.file?.name)].filter((word) => word !== '' && word !== '0').join(' · ');
	return more ? { en: `${en}: ${more}`, zh: `${zh}：${more}` } : { en, zh };
}

interface Segment {
	type: string;
	data: Record<string, unknown>;
}

const segmentsOf = ({ message, raw_message: raw }: VendorJson): Segment[] =>
	Array.isArray(message) ? message.map(segment) : parseCq(wordOf(message ?? raw));

function contentOf(event: VendorJson): Pick<Required<ChatEvent>, 'text' | 'files'> & { isToBot: boolean } {
	const segments = segmentsOf(event);
	const own = wordOf(event.self_id);
	const words = segments.map(({ type, data }) => {
		if (type === 'text') return wordOf(data.text);
		// How people turn to the bot in a group.
		return type === 'at' && wordOf(data.qq) !== own ? `@${wordOf(data.qq)} ` : '';
	});
	const isToBot = segments.some(({ type, data }) => type === 'at' && wordOf(data.qq) === own);
	return { text: words.join('').trim(), files: segments.flatMap(fileOf), isToBot };
}

const segment = (given: VendorJson): Segment => ({ type: wordOf(given?.type), data: given?.data ?? {} });

const mimes: Readonly<Record<string, string>> = { image: 'image/*', record: 'audio/*', video: 'video/*' };

function fileOf({ type, data }: Segment): NonNullable<ChatEvent['files']> {
	if (type !== 'file' && mimes[type] === undefined) return [];
	const url = wordOf(data.url);
	const id = wordOf(data.file_id) || wordOf(data.file);
	const name = wordOf(data.name) || (type === 'file' ? wordOf(data.file) : '');
	const mime = mimes[type];
	return [{ ...(id && { id }), ...(url && { url }), ...(name && { name }), ...(mime && { mime }) }];
}

/** `[CQ:at,qq=1] hi &amp; bye` → its segments. */
export function parseCq(source: string): Segment[] {
	const segments: Segment[] = [];
	let from = 0;
	for (const match of source.matchAll(/\[CQ:([\w-]+)((?:,[^\],[]*)*)\]/g)) {
		if (match.index > from) segments.push(textSegment(source.slice(from, match.index)));
		const pairs = (match[2] ?? '')
			.split(',')
			.filter((pair) => pair.includes('='))
			.map((pair) => [pair.slice(0, pair.indexOf('=')), unescaped(pair.slice(pair.indexOf('=') + 1))] as const);
		segments.push({ type: match[1]!, data: Object.fromEntries(pairs) });
		from = match.index + match[0].length;
	}
	if (from < source.length) segments.push(textSegment(source.slice(from)));
	return segments;
}

const textSegment = (source: string): Segment => ({ type: 'text', data: { text: unescaped(source) } });

const unescaped = (source: string) =>
	source.replace(/&#91;/g, '[').replace(/&#93;/g, ']').replace(/&#44;/g, ',').replace(/&amp;/g, '&');
