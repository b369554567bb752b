import type { Language } from '../base/language';
import { mustStayHere } from '../base/shownLink';
import { escapeMarkdown } from '../markup';
import { detailsOf, linksOf, progressOf } from './details';
import { factLabels, type FactName, type MediaEvent } from './event';
import { keyOf, unsaid } from './eventKey';
import type { Message } from './message';
import { asName, cut, markdown, plain } from './names';
import { cleaned, tidied, withoutKeys } from './readable';
import { deviceOf, isInTitle, sentenceOf, tell } from './sentence';
import type { Sentence } from './sentences';
import { renderTemplate } from './template';

export interface MessageOptions {
	language: Language;
	/** IANA name, for dates in the user's own templates. */
	timeZone?: string;
	/** Liquid, in place of the default texts. What a title puts in stays plain text; a body is Markdown. */
	titleTemplate?: string;
	bodyTemplate?: string;
}

const overviewLength = 280;
/** For templates; the release's name tells the group, the text the version before. */
const quietFacts: ReadonlySet<string> = new Set(['group', 'previousVersion']);

/**
 * What a person would write about an event: the sentence as title, what is worth knowing as body, the poster as image.
 * @param said what the sender worded itself; it stands in place of the default
 * @throws ChannelError `Invalid` for a template of the user's that cannot be used
 */
export function composeEventMessage(
	told: MediaEvent,
	options: MessageOptions,
	said: Partial<Message> = unsaid,
): Message {
	const { language } = options;
	const event = tidied(told);
	const { item } = event;
	const sentence = sentenceOf(event);
	const title = said.title ?? (said.body === undefined ? tell(event, language, plain) : undefined);
	// Its sender's own words, which may be megabytes, are not written again as ours.
	const body = said.body ?? (bodyOf(event, language) || footer(event, sentence) || tell(event, language, markdown));
	const fields = fieldsOf(event, sentence, language);
	const message: Message = {
		body,
		...(title !== undefined && { title }),
		type: event.type,
		level: sentence.level,
		...(item?.url && { url: item.url }),
		...(item?.poster && {
			image: 'url' in item.poster ? { url: item.poster.url } : { ...item.poster, name: 'poster.jpg' },
		}),
		...(said.body === undefined && fields.length > 0 && { fields }),
		...(event.origin && { origin: event.origin }),
		...(event.audience && { audience: event.audience }),
		time: event.time,
		key: keyOf(told, said, 120),
		...said,
	};
	if (said.body !== undefined && said.body.trim() === '' && message.title)
		Object.assign(message, { body: message.title, format: 'text', title: undefined });
	else if (said.body?.trim() === '' && !message.image)
		Object.assign(message, { body: tell(event, language, plain), format: 'text' });
	const clean = cleaned(withTemplates(message, event, options));
	return /\S/.test(clean.body) || clean.image
		? clean
		: { ...clean, body: tell(event, language, plain), format: 'text' };
}

/** What is worth knowing beyond the sentence. */
function bodyOf(event: MediaEvent, language: Language): string {
	const { item, facts = {} } = event;
	const links = item ? linksOf(item).map(([name, url]) => `[${name}](${url})`) : [];
	const paragraphs = [
		progressOf(event, language),
		facts.comment && asLines(withoutKeys(cut(facts.comment, 1500))),
		event.text && asLines(withoutKeys(cut(event.text, 1500))),
		item?.overview && escapeMarkdown(withoutKeys(cut(item.overview, overviewLength))),
		detailsOf(item, language),
		links.join(' · '),
	];
	return paragraphs.filter(Boolean).join('\n\n');
}

/** The facts that the sentence does not tell. */
function fieldsOf(event: MediaEvent, sentence: Sentence, language: Language): NonNullable<Message['fields']> {
	const { item, facts } = event;
	return Object.entries({ ...(item?.library && { library: item.library }), ...facts })
		.filter(
			([name, value]) =>
				value &&
				!quietFacts.has(name) &&
				name !== 'comment' &&
				!sentence[language].includes(`{${name}}`) &&
				!(name === 'release' && isInTitle(event)),
		)
		.map(([name, value]) => ({
			name:
				name === 'library'
					? language === 'zh'
						? '媒体库'
						: 'Library'
					: factLabels[name as FactName][language === 'zh' ? 1 : 0],
			value: withoutKeys(value),
			short: value.length < 30,
		}));
}

function withTemplates(
	message: Message,
	told: MediaEvent,
	{ titleTemplate, bodyTemplate, timeZone, language }: MessageOptions,
): Message {
	if (!titleTemplate && !bodyTemplate) return message;
	const event = withoutPrivatePicture(told);
	const values = {
		event,
		item: event.item,
		user: event.user,
		device: event.device,
		server: event.server,
		playback: event.playback,
		title: message.title,
		body: message.body,
		/** The title as Markdown, with the work in italics: for `{{ sentence | raw }}`. */
		sentence: tell(event, language, markdown),
		raw: event.raw,
	};
	const title =
		titleTemplate &&
		renderTemplate(titleTemplate, values, { output: 'text', timeZone, field: 'titleTemplate' })
			.replace(/\s+/g, ' ')
			.trim();
	const body = bodyTemplate && renderTemplate(bodyTemplate, values, { timeZone, field: 'bodyTemplate' }).trim();
	return {
		...message,
		...(title && { title }),
		...(body && { body, format: 'markdown' as const }),
	};
}

/** For templates, whose words leave: a picture's address may hold the media server's key. */
function withoutPrivatePicture(event: MediaEvent): MediaEvent {
	const { item } = event;
	if (!item?.poster || ('url' in item.poster && URL.canParse(item.poster.url) && !mustStayHere(item.poster.url)))
		return event;
	const { poster: _, ...rest } = item;
	return { ...event, item: rest };
}

/** What the title does not tell: it names the device where it can, and where somebody logs in from is worth knowing. */
const footer = (event: MediaEvent, { en }: Sentence) =>
	[
		en.includes('{device}') ? clientOf(event) : deviceOf(event),
		/^(?:user|session)\./.test(event.type) ? event.device?.address : undefined,
		event.server?.name,
	]
		.filter((name) => name !== undefined)
		.map((name) => escapeMarkdown(asName(name)))
		.join(' · ');

const clientOf = ({ device }: MediaEvent) =>
	device?.name === device?.client || !device?.name ? undefined : device.client;

const asLines = (text: string) => text.split(/\r?\n/).map(escapeMarkdown).join('  \n');
