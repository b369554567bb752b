import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import type { Text } from '../../core/base/language';
import { note } from '../../core/receive/note';
import {
	collectIds,
	count,
	entry,
	flag,
	isRecord,
	kindOf,
	milliseconds,
	names,
	number,
	picture,
	present,
	readDated,
	record,
	some,
	text,
	webUrl,
	year,
	type Loose,
} from '../../core/receive/reading';
import { shownLink } from '../../core/base/shownLink';
import { defineSender, type Context, type Reading } from '../../core/define/sender';
import { moviePilotSamples } from './samples';

/** The events of its bus that people want to hear of; all the others are in `machinery`. */
const types: Readonly<Record<string, EventType>> = {
	'download.added': 'download.grabbed',
	'transfer.complete': 'library.added',
	'transfer.failed': 'download.failed',
	'metadata.scrape': 'library.updated',
	'subscribe.added': 'watch.added',
	'subscribe.modified': 'watch.added',
	'subscribe.deleted': 'watch.deleted',
	'subscribe.complete': 'watch.completed',
	'downloadfile.deleted': 'file.deleted',
	'download.deleted': 'file.deleted',
	'downloadfile.complete': 'download.imported',
	'history.deleted': 'library.deleted',
	'user.message': 'message',
	'notice.message': 'message',
	'system.error': 'system.unhealthy',
	'plugin.reload': 'plugin.updated',
	'transfer.subtitle.complete': 'subtitle.downloaded',
	'transfer.subtitle.failed': 'subtitle.failed',
	'transfer.audio.complete': 'library.updated',
	'transfer.audio.failed': 'download.failed',
	'webhook.message': 'message',
	'site.deleted': 'system.notice',
	'config.updated': 'system.notice',
};

/** What its parts tell each other while they work. The plugin passes it on all the same. */
const machinery: ReadonlySet<string> = new Set([
	...['plugin.action', 'plugin.triggered', 'plugin.data', 'command.excute', 'message.action', 'module.reload'],
	...['workflow.execute', 'agent.tokens.usage', 'site.updated', 'site.refreshed'],
]);

/** What is told in a line of ours: what it was about may be a password. */
const notices: Readonly<Record<string, Text>> = {
	'config.updated': { en: 'MoviePilot: settings were changed', zh: 'MoviePilot：配置已更新' },
	'site.deleted': { en: 'MoviePilot: a site was removed', zh: 'MoviePilot：站点已删除' },
};

/** What a media server told MoviePilot, in the words of Emby, Jellyfin and Plex. */
const serverEvents: Readonly<Record<string, EventType>> = {
	'library.new': 'library.added',
	itemadded: 'library.added',
	'library.deleted': 'library.deleted',
	itemdeleted: 'library.deleted',
	'playback.start': 'playback.started',
	playbackstart: 'playback.started',
	'media.play': 'playback.started',
	'playback.pause': 'playback.paused',
	'media.pause': 'playback.paused',
	'playback.unpause': 'playback.resumed',
	'media.resume': 'playback.resumed',
	'playback.stop': 'playback.stopped',
	playbackstop: 'playback.stopped',
	'media.stop': 'playback.stopped',
	'media.scrobble': 'playback.finished',
	'media.rate': 'item.rated',
	'item.markplayed': 'item.played',
	'item.markunplayed': 'item.unplayed',
	'user.authenticated': 'user.loggedIn',
	authenticationsuccess: 'user.loggedIn',
	'user.authenticationfailed': 'user.loginFailed',
	authenticationfailure: 'user.loginFailed',
	'system.webhooktest': 'system.test',
	'system.notificationtest': 'system.test',
};

/** The words that MoviePilot puts above its own notices. */
const noticeTypes: Readonly<Record<string, EventType>> = {
	资源下载: 'download.grabbed',
	整理入库: 'library.added',
	订阅: 'watch.added',
	站点: 'system.notice',
	媒体服务器: 'system.notice',
	手动处理: 'download.attention',
	插件: 'message',
	智能体: 'message',
	其它: 'message',
};

