import type { MediaEvent } from '../../../src/core/message/event';
import { atPath } from '../../../src/services/webhook/custom.sender';
import { below, collectIds, isoTime, names, picture } from '../../../src/core/receive/reading';
import { multipart, now, receive, receiveOne, refusalOf, type Given } from './receiving';

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(120, 7)]);

/** What an event should say; `undefined` stands for "says nothing of it". */
type Expected = { [K in keyof MediaEvent]?: unknown };
const item = (value: Partial<NonNullable<MediaEvent['item']>>) => expect.objectContaining(value);

function check(body: unknown, expected: Expected & { title?: unknown }, given?: Given) {
	const { title, ...event } = expected;
	const found = receiveOne(body, given);
	expect(found.event).toMatchObject(event);
	expect(found.message).toMatchObject({
		type: found.event.type,
		body: expect.stringMatching(/\S/),
		level: expect.any(String),
	});
	if (title !== undefined) expect(found.message.title).toEqual(title);
	return found;
}

describe('Emby', () => {
	const Server = { Name: 'Home', Id: 's1', Version: '4.8.0.0' };
	const User = { Name: 'Alice', Id: 'u1' };
	const Session = { RemoteEndPoint: '192.0.2.7', Client: 'Emby Web', DeviceName: 'Firefox' };
	const Item = {
		Name: 'Pilot',
		Type: 'Episode',
		Id: '12',
		SeriesName: 'Some Show',
		SeriesId: '10',
		ParentIndexNumber: 0,
		IndexNumber: 4,
		IndexNumberEnd: 5,
		ProductionYear: 2020,
		RunTimeTicks: 30_000_000_000,
		ProviderIds: { IMDB: 'tt0000123', tvdb: '55', TmdbCollection: '9' },
		Genres: ['Drama'],
		CommunityRating: 7.5,
		SeriesPrimaryImageTag: 'tag1',
		Path: 'D:\\tv\\Some Show\\x.mkv',
		Overview: 'It begins.',
	};
	const play = {
		Title: 'Alice plays',
		Date: '2025-08-20T09:35:38.7501240Z',
		Event: 'playback.start',
		User,
		Item,
		Server,
		Session,
		PlaybackInfo: { PositionTicks: 15_000_000_000 },
	};
	const said: Expected & { title: string } = {
		source: 'emby',
		type: 'playback.started',
		rawType: 'playback.start',
		time: '2025-08-20T09:35:38.750Z',
		server: { name: 'Home', id: 's1' },
		user: { name: 'Alice', id: 'u1' },
		device: { name: 'Firefox', client: 'Emby Web', address: '192.0.2.7' },
		playback: { position: 1500, percent: 50 },
		item: item({
			kind: 'episode',
			title: 'Pilot',
			series: 'Some Show',
			season: 0,
			episode: 4,
			episodeEnd: 5,
			year: 2020,
			runtime: 3000,
			genres: ['Drama'],
			rating: 7.5,
			ids: { imdb: 'tt0000123', tvdb: '55' },
			overview: 'It begins.',
		}),
		title: '▶ Alice is watching Some Show S00E04–E05 · Pilot on Firefox',
	};
	const json = JSON.stringify(play);

	test.each([
		['JSON', json, 'application/json; charset=utf-8'],
		['JSON as text', json, 'text/plain'],
		['JSON in a JSON text', JSON.stringify(json), 'application/json'],
		['multipart', multipart('b', [{ disposition: 'name="data"', data: json }]), 'multipart/form-data; boundary=b'],
		[
			'multipart of .NET',
			multipart('b', [{ disposition: 'name=data', type: 'text/plain; charset=utf-8', data: json }]),
			'multipart/form-data; boundary="b"',
		],
		['a form', `data=${encodeURIComponent(json)}`, 'application/x-www-form-urlencoded'],
		['a form that is not encoded', `data=${json}`, 'application/x-www-form-urlencoded'],
	])('a play by %s', (_, body, contentType) => void check(body, said, { contentType }));

	test.each([
		['system.webhooktest', {}, 'system.test'],
		['system.notificationtest', {}, 'system.test'],
		['system.serverrestartrequired', {}, 'system.restartRequired'],
		['system.updateavailable', { PackageVersionInfo: { versionStr: '4.9' } }, 'system.updateAvailable'],
		['playback.pause', { Item }, 'playback.paused'],
		['playback.unpause', { Item }, 'playback.resumed'],
		['playback.stop', { Item, PlaybackInfo: { PlayedToCompletion: false } }, 'playback.stopped'],
		['playback.stop', { Item, PlaybackInfo: { PlayedToCompletion: true } }, 'playback.finished'],
		['item.rate', { Item: { ...Item, UserData: { IsFavorite: true } } }, 'item.favorited'],
		['item.rate', { Item: { ...Item, UserData: { IsFavorite: false } } }, 'item.unfavorited'],
		['item.markplayed', { Item }, 'item.played'],
		['item.markunplayed', { Item }, 'item.unplayed'],
		['library.deleted', { Item }, 'library.deleted'],
		['library.subtitlesdownloaded', { Item }, 'subtitle.downloaded'],
		[
			'user.authenticationfailed',
			{ DeviceInfo: { Name: 'Phone', AppName: 'X', IpAddress: '192.0.2.9' } },
			'user.loginFailed',
		],
		['user.lockedout', { User }, 'user.lockedOut'],
		['plugins.pluginupdated', { PackageVersionInfo: { name: 'P', versionStr: '2' } }, 'plugin.updated'],
		['livetv.recordingended', { TimerInfo: { Name: 'News' } }, 'livetv.recordingEnded'],
		['external.externalnotification', { Description: 'Hello' }, 'system.notice'],
		['deep.delete', { Description: 'Item Name:\nX' }, 'library.deleted'],
		['something.new', {}, 'something.new'],
		['constructor', {}, 'constructor'],
	])(
		'%s (%#)',
		(Event, more, type) =>
			void check({ Event, Date: play.Date, Server, Title: 'T', ...more }, { type, rawType: Event }),
	);

	test('an addition that is grouped tells how many', () => {
		const added = {
			Event: 'library.new',
			Server,
			Title: '将 12 项目添加到 Some Show 在 Home',
			Item: { Type: 'Series', Name: 'Some Show', Id: '10' },
		};
		check(added, {
			type: 'library.added',
			count: 12,
			item: item({ kind: 'series', title: 'Some Show' }),
			title: '📺 New series: Some Show (12 items)',
		});
	});

	test('what only the title tells is told: whose login failed, which task, what somebody else says', () => {
		const told = { Date: play.Date, Server, Title: 'Failed login by bob', Description: 'IP 192.0.2.9' };
		check({ ...told, Event: 'user.authenticationfailed' }, { text: 'Failed login by bob\nIP 192.0.2.9' });
		check({ ...told, Event: 'user.authenticationfailed', User }, { text: 'IP 192.0.2.9' });
		check({ ...told, Event: 'task.completed', Title: 'Scan done' }, { text: 'Scan done\nIP 192.0.2.9' });
		check({ ...told, Event: 'external.externalnotification', Title: 'Backup' }, { text: 'Backup\nIP 192.0.2.9' });
		check({ ...told, Event: 'brand.new', Title: 'Brand', Description: 'Brand' }, { text: 'Brand' });
		const { event } = receiveOne({ ...told, Event: 'user.created', User, Description: undefined });
		// The ready sentence says what the title does.
		expect(event.text).toBeUndefined();
		check({ ...told, Event: 'user.created', Description: undefined }, { text: 'Failed login by bob' });
	});

	test('an update is the server’s, and leads to what is new', () => {
		const PackageVersionInfo = {
			name: 'Emby Server',
			versionStr: '4.9.2',
			infoUrl: 'https://emby.example/4.9.2',
			description: 'Fixes',
		};
		const { message } = check(
			{ Event: 'system.updateavailable', Server, Title: 'T', PackageVersionInfo },
			{ facts: { version: '4.9.2' }, text: 'Fixes', title: '⬆️ Update for Home: 4.9.2' },
		);
		expect(message).toMatchObject({ url: 'https://emby.example/4.9.2' });
		expect(message).not.toHaveProperty('fields');
	});

	test('a bare addition is read from its file name and waits where that is wanted', () => {
		const bare = {
			Event: 'library.new',
			Server,
			Title: 'T',
			Item: {
				Type: 'Episode',
				Name: 'S01E04',
				FileName: 'S01E04.mp4',
				SeriesName: 'Show',
				Id: '3',
				ProviderIds: {},
				Genres: null,
			},
			User: null,
		};
		expect(
			check(bare, { item: item({ season: 1, episode: 4, ids: {} }), title: '📺 New episode: Show S01E04' })
				.settle,
		).toBeUndefined();
		expect(receiveOne(bare, { options: { settle: 30 } }).settle).toBe(30);
		expect(
			receiveOne({ ...bare, Item: { ...bare.Item, Overview: 'x' } }, { options: { settle: 30 } }).settle,
		).toBeUndefined();
	});

	test('ids from links where there are none of its own; those of an episode are not guessed', () => {
		const ExternalUrls = [
			{ Name: 'IMDb', Url: 'https://www.imdb.com/title/tt0322259' },
			{ Name: 'TheMovieDb', Url: 'https://www.themoviedb.org/movie/584' },
			{ Name: 'TheTVDB', Url: 'https://thetvdb.com/?x' },
		];
		check(
			{ Event: 'library.new', Server, Item: { Type: 'Movie', Name: 'F', ExternalUrls } },
			{ item: item({ ids: { imdb: 'tt0322259', tmdb: '584' } }) },
		);
		check(
			{ Event: 'library.new', Server, Item: { Type: 'Episode', Name: 'F', ExternalUrls } },
			{ item: item({ ids: {} }) },
		);
	});

	test('the poster is the series’, from the server that the user named, with its key', () => {
		const account = { serverUrl: 'http://192.168.1.9:8096/sub/', serverKey: 'k/1' };
		const { event, message } = receiveOne(play, { account, options: { linkUrl: 'https://emby.example.com' } });
		const poster =
			'http://192.168.1.9:8096/sub/emby/Items/10/Images/Primary?tag=tag1&maxHeight=900&quality=90&api_key=k%2F1';
		expect(event.item?.poster).toEqual({ url: poster });
		expect(message.image).toEqual({ url: poster });
		expect(message.url).toBe('https://emby.example.com/web/index.html#!/item?id=12&serverId=s1');
		expect(receiveOne(play).message.image).toBeUndefined();
	});
});

