import type { EventType } from '../../core/message/event';
import { entry, isRecord, record, text } from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { emby } from './emby.sender';

/** Its names, and Emby's for the same. */
const events: Readonly<Record<string, readonly [emby: string, type: EventType]>> = {
	Play: ['playback.start', 'playback.started'],
	Pause: ['playback.pause', 'playback.paused'],
	Resume: ['playback.unpause', 'playback.resumed'],
	Stop: ['playback.stop', 'playback.stopped'],
	Scrobble: ['playback.scrobble', 'playback.finished'],
	Progress: ['playback.progress', 'playback.progress'],
	MarkPlayed: ['item.markplayed', 'item.played'],
	MarkUnplayed: ['item.markunplayed', 'item.unplayed'],
	Rate: ['item.rate', 'item.rated'],
	ItemAdded: ['library.new', 'library.added'],
	ItemRemoved: ['library.deleted', 'library.deleted'],
	ItemUpdated: ['library.updated', 'library.updated'],
	AuthenticationSuccess: ['user.authenticated', 'user.loggedIn'],
	AuthenticationFailure: ['user.authenticationfailed', 'user.loginFailed'],
	HasPendingRestartChanged: ['system.serverrestartrequired', 'system.restartRequired'],
};

const film = { Id: 'f1', Name: 'Metropolis', Type: 'Movie', ProductionYear: 1927, ProviderIds: { Imdb: 'tt0017136' } };
const sample = (Event: string, more: object = {}) => ({
	Event,
	Item: film,
	User: { Id: 'u1', Name: 'Alice' },
	Server: { Id: 's1', Name: 'nas', Version: '10.9.0' },
	...more,
});

/** shemanaev’s plugin for Jellyfin, in its own format (its others are Plex’s, and GET): items as Jellyfin has them. */
export const jellyfinWebhooks = defineSender({
	id: 'jellyfinWebhooks',
	name: 'Jellyfin (Webhooks by shemanaev)',
	zh: 'Jellyfin（shemanaev Webhooks 插件）',
	where: {
		en: 'Dashboard → Plugins → Webhooks, with the payload format Default',
		zh: '控制台 → 插件 → Webhooks，格式选 Default',
	},
	tells: [...new Set(Object.values(events).map(([, type]) => type)), 'item.favorited', 'item.unfavorited'],
	samples: {
		'item.played': sample('MarkPlayed'),
		'library.added': sample('ItemAdded'),
		'playback.started': sample('Play', { Session: { Id: 'p1', Client: 'Web', DeviceName: 'Sofa' } }),
		'user.loggedIn': sample('AuthenticationSuccess', { Item: undefined }),
		'system.restartRequired': sample('HasPendingRestartChanged', { Item: undefined, User: undefined }),
	},
	hint: /jellyfin/i,

	recognise(body) {
		if (!isRecord(body) || !entry(events, text(body.Event) ?? '')) return 0;
		// A server that wants to be started anew tells of itself alone.
		const isOwn =
			isRecord(body.Server) &&
			('User' in body || 'Item' in body || 'Session' in body || body.Event === 'HasPendingRestartChanged');
		return isOwn && !('Title' in body) ? 1.05 : 0;
	},

	read(body, context) {
		const given = record(body);
		const rawType = text(given.Event) ?? '';
		const [event = rawType, type = rawType] = entry(events, rawType) ?? [];
		return emby.read({ ...given, Event: event }, context).map((reading) => ({
			...reading,
			event: { ...reading.event, source: 'jellyfinWebhooks', type, rawType, raw: body },
		}));
	},
});
