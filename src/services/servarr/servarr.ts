import type { EventType, FactName, ItemKind, MediaEvent, MediaItem } from '../../core/message/event';
import { inWords } from '../../core/message/readable';
import type { Language, Text } from '../../core/base/language';
import type { Level } from '../../core/message/message';
import type { IncomingRequest } from '../../core/define/trigger';
import {
	collectIds,
	entry,
	flag,
	isRecord,
	items,
	names,
	number,
	picture,
	present,
	readDated,
	record,
	sizeText,
	some,
	text,
	webUrl,
	year,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Samples, type Sender } from '../../core/define/sender';

const types: Readonly<Record<string, EventType>> = {
	test: 'system.test',
	grab: 'download.grabbed',
	download: 'download.imported',
	importcomplete: 'download.imported',
	albumdownload: 'download.imported',
	downloadfailure: 'download.failed',
	importfailure: 'download.failed',
	rename: 'file.renamed',
	retag: 'file.retagged',
	trackretag: 'file.retagged',
	bookretag: 'file.retagged',
	health: 'system.unhealthy',
	healthrestored: 'system.healthy',
	applicationupdate: 'system.updated',
	manualinteractionrequired: 'download.attention',
	seriesadd: 'watch.added',
	movieadded: 'watch.added',
	movieadd: 'watch.added',
	artistadd: 'watch.added',
	artistadded: 'watch.added',
	albumadd: 'watch.added',
	authoradded: 'watch.added',
	bookadd: 'watch.added',
	seriesdelete: 'watch.deleted',
	moviedelete: 'watch.deleted',
	artistdelete: 'watch.deleted',
	artistdeleted: 'watch.deleted',
	albumdelete: 'watch.deleted',
	albumdeleted: 'watch.deleted',
	authordelete: 'watch.deleted',
	bookdelete: 'watch.deleted',
	episodefiledelete: 'file.deleted',
	moviefiledelete: 'file.deleted',
	trackfiledelete: 'file.deleted',
	bookfiledelete: 'file.deleted',
};

/** Of a health problem; any other is a failure. */
const levels: Readonly<Record<string, Level>> = { ok: 'success', notice: 'info', warning: 'warning' };

const appNames: Readonly<Record<string, string>> = {
	sonarr: 'Sonarr',
	radarr: 'Radarr',
	lidarr: 'Lidarr',
	readarr: 'Readarr',
	prowlarr: 'Prowlarr',
	whisparr: 'Whisparr',
};

const forks: ReadonlySet<string> = new Set(['whisparr']);

/** What all of them tell without naming a film, a series or the like. */
const alike: ReadonlySet<string> = new Set(['Test', 'Health', 'HealthRestored', 'ApplicationUpdate']);

/** Of a script that has something to say; a test of theirs has not. */
const ownWords = ['message', 'msg', 'text', 'content', 'body', 'desp', 'description', 'subject'];

/** With what is told beside it: others have events of these names too. */
const isToldAlike = (eventType: string, { type, newVersion, ...said }: Loose): boolean =>
	alike.has(eventType) &&
	(eventType === 'Test'
		? !ownWords.some((name) => typeof said[name] === 'string')
		: text(eventType === 'ApplicationUpdate' ? newVersion : type) !== undefined);

const releaseOf = (body: Loose) => text(record(body.release).releaseTitle);

/** They tell of films and series with what belongs to them; a name alone is somebody else’s. */
const isThing = (value: unknown) => typeof value === 'object' || typeof value === 'boolean';

const anyApp = new RegExp(Object.keys(appNames).join('|'), 'gi');

/** Its name as people write it; the wiki may know ones that are not known here. */
const titleOf = (app: string) => entry(appNames, app) ?? `${app.charAt(0).toUpperCase()}${app.slice(1)}`;

/** Forks call themselves so too; what is shorter is somebody's name. */
const anyFork = /(?<!\p{L})[a-z]{3,26}arr(?!\p{L})/giu;

/**
 * Which of the family a body says it is from, the surest first: the program that sent it, by the wiki's page, the
 * instance's name, its own words. One that is not known here counts by its program and its wiki, and by the instance's
 * name, which people choose, where nothing else tells. In lower case.
 */