describe('Jellyfin', () => {
	const base = {
		ServerId: 's',
		ServerName: 'Home',
		ServerVersion: '10.10.7',
		ServerUrl: 'http://192.168.1.9:8096/',
		NotificationType: 'PlaybackStart',
		UtcTimestamp: '2025-08-15T21:19:42.3644778Z',
	};
	const episode = {
		ItemId: 'i1',
		ItemType: 'Episode',
		Name: 'Say \\"hi\\"',
		SeriesName: 'Show',
		SeriesId: 'x9',
		SeasonNumber: 1,
		EpisodeNumber: 2,
		Year: 2021,
		RunTimeTicks: 14_210_970_000,
		Genres: 'Drama, Krimi',
		Provider_tvdb: '77',
		Provider_tmdbcollection: '5',
		Overview: 'O',
	};
	const player = {
		NotificationUsername: 'Alice',
		UserId: 'u',
		DeviceName: 'TV',
		ClientName: 'Infuse',
		PlaybackPositionTicks: 7_105_485_000,
		IsPaused: false,
		PlayMethod: 'DirectPlay',
	};

	test('all properties, under text/plain', () => {
		check(
			{ ...base, ...episode, ...player },
			{
				source: 'jellyfin',
				type: 'playback.started',
				time: '2025-08-15T21:19:42.364Z',
				server: { name: 'Home', id: 's', url: 'http://192.168.1.9:8096' },
				user: { name: 'Alice', id: 'u' },
				device: { name: 'TV', client: 'Infuse' },
				playback: { position: 711, percent: 50, paused: false, method: 'DirectPlay' },
				item: item({
					kind: 'episode',
					title: 'Say "hi"',
					series: 'Show',
					season: 1,
					episode: 2,
					year: 2021,
					runtime: 1421,
					genres: ['Drama', 'Krimi'],
					ids: { tvdb: '77' },
				}),
				title: '▶ Alice is watching Show S01E02 · Say "hi" on TV',
			},
			{ contentType: 'text/plain; charset=utf-8' },
		);
	});

	test('a template that writes everything as text, breaks lines and leaves values out', () => {
		const template =
			'{"NotificationType":"PlaybackStop","ServerName":"Home",\n"ItemType":"Episode","Name":"A "quoted" name","Overview":"First\nsecond","SeasonNumber":"1","EpisodeNumber":"02","Year":,"RunTimeTicks":"12000000000","PlayedToCompletion":"True","NotificationUsername":"Bob","SeriesName":"Show","Provider_imdb":"tt0000009",}';
		check(
			template,
			{
				type: 'playback.finished',
				user: { name: 'Bob' },
				item: item({
					title: 'A "quoted" name',
					season: 1,
					episode: 2,
					runtime: 1200,
					ids: { imdb: 'tt0000009' },
					overview: 'First\nsecond',
				}),
			},
			{ contentType: 'text/plain' },
		);
	});

	test('a form', () => {
		const form = new URLSearchParams({
			...base,
			NotificationType: 'PlaybackProgress',
			ItemType: 'Movie',
			Name: 'Film',
			ItemId: 'i',
			IsPaused: 'True',
			Year: '',
		} as Record<string, string>).toString();
		check(
			form,
			{ type: 'playback.paused', playback: { paused: true }, item: item({ kind: 'movie', title: 'Film' }) },
			{ contentType: 'application/x-www-form-urlencoded' },
		);
	});

	test.each([
		['ItemAdded', episode, 'library.added'],
		['ItemDeleted', episode, 'library.deleted'],
		['PlaybackProgress', { ...episode, IsPaused: false }, 'playback.progress'],
		['AuthenticationFailure', { Username: 'Eve', UserId: '0'.repeat(32), App: 'Web' }, 'user.loginFailed'],
		['AuthenticationSuccess', {}, 'user.loggedIn'],
		['TaskCompleted', { TaskName: 'Scan', ResultStatus: 'Completed' }, 'task.completed'],
		['TaskCompleted', { TaskName: 'Scan', ResultStatus: 'Failed', ResultErrorMessage: 'x' }, 'task.failed'],
		['TaskCompleted', { TaskName: 'Scan', ResultStatus: 'Cancelled' }, 'task.cancelled'],
		['UserDataSaved', { ...episode, SaveReason: 'TogglePlayed', Played: false }, 'item.unplayed'],
		['UserDataSaved', { ...episode, SaveReason: 'TogglePlayed', Played: true }, 'item.played'],
		['UserDataSaved', { ...episode, SaveReason: 'UpdateUserRating', Favorite: true }, 'item.favorited'],
		['UserDataSaved', { ...episode, SaveReason: 'PlaybackProgress' }, 'item.saved'],
		['PluginInstallationFailed', { PluginName: 'P', ExceptionMessage: 'x' }, 'plugin.failed'],
		['PendingRestart', {}, 'system.restartRequired'],
		['SubtitleDownloadFailure', episode, 'subtitle.failed'],
		['Brand New', {}, 'brand new'],
	])('%s (%#)', (NotificationType, more, type) => {
		const { event } = check({ ...base, NotificationType, ...more }, { type, rawType: NotificationType });
		expect(event.user?.id ?? 'x').not.toMatch(/^0+$/);
	});

	test('why a task failed stands before what it is for', () => {
		check(
			{
				...base,
				NotificationType: 'TaskCompleted',
				TaskName: 'Scan',
				TaskDescription: 'Scans',
				ResultStatus: 'Failed',
				ResultErrorMessage: 'Disk full',
			},
			{ text: 'Disk full', title: '❌ Task failed: Scan' },
		);
	});

	test('a stop is no end, whichever event tells it', () => {
		const saved = { ...base, ...episode, NotificationType: 'UserDataSaved', SaveReason: 'PlaybackFinished' };
		check({ ...saved, Played: false }, { type: 'playback.stopped' });
		check({ ...saved, Played: true }, { type: 'playback.finished' });
	});

	test('who failed to log in, with what, from where', () => {
		const failed = {
			NotificationType: 'AuthenticationFailure',
			App: 'Web',
			DeviceName: 'Firefox',
			RemoteEndPoint: '2001:db8::7',
			Username: 'bob',
		};
		const { message } = check({ ...base, ...failed }, { title: '🚫 Failed login: bob on Firefox' });
		expect(message.body).toContain('Web · 2001:db8::7');
	});

	test('the key goes to the server that the user named, never to one that a body names', () => {
		const image = (ServerUrl: string) =>
			receiveOne({ ...base, ...episode, ServerUrl }, { account: { serverKey: 'secret-key' } }).message.image;
		expect(image('https://media.example/')).toEqual({
			url: 'https://media.example/Items/x9/Images/Primary?maxHeight=900&quality=90',
		});
		// A private one that nobody named is asked for nothing.
		expect(image(base.ServerUrl)).toBeUndefined();
		expect(
			receiveOne(
				{ ...base, ...episode, ServerUrl: 'https://evil.example' },
				{ account: { serverUrl: 'http://10.0.0.2:8096', serverKey: 'secret-key' } },
			).message.image,
		).toEqual({
			url: 'http://10.0.0.2:8096/Items/x9/Images/Primary?maxHeight=900&quality=90&ApiKey=secret-key',
		});
	});

	test('year 1 means never', () => expect(isoTime('0001-01-01T00:00:00.0000000Z')).toBeUndefined());
});

