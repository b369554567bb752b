import { isEventType, type EventType, type MediaEvent, type MediaItem } from '../../core/message/event';
import {
	collectIds,
	count,
	entry,
	episodesBySeason,
	flag,
	isoTime,
	isRecord,
	percentOf,
	present,
	record,
	some,
	text,
	ticks,
	webUrl,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Context } from '../../core/define/sender';
import { readItem } from './item';
import { late } from './late';
import { embySamples } from './embySamples';

const types: Readonly<Record<string, EventType>> = {
	'system.webhooktest': 'system.test',
	'system.notificationtest': 'system.test',
	'system.serverrestartrequired': 'system.restartRequired',
	'system.restartrequired': 'system.restartRequired',
	'system.updateavailable': 'system.updateAvailable',
	'system.serverstartup': 'system.started',
	'system.started': 'system.started',
	'system.shuttingdown': 'system.stopping',
	'library.new': 'library.added',
	'library.deleted': 'library.deleted',
	'library.updated': 'library.updated',
	'library.modified': 'library.updated',
	'library.subtitlesdownloaded': 'subtitle.downloaded',
	'deep.delete': 'library.deleted',
	'introskip.update': 'library.updated',
	'playback.start': 'playback.started',
	'playback.stop': 'playback.stopped',
	'playback.pause': 'playback.paused',
	'playback.unpause': 'playback.resumed',
	'playback.progress': 'playback.progress',
	'playback.scrobble': 'playback.finished',
	'item.markplayed': 'item.played',
	'item.markunplayed': 'item.unplayed',
	'item.favorited': 'item.favorited',
	'item.addedtofavorites': 'item.favorited',
	'item.unfavorite': 'item.unfavorited',
	'item.removedfromfavorites': 'item.unfavorited',
	'user.authenticated': 'user.loggedIn',
	'user.authenticationfailed': 'user.loginFailed',
	'user.lockedout': 'user.lockedOut',
	'user.created': 'user.created',
	'user.deleted': 'user.deleted',
	'user.passwordchanged': 'user.passwordChanged',
	'user.policyupdated': 'user.updated',
	'devices.cameraimageuploaded': 'device.uploaded',
	'device.new': 'device.added',
	'plugins.plugininstalled': 'plugin.installed',
	'plugin.installed': 'plugin.installed',
	'plugins.pluginuninstalled': 'plugin.uninstalled',
	'plugin.uninstalled': 'plugin.uninstalled',
	'plugins.pluginupdated': 'plugin.updated',
	'plugin.updated': 'plugin.updated',
	'plugins.plugininstallfailed': 'plugin.failed',
	'livetv.timercreated': 'livetv.timerCreated',
	'livetv.seriestimercreated': 'livetv.timerCreated',
	'livetv.timercancelled': 'livetv.timerCancelled',
	'livetv.seriestimercancelled': 'livetv.timerCancelled',
	'livetv.recordingstarted': 'livetv.recordingStarted',
	'livetv.recordingended': 'livetv.recordingEnded',
	'livetv.recordingerror': 'livetv.recordingFailed',
	'recording.started': 'livetv.recordingStarted',
	'recording.ended': 'livetv.recordingEnded',
	'recording.error': 'livetv.recordingFailed',
	'scheduledtasks.completed': 'task.completed',
	'task.completed': 'task.completed',
	'task.failed': 'task.failed',
	'external.externalnotification': 'system.notice',
};

