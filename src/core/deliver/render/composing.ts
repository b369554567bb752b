import type { Renders } from '../../define/channel';
import type { Language } from '../../base/language';
import { isSameAddress } from '../../base/webAddress';
import { fits, type Limit } from '../../base/limit';
import { cutLine, escapeMarkdown, isVisible, oneLine, safeHref } from '../../markup';
import type { Button, Format, Message } from '../../message/message';
import { publicUrl, type Enclosures } from '../enclosures';
import type { Losses } from './losses';

export const words = {
	open: { en: 'Details', zh: '查看详情' },
	picture: { en: 'Picture', zh: '图片' },
} as const;

/** Bits of text in the message's own format, for what degrades into lines. */
export const writers: Record<
	Format,
	{
		plain(text: string): string;
		bold(text: string): string;
		link(text: string, url: string): string;
		paragraph: string;
		line: string;
	}
> = {
	markdown: {
		plain: escapeMarkdown,
		bold: (text) => `**${escapeMarkdown(text)}**`,
		link: (text, url) =>
			`[${escapeMarkdown(text)}](<${url.replace(/[<>\s\\]/g, encodeURIComponent).replaceAll('&', '&amp;')}>)`,
		paragraph: '\n\n',
		line: '  \n',
	},
	html: {
		plain: escapeHtml,
		bold: (text) => `<b>${escapeHtml(text)}</b>`,
		link: (text, url) => `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`,
		paragraph: '<br><br>',
		line: '<br>',
	},
	text: {
		plain: (text) => text,
		bold: (text) => text,
		link: (text, url) => `${text}: ${url}`,
		paragraph: '\n\n',
		line: '\n',
	},
};

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A message in its own format, with all that the channel has no place for. */
export interface Composed {
	source: string;
	/** The text alone. */
	body: string;
	format: Format;
	title?: string;
	kept: { buttons: Button[]; fields: NonNullable<Message['fields']>; url?: string };
}

/** Pure. What the channel has no place for becomes lines of the text, and is named among the losses. */
export function composeSource(
	message: Message,
	renders: Renders,
	language: Language,
	{ image, links: fileLinks }: Enclosures,
	losses: Losses,
): Composed {
	const format = message.format ?? 'markdown';
	const write = writers[format];
	let body = isVisible(message.body) ? message.body : '';
	let title = message.title && isVisible(message.title) ? oneLine(message.title) : undefined;
	// A title alone is the message: most services refuse an empty text.
	if (title && (body === '' ? !image : isTheSame(title, body))) {
		body ||= write.plain(title);
		title = undefined;
	}
	const paragraphs: string[] = [];
	if (title && !renders.title) {
		// Half of a part at most: one without an end must not take the text's place.
		const { limit } = renders;
		const shown = body === '' ? title : cutLine(title, { ...limit, max: Math.ceil(limit.max / 2) });
		if (shown !== title) losses.add('title', Math.max(1, title.length - shown.length));
		paragraphs.push(write.bold(shown));
		title = undefined;
	}
	if (body !== '') paragraphs.push(body);

	// A field of blanks would be an empty line.
	const fields = (message.fields ?? []).filter(({ name, value }) => isVisible(name) || isVisible(value));
	// A service shows a field by its name.
	const fits =
		renders.fields !== undefined &&
		fields.length <= renders.fields &&
		fields.every(
			({ name, value }) =>
				name.trim() !== '' && isWithin(name, renders.fieldText) && isWithin(value, renders.fieldText),
		);
	if (fields.length > 0 && !fits) {
		losses.add('fields', fields.length);
		paragraphs.push(fields.map((field) => fieldLine(field, write, language)).join(write.line));
	}
	const { shown, links } = sortButtons(message.buttons ?? [], renders, losses);
	const lines = links.map(({ text, url }) => write.link(text, url));
	const url = message.url && linkOf(message.url);
	if (message.url && !url) losses.add('url');
	const isOnButton = [...shown, ...links].some((button) => url && button.url && isSameAddress(button.url, url));
	if (url && !renders.url && !isOnButton) {
		losses.add('url');
		lines.push(write.link(words.open[language], url));
	}
	if (message.image && !renders.image) {
		losses.add('image');
		const url = publicUrl(message.image);
		if (url) lines.push(write.link(words.picture[language], url));
	}
	for (const { name, url } of fileLinks) lines.push(write.link(name ?? words.picture[language], url));
	if (lines.length > 0) paragraphs.push(lines.join(write.line));
	if (message.mentions?.length && !renders.mentions) losses.add('mentions', message.mentions.length);
	if (message.level && message.level !== 'info' && !renders.level) losses.add('level');
	if (message.silent && !renders.silent) losses.add('silent');
	return {
		source: paragraphs.join(write.paragraph),
		body,
		format,
		title,
		kept: { buttons: shown, fields: fits ? fields : [], url: renders.url ? url : undefined },
	};
}

/** The text says what the title does, emphasis or not. */
function isTheSame(title: string, body: string): boolean {
	if (body.length > 2 * title.length + 20) return false;
	const bare = (words: string) => words.replace(/[*_\\\s]+/g, '');
	return bare(title) === bare(body);
}

const isWithin = (words: string | undefined, limit: Limit | undefined) =>
	words === undefined || !limit || fits(words, limit);

function fieldLine(
	{ name, value }: { name: string; value: string },
	write: (typeof writers)[Format],
	language: Language,
): string {
	const label = name.trim().replace(/[:：]$/, '');
	if (label === '') return write.plain(value);
	if (value === '') return write.bold(label);
	return write.bold(label) + write.plain(`${language === 'zh' ? '：' : ': '}${value}`);
}

/** An address that can be opened, also where its scheme was left out; `undefined` where it leads nowhere, or must not. */
function linkOf(given: string): string | undefined {
	const href = safeHref(given);
	if (href === undefined || /\s/.test(href)) return undefined;
	if (/^(?:(?:[\w-]+\.)+[a-z]{2,}|localhost|(?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:[/?#]|$)/i.test(href))
		return `${/^(?:localhost|[\d.]+)(?=[:/?#]|$)/i.test(href) ? 'http' : 'https'}://${href}`;
	return URL.canParse(href) ? href : undefined;
}

/** What goes out as a button, what as a link; a button that only sends a value back has no other form. */
function sortButtons(buttons: readonly Button[], { buttons: room }: Renders, losses: Losses) {
	const shown: Button[] = [];
	const links: { text: string; url: string }[] = [];
	for (const given of buttons) {
		const button = { ...given };
		const url = given.url && linkOf(given.url);
		// A link that runs something is none.
		if (given.url && !url) {
			losses.add('buttons');
			delete button.url;
			if (given.value === undefined) continue;
		} else if (url) button.url = url;
		const isShown = button.url !== undefined || (room?.values && isWithin(button.value, room.value));
		if (room && shown.length < room.most && isShown) {
			const cut: Button = { ...button };
			if (!isWithin(button.text, room.text)) cut.text = cutLine(button.text, room.text!);
			// Its link is left.
			if (!isWithin(button.value, room.value)) delete cut.value;
			if (cut.text !== button.text || cut.value !== button.value) losses.add('buttons');
			shown.push(cut);
		} else {
			losses.add('buttons');
			if (button.url !== undefined) links.push({ text: button.text, url: button.url });
		}
	}
	return { shown, links };
}
