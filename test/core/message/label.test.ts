import type { MediaEvent } from '../../../src/core/message/event';
import { labelOf } from '../../../src/core/message/label';

describe('labels', () => {
	const label = (item: Partial<NonNullable<MediaEvent['item']>>, language: 'en' | 'zh' = 'en') =>
		labelOf({ kind: 'other', title: 'T', ids: {}, ...item }, language);
	test.each(['T (1999)', 'T [1999]', 'T 1999', '灯（1999）', 'T (1984)'])('%s has its year', (title) => {
		expect(label({ kind: 'movie', title, year: 1999 })).toBe(title);
	});
	test.each(['1999', '2012', 'T2 1984'])('%s is a name', (title) => {
		expect(label({ kind: 'movie', title, year: 1999 })).toBe(`${title} (1999)`);
	});
	test.each([
		[{ kind: 'movie' as const, year: 1999 }, 'T (1999)', 'T (1999)'],
		[{ kind: 'episode' as const, series: 'S', season: 1, episode: 2 }, 'S S01E02 · T', 'S S01E02 · T'],
		[
			{ kind: 'episode' as const, series: 'S', season: 1, episode: 2, episodeEnd: 4 },
			'S S01E02–E04 · T',
			'S S01E02–E04 · T',
		],
		[{ kind: 'episode' as const, series: 'S', season: 0, episode: 1 }, 'S S00E01 · T', 'S S00E01 · T'],
		[{ kind: 'episode' as const, series: 'S', season: 1, episode: 2, title: 'S01E02' }, 'S S01E02', 'S S01E02'],
		[
			{ kind: 'episode' as const, series: 'S', season: 1, episode: 2, title: 'S01E02 - Pilot' },
			'S S01E02 · Pilot',
			'S S01E02 · Pilot',
		],
		[
			{
				kind: 'episode' as const,
				series: 'S',
				season: 1,
				episode: 2,
				title: 'S.S01E02.1080p',
				path: 'D:\\tv\\S.S01E02.1080p.mkv',
			},
			'S S01E02',
			'S S01E02',
		],
		[
			{ kind: 'episode' as const, series: 'S', season: 1, episode: 1, episodes: [1, 3, 5], title: 'S' },
			'S S01E01, E03, E05',
			'S S01E01, E03, E05',
		],
		[{ kind: 'episode' as const, series: 'S' }, 'S · T', 'S · T'],
		[{ kind: 'season' as const, series: 'S', season: 0 }, 'S Specials', 'S 特别篇'],
		[{ kind: 'season' as const, series: 'S', season: 3 }, 'S Season 3', 'S 第 3 季'],
		[{ kind: 'track' as const, artist: 'A', album: 'B' }, 'A – T', 'A – T'],
		[{ kind: 'album' as const, artist: 'A', year: 1985 }, 'A – T', 'A – T'],
		[{ kind: 'movie' as const, title: '', year: 1986 }, 'a movie (1986)', '一部电影 (1986)'],
		[{ kind: 'album' as const, title: '' }, 'an album', '一部专辑'],
		[{ kind: 'book' as const, artist: 'A' }, 'T by A', 'T（A）'],
	])('%j', (item, english, chinese) => {
		expect(label(item)).toBe(english);
		expect(label(item, 'zh')).toBe(chinese);
	});
});
