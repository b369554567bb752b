import { second } from '../../src/core/base/wallClock';
import { dedupe } from '../../src/flow/dedupe/dedupe.flow';
import { fc, runs } from '../property';
import { flowBench } from './flowBench';

const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

interface About {
	source?: string;
	type?: string;
	user?: string;
	path?: string;
	quality?: string;
	item?: object;
	[more: string]: unknown;
}

const film = { kind: 'movie', title: 'Metropolis', year: 1927, ids: { tmdb: '19', imdb: 'tt0017136' } };
const episode = (number: number, more: object = {}) => ({
	...{ kind: 'episode', series: 'Severance', title: `Part ${number}`, season: 1, episode: number },
	...{ ids: { tmdb: '95396' }, idsOf: 'series', ...more },
});

/** As a trigger of ours gives it; each has words of its own. */
let words = 0;
function told({ source = 'emby', type = 'library.added', user, path, quality, item = film, ...more }: About = {}) {
	return {
		message: { title: `Said ${words++}`, body: 'so', type },
		event: {
			...{ source, type, rawType: 'x', time: '' },
			item: { ...item, ...(path && { path }) },
			...(user && { user: { id: user, name: user } }),
			...(quality && { facts: { quality } }),
			...more,
		},
	};
}

function bench(raw: object = {}) {
	const made = flowBench(dedupe, raw);
	const { out, put } = made;
	/** Where it comes out, and what is known of it then. */
	const hear = async (content: object, more: object = {}) => {
		const before = out.length;
		await put(content, more);
		expect(out.length).toBe(before + 1);
		const { output, content: on } = out.at(-1)!;
		const facts = on.carillon?.dedupe as { what: string } | undefined;
		return facts ? `${output} ${facts.what}` : String(output);
	};
	return { ...made, hear };
}

test('the first comes out as it came, what tells the same within the window by the second output', async () => {
	const { hear, out, clock, keys } = bench();
	const first = told();
	expect(await hear(first)).toBe('0');
	expect(out[0]!.content).toEqual(first);
	await clock.advance(hour - 1);
	expect([await hear(told({ source: 'jellyfin' })), await hear(told({ user: 'ada' }))]).toEqual([
		'1 repeat',
		'1 repeat',
	]);
	expect(out.at(-1)!.content.carillon).toEqual({
		dedupe: { what: 'repeat', times: 2, since: '2027-01-15T08:00:00.000Z' },
	});
	// A window begins with the one that was let through: what goes on and on is told once an hour.
	await clock.advance(1);
	expect(await hear(told())).toBe('0');
	expect((await keys()).length).toBe(1);
});

test('what is told counts: of one film several things are news', async () => {
	const { hear } = bench();
	const types = ['library.added', 'playback.started', 'playback.stopped', 'request.available'];
	for (const expected of ['0', '1 repeat'])
		for (const type of types) expect([type, await hear(told({ type }))]).toEqual([type, expected]);
});

test('each film and each episode is another; an id that all know says which', async () => {
	const { hear } = bench();
	const items = [
		film,
		{ ...film, ids: { tmdb: '20' } },
		{ ...film, kind: 'series', ids: { tmdb: '19' } },
		episode(1),
		episode(2),
		episode(1, { season: 2 }),
		episode(1, { episodeEnd: 3 }),
		episode(1, { episodes: [1, 3] }),
		episode(1, { furtherSeasons: [{ season: 2, episode: 1 }] }),
		episode(1, { ids: { tvdb: '7' } }),
		{ kind: 'season', series: 'Severance', title: 'Season 1', season: 1, ids: { tmdb: '95396' } },
	];
	for (const item of items) expect([item, await hear(told({ item }))]).toEqual([item, '0']);
	// Other senders know more, or fewer, of its ids and its names.
	const again = [
		{ kind: 'movie', title: '大都会', ids: { tmdb: '19' } },
		episode(2, { title: '半环', series: '人生切割术', ids: { tmdb: '95396', tvdb: '371980' } }),
	];
	for (const item of again) expect([item, await hear(told({ item, source: 'plex' }))]).toEqual([item, '1 repeat']);
});

