import { isEventType } from '../../../src/core/message/event';
import { receiveOne, type Given } from './receiving';

/** Every event that a sender is known to tell, by the sender's own name: what it becomes. */
type Table = Readonly<Record<string, string>>;

const embyItem = {
	Type: 'Episode',
	Name: 'Pilot',
	Id: '12',
	SeriesName: 'Show',
	SeriesId: '10',
	ParentIndexNumber: 1,
	IndexNumber: 2,
	RunTimeTicks: 30_000_000_000,
	ProviderIds: { Imdb: 'tt0000123' },
	Overview: 'It begins.',
};
const emby: Table = {
	'system.webhooktest': 'system.test',
	'system.notificationtest': 'system.test',
	'system.serverrestartrequired': 'system.restartRequired',
	'system.restartrequired': 'system.restartRequired',
	'system.updateavailable': 'system.updateAvailable',
	'system.serverstartup': 'system.started',
	'system.started': 'system.started',
	'system.shuttingdown': 'system.stopping',
	'library.new': 'library.added',
	'library.deleted': 'library.deleted',
	'library.updated': 'library.updated',
	'library.modified': 'library.updated',
	'library.subtitlesdownloaded': 'subtitle.downloaded',
	'playback.start': 'playback.started',
	'playback.stop': 'playback.stopped',
	'playback.pause': 'playback.paused',
	'playback.unpause': 'playback.resumed',
	'playback.progress': 'playback.progress',
	'playback.scrobble': 'playback.finished',
	'item.rate': 'item.rated',
	'item.markplayed': 'item.played',
	'item.markunplayed': 'item.unplayed',
	'item.favorited': 'item.favorited',
	'item.unfavorite': 'item.unfavorited',
	'item.addedtofavorites': 'item.favorited',
	'item.removedfromfavorites': 'item.unfavorited',
	'user.authenticated': 'user.loggedIn',
	'user.authenticationfailed': 'user.loginFailed',
	'user.lockedout': 'user.lockedOut',
	'user.created': 'user.created',
	'user.deleted': 'user.deleted',
	'user.passwordchanged': 'user.passwordChanged',
	'user.policyupdated': 'user.updated',
	'devices.cameraimageuploaded': 'device.uploaded',
	'device.new': 'device.added',
	'plugins.plugininstalled': 'plugin.installed',
	'plugins.pluginuninstalled': 'plugin.uninstalled',
	'plugins.pluginupdated': 'plugin.updated',
	'plugins.plugininstallfailed': 'plugin.failed',
	'plugin.installed': 'plugin.installed',
	'plugin.updated': 'plugin.updated',
	'plugin.uninstalled': 'plugin.uninstalled',
	'livetv.timercreated': 'livetv.timerCreated',
	'livetv.timercancelled': 'livetv.timerCancelled',
	'livetv.seriestimercreated': 'livetv.timerCreated',
	'livetv.seriestimercancelled': 'livetv.timerCancelled',
	'livetv.recordingstarted': 'livetv.recordingStarted',
	'livetv.recordingended': 'livetv.recordingEnded',
	'livetv.recordingerror': 'livetv.recordingFailed',
	'recording.started': 'livetv.recordingStarted',
	'recording.ended': 'livetv.recordingEnded',
	'recording.error': 'livetv.recordingFailed',
	'scheduledtasks.completed': 'task.completed',
	'task.completed': 'task.completed',
	'task.failed': 'task.failed',
	'external.externalnotification': 'system.notice',
	'deep.delete': 'library.deleted',
	'introskip.update': 'library.updated',
};
const embyBody = (Event: string) => ({
	...{ Event, Title: 'T', Date: '2025-08-20T09:35:38.7501240Z', Severity: 'Info', Server: { Name: 'Home', Id: 's' } },
	...(/^(?:library|playback|item|deep|introskip)/.test(Event) && { Item: embyItem }),
	...(/^(?:playback|item|user)/.test(Event) && { User: { Name: 'Alice', Id: 'u' } }),
	...(/^(?:playback|user\.auth)/.test(Event) && { Session: { DeviceName: 'TV', Client: 'App' } }),
	...(/^(?:plugin|system\.update)/.test(Event) && { PackageVersionInfo: { name: 'P', versionStr: '2' } }),
	...(/timer/.test(Event) && { TimerInfo: { Name: 'News' } }),
	...(/recording/.test(Event) && { RecordingInfo: { Name: 'News' } }),
});