export const emby = defineSender({
	id: 'emby',
	name: 'Emby',
	zh: 'Emby',
	where: { en: 'Settings → Notifications → Add → Webhooks', zh: '设置 → 通知 → 添加 → Webhooks' },
	samples: embySamples,
	tells: [...Object.values(types), 'item.rated'],
	late,

	recognise(body) {
		if (!isRecord(body) || !text(body.Event)) return 0;
		const isNamed = /^\w+\.\w+$/.test(text(body.Event) ?? '');
		// Others imitate it with names of their own.
		if (isRecord(body.Server)) return isNamed ? 1 : 0.9;
		if (isRecord(body.Item)) return 0.8;
		// A script's own event of such a name has its words alone.
		const isTold = 'Date' in body || 'Severity' in body || Object.values(body).some(isRecord);
		return isTold && entry(types, text(body.Event)?.toLowerCase() ?? '') && !('Message' in body) ? 0.8 : 0;
	},

	read(body, context) {
		const {
			Event,
			Date,
			Title,
			Description,
			Item,
			User,
			Server,
			Session,
			PlaybackInfo,
			TranscodingInfo,
			DeviceInfo,
			PackageVersionInfo,
		} = record(body);
		const rawType = text(Event) ?? '';
		const session = record(Session);
		const device = record(DeviceInfo);
		const player = record(PlaybackInfo);
		const timer = record(record(body).TimerInfo ?? record(body).RecordingInfo);
		// What a channel of television shows just now is what somebody watches.
		const programme = record(record(Item).CurrentProgram);
		const told = isRecord(Item)
			? readItem(text(programme.Name) ? { ...Item, ...programme } : Item, record(Server), context)
			: text(timer.Name)
				? readItem({ Type: 'Program', ...timer }, record(Server), context)
				: deleted(text(Description));
		const { item, rest, count: several } = withDescription(told, text(Title), text(Description));
		const position = ticks(player.PositionTicks) ?? ticks(record(session.PlayState).PositionTicks);
		const paused = flag(record(session.PlayState).IsPaused);
		const pack = record(PackageVersionInfo);
		const isPlayback = rawType.startsWith('playback.');
		const type = typeOf(rawType.toLowerCase(), record(Item), player);
		const user = some({ id: text(record(User).Id), name: text(record(User).Name) });
		const said =
			rest === item?.overview || rest === text(Title) || isVersion(rest, text(pack.versionStr))
				? undefined
				: rest;
		const facts = {
			version: text(pack.versionStr),
			plugin: type.startsWith('plugin.') ? text(pack.name) : undefined,
			channel: text(
				timer.ChannelName,
				record(Item).ChannelName,
				programme.ChannelName,
				text(programme.Name) && record(Item).Name,
			),
			airing: airing(...shownAt(timer, record(Item), programme), context),
		};
		return [
			{
				event: present<MediaEvent>({
					source: 'emby',
					type,
					rawType,
					time: isoTime(Date) ?? context.now,
					server: some({ name: text(record(Server).Name), id: text(record(Server).Id) }),
					user,
					device: some({
						name: text(session.DeviceName, device.Name),
						client: text(session.Client, device.AppName),
						address: text(session.RemoteEndPoint, device.IpAddress),
					}),
					item,
					playback: isPlayback
						? some({
								position,
								percent: percentOf(position, item?.runtime),
								paused: paused ?? (rawType === 'playback.pause' ? true : undefined),
								method: text(
									session.PlayMethod,
									record(session.PlayState).PlayMethod,
									isRecord(TranscodingInfo) ? 'Transcode' : undefined,
								),
							})
						: undefined,
					count: several,
					// On playback it is a localised date, on additions the overview or a list of what came.
					text:
						isPlayback && item
							? undefined
							: isSaid(type, { item, user, plugin: facts.plugin })
								? (said ?? text(pack.description))
								: text([...new Set([text(Title), said])].filter(Boolean).join('\n')),
					facts: some(facts),
					raw: body,
				}),
				...(webUrl(pack.infoUrl) && { message: { url: webUrl(pack.infoUrl) } }),
			},
		];
	},
});

/** Of what is told here, whichever says when it is shown. */
function shownAt(...sources: readonly Loose[]): [start: unknown, end: unknown] {
	const one = sources.find(({ StartDate }) => StartDate !== undefined) ?? {};
	return [one.StartDate, one.EndDate];
}

/** `Version 3.1.0`: the title has it already. */
function isVersion(words: string | undefined, version: string | undefined): boolean {
	if (words === undefined || version === undefined || !words.endsWith(version)) return false;
	const label = words.slice(0, -version.length);
	return label.length <= 20 && !/[\n\d]/.test(label);
}

/** Whether the ready sentence says what Emby's own title does: whom and what it is about. */
function isSaid(type: string, about: Readonly<Record<'item' | 'user' | 'plugin', unknown>>): boolean {
	if (!isEventType(type) || /^(?:task\.|system\.notice$)/.test(type)) return false;
	const needed = needs.find(([pattern]) => pattern.test(type))?.[1];
	return needed === undefined || about[needed] !== undefined;
}

const needs: readonly (readonly [RegExp, 'item' | 'user' | 'plugin'])[] = [
	[/^(?:library|playback|item|subtitle|livetv)\./, 'item'],
	[/^user\./, 'user'],
	[/^plugin\./, 'plugin'],
];

/** A plugin that deletes files names them in lines: `Item Name:`, and the name beneath it. */
function deleted(description = ''): MediaItem | undefined {
	const [, title] = /^Item Name:[ \t]*(?:\r?\n[ \t]*)?(\S[^\r\n]{0,300})/m.exec(description) ?? [];
	return title === undefined ? undefined : { kind: 'other', title: title.trim(), ids: {} };
}

/** `20 August, 20:00–20:15`, in the user's time zone. */
function airing(start: unknown, end: unknown, { language, timeZone }: Context): string | undefined {
	const [from, to] = [isoTime(start), isoTime(end)];
	if (from === undefined) return undefined;
	const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
	const day = new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', timeZone });
	const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
	const until = to !== undefined && to > from ? `–${time.format(new Date(to))}` : '';
	return `${day.format(new Date(from))}${language === 'zh' ? ' ' : ', '}${time.format(new Date(from))}${until}`;
}

