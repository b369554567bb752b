import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { inWords } from '../../core/message/readable';
import type { Language, Text } from '../../core/base/language';
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
	some,
	text,
	ticks,
	trimSlashes,
	webUrl,
	year,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Context } from '../../core/define/sender';
import { late } from './late';
import { jellyfinSamples } from './jellyfinSamples';

const types: Readonly<Record<string, EventType>> = {
	ItemAdded: 'library.added',
	ItemDeleted: 'library.deleted',
	PlaybackStart: 'playback.started',
	PlaybackProgress: 'playback.progress',
	PlaybackStop: 'playback.stopped',
	PlaybackPause: 'playback.paused',
	SubtitleDownloadFailure: 'subtitle.failed',
	AuthenticationFailure: 'user.loginFailed',
	AuthenticationSuccess: 'user.loggedIn',
	SessionStart: 'session.started',
	PendingRestart: 'system.restartRequired',
	TaskCompleted: 'task.completed',
	ScheduledTaskStarted: 'task.started',
	ScheduledTaskCompleted: 'task.completed',
	PluginInstallationCancelled: 'plugin.cancelled',
	PluginInstallationFailed: 'plugin.failed',
	PluginInstalled: 'plugin.installed',
	PluginInstalling: 'plugin.installing',
	PluginUninstalled: 'plugin.uninstalled',
	PluginUpdated: 'plugin.updated',
	UserCreated: 'user.created',
	UserDeleted: 'user.deleted',
	UserLockedOut: 'user.lockedOut',
	UserPasswordChanged: 'user.passwordChanged',
	UserUpdated: 'user.updated',
	UserDataSaved: 'item.saved',
	Generic: 'system.notice',
	GenericUpdateNotification: 'system.notice',
	None: 'system.test',
};

/** The body of the webhook plugin: all properties, a template (everything may be a text, or missing), or a form. */
export const jellyfin = defineSender({
	id: 'jellyfin',
	name: 'Jellyfin',
	zh: 'Jellyfin',
	where: {
		en: 'Dashboard → Plugins → Webhook → Add Generic Destination, with “Send All Properties”',
		zh: '控制台 → 插件 → Webhook → Add Generic Destination，勾选 Send All Properties',
	},
	samples: jellyfinSamples,
	tells: [
		...Object.values(types),
		'item.rated',
		'playback.finished',
		'task.failed',
		'task.cancelled',
		'item.unplayed',
		'item.played',
		'item.favorited',
		'item.unfavorited',
	],
	late,

	recognise(body) {
		if (!isRecord(body) || !text(body.NotificationType)) return 0;
		return entry(types, text(body.NotificationType) ?? '') || 'ServerId' in body || 'ItemType' in body ? 1 : 0.05;
	},

	read(body, context) {
		const given = unescapeQuotes(record(body));
		const rawType = text(given.NotificationType) ?? '';
		const item = readItem(given, context);
		const position = ticks(given.PlaybackPositionTicks);
		const isPlayback = rawType.startsWith('Playback');
		const type = typeOf(rawType, given);
		const serverUrl = webUrl(given.ServerUrl);
		return [
			{
				event: present<MediaEvent>({
					source: 'jellyfin',
					type,
					rawType,
					time:
						isoTime(given.UtcTimestamp) ??
						isoTime(given.Timestamp) ??
						isoTime(given.EndTime) ??
						context.now,
					server: some({
						name: text(given.ServerName),
						id: text(given.ServerId),
						url: serverUrl && trimSlashes(serverUrl),
					}),
					user: some({
						// 32 zeros: the user is not known
						id: text(given.UserId)?.replace(/^[0-]*$/, '') || undefined,
						name: text(given.NotificationUsername, given.Username, given.UserName),
					}),
					device: some({
						name: text(given.DeviceName),
						client: text(given.ClientName, given.Client, given.App),
						address: text(given.RemoteEndPoint),
					}),
					item,
					playback: isPlayback
						? some({
								position,
								percent: percentOf(position, item?.runtime),
								paused: flag(given.IsPaused),
								method: text(given.PlayMethod),
							})
						: undefined,
					text: text(
						given.ResultErrorMessage,
						given.TaskDescription,
						given.ExceptionMessage,
						given.PluginChangelog,
						given.PluginDescription,
						given.Message,
					),
					facts: some({
						task: text(given.TaskName, given.ResultName),
						status: statusOf(text(given.ResultStatus, given.TaskResult, given.TaskState), context.language),
						plugin: text(given.PluginName),
						version: text(given.PluginVersion),
						rating: type === 'item.rated' ? text(ratingOf(given)) : undefined,
					}),
					raw: body,
				}),
				// A template of somebody's own words.
				...(type === 'system.notice' && text(given.Title) && { message: { title: text(given.Title) } }),
			},
		];
	},
});

