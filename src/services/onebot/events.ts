import { createHash } from 'node:crypto';
import {
	admissionOptions,
	admit,
	chatHappening,
	parseCommand,
	type AdmissionOptions,
	type ChatEvent,
} from '../../core/receive/chat';
import { choices } from '../../core/base/field';
import type { VendorJson } from '../../core/http/http';
import type { Language } from '../../core/base/language';
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
	const isOwn = event.post_type === 'message' && wordOf(event.user_id) === wordOf(event.self_id);
	if (!isWanted || isOwn) return { replyTo: '' };
	const { passes, event: admitted, answer } = admit(readOneBot(event, now), options, language);
	return { ...(passes && { happening: chatHappening(admitted) }), answer, replyTo: admitted.replyTo };
}

/** @param now ms; of what carries no time */
export function readOneBot(event: VendorJson, now: number): ChatEvent {
	const group = wordOf(event.group_id);
	const user = wordOf(event.user_id);
	const sender: VendorJson = event.sender ?? {};
	const name = wordOf(sender.card) || wordOf(sender.nickname);
	const groupName = wordOf(event.group_name);
	const isMessage = event.post_type === 'message';
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
	if (type === 'message') return 'message';
	return [type, event[type === 'meta_event' ? 'meta_event_type' : `${type}_type`], event.sub_type]
		.map(wordOf)
		.filter((part) => part !== '')
		.join('.');
}

/** Only messages have an id. */
const fingerprint = (event: VendorJson) =>
	createHash('sha256').update(JSON.stringify(event)).digest('hex').slice(0, 32);

interface Segment {
	type: string;
	data: Record<string, unknown>;
}

function contentOf({
	message,
	raw_message: raw,
	self_id: self,
}: VendorJson): Pick<Required<ChatEvent>, 'text' | 'files'> & { isToBot: boolean } {
	const segments = Array.isArray(message) ? message.map(segment) : parseCq(wordOf(message ?? raw));
	const own = wordOf(self);
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
