import { toFile, Unobtainable, type Reaching } from './obtaining';
import type { File, Rendered, Renders } from '../define/channel';
import { invalid } from '../base/errors';
import type { Language, Text } from '../base/language';
import { measure, type Limit } from '../base/limit';
import { cutLine, escapeMarkdown, oneLine, readBack, render, safeHref } from '../markup';
import { mustStayHere } from './obtaining';
import type { Attachment, Button, Format, Message } from '../message/message';

export interface Rendering {
	parts: Rendered[];
	degraded: Set<string>;
	warnings: Text[];
}

const words = {
	open: { en: 'Details', zh: '查看详情' },
	picture: { en: 'Picture', zh: '图片' },
} as const;

/** Bits of text in the message's own format, for what degrades into lines. */
const writers: Record<
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

/** A message's pictures and files, as its channel takes them, and what became of the others. */
export interface Enclosures {
	image?: File;
	files: readonly File[];
	/** Files that go out as links; without a name it is the picture. */
	links: readonly { name?: string; url: string }[];
	degraded: readonly string[];
	warnings: readonly Text[];
}

const nothingEnclosed: Enclosures = { files: [], links: [], degraded: [], warnings: [] };

/** Most messages have nothing to be fetched, and wait for nothing. */
export function enclosuresOf(message: Message, renders: Renders, reaching: Reaching): Enclosures | Promise<Enclosures> {
	const { defaultImage } = reaching.account;
	const picture = renders.image && (message.image ?? (defaultImage ? { url: defaultImage } : undefined));
	return picture || message.attachments
		? obtain(picture, message.attachments ?? [], renders, reaching)
		: nothingEnclosed;
}

/**
 * Makes the channel's parts of a message. What the channel cannot show is written another way, or left out and named.
 * @throws ChannelError `Invalid('message')` where there is nothing to send
 */
export function renderParts(
	message: Message,
	renders: Renders,
	overflow: 'split' | 'cut',
	language: Language,
	enclosed: Enclosures = nothingEnclosed,
): Rendering {
	const degraded = new Set(enclosed.degraded);
	const { image, files } = enclosed;
	const { source, format, title, kept } = composeSource(message, renders, language, enclosed, degraded);
	if (source === '' && !title && !image && files.length === 0) {
		throw invalid('message', { en: 'The message is empty: fill in a text.', zh: '消息为空：请填写内容。' });
	}
	const beside = image && renders.captionLimit;
	const fitted = render(source, {
		format,
		dialect: renders.markup,
		limit: renders.limit,
		first: beside || undefined,
		overflow: renders.single ? 'cut' : overflow,
	});
	if (fitted.cut) degraded.add('cut');
	for (const lost of fitted.lost) degraded.add(lost);
	const shownTitle = title && renders.title ? cutLine(title, renders.title) : undefined;
	if (title && renders.title && measure(title, renders.title.unit) > renders.title.max) degraded.add('title');
	const count = fitted.parts.length;
	const parts = fitted.parts.map((body, index): Rendered => ({
		title: shownTitle,
		body,
		markup: renders.markup,
		index,
		count,
		image: index === 0 ? image : undefined,
		attachments: index === 0 ? [...files] : [],
		buttons: index === count - 1 ? kept.buttons : [],
		fields: index === count - 1 ? kept.fields : [],
		mentions: index === 0 && renders.mentions ? (message.mentions ?? []) : [],
		level: renders.level ? message.level : undefined,
		url: kept.url,
		source: message,
	}));
	return { parts, degraded, warnings: [...enclosed.warnings] };
}

async function obtain(
	picture: Attachment | undefined,
	attachments: readonly Attachment[],
	renders: Renders,
	reaching: Reaching,
): Promise<Enclosures> {
	const degraded: string[] = [];
	const warnings: Text[] = [];
	const orNothing = async (file: Promise<File>): Promise<File | undefined> => {
		try {
			return await file;
		} catch (error) {
			if (!(error instanceof Unobtainable)) throw error;
			warnings.push(error.reason);
			return undefined;
		}
	};
	const image = picture && (await orNothing(toFile(picture, renders.image!, reaching, true)));
	const files: File[] = [];
	const links: { name?: string; url: string }[] = [];
	if (picture && !image) {
		degraded.push('image');
		const url = publicUrl(picture);
		if (url) links.push({ url });
	}
	for (const attachment of attachments) {
		const file = renders.attachments && (await orNothing(toFile(attachment, renders.attachments, reaching, false)));
		if (file) {
			files.push(file);
			continue;
		}
		degraded.push('attachments');
		const url = publicUrl(attachment);
		if (url) links.push({ name: attachment.name ?? url, url });
	}
	return { image, files, links, degraded, warnings };
}

