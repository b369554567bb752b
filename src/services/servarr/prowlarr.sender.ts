import { defineServarr } from './servarr';

/** Searches for the others of its family: what it tells of is a release, never a film or a series. */
export const prowlarr = defineServarr({
	id: 'prowlarr',
	name: 'Prowlarr',
	own: ['trigger'],
	ownEvents: /^Indexer/i,
	item: () => ({}),
});
