import type { Rendered } from '../../core/channel';
import type { Text } from '../../core/language';

/** The text of this part with its mentions, and what it is written in. */
export function textOf(message: Rendered, format: string, to: string, warnings: Text[], degraded: string[]): Written {
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
		degraded.push('mentions');
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
	if (mode === 'HTML') return body.replace(/<[^>]*>/g, '').replace(/&(#\d+|#x[\da-f]+|\w+);/gi, '.').length;
	return mode === 'MarkdownV2' ? body.replace(/\\(.)/gs, '$1').length : body.length;
}

export const parseMode = ({ mode }: Written) => (mode === 'HTML' || mode === 'MarkdownV2' ? { parse_mode: mode } : {});
