import type { Samples } from '../../core/define/sender';

interface About {
	/** What it names itself, and the page of its wiki. */
	name: string;
	/** The thing itself, without a part of it: a series, a film, an artist. */
	thing: object;
	/** What is downloaded, as *Grab* and as *Download* name it. */
	wanted: object;
	/** The file or files that came, and the file that is deleted. */
	files: object;
	file: object;
	/** Its own names for what happens to the thing and to its files. */
	events: { added: string; deleted: string; fileDeleted?: string };
	release: { title: string; quality: string; size: number };
}

const download = { downloadClient: 'qBittorrent', downloadClientType: 'qBittorrent', downloadId: 'A1B2C3' };

/** What all of the family tell of themselves. */
function ownSamples(name: string): Samples {
	const said = (eventType: string) => ({ eventType, instanceName: name, applicationUrl: '' });
	const wikiUrl = `https://wiki.servarr.com/${name.toLowerCase()}/system`;
	const type = 'IndexerStatusCheck';
	return {
		'system.unhealthy': {
			level: 'warning',
			message: 'Indexers unavailable due to failures: Nest',
			type,
			wikiUrl,
			...said('Health'),
		},
		'system.healthy': {
			level: 'ok',
			message: 'Indexers are available again',
			type,
			wikiUrl,
			...said('HealthRestored'),
		},
		'system.updated': {
			message: `${name} updated from 2.0.0 to 2.1.0`,
			previousVersion: '2.0.0',
			newVersion: '2.1.0',
			...said('ApplicationUpdate'),
		},
	};
}

/** Of one that follows things and downloads their parts. */
export function servarrSamples({ name, thing, wanted, files, file, events, release }: About): Samples {
	const said = (eventType: string) => ({ eventType, instanceName: name, applicationUrl: '' });
	const { title: releaseTitle, quality, size } = release;
	const grab = {
		...wanted,
		release: { quality, qualityVersion: 1, releaseGroup: 'BELL', releaseTitle, indexer: 'Nest', size },
		...download,
	};
	return {
		'download.grabbed': { ...grab, ...said('Grab') },
		'download.imported': { ...wanted, ...files, isUpgrade: false, ...download, ...said('Download') },
		'download.upgraded': { ...wanted, ...files, isUpgrade: true, ...download, ...said('Download') },
		'download.attention': {
			...wanted,
			downloadInfo: { quality, qualityVersion: 1, title: releaseTitle, size },
			downloadStatus: 'Warning',
			downloadStatusMessages: [{ title: releaseTitle, messages: ['No files found are eligible for import'] }],
			...download,
			...said('ManualInteractionRequired'),
		},
		'watch.added': { ...thing, ...said(events.added) },
		'watch.deleted': { ...thing, deletedFiles: false, ...said(events.deleted) },
		'file.renamed': { ...thing, ...said('Rename') },
		...(events.fileDeleted !== undefined && {
			'file.deleted': { ...wanted, ...file, deleteReason: 'manual', ...said(events.fileDeleted) },
		}),
		...ownSamples(name),
	};
}

const images = (of: string) => [
	{ coverType: 'poster', url: `/MediaCover/1/${of}.jpg`, remoteUrl: `https://images.example.com/${of}.jpg` },
];
const series = {
	id: 1,
	title: 'Severance',
	titleSlug: 'severance',
	path: '/media/series/Severance',
	tvdbId: 371_980,
	tvMazeId: 44_933,
	tmdbId: 95_396,
	imdbId: 'tt11280740',
	type: 'standard',
	year: 2022,
	genres: ['Drama', 'Mystery'],
	images: images('severance'),
	tags: [],
};
const episodeFile = {
	id: 5,
	relativePath: 'Season 2/Severance S02E03.mkv',
	path: '/media/series/Severance/Season 2/Severance S02E03.mkv',
	quality: 'WEBDL-1080p',
	qualityVersion: 1,
	releaseGroup: 'BELL',
	sceneName: 'Severance.S02E03.1080p.WEB.h264-BELL',
	size: 2_147_483_648,
};
const movie = {
	id: 1,
	title: 'Metropolis',
	year: 1927,
	releaseDate: '1927-01-10',
	folderPath: '/media/films/Metropolis (1927)',
	tmdbId: 19,
	imdbId: 'tt0017136',
	overview: 'In a city of towers and cellars, the son of its master follows a woman down to those who work there.',
	genres: ['Drama', 'Science Fiction'],
	images: images('metropolis'),
	tags: [],
};
const movieFile = {
	id: 5,
	relativePath: 'Metropolis (1927).mkv',
	path: '/media/films/Metropolis (1927)/Metropolis (1927).mkv',
	quality: 'Bluray-1080p',
	qualityVersion: 1,
	releaseGroup: 'BELL',
	sceneName: 'Metropolis.1927.1080p.BluRay.x264-BELL',
	size: 8_589_934_592,
};

