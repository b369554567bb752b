import { utf16 } from '../base/limit';
import type { Language, Text } from '../base/language';
import { fill } from '../base/language';
import { escapeMarkdown, render } from '../markup';
import type { Carried } from './carried';
import { eventTypes, isEventType, type MediaEvent, type MediaItem } from './event';
import { labelOf } from './label';
import type { Message } from './message';
import { cut, markdown, plain } from './names';
import { cleaned, withoutKeys } from './readable';
import { kindWords } from './sentences';
import type { Level } from './synonyms';

export interface DigestOptions {
	language: Language;
	/** As many are named. */
	shown: number;
	/** That came beside them and were only counted. */
	counted?: number;
}

/**
 * Several messages as one, as a person would tell of them: episodes by their numbers, tracks by their album, tasks by
 * how they went, anything else by its title. Links are kept, and the picture that they share. Pure.
 * @param parts at least one, in the order in which they came
 */
export function digestOf(parts: readonly Carried[], options: DigestOptions): Message {
	const { language, counted = 0 } = options;
	const groups = groupsOf(parts);
	const total = parts.length + counted;
	const title = titleOf(parts, groups, total, language);
	const { lines, left } = linesOf(groups, options);
	const more = left + counted;
	if (more > 0) lines.push('', fill(andMore, { count: more })[language]);
	const shared = sharedBy(parts);
	return cleaned({ ...shared, title, body: lines.join('\n').trim() || escapeMarkdown(title), format: 'markdown' });
}

/** What is told in one breath. */
interface Group {
	kind: 'episodes' | 'tracks' | 'tasks' | 'others';
	type: string;
	parts: Carried[];
}

/** In the order of their first one; what failed stands before what did not. */
function groupsOf(parts: readonly Carried[]): Group[] {
	const groups = new Map<string, Group>();
	for (const part of parts) {
		const [kind, name] = kindOf(part);
		const type = typeOf(part);
		const key = JSON.stringify([kind, kind === 'tasks' ? '' : type, name]);
		const group = groups.get(key) ?? { kind, type, parts: [] };
		groups.set(key, group);
		group.parts.push(part);
	}
	const isBad = ({ parts }: Group) => parts.some(({ message }) => message.level === 'failure');
	return [...groups.values()].sort((one, other) => Number(isBad(other)) - Number(isBad(one)));
}

const typeOf = ({ message, event }: Carried) => event?.type ?? message.type ?? '';

function kindOf(part: Carried): [Group['kind'], name: string] {
	const { item } = part.event ?? {};
	if (item?.kind === 'episode' && (item.series ?? item.title) !== '' && numbersOf(item).length > 0)
		return ['episodes', seriesOf(item)];
	if (item?.kind === 'track' && item.album) return ['tracks', JSON.stringify([item.artist, item.album])];
	return /^task\./.test(typeOf(part)) ? ['tasks', ''] : ['others', ''];
}

const seriesOf = ({ series, title }: MediaItem) => series ?? title;

type Numbered = [season: number, episode: number];

/** Season and episode of all that an item holds; -1: no season is told. */
function numbersOf(
	item: Pick<MediaItem, 'season' | 'episode' | 'episodeEnd' | 'episodes' | 'furtherSeasons'>,
): Numbered[] {
	const { season = -1, episode, episodeEnd, episodes, furtherSeasons = [] } = item;
	const last = episodeEnd !== undefined && episode !== undefined ? Math.min(episodeEnd, episode + 999) : undefined;
	const own =
		episodes && episodes.length > 0
			? episodes
			: episode === undefined
				? []
				: Array.from({ length: Math.max(1, (last ?? episode) - episode + 1) }, (_, at) => episode + at);
	return [
		...own.map((each): Numbered => [season, each]),
		...furtherSeasons.slice(0, 100).flatMap((each) => numbersOf({ ...each, furtherSeasons: undefined })),
	];
}

const inOrder = ([a, b]: Numbered, [c, d]: Numbered) => a - c || b - d;

/** Each once, in order. */
function distinct(numbers: readonly Numbered[]): Numbered[] {
	return [...new Map(numbers.map((each) => [each.join(), each])).values()].sort(inOrder);
}

const two = (value: number) => String(value).padStart(2, '0');

