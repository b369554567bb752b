import type { MediaEvent } from '../../../src/core/message/event';

/** An event in which everything is told. */
export const episode: MediaEvent = {
	source: 'emby',
	type: 'playback.started',
	rawType: 'playback.start',
	time: '2025-01-02T03:04:05.000Z',
	server: { name: 'Home' },
	user: { name: 'Alice', id: 'u1' },
	device: { name: 'Apple TV' },
	item: {
		kind: 'episode',
		title: 'Who Is Alive?',
		id: '7',
		series: 'Severance',
		season: 2,
		episode: 3,
		year: 2025,
		overview: 'Mark looks for answers.',
		runtime: 3_120,
		genres: ['Drama', 'Mystery'],
		rating: 8.71,
		ids: { imdb: 'tt1234567', tvdb: '99', tmdb: '5' },
	},
	raw: {},
};
