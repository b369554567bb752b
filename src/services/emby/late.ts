import type { ItemKind, MediaEvent, MediaItem } from '../../core/message/event';
import { apis, readItem, type Api } from './item';
import { below, isRecord, items, present, record, text, type Loose } from '../../core/receive/reading';
import type { Context, Enquiry } from '../../core/define/sender';

/** Senders whose servers tell of an item before they know it, and how those are asked. */
const servers: Readonly<Record<string, { api: Api; fields: string; headers(key: string): Record<string, string> }>> = {
	emby: {
		api: apis.emby,
		fields: 'Overview,ProviderIds,Genres,Path,ProductionYear,CommunityRating',
		headers: (key) => ({ 'x-emby-token': key }),
	},
	jellyfin: {
		api: apis.jellyfin,
		fields: 'Overview,ProviderIds,Genres,Path',
		// The one way in that its version 12 leaves open; earlier ones know it too.
		headers: (key) => ({ authorization: `MediaBrowser Token="${key}"` }),
	},
};

type Part = 'overview' | 'ids' | 'poster' | 'number';

/** What a message about it should hold. */
const wanted: Partial<Record<ItemKind, readonly Part[]>> = {
	movie: ['overview', 'ids', 'poster'],
	series: ['overview', 'ids', 'poster'],
	season: ['number', 'poster'],
	episode: ['number', 'overview', 'ids', 'poster'],
};

/** @param raw the item as its server tells it, where it does: that has a picture's tag or none */
function lackedBy(item: MediaItem, raw: Loose | undefined): Part[] {
	const lacks: Readonly<Record<Part, () => boolean>> = {
		overview: () => item.overview === undefined,
		ids: () => Object.keys(item.ids).length === 0,
		number: () => (item.kind === 'season' ? item.season : item.episode) === undefined,
		poster: () => raw !== undefined && !(item.poster && 'data' in item.poster) && !hasPicture(raw),
	};
	return (wanted[item.kind] ?? []).filter((part) => lacks[part]());
}

const hasPicture = (raw: Loose) =>
	text(record(raw.ImageTags).Primary, raw.SeriesPrimaryImageTag, raw.PrimaryImageTag) !== undefined;

function questionAbout(
	{ type, source, item, raw }: MediaEvent,
	{ serverUrl, serverKey }: Context,
): { url: string; headers: Record<string, string> } | undefined {
	const server = Object.hasOwn(servers, source) ? servers[source] : undefined;
	if (type !== 'library.added' || !server || !item || serverKey === undefined) return undefined;
	if (!/^[\w-]{1,64}$/.test(item.id ?? '') || !/^[\x21\x23-\x7e]+$/.test(serverKey)) return undefined;
	const told = record(raw).Item;
	if (lackedBy(item, isRecord(told) ? told : undefined).length === 0) return undefined;
	const url = below(serverUrl, `${server.api.prefix}Items`, { Ids: item.id, Fields: server.fields });
	return url === undefined ? undefined : { url, headers: server.headers(serverKey) };
}

function filledIn(event: MediaEvent, answer: unknown, context: Context): { event: MediaEvent; whole: boolean } {
	const { item, source } = event;
	const found = items(record(answer).Items).find((one) => isRecord(one) && isSame(text(one.Id), item?.id));
	if (!item || !isRecord(found)) return { event, whole: false };
	const {
		poster,
		url: _,
		kind: __,
		title,
		ids,
		...told
	} = readItem(found, {}, context, servers[source]?.api ?? apis.emby);
	const filled = present<MediaItem>({
		...item,
		...told,
		title: title || item.title,
		ids: { ...item.ids, ...ids },
		poster: item.poster && 'data' in item.poster ? item.poster : hasPicture(found) ? poster : item.poster,
	});
	return {
		// Where the sender's words are the overview itself, they need not stand there twice.
		event: present({ ...event, item: filled, text: event.text === filled.overview ? undefined : event.text }),
		whole: lackedBy(filled, found).length === 0,
	};
}

/** Jellyfin writes the same id with and without dashes. */
const isSame = (one: string | undefined, other: string | undefined) =>
	one !== undefined && one.replaceAll('-', '').toLowerCase() === other?.replaceAll('-', '').toLowerCase();

export const late: Enquiry = { question: questionAbout, fill: filledIn };