/** `S01E02–E05, E07, S02E01`: what follows each other from its first to its last, three of them and more. */
export function rangesOf(numbers: readonly Numbered[], language: Language): string {
	const all = distinct(numbers);
	const told: string[] = [];
	let named: number | undefined;
	for (let at = 0; at < all.length; at++) {
		const [season, first] = all[at]!;
		let end = at;
		while (end + 1 < all.length && all[end + 1]![0] === season && all[end + 1]![1] === all[end]![1] + 1) end++;
		// Two that follow each other are a range as well: E01–E02.
		const [, last] = all[end]!;
		const inSeason = season === named || season < 0 ? '' : `S${two(season)}`;
		named = season;
		told.push(`${inSeason}E${two(first)}${last > first ? `–E${two(last)}` : ''}`);
		at = end;
	}
	const shown = told.slice(0, mostRanges);
	return `${shown.join(language === 'zh' ? '、' : ', ')}${told.length > mostRanges ? (language === 'zh' ? '……' : ', …') : ''}`;
}

const mostRanges = 24;

// Titles.

function titleOf(parts: readonly Carried[], groups: readonly Group[], total: number, language: Language): string {
	const [first, ...others] = groups;
	if (first && others.length === 0 && total === parts.length) {
		if (first.kind === 'episodes') return ofType(first, labelOfShow(first, language), language);
		if (first.kind === 'tracks') return ofType(first, labelOfAlbum(first, language), language);
	}
	if (groups.every(({ kind }) => kind === 'tasks')) return tasksIn(parts, total - parts.length, language);
	const types = new Set(groups.map(({ type }) => type));
	const [type = ''] = types;
	if (types.size === 1 && isEventType(type) && type !== 'message') {
		if (isArrival(type)) return fill(newOnes, { icon: iconOf(parts), count: countOf(groups, total) })[language];
		return fill(ofOneType, { type: eventTypes[type][language === 'zh' ? 1 : 0], count: total })[language];
	}
	if (groups.length > 0 && [...types].every(isArrival))
		return fill(newOnes, { icon: iconOf(parts), count: countOf(groups, total) })[language];
	return fill(notifications, { count: total })[language];
}

/** What is there now, and was not before. */
const isArrival = (type: string) => type === 'library.added' || type === 'download.imported';

/** An arrival goes without saying; of anything else it is said what it was. */
function ofType({ type, parts }: Group, what: string, language: Language): string {
	if (isArrival(type)) return `${iconOf(parts)} ${what}`;
	const said = isEventType(type) ? eventTypes[type][language === 'zh' ? 1 : 0] : type;
	return said === '' ? what : language === 'zh' ? `${said}：${what}` : `${said}: ${what}`;
}

function labelOfShow({ type, parts }: Group, language: Language, writing = plain): string {
	const items = parts.map(({ event }) => event!.item!);
	const numbers = items.flatMap(numbersOf);
	const count = distinct(numbers).length;
	const named = `${writing.work(seriesOf(items[0]!))} ${rangesOf(numbers, language)}`;
	return `${named}${fill(isArrival(type) ? newEpisodes : episodes, { count })[language]}`;
}

function labelOfAlbum({ parts }: Group, language: Language, { work, text } = plain): string {
	const { artist, album = '' } = parts[0]!.event!.item!;
	const count = new Set(parts.map(({ event }) => event!.item!.title)).size;
	return `${artist ? `${text(artist)} – ` : ''}${work(album)}${fill(count === 1 ? track : tracks, { count })[language]}`;
}

/** How many came, an episode counted once however often it was told. */
function countOf(groups: readonly Group[], total: number): number {
	const told = groups.reduce((sum, { parts }) => sum + parts.length, 0);
	const distinctly = groups.reduce(
		(sum, { kind, parts }) =>
			sum +
			(kind === 'episodes'
				? distinct(parts.flatMap(({ event }) => numbersOf(event!.item!))).length
				: parts.length),
		0,
	);
	return distinctly + total - told;
}

function iconOf(parts: readonly Carried[]): string {
	const icons = new Set(parts.map(({ event }) => kindWords[event?.item?.kind ?? '']?.[0] ?? '🆕'));
	return icons.size === 1 ? [...icons][0]! : '🆕';
}

const outcomes = ['failure', 'warning', 'success', 'info'] as const;
const marks: Readonly<Record<Level, string>> = { failure: '❌', warning: '⚠️', success: '✅', info: 'ℹ️' };

const levelOf = ({ message: { level }, event }: Carried): Level =>
	level ??
	(/failed$/.test(event?.type ?? '') ? 'failure' : /completed$/.test(event?.type ?? '') ? 'success' : 'info');

function tasksIn(parts: readonly Carried[], more: number, language: Language): string {
	const counts = outcomes.map((level) => [level, parts.filter((part) => levelOf(part) === level).length] as const);
	const told = counts
		.filter(([, count]) => count > 0)
		.map(
			([level, count]) =>
				`${marks[level]} ${fill(count === 1 ? went[level][0] : went[level][1], { count })[language]}`,
		);
	if (more > 0) told.push(fill(moreTasks, { count: more })[language]);
	return told.join(language === 'zh' ? '，' : ', ');
}