describe('Plex', () => {
	const Metadata = {
		librarySectionType: 'show',
		librarySectionTitle: 'TV',
		ratingKey: '99',
		key: '/library/metadata/99',
		type: 'episode',
		title: 'Ring',
		grandparentTitle: 'Show',
		parentTitle: 'Season 1',
		parentIndex: 1,
		index: 3,
		year: 2020,
		summary: 'S',
		duration: 1_260_000,
		viewOffset: 630_000,
		audienceRating: 8.1,
		Rating: [{ value: 8 }],
		guid: 'plex://episode/5',
		Guid: [{ id: 'imdb://tt8910944' }, { id: 'tmdb://20' }, { id: 'tvdb://75' }],
		Genre: [{ tag: 'Comedy' }],
		thumb: '/library/metadata/99/thumb/1',
		grandparentThumb: '/library/metadata/90/thumb/2',
	};
	const play = {
		event: 'media.play',
		user: true,
		owner: true,
		Account: { id: 1, title: 'Alice' },
		Server: { title: 'Home', uuid: 'u' },
		Player: { title: 'TV', publicAddress: '192.0.2.1' },
		Metadata,
	};

	test('multipart with a poster', () => {
		const body = multipart('x', [
			{ disposition: 'name="payload"', type: 'application/json', data: JSON.stringify(play) },
			{ disposition: 'name="thumb"; filename="thumb.jpg"', type: 'application/octet-stream', data: jpeg },
		]);
		const { event, message } = check(
			body,
			{
				source: 'plex',
				type: 'playback.started',
				time: new Date(now).toISOString(),
				user: { id: '1', name: 'Alice' },
				device: { name: 'TV', address: '192.0.2.1' },
				playback: { position: 630, percent: 50 },
				item: item({
					kind: 'episode',
					title: 'Ring',
					series: 'Show',
					season: 1,
					episode: 3,
					runtime: 1260,
					rating: 8.1,
					genres: ['Comedy'],
					library: 'TV',
					ids: { imdb: 'tt8910944', tmdb: '20', tvdb: '75' },
				}),
			},
			{ contentType: 'multipart/form-data; boundary=x' },
		);
		const poster = event.item?.poster as { data: Uint8Array; mime: string };
		expect(poster.mime).toBe('image/jpeg');
		expect(Buffer.from(poster.data).equals(jpeg)).toBe(true);
		expect(message.image).toMatchObject({ data: poster.data, mime: 'image/jpeg' });
	});

	test.each([
		['media.pause', 'playback.paused'],
		['media.resume', 'playback.resumed'],
		['media.stop', 'playback.stopped'],
		['media.scrobble', 'playback.finished'],
		['media.rate', 'item.rated'],
		['library.new', 'library.added'],
		['playback.started', 'playback.started'],
		['device.new', 'device.added'],
		['admin.database.corrupted', 'system.corrupted'],
		['media.unheard.of', 'media.unheard.of'],
	])('%s', (event, type) => void check({ ...play, event, rating: 8 }, { type, rawType: event }));

	test('a rating that was taken back is none', () => {
		const rated = { event: 'media.rate', Account: { title: 'A' }, Metadata: { type: 'movie', title: 'F' } };
		expect(receiveOne({ ...rated, rating: '-1.0' }).message.title).toBe('⭐ A rated F');
		expect(receiveOne({ ...rated, rating: '8.0' }).message.title).toBe('⭐ A rated F: 8');
	});

	test('legacy agents, music, and re-serialised bodies', () => {
		const legacy = (guid: string, type = 'movie') =>
			receiveOne({ ...play, Metadata: { ...Metadata, Guid: undefined, guid, type } }).event.item;
		expect(legacy('com.plexapp.agents.imdb://tt0072684?lang=en')).toMatchObject({ ids: { imdb: 'tt0072684' } });
		expect(legacy('com.plexapp.agents.themoviedb://603?lang=en')).toMatchObject({ ids: { tmdb: '603' } });
		expect(legacy('com.plexapp.agents.thetvdb://73871/2/15?lang=en', 'episode')).toMatchObject({
			ids: { tvdb: '73871' },
			idsOf: 'series',
		});
		expect(legacy('com.plexapp.agents.hama://anidb-17494/1/7', 'episode')).toMatchObject({ ids: {} });
		expect(legacy('local://239918', 'album')).toMatchObject({ kind: 'album', artist: 'Season 1' });
		check(
			{ ...play, Metadata: { ...Metadata, Guid: [{ Scheme: 'tvdb', Host: '5228295' }] } },
			{ item: item({ ids: { tvdb: '5228295' } }) },
		);
		check(
			{ ...play, Metadata: { type: 'track', title: 'Song', parentTitle: 'Album', grandparentTitle: 'Band' } },
			{
				item: item({ kind: 'track', artist: 'Band', album: 'Album' }),
				title: '▶ Alice is listening to Band – Song on TV',
			},
		);
	});

	test('a poster that is not attached is fetched, and only from the server that the user named', () => {
		const image = (thumb: string) =>
			receiveOne(
				{ ...play, Metadata: { type: 'movie', title: 'F', thumb } },
				{ account: { serverUrl: 'http://10.0.0.3:32400', serverKey: 'token-1' } },
			).message.image as { url: string };
		expect(image('/library/metadata/1/thumb/2')).toEqual({
			url: 'http://10.0.0.3:32400/library/metadata/1/thumb/2?X-Plex-Token=token-1',
		});
		for (const evil of [
			'@evil.example/x',
			'//evil.example/x',
			'http://evil.example/x',
			'\\\\evil.example\\x',
			'/../../x?a=b#c',
			':81/x',
		]) {
			expect(new URL(image(evil).url).origin).toBe('http://10.0.0.3:32400');
		}
	});
});

describe('Tautulli', () => {
	test('a template of the user’s, nested, all texts', () => {
		const body = {
			action: 'play',
			user: 'Alice',
			player: 'TV',
			server_name: 'Home',
			media: {
				media_type: 'episode',
				title: 'Show - Ring',
				show_name: 'Show',
				episode_name: 'Ring',
				season_num: '1',
				episode_num: '3',
				thetvdb_id: '75',
				imdb_id: 'tt0000003',
				themoviedb_id: '0',
				duration: '42',
				progress_percent: '50',
				poster_url: 'https://img.example/p.jpg',
				library_name: 'TV',
				rating_key: '{rating_key}',
			},
		};
		check(body, {
			source: 'tautulli',
			type: 'playback.started',
			user: { name: 'Alice' },
			device: { name: 'TV' },
			playback: { percent: 50 },
			item: item({
				kind: 'episode',
				title: 'Ring',
				series: 'Show',
				season: 1,
				episode: 3,
				runtime: 2520,
				ids: { tvdb: '75', imdb: 'tt0000003' },
				idsOf: 'series',
				library: 'TV',
				poster: { url: 'https://img.example/p.jpg' },
			}),
			title: '▶ Alice is watching Show S01E03 · Ring on TV',
		});
	});
	test.each([
		[{ event: 'media.pause', media_type: 'movie', title: 'F', player: 'TV' }, 'playback.paused'],
		[
			{
				action: 'created',
				media_type: 'episode',
				show_name: 'Show',
				episode_num: '1-3',
				season_num: '2',
				library_name: 'TV',
			},
			'library.added',
		],
		[{ action: 'on_watched', title: 'F', media_type: 'movie', user: 'x' }, 'playback.finished'],
		[{ action: 'intdown', server_name: 'Home', server_machine_id: 'm', ip_address: '192.0.2.1' }, 'monitor.down'],
	])('%j', (body, type) => void check(body, { source: 'tautulli', type }));
	test('what it tells of servers and of itself', () => {
		const server = {
			server_name: 'Home',
			server_machine_id: 'm',
			update_version: '1.41',
			tautulli_update_version: '2.15',
		};
		const told = (action: string, language: 'en' | 'zh' = 'en') => {
			const { event, message } = receiveOne({ action, ...server }, { language });
			return [message.title, event.facts?.version];
		};
		expect(told('intdown')).toEqual(['🔴 Home is down', undefined]);
		expect(told('extup')).toEqual(['🟢 Home (remote access) is up again', undefined]);
		expect(told('extdown', 'zh')).toEqual(['🔴 Home（远程访问） 已离线', undefined]);
		expect(told('pmsupdate')).toEqual(['⬆️ Update for Home: 1.41', '1.41']);
		expect(told('plexpyupdate')).toEqual(['⬆️ Update for Tautulli: 2.15', '2.15']);
		expect(told('plexpydbcorrupt')).toEqual(['⚠️ The database of Tautulli is damaged', undefined]);
		expect(receiveOne({ action: 'tokenexpired', ...server }).message.body).toMatch(/token/);
	});
	test('a range of episodes', () => {
		check(
			{
				action: 'created',
				media_type: 'episode',
				show_name: 'Show',
				episode_num: '1-3',
				season_num: '2',
				library_name: 'TV',
			},
			{ item: item({ season: 2, episode: 1, episodeEnd: 3 }) },
		);
	});
	test('chosen by name, whatever the template holds', () => {
		check(
			{ what: 'x', title: 'F' },
			{ source: 'tautulli', type: 'system.notice', rawType: '', title: 'F' },
			{ options: { sender: 'tautulli' } },
		);
	});
});

