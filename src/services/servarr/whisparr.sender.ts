import { readFilm } from './radarr.sender';
import { whisparrSamples } from './samples';
import { defineServarr } from './servarr';
import { readShow } from './sonarr.sender';

/** Of version 2 its bodies are those of Sonarr, of version 3 those of Radarr; its name alone tells it apart. */
export const whisparr = defineServarr({
	id: 'whisparr',
	name: 'Whisparr',
	samples: whisparrSamples,
	own: [],
	ownEvents: /^Performer/i,
	item: (body) => ('movie' in body || 'remoteMovie' in body ? readFilm(body) : readShow(body)),
});
