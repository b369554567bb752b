import type { Carried } from '../../../src/core/message/carried';
import { digestOf } from '../../../src/core/message/digest';
import type { MediaEvent, MediaItem } from '../../../src/core/message/event';
import { composeEventMessage } from '../../../src/core/message/eventMessage';
import type { Message } from '../../../src/core/message/message';
import type { Language } from '../../../src/core/base/language';

const time = '2026-11-28T12:00:00Z';

/** What a media server tells of an item. */
function told(item: Partial<MediaItem>, more: Partial<MediaEvent> = {}, language: Language = 'en'): Carried {
	const event: MediaEvent = {
		...{ source: 'emby', type: 'library.added', rawType: 'library.new', time, raw: {} },
		item: { kind: 'movie', title: '', ids: {}, ...item },
		...more,
	};
	return { event, message: composeEventMessage(event, { language }) };
}
const episode = (season: number, number: number, more: Partial<MediaItem> = {}, language?: Language) =>
	told(
		{
			...{ kind: 'episode', series: 'Severance', title: `Part ${number}`, season, episode: number },
			poster: { url: 'https://img.example/severance.jpg' },
			...more,
		},
		{},
		language,
	);
const note = (title: string | undefined, body: string, more: Partial<Message> = {}): Carried => ({
	message: { ...(title !== undefined && { title }), body, format: 'text', ...more },
});
const task = (name: string, isGood: boolean, body = ''): Carried => {
	const type = isGood ? 'task.completed' : 'task.failed';
	return {
		event: { source: 'qd', type, rawType: 'push', time, raw: {} },
		message: { title: name, body, type, level: isGood ? 'success' : 'failure', format: 'text' },
	};
};
const en = (parts: Carried[], shown = 20, counted = 0) => digestOf(parts, { language: 'en', shown, counted });
const zh = (parts: Carried[], shown = 20, counted = 0) => digestOf(parts, { language: 'zh', shown, counted });

test('episodes of one show are told by their numbers, in order, each once', () => {
	const all = [5, 2, 3, 4, 7, 3].map((number) => episode(1, number));
	expect(en(all)).toMatchObject({
		title: '📺 Severance S01E02–E05, E07 (5 new)',
		body: [2, 3, 4, 5, 7].map((number) => `- S01E0${number} · Part ${number}`).join('\n'),
		image: { url: 'https://img.example/severance.jpg' },
		type: 'library.added',
		level: 'success',
	});
	expect(zh(all).title).toBe('📺 Severance S01E02–E05、E07（新增 5 集）');
});

test.each([
	[
		[
			[1, 1],
			[1, 2],
		],
		'S01E01–E02',
	],
	[
		[
			[1, 10],
			[2, 1],
			[2, 2],
		],
		'S01E10, S02E01–E02',
	],
	[
		[
			[0, 1],
			[1, 1],
		],
		'S00E01, S01E01',
	],
])('over several seasons %j is %s', (numbers, label) =>
	expect(en(numbers.map(([season, number]) => episode(season!, number!))).title).toContain(`Severance ${label} (`),
);

test('a double episode and a list of them count by what they hold', () => {
	const all = [episode(1, 1, { episodeEnd: 2 }), episode(1, 5, { episode: undefined, episodes: [4, 5] })];
	expect(en(all).title).toBe('📺 Severance S01E01–E02, E04–E05 (4 new)');
});

test('what is not an arrival says what it was', () => {
	const all = [1, 2].map((number) => ({
		...episode(1, number),
		event: { ...episode(1, number).event!, type: 'playback.finished' },
	}));
	expect([en(all).title, zh(all).title]).toEqual([
		'Watched to the end: Severance S01E01–E02 (2)',
		'播放完成：Severance S01E01–E02（2 集）',
	]);
});

test('several shows, films and albums: a line each', () => {
	const all = [
		episode(1, 1),
		told({ kind: 'movie', title: 'Dune', year: 2021 }),
		episode(1, 2),
		episode(2, 1, { series: 'Andor', title: 'One Year Later' }),
		...['Clap Hands', 'Singapore'].map((title) =>
			told({ kind: 'track', title, artist: 'Tom Waits', album: 'Rain Dogs' }),
		),
	];
	expect(en(all)).toMatchObject({
		title: '🆕 6 new in the library',
		body: [
			'- 📺 *Severance* S01E01–E02 (2 new)',
			'- 🎬 New movie: Dune (2021)',
			'- 📺 *Andor* S02E01 (1 new)',
			'- 🎵 Tom Waits – *Rain Dogs* (2 tracks)',
		].join('\n'),
	});
	expect(en(all).image).toBeUndefined();
	expect(zh(all).title).toBe('🆕 媒体库新增 6 项');
});

