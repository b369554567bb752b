import {
	action,
	baseUrl,
	ChannelError,
	chars,
	choice,
	choices,
	defineChannel,
	invalid,
	json,
	multiline,
	number,
	secret,
	text,
	toggle,
	utf16,
	visible,
	type Call,
	type File,
	type Json,
	type SendInput,
} from '../core/channel';
import type { FormPart, VendorJson } from '../core/http';
import type { Text } from '../core/language';
import { render } from '../core/markup';
import type { Button } from '../core/message';
import { baseOf, pastedKey } from './shared/pastedUrl';
import { telegramErrors } from './shared/telegramErrors';

const standard = 'https://api.telegram.org';
/** Telegram counts UTF-16 units once it has read the entities. */
const captionMost = 1024;
const textMost = visible(utf16(4096));

const account = {
	baseUrl: baseUrl(standard),
	botToken: secret('Bot token', {
		zh: '机器人令牌',
		placeholder: '123456789:AA…',
		help: { en: 'From @BotFather', zh: '由 @BotFather 提供' },
	}),
};

const chatField = {
	chat: text('Chat', {
		zh: '会话',
		optional: true,
		placeholder: '-1001234567890, @channel',
		help: { en: 'Empty: the account’s default', zh: '留空则使用账号的默认会话' },
	}),
};
const messageField = { messageId: number('Message id', { zh: '消息 ID', integer: true, min: 1 }) };

const options = {
	format: choice(
		'Format',
		{
			html: ['HTML', 'HTML'],
			rich: ['Rich message (new servers)', '富文本消息（新版服务器）'],
			plain: ['Plain text', '纯文本'],
			markdownV2: ['Text is already MarkdownV2', '文本已是 MarkdownV2'],
		},
		{
			zh: '格式',
			default: 'html',
			help: {
				en: 'Markdown is turned into it. A server that has no rich messages gets HTML',
				zh: 'Markdown 会转换为该格式。不支持富文本消息的服务器改用 HTML',
			},
		},
	),
	silent: toggle('Silent', { zh: '静音发送' }),
	silentLevels: choices(
		'Silent for',
		{
			info: ['Info', '信息'],
			success: ['Success', '成功'],
			warning: ['Warning', '警告'],
			failure: ['Failure', '失败'],
		},
		{ zh: '以下级别静音' },
	),
	protect: toggle('Protect content', { zh: '禁止转发和保存' }),
	topic: number('Topic', {
		zh: '话题 ID',
		optional: true,
		integer: true,
		min: 1,
		help: {
			en: 'message_thread_id of a forum topic; also as chat:topic in the chat',
			zh: '论坛话题的 message_thread_id；也可在会话中写成 chat:topic',
		},
	}),
	replyTo: number('Reply to', { zh: '回复消息 ID', optional: true, integer: true, min: 1 }),
	quote: text('Quote', {
		zh: '引用文字',
		optional: true,
		help: { en: 'A piece of the message that is replied to', zh: '被回复消息中的一段文字' },
	}),
	linkPreview: choice(
		'Link preview',
		{
			default: ['As Telegram does', '默认'],
			off: ['Off', '关闭'],
			small: ['Small picture', '小图'],
			large: ['Large picture', '大图'],
		},
		{ zh: '链接预览', default: 'default' },
	),
	previewUrl: text('Previewed link', {
		zh: '预览的链接',
		optional: true,
		show: { linkPreview: ['default', 'small', 'large'] },
	}),
	previewAbove: toggle('Preview above the text', {
		zh: '预览显示在文字上方',
		show: { linkPreview: ['default', 'small', 'large'] },
	}),
	sendAs: choice(
		'Pictures and files as',
		{ auto: ['Photo, video, audio …', '照片、视频、音频等'], document: ['Files, uncompressed', '文件（不压缩）'] },
		{ zh: '图片与文件的发送方式', default: 'auto' },
	),
	spoiler: toggle('Hide media until tapped', { zh: '媒体剧透遮罩' }),
	captionAbove: toggle('Caption above the media', { zh: '说明显示在媒体上方' }),
	latitude: number('Latitude', {
		zh: '纬度',
		optional: true,
		min: -90,
		max: 90,
		help: { en: 'With a longitude, a location follows the message', zh: '与经度一起填写时，消息之后附上位置' },
	}),
	longitude: number('Longitude', { zh: '经度', optional: true, min: -180, max: 180 }),
	buttonsPerRow: number('Buttons in a row', { zh: '每行按钮数', default: 1, min: 1, max: 8, integer: true }),
	replyMarkup: json('Keyboard', {
		zh: '键盘',
		optional: true,
		placeholder: '{"force_reply": true}',
		help: {
			en: 'reply_markup as Telegram has it, in place of the message’s buttons',
			zh: 'Telegram 的 reply_markup，替代消息的按钮',
		},
	}),
	effect: text('Effect id', {
		zh: '特效 ID',
		optional: true,
		help: { en: 'message_effect_id, in private chats', zh: 'message_effect_id，仅限私聊' },
	}),
	businessConnection: text('Business connection', { zh: '商业连接 ID', optional: true }),
	paidBroadcast: toggle('Paid broadcast', {
		zh: '付费广播',
		help: { en: 'Up to 1000 messages a second for Telegram Stars', zh: '消耗星币，每秒最多 1000 条' },
	}),
};