describe('Sonarr and its family', () => {
	const series = {
		id: 1,
		title: 'Show',
		path: '/tv/Show',
		tvdbId: 81189,
		tmdbId: 0,
		imdbId: 'tt0903747',
		year: 2008,
		genres: ['Drama'],
		images: [
			{ coverType: 'banner', remoteUrl: 'https://a.example/b.jpg' },
			{ coverType: 'poster', url: '/local.jpg', remoteUrl: 'https://a.example/p.jpg' },
		],
	};
	const episodes = [{ episodeNumber: 5, seasonNumber: 2, title: 'Breakage', overview: 'O', tvdbId: 7 }];
	const file = {
		relativePath: 'Season 02/x.mkv',
		path: '/tv/Show/Season 02/x.mkv',
		quality: 'HDTV-1080p',
		size: 1_610_612_736,
	};

	test('an import, per file and complete', () => {
		const expected: Expected = {
			source: 'sonarr',
			type: 'download.imported',
			item: item({
				kind: 'episode',
				title: 'Breakage',
				series: 'Show',
				season: 2,
				episode: 5,
				year: 2008,
				overview: 'O',
				ids: { tvdb: '81189', imdb: 'tt0903747' },
				idsOf: 'series',
				poster: { url: 'https://a.example/p.jpg' },
			}),
			facts: { quality: 'HDTV-1080p', size: '1.5 GB', client: 'SABnzbd' },
		};
		check(
			{ series, episodes, episodeFile: file, isUpgrade: false, downloadClient: 'SABnzbd', eventType: 'Download' },
			expected,
		);
		check(
			{ series, episodes, episodeFiles: [file], fileCount: 1, downloadClient: 'SABnzbd', eventType: 'Download' },
			expected,
		);
		check(
			{ series, episodes, episodeFile: file, isUpgrade: true, deletedFiles: [file], eventType: 'Download' },
			{ type: 'download.upgraded' },
		);
	});

	test('several episodes, and a body with nothing but paths', () => {
		const many = [...episodes, { episodeNumber: 6, seasonNumber: 2, title: 'Next' }];
		check(
			{ series, episodes: many, eventType: 'Grab', release: { quality: 'WEB', size: 1000 } },
			{
				type: 'download.grabbed',
				count: 2,
				item: item({ season: 2, episode: 5, episodeEnd: 6, title: 'Show' }),
				title: '⬇️ Downloading Show S02E05–E06',
			},
		);
		check(
			{
				eventType: 'Download',
				episodeFile: { relativePath: 'Season 1/Westworld.S01E01.mkv' },
				series: { path: '/TV/Westworld [imdb:tt0475784]' },
			},
			{ item: item({ series: 'Westworld', season: 1, episode: 1 }) },
		);
	});

	test.each([
		['SeriesAdd', { series }, 'sonarr', 'watch.added'],
		['SeriesDelete', { series, deletedFiles: true }, 'sonarr', 'watch.deleted'],
		[
			'EpisodeFileDelete',
			{ series, episodeFile: { quality: { quality: { name: 'SD' } } }, deleteReason: 'manual' },
			'sonarr',
			'file.deleted',
		],
		['Rename', { series, renamedEpisodeFiles: [{}, {}] }, 'sonarr', 'file.renamed'],
		[
			'ManualInteractionRequired',
			{
				series,
				episodes,
				downloadInfo: { quality: 'SD', title: 'R', statusMessages: [{ title: 't', messages: ['No files'] }] },
			},
			'sonarr',
			'download.attention',
		],
		[
			'Health',
			{ level: 'warning', message: 'Down', wikiUrl: 'https://wiki.example/x', instanceName: 'Radarr 4K' },
			'radarr',
			'system.unhealthy',
		],
		['HealthRestored', { message: 'Up', instanceName: 'Sonarr' }, 'sonarr', 'system.healthy'],
		[
			'ApplicationUpdate',
			{ message: 'm', previousVersion: '1', newVersion: '2', instanceName: 'Lidarr' },
			'lidarr',
			'system.updated',
		],
		['MovieFileDelete', { movie: { title: 'F' }, deleteReason: 'upgrade' }, 'radarr', 'file.deleted'],
		['MovieAdded', { movie: { title: 'F', tmdbId: 0 } }, 'radarr', 'watch.added'],
		['AlbumDelete', { album: { title: 'A' }, artist: { name: 'B' } }, 'lidarr', 'watch.deleted'],
		['BookDelete', { book: { title: 'A' }, author: { name: 'B' } }, 'readarr', 'watch.deleted'],
		['ApplicationUpdate', { message: 'Radarr updated from 1 to 2', newVersion: '2' }, 'radarr', 'system.updated'],
		[
			'Download',
			{ author: { name: 'W' }, bookFiles: [{ path: '/b/W/Book (2010)/x.epub' }] },
			'readarr',
			'download.imported',
		],
		['Test', {}, 'sonarr', 'system.test'],
		['Novelty', { series }, 'sonarr', 'novelty'],
	])(
		'%s of %s',
		(eventType, more, source, type) => void check({ ...more, eventType }, { source, type, rawType: eventType }),
	);

	test('files that come together have one size; a reason is in words', () => {
		const together = {
			series: { title: 'Show' },
			episodes: [
				{ seasonNumber: 1, episodeNumber: 1 },
				{ seasonNumber: 1, episodeNumber: 2 },
			],
		};
		check(
			{ ...together, eventType: 'Download', episodeFiles: [{ size: 1024 ** 3 }, { size: 2 * 1024 ** 3 }] },
			{ facts: { size: '3.0 GB' } },
		);
		const deleted = { eventType: 'MovieFileDelete', movie: { title: 'F' }, deleteReason: 'missingFromDisk' };
		check(deleted, { facts: { reason: 'no longer on the disk' } });
		check(deleted, { facts: { reason: '磁盘上已不存在' } }, { language: 'zh' });
		check({ ...deleted, deleteReason: 'newReason' }, { facts: { reason: 'new reason' } });
	});
	test('a bare test belongs to whom the path or the User-Agent names', () => {
		check({ eventType: 'Test' }, { source: 'readarr' }, { request: { path: '/hooks/readarr' } });
		check(
			{ eventType: 'Test' },
			{ source: 'radarr' },
			{ request: { headers: { 'user-agent': 'Radarr/5.1.0 (ubuntu 22.04)' } } },
		);
	});

	test('films, music and books', () => {
		check(
			{
				eventType: 'Download',
				movie: { title: 'Film', year: 2010, tmdbId: 27, imdbId: 'tt1375666', folderPath: '/m/Film (2010)' },
				movieFile: { quality: 'Bluray' },
			},
			{
				source: 'radarr',
				item: item({ kind: 'movie', title: 'Film', year: 2010, ids: { tmdb: '27', imdb: 'tt1375666' } }),
				title: '🎬 Downloaded: Film (2010)',
			},
		);
		check(
			{ eventType: 'Download', movie: { folderPath: '/Movies/Interstellar (2014)' } },
			{ item: item({ title: 'Interstellar', year: 2014 }) },
		);
		check(
			{
				eventType: 'Download',
				movie: { folderPath: '/m/X (2019)' },
				remoteMovie: { title: 'Remote', tmdbId: 5, year: 2019 },
			},
			{ item: item({ title: 'Remote', ids: { tmdb: '5' } }) },
		);
		check(
			{
				eventType: 'Grab',
				artist: { name: 'Band' },
				albums: [{ title: 'Album', releaseDate: '2016-07-01' }],
				release: {},
			},
			{ source: 'lidarr', item: item({ kind: 'album', title: 'Album', artist: 'Band', year: 2016 }) },
		);
		check(
			{ eventType: 'Download', artist: { name: 'Band' }, trackFiles: [{}, {}, {}] },
			{ source: 'lidarr', count: 3, item: item({ kind: 'artist', title: 'Band' }) },
		);
		check(
			{ eventType: 'Grab', author: { name: 'Writer' }, books: [{ title: 'Book' }] },
			{
				source: 'readarr',
				item: item({ kind: 'book', title: 'Book', artist: 'Writer' }),
				title: '⬇️ Downloading Book by Writer',
			},
		);
	});
});

describe('Overseerr', () => {
	const body = {
		notification_type: 'MEDIA_AVAILABLE',
		event: 'Movie Request Now Available',
		subject: 'Film (2010)',
		message: 'Plot',
		image: 'https://image.tmdb.org/t/p/w600/x.jpg',
		media: { media_type: 'movie', tmdbId: '27', tvdbId: '', status: 'AVAILABLE' },
		request: { requestedBy_username: 'Alice' },
		issue: null,
		comment: {},
		extra: [],
	};
	test('a request that is available', () => {
		check(body, {
			source: 'overseerr',
			type: 'request.available',
			user: { name: 'Alice' },
			item: item({
				kind: 'movie',
				title: 'Film',
				year: 2010,
				overview: 'Plot',
				ids: { tmdb: '27' },
				poster: { url: body.image },
			}),
			title: '🎬 Ready to watch: Film (2010) for Alice',
		});
	});
	test.each([
		['MEDIA_PENDING', 'request.pending'],
		['MEDIA_APPROVED', 'request.approved'],
		['MEDIA_AUTO_APPROVED', 'request.approved'],
		['MEDIA_DECLINED', 'request.declined'],
		['MEDIA_FAILED', 'request.failed'],
		['ISSUE_CREATED', 'issue.created'],
		['ISSUE_COMMENT', 'issue.commented'],
		['ISSUE_RESOLVED', 'issue.resolved'],
		['ISSUE_REOPENED', 'issue.reopened'],
		['TEST_NOTIFICATION', 'system.test'],
		['MEDIA_SOMETHING', 'media_something'],
	])('%s', (notification_type, type) => void check({ ...body, notification_type }, { type }));
	test('a comment is the commenter’s; no poster is no picture', () => {
		check(
			{
				...body,
				notification_type: 'ISSUE_COMMENT',
				image: 'https://image.tmdb.org/t/p/null',
				issue: { issue_type: 'VIDEO', reportedBy_username: 'Bob' },
				comment: { comment_message: 'Works', commentedBy_username: 'Eve' },
			},
			{
				user: { name: 'Eve' },
				facts: { comment: 'Works', issue: 'video' },
				item: expect.not.objectContaining({ poster: expect.anything() }),
				text: 'Plot',
			},
		);
	});
});

test('what is wrong with what, in words', () => {
	const body = {
		notification_type: 'ISSUE_CREATED',
		subject: 'Show (2020)',
		message: 'No sound',
		media: { media_type: 'tv' },
		issue: { issue_type: 'AUDIO', reportedBy_username: 'Bob' },
		extra: [
			{ name: 'Affected Season', value: '1' },
			{ name: 'Affected Episode', value: '3' },
		],
	};
	const { event, message } = receiveOne(body);
	expect(message.title).toBe('🛠 Bob reports a problem (audio, S01E03): Show (2020)');
	expect(event.facts).not.toHaveProperty('seasons');
	expect(receiveOne(body, { language: 'zh' }).message.title).toBe('🛠 Bob 反馈问题（音频, S01E03）：Show (2020)');
	expect(receiveOne({ ...body, extra: [], issue: { issue_type: 'NEW' } }).event.facts?.issue).toBe('new');
});

