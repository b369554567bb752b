import type { Samples } from '../../core/define/sender';

const Server = { title: 'Living room', uuid: 'a1b2c3' };
const film = {
	librarySectionType: 'movie',
	librarySectionTitle: 'Films',
	ratingKey: '11',
	key: '/library/metadata/11',
	guid: 'plex://movie/5d776825',
	Guid: [{ id: 'imdb://tt0017136' }, { id: 'tmdb://19' }],
	type: 'movie',
	title: 'Metropolis',
	year: 1927,
	summary: 'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
	duration: 9_180_000,
	audienceRating: 8.3,
	Genre: [{ tag: 'Drama' }, { tag: 'Science Fiction' }],
	thumb: '/library/metadata/11/thumb/1',
	addedAt: 1_767_382_200,
};
const episode = {
	librarySectionType: 'show',
	librarySectionTitle: 'Series',
	ratingKey: '12',
	key: '/library/metadata/12',
	guid: 'plex://episode/6307a2b1',
	Guid: [{ id: 'imdb://tt14671678' }],
	type: 'episode',
	title: 'Who Is Alive?',
	grandparentTitle: 'Severance',
	parentIndex: 2,
	index: 3,
	year: 2025,
	summary: 'Mark looks for a trace of somebody whom he believed to be dead.',
	duration: 3_120_000,
	grandparentThumb: '/library/metadata/13/thumb/1',
};
const from = (event: string) => ({ event, user: true, owner: true, Account: { id: 7, title: 'Alice' }, Server });
const Player = { local: true, publicAddress: '192.0.2.7', title: 'Apple TV', uuid: 'p1' };
const played = (event: string, viewOffset: number) => ({
	...from(event),
	Player,
	Metadata: { ...episode, viewOffset },
});

/** The `payload` of what Plex posts. */
export const plexSamples: Samples = {
	'library.added': { ...from('library.new'), Metadata: film },
	'playback.started': played('media.play', 0),
	'playback.paused': played('media.pause', 1_560_000),
	'playback.resumed': played('media.resume', 1_560_000),
	'playback.stopped': played('media.stop', 1_560_000),
	'playback.finished': played('media.scrobble', 2_810_000),
	'item.rated': { ...from('media.rate'), rating: 9, Player, Metadata: { ...film, userRating: 9 } },
	'device.added': { ...from('device.new'), Player },
	'system.backup': from('admin.database.backup'),
	'system.corrupted': from('admin.database.corrupted'),
};
