import { prowlarrSamples } from './samples';
import { defineServarr } from './servarr';

/** Searches for the others of its family: what it tells of is a release, never a film or a series. */
export const prowlarr = defineServarr({
	id: 'prowlarr',
	name: 'Prowlarr',
	samples: prowlarrSamples,
	tells: ['download.grabbed', 'system.unhealthy', 'system.healthy', 'system.updated', 'system.test'],
	own: ['trigger'],
	ownEvents: /^Indexer/i,
	item: () => ({}),
});