type Input = SendInput<typeof account, typeof options>;

/** A Telegram bot. */
export const telegram = defineChannel({
	id: 'telegram',
	name: 'Telegram',
	zh: 'Telegram',
	docs: 'https://core.telegram.org/bots/api',
	aliases: ['bot', 'TG', '电报', '机器人'],
	renders: ({ options: { format }, message }) => ({
		markup: format === 'rich' ? 'markdown' : format === 'html' ? 'telegramHtml' : 'plain',
		// Mentions are put behind the text and count like it.
		limit:
			format === 'rich'
				? chars(32_000)
				: { ...textMost, max: textMost.max - Math.min(2_000, (message.mentions ?? []).join('  ').length + 2) },
		single: format === 'markdownV2' || undefined,
		image: 'both',
		attachments: 'both',
		buttons: { most: 100, values: true },
		mentions: true,
		level: true,
	}),
	replies: {
		// An edit that changes nothing is refused, and is what was asked for all the same.
		ok: (json) => json?.ok === true || /message is not modified/.test(json?.description),
		code: (json) => json?.error_code,
		says: (json) => json?.description,
		retryAfter: (json) => json?.parameters?.retry_after,
		movedTo: (json) => json?.parameters?.migrate_to_chat_id?.toString(),
		errors: telegramErrors,
	},
	pace: [
		// First: where Telegram asks to wait, it asks for this chat.
		{ count: 1, seconds: 1, per: 'target' },
		{ count: 30, seconds: 1 },
		{ count: 20, seconds: 60, per: 'target', only: isGroup },
	],
	account,
	target: {
		label: 'Chat',
		zh: '会话',
		each: true,
		placeholder: '123456789, -1001234567890:5, @channel',
		help: {
			en: 'Chat id, @name or t.me link; chat:topic for a forum topic',
			zh: '会话 ID、@用户名或 t.me 链接；论坛话题写成 chat:topic',
		},
	},
	options,

	async send(input) {
		const { message, step, options } = input;
		const { latitude, longitude, replyMarkup } = options;
		const warnings: Text[] = [];
		const degraded: string[] = [];
		const keyboard = replyMarkup ?? keyboardOf(message.buttons, options.buttonsPerRow, warnings);
		const ids: number[] = [];
		const sendOne = (method: string, fields: Fields) =>
			call(input, method, { ...shared(input, ids.length === 0), ...fields });

		const written = textOf(input, warnings);
		const { body } = written;
		const groups = message.index === 0 ? mediaGroups(input) : [];
		const captioned = groups.length > 0 && written.mode !== 'rich' && visibleLength(written) <= captionMost;
		// A group of media has no place for buttons: then the text goes behind it, with them.
		const last = groups.at(-1);
		const withCaption = captioned && last !== undefined && !(keyboard && last.length > 1 && body !== '');
		let result: VendorJson;
		for (const group of groups) {
			const ends = group === last;
			const caption: Fields =
				ends && withCaption && body !== ''
					? {
							caption: body,
							...parseMode(written),
							...(options.captionAbove && { show_caption_above_media: true }),
						}
					: {};
			const markup = ends && (withCaption || body === '') ? keyboard : undefined;
			const sent = () => sendMedia(sendOne, group, caption, options.spoiler, markup);
			result = ends && withCaption ? await sent() : await step(`media${groups.indexOf(group)}`, sent);
			ids.push(...[result].flat().map((each: VendorJson) => each.message_id as number));
		}
		if (!withCaption && body !== '') {
			result = await sendText(input, sendOne, written, degraded, keyboard);
			ids.push(result.message_id as number);
		}
		const end = message.index === message.count - 1;
		if (end && latitude !== undefined && longitude !== undefined) {
			const place = await step('location', () => sendOne('sendLocation', { latitude, longitude }));
			ids.push(place.message_id as number);
			result ??= place;
		}
		const main = [result].flat().at(0);
		return {
			id: main?.message_id,
			handle: {
				chat: String(main?.chat?.id ?? chatOf(input.to[0]!).chat_id),
				messageId: main?.message_id ?? null,
				messageIds: ids,
			},
			raw: result,
			warnings,
			degraded,
		};
	},

	verify: (input) => call(input, 'getMe'),

	actions: {
		editMessage: action<typeof account>()({
			name: 'Edit Message',
			zh: '编辑消息',
			fields: {
				...chatField,
				...messageField,
				part: choice(
					'Change',
					{ text: ['Text', '文字'], caption: ['Caption', '媒体说明'], buttons: ['Buttons only', '仅按钮'] },
					{ zh: '修改内容', default: 'text' },
				),
				text: multiline('Text', { zh: '文字', show: { part: ['text', 'caption'] } }),
				format: choice(
					'Text is',
					{ markdown: ['Markdown', 'Markdown'], html: ['HTML', 'HTML'], text: ['Plain text', '纯文本'] },
					{ zh: '文字格式', default: 'markdown', show: { part: ['text', 'caption'] } },
				),
				replyMarkup: json('Keyboard', {
					zh: '键盘',
					optional: true,
					placeholder: '{"inline_keyboard": [[{"text": "OK", "callback_data": "ok"}]]}',
				}),
			},
			run: (input) => {
				const { chat, messageId, part, text: source = '', format = 'markdown', replyMarkup } = input.input;
				const method = {
					text: 'editMessageText',
					caption: 'editMessageCaption',
					buttons: 'editMessageReplyMarkup',
				}[part];
				const limit = part === 'caption' ? { ...textMost, max: captionMost } : textMost;
				const words =
					part === 'buttons'
						? undefined
						: render(source, { format, dialect: 'telegramHtml', limit, overflow: 'cut' }).parts[0];
				return call(input, method, {
					...at(input, chat),
					message_id: messageId,
					...(words !== undefined && { [part]: words, parse_mode: 'HTML' }),
					...(replyMarkup !== undefined && { reply_markup: replyMarkup }),
				});
			},
		}),
		editMedia: action<typeof account>()({
			name: 'Replace Media',
			zh: '替换媒体',
			fields: {
				...chatField,
				...messageField,
				kind: choice(
					'Kind',
					{
						photo: ['Photo', '照片'],
						video: ['Video', '视频'],
						animation: ['Animation', '动图'],
						audio: ['Audio', '音频'],
						document: ['File', '文件'],
					},
					{ zh: '类型', default: 'photo' },
				),
				media: text('URL or file id', { zh: '网址或 file_id' }),
				caption: text('Caption', { zh: '说明', optional: true }),
			},
			run: (input) => {
				const { chat, messageId, kind, media, caption } = input.input;
				return call(input, 'editMessageMedia', {
					...at(input, chat),
					message_id: messageId,
					media: { type: kind, media, ...(caption && { caption }) },
				});
			},
		}),
		deleteMessages: action<typeof account>()({
			name: 'Delete Messages',
			zh: '删除消息',
			fields: {
				...chatField,
				messageIds: text('Message ids', {
					zh: '消息 ID',
					placeholder: '41, 42',
					help: { en: '1 to 100, comma-separated', zh: '1 到 100 个，以逗号分隔' },
				}),
			},
			run: (input) => {
				const ids = input.input.messageIds
					.split(/[\s,，]+/)
					.filter(Boolean)
					.map(Number);
				if (ids.length === 0 || ids.length > 100 || !ids.every((id) => Number.isInteger(id) && id > 0))
					throw invalid('messageIds', {
						en: 'Fill in 1 to 100 message ids, separated by commas.',
						zh: '请填写 1 到 100 个以逗号分隔的消息 ID。',
					});
				const chat = at(input, input.input.chat);
				return ids.length === 1
					? call(input, 'deleteMessage', { ...chat, message_id: ids[0]! })
					: call(input, 'deleteMessages', { ...chat, message_ids: ids });
			},
		}),
		pinMessage: action<typeof account>()({
			name: 'Pin Message',
			zh: '置顶消息',
			fields: { ...chatField, ...messageField, silent: toggle('Silent', { zh: '不通知成员', default: true }) },
			run: (input) =>
				call(input, 'pinChatMessage', {
					...at(input, input.input.chat),
					message_id: input.input.messageId,
					disable_notification: input.input.silent,
				}),
		}),
		unpinMessage: action<typeof account>()({
			name: 'Unpin Message',
			zh: '取消置顶',
			fields: {
				...chatField,
				messageId: number('Message id', {
					zh: '消息 ID',
					optional: true,
					integer: true,
					min: 1,
					help: { en: 'Empty: the newest pinned one', zh: '留空则取消最近置顶的消息' },
				}),
				all: toggle('All of the chat', { zh: '取消全部置顶' }),
			},
			run: (input) => {
				const { chat, messageId, all } = input.input;
				return all
					? call(input, 'unpinAllChatMessages', at(input, chat))
					: call(input, 'unpinChatMessage', {
							...at(input, chat),
							...(messageId && { message_id: messageId }),
						});
			},
		}),
		sendLocation: action<typeof account>()({
			name: 'Send Location',
			zh: '发送位置',
			fields: {
				...chatField,
				latitude: number('Latitude', { zh: '纬度', min: -90, max: 90 }),
				longitude: number('Longitude', { zh: '经度', min: -180, max: 180 }),
				title: text('Venue', {
					zh: '地点名称',
					optional: true,
					help: { en: 'With an address, it is sent as a venue', zh: '与地址一起填写时，以地点形式发送' },
				}),
				address: text('Address', { zh: '地址', optional: true }),
				livePeriod: number('Live for (seconds)', {
					zh: '实时共享（秒）',
					optional: true,
					integer: true,
					min: 60,
				}),
				silent: toggle('Silent', { zh: '静音发送' }),
			},
			run: (input) => {
				const { chat, latitude, longitude, title, address, livePeriod, silent } = input.input;
				const fields = { ...at(input, chat), latitude, longitude, disable_notification: silent };
				return title && address
					? call(input, 'sendVenue', { ...fields, title, address })
					: call(input, 'sendLocation', { ...fields, ...(livePeriod && { live_period: livePeriod }) });
			},
		}),
		setMyCommands: action<typeof account>()({
			name: 'Set Command Menu',
			zh: '设置命令菜单',
			fields: {
				commands: multiline('Commands', {
					zh: '命令',
					optional: true,
					placeholder: 'sites - Sync sites\ndownloading - What is downloading',
					help: {
						en: 'One a line: command - description. Empty removes the menu',
						zh: '每行一个：命令 - 说明。留空则删除菜单',
					},
				}),
				scope: choice(
					'For',
					{
						default: ['Everyone', '所有人'],
						all_private_chats: ['Private chats', '所有私聊'],
						all_group_chats: ['Groups', '所有群组'],
						all_chat_administrators: ['Group administrators', '所有群管理员'],
						chat: ['One chat', '指定会话'],
					},
					{ zh: '适用范围', default: 'default' },
				),
				chat: text('Chat', { zh: '会话', show: { scope: ['chat'] } }),
				languageCode: text('Language', { zh: '语言代码', optional: true, placeholder: 'zh' }),
			},
			run: (input) => {
				const { commands = '', scope, chat, languageCode } = input.input;
				const to = {
					scope: { type: scope, ...(chat && at(input, chat)) },
					...(languageCode && { language_code: languageCode }),
				};
				const menu = commandsOf(commands);
				return menu.length === 0
					? call(input, 'deleteMyCommands', to)
					: call(input, 'setMyCommands', { ...to, commands: menu });
			},
		}),
		answerCallback: action<typeof account>()({
			name: 'Answer Button',
			zh: '应答按钮',
			description: {
				en: 'Ends the waiting of a pressed button, with a short notice where wanted',
				zh: '结束按钮的等待状态，可附简短提示',
			},
			fields: {
				callbackQueryId: text('Callback query id', { zh: '回调查询 ID' }),
				text: text('Notice', {
					zh: '提示',
					optional: true,
					check: (value) =>
						value.length <= 200
							? undefined
							: { en: 'must have at most 200 characters', zh: '不能超过 200 个字符' },
				}),
				alert: toggle('As an alert', { zh: '以弹窗显示' }),
				url: text('URL', { zh: '网址', optional: true }),
				cacheTime: number('Cache (seconds)', { zh: '缓存（秒）', optional: true, integer: true, min: 0 }),
			},
			run: (input) => {
				const { callbackQueryId, text: notice, alert, url, cacheTime } = input.input;
				return call(input, 'answerCallbackQuery', {
					callback_query_id: callbackQueryId,
					show_alert: alert,
					...(notice && { text: notice }),
					...(url && { url }),
					...(cacheTime !== undefined && { cache_time: cacheTime }),
				});
			},
		}),
		raw: action<typeof account>()({
			name: 'Call API Method',
			zh: '调用 API 方法',
			fields: {
				method: text('Method', {
					zh: '方法',
					placeholder: 'sendPoll',
					check: (value) =>
						/^[A-Za-z]+$/.test(value) ? undefined : { en: 'must be a method’s name', zh: '必须是方法名称' },
				}),
				parameters: json('Parameters', { zh: '参数', optional: true, placeholder: '{"chat_id": 123}' }),
			},
			run: (input) => call(input, input.input.method, (input.input.parameters ?? {}) as Fields),
		}),
	},
});

