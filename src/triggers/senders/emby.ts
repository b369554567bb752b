import { isEventType, type EventType, type ItemKind, type MediaEvent, type MediaItem } from '../../core/event';
import {
	below,
	collectIds,
	count,
	entry,
	flag,
	isoTime,
	isRecord,
	kindOf,
	names,
	number,
	percentOf,
	present,
	record,
	seasonAndEpisode,
	some,
	text,
	ticks,
	webUrl,
	year,
	type Loose,
} from './reading';
import { defineSender, type Context } from './sender';

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

	recognise(body) {
		if (!isRecord(body) || !text(body.Event)) return 0;
		if (isRecord(body.Server)) return 1;
		return isRecord(body.Item) || /^[a-z]+\.[a-z]+$/i.test(text(body.Event) ?? '') ? 0.8 : 0;
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
		const recording = record(record(body).TimerInfo ?? record(body).RecordingInfo);
		const item = isRecord(Item)
			? readItem(Item, record(Server), context)
			: text(recording.Name)
				? readItem({ Type: 'Program', ...recording }, record(Server), context)
				: undefined;
		const position = ticks(player.PositionTicks) ?? ticks(record(session.PlayState).PositionTicks);
		const paused = flag(record(session.PlayState).IsPaused);
		const pack = record(PackageVersionInfo);
		const isPlayback = rawType.startsWith('playback.');
		const type = typeOf(rawType.toLowerCase(), record(Item), player);
		const user = some({ id: text(record(User).Id), name: text(record(User).Name) });
		const said = item && text(Description) === item.overview ? undefined : text(Description, pack.description);
		// What a title alone tells: whose login failed, which task it was, what another program has to say.
		const isTold =
			!isEventType(type) || /^(?:task\.|system\.notice$)/.test(type) || (type === 'user.loginFailed' && !user);
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
					count: grouped(item, text(Title), text(Description)),
					// On playback it is a localised date, on additions the overview or a list of what came.
					text: isPlayback
						? undefined
						: item
							? said
							: isTold
								? text([...new Set([text(Title), said])].filter(Boolean).join('\n'))
								: text(said, Title),
					facts: some({
						version: text(pack.versionStr),
						plugin: type.startsWith('plugin.') ? text(pack.name) : undefined,
					}),
					raw: body,
				}),
				...(webUrl(pack.infoUrl) && { message: { url: webUrl(pack.infoUrl) } }),
			},
		];
	},
});

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

/** @param prefix where its server has its API: Jellyfin tells items in the same words from another place */
export function readItem(
	item: Loose,
	server: Loose,
	{ serverUrl, serverKey, linkUrl }: Context,
	prefix = 'emby/',
): MediaItem {
	const kind = kindOf(item.Type);
	const isPart = kind === 'episode' || kind === 'season';
	const id = text(item.Id);
	const seriesId = text(item.SeriesId);
	const ownTag = text(record(item.ImageTags).Primary);
	const seriesTag = text(item.SeriesPrimaryImageTag);
	// An episode's own picture is a still; its series has the poster.
	const [imageId, tag] = isPart && seriesId ? [seriesId, seriesTag] : [id ?? seriesId, ownTag];
	const fromLinks = Object.fromEntries(
		(Array.isArray(item.ExternalUrls) ? item.ExternalUrls : []).map((link) => {
			const { Name, Url } = record(link);
			return [text(Name) ?? '', /(tt\d+|(?<!\d)\d+)\/?$/.exec(text(Url) ?? '')?.[1]];
		}),
	);
	const poster =
		imageId &&
		below(serverUrl, `${prefix}Items/${encodeURIComponent(imageId)}/Images/Primary`, {
			tag,
			maxHeight: 900,
			quality: 90,
			api_key: serverKey,
		});
	return present<MediaItem>({
		kind,
		title: text(item.Name, item.OriginalTitle, item.FileName) ?? '',
		id,
		series: text(item.SeriesName),
		...numbersOf(kind, item),
		year: year(item.ProductionYear),
		overview: text(item.Overview),
		runtime: ticks(item.RunTimeTicks) || undefined,
		genres: names(item.Genres, 'Name'),
		rating: number(item.CommunityRating),
		ids: collectIds(record(item.ProviderIds), isPart ? {} : fromLinks),
		path: text(item.Path),
		album: text(item.Album),
		artist: text(names(item.Artists, 'Name')?.join(', '), item.AlbumArtist),
		poster: poster ? { url: poster } : undefined,
		url:
			id && linkUrl
				? `${linkUrl}/web/index.html#!/item?id=${encodeURIComponent(id)}&serverId=${encodeURIComponent(text(item.ServerId, server.Id) ?? '')}`
				: undefined,
	});
}

/** A fresh episode has no numbers yet: then its file's name tells them. */
function numbersOf(kind: ItemKind, item: Loose): Pick<MediaItem, 'season' | 'episode' | 'episodeEnd'> {
	if (kind === 'season') return { season: count(item.IndexNumber, item.ParentIndexNumber) };
	if (kind !== 'episode') return {};
	const told = {
		season: count(item.ParentIndexNumber),
		episode: count(item.IndexNumber),
		episodeEnd: count(item.IndexNumberEnd),
	};
	return told.episode === undefined ? { ...told, ...seasonAndEpisode(item.FileName, item.Path, item.Name) } : told;
}