describe('what templates call the same thing', () => {
	const film = { title: 'Dune', year: '2021', user: 'ann', player: 'TV', media_type: 'movie' };
	test.each([
		[{ event: 'buffer' }, 'playback.failed', '⚠️ Playback trouble: ann, Dune (2021) on TV'],
		[{ notification_type: 'watched' }, 'playback.finished', '✅ ann finished Dune (2021) on TV'],
		[{ event_type: 'play' }, 'playback.started', '▶ ann is watching Dune (2021) on TV'],
		[{ type: 'start' }, 'playback.started', '▶ ann is watching Dune (2021) on TV'],
		[{ event: 'playback.stopped' }, 'playback.stopped', '⏹ ann stopped Dune (2021) on TV'],
		[{ eventType: 'on_resume' }, 'playback.resumed', '▶ ann went on with Dune (2021) on TV'],
		[{ trigger: 'Recently Added' }, 'library.added', '🎬 New movie: Dune (2021)'],
		[{ library_name: 'Films' }, 'system.notice', 'Dune (2021)'],
	])('Tautulli %j', (more, type, title) => {
		check({ ...film, ...more }, { source: 'tautulli', type, title });
		const given = { request: { path: '/webhook/tautulli' } };
		const { media_type: _, ...little } = { ...film, ...more };
		expect(receiveOne(little, given).event).toMatchObject({ source: 'tautulli', type });
	});

	test.each([
		[{ action: 'plexpyupdate', tautulli_update_version: '2.15' }, '⬆️ Update for Tautulli: 2.15'],
		[{ action: 'pmsupdate', update_version: '1.41' }, '⬆️ Update for Plex: 1.41'],
		[{ event: 'extdown' }, '🔴 Plex (remote access) is down'],
		[{ type: 'on_extup', server_name: 'Home' }, '🟢 Home (remote access) is up again'],
	])('%j needs nothing else to be known', (body, title) => void check(body, { source: 'tautulli', title }));

	test('what a title is of, its group says: the film’s stands before the account’s', () => {
		const body = {
			event: 'play',
			account: { title: 'ann' },
			player: { title: 'TV' },
			server: { title: 'Home' },
			metadata: { title: 'Dune', media_type: 'movie', rating_key: '3' },
		};
		const title = '▶ ann is watching Dune on TV';
		check(body, { source: 'tautulli', user: { name: 'ann' }, server: { name: 'Home' }, title });
		const { account, player, metadata, ...rest } = body;
		const inPlexWords = { ...rest, Account: account, Player: player, Metadata: { ...metadata, type: 'movie' } };
		check(inPlexWords, { source: 'plex', type: 'playback.started', title });
		check(inPlexWords, { source: 'tautulli', title }, { options: { sender: 'tautulli' } });
	});

	test('a path that names Tautulli does not make a script’s note its own', () => {
		const { message } = receiveOne(
			{ head: 'x', message: 'Backup done' },
			{ request: { path: '/webhook/tautulli' } },
		);
		expect(message.body).toContain('Backup done');
	});
});

describe('Jellyfin’s user data', () => {
	const saved = {
		...{ ServerId: 's', ServerName: 'Home', NotificationType: 'UserDataSaved', NotificationUsername: 'ann' },
		...{ ItemType: 'Movie', ItemId: 'i', Name: 'Dune', Year: 2021 },
	};
	test.each([
		[{ SaveReason: 'UpdateUserRating', Favorite: true, Rating: 0 }, 'item.favorited', undefined],
		[{ SaveReason: 'UpdateUserRating', Favorite: false, Rating: 0 }, 'item.unfavorited', undefined],
		[{ SaveReason: 'UpdateUserRating', Favorite: 'True', Rating: '0' }, 'item.favorited', undefined],
		[{ SaveReason: 'UpdateUserRating', Favorite: false, Rating: 8.5 }, 'item.rated', '8.5'],
		[{ SaveReason: 'TogglePlayed', Played: true, Rating: 0 }, 'item.played', undefined],
		[{ SaveReason: 'PlaybackFinished', Played: true, Rating: 0 }, 'playback.finished', undefined],
		[{ SaveReason: 'Import', Rating: 0 }, 'item.saved', undefined],
	])('%j', (more, type, rating) => {
		const { event, message } = check({ ...saved, ...more }, { source: 'jellyfin', type });
		expect(event.facts?.rating).toBe(rating);
		expect(JSON.stringify([message.title, message.fields])).not.toMatch(/Rating given|: 0/);
	});

	test('a task’s state is in the reader’s language', () => {
		const task = {
			...saved,
			NotificationType: 'TaskCompleted',
			TaskName: 'Scan',
			ItemType: undefined,
			ItemId: undefined,
		};
		const status = (ResultStatus: string, language: 'en' | 'zh') =>
			receiveOne({ ...task, ResultStatus }, { language }).event.facts?.status;
		expect([status('Failed', 'zh'), status('Failed', 'en')]).toEqual(['失败', 'Failed']);
		expect([status('Aborted', 'zh'), status('HalfDone', 'en')]).toEqual(['已中止', 'Half done']);
	});
});

describe('the family of Sonarr, by name', () => {
	const health = { eventType: 'Health', level: 'warning', message: 'Down', type: 'X' };
	const wiki = (app: string) => `https://wiki.servarr.com/${app}/system#x`;
	test.each([
		[{ ...health, wikiUrl: wiki('radarr') }, 'radarr', '🩺 Radarr has a problem'],
		[{ ...health, wikiUrl: wiki('prowlarr') }, 'prowlarr', '🩺 Prowlarr has a problem'],
		[{ ...health, wikiUrl: wiki('lidarr'), instanceName: 'Music' }, 'lidarr', '🩺 Music has a problem'],
		[{ ...health, instanceName: 'Prowlarr' }, 'prowlarr', '🩺 Prowlarr has a problem'],
		[{ ...health, eventType: 'HealthRestored', instanceName: 'Whisparr' }, 'whisparr', '🩺 Whisparr is well again'],
		[
			{
				eventType: 'Grab',
				instanceName: 'Prowlarr',
				trigger: 'Automatic',
				source: 'Radarr',
				release: { releaseTitle: 'R.2021' },
			},
			'prowlarr',
			'⬇️ Downloading R.2021',
		],
		[
			{
				eventType: 'Grab',
				instanceName: 'Whisparr',
				series: { title: 'S' },
				episodes: [{ seasonNumber: 1, episodeNumber: 2 }],
			},
			'whisparr',
			'⬇️ Downloading S S01E02',
		],
		[
			{ eventType: 'Download', instanceName: 'whisparr-v3', movie: { title: 'F', year: 2020 } },
			'whisparr',
			'🎬 Downloaded: F (2020)',
		],
		[{ eventType: 'Download', instanceName: 'My Radarr', series: { title: 'S' } }, 'sonarr', '📺 Downloaded: S'],
	])('%j', (body, source, title) => void check(body, { source, title }));

	test('one that is not known is called what its own wiki calls it', () => {
		const { message } = receiveOne({ ...health, wikiUrl: wiki('chaptarr') });
		expect(message.title).toBe('🩺 Chaptarr has a problem');
	});

	const sportarr = { headers: { 'user-agent': 'Sportarr/4.0.1 (debian 12)' } };
	test.each<[string, object, object?]>([
		['what all of them tell', { ...health, instanceName: 'Sportarr' }],
		['a test', { eventType: 'Test', instanceName: 'Sportarr (main)' }],
		['its own wiki', { ...health, wikiUrl: wiki('sportarr') }],
		['its parent’s wiki', { ...health, wikiUrl: wiki('sonarr'), instanceName: 'Sportarr' }, sportarr],
		['its parent’s films', { eventType: 'Grab', movie: { title: 'F' } }, sportarr],
		['its parent’s shows', { eventType: 'Download', instanceName: 'sportarr', series: { title: 'S' } }],
		['things of its own', { eventType: 'Grab', league: { name: 'L' }, release: { releaseTitle: 'L.1' } }, sportarr],
	])('one that is not known keeps its name: %s', (...[, body, request]) => {
		const { event, message } = receiveOne(body, { request });
		expect(event).toMatchObject({ source: 'sportarr' });
		expect(event.server?.name).toMatch(/^sportarr/i);
		expect(JSON.stringify({ ...message, url: undefined })).not.toMatch(/lidarr|sonarr|radarr/i);
	});

	test.each([{ text: 'hello' }, { content: 'hello' }, { body: 'hello' }, { msg: 'hello' }])(
		'%j beside a test is a script’s',
		(said) => {
			const { event, message } = receiveOne({ eventType: 'Test', ...said });
			expect([event.source, message.body]).toEqual(['custom', 'hello']);
		},
	);

	test('a year that is not known is that of its folder', () => {
		const movie = { title: 'X', year: 0, folderPath: '/m/X (2019) [1080p]' };
		check({ eventType: 'Grab', movie }, { title: '⬇️ Downloading X (2019)' });
	});

	test('a name that somebody gave an instance makes no other program of it', () => {
		const series = { title: 'S' };
		const from = (agent: string) => ({ request: { headers: { 'user-agent': agent } } });
		check({ eventType: 'Grab', instanceName: 'Animarr', series }, { source: 'sonarr' }, from('Sonarr/4.0.16'));
		check({ ...health, instanceName: 'Animarr', wikiUrl: wiki('radarr') }, { source: 'radarr' });
		check({ eventType: 'Grab', instanceName: 'Ringo Starr', series }, { source: 'sonarr' });
	});

	test('the program that sent it counts', () => {
		const request = { headers: { 'user-agent': 'Prowlarr/2.0.5 (alpine 3.22)' } };
		check(health, { source: 'prowlarr' }, { request });
	});

	test('a film is of its own year, never of its disc’s', () => {
		const movie = { title: 'Greenland', releaseDate: '2021-02-09' };
		check({ eventType: 'Grab', movie }, { source: 'radarr', title: '⬇️ Downloading Greenland' });
		check(
			{ eventType: 'Grab', movie: { ...movie, folderPath: '/m/Greenland (2020)' } },
			{ title: '⬇️ Downloading Greenland (2020)' },
		);
	});

	test('episodes that do not follow each other are named one by one', () => {
		const title = (...numbers: number[]) =>
			receiveOne({
				eventType: 'Grab',
				series: { title: 'Show' },
				episodes: numbers.map((episodeNumber) => ({ seasonNumber: 1, episodeNumber })),
			}).message.title;
		expect(title(1, 3, 5)).toBe('⬇️ Downloading Show S01E01, E03, E05');
		expect(title(7, 5, 6)).toBe('⬇️ Downloading Show S01E05–E07');
		expect(title(4)).toBe('⬇️ Downloading Show S01E04');
		expect(title(...Array.from({ length: 20 }, (_, n) => 2 * n + 1))).toMatch(/E01, E03, .*E23, …$/);
	});

	test.each<[readonly (readonly [season: number, episode: number])[], string, string?]>([
		[
			[
				[1, 9],
				[1, 10],
				[2, 1],
				[2, 2],
			],
			'S01E09–E10, S02E01–E02',
		],
		[
			[
				[2, 1],
				[1, 9],
			],
			'S01E09, S02E01',
		],
		[
			[
				[0, 3],
				[4, 1],
				[4, 3],
			],
			'S00E03, S04E01, E03',
		],
		[
			[
				[1, 1],
				[2, 1],
				[3, 1],
			],
			'S01E01, S02E01, S03E01',
		],
	])('a download over several seasons names them all: %j', (numbers, told) => {
		const body = {
			eventType: 'Grab',
			series: { title: 'Show' },
			episodes: numbers.map(([seasonNumber, episodeNumber]) => ({ seasonNumber, episodeNumber })),
		};
		expect(receiveOne(body).message.title).toBe(`⬇️ Downloading Show ${told}`);
		expect(receiveOne(body, { language: 'zh' }).message.title).toBe(`⬇️ 开始下载：Show ${told}`);
	});

	test.each([
		['SeriesDelete', { series: { title: 'S' } }],
		['MovieDelete', { movie: { title: 'F' } }],
		['ArtistDelete', { artist: { name: 'A' } }],
	])('%s says what became of the files', (eventType, thing) => {
		const fields = (deletedFiles: boolean, language: 'en' | 'zh' = 'en') =>
			receiveOne({ eventType, ...thing, deletedFiles }, { language }).message.fields;
		expect(fields(true)).toEqual([{ name: 'Files', value: 'deleted too', short: true }]);
		expect(fields(false)).toEqual([{ name: 'Files', value: 'kept', short: true }]);
		expect(fields(true, 'zh')).toEqual([{ name: '文件', value: '一并删除', short: true }]);
	});

	test('what a download waits for is told, be it in a title alone', () => {
		const problem = (downloadStatusMessages: object[]) =>
			receiveOne({ eventType: 'ManualInteractionRequired', movie: { title: 'F' }, downloadStatusMessages }).event
				.text;
		expect(problem([{ title: 'No files', messages: [] }])).toBe('No files');
		expect(problem([{ title: 'No files' }, { title: 'x', messages: ['Too small, sample'] }])).toBe(
			'No files\nToo small, sample',
		);
	});
});