test.each([
	['an episode whose number nobody tells', { item: episode(1, { episode: undefined }) }],
	['several of a series at once', { item: { kind: 'series', title: 'Severance', ids: { tmdb: '95396' } }, count: 3 }],
	['a season without its number', { item: { kind: 'season', title: 'Extras', ids: { tmdb: '95396' } } }],
	['an item without ids', { item: { kind: 'movie', title: 'Home film', ids: {} } }],
	['a comment', { type: 'issue.commented' }],
	['subtitles', { type: 'subtitle.downloaded' }],
	['a mark', { type: 'item.rated' }],
])('%s is known by its words', async (_, about) => {
	const { hear } = bench();
	const one = told(about);
	expect(await hear(one)).toBe('0');
	expect(await hear(told(about))).toBe('0');
	expect(await hear(one)).toBe('1 repeat');
});

test('of what no item is told of, title and text count, whatever else it says', async () => {
	const { hear } = bench();
	const said = (title: string | undefined, body: string, more: object = {}) => ({
		message: { title, body, ...more },
	});
	expect(await hear(said('Backup', 'done'))).toBe('0');
	expect(await hear(said('Backup', 'done', { level: 'success', type: 'task.completed', time: '2027' }))).toBe(
		'1 repeat',
	);
	for (const other of [said('Backup', 'failed'), said(undefined, 'Backup\ndone'), said('Backupdone', '')])
		expect(await hear(other)).toBe('0');
	// Whatever has no shape at all is something as well.
	for (const content of [{ message: 'plain' }, { a: 1 }, {}, { message: null }, { event: 3 }]) {
		expect([content, await hear(content)]).toEqual([content, '0']);
		expect([content, await hear(content)]).toEqual([content, '1 repeat']);
	}
	// Without words it is all that it says.
	const picture = (url: string) => said(undefined, '', { image: { url } });
	expect([
		await hear(picture('https://a/1')),
		await hear(picture('https://a/2')),
		await hear(picture('https://a/1')),
	]).toEqual(['0', '0', '1 repeat']);
});

test('in Node-RED’s messages likewise', async () => {
	const { put, out } = bench();
	for (const payload of ['x', 'x', { title: 'x', body: '' }, ['x'], 7])
		await put({ payload, _msgid: String(out.length) }, {}, { place: 'payload' });
	expect(out.map(({ output }) => output)).toEqual([0, 1, 0, 0, 0]);
	await put({ payload: 'y', topic: 'x' }, {}, { place: 'payload' });
	expect(out.at(-1)!.output).toBe(0);
});

test('users are one, or each for himself; recipients never are one', async () => {
	const merged = bench();
	expect([await merged.hear(told({ user: 'ada' })), await merged.hear(told({ user: 'bob' }))]).toEqual([
		'0',
		'1 repeat',
	]);
	const apart = bench({ users: false });
	const heard = [];
	for (const user of ['ada', 'bob', undefined, 'ada', undefined]) heard.push(await apart.hear(told({ user })));
	expect(heard).toEqual(['0', '0', '0', '1 repeat', '1 repeat']);
	const to = bench({ key: 'one' });
	const send = (whom: object) => to.hear({ message: { body: 'x', ...whom } });
	expect([
		await send({ to: 'ada' }),
		await send({ to: 'bob' }),
		await send({ audience: 'admin' }),
		await send({ to: 'bob' }),
	]).toEqual(['0', '0', '0', '1 repeat']);
});

test('a key of one’s own says all', async () => {
	const { hear } = bench();
	const key = { key: 'my key' };
	expect(await hear(told(), key)).toBe('0');
	expect(await hear(told({ type: 'playback.started', item: episode(3) }), key)).toBe('1 repeat');
	expect(await hear(told(), { key: 'another' })).toBe('0');
	expect(await hear(told(), { key: 'x'.repeat(5_000) })).toBe('0');
	expect(await hear(told(), { key: `${'x'.repeat(5_000)}y` })).toBe('0');
});