/**
 * What came at once is told as its series: which episodes stands in the first line of the description, ids in another,
 * how many in the localised title alone.
 * @returns the item with what is found, and what is left of the description
 */
function withDescription(
	told: MediaItem | undefined,
	title: string | undefined,
	description: string | undefined,
): { item: MediaItem | undefined; rest: string | undefined; count: number | undefined } {
	const several = grouped(told, title, description);
	if (!told || description === undefined || description.length > 20_000)
		return { item: told, rest: description, count: several };
	const lines = description.split(/\r?\n/);
	const ids = collectIds(...lines.map(idsIn));
	const isSeries = told.kind === 'series' || told.kind === 'season';
	const which = isSeries ? episodesIn(lines.find((line) => line.trim() !== '') ?? '') : undefined;
	const rest = text(
		lines
			.filter(
				(line) => Object.keys(idsIn(line)).length === 0 && !(which && (episodesIn(line) || line === told.id)),
			)
			.join('\n')
			.replace(/\n{3,}/g, '\n\n'),
	);
	const known = { ...told, ids: { ...ids, ...told.ids } };
	if (!which) return { item: known, rest, count: several };
	const { number: found, ...numbers } = which;
	const series = told.series ?? told.title;
	const idsOf = Object.keys(known.ids).length ? ({ idsOf: 'series' } as const) : {};
	const item: MediaItem = { ...known, ...idsOf, kind: 'episode', title: series, series, ...numbers };
	return { item, rest, count: found > 1 ? found : undefined };
}

/** A line such as `TMDB: 4242`, `imdbid=tt0000123 · tvdb: 55` that holds nothing else. */
function idsIn(line: string): Loose {
	if (line.length > 200) return {};
	const pieces = line
		.replace(/[[\]{}()]/g, ' ')
		.split(/[,;|·/]| {2}/)
		.map((piece) => piece.trim())
		.filter((piece) => piece !== '');
	const found = pieces.map((piece) => /^([a-z]+?)[ _-]?(?:id)?\s*[:=：-]\s*(tt\d{3,12}|\d{1,12})$/i.exec(piece));
	const ids = Object.fromEntries(found.map((one) => [one?.[1] ?? '', one?.[2]]));
	return found.every((one) => one !== null) && Object.keys(collectIds(ids)).length > 0 ? ids : {};
}

/** `S01 E06-E07`, `S02 E01, E03`, `S01 E06, S02 E01`, and `S01E06, S01E07`, which says the season each time. */
function episodesIn(line: string): (ReturnType<typeof episodesBySeason> & { number: number }) | undefined {
	if (!/^\s*S\d{1,4}[\s·:-]*(?:E\d{1,4}[\s,、–—-]*(?:S\d{1,4}[\s·:-]*(?=E))?){1,60}$/i.test(line)) return undefined;
	const told = new Map<string, { season: number; episode: number }>();
	let before = { season: 0, episode: 0, isRange: false };
	for (const [, named, digits, dash] of line.matchAll(/(?:S(\d{1,4})[\s·:-]*)?E(\d{1,4})\s*([–—-]?)/gi)) {
		const season = named === undefined ? before.season : Number(named);
		const episode = Number(digits);
		const isRange = before.isRange && season === before.season && episode - before.episode < 500;
		for (let one = isRange ? Math.min(before.episode + 1, episode) : episode; one <= episode; one++)
			told.set(`${season} ${one}`, { season, episode: one });
		before = { season, episode, isRange: dash !== '' };
	}
	return { ...episodesBySeason([...told.values()]), number: told.size };
}

function typeOf(name: string, item: Loose, player: Loose): string {
	const favourite = flag(record(item.UserData).IsFavorite);
	// "Added to" and "removed from" favourites share one event name.
	if (name === 'item.rate')
		return favourite === undefined ? 'item.rated' : favourite ? 'item.favorited' : 'item.unfavorited';
	if (name === 'playback.stop' && flag(player.PlayedToCompletion)) return 'playback.finished';
	return entry(types, name) ?? name;
}

/** Many episodes at once arrive as one series; their number stands only in the localised title ("12 items", "12 项目"). */
function grouped(item: MediaItem | undefined, ...sentences: (string | undefined)[]): number | undefined {
	if (item?.kind !== 'series' && item?.kind !== 'season' && item?.kind !== 'album') return undefined;
	const found = sentences.map(
		(sentence) =>
			/(?:^|[^\d])(\d{1,4})\s*(?:(?:个\s*)?新?项目|items?\b|new items?\b|集|Elemente|éléments)/i.exec(
				sentence ?? '',
			)?.[1],
	);
	return count(found.find((digits) => digits !== undefined));
}