function appsNamedIn(body: Loose, { headers }: IncomingRequest): readonly string[] {
	const named = (value: unknown, name = anyApp) =>
		[...(text(value)?.slice(0, 200).matchAll(name) ?? [])].map(([found]) => found.toLowerCase());
	const wiki = /^https?:\/\/wiki\.servarr\.com\/(\w{1,30})/i.exec(text(body.wikiUrl) ?? '')?.[1]?.toLowerCase();
	const program = /^([a-z]{1,26}arr)\//i.exec(headers['user-agent'] ?? '')?.[1]?.toLowerCase();
	const said = /^(\w{1,30}) /.exec(text(body.message) ?? '')?.[1]?.toLowerCase() ?? '';
	return [
		...new Set([
			...[program, wiki].filter((one) => one !== undefined),
			...named(body.instanceName),
			...(Object.hasOwn(appNames, said) ? [said] : []),
			...named(body.instanceName, anyFork),
		]),
	];
}

/** What became of the files of something that was deleted; `undefined` where that is not said. */
function filesLeft(areDeleted: boolean | undefined, type: string, language: Language): string | undefined {
	if (areDeleted === undefined || type !== 'watch.deleted') return undefined;
	return areDeleted ? { en: 'deleted too', zh: '一并删除' }[language] : { en: 'kept', zh: '保留' }[language];
}

export interface ServarrApp {
	id: string;
	name: string;
	/** The keys that only this one's bodies have. */
	own: readonly string[];
	/** The events that only this one sends; in lower case. */
	ownEvents: RegExp;
	samples: Samples;
	/** Where it tells less than the rest of the family. */
	tells?: readonly EventType[];
	/** The thing that it is about, and how many of it; `undefined` where the body names none. */
	item(body: Loose): { item?: MediaItem; count?: number };
}

/** Sonarr and its family share one web hook: `eventType`, a release or files, and the thing under the app's own key. */
export function defineServarr({ id, name, own, ownEvents, samples, tells, item: readItem }: ServarrApp): Sender {
	return defineSender({
		id,
		name,
		zh: name,
		where: { en: 'Settings → Connect → + → Webhook', zh: '设置 → 连接 → + → Webhook' },
		samples,
		tells: tells ?? [...Object.values(types), 'download.upgraded'],

		recognise(body, request: IncomingRequest) {
			const eventType = isRecord(body) ? text(body.eventType) : undefined;
			if (!isRecord(body) || !eventType) return 0;
			const [app] = appsNamedIn(body, request);
			const isOwn = own.some((key) => isThing(body[key])) || ownEvents.test(eventType);
			if (app === id) return isOwn ? 1 : 0.95;
			if (app !== undefined) {
				// A fork has its parent's shape and another name.
				if (isOwn) return forks.has(app) ? 0.5 : 1;
				const isUnknown = !Object.hasOwn(appNames, app);
				return isUnknown && (alike.has(eventType) || releaseOf(body)) ? 0.3 : 0.05;
			}
			if (isOwn) return 1;
			// These look alike in all of them; anything else about nothing of theirs, or not known yet, counts where
			// nothing but the path or the user says whose it is.
			const isAlike = isRecord(body.release) ? releaseOf(body) : isToldAlike(eventType, body);
			if (!isAlike || 'title' in body) return 0.05;
			// Nothing says whose it is: the head of the family's, as the most likely.
			return id === 'sonarr' ? 0.65 : 0.6;
		},

		read(body, context) {
			const given = record(body);
			const rawType = text(given.eventType) ?? '';
			const type = entry(types, rawType.toLowerCase()) ?? rawType.toLowerCase();
			const release = record(given.release);
			const file = record(
				given.episodeFile ??
					given.movieFile ??
					items(given.episodeFiles)[0] ??
					items(given.trackFiles)[0] ??
					items(given.bookFiles)[0],
			);
			const info = record(given.downloadInfo);
			const problems = items(given.downloadStatusMessages ?? info.statusMessages).flatMap((one) => {
				const { title, messages } = record(one);
				const said = items(messages).flatMap((message) => text(message) ?? []);
				return said.length ? said : (text(title) ?? []);
			});
			const quality = text(
				release.quality,
				file.quality,
				info.quality,
				given.quality,
				record(record(file.quality).quality).name,
			);
			const isTest = type === 'system.test';
			const facts: Partial<Record<FactName, string | undefined>> = {
				release: text(release.releaseTitle, info.title, given.releaseTitle, file.sceneName),
				quality,
				size: sizeText(number(release.size) ?? sizeOf(given.episodeFiles) ?? number(file.size, info.size)),
				group: text(release.releaseGroup, given.releaseGroup, file.releaseGroup),
				indexer: text(release.indexer),
				client: text(given.downloadClient),
				requestedBy: type === 'download.grabbed' ? text(given.source) : undefined,
				reason: reasonOf(text(given.deleteReason), context.language),
				files: filesLeft(flag(given.deletedFiles), type, context.language),
				version: text(given.newVersion),
				previousVersion: text(given.previousVersion),
			};
			const [app = id] = appsNamedIn(given, context.request);
			const { item, count: itemCount } = type.startsWith('system.') ? {} : readItem(given);
			if (item && !item.path) Object.assign(item, present({ path: text(file.path, file.relativePath) }));
			return [
				{
					event: present<MediaEvent>({
						// One that is not known here is nobody else's, whoever reads it.
						source: Object.hasOwn(appNames, app) ? id : app,
						type: type === 'download.imported' && flag(given.isUpgrade) ? 'download.upgraded' : type,
						rawType,
						time: context.now,
						server: some({
							name: text(given.instanceName) ?? (app === id ? name : titleOf(app)),
							url: webUrl(given.applicationUrl),
						}),
						item,
						count: itemCount && itemCount > 1 ? itemCount : undefined,
						text: text(problems.join('\n'), given.message),
						facts: (isTest ? undefined : some(facts)) as MediaEvent['facts'],
						raw: body,
					}),
					message: present({
						url: webUrl(given.wikiUrl),
						level: type === 'system.unhealthy' ? entry(levels, text(given.level) ?? '') : undefined,
					}),
				},
			];
		},
	});
}