const jellyfin: Table = {
	None: 'system.test',
	ItemAdded: 'library.added',
	Generic: 'system.notice',
	PlaybackStart: 'playback.started',
	PlaybackProgress: 'playback.progress',
	PlaybackStop: 'playback.stopped',
	SubtitleDownloadFailure: 'subtitle.failed',
	AuthenticationFailure: 'user.loginFailed',
	AuthenticationSuccess: 'user.loggedIn',
	SessionStart: 'session.started',
	PendingRestart: 'system.restartRequired',
	TaskCompleted: 'task.completed',
	PluginInstallationCancelled: 'plugin.cancelled',
	PluginInstallationFailed: 'plugin.failed',
	PluginInstalled: 'plugin.installed',
	PluginInstalling: 'plugin.installing',
	PluginUninstalled: 'plugin.uninstalled',
	PluginUpdated: 'plugin.updated',
	UserCreated: 'user.created',
	UserDeleted: 'user.deleted',
	UserLockedOut: 'user.lockedOut',
	UserPasswordChanged: 'user.passwordChanged',
	UserUpdated: 'user.updated',
	UserDataSaved: 'item.saved',
	ItemDeleted: 'library.deleted',
};
const jellyfinBody = (NotificationType: string) => ({
	...{ NotificationType, ServerId: 's', ServerName: 'Home', ServerVersion: '10.10.7', ServerUrl: '' },
	...(/^(?:Item|Playback|Subtitle|UserDataSaved)/.test(NotificationType) && {
		...{ ItemType: 'Episode', ItemId: '12', Name: 'Pilot', SeriesName: 'Show', SeriesId: '10' },
		...{ SeasonNumber: 1, EpisodeNumber: 2, RunTimeTicks: 30_000_000_000, Provider_imdb: 'tt0000123' },
	}),
	...(/^(?:Playback|User|Auth|Session)/.test(NotificationType) && { NotificationUsername: 'Alice', UserId: 'u' }),
	...(NotificationType === 'TaskCompleted' && { TaskName: 'Scan', ResultStatus: 'Completed' }),
	...(NotificationType.startsWith('Plugin') && { PluginName: 'P', PluginVersion: '2' }),
});

