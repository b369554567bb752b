import type { Language } from '../base/language';
import type { MediaItem } from './event';
import { plain, type Writing } from './names';
import { kindWords } from './sentences';

/** `Severance S02E03 · Who Is Alive?`, `Dune (2021)`, `Tom Waits – Rain Dogs`. */
export function labelOf(item: MediaItem, language: Language, { text, work }: Writing = plain): string {
	const { kind, title, series, year, artist } = item;
	if (kind === 'episode' || (kind === 'season' && series)) {
		const number = numberOf(item, language);
		const own = kind === 'episode' && title !== series ? ownTitleOf(item, number) : number ? '' : title;
		return `${work(series ?? title)}${number && ` ${number}`}${own && series ? ` · ${text(own)}` : ''}`;
	}
	const by = (kind === 'track' || kind === 'album' || kind === 'book') && artist && artist !== title ? artist : '';
	const isDated = kind === 'movie' || kind === 'series' || kind === 'other';
	const dated = year && isDated && !endsWithYear(title, year) ? ` (${year})` : '';
	if (kind === 'book') return `${work(title)}${by && (language === 'zh' ? `（${text(by)}）` : ` by ${text(by)}`)}`;
	// Nothing but its kind is known.
	const [, en = '', zh = ''] = kindWords[kind] ?? [];
	const name = title
		? work(title)
		: text(language === 'zh' ? `一部${zh}` : `${/^[aeiou]/.test(en) ? 'an' : 'a'} ${en}`);
	return `${by && `${text(by)} – `}${name}${dated}`;
}

/** `Greenland (2020)`, `沙丘（2021）`, `Greenland 2020`: whoever named it put the year there. */
export function endsWithYear(title: string, year?: number): boolean {
	const [, bracketed, bare] = /(?:[([（【](\d{4})[)\]）】]|\S\s(\d{4}))$/.exec(title.trimEnd()) ?? [];
	return bracketed !== undefined || (bare !== undefined && Number(bare) === year);
}

/** A server that knows no title yet gives the file's name, or the number in front of it. */
function ownTitleOf({ title, path }: MediaItem, number: string): string {
	if (!number) return title;
	const file = path?.replace(/^.*[/\\]/, '').replace(/\.\w{2,4}$/, '');
	return title === file ? '' : title.replace(/^S\d+E\d+(?:\s*[-–·.]\s*|$)/i, '');
}

function numberOf(item: MediaItem, language: Language): string {
	const { kind, season, furtherSeasons = [] } = item;
	if (kind === 'season') {
		if (season === undefined) return '';
		if (season === 0) return language === 'zh' ? '特别篇' : 'Specials';
		return language === 'zh' ? `第 ${season} 季` : `Season ${season}`;
	}
	const all = [item, ...furtherSeasons].slice(0, mostNumbers).map(episodesOf).join(', ');
	return furtherSeasons.length < mostNumbers ? all : `${all}, …`;
}

/** `S01E02`, `S01E02–E04`, `S01E02, E04`. */
function episodesOf({
	season,
	episode,
	episodes,
	episodeEnd,
}: Pick<MediaItem, 'season' | 'episode' | 'episodeEnd' | 'episodes'>): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const inSeason = season === undefined ? '' : `S${two(season)}`;
	if (episodes && episodes.length > 1)
		return `${inSeason}${episodes
			.slice(0, mostNumbers)
			.map((one) => `E${two(one)}`)
			.join(', ')}${episodes.length > mostNumbers ? ', …' : ''}`;
	if (episode === undefined) return inSeason;
	return `${inSeason}E${two(episode)}${episodeEnd !== undefined && episodeEnd > episode ? `–E${two(episodeEnd)}` : ''}`;
}

/** Of episodes, or of seasons, that are named one by one. */
const mostNumbers = 12;