// Lines.

function linesOf(groups: readonly Group[], options: DigestOptions): { lines: string[]; left: number } {
	const { language, shown } = options;
	const lines: string[] = [];
	let room = shown;
	let left = 0;
	const isOne = groups.length === 1;
	for (const group of groups) {
		const { kind, parts } = group;
		if (!isOne && (kind === 'episodes' || kind === 'tracks')) {
			// One line, however many they are.
			if (room <= 0) left += parts.length;
			else lines.push(`- ${summary(group, language)}`);
			room--;
			continue;
		}
		const all =
			kind === 'episodes' ? byNumber(parts) : kind === 'tasks' ? byOutcome(parts) : parts.map((each) => [each]);
		for (const same of all) {
			if (room-- > 0) lines.push(...lineOf(same, group, language));
			else left += same.length;
		}
	}
	return { lines, left };
}

function summary(group: Group, language: Language): string {
	const label =
		group.kind === 'tracks' ? labelOfAlbum(group, language, markdown) : labelOfShow(group, language, markdown);
	const links = new Map(group.parts.flatMap((part) => (urlOf(part) ? [[urlOf(part)!, part]] : [])));
	const text = ofType(group, label, language);
	if (links.size === 0) return text;
	if (links.size === 1) return linked(text, [...links.keys()][0]!);
	const name = ({ event, message }: Carried) =>
		group.kind === 'episodes'
			? rangesOf(numbersOf(event!.item!), language)
			: (event?.item?.title ?? message.title ?? '…');
	return `${text} · ${[...links].map(([url, part]) => linked(escapeMarkdown(name(part)), url)).join(' ')}`;
}

/** The same episode told twice is one line. */
function byNumber(parts: readonly Carried[]): Carried[][] {
	const groups = new Map<string, Carried[]>();
	for (const part of parts) {
		const key = distinct(numbersOf(part.event!.item!)).join(';');
		groups.set(key, [...(groups.get(key) ?? []), part]);
	}
	const first = (same: Carried[]) => distinct(numbersOf(same[0]!.event!.item!))[0]!;
	return [...groups.values()].sort((one, other) => inOrder(first(one), first(other)));
}

/** Failures first; those that read the same are counted. */
function byOutcome(parts: readonly Carried[]): Carried[][] {
	const groups = new Map<string, Carried[]>();
	for (const part of parts) {
		const key = JSON.stringify([levelOf(part), nameOf(part), urlOf(part), saidIn(part)]);
		groups.set(key, [...(groups.get(key) ?? []), part]);
	}
	const rank = (same: Carried[]) => outcomes.indexOf(levelOf(same[0]!));
	return [...groups.values()].sort((one, other) => rank(one) - rank(other));
}

function lineOf(same: readonly Carried[], { kind, type }: Group, language: Language): string[] {
	const [part] = same as [Carried];
	const url = urlOf(part);
	const times = same.length > 1 && kind === 'tasks' ? ` ×${same.length}` : '';
	const name = escapeMarkdown(kind === 'episodes' ? episodeIn(part, language) : nameOf(part));
	const mark = kind === 'tasks' ? `${marks[levelOf(part)]} ` : '';
	const said = kind === 'episodes' || (isMedia(part.event) && type !== 'message') ? '' : saidIn(part);
	const head = `- ${mark}${url ? linked(name, url) : name}${times}`;
	if (said === '') return [head];
	return [head, ...said.split('\n').map((line) => `  ${escapeMarkdown(line)}`)].map((line, at, all) =>
		at < all.length - 1 ? `${line}  ` : line,
	);
}

const isMedia = (event: MediaEvent | undefined) => event?.item !== undefined;

/** `E02 · Half Loop`: what the title of the digest says is not said again. */
function episodeIn({ event }: Carried, language: Language): string {
	const item = event!.item!;
	const own =
		item.series !== undefined && item.title !== item.series
			? item.title.replace(/^S\d+E\d+(?:\s*[-–·.]\s*|$)/i, '')
			: '';
	return `${rangesOf(numbersOf(item), language)}${own ? ` · ${own}` : ''}`;
}

/** What it is called: its title, or the first line of what it says. */
function nameOf({ message, event }: Carried): string {
	if (message.title?.trim()) return cut(message.title.trim(), 300);
	if (event?.item) return cut(labelOf(event.item, 'en'), 300);
	return cut(textOf(message).split('\n')[0] ?? '', 300) || '…';
}

