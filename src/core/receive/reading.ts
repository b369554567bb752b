import { isRecord } from '../base/record';
import type { ItemKind, MediaItem } from '../message/event';

export { isRecord };

/** An object of unknown make. */
export type Loose = Readonly<Record<string, unknown>>;

/** The object itself, or an empty one. */
export const record = (value: unknown): Loose => (isRecord(value) ? value : {});

export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A table's own entry: names from outside may be `constructor`. */
export const entry = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
	Object.hasOwn(table, key) ? table[key] : undefined;

/** A text that says something; numbers too. Halves of characters, which no address can hold, are replaced. */
export function text(...values: readonly unknown[]): string | undefined {
	for (const value of values) {
		const found =
			typeof value === 'string'
				? value.trim().toWellFormed()
				: typeof value === 'number' && Number.isFinite(value)
					? String(value)
					: '';
		if (found !== '') return found;
	}
	return undefined;
}

/** A number, also one that a template wrote as a text. */
export function number(...values: readonly unknown[]): number | undefined {
	for (const value of values) {
		const found =
			typeof value === 'number'
				? value
				: typeof value === 'string' && value.trim() !== ''
					? Number(value)
					: Number.NaN;
		if (Number.isFinite(found)) return found;
	}
	return undefined;
}

/** A whole number that cannot be negative: seasons, episodes, years. */
export function count(...values: readonly unknown[]): number | undefined {
	for (const value of values) {
		const found = number(value);
		if (found !== undefined && found >= 0 && Number.isInteger(found)) return found;
	}
	return undefined;
}

/** 0 stands for "unknown". */
export const year = (...values: readonly unknown[]): number | undefined =>
	values.map((value) => count(value)).find((found) => found !== undefined && found >= 1000 && found < 10_000);

/** `true`, `"True"`, `"1"`; undefined where it is neither yes nor no. */
export function flag(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const word = text(value)?.toLowerCase();
	return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : undefined;
}

/** ISO 8601 in UTC; undefined for what is no date and for .NET's "never" (year 1). */
export function isoTime(value: unknown): string | undefined {
	const given = typeof value === 'number' ? value : text(value);
	const date = given === undefined ? undefined : new Date(given);
	return date && date.getTime() > 0 && date.getUTCFullYear() < 10_000 ? date.toISOString() : undefined;
}

/** Whole seconds of a span given in units of which `perSecond` are a second. */
const spanOf = (perSecond: number) => (value: unknown) => {
	const units = number(value);
	return units === undefined || units < 0 ? undefined : Math.round(units / perSecond);
};

/** .NET ticks of 100 ns. */
export const ticks = spanOf(10_000_000);
export const milliseconds = spanOf(1000);
export const minutes = spanOf(1 / 60);

/** 1 when the whole is over; undefined where one of both is missing. */
export function percentOf(position: number | undefined, whole: number | undefined): number | undefined {
	return position === undefined || !whole ? undefined : Math.min(100, Math.round((position / whole) * 1000) / 10);
}

/** `["Drama"]`, `[{"tag":"Drama"}]`, `"Drama, Thriller"`. */
export function names(value: unknown, key = 'name'): string[] | undefined {
	const found = (typeof value === 'string' ? value.split(/[,，|]/) : items(value))
		.map((one) => text(isRecord(one) ? one[key] : one))
		.filter((one) => one !== undefined);
	return found.length ? found : undefined;
}

/** Season and episode of a name such as `Show.S02E05-E06.1080p`, for bodies that tell a file and no more. */
export function seasonAndEpisode(...paths: readonly unknown[]): {
	season?: number;
	episode?: number;
	episodeEnd?: number;
} {
	for (const path of paths) {
		const [, season, episode, end] = /\bS(\d{1,4})E(\d{1,4})(?:-?E(\d{1,4}))?/i.exec(text(path) ?? '') ?? [];
		if (season) return present({ season: count(season), episode: count(episode), episodeEnd: count(end) });
	}
	return {};
}

/** Episodes as a range where they follow each other, else each of them. */
function episodeRange(
	numbers: readonly (number | undefined)[],
): Pick<MediaItem, 'episode' | 'episodeEnd' | 'episodes'> {
	const all = [...new Set(numbers.filter((one) => one !== undefined))].sort((one, other) => one - other);
	const [first, last] = [all[0], all.at(-1)];
	if (first === undefined || last === undefined || first === last) return present({ episode: first });
	return last - first === all.length - 1 ? { episode: first, episodeEnd: last } : { episode: first, episodes: all };
}

/** Episodes of one season, or of several: each season's as {@link episodeRange} has them, in order. */
export function episodesBySeason(
	told: readonly { season?: number; episode?: number }[],
): Pick<MediaItem, 'season' | 'episode' | 'episodeEnd' | 'episodes' | 'furtherSeasons'> {
	const numbers = new Map<number | undefined, (number | undefined)[]>();
	for (const { season, episode } of told) {
		const known = numbers.get(season);
		if (known) known.push(episode);
		else numbers.set(season, [episode]);
	}
	const [first = {}, ...furtherSeasons] = [...numbers]
		.sort(([one = -1], [other = -1]) => one - other)
		.map(([season, episodes]) => present({ season, ...episodeRange(episodes) }));
	return furtherSeasons.length ? { ...first, furtherSeasons } : first;
}

