import { linksOf } from '../../../src/core/message/details';

test('links lead to what the ids are of', () => {
	const ids = { imdb: 'tt1', tmdb: '2', tvdb: '3' };
	const links = (item: object) => linksOf({ title: '', ids, kind: 'movie', ...item }).map(([, url]) => url);
	expect(links({})).toEqual([
		'https://www.imdb.com/title/tt1/',
		'https://www.themoviedb.org/movie/2',
		'https://thetvdb.com/dereferrer/movie/3',
	]);
	expect(links({ kind: 'series' })).toEqual([
		'https://www.imdb.com/title/tt1/',
		'https://www.themoviedb.org/tv/2',
		'https://thetvdb.com/dereferrer/series/3',
	]);
	expect(links({ kind: 'episode' })).toEqual([
		'https://www.imdb.com/title/tt1/',
		'https://thetvdb.com/dereferrer/episode/3',
	]);
	expect(links({ kind: 'episode', idsOf: 'series' })).toEqual([
		'https://www.imdb.com/title/tt1/',
		'https://www.themoviedb.org/tv/2',
		'https://thetvdb.com/dereferrer/series/3',
	]);
	expect(links({ kind: 'track' })).toEqual(['https://www.imdb.com/title/tt1/']);
});
