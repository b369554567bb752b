import { hash } from 'node:crypto';
import { mustStayHere } from '../base/shownLink';
import { factLabels, isEventType, type FactName, type MediaEvent, type MediaItem } from './event';
import type { Language } from '../base/language';
import { escapeMarkdown } from '../markup';
import type { Message } from './message';
import { renderTemplate } from './template';
import { cleaned, inWords, isNothing, tidied, withoutKeys } from './readable';
import { fallbacks, kindWords, sentences, unknownSentence, verbs, type Sentence } from './sentences';

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
export function composeEventMessage(told: MediaEvent, options: MessageOptions, said: Partial<Message> = {}): Message {
	const { language } = options;
	const event = tidied(told);
	const { item, facts = {} } = event;
	const sentence = sentenceOf(event);
	const title = said.title ?? (said.body === undefined ? tell(event, language, plain) : undefined);
	const links = item ? linksOf(item).map(([name, url]) => `[${name}](${url})`) : [];
	const paragraphs = [
		progressOf(event, language),
		facts.comment && asLines(withoutKeys(cut(facts.comment, 1500))),
		event.text && asLines(withoutKeys(cut(event.text, 1500))),
		item?.overview && escapeMarkdown(withoutKeys(cut(item.overview, overviewLength))),
		detailsOf(item, language),
		links.join(' · '),
	];
	const lines = paragraphs.filter(Boolean).join('\n\n') || footer(event, sentence) || tell(event, language, markdown);
	const fields = Object.entries({ ...(item?.library && { library: item.library }), ...facts })
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
	const message: Message = {
		body: lines,
		...(title !== undefined && { title }),
		type: event.type,
		level: sentence.level,
		...(item?.url && { url: item.url }),
		...(item?.poster && {
			image: 'url' in item.poster ? { url: item.poster.url } : { ...item.poster, name: 'poster.jpg' },
		}),
		...(said.body === undefined && fields.length > 0 && { fields }),
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

/**
 * The same key is the same happening: whatever is told of it goes in, save the moment of telling.
 * @param bucket seconds that count as one moment; without it the time does not matter
 */
export function keyOf(event: MediaEvent, said: Partial<Message> = {}, bucket?: number): string {
	if (said.key) return said.key;
	const { source, type, playback, time, raw: _, ...told } = event;
	const { time: __, ...worded } = said;
	// A library tells of a film once a day at most; people press play more often.
	const seconds = type.startsWith('library.') ? 86_400 : bucket;
	const when = bucket === undefined ? '' : Math.floor(Date.parse(time) / 1000 / (seconds ?? bucket));
	// Where one got to is told of stops, not of starts: there a second more or less is another telling of the same.
	const place = [progressOf(event, 'en'), playback?.paused, playback?.method];
	return `${source}:${type}:${digest([told, worded, hash('sha256', worded.body ?? ''), place, when])}`;
}

/**
 * What it is about, however little is known of it yet: a fuller telling has the same one.
 * `undefined` where it is about nothing that could be told more fully.
 */
export function subjectOf({ source, type, server, item }: MediaEvent): string | undefined {
	if (!item) return undefined;
	const { id, path, kind, title, series, season, episode } = item;
	const known = id === undefined ? [path, kind, series ?? title, season, episode] : [id];
	return `${source}:${type}:${digest([server?.id ?? server?.url ?? server?.name, ...known])}`;
}

const digest = (value: unknown) => hash('sha256', JSON.stringify(inOrder(value)), 'base64url').slice(0, 16);

/** The same values give the same text, in whatever order they were put together; bytes stand as their hash. */
function inOrder(value: unknown): unknown {
	// Nobody reads so far; what came may be megabytes.
	if (typeof value === 'string' && value.length > 65_536) return [value.length, value.slice(0, 65_536)];
	if (value instanceof Uint8Array) return hash('sha256', value, 'base64url');
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value)
		.filter(([, one]) => one !== undefined)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([name, one]) => [name, inOrder(one)]);
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

function sentenceOf({ type, rawType }: MediaEvent): Sentence {
	if (isEventType(type)) return sentences[type];
	return isNothing(rawType || type) ? sentences['system.notice'] : unknownSentence;
}

/** How a name is written: bare, or as Markdown with the work itself in italics. */
type Writing = { text(value: string): string; work(value: string): string };
const plain: Writing = { text: asName, work: asName };
const markdown: Writing = {
	text: (value) => escapeMarkdown(asName(value)),
	work: (value) => value && `*${escapeMarkdown(asName(value))}*`,
};

function tell(event: MediaEvent, language: Language, writing: Writing): string {
	const { item, facts = {} } = event;
	const at = language === 'zh' ? 1 : 0;
	const [icon, ...kind] = kindWords[item?.kind ?? 'other'] ?? ['', '', ''];
	const verb = verbs[item?.kind === 'track' || item?.kind === 'album' || item?.kind === 'artist' ? 'ears' : 'eyes'];
	const values: Record<string, string | undefined> = {
		...Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, writing.text(value)])),
		user: event.user?.name && writing.text(event.user.name),
		device: deviceOf(event) && writing.text(deviceOf(event) as string),
		server: writing.text(event.server?.name ?? nameOf(event.source)),
		item: item
			? labelled(item, language, writing)
			: isInTitle(event)
				? writing.text(facts.release ?? '')
				: undefined,
		count: event.count && event.count > 1 ? String(event.count) : undefined,
		type: writing.text(inWords(event.rawType || event.type)),
		kind: kind[at],
		icon,
		watching: verb.watching[at],
		watched: verb.watched[at],
	};
	const template = sentenceOf(event)[language];
	const standIn = (word?: string) => word && (language === 'zh' ? apart(word) : word);
	const put = ({ isOptional, pieces }: Part): string => {
		let filled = '';
		for (let index = 0; index < pieces.length; index++) {
			const piece = pieces[index]!;
			const value =
				index % 2 === 0 ? piece : values[piece] || (isOptional ? '' : standIn(fallbacks[piece]?.[at]));
			if (!value && index % 2 === 1 && isOptional) return '';
			filled += value ?? '';
		}
		return filled;
	};
	return partsOf(template)
		.map(put)
		.join('')
		.replace(/(?<=\p{Script=Han}) \u0001|\u0001(?: (?=\p{Script=Han}))?/gu, '')
		.replace(/\s+/g, ' ')
		.trim();
}