type Fields = Record<string, Json | File | undefined>;
type Bound = Pick<Call<typeof account>, 'account' | 'http'>;
type SendOne = (method: string, fields: Fields) => Promise<VendorJson>;

/** Calls a method with its token in the path; files with bytes make it a multipart form. */
async function call({ account, http }: Bound, method: string, fields: Fields = {}): Promise<VendorJson> {
	const pasted = pastedKey(account.botToken, (url) => {
		const [, path = '', key] = /^(.*)\/bot(\d+:[\w-]+)/.exec(url.pathname) ?? [];
		return key === undefined ? undefined : { key, base: url.origin + path };
	});
	const address = `${baseOf(account.baseUrl, standard, pasted)}/bot${pasted.key.replace(/^bot(?=\d+:)/, '')}/${method}`;
	const present = Object.entries(fields).filter(([, value]) => value !== undefined) as [string, Json | File][];
	if (!present.some(([, value]) => isFile(value))) {
		const { result } = await http.post(address, { json: Object.fromEntries(present) });
		return result;
	}
	const multipart = Object.fromEntries(
		present.map(([name, value]): [string, FormPart] => [
			name,
			isFile(value)
				? { name: value.name, mime: value.mime, data: value.data! }
				: typeof value === 'string'
					? value
					: JSON.stringify(value),
		]),
	);
	const { result } = await http.post(address, { multipart });
	return result;
}

