import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { note } from '../../core/receive/note';
import {
	collectIds,
	count,
	entry,
	isRecord,
	kindOf,
	milliseconds,
	names,
	number,
	picture,
	present,
	record,
	some,
	text,
	webUrl,
	year,
	type Loose,
} from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';

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
};

/** The webhook plugin of MoviePilot (`{type, data}` of its event bus), and its notices (`{title, text, image}` with `mtype`). */
export const moviePilot = defineSender({
	id: 'moviePilot',
	name: 'MoviePilot',
	zh: 'MoviePilot',
	hint: /movie-?pilot/i,
	otherwise: 'custom',

	recognise(body) {
		if (!isRecord(body)) return 0;
		const type = text(body.type, body.event) ?? '';
		if (entry(types, type) && isRecord(body.data ?? body.event_data)) return 0.9;
		return text(body.mtype) && ('title' in body || 'text' in body) ? 0.9 : 0;
	},

	read(body, context) {
		const given = record(body);
		const data = record(given.data ?? given.event_data);
		const rawType = text(given.type, given.event, given.mtype) ?? '';
		const type = entry(types, rawType) ?? rawType.toLowerCase();
		const told = isRecord(given.data ?? given.event_data) ? data : given;
		if (type === 'message' || told === given) {
			const kind = entry(noticeTypes, text(told.mtype) ?? '') ?? 'message';
			return [
				note(
					{
						source: 'moviePilot',
						type: kind,
						rawType: rawType || 'notice',
						title: text(told.title),
						body: text(told.text, told.message) ?? '',
						image: picture(told.image),
						url: webUrl(told.link),
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
		return [
			{
				event: present<MediaEvent>({
					source: 'moviePilot',
					type,
					rawType,
					time: context.now,
					user: some({ name: text(data.username, data.user) }),
					item: text(media.title, meta.name, data.name) ? readItem(media, meta, data) : undefined,
					text: text(record(data.transferinfo).message, data.message, data.error),
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