describe('upgrades', () => {
	const radarr = (about: About = {}) => told({ source: 'radarr', type: 'download.imported', ...about });

	test('another file, or quality, of the same item is told within the window, marked', async () => {
		const { hear, out, clock } = bench();
		await hear(told({ path: '/films/a.mkv' }));
		await clock.advance(minute);
		expect(await hear(told({ path: '/films/b.mkv' }))).toBe('0 upgrade');
		expect(out.at(-1)!.content).toMatchObject({
			message: { type: 'download.upgraded', fields: [{ name: 'Upgrade', value: 'another file', short: true }] },
			event: { type: 'download.upgraded', rawType: 'x' },
		});
		expect(await hear(told({ path: '/films/b.mkv' }))).toBe('1 repeat');
		await clock.advance(29 * day);
		expect(await hear(told({ path: '/films/c.mkv' }))).toBe('0 upgrade');
		const { hear: hearRadarr, out: ofRadarr } = bench({ language: 'zh' });
		await hearRadarr(radarr({ quality: 'WEBDL-1080p' }));
		expect(await hearRadarr(radarr({ quality: 'Bluray-2160p' }))).toBe('0 upgrade');
		expect(ofRadarr.at(-1)!.content).toMatchObject({
			message: { fields: [{ name: '洗版升级', value: 'WEBDL-1080p → Bluray-2160p' }] },
			carillon: { dedupe: { what: 'upgrade', from: 'WEBDL-1080p', to: 'Bluray-2160p' } },
		});
	});

	test('an event of its sender is one, where the item is known, and says so itself', async () => {
		const { hear, out, clock } = bench();
		const upgrade = (quality: string) => radarr({ type: 'download.upgraded', quality });
		// Of what was never heard of it is the first.
		expect(await hear(upgrade('720p'))).toBe('0');
		expect(await hear(upgrade('720p'))).toBe('1 repeat');
		const given = upgrade('1080p');
		expect(await hear(given)).toBe('0 upgrade');
		expect(out.at(-1)!.content.message).toEqual(given.message);
		await clock.advance(2 * hour);
		expect(await hear(upgrade('1080p'))).toBe('0 upgrade');
		const other = bench();
		await other.hear(told());
		expect(await other.hear(radarr({ type: 'download.upgraded' }))).toBe('0 upgrade');
	});

	test('all who know of it tell of one upgrade', async () => {
		const { hear, clock } = bench();
		for (const source of ['emby', 'jellyfin', 'plex']) await hear(told({ source, path: `/${source}/a.mkv` }));
		await hear(radarr({ quality: '1080p' }));
		await clock.advance(5 * day);
		expect(await hear(radarr({ type: 'download.upgraded', quality: '2160p' }))).toBe('0 upgrade');
		const heard = [];
		for (const source of ['emby', 'emby', 'jellyfin', 'plex', 'jellyfin'])
			heard.push(await hear(told({ source, path: `/${source}/b.mkv` })));
		expect(heard).toEqual(Array.from(heard, () => '1 repeat'));
		// The next one within the window, too.
		expect(await hear(told({ path: '/emby/c.mkv' }))).toBe('1 repeat');
		expect(await hear(radarr({ type: 'download.upgraded', quality: '2160p HDR' }))).toBe('0 upgrade');
	});

	test.each([
		['drop', '1 upgrade', 'library.added'],
		['pass', '0 upgrade', 'library.added'],
		['mark', '0 upgrade', 'download.upgraded'],
	])('%s', async (upgrades, expected, type) => {
		const { hear, out } = bench({ upgrades });
		await hear(told({ path: '/a' }));
		expect(await hear(told({ path: '/b' }))).toBe(expected);
		const { message, event } = out.at(-1)!.content;
		expect([message!.type, (event as { type: string }).type]).toEqual([type, type]);
		expect(await hear(told({ path: '/b' }))).toBe('1 repeat');
	});

	test.each([
		['after 30 days', {}, 30 * day, '0'],
		['by an unknown path', { path: undefined }, 0, '1 repeat'],
		['by another path of another sender', { source: 'jellyfin', path: '/mnt/a.mkv' }, 0, '1 repeat'],
		['where it is only called otherwise', { type: 'library.updated', path: '/c' }, 0, '0'],
		['where it is played', { type: 'playback.started', path: '/c' }, 0, '0'],
		['where it is another item', { item: { ...film, ids: { tmdb: '20' } }, path: '/b' }, 0, '0'],
	])('%s it is none', async (_, about, after, expected) => {
		const { hear, clock } = bench();
		await hear(told({ path: '/a' }));
		await clock.advance(after);
		expect(await hear(told({ path: '/b', ...about }))).toBe(expected);
	});

	test('under a key of one’s own it has to be the same item', async () => {
		const { hear } = bench({ key: 'all' });
		expect([
			await hear(told({ path: '/a' })),
			await hear(told({ path: '/e1', item: episode(1) })),
			await hear(told({ path: '/e1.4k', item: episode(1) })),
		]).toEqual(['0', '1 repeat', '0 upgrade']);
	});

	test('an item without ids that is told in the same words', async () => {
		const { hear } = bench();
		const one = (path: string) => ({
			...told({ item: { kind: 'movie', title: 'Home', ids: {} }, path }),
			message: { body: 'Home' },
		});
		expect([await hear(one('/a')), await hear(one('/a')), await hear(one('/b'))]).toEqual([
			'0',
			'1 repeat',
			'0 upgrade',
		]);
	});
});