const isFile = (value: unknown): value is File =>
	typeof value === 'object' && value !== null && (value as File).data instanceof Uint8Array;

/** `-100123:5`, `@name:5`, `https://t.me/name/5`, `https://t.me/c/123/5` */
function chatOf(target: string): { chat_id: number | string; message_thread_id?: number } {
	const link = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(?:c\/(\d+)|([A-Za-z]\w+))(?:\/(\d+))?\/?$/.exec(target);
	const [, chat = target, topic] = link
		? [, link[1] ? `-100${link[1]}` : `@${link[2]}`, link[3]]
		: (/^(-?\d+|@\w+):(\d+)$/.exec(target) ?? []);
	if (!/^(-?\d+|@\w+)$/.test(chat))
		throw invalid('to', {
			en: `“${target}” is no Telegram chat: fill in its id (a number) or @name.`,
			zh: `“${target}”不是有效的 Telegram 会话：请填写会话 ID（数字）或 @用户名。`,
		});
	return { chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat, ...(topic && { message_thread_id: Number(topic) }) };
}

/** Groups have negative ids; channels too, and a limit that strict does them no harm. */
function isGroup(target: string): boolean {
	return target.startsWith('-');
}

function at({ account }: Bound, chat: string | undefined): { chat_id: number | string } {
	const target = chat ?? account.to?.[0];
	if (!target)
		throw invalid('chat', { en: 'Fill in the chat here or in the account.', zh: '请在此处或账号中填写会话。' });
	return { chat_id: chatOf(target).chat_id };
}