test('an album by its tracks, with the cover', () => {
	const all = ['Clap Hands', 'Singapore'].map((title) =>
		told({ kind: 'track', title, artist: 'Tom Waits', album: 'Rain Dogs', poster: { url: 'https://i.example/c' } }),
	);
	expect(en(all)).toMatchObject({
		title: '🎵 Tom Waits – Rain Dogs (2 tracks)',
		image: { url: 'https://i.example/c' },
	});
	expect(en(all).body).toMatch(/Clap Hands[^]*Singapore/);
	expect(zh(all).title).toBe('🎵 Tom Waits – Rain Dogs（2 首）');
});

test('tasks are counted by how they went, what failed first, with its reason', () => {
	const all = [
		task('Backup', true),
		task('Sign in', false, 'Cookie expired'),
		task('Backup', true),
		task('Scan', true),
	];
	expect(en(all)).toMatchObject({
		title: '❌ 1 task failed, ✅ 3 tasks completed',
		body: '- ❌ Sign in  \n  Cookie expired\n- ✅ Backup ×2\n- ✅ Scan',
		level: 'failure',
	});
	expect(zh(all).title).toBe('❌ 1 个任务失败，✅ 3 个任务成功');
	expect(en(all).type).toBeUndefined();
});

test('anything else by its title and what it says, kept as it is', () => {
	const all = [note('Disk', 'sda1 is 91% full\n\n*really*'), note(undefined, 'Hello\nworld', { level: 'warning' })];
	expect(en(all)).toMatchObject({
		title: '2 notifications',
		body: '- Disk  \n  sda1 is 91% full  \n  \\*really\\*\n- Hello  \n  world',
		level: 'warning',
	});
	expect(zh(all).title).toBe('2 条通知');
});

test('links are kept, of each line and of episodes that stand in one', () => {
	const linked = [episode(1, 1, { url: 'https://e.example/1' }), episode(1, 2, { url: 'https://e.example/2' })];
	expect(en(linked).body).toBe(
		'- [S01E01 · Part 1](<https://e.example/1>)\n- [S01E02 · Part 2](<https://e.example/2>)',
	);
	const mixed = [...linked, note('Disk', '', { url: 'https://e.example/a b' })];
	expect(en(mixed).body).toBe(
		[
			'- 📺 *Severance* S01E01–E02 (2 new) · [S01E01](<https://e.example/1>) [S01E02](<https://e.example/2>)',
			'- [Disk](<https://e.example/a%20b>)',
		].join('\n'),
	);
	expect(en(mixed).url).toBeUndefined();
	expect(en([1, 2].map((n) => note(`${n}`, '', { url: 'https://e.example/' }))).url).toBe('https://e.example/');
});

test('past what is to be named it is said how many more there are, those that were only counted among them', () => {
	const all = Array.from({ length: 57 }, (_, n) => note(`n${n}`, ''));
	expect(en(all).body.split('\n').slice(-2)).toEqual(['', '… and 37 more']);
	expect(en(all).body.split('\n').length).toBe(22);
	expect(zh(all, 20, 3).body).toMatch(/……另有 40 条$/);
	expect(en(all, 20, 3).title).toBe('60 notifications');
	const shows = Array.from({ length: 30 }, (_, n) => episode(1, 1, { series: `Show ${n}` }));
	expect(en(shows).body).toMatch(/… and 10 more$/);
	expect(en(shows).title).toBe('📺 30 new in the library');
});

test('the level is the worst, and what all share is shared: nobody is rung for another', () => {
	const message = en([
		note('a', '', { level: 'info', to: 'ann', silent: true, mentions: ['1'] }),
		note('b', '', { level: 'failure', to: 'ann', silent: true, mentions: ['2', '1'] }),
	]);
	expect(message).toMatchObject({ level: 'failure', to: 'ann', silent: true, mentions: ['1', '2'] });
	const apart = en([note('a', '', { to: 'ann', silent: true }), note('b', '', { to: 'bob' })]);
	expect(apart.to).toBeUndefined();
	expect(apart.silent).toBeUndefined();
});

test('markup in names stays text, and what says nothing is a line all the same', () => {
	const message = en([note('*a* [b](c)', ''), note('', ''), note('</b>', '')]);
	expect(message.body).toBe('- \\*a\\* \\[b\\](c)\n- …\n- \\</b>');
});

test('a body in Markdown or HTML is told in plain words', () => {
	const message = en([
		{ message: { title: 'a', body: '**bold** and [link](https://e.example/x)' } },
		{ message: { title: 'b', body: '<p>one</p><p>two</p>', format: 'html' } },
	]);
	expect(message.body).toMatch(/bold and link/);
	expect(message.body).toMatch(/one {2}\n {2}two/);
});
