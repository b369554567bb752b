import type { EventType, MediaEvent, MediaItem } from '../../core/message/event';
import { withoutKeys } from '../../core/message/readable';
import { labelOf } from '../../core/message/label';
import {
	collectIds,
	count,
	entry,
	isRecord,
	isoTime,
	kindOf,
	milliseconds,
	minutes,
	names,
	number,
	percentOf,
	present,
	record,
	some,
	text,
	webUrl,
	year,
	type Loose,
} from '../../core/receive/reading';
import { defineSender } from '../../core/define/sender';
import { tautulliSamples } from './samples';

const types: Readonly<Record<string, EventType>> = {
	play: 'playback.started',
	stop: 'playback.stopped',
	pause: 'playback.paused',
	resume: 'playback.resumed',
	error: 'playback.failed',
	buffer: 'playback.failed',
	change: 'playback.changed',
	intro: 'playback.progress',
	commercial: 'playback.progress',
	credits: 'playback.progress',
	watched: 'playback.finished',
	concurrent: 'playback.concurrent',
	newdevice: 'device.added',
	created: 'library.added',
	intdown: 'monitor.down',
	extdown: 'monitor.down',
	intup: 'monitor.up',
	extup: 'monitor.up',
	pmsupdate: 'system.updateAvailable',
	plexpyupdate: 'system.updateAvailable',
	plexpydbcorrupt: 'system.corrupted',
	tokenexpired: 'system.unhealthy',
	test: 'system.test',
};

/** As authors of templates write it, who translate the names for what reads them. */
const synonyms: Readonly<Record<string, string>> = {
	start: 'play',
	started: 'play',
	playing: 'play',
	stopped: 'stop',
	paused: 'pause',
	resumed: 'resume',
	unpause: 'resume',
	buffering: 'buffer',
	finished: 'watched',
	scrobble: 'watched',
	changed: 'change',
	added: 'created',
	recentlyadded: 'created',
};

/** Names that nobody else has. */
const alone: ReadonlySet<string> = new Set([
	...['intdown', 'intup', 'extdown', 'extup', 'pmsupdate', 'plexpyupdate', 'plexpydbcorrupt'],
	...['tokenexpired', 'newdevice'],
]);

/** Its own names for values, of which others have few. */
const parameters: readonly string[] = [
	'rating_key',
	'session_key',
	'library_name',
	'media_type',
	'progress_percent',
	'grandparent_rating_key',
	'show_name',
	'episode_name',
	'season_num',
	'server_machine_id',
	'ip_address',
	'player',
	'user_email',
	'thetvdb_id',
	'themoviedb_id',
	'stream_duration',
	'plex_url',
];

/** Events about Tautulli itself. */
const own: ReadonlySet<string> = new Set(['plexpyupdate', 'plexpydbcorrupt', 'tokenexpired']);

/** The user writes the body; its values are looked for under Tautulli's own parameter names. All of them are texts. */
export const tautulli = defineSender({
	id: 'tautulli',
	name: 'Tautulli',
	zh: 'Tautulli',
	where: {
		en: 'Settings → Notification Agents → Add → Webhook',
		zh: 'Settings → Notification Agents → Add → Webhook',
	},
	samples: tautulliSamples,
	tells: [...Object.values(types), 'system.notice'],
	otherwise: 'own',

	recognise(body, { path, headers }) {
		if (!isRecord(body) || isRecord(body.Metadata)) return 0;
		// Its own templates name some dozen values.
		if (Object.keys(body).length > 1_000) return 0;
		const given = flatten(body);
		const action = actionOf(given);
		const matches = parameters.filter((key) => key in given).length;
		if (action && (alone.has(action) || matches >= 2)) return 0.9;
		if (matches >= 3) return 0.8;
		if (action && matches === 1) return 0.6;
		// The path, or the program, says whose it is: then little is enough.
		const isNamed = /\btautulli\b/i.test(path) || /^tautulli\b/i.test(headers['user-agent'] ?? '');
		return isNamed && (action || matches > 0) ? 0.3 : 0;
	},

	read(body, context) {
		const given = flatten(record(body));
		const zh = context.language === 'zh';
		const rawType = actionOf(given) ?? '';
		const item = readItem(given);
		const position =
			number(given.progress_duration_sec) ?? milliseconds(given.view_offset) ?? minutes(given.progress_duration);
		const type = entry(types, rawType) ?? (rawType || 'system.notice');
		const subject = text(given.subject) ?? (rawType === '' && item ? labelOf(item, context.language) : undefined);
		const isPlayback = type.startsWith('playback.');
		return [
			{
				event: present<MediaEvent>({
					source: 'tautulli',
					type,
					rawType,
					time:
						isoTime((number(given.unixtime) ?? Number.NaN) * 1000) ?? isoTime(given.utctime) ?? context.now,
					server: some({
						// It tells of itself, not of the media server.
						name: own.has(rawType) ? 'Tautulli' : (text(given.server_name) ?? 'Plex'),
						id: text(given.server_machine_id, given.server_id),
					}),
					user: some({
						id: text(given.user_id),
						name: text(given.user, given.friendly_name, given.username, given.user_name),
					}),
					device: some({
						name: text(given.player, given.device),
						client: text(given.product, given.platform),
						address: text(given.ip_address),
					}),
					item,
					playback: isPlayback
						? some({
								position,
								percent:
									number(given.progress_percent, given.progress) ??
									percentOf(position, item?.runtime),
								paused: rawType === 'pause' ? true : undefined,
								method: text(given.transcode_decision, given.stream_container_decision),
							})
						: undefined,
					text: text(
						given.body,
						given.message,
						given.text,
						given.error_message,
						given.remote_access_reason,
						rawType === 'pmsupdate' ? given.update_changelog_added : undefined,
						rawType === 'plexpyupdate' ? given.tautulli_update_changelog : undefined,
						rawType === 'tokenexpired'
							? zh
								? 'Tautulli 的 Plex 令牌已失效，请重新登录。'
								: 'The Plex token of Tautulli has expired: sign in again.'
							: undefined,
					),
					facts: some({
						quality: text(
							given.quality_profile,
							given.stream_video_full_resolution,
							given.video_resolution,
						),
						version:
							rawType === 'pmsupdate'
								? text(given.update_version)
								: rawType === 'plexpyupdate'
									? text(given.tautulli_update_version)
									: undefined,
						monitor: type.startsWith('monitor.')
							? `${text(given.server_name) ?? 'Plex'}${/^ext/.test(rawType) ? (zh ? '（远程访问）' : ' (remote access)') : ''}`
							: undefined,
					}),
					raw: body,
				}),
				...(subject && { message: { title: withoutKeys(subject) } }),
			},
		];
	},
});