/** What every message of a send has in common; only the first is a reply. */
function shared({ to, options, message }: Input, first: boolean): Fields {
	const { chat_id, message_thread_id = options.topic } = chatOf(to[0]!);
	return {
		chat_id,
		message_thread_id,
		business_connection_id: options.businessConnection,
		disable_notification: options.silent || options.silentLevels.includes(message.level ?? 'info') || undefined,
		protect_content: options.protect || undefined,
		allow_paid_broadcast: options.paidBroadcast || undefined,
		message_effect_id: options.effect,
		reply_parameters:
			first && message.index === 0 && options.replyTo
				? {
						message_id: options.replyTo,
						allow_sending_without_reply: true,
						...(options.quote && { quote: options.quote }),
					}
				: undefined,
	};
}

/** The text of this part with its mentions, and what it is written in. */
function textOf({ message, options: { format }, to }: Input, warnings: Text[]): Written {
	const mode =
		format === 'markdownV2'
			? 'MarkdownV2'
			: message.markup === 'telegramHtml'
				? 'HTML'
				: message.markup === 'markdown'
					? 'rich'
					: undefined;
	const people = message.mentions.filter((id) => id !== '@all');
	if (people.length < message.mentions.length)
		warnings.push({
			en: `Telegram has no mention for everyone: ${to[0]} was not alerted as a whole.`,
			zh: `Telegram 不支持 @所有人：未提醒 ${to[0]} 的全体成员。`,
		});
	const mentions = people.map((id) => mention[mode ?? 'plain'](id.replace(/^(?=[A-Za-z])/, '@'))).join(' ');
	// As written: what Carillon would make of it is no MarkdownV2. Its title is put in front.
	const { title, body: written } = message.source;
	const body =
		mode === 'MarkdownV2' ? [title && `*${escapeV2(title)}*`, written].filter(Boolean).join('\n') : message.body;
	return {
		body: [body, mentions].filter(Boolean).join('\n'),
		mode,
		plain: [message.body, people.join(' ')].filter(Boolean).join('\n'),
	};
}

