import { isRecord, items, record, text, year } from '../../core/receive/reading';
import { lidarrSamples } from './samples';
import { defineServarr, readThing } from './servarr';

export const lidarr = defineServarr({
	id: 'lidarr',
	name: 'Lidarr',
	samples: lidarrSamples,
	own: ['artist', 'album', 'albums', 'trackFiles', 'tracks', 'trackFile'],
	ownEvents: /^(?:Album|Artist|Track)/i,

	item(body) {
		if (!isRecord(body.artist) && !isRecord(body.album)) return {};
		const artist = record(body.artist);
		const albums = isRecord(body.album) ? [body.album] : items(body.albums).map(record);
		const [album] = albums;
		const name = text(artist.name, artist.artistName);
		if (!album) return { item: readThing('artist', artist), count: items(body.trackFiles).length };
		return {
			item: readThing('album', album, {
				artist: name,
				year: year(text(album.releaseDate)?.slice(0, 4)),
				path: text(artist.path),
			}),
			count: albums.length,
		};
	},
});
