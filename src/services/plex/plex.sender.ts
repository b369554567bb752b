import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import {
	below,
	collectIds,
	count,
	entry,
	imageMime,
	isRecord,
	items,
	kindOf,
	milliseconds,
	names,
	number,
	percentOf,
	present,
	record,
	some,
	text,
	year,
	type Loose,
} from '../../core/receive/reading';
import { defineSender, type Context } from '../../core/define/sender';
import { plexSamples } from './plexSamples';

const types: Readonly<Record<string, EventType>> = {
	'media.play': 'playback.started',
	'media.pause': 'playback.paused',
	'media.resume': 'playback.resumed',
	'media.stop': 'playback.stopped',
	'media.scrobble': 'playback.finished',
	'media.rate': 'item.rated',
	'library.new': 'library.added',
	'library.on.deck': 'library.updated',
	'playback.started': 'playback.started',
	'device.new': 'device.added',
	'admin.database.backup': 'system.backup',
	'admin.database.corrupted': 'system.corrupted',
};

export const plex = defineSender({
	id: 'plex',
	name: 'Plex',
	zh: 'Plex',
	where: { en: 'Settings → Webhooks (needs Plex Pass)', zh: '设置 → Webhooks（需要 Plex Pass）' },
	samples: plexSamples,
	tells: [...Object.values(types)],
	hint: /plex/i,

	recognise(body) {
		if (!isRecord(body) || typeof body.event !== 'string') return 0;
		if (isRecord(body.Account) || isRecord(body.Metadata)) return 1;
		return entry(types, body.event) && isRecord(body.Server) ? 1 : 0;
	},

	read(body, context) {
		const { event: rawType, Account, Server, Player, Metadata, rating } = record(body);
		const name = text(rawType) ?? '';
		const account = record(Account);
		const player = record(Player);
		const metadata = record(Metadata);
		const item = isRecord(Metadata) ? readItem(metadata, context) : undefined;
		const position = milliseconds(metadata.viewOffset);
		const isPlayback = name.startsWith('media.') || name.startsWith('playback.');
		return [
			{
				event: present<MediaEvent>({
					source: 'plex',
					type: entry(types, name) ?? entry(types, `media.${name}`) ?? name.toLowerCase(),
					rawType: name,
					time: context.now,
					server: some({ name: text(record(Server).title), id: text(record(Server).uuid) }),
					user: some({ id: text(account.id), name: text(account.title) }),
					device: some({
						name: text(player.title),
						address: text(player.publicAddress, player.PublicAddress),
					}),
					item,
					playback: isPlayback
						? some({
								position,
								percent: percentOf(position, item?.runtime),
								paused: name === 'media.pause' ? true : undefined,
							})
						: undefined,
					// Of a show it counts all episodes, not those that came.
					count: item?.kind === 'album' ? count(metadata.leafCount) : undefined,
					facts: some({ rating: name === 'media.rate' ? stars(rating, metadata.userRating) : undefined }),
					raw: body,
				}),
			},
		];
	},
});

/** 0 to 10; a rating that was taken back is -1. */
function stars(...values: readonly unknown[]): string | undefined {
	const given = number(...values);
	return given !== undefined && given >= 0 ? String(given) : undefined;
}

function readItem(metadata: Loose, { files, serverUrl, serverKey, linkUrl }: Context): MediaItem {
	const kind = kindOf(metadata.type);
	const isPart = kind === 'episode' || kind === 'season';
	const thumb = files.find(({ name, data }) => name === 'thumb' && data.length > 0);
	const path = isPart
		? text(metadata.grandparentThumb, metadata.parentThumb, metadata.thumb)
		: text(metadata.thumb, metadata.parentThumb);
	const fetched = path && below(serverUrl, path, { 'X-Plex-Token': serverKey });
	const key = text(metadata.key)?.replace(/\/children$/, '');
	return present<MediaItem>({
		kind,
		title: text(metadata.title, metadata.originalTitle, metadata.grandparentTitle) ?? '',
		id: text(metadata.ratingKey),
		series:
			kind === 'episode'
				? text(metadata.grandparentTitle)
				: kind === 'season'
					? text(metadata.parentTitle)
					: undefined,
		season:
			kind === 'episode' ? count(metadata.parentIndex) : kind === 'season' ? count(metadata.index) : undefined,
		episode: kind === 'episode' ? count(metadata.index) : undefined,
		year: year(metadata.year),
		overview: text(metadata.summary),
		runtime: milliseconds(metadata.duration) || undefined,
		genres: names(metadata.Genre, 'tag'),
		rating: number(metadata.audienceRating, metadata.rating),
		...idsOf(metadata),
		library: text(metadata.librarySectionTitle),
		album: kind === 'track' ? text(metadata.parentTitle) : undefined,
		artist:
			kind === 'track'
				? text(metadata.originalTitle, metadata.grandparentTitle)
				: kind === 'album'
					? text(metadata.parentTitle)
					: undefined,
		poster: thumb
			? { data: thumb.data, mime: imageMime(thumb.data) ?? thumb.mime ?? 'image/jpeg' }
			: fetched
				? { url: fetched }
				: undefined,
		url: linkUrl && key ? `${linkUrl}/web/index.html#!/details?key=${encodeURIComponent(key)}` : undefined,
	});
}

/** `Guid[]` (`imdb://tt1`; re-serialised as `{Scheme, Host}`), or the one `guid` of a legacy agent. */
function idsOf(metadata: Loose): Pick<MediaItem, 'ids' | 'idsOf'> {
	// Some that pass it on know no capitals: then `guid` is the list.
	const found = [...items(metadata.Guid), ...items(metadata.guid)].map((guid) => {
		const { id, Scheme, Host } = typeof guid === 'string' ? { id: guid, Scheme: '', Host: '' } : record(guid);
		const [, scheme = '', value = ''] =
			/^(\w+):\/\/([^/?]+)/.exec(text(id) ?? `${text(Scheme) ?? ''}://${text(Host) ?? ''}`) ?? [];
		return { [scheme]: value };
	});
	const ids = collectIds(...found);
	if (Object.keys(ids).length) return { ids };
	// A legacy guid of an episode holds its series' id: `…thetvdb://350665/1/4?lang=de`.
	const [, agent = '', id = '', part] =
		/^com\.plexapp\.agents\.(\w+):\/\/([^/?]+)(\/\d)?/.exec(text(metadata.guid) ?? '') ?? [];
	const legacy = collectIds({ [agent]: id });
	return part && Object.keys(legacy).length ? { ids: legacy, idsOf: 'series' } : { ids: legacy };
}