interface Written {
	body: string;
	/** What is left of a MarkdownV2 that Telegram cannot read. */
	plain: string;
	mode?: 'HTML' | 'MarkdownV2' | 'rich';
}

const escapeV2 = (words: string) => words.replace(/[_*[\]()~`>#+\-=|{}.!\\]/g, '\\$&');
const escapeHtml = (words: string) => words.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
const byId = (id: string) => /^\d+$/.test(id);
const mention = {
	HTML: (id: string) => (byId(id) ? `<a href="tg://user?id=${id}">${id}</a>` : escapeHtml(id)),
	MarkdownV2: (id: string) => (byId(id) ? `[${id}](tg://user?id=${id})` : escapeV2(id)),
	rich: (id: string) => (byId(id) ? `[${id}](tg://user?id=${id})` : id.replace(/_/g, '\\_')),
	plain: (id: string) => id,
};

/** As Telegram counts a caption: without tags, an entity as one character. */
function visibleLength({ body, mode }: Written): number {
	if (mode === 'HTML') return body.replace(/<[^>]*>/g, '').replace(/&(#\d+|#x[\da-f]+|\w+);/gi, '.').length;
	return mode === 'MarkdownV2' ? body.replace(/\\(.)/gs, '$1').length : body.length;
}

const parseMode = ({ mode }: Written) => (mode === 'HTML' || mode === 'MarkdownV2' ? { parse_mode: mode } : {});

function previewOf({ linkPreview, previewUrl, previewAbove }: Input['options']): Json | undefined {
	if (linkPreview === 'off') return { is_disabled: true };
	const preview = {
		...(previewUrl && { url: previewUrl }),
		...(linkPreview === 'small' && { prefer_small_media: true }),
		...(linkPreview === 'large' && { prefer_large_media: true }),
		...(previewAbove && { show_above_text: true }),
	};
	return Object.keys(preview).length > 0 ? preview : undefined;
}

type Kind = 'photo' | 'video' | 'animation' | 'audio' | 'voice' | 'document';
interface Media {
	kind: Kind;
	file: File;
}

const photoMost = 10 * 1024 * 1024;

function kindOf({ mime, data }: File, isImage: boolean): Kind {
	if (mime === 'image/gif') return 'animation';
	if (isImage || /^image\/(jpeg|png|webp)$/.test(mime))
		return (data?.length ?? 0) > photoMost || mime === 'image/svg+xml' ? 'document' : 'photo';
	if (mime === 'video/mp4') return 'video';
	if (mime === 'audio/ogg') return 'voice';
	return /^audio\/(mpeg|mp3|mp4|m4a|x-m4a)$/.test(mime) ? 'audio' : 'document';
}

/** What goes out in one call: photos and videos share an album, documents and audios each their own, the rest goes alone. */
function mediaGroups({ message, options }: Input): Media[][] {
	const files = [
		...(message.image ? [{ file: message.image, isImage: true }] : []),
		...message.attachments.map((file) => ({ file, isImage: false })),
	];
	const media = files.map(({ file, isImage }): Media => ({
		file,
		kind: options.sendAs === 'document' ? 'document' : kindOf(file, isImage),
	}));
	const albums: Kind[][] = [['photo', 'video'], ['audio'], ['document']];
	const grouped = albums.flatMap((kinds) => inTens(media.filter(({ kind }) => kinds.includes(kind))));
	return [...grouped, ...media.filter(({ kind }) => kind === 'animation' || kind === 'voice').map((each) => [each])];
}

const inTens = (media: Media[]) =>
	Array.from({ length: Math.ceil(media.length / 10) }, (_, index) => media.slice(index * 10, index * 10 + 10));

function sendMedia(
	sendOne: SendOne,
	group: Media[],
	caption: Fields,
	spoiler: boolean,
	keyboard?: Json,
): Promise<VendorJson> {
	const hidden = ({ kind }: Media) =>
		spoiler && (kind === 'photo' || kind === 'video' || kind === 'animation') ? { has_spoiler: true } : {};
	const [first] = group as [Media];
	const methods: Record<Kind, string> = {
		photo: 'sendPhoto',
		video: 'sendVideo',
		animation: 'sendAnimation',
		audio: 'sendAudio',
		voice: 'sendVoice',
		document: 'sendDocument',
	};
	const source = (file: File) => (file.data ? file : file.url!);
	if (group.length === 1)
		return sendOne(methods[first.kind], {
			[first.kind]: source(first.file),
			...caption,
			...hidden(first),
			reply_markup: keyboard,
		});
	const media = group.map(
		(each, index) =>
			({
				type: each.kind,
				media: each.file.data ? `attach://file${index}` : each.file.url!,
				...(index === 0 && caption),
				...hidden(each),
			}) as Json,
	);
	const files = Object.fromEntries(group.map(({ file }, index) => [`file${index}`, file.data && file] as const));
	return sendOne('sendMediaGroup', { media, ...files });
}

/** The text alone. A rich message that the server does not know or cannot read goes as HTML, a MarkdownV2 that it cannot read goes plain. */
async function sendText(
	input: Input,
	sendOne: SendOne,
	written: Written,
	degraded: string[],
	keyboard?: Json,
): Promise<VendorJson> {
	const { options, step } = input;
	const { body, mode } = written;
	const plainly = (words: string, more: Fields, markup?: Json) =>
		sendOne('sendMessage', {
			text: words,
			...more,
			link_preview_options: previewOf(options),
			reply_markup: markup,
		});
	if (options.format !== 'rich' && mode !== 'MarkdownV2') return await plainly(body, parseMode(written), keyboard);
	try {
		if (mode === 'rich')
			return await sendOne('sendRichMessage', { rich_message: { markdown: body }, reply_markup: keyboard });
		if (mode === 'MarkdownV2') return await plainly(body, parseMode(written), keyboard);
	} catch (error) {
		if (!(error instanceof ChannelError) || !(error.because === 'markup' || error.code === '404')) throw error;
	}
	degraded.push('markup');
	const dialect = mode === 'rich' ? 'telegramHtml' : 'plain';
	const { parts } = render(mode === 'rich' ? body : written.plain, {
		format: mode === 'rich' ? 'markdown' : 'text',
		dialect,
		limit: textMost,
		overflow: 'split',
	});
	let result: VendorJson;
	for (const [index, part] of parts.entries()) {
		const isLast = index === parts.length - 1;
		const sent = () =>
			plainly(part, dialect === 'plain' ? {} : { parse_mode: 'HTML' }, isLast ? keyboard : undefined);
		result = isLast ? await sent() : await step(`text${index}`, sent);
	}
	return result;
}

/** Rows of buttons. Telegram takes 64 bytes back from one that is no link. */
function keyboardOf(buttons: readonly Button[], perRow: number, warnings: Text[]): Json | undefined {
	const keys = buttons.flatMap(({ text: label, url, value, style }): Json[] => {
		const key = { text: label, ...(style && { style }) };
		if (url) return [{ ...key, url }];
		const data = value ?? label;
		if (Buffer.byteLength(data) <= 64) return [{ ...key, callback_data: data }];
		warnings.push({
			en: `The button “${label}” was left out: what it sends back has more than 64 bytes.`,
			zh: `按钮“${label}”未发送：其回传内容超过 64 字节。`,
		});
		return [];
	});
	if (keys.length === 0) return undefined;
	return {
		inline_keyboard: Array.from({ length: Math.ceil(keys.length / perRow) }, (_, row) =>
			keys.slice(row * perRow, row * perRow + perRow),
		),
	};
}

function commandsOf(lines: string): { command: string; description: string }[] {
	const commands = lines
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => {
			const [, command = '', description = ''] =
				/^\s*\/?(\S+?)\s*(?:\s[-–—]\s|[:：]|\s)\s*(.*?)\s*$/.exec(line) ?? [];
			if (!/^[a-z0-9_]{1,32}$/.test(command) || description === '' || description.length > 256) {
				throw invalid('commands', {
					en: `The line “${line.trim()}” is no command: write “command - description”, the command with at most 32 of a-z, 0-9 and _, the description with at most 256 characters.`,
					zh: `“${line.trim()}”不是有效的命令：请写成“命令 - 说明”，命令最多 32 个 a-z、0-9 或 _，说明最多 256 个字符。`,
				});
			}
			return { command, description };
		});
	if (commands.length > 100)
		throw invalid('commands', { en: 'Telegram takes at most 100 commands.', zh: 'Telegram 最多支持 100 条命令。' });
	return commands;
}
