import type { MediaItem } from '../../core/message/event';
import { isRecord, present, record, type Loose } from '../../core/receive/reading';
import { defineServarr, readThing } from './servarr';

export const radarr = defineServarr({
	id: 'radarr',
	name: 'Radarr',
	sample: {
		eventType: 'Download',
		instanceName: 'Radarr',
		movie: { id: 1, title: 'Metropolis', year: 1927, tmdbId: 19, imdbId: 'tt0017136' },
		movieFile: { id: 5, relativePath: 'Metropolis (1927).mkv', quality: 'Bluray-1080p', size: 2147483648 },
		isUpgrade: false,
	},
	own: ['movie', 'remoteMovie', 'movieFile'],
	ownEvents: /^Movie/i,

	item: readFilm,
});

export function readFilm(body: Loose): { item?: MediaItem } {
	if (!isRecord(body.movie) && !isRecord(body.remoteMovie)) return {};
	const movie = readThing('movie', record(body.movie));
	// The film as it was searched for: all there is where the library's own entry says little.
	const remote = readThing('movie', record(body.remoteMovie));
	const isBare = record(body.movie).title === undefined && remote.title !== '';
	return {
		item: present({
			...remote,
			...movie,
			...(isBare && { title: remote.title }),
			ids: { ...remote.ids, ...movie.ids },
		}),
	};
}