/** What a `title` or `name` is of, by the group that holds it. */
const groups: Readonly<Record<string, string>> = {
	account: 'user',
	user: 'user',
	player: 'player',
	device: 'player',
	server: 'server_name',
};

/** Templates nest as their authors like; the names stay Tautulli's. A name that it could not fill stays as `{name}`. */
function flatten(body: Loose, depth = 3): Record<string, unknown> {
	const flat: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	for (const [key, value] of Object.entries(body)) {
		const name = key.toLowerCase();
		if (isRecord(value) && depth > 0) {
			const of = entry(groups, name);
			for (const [inner, one] of Object.entries(flatten(value, depth - 1)))
				flat[of && /^(?:title|name)$/.test(inner) ? of : inner] ??= one;
		} else if (!(typeof value === 'string' && /^\{[\w:!]+\}$/.test(value.trim()))) flat[name] = value;
	}
	return flat;
}

/** Where authors put the name of what happened. */
const actionKeys = [
	'action',
	'event',
	'trigger',
	'notify_action',
	'event_type',
	'eventtype',
	'notification_type',
	'type',
];

/** `play`, also as `on_play`, `start`, `playback.start` or, in a template that is often copied, `media.play`. */
function actionOf(given: Loose): string | undefined {
	for (const key of actionKeys) {
		const word = text(given[key])
			?.toLowerCase()
			.replace(/^(?:on_|media\.|playback[._ ])/, '')
			.replace(/[\s._-]+/g, '');
		const known = word && (entry(types, word) ? word : entry(synonyms, word));
		if (known) return known;
	}
	return text(given.action)?.toLowerCase();
}

function readItem(given: Loose): MediaItem | undefined {
	const full = text(given.title, given.media_title);
	const series = text(given.show_name, given.grandparent_title);
	const own = text(given.episode_name, given.track_name, given.movie_name);
	const type = text(given.media_type);
	if (!full && !series && !own) return undefined;
	const kind = type ? kindOf(type) : series || given.episode_num !== undefined ? 'episode' : 'other';
	// "1-3" where several were added at once.
	const [first, last] = (text(given.episode_num, given.episode_num00) ?? '').split('-');
	const isEpisode = kind === 'episode';
	const isSeries = isEpisode || kind === 'season';
	const title =
		own ??
		(isEpisode && series && full?.startsWith(`${series} - `) ? full.slice(series.length + 3) : full) ??
		series ??
		'';
	return present<MediaItem>({
		kind,
		title,
		id: text(given.rating_key),
		series: isSeries ? series : undefined,
		season: isSeries ? count(given.season_num, given.season_num00) : undefined,
		episode: isEpisode ? count(first) : undefined,
		episodeEnd: isEpisode ? count(last) : undefined,
		year: year(given.year),
		overview: text(given.summary),
		runtime: number(given.duration_sec) ?? milliseconds(given.duration_ms) ?? minutes(given.duration),
		genres: names(given.genres),
		rating: number(given.rating, given.audience_rating),
		...withOwner(collectIds(given), isSeries),
		path: text(given.file),
		library: text(given.library_name),
		album: text(given.album_name),
		artist: text(given.artist_name, given.track_artist),
		poster: webUrl(given.poster_url) ? { url: webUrl(given.poster_url) as string } : undefined,
		url: webUrl(given.plex_url),
	});
}

/** On episodes Tautulli tells the show's ids. */
const withOwner = (ids: MediaItem['ids'], isSeries: boolean): Pick<MediaItem, 'ids' | 'idsOf'> =>
	isSeries && Object.keys(ids).length ? { ids, idsOf: 'series' } : { ids };