/** An address that may be shown to readers. */
function publicUrl(attachment: Attachment | undefined): string | undefined {
	if (!attachment || !('url' in attachment) || !URL.canParse(attachment.url)) return undefined;
	return /^https?:/.test(attachment.url) && !attachment.fetch && !mustStayHere(attachment.url)
		? attachment.url
		: undefined;
}

function composeSource(
	message: Message,
	renders: Renders,
	language: Language,
	{ image, links: fileLinks }: Enclosures,
	degraded: Set<string>,
) {
	const format = message.format ?? 'markdown';
	const write = writers[format];
	let body = message.body.trim() === '' ? '' : message.body;
	let title = (message.title && oneLine(message.title)) || undefined;
	// A title alone is the message: most services refuse an empty text.
	if (body === '' && title && !image) {
		body = write.plain(title);
		title = undefined;
	}
	const paragraphs: string[] = [];
	if (title && !renders.title) {
		paragraphs.push(write.bold(title));
		title = undefined;
	}
	if (body !== '') paragraphs.push(body);

	const fields = message.fields ?? [];
	// A service shows a field by its name.
	const fits =
		renders.fields !== undefined &&
		fields.length <= renders.fields &&
		fields.every(
			({ name, value }) =>
				name.trim() !== '' && isWithin(name, renders.fieldText) && isWithin(value, renders.fieldText),
		);
	if (fields.length > 0 && !fits) {
		degraded.add('fields');
		paragraphs.push(fields.map((field) => fieldLine(field, write, language)).join(write.line));
	}
	const { shown, links } = sortButtons(message.buttons ?? [], renders, degraded);
	const lines = links.map(({ text, url }) => write.link(text, url));
	const url = message.url && safeHref(message.url);
	if (message.url && !url) degraded.add('url');
	const isOnButton = [...shown, ...links].some((button) => button.url === url);
	if (url && !renders.url && !isOnButton) {
		degraded.add('url');
		lines.push(write.link(words.open[language], url));
	}
	if (message.image && !renders.image) {
		degraded.add('image');
		const url = publicUrl(message.image);
		if (url) lines.push(write.link(words.picture[language], url));
	}
	for (const { name, url } of fileLinks) lines.push(write.link(name ?? words.picture[language], url));
	if (lines.length > 0) paragraphs.push(lines.join(write.line));
	if (message.mentions?.length && !renders.mentions) degraded.add('mentions');
	if (message.level && message.level !== 'info' && !renders.level) degraded.add('level');
	return {
		source: paragraphs.join(write.paragraph),
		format,
		title,
		kept: { buttons: shown, fields: fits ? fields : [], url: renders.url ? url : undefined },
	};
}

const isWithin = (words: string | undefined, limit: Limit | undefined) =>
	words === undefined || !limit || measure(words, limit.unit) <= limit.max;

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

/** What goes out as a button, what as a link; a button that only sends a value back has no other form. */
function sortButtons(buttons: readonly Button[], { buttons: room }: Renders, degraded: Set<string>) {
	const shown: Button[] = [];
	const links: { text: string; url: string }[] = [];
	for (const given of buttons) {
		const button = { ...given };
		const url = given.url && safeHref(given.url);
		// A link that runs something is none.
		if (given.url && !url) {
			degraded.add('buttons');
			delete button.url;
			if (given.value === undefined) continue;
		} else if (url) button.url = url;
		const isShown = button.url !== undefined || (room?.values && isWithin(button.value, room.value));
		if (room && shown.length < room.most && isShown) {
			const cut: Button = { ...button };
			if (!isWithin(button.text, room.text)) cut.text = cutLine(button.text, room.text!);
			// Its link is left.
			if (!isWithin(button.value, room.value)) delete cut.value;
			if (cut.text !== button.text || cut.value !== button.value) degraded.add('buttons');
			shown.push(cut);
		} else {
			degraded.add('buttons');
			if (button.url !== undefined) links.push({ text: button.text, url: button.url });
		}
	}
	return { shown, links };
}

/** A part whose markup the service refused, as plain text. */
export function withoutMarkup(part: Rendered, renders: Renders): Rendered {
	const { source, format } = readBack(part.body, part.markup);
	const [body = ''] = render(source, { format, dialect: 'plain', limit: renders.limit, overflow: 'cut' }).parts;
	return { ...part, body, markup: 'plain' };
}