const mostSaid = 500;

/** The rest of it, as plain text. */
function saidIn({ message, event }: Carried): string {
	const text = textOf(message);
	const rest = message.title?.trim() || event?.item ? text : text.split('\n').slice(1).join('\n');
	const said = cut(rest.replace(/\n\s*\n+/g, '\n').trim(), mostSaid);
	return event?.facts?.reason && !said.includes(event.facts.reason)
		? [cut(withoutKeys(event.facts.reason), mostSaid), said].filter(Boolean).join('\n')
		: said;
}

function textOf({ body, format = 'markdown' }: Message): string {
	if (format === 'text') return body.trim();
	// What is shown of it is short; what came may be megabytes.
	const source = body.slice(0, 16_384);
	return (
		render(source, { format, dialect: 'plain', limit: utf16(4 * mostSaid), overflow: 'cut' }).parts[0] ?? ''
	).trim();
}

const urlOf = ({ message, event }: Carried): string | undefined => {
	const url = message.url ?? event?.item?.url;
	return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
};

/** In brackets an address holds neither spaces nor brackets. */
const linked = (text: string, url: string) =>
	`[${text}](<${url.replace(/[<>\s]/g, (char) => encodeURIComponent(char))}>)`;

// What they have in common.

function sharedBy(parts: readonly Carried[]): Partial<Message> {
	const messages = parts.map(({ message }) => message);
	const [first] = messages as [Message];
	const same = <K extends keyof Message>(key: K): Partial<Message> =>
		first[key] !== undefined && messages.every((each) => isSame(each[key], first[key]))
			? { [key]: first[key] }
			: {};
	const levels = new Set(parts.map(levelOf));
	const level = (['failure', 'warning', 'success', 'info'] as const).find((each) => levels.has(each));
	const mentions = [...new Set(messages.flatMap((each) => each.mentions ?? []))];
	const types = new Set(parts.map(typeOf));
	const [type] = types;
	return {
		...(types.size === 1 && type && { type }),
		...(level && { level }),
		...{ ...same('url'), ...same('to'), ...same('origin'), ...same('audience'), ...same('silent') },
		...(mentions.length > 0 && { mentions }),
		...pictureOf(parts),
	};
}

/** The same picture; or, of one show or album, that of the first which has one. */
function pictureOf(parts: readonly Carried[]): Partial<Message> {
	const pictures = parts.map(({ message }) => message.image);
	const first = pictures.find((each) => each !== undefined);
	if (!first) return {};
	const groups = new Set(parts.map((part) => JSON.stringify(kindOf(part))));
	const [kind] = kindOf(parts[0]!);
	const isOneWork = groups.size === 1 && (kind === 'episodes' || kind === 'tracks');
	return isOneWork || pictures.every((each) => isSame(each, first)) ? { image: first } : {};
}

const isSame = (one: unknown, other: unknown) => one === other || JSON.stringify(one) === JSON.stringify(other);

// Words.

const andMore: Text = { en: '… and {count} more', zh: '……另有 {count} 条' };
const newEpisodes: Text = { en: ' ({count} new)', zh: '（新增 {count} 集）' };
const episodes: Text = { en: ' ({count})', zh: '（{count} 集）' };
const track: Text = { en: ' (1 track)', zh: '（1 首）' };
const tracks: Text = { en: ' ({count} tracks)', zh: '（{count} 首）' };
const newOnes: Text = { en: '{icon} {count} new in the library', zh: '{icon} 媒体库新增 {count} 项' };
const ofOneType: Text = { en: '{type} ({count})', zh: '{type}（{count}）' };
const notifications: Text = { en: '{count} notifications', zh: '{count} 条通知' };
const moreTasks: Text = { en: '{count} more', zh: '另有 {count} 个' };
const went: Readonly<Record<Level, readonly [one: Text, many: Text]>> = {
	failure: [
		{ en: '1 task failed', zh: '1 个任务失败' },
		{ en: '{count} tasks failed', zh: '{count} 个任务失败' },
	],
	warning: [
		{ en: '1 task partly completed', zh: '1 个任务部分完成' },
		{ en: '{count} tasks partly completed', zh: '{count} 个任务部分完成' },
	],
	success: [
		{ en: '1 task completed', zh: '1 个任务成功' },
		{ en: '{count} tasks completed', zh: '{count} 个任务成功' },
	],
	info: [
		{ en: '1 task reported', zh: '1 个任务有进展' },
		{ en: '{count} tasks reported', zh: '{count} 个任务有进展' },
	],
};
