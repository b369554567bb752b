import type { MediaItem } from '../../core/message/event';
import { isRecord, present, record, type Loose } from '../../core/receive/reading';
import { radarrSamples } from './samples';
import { defineServarr, readThing } from './servarr';

export const radarr = defineServarr({
	id: 'radarr',
	name: 'Radarr',
	samples: radarrSamples,
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
