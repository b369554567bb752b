import {
	eventTypes,
	isEventType,
	type EventType,
	type MediaEvent,
	type MediaItem,
} from '../../../src/core/message/event';
import { composeEventMessage, keyOf, labelOf, linksOf, subjectOf } from '../../../src/core/message/eventMessage';
import { sentences } from '../../../src/core/message/sentences';
import { escapeMarkdown } from '../../../src/core/markup';
import { workOf } from '../../work';

const episode: MediaEvent = {
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

const en = (event: MediaEvent, said = {}) => composeEventMessage(event, { language: 'en' }, said);
const zh = (event: MediaEvent, said = {}) => composeEventMessage(event, { language: 'zh' }, said);

test('a play reads as a person would write it', () => {
	expect(en(episode)).toEqual({
		title: '▶ Alice is watching Severance S02E03 · Who Is Alive? on Apple TV',
		body: [
			escapeMarkdown('Mark looks for answers.'),
			`★ 8.7 · 52 min · 2025 · ${escapeMarkdown('Drama, Mystery')}`,
			'[IMDb](https://www.imdb.com/title/tt1234567/) · [TVDB](https://thetvdb.com/dereferrer/episode/99)',
		].join('\n\n'),
		type: 'playback.started',
		level: 'info',
		time: episode.time,
		key: expect.stringMatching(/^emby:playback\.started:/),
	});
	expect(zh(episode).title).toBe('▶ Alice 在 Apple TV 上开始播放 Severance S02E03 · Who Is Alive?');
});

test('an addition in both languages', () => {
	const added: MediaEvent = {
		...episode,
		type: 'library.added',
		user: undefined,
		item: { kind: 'series', title: '三体', year: 2023, ids: {} },
		count: 12,
	};
	expect(zh(added).title).toBe('📺 新剧集入库：三体 (2023)（共 12 项）');
	expect(en(added).title).toBe('📺 New series: 三体 (2023) (12 items)');
	expect(zh({ ...added, item: { kind: 'movie', title: '流浪地球', ids: {} }, count: undefined }).title).toBe(
		'🎬 新电影入库：流浪地球',
	);
	expect(en(added).level).toBe('success');
});

test('what is missing leaves no hole', () => {
	const bare = { ...episode, user: undefined, device: undefined };
	expect(en(bare).title).toBe('▶ Someone is watching Severance S02E03 · Who Is Alive?');
	expect(zh(bare).title).toBe('▶ 有人开始播放 Severance S02E03 · Who Is Alive?');
	expect(en({ ...bare, item: undefined }).title).toBe('▶ Someone is watching something');
});

test.each(Object.keys(eventTypes) as EventType[])('%s has a sentence with and without its values', (type) => {
	expect(isEventType(type)).toBe(true);
	for (const language of ['en', 'zh'] as const) {
		const bare = composeEventMessage(
			{ source: 'plex', type, rawType: 'x.y', time: episode.time, raw: {} },
			{ language },
		);
		const full = composeEventMessage(
			{ ...episode, type, facts: { task: 'T', rating: '9', requestedBy: 'Bob' } },
			{ language },
		);
		for (const message of [bare, full]) {
			expect(message.title).toMatch(/\S/);
			expect(message.title).not.toMatch(/[{}[\]]|undefined|\s$|：$|: $/);
			expect(message.body).toMatch(/\S/);
			expect(message).toMatchObject({ type, level: sentences[type].level });
		}
	}
	// Chinese is Chinese.
	expect(sentences[type].zh).toMatch(/[\u4e00-\u9fff]/);
	expect(sentences[type].en).not.toMatch(/[\u4e00-\u9fff]/);
	expect(eventTypes[type][1]).toMatch(/[\u4e00-\u9fff]/);
});

test('a failed login by nobody that is known', () => {
	const failed: MediaEvent = { ...episode, type: 'user.loginFailed', user: undefined, item: undefined };
	expect(en(failed).title).toBe('🚫 Failed login on Apple TV');
	expect(zh(failed).title).toBe('🚫 登录失败（Apple TV）');
	expect(en({ ...failed, user: { name: 'bob' } }).title).toBe('🚫 Failed login: bob on Apple TV');
});

test('a download of something without a name is told by its release', () => {
	const grabbed: MediaEvent = { ...episode, type: 'download.grabbed', item: undefined };
	expect(en({ ...grabbed, facts: { release: 'Some.Show.S01' } })).toMatchObject({
		title: '⬇️ Downloading Some.Show.S01',
	});
	expect(en({ ...grabbed, facts: { release: 'Some.Show.S01' } })).not.toHaveProperty('fields');
	expect(en(grabbed).title).toBe('⬇️ Downloading something');
});

test('Chinese words stand side by side, names apart', () => {
	expect(zh({ ...episode, type: 'item.favorited', item: undefined }).title).toBe('❤️ Alice 收藏了某个内容');
	expect(
		zh({ ...episode, type: 'item.rated', facts: { rating: '8' }, item: { kind: 'movie', title: '', ids: {} } })
			.title,
	).toBe('⭐ Alice 给一部电影评分：8');
	expect(zh({ ...episode, type: 'item.rated', item: undefined, user: undefined }).title).toBe(
		'⭐ 有人给某个内容评分',
	);
});

test('an unknown event is told by the sender’s own name for it, as words', () => {
	expect(en({ ...episode, type: 'deep.sleep', rawType: 'Deep.Sleep' }).title).toBe(
		'ℹ️ Deep sleep: Severance S02E03 · Who Is Alive? (Alice)',
	);
	for (const [rawType, words] of [
		['MEDIA_ABOUT_TO_BE_HANDLED', 'Media about to be handled'],
		['LiveTvTimerCreated', 'Live tv timer created'],
		['media.unheard.of', 'Media unheard of'],
		['自定义事件', '自定义事件'],
	] as const)
		expect(en({ ...episode, item: undefined, user: undefined, type: 'x', rawType }).title).toBe(`ℹ️ ${words}`);
	expect(en({ ...episode, type: 'constructor', rawType: 'constructor' }).title).toMatch(/^ℹ️ Constructor/);
});

test('words that stand for nothing are not said', () => {
	const bare = {
		...episode,
		user: { name: 'null' },
		device: { name: 'Unknown', client: 'undefined' },
		server: { name: 'NaN' },
		facts: { quality: 'Unknown', reason: '[object Object]' },
		text: 'null',
		item: { ...episode.item!, kind: 'movie' as const, series: 'undefined', title: 'Unknown', overview: 'null' },
	};
	const { title, body, fields } = en(bare);
	expect(title).toBe('▶ Someone is watching Unknown (2025)');
	expect(`${body}${JSON.stringify(fields ?? [])}`).not.toMatch(/null|undefined|NaN|object|Unknown/);
});

test('no control character and no half of one reaches a reader; line breaks do', () => {
	const said = {
		title: 'a\u0007b\nc',
		body: '\u001b[31mred\u001b[0m\u0000\nsecond\ttab\ud800',
		format: 'text',
	} as const;
	expect(en(episode, said)).toMatchObject({ title: 'ab c', body: 'red\nsecond\ttab\ufffd' });
	expect(en({ ...episode, item: undefined }, { body: '\u0001\u0002', format: 'text' }).body).toMatch(/^▶ Alice/);
	const fields = [{ name: 'N\u0008', value: 'V\u009f' }];
	expect(en(episode, { fields }).fields).toEqual([{ name: 'N', value: 'V' }]);
});

test('what was said on an issue stands before what it is about', () => {
	const { body, fields } = en({
		...episode,
		type: 'issue.commented',
		text: 'No sound',
		facts: { comment: 'Here too' },
	});
	expect(body).toMatch(/^Here too\n\nNo sound\n\n/);
	expect(fields).toBeUndefined();
});

test('a stop tells how far one got', () => {
	const stopped: MediaEvent = { ...episode, type: 'playback.stopped', playback: { position: 754, percent: 24.2 } };
	expect(en(stopped).body).toMatch(/^24% · 12:34 \/ 52:00\n\n/);
	expect(zh({ ...stopped, item: undefined, playback: { position: 3_725 } }).body).toBe('1:02:05');
	// At the start nobody wants to know.
	expect(en({ ...stopped, type: 'playback.started' }).body).not.toMatch(/24%/);
});

test('text from outside stays text', () => {
	const nasty = '*_[x](http://evil.example)`#';
	const message = en({
		...episode,
		text: `${nasty}\nsecond`,
		item: { ...episode.item!, title: nasty, overview: nasty, genres: [nasty] },
	});
	expect(message.title).toContain(nasty);
	expect(message.body).toContain(`${escapeMarkdown(nasty)}  \n${escapeMarkdown('second')}`);
	expect(message.body.split(escapeMarkdown(nasty))).toHaveLength(4);
});

test('where there is nothing to add, the body names what the title does not: client, address, server', () => {
	const bare: MediaEvent = { ...episode, item: undefined };
	// The title names the device.
	expect(en(bare).body).toBe('Home');
	expect(en({ ...bare, device: { name: 'Apple TV', client: 'Infuse' } }).body).toBe('Infuse · Home');
	expect(en({ ...bare, device: { name: 'Infuse', client: 'Infuse' } }).body).toBe('Home');
	expect(en({ ...bare, type: 'system.started' }).body).toBe('Apple TV · Home');
	// Who logs in is worth knowing from where.
	expect(en({ ...bare, type: 'user.loggedIn', device: { name: 'Web', address: '192.0.2.9' } }).body).toBe(
		`${escapeMarkdown('192.0.2.9')} · Home`,
	);
	expect(en({ ...bare, device: undefined, server: undefined, type: 'system.started' }).body).toBe(
		escapeMarkdown('🟢 Emby has started'),
	);
});

test('a long overview is cut at a word, never within a character', () => {
	const body = en({ ...episode, item: { ...episode.item!, overview: 'word '.repeat(200) } }).body;
	expect(body.split('\n')[0]).toMatch(/word…$/);
	expect([...body.split('\n')[0]!].length).toBeLessThanOrEqual(281);
	const smileys = en({ ...episode, item: { ...episode.item!, overview: '😀'.repeat(400) } }).body.split('\n')[0]!;
	expect(smileys).toBe(`${'😀'.repeat(280)}…`);
	const exact = en({ ...episode, item: { ...episode.item!, overview: '😀'.repeat(280) } }).body.split('\n')[0]!;
	expect(exact).toBe('😀'.repeat(280));
	const work = workOf(() => en({ ...episode, item: { ...episode.item!, overview: 'x'.repeat(10_000_000) } }));
	expect(work).toBeLessThan(5 * 10_000_000);
});

describe('labels', () => {
	const label = (item: Partial<NonNullable<MediaEvent['item']>>, language: 'en' | 'zh' = 'en') =>
		labelOf({ kind: 'other', title: 'T', ids: {}, ...item }, language);
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

test('a name is no longer than a name', () => {
	const { title } = en({
		...episode,
		user: { name: 'a'.repeat(5_000) },
		item: { ...episode.item!, series: 'b'.repeat(5_000) },
	});
	expect(title).toMatch(/^▶ a{500}… is watching b{500}… S02E03/);
});

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

describe('keys', () => {
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
		const { body } = en({ ...episode, type: 'playback.progress', playback: { position: 119, percent: 3.8 } });
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
	test('a message’s own key holds for a moment', () => {
		const later = (minutes: number) =>
			en({ ...episode, time: new Date(Date.parse('2025-01-02T03:04:00Z') + minutes * 60_000).toISOString() }).key;
		expect(later(1)).toBe(later(0));
		expect(later(5)).not.toBe(later(0));
	});
});

describe('templates of the user’s own', () => {
	test('replace title and body; values are escaped', () => {
		const message = composeEventMessage(
			{ ...episode, item: { ...episode.item!, title: '*x*' } },
			{
				language: 'en',
				titleTemplate: '{{ user.name }}\n {{ item.title }}',
				bodyTemplate: '**{{ item.title }}** {{ body | raw | truncate: 8 }}',
			},
		);
		expect(message.title).toBe('Alice *x*');
		expect(message.body.startsWith(`**${escapeMarkdown('*x*')}** `)).toBe(true);
		expect(message.format).toBe('markdown');
	});
	test('see no picture that only this side can: no key, no local address, no bytes', () => {
		const shown = (poster: NonNullable<MediaEvent['item']>['poster']) => {
			const { title, body } = composeEventMessage(
				{ ...episode, item: { ...episode.item!, poster } },
				{
					language: 'en',
					titleTemplate: 'T {{ item.poster.url }}',
					bodyTemplate:
						'{{ item.poster.url | raw }} {{ event.item.poster.url | raw }} {{ event | json | raw }}',
				},
			);
			return `${title} ${body}`;
		};
		expect(shown({ url: 'http://192.168.1.10:8096/Items/7?api_key=s3cret' })).not.toMatch(/192\.168|s3cret/);
		expect(shown({ url: 'https://media.example/Items/7?api_key=s3cret' })).not.toMatch(/s3cret/);
		expect(shown({ data: new Uint8Array([7, 7]), mime: 'image/jpeg' })).not.toMatch(/"data"|poster/);
		expect(shown({ url: 'https://p.example/1.jpg' })).toMatch(
			/^T https:\/\/p\.example\/1\.jpg https:\/\/p\.example\/1\.jpg https:/,
		);
	});
	test('one that gives nothing keeps the default', () => {
		const message = composeEventMessage(episode, {
			language: 'en',
			titleTemplate: '{{ nothing }}',
			bodyTemplate: ' ',
		});
		expect(message.title).toMatch(/^▶ Alice/);
		expect(message.body).toMatch(/IMDb/);
	});
	test('the sentence is there as Markdown, with the work in italics', () => {
		const { body } = composeEventMessage(episode, { language: 'en', bodyTemplate: '{{ sentence | raw }}' });
		expect(body).toBe(`▶ Alice is watching *Severance* S02E03 · ${escapeMarkdown('Who Is Alive?')} on Apple TV`);
	});
	test('apply to what senders worded too', () => {
		const message = composeEventMessage(
			episode,
			{ language: 'en', bodyTemplate: 'New: {{ body }}' },
			{ title: 'T', body: 'B_', format: 'text' },
		);
		expect(message).toMatchObject({ title: 'T', body: `New: ${escapeMarkdown('B_')}`, format: 'markdown' });
	});
});

test('what the sender worded stands in place of the defaults', () => {
	expect(en(episode, { title: 'T', body: 'B', format: 'text', level: 'failure', to: 'x' })).toMatchObject({
		title: 'T',
		body: 'B',
		format: 'text',
		level: 'failure',
		to: 'x',
	});
	// A body alone gets no invented title; a title alone becomes the body.
	expect(en(episode, { body: 'B' })).not.toHaveProperty('title');
	expect(en(episode, { title: 'T', body: '' })).toMatchObject({ title: undefined, body: 'T', format: 'text' });
	// Neither of them: what is known, rather than an empty message; a picture says enough.
	const silent: MediaEvent = { source: 'qinglong', type: 'message', rawType: 'notify', time: episode.time, raw: {} };
	expect(en(silent, { body: ' ', format: 'text' })).toMatchObject({
		body: 'ℹ️ Message from Qinglong',
		format: 'text',
	});
	expect(zh({ ...silent, source: 'custom' }, { body: '' }).body).toBe('ℹ️ 消息');
	expect(en(silent, { body: '', image: { url: 'https://p.example/1.jpg' } })).toMatchObject({ body: '' });
});

test('fields hold the small print that the sentence does not tell', () => {
	const message = zh({
		...episode,
		type: 'download.upgraded',
		facts: { quality: '2160p', size: '4.0 GB' },
		item: { ...episode.item!, library: '电视剧' },
	});
	expect(message.title).toBe('⬆️ 洗版完成：Severance S02E03 · Who Is Alive?（2160p）');
	expect(message.fields).toEqual([
		{ name: '媒体库', value: '电视剧', short: true },
		{ name: '大小', value: '4.0 GB', short: true },
	]);
});

test('posters become the image, by address or bytes', () => {
	const withPoster = (poster: NonNullable<MediaEvent['item']>['poster']) =>
		en({ ...episode, item: { ...episode.item!, poster, url: 'https://m.example/7' } });
	expect(withPoster({ url: 'https://p.example/1.jpg' })).toMatchObject({
		image: { url: 'https://p.example/1.jpg' },
		url: 'https://m.example/7',
	});
	const data = Uint8Array.from([1]);
	expect(withPoster({ data, mime: 'image/jpeg' }).image).toEqual({ data, mime: 'image/jpeg', name: 'poster.jpg' });
});
