import type { MediaItem } from '../../core/message/event';
import {
	count,
	episodesBySeason,
	isRecord,
	items,
	present,
	record,
	seasonAndEpisode,
	text,
	type Loose,
} from '../../core/receive/reading';
import { sonarrSamples } from './samples';
import { defineServarr, readThing } from './servarr';

export const sonarr = defineServarr({
	id: 'sonarr',
	name: 'Sonarr',
	samples: sonarrSamples,
	own: ['series', 'episodes', 'episodeFile', 'episodeFiles', 'renamedEpisodeFiles'],
	ownEvents: /^(?:Series|EpisodeFile)/i,
	item: readShow,
});

/** The series, or the episodes of it that something happened to. */
export function readShow(body: Loose): { item?: MediaItem; count?: number } {
	if (!isRecord(body.series)) return {};
	const series = readThing('series', body.series);
	const episodes = items(body.episodes).map(record);
	const file = record(body.episodeFile ?? items(body.episodeFiles)[0]);
	const [first] = episodes;
	const told = first
		? episodesBySeason(
				episodes.map(({ seasonNumber, episodeNumber }) => ({
					season: count(seasonNumber),
					episode: count(episodeNumber),
				})),
			)
		: seasonAndEpisode(file.relativePath, file.path);
	if (told.episode === undefined) return { item: series, count: items(body.renamedEpisodeFiles).length };
	const isOne = episodes.length === 1;
	const item = present<MediaItem>({
		...series,
		kind: 'episode',
		title: (isOne && text(first?.title)) || series.title,
		series: series.title,
		...told,
		overview: isOne ? text(first?.overview) : undefined,
		idsOf: Object.keys(series.ids).length ? 'series' : undefined,
	});
	return { item, count: episodes.length };
}