const show = {
	thing: { series },
	wanted: {
		series,
		episodes: [
			{ id: 9, episodeNumber: 3, seasonNumber: 2, title: 'Who Is Alive?', airDate: '2025-01-31', seriesId: 1 },
		],
	},
	files: { episodeFile },
	file: { episodeFile },
	events: { added: 'SeriesAdd', deleted: 'SeriesDelete', fileDeleted: 'EpisodeFileDelete' },
	release: { title: 'Severance.S02E03.1080p.WEB.h264-BELL', quality: 'WEBDL-1080p', size: 2_147_483_648 },
};
const film = {
	thing: { movie },
	wanted: { movie },
	files: { movieFile },
	file: { movieFile },
	events: { added: 'MovieAdded', deleted: 'MovieDelete', fileDeleted: 'MovieFileDelete' },
	release: { title: 'Metropolis.1927.1080p.BluRay.x264-BELL', quality: 'Bluray-1080p', size: 8_589_934_592 },
};

export const sonarrSamples = servarrSamples({ name: 'Sonarr', ...show });
export const radarrSamples = servarrSamples({ name: 'Radarr', ...film });
export const whisparrSamples = servarrSamples({ name: 'Whisparr', ...film });

const artist = {
	id: 1,
	name: 'The Bells',
	path: '/media/music/The Bells',
	mbId: 'm1',
	type: 'Group',
	images: [],
	tags: [],
};
const album = {
	id: 2,
	mbId: 'm2',
	title: 'First Peal',
	albumType: 'Album',
	releaseDate: '1985-09-30T00:00:00Z',
	genres: ['Rock'],
	images: [{ coverType: 'cover', remoteUrl: 'https://images.example.com/first-peal.jpg' }],
};
const trackFile = { id: 1, path: '/media/music/The Bells/First Peal/01.flac', quality: 'FLAC', size: 31_457_280 };
const music = servarrSamples({
	name: 'Lidarr',
	thing: { artist },
	wanted: { artist, albums: [album] },
	files: { album, tracks: [{ id: 1, title: 'Rounds', trackNumber: '1', quality: 'FLAC' }], trackFiles: [trackFile] },
	file: { trackFile },
	events: { added: 'ArtistAdd', deleted: 'ArtistDelete' },
	release: { title: 'The Bells - First Peal (1985) FLAC', quality: 'FLAC', size: 314_572_800 },
});
export const lidarrSamples: Samples = {
	...music,
	'download.failed': {
		quality: 'FLAC',
		qualityVersion: 1,
		releaseGroup: 'BELL',
		releaseTitle: 'The Bells - First Peal (1985) FLAC',
		...download,
		eventType: 'DownloadFailure',
		instanceName: 'Lidarr',
		applicationUrl: '',
	},
	'file.retagged': { artist, trackFile, eventType: 'Retag', instanceName: 'Lidarr', applicationUrl: '' },
};

const author = { id: 1, name: 'Ada Ringer', path: '/media/books/Ada Ringer', goodreadsId: '874602' };
const book = {
	id: 2,
	goodreadsId: '13642',
	title: 'The Ninth Bell',
	edition: { title: 'The Ninth Bell', goodreadsId: '13642', asin: '' },
	releaseDate: '1968-01-01T00:00:00Z',
};
const bookFile = {
	id: 1,
	path: '/media/books/Ada Ringer/The Ninth Bell (1968)/x.epub',
	quality: 'EPUB',
	size: 1_048_576,
};
export const readarrSamples = servarrSamples({
	name: 'Readarr',
	thing: { author },
	wanted: { author, books: [book] },
	files: { book, bookFiles: [bookFile] },
	file: { book, bookFile },
	events: { added: 'AuthorAdded', deleted: 'AuthorDelete', fileDeleted: 'BookFileDelete' },
	release: { title: 'Ada Ringer - The Ninth Bell EPUB', quality: 'EPUB', size: 1_048_576 },
});

export const prowlarrSamples: Samples = {
	'download.grabbed': {
		release: {
			releaseTitle: 'Metropolis.1927.1080p.BluRay.x264-BELL',
			indexer: 'Nest',
			size: 8_589_934_592,
			categories: ['Movies/HD'],
			genres: [],
			indexerFlags: [],
		},
		trigger: 'Automatic',
		source: 'Radarr',
		host: '192.0.2.5',
		eventType: 'Grab',
		instanceName: 'Prowlarr',
		applicationUrl: '',
	},
	...ownSamples('Prowlarr'),
};