/** The webhook plugin of MoviePilot (`{type, data}` of its event bus), and its notices (`{title, text, image}` with `mtype`). */
export const moviePilot = defineSender({
	id: 'moviePilot',
	name: 'MoviePilot',
	zh: 'MoviePilot',
	samples: moviePilotSamples,
	tells: [
		...Object.values(types),
		...Object.values(serverEvents),
		...Object.values(noticeTypes),
		...(['item.saved', 'item.favorited', 'item.unfavorited'] as const),
	],
	hint: /movie-?pilot/i,
	otherwise: 'custom',

	recognise(body) {
		if (!isRecord(body)) return 0;
		const type = text(body.type, body.event) ?? '';
		const isOfBus = entry(types, type) !== undefined || machinery.has(type);
		if (isOfBus && Object.keys(body).length === 2 && ('data' in body || 'event_data' in body)) return 0.9;
		if (!('title' in body || 'text' in body)) return 0;
		const kind = text(body.mtype) ?? '';
		return entry(noticeTypes, kind) ? 0.9 : kind ? 0.05 : 0;
	},

	read(body, context) {
		const given = record(body);
		const data = record(given.data ?? given.event_data);
		const rawType = text(given.type, given.event, given.mtype) ?? '';
		const type = entry(types, rawType) ?? rawType.toLowerCase();
		if (machinery.has(rawType)) return [];
		const notice = entry(notices, rawType);
		if (notice)
			return [
				note(
					{ source: 'moviePilot', type, rawType, title: notice[context.language], body: '', raw: body },
					context,
				),
			];
		const isOfServer = rawType === 'webhook.message' && text(data.event, data.item_name) !== undefined;
		if (isOfServer) return [ofServer(data, body, context)];
		const told = isRecord(given.data ?? given.event_data) ? data : given;
		if (type === 'message' || told === given) {
			const named = text(told.mtype) ?? '';
			const kind = entry(noticeTypes, named) ?? 'message';
			return [
				note(
					{
						source: 'moviePilot',
						type: kind,
						// Its own word for the type, which its users know, before that of its bus.
						rawType: entry(noticeTypes, named) ? named : rawType || 'notice',
						title: text(told.title),
						body: text(told.text, told.message) ?? '',
						image: picture(told.image),
						url: shownLink(told.link),
						to: text(told.userid),
						raw: body,
					},
					context,
				),
			];
		}
		const media = record(data.mediainfo ?? data.media_info ?? record(data.context).media_info);
		const meta = record(data.meta ?? record(data.context).meta_info);
		const torrent = record(data.torrent_info ?? record(data.context).torrent_info);
		const isOfItem = text(media.title, meta.name, data.name) !== undefined;
		const words = [isOfItem ? undefined : text(data.title), text(data.text)].filter((one) => one !== undefined);
		return [
			{
				event: present<MediaEvent>({
					source: 'moviePilot',
					type,
					rawType,
					time: context.now,
					user: some({ name: text(data.username, data.user) }),
					item: isOfItem ? readItem(media, meta, data) : undefined,
					text: text(record(data.transferinfo).message, data.message, data.error, words.join('\n')),
					facts: some({
						release: text(torrent.title),
						site: text(torrent.site_name),
						quality: text(meta.resource_pix),
						reason: text(data.reason),
						client: text(data.downloader),
					}),
					raw: body,
				}),
			},
		];
	},
});

/** What a media server said, told on. */
function ofServer(data: Loose, raw: unknown, context: Context): Reading {
	const rawType = text(data.event) ?? 'webhook.message';
	const isFavourite = flag(data.item_favorite);
	const type: EventType =
		entry(serverEvents, rawType.toLowerCase()) ??
		(/^item\.rate$|^userdatasaved$/i.test(rawType)
			? isFavourite === undefined
				? 'item.saved'
				: isFavourite
					? 'item.favorited'
					: 'item.unfavorited'
			: 'system.notice');
	const name = text(data.item_name);
	const kind = text(data.item_type)?.toUpperCase();
	const { title = '', year: dated } = readDated(name ?? '');
	const poster = webUrl(data.image_url);
	const event = present<MediaEvent>({
		source: 'moviePilot',
		type,
		rawType,
		time: context.now,
		server: some({ name: channels.get(text(data.channel)?.toLowerCase() ?? '') ?? text(data.channel) }),
		user: some({ name: text(data.user_name) }),
		device: some({ name: text(data.device_name), client: text(data.client), address: text(data.ip) }),
		item: name
			? present<MediaItem>({
					kind:
						kind === 'MOV'
							? 'movie'
							: kind === 'AUD'
								? 'track'
								: kind === 'TV' || kind === 'SHOW'
									? 'series'
									: 'other',
					title,
					year: year(dated),
					overview: text(data.overview),
					ids: collectIds({ tmdb: data.tmdb_id }),
					poster: poster ? { url: poster } : undefined,
				})
			: undefined,
		playback: some({ percent: number(data.percentage) }),
		raw,
	});
	return { event };
}

const channels: ReadonlyMap<string, string> = new Map([
	['emby', 'Emby'],
	['jellyfin', 'Jellyfin'],
	['plex', 'Plex'],
]);

function readItem(media: Loose, meta: Loose, data: Loose): MediaItem {
	const isMovie = /电影|movie/i.test(text(media.type, meta.type) ?? '');
	const title = text(media.title, meta.name, data.name) ?? '';
	const season = count(meta.begin_season, media.season);
	const episode = count(meta.begin_episode);
	const poster = webUrl(media.poster_path, media.backdrop_path);
	const kind = isMovie
		? 'movie'
		: episode !== undefined
			? 'episode'
			: season !== undefined
				? 'season'
				: text(media.type, meta.type)
					? kindOf('series')
					: 'other';
	return present<MediaItem>({
		kind,
		title,
		series: kind === 'episode' || kind === 'season' ? title : undefined,
		season: isMovie ? undefined : season,
		episode: isMovie ? undefined : episode,
		episodeEnd: isMovie ? undefined : count(meta.end_episode),
		year: year(media.year, meta.year),
		overview: text(media.overview),
		runtime: milliseconds((number(media.runtime) ?? Number.NaN) * 60_000) || undefined,
		genres: names(media.genres),
		rating: number(media.vote_average) || undefined,
		ids: collectIds(media),
		...(isMovie ? {} : { idsOf: 'series' as const }),
		library: text(media.category),
		poster: poster ? { url: poster } : undefined,
	});
}
