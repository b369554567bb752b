export type ItemKind = 'movie' | 'series' | 'season' | 'episode' | 'album' | 'track' | 'artist' | 'book' | 'photo' | 'channel' | 'other';

/** What happened on a media server or download tool, whoever told it. */
export interface MediaEvent {
	/** The sender's id: 'emby', 'jellyfin', 'plex', 'sonarr' … */
	source: string;
	/** Canonical: 'library.added', 'playback.started' … see `eventTypes`. Unknown ones keep the sender's name in lower case. */
	type: string;
	rawType: string;
	/** ISO 8601. */
	time: string;
	server?: { name?: string; id?: string; url?: string };
	user?: { id?: string; name?: string };
	device?: { name?: string; client?: string; address?: string };
	item?: MediaItem;
	playback?: { /** s */ position?: number; percent?: number; paused?: boolean; method?: string };
	/** How many items one event stands for. */
	count?: number;
	/** The sender's own words where it has any that are worth reading. */
	text?: string;
	raw: unknown;
}

export interface MediaItem {
	kind: ItemKind;
	title: string;
	series?: string;
	season?: number;
	episode?: number;
	episodeEnd?: number;
	year?: number;
	overview?: string;
	/** s */
	runtime?: number;
	genres?: string[];
	/** 0–10 */
	rating?: number;
	ids: { imdb?: string; tmdb?: string; tvdb?: string };
	path?: string;
	library?: string;
	album?: string;
	artist?: string;
	/** Where it can be fetched (by us alone where it is private), or the bytes that came along. */
	poster?: { url: string } | { data: Uint8Array; mime: string };
	/** The item's page on the server. */
	url?: string;
}
