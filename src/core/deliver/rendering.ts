import { toFile, Unobtainable, type Reaching } from './obtaining';
import type { File, Rendered, Renders } from '../define/channel';
import { invalid } from '../base/errors';
import { type Language, type Text, fill } from '../base/language';
import { type Limit, weightOf } from '../base/limit';
import {
	cutLine,
	escapeMarkdown,
	oneLine,
	readBack,
	render,
	safeHref,
	isVisible,
	renderInTurns,
	type Fitted,
	type Loss,
	type RenderOptions,
} from '../markup';
import { mustStayHere } from '../base/shownLink';
import type { Attachment, Button, Format, Message } from '../message/message';

export interface Rendering {
	parts: Rendered[];
	/** One for each kind and part. */
	losses: Loss[];
	warnings: Text[];
}

/** What becomes of a text that is too long for one message. */
export interface Fitting {
	overflow: 'split' | 'cut' | 'file';
	maxParts: number;
}

/** What was lost on the way, by its kind and part. */
export class Losses {
	private readonly found = new Map<string, Loss>();

	constructor(given: Iterable<Loss> = []) {
		for (const { kind, part, count } of given) this.add(kind, count, part);
	}

	add(kind: string, count = 1, part = 1): void {
		const key = `${part} ${kind}`;
		const known = this.found.get(key);
		this.found.set(key, { kind, part, count: (known?.count ?? 0) + count });
	}

	/** Said again for another recipient of the same part. */
	note(kind: string, part: number): void {
		if (!this.found.has(`${part} ${kind}`)) this.add(kind, 1, part);
	}

	get all(): Loss[] {
		return [...this.found.values()].map((loss) => ({ ...loss }));
	}
}

