import {
	ChannelError,
	chars,
	choice,
	choices,
	defineChannel,
	json,
	number,
	text,
	toggle,
	type Json,
	type SendInput,
} from '../core/channel';
import type { VendorJson } from '../core/http';
import type { Text } from '../core/language';
import { render } from '../core/markup';
import type { Button } from '../core/message';
import { telegramActions } from './shared/telegramActions';
import {
	call,
	captionMost,
	chatOf,
	isGroup,
	telegramAccount as account,
	textMost,
	type Fields,
	type SendOne,
} from './shared/telegramApi';
import { telegramErrors } from './shared/telegramErrors';
import { mediaGroups, sendMedia } from './shared/telegramMedia';
import { parseMode, textOf, visibleLength, type Written } from './shared/telegramText';

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
	renders: ({ options: { format, silentLevels }, message }) => ({
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
		// Silence is all that it has for a level.
		level: silentLevels.length > 0,
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
		const keyboard = replyMarkup ?? keyboardOf(message.buttons, options.buttonsPerRow, warnings, degraded);
		const ids: number[] = [];
		const sendOne = (method: string, fields: Fields) =>
			call(input, method, { ...shared(input, ids.length === 0), ...fields });

		const written = textOf(message, options.format, input.to[0]!, warnings, degraded);
		const { body } = written;
		const groups = message.index === 0 ? mediaGroups(message, options.sendAs) : [];
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

	actions: telegramActions,
});

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
function keyboardOf(
	buttons: readonly Button[],
	perRow: number,
	warnings: Text[],
	degraded: string[],
): Json | undefined {
	const keys = buttons.flatMap(({ text: label, url, value, style }): Json[] => {
		const key = { text: label, ...(style && { style }) };
		if (url) return [{ ...key, url }];
		const data = value ?? label;
		if (Buffer.byteLength(data) <= 64) return [{ ...key, callback_data: data }];
		degraded.push('buttons');
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
