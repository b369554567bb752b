import type { ItemKind, MediaItem } from '../../core/message/event';
import type { Context } from '../../core/define/sender';
import {
	below,
	collectIds,
	count,
	kindOf,
	names,
	number,
	present,
	record,
	seasonAndEpisode,
	text,
	ticks,
	year,
	type Loose,
} from '../../core/receive/reading';

/** Where a server has its API, and what its key is called there. */
export interface Api {
	prefix: string;
	key: string;
}

/** Jellyfin tells items in the same words from another place. */
export const apis = {
	emby: { prefix: 'emby/', key: 'api_key' },
	jellyfin: { prefix: '', key: 'ApiKey' },
} as const satisfies Record<string, Api>;

export function readItem(
	item: Loose,
	server: Loose,
	{ serverUrl, serverKey, linkUrl }: Context,
	{ prefix, key }: Api = apis.emby,
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
			[key]: serverKey,
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