test('what others have added stays beside what this node adds', async () => {
	const { hear, out } = bench();
	await hear({ message: 'x', carillon: { digest: { count: 2 } } });
	await hear({ message: 'x', carillon: { digest: { count: 2 } } });
	expect(out[1]!.content.carillon).toMatchObject({ digest: { count: 2 }, dedupe: { what: 'repeat' } });
});

test('reset forgets a key, or all; a window that was set otherwise holds for what is remembered', async () => {
	const { hear, command, keys, clock } = bench();
	for (const key of ['a', 'b']) await hear(told(), { key });
	await command('reset', 'a');
	expect([await hear(told(), { key: 'a' }), await hear(told(), { key: 'b' })]).toEqual(['0', '1 repeat']);
	await command('reset');
	expect(await keys()).toEqual([]);
	await hear(told(), { key: 'a' });
	await clock.advance(2 * hour);
	expect(await hear(told(), { key: 'a', window: 3 * 3_600 })).toBe('1 repeat');
	expect(await hear(told(), { key: 'a' })).toBe('0');
});

test('it is memory without a timer: nothing wakes it, and it is gone when nothing was heard for 30 days', async () => {
	const { hear, nextDue, clock, store, keys, start } = bench();
	const running = start();
	await hear(told());
	expect(await nextDue()).toBeUndefined();
	await clock.advance(30 * day - hour);
	await store.prune();
	expect((await keys()).length).toBe(1);
	await clock.advance(2 * hour);
	await store.prune();
	expect(await keys()).toEqual([]);
	await running.close();
});

test('many types and senders under one key are bounded; those of late are remembered', async () => {
	const { hear, store, keys } = bench({ upgrades: 'mark' });
	for (let n = 0; n < 200; n++) await hear(told({ type: `made.up${n}`, source: `s${n}`, path: '/a' }));
	const [key] = await keys();
	await store.transact('w:n', key!, [], ({ state }) => {
		const { told, heard } = state as { told: object; heard: object };
		expect([Object.keys(told).length, Object.keys(heard).length]).toEqual([32, 16]);
		return {};
	});
	expect(await hear(told({ type: 'made.up199', source: 's0' }))).toBe('1 repeat');
});

