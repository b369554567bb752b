import type { MediaItem } from '../../core/event';
import { count, isRecord, items, present, record, seasonAndEpisode, text } from './reading';
import { defineServarr, readThing } from './servarr';

export const sonarr = defineServarr({
	id: 'sonarr',
	name: 'Sonarr',
	own: ['series', 'episodes', 'episodeFile', 'episodeFiles', 'renamedEpisodeFiles'],
	ownEvents: /^(?:Series|EpisodeFile)/i,

	item(body) {
		if (!isRecord(body.series)) return {};
		const series = readThing('series', body.series);
		const episodes = items(body.episodes).map(record);
		const file = record(body.episodeFile ?? items(body.episodeFiles)[0]);
		const [first] = episodes;
		const told = first
			? { season: count(first.seasonNumber), episode: count(first.episodeNumber) }
			: seasonAndEpisode(file.relativePath, file.path);
		const { season, episode } = told;
		if (episode === undefined) return { item: series, count: items(body.renamedEpisodeFiles).length };
		const last = episodes
			.filter(({ seasonNumber }) => count(seasonNumber) === season)
			.reduce((most, one) => Math.max(most, count(one.episodeNumber) ?? 0), 0);
		const isOne = episodes.length === 1;
		const item = present<MediaItem>({
			...series,
			kind: 'episode',
			title: (isOne && text(first?.title)) || series.title,
			series: series.title,
			...told,
			...(episodes.length > 1 && last > episode && { episodeEnd: last }),
			overview: isOne ? text(first?.overview) : undefined,
			idsOf: Object.keys(series.ids).length ? 'series' : undefined,
		});
		return { item, count: episodes.length };
	},
});