describe('Overseerr’s two versions and its comments', () => {
	const asked = {
		...{
			notification_type: 'MEDIA_PENDING',
			event: 'New Movie Request',
			subject: 'Dune (2021)',
			message: 'Spice.',
		},
		media: { media_type: 'movie', tmdbId: '438631', status: 'PENDING', status4k: 'UNKNOWN' },
		request: { requestedBy_username: 'ann' },
	};
	const media = (status: string, status4k: string) => ({ media: { ...asked.media, status, status4k } });
	test.each([
		[{ event: 'New 4K Movie Request' }, '🙋 ann asks for Dune (2021) in 4K'],
		[{}, '🙋 ann asks for Dune (2021)'],
		[{ event: undefined, ...media('AVAILABLE', 'PENDING') }, '🙋 ann asks for Dune (2021) in 4K'],
		[{ event: 'media.pending', ...media('AVAILABLE', 'PENDING') }, '🙋 ann asks for Dune (2021) in 4K'],
		[{ event: undefined, ...media('PENDING', 'AVAILABLE') }, '🙋 ann asks for Dune (2021)'],
		[
			{ notification_type: 'MEDIA_AVAILABLE', event: '4K Movie Request Now Available' },
			'🎬 Ready to watch: Dune (2021) in 4K for ann',
		],
		[
			{ notification_type: 'MEDIA_AVAILABLE', event: '', ...media('UNKNOWN', 'AVAILABLE') },
			'🎬 Ready to watch: Dune (2021) in 4K for ann',
		],
		[{ notification_type: 'MEDIA_BLOCKLISTED', event: 'Movie Blocklisted' }, 'Movie Blocklisted'],
		[{ notification_type: 'MEDIA_BLOCKLISTED', event: undefined }, 'ℹ️ Media blocklisted: Dune (2021) (ann)'],
	])('%j', (more, title) => void check({ ...asked, ...more }, { source: 'overseerr', title }));

	test('a comment is read first', () => {
		const { message } = receiveOne({
			...asked,
			...{ notification_type: 'ISSUE_COMMENT', event: 'New Comment', message: 'It stutters.', request: null },
			issue: { issue_type: 'VIDEO', reportedBy_username: 'bob' },
			comment: { comment_message: 'Here too.', commentedBy_username: 'eve' },
		});
		expect(message.body).toMatch(/^Here too\\?\.\n\nIt stutters\\?\./);
		expect(JSON.stringify(message.fields)).not.toContain('Here too');
	});
});

describe('what Emby tells in words', () => {
	const Server = { Name: 'Home', Id: 's1' };
	const Item = { Type: 'Series', Name: 'Show', Id: '10', ProviderIds: {} };
	const added = (Description: string, more = {}) =>
		receiveOne({
			Event: 'library.new',
			Title: '已将 2 个项目添加到 Show',
			Description,
			Item: { ...Item, ...more },
			Server,
		});

	test('episodes that came together, and their ids', () => {
		const { event, message } = added('S01 E06-E07\n\nTMDB: 4242\n\nIt goes on.');
		expect(event.item).toMatchObject({
			...{ kind: 'episode', series: 'Show', season: 1, episode: 6, episodeEnd: 7 },
			...{ ids: { tmdb: '4242' }, idsOf: 'series' },
		});
		expect(message.title).toBe('📺 New episode: Show S01E06–E07 (2 items)');
		expect(message.body).toMatch(/^It goes on/);
		expect(message.body).not.toMatch(/4242\s*$|TMDB: /m);
	});
	test.each([
		['S02 E01, E03', 'S02E01, E03', 2],
		['S01 E01-E03, E05', 'S01E01, E02, E03, E05', 4],
		['S01E06', 'S01E06', undefined],
		['S01 E06–E07\nimdbid=tt0000123 | tvdb: 55', 'S01E06–E07', 2],
		['S01E06 - S01E07', 'S01E06–E07', 2],
		['S01E06, S01E08\nTheMovieDb: 42', 'S01E06, E08', 2],
		['S01 E06, S02 E01', 'S01E06, S02E01', 2],
		['S01E09-E10, S02E01 – S02E03, S02E05', 'S01E09–E10, S02E01, E02, E03, E05', 6],
	])('%j', (description, label, count) => {
		const { event, message } = added(description);
		expect(message.title).toContain(`Show ${label}`);
		expect(event.count).toBe(count);
		expect(event.text).toBeUndefined();
	});
	test.each(['Only words', 'In S01 E06 it begins.', 'S01 S02 E01'])('%j stays what was said', (description) => {
		const { event } = added(description);
		expect(event).toMatchObject({ item: { kind: 'series' }, text: description, count: 2 });
	});

	test('a login: who, on what, from where; nothing twice', () => {
		const { message } = receiveOne({
			...{
				Event: 'user.authenticated',
				Title: 'Alice has been authenticated on Home',
				Server,
				User: { Name: 'Alice' },
			},
			Session: { DeviceName: 'Firefox', Client: 'Emby Web', RemoteEndPoint: '192.0.2.7' },
		});
		expect(message.title).toBe('🔓 Alice logged in on Firefox');
		expect(message.body).toBe('Emby Web · 192.0.2.7 · Home');
	});

	test('a plugin’s version is said once', () => {
		const { message } = receiveOne({
			...{ Event: 'plugins.pluginupdated', Title: 'Intro Skip 1.2.3.0 was updated', Server },
			PackageVersionInfo: { name: 'Intro Skip', versionStr: '1.2.3.0', description: 'Fixes' },
		});
		expect(message.title).toBe('🧩 Plugin updated: Intro Skip 1.2.3.0');
		expect(`${message.body}${JSON.stringify(message.fields ?? [])}`).not.toContain('1.2.3');
	});

	test.each(['Version 1.2.3.0', '版本：1.2.3.0', 'Intro Skip 1.2.3.0', '1.2.3.0'])(
		'a plugin’s version is said once, though the words are “%s”',
		(Description) => {
			const { message } = receiveOne({
				...{ Event: 'plugins.pluginupdated', Title: 'T', Description, Server },
				PackageVersionInfo: { name: 'Intro Skip', versionStr: '1.2.3.0' },
			});
			expect(message).toMatchObject({ title: '🧩 Plugin updated: Intro Skip 1.2.3.0', body: 'Home' });
		},
	);

	test('who watches television watches what is on, on its channel', () => {
		const { message } = receiveOne({
			...{ Event: 'playback.start', Title: 'T', Server, User: { Name: 'Alice' }, Session: { DeviceName: 'TV' } },
			Item: {
				...{ Type: 'TvChannel', Name: 'One', Id: '5' },
				CurrentProgram: { Type: 'Program', Name: 'The news', StartDate: '2025-08-20T18:00:00Z' },
			},
		});
		expect(message.title).toBe('▶ Alice is watching The news on TV');
		expect(message.fields).toMatchObject([{ value: 'One' }, { value: '20 August, 18:00' }]);
	});

	test('a programme has its channel and its time, in the user’s time zone', () => {
		const body = {
			...{ Event: 'livetv.timercreated', Title: 'T', Server },
			TimerInfo: {
				Name: 'The news',
				ChannelName: 'One',
				StartDate: '2025-08-20T18:00:00Z',
				EndDate: '2025-08-20T18:15:00Z',
			},
		};
		const fields = (language: 'en' | 'zh') =>
			receiveOne(body, { language, options: { timeZone: 'Europe/Berlin' } }).message.fields!.map(
				({ name, value }) => `${name} ${value}`,
			);
		expect(fields('en')).toEqual(['Channel One', 'Time 20 August, 20:00–20:15']);
		expect(fields('zh')).toEqual(['频道 One', '时间 8月20日 20:00–20:15']);
	});

	test('a deletion by a plugin names what is gone', () => {
		const { message } = receiveOne({
			Event: 'deep.delete',
			Title: 'T',
			Server,
			Description: 'Item Name:\nDune\n\nItem Path:\n/a',
		});
		expect(message.title).toBe('🗑 Removed from the library: Dune');
	});
});

