import { digestOf } from '../../core/base/digest';
import type { Arrival } from '../../core/define/flow';
import { carriedIn } from '../../core/message/carried';
import type { MediaEvent, MediaItem } from '../../core/message/event';
import type { Message } from '../../core/message/message';
import { forWhom } from '../keys';

/** What an arrival tells, as far as it matters whether that was told before. */
export interface Telling {
	/** Where it is remembered. */
	key: string;
	/** Of what is told of that the same again is a repeat: its type; '' where the key says all. */
	type: string;
	/** Who tells it: paths and names of qualities are each sender's own. */
	source: string;
	/** The item that it is about, whatever is told of it. */
	item?: string;
	/** Its sender says so. */
	isUpgrade: boolean;
	/** A file has come, or is called otherwise. */
	file?: { isNew: boolean; facts: { /** A digest. */ path?: string; quality?: string } };
}

export interface Identity {
	key?: string;
	/** The same for two users is the same. */
	users: boolean;
}

export const upgraded = 'download.upgraded';

/** What tells of a file, and whether that has come just now. */
const tellsOfFile: Readonly<Record<string, boolean>> = {
	'library.added': true,
	'download.imported': true,
	[upgraded]: true,
	'library.updated': false,
};

/** Of the same item there are several of these, which their words alone tell apart: comments, languages, marks. */
const toldInWords = /^(?:issue|subtitle)\.|^item\.rated$/;

export function tellingOf({ content, place = 'message' }: Arrival, { key, users }: Identity): Telling {
	const { message, event } = carriedIn(content, place);
	const type = event?.type ?? message.type ?? '';
	const about = event && itemKey(event);
	const item = about ?? (event?.item && namesOf(event.item));
	const own = key ?? about ?? wordsOf(message);
	const user = users ? undefined : (event?.user?.id ?? event?.user?.name);
	const detail = key === undefined && about !== undefined && toldInWords.test(type) ? ` ${wordsOf(message)}` : '';
	const { path } = event?.item ?? {};
	const quality = event?.facts?.quality;
	const isNew = item !== undefined && Object.hasOwn(tellsOfFile, type) ? tellsOfFile[type] : undefined;
	return {
		key: forWhom(user === undefined ? own : `${own} · ${user}`, message),
		// Words that are the same are the same, whatever type they have.
		type: key === undefined && about !== undefined ? `${short(type)}${detail}` : '',
		source: short(event?.source ?? ''),
		...(item !== undefined && { item: digestOf(item) }),
		isUpgrade: type === upgraded && item !== undefined,
		...(isNew !== undefined && {
			file: {
				isNew,
				facts: {
					...(path !== undefined && { path: digestOf(path) }),
					...(quality !== undefined && { quality: short(quality) }),
				},
			},
		}),
	};
}

/** Senders choose their words. */
const short = (text: string) => text.slice(0, 100).toWellFormed();

/** One of the ids that all know, and which part of it; undefined where they do not say which part that is. */
function itemKey({ item, count = 1 }: MediaEvent): string | undefined {
	if (!item || count > 1) return undefined;
	const { kind, ids, idsOf, season, episode, episodes } = item;
	const name = (['tmdb', 'tvdb', 'imdb'] as const).find((each) => ids[each]);
	if (name === undefined) return undefined;
	if (kind === 'episode' && episode === undefined && !episodes?.length && idsOf === 'series') return undefined;
	if (kind === 'season' && season === undefined) return undefined;
	return [kind, `${name} ${ids[name]}`, ...(idsOf ? [idsOf] : []), partOf(item)].filter(Boolean).join(' · ');
}

/** Which of a series. */
function partOf({ season, episode, episodeEnd, episodes, furtherSeasons = [] }: MediaItem): string {
	const seasons = [{ season, episode, episodeEnd, episodes }, ...furtherSeasons];
	return seasons.map((one) => numbers(one)).join(', ');
}

function numbers({
	season,
	episode,
	episodeEnd,
	episodes,
}: Pick<MediaItem, 'season' | 'episode' | 'episodeEnd' | 'episodes'>) {
	const of = episodes?.join('+') ?? [episode, episodeEnd].filter((each) => each !== undefined).join('–');
	return `${season === undefined ? '' : `S${season}`}${of === '' ? '' : `E${of}`}`;
}

const namesOf = (item: MediaItem) =>
	[item.kind, item.series ?? item.artist ?? '', item.album ?? '', item.title, item.year ?? '', partOf(item)].join(
		' · ',
	);

/** Without any words: all that it says. */
function wordsOf({ title = '', body, happening: _, time: __, ...more }: Message): string {
	const isSaid = title.trim() !== '' || body.trim() !== '';
	return digestOf(isSaid ? JSON.stringify([title, body]) : JSON.stringify(more));
}
