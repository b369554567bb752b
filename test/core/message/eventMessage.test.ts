import { eventTypes, isEventType, type EventType, type MediaEvent } from '../../../src/core/message/event';
import { composeEventMessage } from '../../../src/core/message/eventMessage';
import { sentences } from '../../../src/core/message/sentences';
import { escapeMarkdown } from '../../../src/core/markup';
import { workOf } from '../../work';
import { episode } from './episode';

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

test('a name is no longer than a name', () => {
	const { title } = en({
		...episode,
		user: { name: 'a'.repeat(5_000) },
		item: { ...episode.item!, series: 'b'.repeat(5_000) },
	});
	expect(title).toMatch(/^▶ a{500}… is watching b{500}… S02E03/);
});

test('a message’s own key holds for a moment', () => {
	const later = (minutes: number) =>
		en({ ...episode, time: new Date(Date.parse('2025-01-02T03:04:00Z') + minutes * 60_000).toISOString() }).key;
	expect(later(1)).toBe(later(0));
	expect(later(5)).not.toBe(later(0));
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
