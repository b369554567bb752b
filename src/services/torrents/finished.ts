import type { EventType } from '../../core/message/event';
import { note } from '../../core/receive/note';
import { said } from '../../core/receive/said';
import { isoTime, number, present, sizeText, text } from '../../core/receive/reading';
import type { Context, Reading } from '../../core/define/sender';

/** What a download client's script tells of a torrent. */
export interface Torrent {
	source: string;
	/** What happened, in the script's own word; without one it is finished. */
	event?: unknown;
	name?: unknown;
	category?: unknown;
	tags?: unknown;
	folder?: unknown;
	/** Bytes. */
	size?: unknown;
	files?: unknown;
	/** May hold its owner's passkey. */
	tracker?: unknown;
	hash?: unknown;
	time?: unknown;
	raw: unknown;
}

interface Kind {
	type: EventType;
	en: string;
	zh: string;
}

const kinds: readonly (readonly [RegExp, Kind])[] = [
	[/add|start|grab/i, { type: 'download.grabbed', en: '⬇️ Download started: {name}', zh: '⬇️ 开始下载：{name}' }],
	[/fail|error/i, { type: 'download.failed', en: '❌ Download failed: {name}', zh: '❌ 下载失败：{name}' }],
	[/delete|remove/i, { type: 'file.deleted', en: '🗑️ Torrent removed: {name}', zh: '🗑️ 种子已删除：{name}' }],
];
const finished: Kind = { type: 'download.imported', en: '✅ Download finished: {name}', zh: '✅ 下载完成：{name}' };
export const torrentEvents = [...kinds.map(([, { type }]) => type), finished.type] as const;

const levels = { 'download.imported': 'success', 'download.failed': 'failure' } as const;

export function torrentReading(told: Torrent, context: Context): Reading {
	const { language } = context;
	const event = text(told.event) ?? 'finished';
	const kind = kinds.find(([pattern]) => pattern.test(event))?.[1] ?? finished;
	const name = said(told.name) ?? '';
	const tracker = text(told.tracker) ?? '';
	const rows = [
		['Size', '大小', sizeText(number(told.size))],
		['Category', '分类', said(told.category)],
		['Tags', '标签', said(told.tags)],
		['Files', '文件', said(told.files)],
		['Tracker', 'Tracker', URL.canParse(tracker) ? new URL(tracker).hostname : undefined],
		['Folder', '目录', said(told.folder)],
	] as const;
	return note(
		present({
			source: told.source,
			type: kind.type,
			rawType: event.toLowerCase(),
			level: levels[kind.type as keyof typeof levels] ?? ('info' as const),
			title: kind[language].replace('{name}', () => name),
			body: '',
			fields: rows.flatMap(([en, zh, value]) =>
				value ? [{ name: language === 'zh' ? zh : en, value, ...(value.length < 30 && { short: true }) }] : [],
			),
			time: isoTime(told.time),
			raw: told.raw,
		}),
		context,
	);
}

/** Of one torrent alone: in hex, version 1 or 2. */
export const isHash = (value: unknown) => /^(?:[\da-f]{40}|[\da-f]{64})$/i.test(text(value) ?? '');