/** `Title (2020)`; the title is missing where there is nothing else. */
export function readDated(name: string): { title?: string; year?: string } {
	const [dated, found] = /\((\d{4})\)$/.exec(name) ?? [];
	const title = dated ? name.slice(0, -dated.length).trim() : name;
	return present({ title: title || undefined, year: found });
}

/** Without those at the end. */
export function trimSlashes(value: string): string {
	let end = value.length;
	while (value[end - 1] === '/') end--;
	return value.slice(0, end);
}

/** Ids of any spelling (`Imdb`, `tmdbId`, `thetvdb_id`); 0 and what is no id are left out. */
export function collectIds(...sources: readonly Loose[]): MediaItem['ids'] {
	const ids: MediaItem['ids'] = {};
	for (const source of sources) {
		for (const [key, value] of Object.entries(source)) {
			const name = entry(idNames, key.toLowerCase().replace(/^provider_|[_-]?id$/g, ''));
			const id = name && soundId(name, text(value));
			if (id) ids[name] ??= id;
		}
	}
	return ids;
}

type IdName = keyof MediaItem['ids'];

const idNames: Readonly<Record<string, IdName>> = {
	imdb: 'imdb',
	tmdb: 'tmdb',
	themoviedb: 'tmdb',
	moviedb: 'tmdb',
	tvdb: 'tvdb',
	thetvdb: 'tvdb',
};

const soundId = (name: IdName, id = '') =>
	(name === 'imdb' ? /^tt\d{3,12}$/ : /^[1-9]\d{0,11}$/).test(id) ? id : undefined;

const kinds: Readonly<Record<string, ItemKind>> = {
	movie: 'movie',
	film: 'movie',
	video: 'movie',
	trailer: 'movie',
	clip: 'movie',
	series: 'series',
	show: 'series',
	tv: 'series',
	season: 'season',
	episode: 'episode',
	audio: 'track',
	track: 'track',
	song: 'track',
	musicalbum: 'album',
	album: 'album',
	musicartist: 'artist',
	artist: 'artist',
	audiobook: 'book',
	book: 'book',
	photo: 'photo',
	tvchannel: 'channel',
	livetvchannel: 'channel',
	program: 'channel',
	livetvprogram: 'channel',
	live: 'channel',
};

export const kindOf = (value: unknown): ItemKind => entry(kinds, text(value)?.toLowerCase() ?? '') ?? 'other';

/**
 * A URL below a server that the user named. The path comes from outside: whatever it holds, it cannot lead to another host.
 */
export function below(
	base: string | undefined,
	path: string,
	query: Readonly<Record<string, string | number | undefined>> = {},
): string | undefined {
	if (base === undefined || !URL.canParse(base)) return undefined;
	const url = new URL(base);
	url.pathname = `${trimSlashes(url.pathname)}/${path.replace(/^\/+/, '')}`;
	for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
	return url.href;
}

/** An http(s) URL from outside, or undefined. */
export function webUrl(...values: readonly unknown[]): string | undefined {
	for (const value of values) {
		const found = text(value);
		if (found && /^https?:\/\//i.test(found) && URL.canParse(found)) return found;
	}
	return undefined;
}

/** A picture given as a web address, a data: URL or bare base64. */
export function picture(
	value: unknown,
	name?: string,
): { url: string } | { data: Uint8Array; mime: string; name?: string } | undefined {
	const url = webUrl(value);
	if (url) return { url };
	const [, mime, base64] =
		/^(?:data:([\w/+.-]+);base64,)?([A-Za-z0-9+/_-]{64,}={0,2})$/.exec(text(value)?.replace(/\s+/g, '') ?? '') ??
		[];
	if (!base64) return undefined;
	const data = new Uint8Array(Buffer.from(base64, 'base64'));
	const found = imageMime(data) ?? mime;
	return found?.startsWith('image/')
		? { data, mime: found, ...(name && { name: `${name}.${found.slice(6).replace('jpeg', 'jpg')}` }) }
		: undefined;
}

/** By its first bytes; senders often name no type or a wrong one. */
export function imageMime(data: Uint8Array): string | undefined {
	const start = Buffer.from(data.subarray(0, 12)).toString('latin1');
	if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
	if (start.startsWith('\x89PNG')) return 'image/png';
	if (start.startsWith('GIF8')) return 'image/gif';
	if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'image/webp';
	return start.startsWith('BM') ? 'image/bmp' : undefined;
}

/** Leaves out what is absent, so that events stay readable. */
export function present<T extends object>(value: T): T {
	const left: Partial<T> = {};
	for (const key in value) if (value[key] !== undefined) left[key] = value[key];
	return left as T;
}

/** The same, and nothing at all where nothing is left. */
export function some<T extends object>(value: T): T | undefined {
	const left = present(value);
	return Object.keys(left).length ? left : undefined;
}

/** Bytes in words. */
export function sizeText(bytes: number | undefined): string | undefined {
	if (!bytes || bytes < 1) return undefined;
	const unit = Math.min(4, Math.floor(Math.log2(bytes) / 10));
	return `${unit === 0 ? bytes : (bytes / 2 ** (10 * unit)).toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][unit]}`;
}
