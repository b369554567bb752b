import type { MediaEvent, MediaItem } from '../../../src/core/message/event';
import { keyOf, subjectOf } from '../../../src/core/message/eventKey';
import { composeEventMessage } from '../../../src/core/message/eventMessage';
import { episode } from './episode';

test('the same happening has the same key, another one has another', () => {
	expect(keyOf(episode)).toBe(keyOf({ ...episode, time: '2026-01-01T00:00:00.000Z' }));
	for (const other of [
		{ source: 'plex' },
		{ type: 'playback.stopped' },
		{ user: { id: 'u2' } },
		{ device: { name: 'Web' } },
		{ item: { ...episode.item!, id: '8' } },
	]) {
		expect(keyOf({ ...episode, ...other })).not.toBe(keyOf(episode));
	}
});

test('a second comment, another rating: another happening', () => {
	const comment = { ...episode, type: 'issue.commented', text: 'No sound', facts: { comment: 'Here too' } };
	expect(keyOf({ ...comment, facts: { comment: 'Solved' } })).not.toBe(keyOf(comment));
	expect(keyOf({ ...comment })).toBe(keyOf(comment));
	const rated = { ...episode, type: 'item.rated', facts: { rating: '8' } };
	expect(keyOf({ ...rated, facts: { rating: '9' } })).not.toBe(keyOf(rated));
});

test('whatever is told goes into it: year, ids, season, instance, release, quality, picture, the words', () => {
	const item = episode.item!;
	const others: Partial<MediaEvent>[] = [
		{ item: { ...item, title: 'S02E03' } },
		{ item: { ...item, year: 2022 } },
		{ item: { ...item, season: 1 } },
		{ item: { ...item, kind: 'movie' } },
		{ item: { ...item, ids: { ...item.ids, tmdb: '6' } } },
		{ item: { ...item, poster: { url: 'https://p.example/1.jpg' } } },
		{ item: { ...item, poster: { data: new Uint8Array([1]), mime: 'image/jpeg' } } },
		{ item: { ...item, poster: { data: new Uint8Array([2]), mime: 'image/jpeg' } } },
		{ server: { name: 'Home 4K' } },
		{ server: { name: 'Home', url: 'https://4k.example' } },
		{ facts: { release: 'A' } },
		{ facts: { release: 'A', quality: '2160p' } },
		{ facts: { seasons: '2' } },
		{ text: 'Said' },
		{ count: 2 },
	];
	const keys = others.map((other) => keyOf({ ...episode, ...other }));
	expect(new Set([keyOf(episode), ...keys]).size).toBe(others.length + 1);
	const picture = { url: 'https://p.example/1.jpg' };
	expect(keyOf(episode, { image: picture })).not.toBe(keyOf(episode));
	expect(keyOf(episode, { fields: [{ name: 'a', value: 'b' }] })).not.toBe(keyOf(episode));
});

test('neither the order of what is told nor the moment of telling changes it', () => {
	const reversed = Object.fromEntries(Object.entries(episode.item!).reverse()) as unknown as MediaItem;
	expect(keyOf({ ...episode, item: reversed })).toBe(keyOf(episode));
	expect(keyOf({ ...episode, time: '2026-01-01T00:00:00.000Z' }, { time: '2026-01-01T00:00:00.000Z' })).toBe(
		keyOf(episode),
	);
});

test('how far one got belongs to a stop, not to a start', () => {
	const at = (type: string, position: number) => keyOf({ ...episode, type, playback: { position } });
	expect(at('playback.started', 5)).toBe(at('playback.started', 6));
	expect(at('playback.stopped', 5)).not.toBe(at('playback.stopped', 6));
	// What players report every few seconds is told to the minute.
	expect(at('playback.progress', 60)).toBe(at('playback.progress', 119));
	expect(at('playback.progress', 60)).not.toBe(at('playback.progress', 120));
	const { body } = composeEventMessage(
		{ ...episode, type: 'playback.progress', playback: { position: 119, percent: 3.8 } },
		{ language: 'en' },
	);
	expect(body).toMatch(/^2% · 1:00 \/ 52:00\n\n/);
});

test('a fuller telling is about the same subject, another item, server or season is not', () => {
	const item = episode.item!;
	const fuller = { ...episode, item: { ...item, title: 'Later', ids: {}, overview: undefined } };
	expect(subjectOf(fuller)).toBe(subjectOf(episode));
	for (const other of [
		{ item: { ...item, id: '8' } },
		{ server: { name: 'Other' } },
		{ item: { ...item, id: undefined } },
		{ item: { ...item, id: undefined, season: 3 } },
	])
		expect(subjectOf({ ...episode, ...other })).not.toBe(subjectOf(episode));
	expect(subjectOf({ ...episode, item: undefined })).toBeUndefined();
});