/** A title, a poster, ids and the like of whatever the app is about. */
export function readThing(kind: ItemKind, thing: Loose, more: Partial<MediaItem> = {}): MediaItem {
	const path = text(thing.folderPath, thing.path, thing.filePath);
	const images = items(thing.images).map(record);
	const image = images.find(({ coverType }) => coverType === 'poster' || coverType === 'cover') ?? {};
	const poster = picture(image.remoteUrl);
	const { title: folder, year: folderYear } = readFolder(path ?? '');
	return present<MediaItem>({
		kind,
		title: text(thing.title, thing.name, thing.artistName, thing.authorName, folder) ?? '',
		id: text(thing.id),
		year: year(thing.year, folderYear),
		overview: text(thing.overview),
		genres: names(thing.genres),
		rating: number(
			record(thing.ratings).value,
			record(record(thing.ratings).imdb).value,
			record(record(thing.ratings).tmdb).value,
		),
		ids: collectIds(thing),
		path,
		poster: poster && 'url' in poster ? { url: poster.url } : undefined,
		...present(more),
	});
}

/** A body that names nothing but the folder: its name is "Title (Year)", and behind that ids in brackets. */
function readFolder(path: string): { title?: string; year?: string } {
	// An address is no folder, and may hold a key.
	const name = path.includes('://') ? '' : (path.split(/[/\\]/).findLast((part) => part !== '') ?? '');
	const bracket = name.slice(1).search(/[[{]/) + 1;
	return readDated((bracket > 0 ? name.slice(0, bracket) : name).trim());
}

const reasons: Readonly<Record<string, Text>> = {
	missingFromDisk: { en: 'no longer on the disk', zh: '磁盘上已不存在' },
	manual: { en: 'by hand', zh: '手动删除' },
	upgrade: { en: 'replaced by a better version', zh: '已被更好的版本替换' },
	noLinkedEpisodes: { en: 'belongs to no episode', zh: '没有对应的单集' },
	manualOverride: { en: 'replaced by hand', zh: '手动替换' },
};

const reasonOf = (name: string | undefined, language: Language) =>
	name && (entry(reasons, name)?.[language] ?? inWords(name).toLowerCase());

/** Of all files that came at once. */
function sizeOf(files: unknown): number | undefined {
	const sizes = items(files).map((file) => number(record(file).size) ?? 0);
	return sizes.reduce((sum, one) => sum + one, 0) || undefined;
}
