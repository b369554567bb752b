import type { EditInput, Json, Lost, Sent } from '../../core/define/channel';
import type { Text } from '../../core/base/language';
import { call, captionMost, chatOf, type Bound, type Fields, type telegramAccount } from './api';
import { mediaGroups, type Media } from './media';
import { keyboardOf, ownKeyboard } from './keyboard';
import { previewOf, type telegramOptions } from './options';
import { parseMode, textOf, visibleLength } from './text';

const methods = {
	text: 'editMessageText',
	caption: 'editMessageCaption',
	media: 'editMessageMedia',
	buttons: 'editMessageReplyMarkup',
} as const;

/** Changes what was sent; `place` says which message of which chat. */
export const change = (bound: Bound, what: keyof typeof methods, place: Fields, fields: Fields) =>
	call(bound, methods[what], { ...place, ...fields });

/** What a receipt's handle tells of a message that stands alone; of several (an album, a text behind it) nobody knows which is which. */
function alone(handle: Json): { chat: string; messageId: number } | undefined {
	const { chat, messageId, messageIds } = (handle ?? {}) as Record<string, Json | undefined>;
	if (typeof chat !== 'string' || typeof messageId !== 'number') return undefined;
	return Array.isArray(messageIds) && messageIds.length === 1 ? { chat, messageId } : undefined;
}

type Input = EditInput<typeof telegramAccount, typeof telegramOptions>;

/** A text takes the place of a text; one file with its caption, or a caption alone, that of one file. */
export async function edit(input: Input): Promise<Sent | undefined> {
	const { message, options, to } = input;
	const known = alone(input.handle);
	const hasMedia = input.form === 'media';
	const files = message.index === 0 ? mediaGroups(message, options.sendAs).flat() : [];
	if (!known || files.length > 1 || (files.length === 1 && !hasMedia)) return undefined;
	const warnings: Text[] = [];
	const degraded: Lost[] = [];
	const written = textOf(message, options.format, to[0]!, warnings, degraded);
	if (hasMedia && (written.mode === 'rich' || visibleLength(written) > captionMost)) return undefined;
	const place: Fields = {
		business_connection_id: options.businessConnection,
		chat_id: chatOf(known.chat).chat_id,
		message_id: known.messageId,
	};
	const reply_markup =
		inline(options.replyMarkup) ??
		ownKeyboard(options.keyboard) ??
		keyboardOf(message.buttons, options.buttonsPerRow, warnings, degraded);
	const { body } = written;
	const caption = {
		caption: body,
		...parseMode(written),
		...(options.captionAbove && { show_caption_above_media: true }),
	};
	const [file] = files;
	if (file?.kind === 'voice') return undefined;
	const raw = file
		? await change(input, 'media', place, { ...mediaOf(file, caption, options.spoiler), reply_markup })
		: hasMedia
			? await change(input, 'caption', place, { ...caption, reply_markup })
			: await change(input, 'text', place, {
					...(written.mode === 'rich'
						? { rich_message: { markdown: body } }
						: { text: body, ...parseMode(written), link_preview_options: previewOf(options) }),
					reply_markup,
				});
	return { id: known.messageId, handle: input.handle, raw, warnings, degraded };
}

/** An edit takes no other keyboard. */
const inline = (markup: Json | undefined): Json | undefined =>
	typeof markup === 'object' && markup !== null && 'inline_keyboard' in markup ? markup : undefined;

function mediaOf({ kind, file }: Media, caption: object, spoiler: boolean): Fields {
	const hides = spoiler && (kind === 'photo' || kind === 'video' || kind === 'animation');
	const media = {
		type: kind,
		media: file.data ? 'attach://file0' : file.url!,
		...caption,
		...(hides && { has_spoiler: true }),
	};
	return { media, ...(file.data && { file0: file }) };
}