const plex: Table = {
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
const plexBody = (event: string) => ({
	...{ event, user: true, owner: true, Account: { id: 1, title: 'Alice' }, Server: { title: 'Home', uuid: 's' } },
	...(/^(?:media|library|playback)/.test(event) && {
		Metadata: {
			type: 'episode',
			title: 'Pilot',
			grandparentTitle: 'Show',
			parentIndex: 1,
			index: 2,
			ratingKey: '12',
		},
	}),
	...(/^(?:media|device)/.test(event) && { Player: { title: 'TV', publicAddress: '192.0.2.1' } }),
});

const tautulli: Table = {
	play: 'playback.started',
	stop: 'playback.stopped',
	pause: 'playback.paused',
	resume: 'playback.resumed',
	error: 'playback.failed',
	change: 'playback.changed',
	intro: 'playback.progress',
	commercial: 'playback.progress',
	credits: 'playback.progress',
	watched: 'playback.finished',
	buffer: 'playback.failed',
	concurrent: 'playback.concurrent',
	newdevice: 'device.added',
	created: 'library.added',
	intdown: 'monitor.down',
	intup: 'monitor.up',
	extdown: 'monitor.down',
	extup: 'monitor.up',
	pmsupdate: 'system.updateAvailable',
	plexpyupdate: 'system.updateAvailable',
	plexpydbcorrupt: 'system.corrupted',
	tokenexpired: 'system.unhealthy',
};
const tautulliBody = (action: string) => ({
	...{ action, server_name: 'Home', server_machine_id: 's', user: 'Alice', player: 'TV' },
	...(!/(?:down|up|update|corrupt|expired|newdevice)$/.test(action) && {
		...{ media_type: 'episode', show_name: 'Show', episode_name: 'Pilot', season_num: '1', episode_num: '2' },
	}),
});

const servarr: Table = {
	Test: 'system.test',
	Grab: 'download.grabbed',
	Download: 'download.imported',
	Rename: 'file.renamed',
	Health: 'system.unhealthy',
	HealthRestored: 'system.healthy',
	ApplicationUpdate: 'system.updated',
	ManualInteractionRequired: 'download.attention',
};
const about = (things: object, instanceName: string) => (eventType: string) => ({
	...(!/^(?:Test|Health|Application)/.test(eventType) && things),
	...(/^(?:Health|Application)/.test(eventType) && { level: 'error', message: 'M', newVersion: '2' }),
	...{ eventType, instanceName, applicationUrl: '' },
});
const show = {
	series: { id: 1, title: 'Show', tvdbId: 1 },
	episodes: [{ seasonNumber: 1, episodeNumber: 2, title: 'Pilot' }],
};
const album = { artist: { id: 1, name: 'Band' }, albums: [{ id: 2, title: 'Record' }], trackFiles: [{}] };
const book = { author: { id: 1, name: 'Writer' }, books: [{ id: 2, title: 'Novel' }] };

const overseerr: Table = {
	MEDIA_PENDING: 'request.pending',
	MEDIA_APPROVED: 'request.approved',
	MEDIA_AUTO_APPROVED: 'request.approved',
	MEDIA_AUTO_REQUESTED: 'request.pending',
	MEDIA_AVAILABLE: 'request.available',
	MEDIA_DECLINED: 'request.declined',
	MEDIA_FAILED: 'request.failed',
	ISSUE_CREATED: 'issue.created',
	ISSUE_COMMENT: 'issue.commented',
	ISSUE_RESOLVED: 'issue.resolved',
	ISSUE_REOPENED: 'issue.reopened',
	TEST_NOTIFICATION: 'system.test',
};
const overseerrBody = (notification_type: string) => ({
	...{ notification_type, event: 'E', subject: 'Show (2020)', message: 'M', image: '' },
	media: { media_type: 'tv', tmdbId: '5' },
	request: notification_type.startsWith('MEDIA_') ? { requestedBy_username: 'Alice' } : null,
	issue: notification_type.startsWith('ISSUE_') ? { issue_type: 'VIDEO', reportedBy_username: 'Bob' } : null,
	comment: null,
	extra: [],
});

const betterGI: Table = {
	'notify.test': 'system.test',
	'domain.reward': 'task.completed',
	'domain.start': 'task.started',
	'domain.end': 'task.completed',
	'domain.retry': 'task.progress',
	'task.cancel': 'task.cancelled',
	'task.error': 'task.failed',
	'group.start': 'task.started',
	'group.end': 'task.completed',
	'dragon.start': 'task.started',
	'dragon.end': 'task.completed',
	'tcg.start': 'task.started',
	'tcg.end': 'task.completed',
	'album.start': 'task.started',
	'album.end': 'task.completed',
	'album.error': 'task.failed',
	'daily.reward': 'task.completed',
	'js.custom': 'message',
	'js.error': 'task.failed',
	'autoeat.start': 'task.started',
	'autoeat.end': 'task.completed',
	'autoeat.info': 'message',
	AutoBoss: 'task.completed',
	AutoLeyLineOutcrop: 'task.completed',
};
const betterGIBody = (event: string) => ({
	...{ send_to: '', event, result: 0, timestamp: '2025-08-20T17:35:38.7501240+08:00', screenshot: null },
	...{ message: '完成', data: null },
});

const cases: readonly { source: string; table: Table; body: (name: string) => object }[] = [
	{ source: 'emby', table: emby, body: embyBody },
	{ source: 'jellyfin', table: jellyfin, body: jellyfinBody },
	{ source: 'plex', table: plex, body: plexBody },
	{ source: 'tautulli', table: tautulli, body: tautulliBody },
	{
		source: 'sonarr',
		table: {
			...servarr,
			SeriesAdd: 'watch.added',
			SeriesDelete: 'watch.deleted',
			EpisodeFileDelete: 'file.deleted',
		},
		body: about(show, 'Sonarr'),
	},
	{
		source: 'radarr',
		table: { ...servarr, MovieAdded: 'watch.added', MovieDelete: 'watch.deleted', MovieFileDelete: 'file.deleted' },
		body: about({ movie: { id: 1, title: 'Film', year: 2020, tmdbId: 5 } }, 'Radarr'),
	},
	{
		source: 'lidarr',
		table: {
			...servarr,
			...{ Retag: 'file.retagged', AlbumDelete: 'watch.deleted', ArtistDelete: 'watch.deleted' },
			...{ ArtistAdd: 'watch.added', DownloadFailure: 'download.failed', ImportFailure: 'download.failed' },
		},
		body: about(album, 'Lidarr'),
	},
	{
		source: 'readarr',
		table: {
			...servarr,
			...{ Retag: 'file.retagged', BookDelete: 'watch.deleted', AuthorDelete: 'watch.deleted' },
			...{ AuthorAdded: 'watch.added', BookFileDelete: 'file.deleted' },
		},
		body: about(book, 'Readarr'),
	},
	{ source: 'overseerr', table: overseerr, body: overseerrBody },
	{ source: 'betterGI', table: betterGI, body: betterGIBody },
];

describe.each(cases)('$source', ({ source, table, body }) => {
	test.each(Object.entries(table))('%s is %s', (rawType, type) => {
		for (const language of ['en', 'zh'] as const) {
			const { event, message } = receiveOne(body(rawType), { language } satisfies Given);
			expect(event).toMatchObject({ source, type, rawType });
			expect(isEventType(event.type)).toBe(true);
			// Of the cast, everybody that the body names is named, and nobody is made up.
			expect(message.title).not.toMatch(/Someone|something|A service|有人|某个|undefined|[{}[\]]/);
			expect(message.body).toMatch(/\S/);
			if (event.item) expect(`${message.title}`).toMatch(/Show|Film|Band|Record|Writer|Novel|News/);
			if (event.item?.episode !== undefined) {
				expect(event.item).toMatchObject({ kind: 'episode', series: 'Show', season: 1, episode: 2 });
				expect(message.title).toContain('Show S01E02 · Pilot');
			}
		}
	});

	test('an event that nobody has heard of goes on, with all that came', () => {
		const given = {
			...body('Brand.New'),
			...(source === 'emby' && { User: { Name: 'Alice' } }),
			brandNew: { a: [1] },
		};
		const { event } = receiveOne(given, { options: { sender: source } });
		expect(event).toMatchObject({ source, rawType: source === 'tautulli' ? 'brand.new' : 'Brand.New' });
		expect(event.raw).toMatchObject({ brandNew: { a: [1] } });
	});
});