test('Plex ids where those that pass it on know no capitals', () => {
	const Metadata = { type: 'movie', title: 'F', guid: ['imdb://tt0000009', { id: 'tmdb://5' }] };
	check(
		{ event: 'media.play', Account: { title: 'A' }, Metadata },
		{ item: item({ ids: { imdb: 'tt0000009', tmdb: '5' } }) },
	);
});

describe('MoviePilot', () => {
	test.each([
		{ type: 'system.error', data: { title: 'Disk', text: 'It is full' } },
		{ type: 'system.error', data: { error: 'Disk: It is full' } },
		{ type: 'webhook.message', data: { title: 'Disk', text: 'It is full' } },
		{ type: 'site.refreshed.anew', data: { title: 'Disk', text: 'It is full' } },
	])('%j keeps its words', (body) => {
		const { message } = receiveOne(body);
		expect(`${message.title} ${message.body}`).toMatch(/Disk[^]*It is full/);
	});
	test('an event of its bus', () => {
		check(
			{
				type: 'transfer.complete',
				data: {
					mediainfo: {
						type: '电视剧',
						title: '三体',
						year: '2023',
						tmdb_id: 108545,
						poster_path: 'https://image.tmdb.org/t/p/w500/x.jpg',
						vote_average: 7.9,
					},
					meta: { begin_season: 1, begin_episode: 2, end_episode: 3 },
				},
			},
			{
				source: 'moviePilot',
				type: 'library.added',
				item: item({
					kind: 'episode',
					series: '三体',
					season: 1,
					episode: 2,
					episodeEnd: 3,
					ids: { tmdb: '108545' },
					idsOf: 'series',
				}),
				title: '📺 新剧集入库：三体 S01E02–E03',
			},
			{ language: 'zh' },
		);
		check(
			{
				type: 'subscribe.added',
				data: { username: 'Alice', mediainfo: { type: '电影', title: '片', tmdb_id: 1 } },
			},
			{ type: 'watch.added', item: item({ kind: 'movie' }) },
		);
	});
	test('a notice', () => {
		const { message } = check(
			{ mtype: '资源下载', title: '开始下载', text: '片名', image: 'https://a.example/x.jpg', userid: '42' },
			{ source: 'moviePilot', type: 'download.grabbed' },
		);
		expect(message).toMatchObject({
			title: '开始下载',
			body: '片名',
			image: { url: 'https://a.example/x.jpg' },
			to: '42',
			format: 'text',
		});
	});
});

describe('MediaSaber openSend', () => {
	test('title, content, picture; it hears its own answer', () => {
		const body = { title: 'T', content: 'C', imageUrl: 'https://a.example/x.jpg', proxy: true };
		const { message } = check(body, { source: 'mediaSaber', type: 'message', rawType: 'openSend', text: 'C' });
		expect(message).toMatchObject({
			title: 'T',
			body: 'C',
			format: 'text',
			image: { url: 'https://a.example/x.jpg', fetch: true },
		});
		expect(receiveOne({ ...body, proxy: false }).message.image).toEqual({ url: 'https://a.example/x.jpg' });
		expect(JSON.parse(receive(body).reply!.body!)).toMatchObject({ code: 20000 });
	});
	test('raw line breaks of templates', () => {
		check('{"title":"域名","content":"IP：\n1.2.3.4\n"ok"","proxy":}', { text: 'IP：\n1.2.3.4\n"ok"' });
	});
	test('the path alone decides what is answered', () => {
		const { events, reply } = receive(
			{ title: 'T', content: 'C', extra: 1 },
			{ request: { path: '/api/v1/message/openSend' } },
		);
		expect((events[0]!.event as MediaEvent).source).toBe('custom');
		expect(JSON.parse(reply!.body!)).toMatchObject({ code: 20000 });
	});
});

describe('BetterGI', () => {
	const body = {
		send_to: '',
		event: 'group.end',
		result: 0,
		timestamp: '2025-03-01T10:00:00.1234567+08:00',
		screenshot: jpeg.toString('base64'),
		message: '完成',
		data: null,
	};
	test('a result with a screenshot', () => {
		const { message, event } = check(
			body,
			{
				source: 'betterGI',
				type: 'task.completed',
				rawType: 'group.end',
				time: '2025-03-01T02:00:00.123Z',
				text: '完成',
			},
			{ language: 'zh' },
		);
		expect(message).toMatchObject({
			title: 'BetterGI · 配置组结束',
			body: '完成',
			level: 'success',
			image: { mime: 'image/jpeg', name: 'screenshot.jpg' },
		});
		expect(Buffer.from((message.image as { data: Uint8Array }).data).equals(jpeg)).toBe(true);
		expect(message).not.toHaveProperty('to');
		expect(JSON.stringify(event.raw)).not.toContain(body.screenshot);
	});
	test.each([
		['group.end', 1, 'task.failed', 'failure'],
		['group.end', 2, 'task.partial', 'warning'],
		['domain.end', 'Success', 'task.completed', 'success'],
		['domain.end', 'Fail', 'task.failed', 'failure'],
		['group.start', 0, 'task.started', 'info'],
		['task.error', 1, 'task.failed', 'failure'],
		['task.cancel', 0, 'task.cancelled', 'warning'],
		['notify.test', 0, 'system.test', 'info'],
		['js.custom', null, 'message', 'info'],
		['AutoBoss', 0, 'task.completed', 'success'],
		['quite.new', null, 'message', 'info'],
	])('%s with result %p is %s', (event, result, type, level) => {
		expect(check({ ...body, event, result, screenshot: null }, { type, rawType: event }).message.level).toBe(level);
	});
	test.each([
		[{ send_to: '123' }, '123'],
		[{ to: ['1', 2] }, ['1', '2']],
		[{ from: 77 }, '77'],
		[{ to_group: '88' }, '88'],
		[{ send_to: '1', to: '2' }, '1'],
	])('%j addresses the message', (target, to) =>
		expect(receiveOne({ ...body, send_to: undefined, ...target }).message.to).toEqual(to),
	);
	test('a title tells how it ended, where the event does not', () => {
		const title = (event: string, result: unknown, language: 'en' | 'zh' = 'en') =>
			receiveOne({ ...body, event, result }, { language }).message.title;
		expect(title('domain.end', 0)).toBe('BetterGI · Domain ended');
		expect(title('domain.end', 1)).toBe('BetterGI · Domain ended (failed)');
		expect(title('domain.end', 2, 'zh')).toBe('BetterGI · 自动秘境结束（部分完成）');
		expect(title('task.error', 1)).toBe('BetterGI · Task failed');
		expect(title('js.custom', 0)).toBe('BetterGI · Script message');
	});
	test('what a script says is a message, unless it failed', () => {
		check({ ...body, event: 'js.custom', result: 0 }, { type: 'message' });
		check({ ...body, event: 'autoeat.info', result: 1 }, { type: 'task.failed' });
	});
	test('the first builds', () => {
		check(
			{ event: 'Domain', action: 'Finished', conclusion: 'Success', screenshot: null, task: { name: 'D' } },
			{ source: 'betterGI', type: 'task.completed', text: 'Finished\nD' },
		);
		check({ event: 'Test' }, { source: 'betterGI', type: 'system.test' });
		check(
			{ event: 'domain.end', action: 'a', conclusion: 'Success', screenshot: null, task: 'Domain' },
			{ type: 'task.completed', text: 'a\nDomain' },
		);
		check({ ...body, timestamp: '2025-02-20 09:35:38' }, { time: new Date('2025-02-20T09:35:38').toISOString() });
	});
});

describe('scripts', () => {
	test.each([
		['JSON', '{"title":"签到","content":"一\\\\n二"}', 'application/json'],
		['text', 'title:签到\ncontent:一\\n二', 'text/plain'],
		['a form of raw text', 'title=签到&content=一\\n二', 'application/x-www-form-urlencoded'],
		[
			'multipart without a boundary',
			`title=${encodeURIComponent('签到')}&content=${encodeURIComponent('一\\n二')}`,
			'multipart/form-data',
		],
		['JSON without a type', '{"title":"签到","content":"一\\\\n二"}', ''],
	])('Qinglong by %s', (_, body, contentType) => {
		const { message } = check(body, { source: 'qinglong', rawType: 'notify' }, { contentType });
		expect(message).toMatchObject({ title: '签到', body: '一\n二', format: 'text' });
	});

	test('Qinglong’s numbers, and a form that lost its title', () => {
		expect(check('{"title":20240601,"content":true}', { source: 'qinglong' }).message).toMatchObject({
			title: '20240601',
			body: 'true',
		});
		expect(
			receiveOne('title&content=失败 & 跳过+1', { contentType: 'application/x-www-form-urlencoded' }).message
				.body,
		).toBe('失败 & 跳过+1');
	});

	test('title and content that are no texts are a custom sender’s', () => {
		check({ title: { a: 1 }, content: ['x', 'y'] }, { source: 'custom', text: 'x\ny\n\na: 1' });
	});

	test('QD', () => {
		const { message } = check(
			{ title: 'QD定时任务 站点-备注 失败', content: '2024-01-01 00:00:00 \r\n日志：x' },
			{ source: 'qd', type: 'task.failed' },
		);
		expect(message).toMatchObject({ level: 'failure', body: '2024-01-01 00:00:00 \n日志：x' });
		check({ msg: 'QD定时任务 站点 成功', text: 'log' }, { source: 'qd', type: 'task.completed', text: 'log' });
		expect(receiveOne({ title: 'QD[定时任务]', content: 'a\\r\\n日志：\\"x\\"' }).message.body).toBe(
			'a\n日志："x"',
		);
	});
});