function typeOf(name: string, given: Loose): string {
	if (name === 'PlaybackStop' && flag(given.PlayedToCompletion)) return 'playback.finished';
	// There is no pause event: progress with a flag is all.
	if (name === 'PlaybackProgress' && flag(given.IsPaused)) return 'playback.paused';
	if (/TaskCompleted$/.test(name)) {
		const status = text(given.ResultStatus, given.TaskResult)?.toLowerCase();
		if (status === 'failed' || status === 'aborted') return 'task.failed';
		if (status === 'cancelled') return 'task.cancelled';
	}
	if (name === 'UserDataSaved') {
		const reason = text(given.SaveReason);
		if (reason === 'TogglePlayed') return flag(given.Played) === false ? 'item.unplayed' : 'item.played';
		if (reason === 'UpdateUserRating') {
			const favourite = flag(given.Favorite);
			if (ratingOf(given) !== undefined || favourite === undefined) return 'item.rated';
			return favourite ? 'item.favorited' : 'item.unfavorited';
		}
		// Said at every stop; whether it was at the end, another value tells.
		if (reason === 'PlaybackFinished')
			return flag(given.Played) === false ? 'playback.stopped' : 'playback.finished';
	}
	return entry(types, name) ?? name.toLowerCase();
}

/** 1 to 10: without one the plugin writes 0. */
function ratingOf({ Rating }: Loose): number | undefined {
	const given = number(Rating);
	return given !== undefined && given > 0 ? given : undefined;
}

const statuses: Readonly<Record<string, Text>> = {
	completed: { en: 'Completed', zh: '已完成' },
	failed: { en: 'Failed', zh: '失败' },
	cancelled: { en: 'Cancelled', zh: '已取消' },
	aborted: { en: 'Aborted', zh: '已中止' },
	idle: { en: 'Idle', zh: '空闲' },
	running: { en: 'Running', zh: '运行中' },
	cancelling: { en: 'Being cancelled', zh: '正在取消' },
};

const statusOf = (name: string | undefined, language: Language) =>
	name && (entry(statuses, name.toLowerCase())?.[language] ?? inWords(name));

/** The plugin writes `\"` for a quote before its JSON writer escapes both again. */
const unescapeQuotes = (given: Loose): Loose =>
	Object.fromEntries(
		Object.entries(given).map(([key, value]) => [
			key,
			typeof value === 'string' ? value.replaceAll('\\"', '"') : value,
		]),
	);

function readItem(given: Loose, { serverUrl, serverKey, linkUrl }: Context): MediaItem | undefined {
	const id = text(given.ItemId);
	const title = text(given.Name);
	const type = text(given.ItemType);
	if (!type && !(id && title) && !text(given.SeriesName)) return undefined;
	const kind = kindOf(type);
	const isPart = kind === 'episode' || kind === 'season';
	const seriesId = text(given.SeriesId);
	const imageId = isPart && seriesId ? seriesId : (id ?? seriesId);
	const base = serverUrl ?? webUrl(given.ServerUrl);
	// The key goes to the server that the user named, never to one that a body names.
	const poster =
		imageId &&
		below(base, `Items/${encodeURIComponent(imageId)}/Images/Primary`, {
			maxHeight: 900,
			quality: 90,
			ApiKey: serverUrl && serverKey,
		});
	const provided = Object.fromEntries(Object.entries(given).filter(([key]) => /^provider_/i.test(key)));
	return present<MediaItem>({
		kind,
		title: title ?? text(given.SeriesName) ?? '',
		id,
		series: text(given.SeriesName),
		season: isPart ? count(given.SeasonNumber, given.SeasonNumber00, given.SeasonNumber000) : undefined,
		episode:
			kind === 'episode' ? count(given.EpisodeNumber, given.EpisodeNumber00, given.EpisodeNumber000) : undefined,
		episodeEnd: kind === 'episode' ? count(given.EpisodeNumberEnd) : undefined,
		year: year(given.Year, given.ProductionYear),
		overview: text(given.Overview),
		runtime: ticks(given.RunTimeTicks) || clock(given.RunTime),
		genres: names(given.Genres),
		rating: number(given.CommunityRating),
		ids: collectIds(provided),
		path: text(given.Path),
		library: text(given.LibraryName),
		album: text(given.Album),
		artist: text(given.Artist),
		poster: poster ? { url: poster } : undefined,
		url:
			id && linkUrl
				? `${linkUrl}/web/#/details?id=${encodeURIComponent(id)}&serverId=${encodeURIComponent(text(given.ServerId) ?? '')}`
				: undefined,
	});
}

/** `01:54:58` in seconds. */
function clock(value: unknown): number | undefined {
	const [, hours, minutes, seconds] = /^(\d{1,3}):(\d\d):(\d\d)$/.exec(text(value) ?? '') ?? [];
	return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) || undefined;
}
