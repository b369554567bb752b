import { chars, defineChannel, type Lost } from '../../core/define/channel';
import { unproven } from '../../core/http/proof';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { telegramActions } from './actions';
import { call, captionMost, chatOf, isGroup, telegramAccount, textMost, type Fields } from './api';
import { edit } from './edit';
import { telegramErrors } from './errors';
import { recentChats } from './lists';
import { asDocuments, mediaGroups, sendMedia, sentAsFile, type Media } from './media';
import { keyboardOf, ownKeyboard } from './keyboard';
import { sharedFields, telegramOptions, trying } from './options';
import { parseMode, sendText, textOf, unringing, visibleLength } from './text';

/** A message's id; what is none proves that nothing was sent. */
function idOf(message: VendorJson): number {
	if (typeof message?.message_id === 'number') return message.message_id as number;
	throw unproven({ en: 'Telegram', zh: 'Telegram' });
}

/** A Telegram bot. */
export const telegram = defineChannel({
	id: 'telegram',
	set: 'chat',
	name: 'Telegram',
	zh: 'Telegram',
	docs: 'https://core.telegram.org/bots/api',
	aliases: ['bot', 'TG', '电报', '机器人'],
	where: [
		{
			en: 'In Telegram write `/newbot` to @BotFather, and choose a name and a user name that ends in `bot`.',
			zh: '在 Telegram 中给 @BotFather 发送 `/newbot`，取一个名称和以 `bot` 结尾的用户名。',
		},
		{ en: 'Copy the token that he answers with (`123456789:AA…`).', zh: '复制它回复的令牌（`123456789:AA…`）。' },
		{
			en: 'Open your bot and press *Start*, or add it to the group; then find the chat in the list of *Chat*.',
			zh: '打开您的机器人并点击“开始”，或把它加入群组；然后就能在“会话”的列表中找到。',
		},
	],
	takesFiles: true,
	silent: true,
	renders: ({ options: { format, silentLevels }, message }) => ({
		markup: format === 'rich' ? 'markdown' : format === 'html' ? 'telegramHtml' : 'plain',
		// Mentions are put behind the text and count like it.
		limit:
			format === 'rich'
				? chars(32_000)
				: message.mentions?.length
					? { ...textMost, max: textMost.max - Math.min(2_000, message.mentions.join('  ').length + 2) }
					: textMost,
		single: format === 'markdownV2' || undefined,
		unring: format === 'html' ? undefined : unringing,
		image: 'both',
		attachments: 'both',
		buttons: { most: 100, values: true },
		mentions: true,
		// Silence is all that it has for a level.
		level: silentLevels.length > 0,
	}),
	replies: {
		// An edit that changes nothing is refused, and is what was asked for all the same.
		anyStatus: true,
		ok: (json, { status }) =>
			(json?.ok === true && status === 200) || /message is not modified/.test(json?.description),
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
	account: telegramAccount,
	target: {
		label: 'Chat',
		zh: '会话',
		each: true,
		placeholder: '123456789, -1001234567890:5, @channel',
		help: {
			en: 'Write to the bot, then choose the chat from the list; or its id, @name or t.me link, chat:topic for a forum topic',
			zh: '先给机器人发一条消息，再从列表中选择会话；也可填会话 ID、@用户名或 t.me 链接，论坛话题写成 chat:topic',
		},
		list: recentChats,
	},
	options: telegramOptions,

	async send(input) {
		const { message, step, options } = input;
		const { latitude, longitude, replyMarkup } = options;
		const warnings: Text[] = [];
		const degraded: Lost[] = [];
		const keyboard =
			replyMarkup ??
			ownKeyboard(options.keyboard) ??
			keyboardOf(message.buttons, options.buttonsPerRow, warnings, degraded);
		const ids: number[] = [];
		const sendOne = (method: string, fields: Fields) => {
			const shared = sharedFields(input, ids.length === 0);
			return trying(shared, warnings, degraded, (left) => call(input, method, { ...left, ...fields }));
		};

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
			const sendAll = (media: Media[]) => sendMedia(sendOne, media, caption, options.spoiler, markup);
			const sent = () =>
				sendAll(group).catch((error: unknown) => {
					const files = asDocuments(group, error);
					if (!files) throw error;
					warnings.push(sentAsFile);
					return sendAll(files);
				});
			result = ends && withCaption ? await sent() : await step(`media${group.map(({ at }) => at).join()}`, sent);
			ids.push(...[result].flat().map(idOf));
		}
		if (!withCaption && body !== '') {
			result = await sendText(input, sendOne, written, degraded, keyboard);
			ids.push(idOf(result));
		}
		const end = message.index === message.count - 1;
		if (end && latitude !== undefined && longitude !== undefined) {
			const place = await step('location', () => sendOne('sendLocation', { latitude, longitude }));
			ids.push(idOf(place));
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
			form: groups.length > 0 ? 'media' : 'text',
			raw: result,
			warnings,
			degraded,
		};
	},

	edit,

	verify: (input) => call(input, 'getMe'),

	actions: telegramActions,
});
