import type { Language } from '../base/language';
import { escapeMarkdown } from '../markup';
import type { MediaEvent, MediaItem } from './event';
import { endsWithYear } from './label';
import { asName } from './names';

/** Where one got to, for events that are about that. */
export function progressOf({ type, playback, item }: MediaEvent, language: Language): string {
	if (!playback || !/^playback\.(?:paused|resumed|progress|stopped|failed)$/.test(type)) return '';
	// Players report it every few seconds; nobody wants to be told more than once a minute.
	const isRunning = type === 'playback.progress' && playback.position !== undefined;
	const position = isRunning ? Math.floor((playback.position as number) / 60) * 60 : playback.position;
	const percent =
		isRunning && item?.runtime ? Math.min(100, ((position as number) / item.runtime) * 100) : playback.percent;
	const place = position === undefined ? '' : `${clock(position)}${item?.runtime ? ` / ${clock(item.runtime)}` : ''}`;
	return [percent === undefined ? '' : `${Math.round(percent)}%`, place]
		.filter(Boolean)
		.join(language === 'zh' ? '，' : ' · ');
}

function clock(seconds: number): string {
	const whole = Math.floor(seconds);
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	return `${hours ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes}:${String(rest).padStart(2, '0')}`;
}

export function detailsOf(item: MediaItem | undefined, language: Language): string {
	if (!item) return '';
	const minutes = Math.round((item.runtime ?? 0) / 60);
	return [
		item.rating && item.rating > 0 ? `★ ${Math.round(item.rating * 10) / 10}` : '',
		minutes ? `${minutes} ${language === 'zh' ? '分钟' : 'min'}` : '',
		item.kind !== 'movie' &&
		item.kind !== 'series' &&
		item.kind !== 'other' &&
		item.year &&
		!endsWithYear(item.series ?? item.title, item.year)
			? String(item.year)
			: '',
		escapeMarkdown(asName((item.genres ?? []).slice(0, 4).join(', '))),
	]
		.filter(Boolean)
		.join(' · ');
}

/** The item's pages elsewhere. TMDB has none for the id of an episode. */
export function linksOf({ ids, idsOf, kind }: MediaItem): [name: string, url: string][] {
	const isOwn = idsOf !== 'series';
	const links: [string, string][] = [];
	if (ids.imdb) links.push(['IMDb', `https://www.imdb.com/title/${ids.imdb}/`]);
	if (ids.tmdb && kind === 'movie') links.push(['TMDB', `https://www.themoviedb.org/movie/${ids.tmdb}`]);
	else if (ids.tmdb && (kind === 'series' || !isOwn))
		links.push(['TMDB', `https://www.themoviedb.org/tv/${ids.tmdb}`]);
	const tvdb =
		kind === 'movie'
			? 'movie'
			: kind === 'series' || !isOwn
				? 'series'
				: kind === 'season' || kind === 'episode'
					? kind
					: undefined;
	if (ids.tvdb && tvdb) links.push(['TVDB', `https://thetvdb.com/dereferrer/${tvdb}/${ids.tvdb}`]);
	return links;
}