/** Chinese words stand side by side; names stand apart from them. */
const apart = (word: string) => `\u0001${word}\u0001`;

const labelled = (item: MediaItem, language: Language, writing: Writing) =>
	language === 'zh' && !item.title && !item.series
		? apart(labelOf(item, language, writing))
		: labelOf(item, language, writing);

/** Of a sender that names no server; one that anybody may be has none. */
const nameOf = (source: string) => (source === 'custom' ? '' : source.charAt(0).toUpperCase() + source.slice(1));

/** A download that names nothing but its release. */
const isInTitle = ({ type, item, facts }: MediaEvent) =>
	item === undefined && facts?.release !== undefined && type.startsWith('download.');

interface Part {
	/** In brackets. */
	isOptional: boolean;
	/** Text and the names of values in turn. */
	pieces: readonly string[];
}

const parts = new Map<string, readonly Part[]>();

/** A sentence taken apart, once. */
function partsOf(sentence: string): readonly Part[] {
	const known = parts.get(sentence);
	if (known) return known;
	const taken = sentence.split(/\[([^[\]]*)\]/).map((part, index) => ({
		isOptional: index % 2 === 1,
		pieces: part.split(/\{(\w+)\}/),
	}));
	parts.set(sentence, taken);
	return taken;
}

const deviceOf = ({ device }: MediaEvent) => device?.name ?? device?.client;

const clientOf = ({ device }: MediaEvent) =>
	device?.name === device?.client || !device?.name ? undefined : device.client;

/** `Severance S02E03 · Who Is Alive?`, `Dune (2021)`, `Tom Waits – Rain Dogs`. */
export function labelOf(item: MediaItem, language: Language, { text, work }: Writing = plain): string {
	const { kind, title, series, year, artist } = item;
	if (kind === 'episode' || (kind === 'season' && series)) {
		const number = numberOf(item, language);
		const own = kind === 'episode' && title !== series ? ownTitleOf(item, number) : number ? '' : title;
		return `${work(series ?? title)}${number && ` ${number}`}${own && series ? ` · ${text(own)}` : ''}`;
	}
	const by = (kind === 'track' || kind === 'album' || kind === 'book') && artist && artist !== title ? artist : '';
	const dated = year && (kind === 'movie' || kind === 'series' || kind === 'other') ? ` (${year})` : '';
	if (kind === 'book') return `${work(title)}${by && (language === 'zh' ? `（${text(by)}）` : ` by ${text(by)}`)}`;
	// Nothing but its kind is known.
	const [, en = '', zh = ''] = kindWords[kind] ?? [];
	const name = title
		? work(title)
		: text(language === 'zh' ? `一部${zh}` : `${/^[aeiou]/.test(en) ? 'an' : 'a'} ${en}`);
	return `${by && `${text(by)} – `}${name}${dated}`;
}