test.each([
	['a window of 0', { window: 0 }, 'window'],
	['a window of a year', { window: 366 * 86_400 }, 'window'],
	['a window that is no number', { window: 'long' }, 'window'],
	['an unknown choice', { upgrades: 'ignore' }, 'upgrades'],
])('%s is told at the field', (_, raw, field) =>
	expect(() => flowBench(dedupe).valuesOf(raw)).toThrow(expect.objectContaining({ class: 'Invalid', field })),
);

// A model: a list of all that was told, looked through each time.

interface Line {
	at: number;
	item: string;
	type: string;
	source: string;
	user: string;
	path?: string;
	isUpgrade: boolean;
	isFirst: boolean;
}

test('what comes out where is what a list of all that came says', async () => {
	const one = fc.record({
		do: fc.constant('put' as const),
		item: fc.constantFrom('19', '20'),
		source: fc.constantFrom('emby', 'radarr'),
		type: fc.constantFrom('library.added', 'download.upgraded', 'playback.started'),
		user: fc.constantFrom('ada', 'bob'),
		path: fc.constantFrom('/a', '/b', undefined),
	});
	const doing = fc.oneof(
		{ weight: 8, arbitrary: one },
		{
			weight: 3,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 2 * hour }) }),
		},
		{
			weight: 1,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 * day }) }),
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(doing, { minLength: 1, maxLength: 40 }),
			fc.constantFrom('drop', 'mark', 'pass'),
			fc.boolean(),
			async (steps, upgrades, users) => {
				const { put, out, clock, command, store } = bench({ upgrades, users });
				let lines: Line[] = [];
				const expected: string[] = [];
				for (const each of steps) {
					if (each.do === 'wait') await clock.advance(each.ms);
					else if (each.do === 'reset') {
						await command('reset');
						lines = [];
					} else {
						const { item, source, type, user, path } = each;
						await put(told({ source, type, user, path, item: { ...film, ids: { tmdb: item } } }));
						const now = clock.now();
						const same = lines.filter((line) => line.item === item && (users || line.user === user));
						const latest = (lines: Line[]) => lines.at(-1);
						const known = same.filter(({ at }) => at > now - 30 * day);
						const ofSource = same.filter((line) => line.source === source);
						// What it has heard of, without a pause of 30 days.
						let isGap = (latest(ofSource)?.at ?? 0) <= now - 30 * day;
						let file: string | undefined;
						for (let at = ofSource.length - 1; at >= 0 && !isGap && file === undefined; at--) {
							if (ofSource[at]!.type !== 'playback.started') file = ofSource[at]!.path;
							isGap = at > 0 && ofSource[at - 1]!.at <= ofSource[at]!.at - 30 * day;
						}
						const isOther =
							type !== 'playback.started' && file !== undefined && path !== undefined && file !== path;
						const isUpgrade = isOther || (type === 'download.upgraded' && known.length > 0);
						const slot = isUpgrade ? 'download.upgraded' : type;
						const first = latest(same.filter((line) => line.isFirst && toldAs(line).includes(slot)));
						const isRepeat =
							first !== undefined && first.at > now - hour && !(isOther && first.source === source);
						const output = isRepeat || (isUpgrade && upgrades === 'drop') ? 1 : 0;
						expected.push(isRepeat ? '1 repeat' : isUpgrade ? `${output} upgrade` : '0');
						const line = { at: now, item, type, source, user, path, isUpgrade };
						lines.push({ ...line, isFirst: !isRepeat });
						// An upgrade that another sender told before is told of this type as well, then.
						if (isRepeat && isUpgrade)
							lines.push({
								...line,
								...{ at: first.at, source: first.source, isFirst: true, path: undefined },
							});
					}
				}
				const heard = out.map(({ output, content }) => {
					const facts = content.carillon?.dedupe as { what: string } | undefined;
					return facts ? `${output} ${facts.what}` : String(output);
				});
				expect(heard).toEqual(expected);
				await store.close();
			},
		),
		{ numRuns: runs(100) },
	);
}, 60_000);

const toldAs = ({ type, isUpgrade }: Line) => (isUpgrade ? ['download.upgraded', type] : [type]);
