import type { Samples } from '../../core/define/sender';

const Server = { Name: 'Living room', Id: 'e0a1b2c3d4', Version: '4.9.1.0' };
const User = { Name: 'Alice', Id: '7f3b' };
const Session = {
	RemoteEndPoint: '192.0.2.7',
	Client: 'Infuse',
	DeviceName: 'Apple TV',
	DeviceId: 'atv-1',
	ApplicationVersion: '8.1',
	Id: 's1',
};
const film = {
	Name: 'Metropolis',
	Id: '11',
	Type: 'Movie',
	ServerId: Server.Id,
	ProductionYear: 1927,
	Overview: 'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
	Genres: ['Drama', 'Science Fiction'],
	CommunityRating: 8.3,
	RunTimeTicks: 91_800_000_000,
	ProviderIds: { Imdb: 'tt0017136', Tmdb: '19' },
	ImageTags: { Primary: 'p1' },
	Path: '/media/films/Metropolis (1927)/Metropolis.mkv',
};
const episode = {
	Name: 'Who Is Alive?',
	Id: '12',
	Type: 'Episode',
	ServerId: Server.Id,
	SeriesName: 'Severance',
	SeriesId: '13',
	ParentIndexNumber: 2,
	IndexNumber: 3,
	ProductionYear: 2025,
	Overview: 'Mark looks for a trace of somebody whom he believed to be dead.',
	RunTimeTicks: 31_200_000_000,
	ProviderIds: { Imdb: 'tt14671678' },
	SeriesPrimaryImageTag: 'p2',
	Path: '/media/series/Severance/Season 2/S02E03.mkv',
};
const at = { Date: '2026-01-02T19:30:00.0000000Z', Severity: 'Info', Server };
const played = (Event: string, PositionTicks: number, PlayedToCompletion?: boolean) => ({
	...at,
	Title: 'Alice · Severance',
	Event,
	User,
	Item: episode,
	Session,
	PlaybackInfo: { PositionTicks, PlaylistIndex: 0, PlaylistLength: 1, PlayedToCompletion },
});

/** As Emby 4.9 posts them. */
export const embySamples: Samples = {
	'library.added': { ...at, Title: 'Metropolis has been added', Event: 'library.new', Item: film },
	'library.deleted': { ...at, Title: 'Metropolis has been deleted', Event: 'library.deleted', Item: film },
	'playback.started': played('playback.start', 0),
	'playback.paused': played('playback.pause', 15_600_000_000),
	'playback.resumed': played('playback.unpause', 15_600_000_000),
	'playback.stopped': played('playback.stop', 15_600_000_000, false),
	'playback.finished': played('playback.stop', 31_000_000_000, true),
	'item.favorited': {
		...at,
		Title: 'Alice · Metropolis',
		Event: 'item.rate',
		User,
		Item: { ...film, UserData: { IsFavorite: true, Played: false, PlayCount: 0, PlaybackPositionTicks: 0 } },
	},
	'item.played': {
		...at,
		Title: 'Alice · Metropolis',
		Event: 'item.markplayed',
		User,
		Item: { ...film, UserData: { IsFavorite: false, Played: true, PlayCount: 1, PlaybackPositionTicks: 0 } },
	},
	'subtitle.downloaded': {
		...at,
		Title: 'Subtitles for Severance have been downloaded',
		Event: 'library.subtitlesdownloaded',
		Item: episode,
	},
	'user.loggedIn': { ...at, Title: 'Alice has signed in', Event: 'user.authenticated', User, Session },
	'user.loginFailed': {
		...at,
		Severity: 'Warn',
		Title: 'A sign-in has failed',
		Event: 'user.authenticationfailed',
		User: { Name: 'alice' },
		DeviceInfo: { Name: 'Firefox', Id: 'd2', AppName: 'Emby Web', AppVersion: '4.9.1.0', IpAddress: '192.0.2.9' },
	},
	'device.uploaded': {
		...at,
		Title: 'Photos have been uploaded',
		Event: 'devices.cameraimageuploaded',
		User,
		DeviceInfo: { Name: 'Phone', Id: 'd3', AppName: 'Emby for Android', AppVersion: '3.4', IpAddress: '192.0.2.8' },
	},
	'livetv.recordingStarted': {
		...at,
		Title: 'A recording has started',
		Event: 'livetv.recordingstarted',
		TimerInfo: {
			Id: 't1',
			Name: 'The evening news',
			ChannelName: 'One',
			StartDate: '2026-01-02T19:30:00.0000000Z',
			EndDate: '2026-01-02T19:45:00.0000000Z',
		},
	},
	'plugin.updated': {
		...at,
		Title: 'Intro Skipper has been updated',
		Event: 'plugins.pluginupdated',
		PackageVersionInfo: { name: 'Intro Skipper', versionStr: '1.10.0.0' },
	},
	'task.failed': {
		...at,
		Severity: 'Error',
		Title: 'Scan media library has failed',
		Event: 'task.failed',
	},
	'system.updateAvailable': {
		...at,
		Title: 'An update is available',
		Event: 'system.updateavailable',
		PackageVersionInfo: { name: 'Emby Server', versionStr: '4.9.2.0' },
	},
	'system.test': { ...at, Title: 'Test Notification', Event: 'system.notificationtest' },
};