/** A server that knows no title yet gives the file's name, or the number in front of it. */
function ownTitleOf({ title, path }: MediaItem, number: string): string {
	if (!number) return title;
	const file = path?.replace(/^.*[/\\]/, '').replace(/\.\w{2,4}$/, '');
	return title === file ? '' : title.replace(/^S\d+E\d+(?:\s*[-–·.]\s*|$)/i, '');
}

function numberOf({ kind, season, episode, episodes, episodeEnd }: MediaItem, language: Language): string {
	const two = (value: number) => String(value).padStart(2, '0');
	if (kind === 'season') {
		if (season === undefined) return '';
		if (season === 0) return language === 'zh' ? '特别篇' : 'Specials';
		return language === 'zh' ? `第 ${season} 季` : `Season ${season}`;
	}
	const inSeason = season === undefined ? '' : `S${two(season)}`;
	if (episodes && episodes.length > 1)
		return `${inSeason}${episodes
			.slice(0, mostNumbers)
			.map((one) => `E${two(one)}`)
			.join(', ')}${episodes.length > mostNumbers ? ', …' : ''}`;
	if (episode === undefined) return inSeason;
	return `${inSeason}E${two(episode)}${episodeEnd !== undefined && episodeEnd > episode ? `–E${two(episodeEnd)}` : ''}`;
}

/** Of episodes that are named one by one. */
const mostNumbers = 12;

/** Where one got to, for events that are about that. */
function progressOf({ type, playback, item }: MediaEvent, language: Language): string {
	if (!playback || !/^playback\.(?:paused|resumed|progress|stopped|failed)$/.test(type)) return '';
	// Players report it every few seconds; nobody wants to be told more than once a minute.
	const isRunning = type === 'playback.progress' && playback.position !== undefined;
	const position = isRunning ? Math.floor((playback.position as number) / 60) * 60 : playback.position;
	const percent =
		isRunning && item?.runtime ? Math.min(100, ((position as number) / item.runtime) * 100) : playback.percent;
	const place = position === undefined ? '' : `${clock(position)}${item?.runtime ? ` / ${clock(item.runtime)}` : ''}`;
	return [percent === undefined ? '' : `${Math.round(percent)}%`, place]
		.filter(Boolean)
		.join(language === 'zh' ? '，' : ' · ');
}

function clock(seconds: number): string {
	const whole = Math.floor(seconds);
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	return `${hours ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes}:${String(rest).padStart(2, '0')}`;
}

function detailsOf(item: MediaItem | undefined, language: Language): string {
	if (!item) return '';
	const minutes = Math.round((item.runtime ?? 0) / 60);
	return [
		item.rating && item.rating > 0 ? `★ ${Math.round(item.rating * 10) / 10}` : '',
		minutes ? `${minutes} ${language === 'zh' ? '分钟' : 'min'}` : '',
		item.kind !== 'movie' && item.kind !== 'series' && item.kind !== 'other' && item.year ? String(item.year) : '',
		escapeMarkdown(asName((item.genres ?? []).slice(0, 4).join(', '))),
	]
		.filter(Boolean)
		.join(' · ');
}

/** The item's pages elsewhere. TMDB has none for the id of an episode. */
export function linksOf({ ids, idsOf, kind }: MediaItem): [name: string, url: string][] {
	const isOwn = idsOf !== 'series';
	const links: [string, string][] = [];
	if (ids.imdb) links.push(['IMDb', `https://www.imdb.com/title/${ids.imdb}/`]);
	if (ids.tmdb && kind === 'movie') links.push(['TMDB', `https://www.themoviedb.org/movie/${ids.tmdb}`]);
	else if (ids.tmdb && (kind === 'series' || !isOwn))
		links.push(['TMDB', `https://www.themoviedb.org/tv/${ids.tmdb}`]);
	const tvdb =
		kind === 'movie'
			? 'movie'
			: kind === 'series' || !isOwn
				? 'series'
				: kind === 'season' || kind === 'episode'
					? kind
					: undefined;
	if (ids.tvdb && tvdb) links.push(['TVDB', `https://thetvdb.com/dereferrer/${tvdb}/${ids.tvdb}`]);
	return links;
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

/** Whatever stands where a name should: a sentence stays one. */
function asName(value: string): string {
	return withoutKeys(cut(value, 500));
}

/** At a word's end where there is one near, and never within a character. */
function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	// A character is two units at most: what may be megabytes is not taken to pieces for its beginning.
	const characters = [...text.slice(0, 2 * most + 2)];
	if (characters.length <= most) return text;
	const head = characters.slice(0, most).join('');
	const space = head.lastIndexOf(' ');
	return `${(space > head.length * 0.8 ? head.slice(0, space) : head).trimEnd()}…`;
}

const asLines = (text: string) => text.split(/\r?\n/).map(escapeMarkdown).join('  \n');
