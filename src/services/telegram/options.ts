import {
	type ChannelError,
	choice,
	choices,
	json,
	number,
	text,
	toggle,
	type Json,
	type Lost,
	type SendInput,
	type Values,
} from '../../core/define/channel';
import { isChannelError } from '../../core/base/errors';
import type { Text } from '../../core/base/language';
import { keyboard } from './keyboard';
import { chatOf, type Fields, type telegramAccount } from './api';

export const telegramOptions = {
	format: choice(
		'Sent as',
		{
			html: ['HTML', 'HTML'],
			rich: ['Rich message (new servers)', '富文本消息（新版服务器）'],
			plain: ['Plain text', '纯文本'],
			markdownV2: ['Text is already MarkdownV2', '文本已是 MarkdownV2'],
		},
		{
			zh: '发送格式',
			default: 'html',
			help: {
				en: 'Markdown is turned into it. A server that has no rich messages gets HTML',
				zh: 'Markdown 会转换为该格式。不支持富文本消息的服务器改用 HTML',
			},
			catches: {
				markdownV2: {
					en: 'The text goes as it is: one special character without its backslash, and Telegram refuses the markup.',
					zh: '文本原样发送：漏转义一个特殊字符，Telegram 就会拒绝其格式。',
				},
			},
		},
	),
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
	keyboard,
	replyMarkup: json('Other keyboard', {
		zh: '其他键盘',
		optional: true,
		placeholder: '{"force_reply": true}',
		help: {
			en: 'reply_markup as https://core.telegram.org/bots/api#sendmessage has it, in place of all buttons: answers that are forced, keys beneath the input',
			zh: '按 https://core.telegram.org/bots/api#sendmessage 填写 reply_markup，替代所有按钮：强制回复、输入框下方的键盘等',
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

export type TelegramOptions = Values<typeof telegramOptions>;
export type TelegramSend = SendInput<typeof telegramAccount, typeof telegramOptions>;

/** What every message of a send has in common; only the first is a reply. */
export function sharedFields({ to, options, message }: TelegramSend, first: boolean): Fields {
	const { chat_id, message_thread_id = options.topic } = chatOf(to[0]!);
	return {
		chat_id,
		message_thread_id,
		business_connection_id: options.businessConnection,
		disable_notification: message.silent || options.silentLevels.includes(message.level ?? 'info') || undefined,
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

/** What a message may go without, by the option that a refusal names. */
const besides = { replyTo: 'reply_parameters', effect: 'message_effect_id' } as const;

/** Sends; and once more without the message that it answers, or its effect, where Telegram does not know that. */
export async function trying<T>(
	fields: Fields,
	warnings: Text[],
	degraded: Lost[],
	send: (fields: Fields) => Promise<T>,
): Promise<T> {
	try {
		return await send(fields);
	} catch (error) {
		const option = isChannelError(error) ? (error.field as keyof typeof besides) : undefined;
		const name = option && besides[option];
		if (!name || fields[name] === undefined) throw error;
		warnings.push((error as ChannelError).text);
		degraded.push(option);
		return await trying({ ...fields, [name]: undefined }, warnings, degraded, send);
	}
}

export function previewOf({ linkPreview, previewUrl, previewAbove }: TelegramOptions): Json | undefined {
	if (linkPreview === 'off') return { is_disabled: true };
	const preview = {
		...(previewUrl && { url: previewUrl }),
		...(linkPreview === 'small' && { prefer_small_media: true }),
		...(linkPreview === 'large' && { prefer_large_media: true }),
		...(previewAbove && { show_above_text: true }),
	};
	return Object.keys(preview).length > 0 ? preview : undefined;
}