describe('Uptime Kuma', () => {
	test('down, up, test', () => {
		const down = {
			heartbeat: { status: 0, time: '2025-01-02 03:04:05.678', msg: 'timeout', ping: null },
			monitor: { name: 'Web', url: 'https://web.example' },
			msg: '[Web] Down',
		};
		expect(
			check(down, {
				source: 'uptimeKuma',
				type: 'monitor.down',
				time: '2025-01-02T03:04:05.678Z',
				facts: { monitor: 'Web' },
				title: '🔴 Web is down',
			}).message,
		).toMatchObject({ level: 'failure', body: 'timeout', url: 'https://web.example' });
		check(
			{ ...down, heartbeat: { status: 1, ping: 12 } },
			{ type: 'monitor.up', facts: { ping: '12 ms' }, title: '🟢 Web 已恢复' },
			{ language: 'zh' },
		);
		check({ heartbeat: null, monitor: null, msg: 'Notification Testing' }, { type: 'system.test' });
		check(
			{
				heartbeat: null,
				monitor: null,
				msg: '[Web][https://web.example] server certificate will expire in 7 days',
			},
			{ type: 'monitor.warning', title: '🟡 Web needs attention' },
		);
	});
});

describe('Grafana', () => {
	test('alerts, fired and resolved, and the older body', () => {
		const alerts = [
			{
				status: 'firing',
				labels: { alertname: 'Disk', instance: 'nas' },
				annotations: { summary: 'Disk full' },
				startsAt: '2025-01-02T00:00:00Z',
				values: { A: 91 },
				generatorURL: 'https://g.example/r',
			},
		];
		expect(
			check(
				{
					status: 'firing',
					alerts,
					commonLabels: { alertname: 'Disk', severity: 'warning' },
					externalURL: 'https://g.example/',
				},
				{ source: 'grafana', type: 'alert.firing', time: '2025-01-02T00:00:00.000Z', title: '🚨 Firing: Disk' },
			).message,
		).toMatchObject({ level: 'warning', body: '🔴 Disk full · nas (A=91)', url: 'https://g.example/r' });
		check(
			{ status: 'resolved', alerts: [{ ...alerts[0], status: 'resolved', endsAt: '2025-01-02T01:00:00Z' }] },
			{ type: 'alert.resolved', time: '2025-01-02T01:00:00.000Z', title: '✅ 告警恢复：Disk' },
			{ language: 'zh' },
		);
		check(
			{
				ruleName: 'CPU',
				state: 'alerting',
				message: 'hot',
				title: '[Alerting] CPU',
				imageUrl: 'https://g.example/i.png',
			},
			{ type: 'alert.firing', text: 'hot' },
		);
		expect(
			check(
				{ status: 'firing', alerts: [{ labels: { alertname: 'TestAlert' } }] },
				{ type: 'system.test', title: '🔔 Grafana: test' },
			).message.level,
		).toBe('info');
		expect(
			check({ ruleName: 'CPU', state: 'no_data', message: 'x' }, { title: '⚠️ No data: CPU' }).message.level,
		).toBe('warning');
	});
});

describe('custom', () => {
	test.each([
		[{ title: 'T', content: 'C', more: 1 }, 'T', 'C'],
		[{ subject: 'T', text: 'C' }, 'T', 'C'],
		[{ Title: 'T', Message: 'C' }, 'T', 'C'],
		[{ title: 'T', desp: 'C' }, 'T', 'C'],
		[{ msg: 'C' }, undefined, 'C'],
		[{ msgtype: 'text', text: { content: 'C' } }, undefined, 'C'],
		[{ title: 'T' }, undefined, 'T'],
		[{ a: 1, b: { c: true } }, undefined, 'a: 1\nb.c: true'],
		['just text', undefined, 'just text'],
	])('%j is guessed', (body, title, text) => {
		const { message, event } = receiveOne(body, {
			contentType: typeof body === 'string' ? 'text/plain' : 'application/json',
		});
		expect(event).toMatchObject({ source: 'custom', type: 'message' });
		expect(message.title).toBe(title);
		expect(message.body).toBe(text);
	});

	test('all parts', () => {
		const { message, key } = receiveOne({
			title: 'T',
			text: 'C',
			link: 'https://a.example',
			img: `data:image/png;base64,${Buffer.concat([Buffer.from('\x89PNG', 'latin1'), Buffer.alloc(99)]).toString('base64')}`,
			to: ['a', 'b'],
			level: 'critical',
			type: 'task.failed',
			key: 'k1',
		});
		expect(message).toMatchObject({
			title: 'T',
			body: 'C',
			url: 'https://a.example',
			image: { mime: 'image/png' },
			to: ['a', 'b'],
			level: 'failure',
			type: 'task.failed',
			key: 'k1',
		});
		// What the sender calls by one name may happen again in other words.
		expect(key).toMatch(/^custom:task\.failed:/);
	});

	test('mapped by path and template', () => {
		const body = {
			alert: { name: 'Disk *full*', labels: [{ host: 'nas' }, { host: 'pi' }] },
			who: { id: 7 },
			sev: 'ok',
		};
		const options = {
			sender: 'custom',
			format: 'markdown',
			customTitle: '$.alert.name',
			customBody: '**{{ alert.name }}** on {{ alert.labels[0].host }}',
			customTo: 'who.id',
			customLevel: '$.sev',
			customKey: '{{ alert.labels | map: "host" | join: "+" }}',
			customType: 'x.y',
			customUrl: '$["none"]',
		};
		const { message } = receiveOne(body, { options });
		expect(message).toMatchObject({
			title: 'Disk *full*',
			to: '7',
			level: 'success',
			key: 'nas+pi',
			format: 'markdown',
		});
		expect(message.body).toMatch(/^\*\*Disk .*full.* on nas$/);
	});

	test('paths', () => {
		const value = { a: [{ b: 1 }, { b: 2 }], 'x.y': { 'z w': 3 }, n: null };
		expect(atPath(value, '$.a[0].b')).toBe(1);
		expect(atPath(value, 'a.1.b')).toBe(2);
		expect(atPath(value, '$.a[-1].b')).toBe(2);
		expect(atPath(value, '$.a[*].b')).toEqual([1, 2]);
		expect(atPath(value, '$["x.y"][\'z w\']')).toBe(3);
		expect(atPath(value, '$')).toBe(value);
		for (const path of ['$.n', '$.none.b', '$.a.length', '$.constructor', '__proto__', 'a[9].b'])
			expect(atPath(value, path)).toBeUndefined();
	});
});

test('a list of bodies is as many events', () => {
	const { events } = receive([
		{ title: 'A', text: '1' },
		{ title: 'B', text: '2' },
	]);
	expect(events.map(({ message }) => message?.title)).toEqual(['A', 'B']);
});

test('a list of more bodies than are taken is refused, not cut', () => {
	const many = (count: number) => Array.from({ length: count }, (_, at) => ({ title: `T${at}`, text: 'x' }));
	expect(receive(many(100)).events).toHaveLength(100);
	expect(refusalOf(() => receive(many(101)))).toMatchObject({ status: 413 });
});

test('an event that its sender is not known for goes on where the sender is chosen, or named by the path', () => {
	const body = { eventType: 'BrandNew', message: 'M' };
	check(body, { source: 'sonarr', type: 'brandnew', text: 'M' }, { options: { sender: 'sonarr' } });
	check(body, { source: 'radarr', type: 'brandnew' }, { request: { path: '/webhook/radarr' } });
	check(body, { source: 'custom', type: 'BrandNew', text: 'M' });
});

describe('reading', () => {
	test('ids', () => {
		expect(
			collectIds(
				{ Imdb: 'tt0123', TMDB: 5, TvDb: '0', Provider_imdb: 'tt9999', thetvdb_id: 'x' },
				{ tmdbId: '6' },
			),
		).toEqual({ imdb: 'tt0123', tmdb: '5' });
		expect(collectIds({ constructor: 'tt0123', __proto__: 'tt0123' } as never)).toEqual({});
	});
	test('names', () => {
		expect(names('a, b|c，d')).toEqual(['a', 'b', 'c', 'd']);
		expect(names([{ tag: 'x' }, 'y', null, 3], 'tag')).toEqual(['x', 'y', '3']);
		expect(names([])).toBeUndefined();
	});
	test('a path from outside stays below its server', () => {
		expect(below('http://a.example/base/', '/x y', { k: 'v&w', none: undefined })).toBe(
			'http://a.example/base/x%20y?k=v%26w',
		);
		expect(below(undefined, '/x')).toBeUndefined();
	});
	test('pictures', () => {
		expect(picture('https://a.example/x')).toEqual({ url: 'https://a.example/x' });
		expect(picture(jpeg.toString('base64'))).toMatchObject({ mime: 'image/jpeg' });
		for (const none of [
			'',
			'nonsense',
			'file:///etc/passwd',
			`data:text/html;base64,${Buffer.alloc(99).toString('base64')}`,
			null,
			5,
		])
			expect(picture(none)).toBeUndefined();
	});
});