const words = {
	open: { en: 'Details', zh: '查看详情' },
	picture: { en: 'Picture', zh: '图片' },
	more: { en: '… and {n} more characters were left out', zh: '……另有 {n} 个字符未发送' },
	one: { en: '… and 1 more character was left out', zh: '……另有 1 个字符未发送' },
	whole: { en: '… the whole text is in the file {name}', zh: '……全文见文件 {name}' },
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
	/** Kinds, one for each thing that went another way, or not at all. */
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
 * A long text takes several turns of the event loop.
 * @throws ChannelError `Invalid('message')` where there is nothing to send, also once it is rendered
 */
export function renderParts(
	message: Message,
	renders: Renders,
	fitting: Fitting,
	language: Language,
	enclosed: Enclosures = nothingEnclosed,
): Rendering | Promise<Rendering> {
	const { image, files } = enclosed;
	const compose = (shown: Renders) => {
		const losses = new Losses();
		for (const kind of enclosed.degraded) losses.add(kind);
		return { ...composeSource(message, shown, language, enclosed, losses), losses };
	};
	const isEmpty = ({ source, title }: Composed) => source === '' && !title && !image && files.length === 0;
	let composed = compose(renders);
	// Few services take fields or buttons without a text: then they are the text.
	if (isEmpty(composed)) composed = compose({ ...renders, fields: undefined, buttons: undefined, url: undefined });
	if (isEmpty(composed)) throw empty();
	const { losses } = composed;
	const options = optionsFor(composed, renders, fitting, language, image);
	const complete = (fitted: Fitted) =>
		finish(fitted, composed, options, { message, renders, fitting, enclosed, losses });
	const fitted = renderInTurns(composed.source, options);
	if (fitted instanceof Promise) return fitted.then((each) => orRaw(each, composed, options)).then(complete);
	const seen = orRaw(fitted, composed, options);
	return seen instanceof Promise ? seen.then(complete) : complete(seen);
}

const empty = () => invalid('message', { en: 'The message is empty: fill in a text.', zh: '消息为空：请填写内容。' });

function optionsFor(
	{ format }: Composed,
	renders: Renders,
	fitting: Fitting,
	language: Language,
	image: File | undefined,
): RenderOptions {
	const { markup: dialect, limit, captionLimit } = renders;
	const common = { format, dialect, limit, first: (image && captionLimit) || undefined };
	if (takesText(renders, fitting)) {
		const said = fill(words.whole, { name: fileNames[format].name })[language];
		return { ...common, overflow: 'split', most: 1, note: () => said };
	}
	if (renders.single || fitting.overflow === 'cut') return { ...common, overflow: 'cut' };
	const note = (left: number) =>
		left === 1 ? words.one[language] : fill(words.more, { n: left.toLocaleString('en') })[language];
	return { ...common, overflow: 'split', most: fitting.maxParts, note };
}

/** The whole of a text that is too long goes along as a file. */
const takesText = ({ attachments }: Renders, { overflow }: Fitting) =>
	overflow === 'file' && (attachments === 'bytes' || attachments === 'both');

const fileNames: Record<Format, { name: string; mime: string }> = {
	markdown: { name: 'message.md', mime: 'text/markdown' },
	html: { name: 'message.html', mime: 'text/html' },
	text: { name: 'message.txt', mime: 'text/plain' },
};

/** What is nothing to a reader once it is rendered (`&nbsp;`, a link without words) goes as it was written. */
function orRaw(fitted: Fitted, { source, body }: Composed, options: RenderOptions): Fitted | Promise<Fitted> {
	return fitted.visible || source === '' || !isVisible(body)
		? fitted
		: renderInTurns(body, { ...options, format: 'text' });
}

function finish(
	fitted: Fitted,
	{ source, format, title, kept }: Composed,
	options: RenderOptions,
	given: { message: Message; renders: Renders; fitting: Fitting; enclosed: Enclosures; losses: Losses },
): Rendering {
	const { message, renders, fitting, enclosed, losses } = given;
	const { image } = enclosed;
	const files = [...enclosed.files];
	const shownTitle = title && renders.title ? cutLine(title, renders.title) : undefined;
	if (!fitted.visible && !image && files.length === 0 && !(shownTitle && isVisible(shownTitle))) throw empty();
	for (const { kind, count, part } of fitted.losses) losses.add(kind, count, part);
	if (fitted.cut && takesText(renders, fitting)) files.push({ ...fileNames[format], data: Buffer.from(source) });
	if (title && shownTitle && renders.title && weightOf(title, renders.title) > renders.title.max)
		losses.add('title', Math.max(1, title.length - shownTitle.length));
	const count = fitted.parts.length;
	const parts = fitted.parts.map((body, index): Rendered => ({
		title: shownTitle,
		body,
		markup: options.dialect,
		index,
		count,
		image: index === 0 ? image : undefined,
		attachments: index === 0 ? files : [],
		buttons: index === count - 1 ? kept.buttons : [],
		fields: index === count - 1 ? kept.fields : [],
		mentions: index === 0 && renders.mentions ? (message.mentions ?? []) : [],
		level: renders.level ? message.level : undefined,
		url: kept.url,
		source: message,
	}));
	return { parts, losses: losses.all, warnings: [...enclosed.warnings] };
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

/** A message in its own format, with all that the channel has no place for. */
interface Composed {
	source: string;
	/** The text alone. */
	body: string;
	format: Format;
	title?: string;
	kept: { buttons: Button[]; fields: NonNullable<Message['fields']>; url?: string };
}

function composeSource(
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
	if (body === '' && title && !image) {
		body = write.plain(title);
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
		losses.add('fields', fields.length);
		paragraphs.push(fields.map((field) => fieldLine(field, write, language)).join(write.line));
	}
	const { shown, links } = sortButtons(message.buttons ?? [], renders, losses);
	const lines = links.map(({ text, url }) => write.link(text, url));
	const url = message.url && linkOf(message.url);
	if (message.url && !url) losses.add('url');
	const isOnButton = [...shown, ...links].some((button) => button.url === url);
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
	return {
		source: paragraphs.join(write.paragraph),
		body,
		format,
		title,
		kept: { buttons: shown, fields: fits ? fields : [], url: renders.url ? url : undefined },
	};
}

const isWithin = (words: string | undefined, limit: Limit | undefined) =>
	words === undefined || !limit || weightOf(words, limit) <= limit.max;

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

/** A part whose markup the service refused, as plain text. */
export function withoutMarkup(part: Rendered, renders: Renders): Rendered {
	const { source, format } = readBack(part.body, part.markup);
	const [body = ''] = render(source, { format, dialect: 'plain', limit: renders.limit, overflow: 'cut' }).parts;
	return { ...part, body, markup: 'plain' };
}
