import { ChannelError, type Json, type Lost, type Rendered } from '../../core/define/channel';
import type { VendorJson } from '../../core/http/http';
import type { Text } from '../../core/base/language';
import { render } from '../../core/markup';
import { textMost, type Fields, type SendOne } from './api';
import { previewOf, type TelegramSend } from './options';

/** The text of this part with its mentions, and what it is written in. */
export function textOf(message: Rendered, format: string, to: string, warnings: Text[], degraded: Lost[]): Written {
	const mode =
		format === 'markdownV2'
			? 'MarkdownV2'
			: message.markup === 'telegramHtml'
				? 'HTML'
				: message.markup === 'markdown'
					? 'rich'
					: undefined;
	const people = message.mentions.filter((id) => id !== '@all');
	if (people.length < message.mentions.length) {
		degraded.push({ kind: 'mentions', count: message.mentions.length - people.length });
		warnings.push({
			en: `Telegram has no mention for everyone: ${to} was not alerted as a whole.`,
			zh: `Telegram 不支持 @所有人：未提醒 ${to} 的全体成员。`,
		});
	}
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

/** Telegram finds the names of users in any text, and links to them ring too. */
export const unringing = (words: string) =>
	words.replace(/(?<![\w.+/-])@(?=[A-Za-z]\w{3})/g, '@\u200b').replace(/tg:(?=\/*user\b)/gi, 'tg:\u200b');

export interface Written {
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
export function visibleLength({ body, mode }: Written): number {
	if (mode === 'HTML')
		return body
			.replace(/<[^>]*>?/g, (tag) => (tag.endsWith('>') ? '' : tag))
			.replace(/&(#\d+|#x[\da-f]+|\w+);/gi, '.').length;
	return mode === 'MarkdownV2' ? body.replace(/\\(.)/gs, '$1').length : body.length;
}

export const parseMode = ({ mode }: Written) => (mode === 'HTML' || mode === 'MarkdownV2' ? { parse_mode: mode } : {});

/** The text alone. A rich message that the server does not know or cannot read goes as HTML, a MarkdownV2 that it cannot read goes plain. */
export async function sendText(
	{ options, step }: Pick<TelegramSend, 'options' | 'step'>,
	sendOne: SendOne,
	written: Written,
	degraded: Lost[],
	keyboard?: Json,
): Promise<VendorJson> {
	const { body, mode } = written;
	const sendWords = (words: string, more: Fields, reply_markup?: Json) =>
		sendOne('sendMessage', { text: words, ...more, link_preview_options: previewOf(options), reply_markup });
	if (options.format !== 'rich' && mode !== 'MarkdownV2') return await sendWords(body, parseMode(written), keyboard);
	try {
		if (mode === 'rich')
			return await sendOne('sendRichMessage', { rich_message: { markdown: body }, reply_markup: keyboard });
		if (mode === 'MarkdownV2') return await sendWords(body, parseMode(written), keyboard);
	} catch (error) {
		if (!(error instanceof ChannelError) || !(error.because === 'markup' || error.code === '404')) throw error;
	}
	degraded.push('markup');
	const limit = textMost;
	const { parts } =
		mode === 'rich'
			? render(body, { format: 'markdown', dialect: 'telegramHtml', limit, overflow: 'split' })
			: render(written.plain, { format: 'text', dialect: 'plain', limit, overflow: 'split' });
	const parsed: Fields = mode === 'rich' ? { parse_mode: 'HTML' } : {};
	for (const [index, part] of parts.slice(0, -1).entries()) await step(`text${index}`, () => sendWords(part, parsed));
	return await sendWords(parts.at(-1)!, parsed, keyboard);
}
