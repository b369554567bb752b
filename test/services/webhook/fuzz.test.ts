import { fc, runs as often } from '../../property';
import { Refusal, type Received } from '../../../src/core/define/trigger';
import { senders } from '../../../src/services/senders';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { holds, longRun, withLongRun } from '../../longRun';
import { quickly } from '../../work';
import { receiving } from './receiving';

const runs = often(1_000);

const samples: readonly object[] = [
	{
		Event: 'playback.start',
		Date: '2025-08-20T09:35:38.75Z',
		User: { Name: 'A', Id: 'x' },
		Server: { Name: 'S' },
		Session: { DeviceName: 'D' },
		PlaybackInfo: { PositionTicks: 5 },
		Item: {
			Type: 'Episode',
			Name: 'N',
			SeriesName: 'S',
			SeriesId: '1',
			IndexNumber: 1,
			ParentIndexNumber: 1,
			ProviderIds: { Imdb: 'tt123' },
			ExternalUrls: [{ Name: 'IMDb', Url: 'u' }],
			Genres: ['g'],
			ImageTags: { Primary: 't' },
			UserData: { IsFavorite: true },
		},
	},
	{
		NotificationType: 'PlaybackStop',
		ServerUrl: 'http://a:1',
		ItemType: 'Episode',
		Name: 'N',
		SeriesName: 'S',
		SeasonNumber: '1',
		EpisodeNumber: 2,
		RunTimeTicks: '10',
		PlaybackPositionTicks: 5,
		PlayedToCompletion: 'True',
		Provider_tvdb: '5',
		SaveReason: 'TogglePlayed',
		Genres: 'a, b',
		ItemId: 'i',
	},
	{
		event: 'media.play',
		Account: { id: 1, title: 'A' },
		Server: { title: 'S' },
		Player: { title: 'P' },
		Metadata: {
			type: 'episode',
			title: 'T',
			index: 1,
			parentIndex: 2,
			duration: 5,
			viewOffset: 3,
			Guid: [{ id: 'imdb://tt1' }],
			Genre: [{ tag: 'x' }],
			thumb: '/t',
			key: '/k',
			guid: 'com.plexapp.agents.thetvdb://1/2/3',
		},
	},
	{
		action: 'play',
		media: {
			media_type: 'episode',
			show_name: 'S',
			episode_num: '1-3',
			season_num: '1',
			player: 'P',
			duration: '5',
			unixtime: '1',
		},
	},
	{
		eventType: 'Download',
		series: {
			title: 'S',
			path: '/a/S (2010)',
			tvdbId: 5,
			images: [{ coverType: 'poster', remoteUrl: 'https://a/b' }],
		},
		episodes: [{ episodeNumber: 1, seasonNumber: 2, title: 'T' }],
		episodeFile: { size: 5, quality: 'q' },
		release: { size: 7 },
		downloadInfo: { statusMessages: [{ messages: ['m'] }] },
	},
	{ eventType: 'Grab', movie: { title: 'M', tmdbId: 1, ratings: { value: 5 } }, remoteMovie: { title: 'R' } },
	{
		eventType: 'Grab',
		artist: { name: 'A' },
		albums: [{ title: 'B', releaseDate: '2020-01-01' }],
		instanceName: 'Lidarr',
	},
	{ eventType: 'Grab', author: { name: 'A' }, books: [{ title: 'B' }] },
	{
		notification_type: 'MEDIA_PENDING',
		subject: 'T (2000)',
		message: 'm',
		image: 'https://a/b',
		media: { media_type: 'tv', tmdbId: '1' },
		request: { requestedBy_username: 'A' },
		issue: null,
		comment: {},
		extra: [{ name: 'Seasons', value: '1' }],
	},
	{
		type: 'transfer.complete',
		data: { mediainfo: { title: 'T', type: '电影', tmdb_id: 1 }, meta: { begin_season: 1 } },
	},
	{ title: 'T', content: 'C', imageUrl: 'https://a/b', proxy: true },
	{
		send_to: 'x',
		event: 'group.end',
		result: 0,
		timestamp: '2025-01-01T00:00:00+08:00',
		screenshot: 'A'.repeat(80),
		message: 'm',
		data: null,
	},
	{ title: 'QD定时任务 x 成功', content: 'c' },
	{
		heartbeat: { status: 0, time: '2025-01-02 03:04:05', msg: 'm', ping: 5 },
		monitor: { name: 'N', url: 'https://a' },
		msg: 'm',
	},
	{
		status: 'firing',
		alerts: [
			{
				status: 'firing',
				labels: { alertname: 'A', instance: 'i' },
				annotations: { summary: 's' },
				values: { A: 1 },
				startsAt: '2025-01-01T00:00:00Z',
			},
		],
		commonLabels: { severity: 'warning' },
		groupKey: 'g',
	},
];

const nasty = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.string({ unit: 'grapheme' }),
	fc.constantFrom<unknown>(
		'constructor',
		'__proto__',
		'toString',
		'',
		'\u0000',
		'\ud800',
		'0001-01-01T00:00:00Z',
		'9'.repeat(400),
		'NaN',
		-1,
		1e308,
		0.5,
		null,
		true,
		[],
		{},
		[[]],
		'http://[',
		'https://a/%zz',
		'{{ 7 | times: 7 }}',
		'*_[x](y)`',
		'=HYPERLINK()',
		'\\n\\"',
		'S99E99999999',
	),
);

const places = (value: unknown, path: readonly (string | number)[] = []): (string | number)[][] => [
	[...path],
	...(typeof value === 'object' && value !== null
		? Object.entries(value).flatMap(([key, inner]) =>
				places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
			)
		: []),
];

/** A sender's body in which some values were replaced, removed or renamed. */
const mutated = fc
	.constantFrom(...samples)
	.chain((sample) =>
		fc.tuple(
			fc.constant(sample),
			fc.array(fc.tuple(fc.constantFrom(...places(sample)), nasty, fc.constantFrom('set', 'drop', 'rename')), {
				minLength: 1,
				maxLength: 4,
			}),
		),
	)
	.map(([sample, changes]) => {
		let root: unknown = structuredClone(sample);
		// What is put in twice is not the same one: within itself it would be no JSON.
		for (const [path, given, how] of changes) {
			const value = structuredClone(given);
			const last = path.at(-1);
			const parent = path
				.slice(0, -1)
				.reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], root) as
				Record<string, unknown> | undefined;
			if (last === undefined) root = how === 'set' ? value : root;
			else if (typeof parent !== 'object' || parent === null) continue;
			else if (how === 'set')
				Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
			else delete parent[last];
			if (how === 'rename' && typeof parent === 'object' && parent !== null && !Array.isArray(parent))
				Object.defineProperty(parent, String(JSON.stringify(value)).slice(0, 20), {
					value: 1,
					enumerable: true,
					configurable: true,
					writable: true,
				});
		}
		return JSON.stringify(root) ?? '';
	});

/** Text in which a few characters were lost, doubled or swapped for another. */
const damaged = fc
	.tuple(
		fc.constantFrom(...samples),
		fc.array(
			fc.tuple(
				fc.nat(),
				fc.constantFrom('', '"', '\\', '\n', '{', '}', '[', ']', ',', ':', '\u0000', '&', '=', '%', '<'),
			),
			{ minLength: 1, maxLength: 6 },
		),
	)
	.map(([sample, cuts]) => {
		let text = JSON.stringify(sample);
		for (const [at, put] of cuts) {
			const place = at % (text.length + 1);
			text = text.slice(0, place) + put + text.slice(place + (at % 3));
		}
		return text;
	});

const contentTypes = fc.oneof(
	fc.constantFrom(
		'',
		'application/json',
		'application/json; charset=utf-8',
		'text/plain',
		'application/x-www-form-urlencoded',
		'multipart/form-data',
		'multipart/form-data; boundary=b',
		'multipart/form-data; boundary="',
		'application/json; charset=gbk',
		'text/plain; charset=utf-16le',
		'text/plain; charset=x-none',
		'application/octet-stream',
	),
	fc.string(),
);

const bodies = fc.oneof(
	{ weight: 6, arbitrary: mutated.map((text) => Buffer.from(text)) },
	{ weight: 4, arbitrary: damaged.map((text) => Buffer.from(text)) },
	{
		weight: 1,
		arbitrary: mutated.map((text) =>
			Buffer.from(`data=${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`),
		),
	},
	{
		weight: 1,
		arbitrary: mutated.map((text) =>
			Buffer.from(`--b\r\nContent-Disposition: form-data; name="payload"\r\n\r\n${text}\r\n--b--\r\n`),
		),
	},
	{ weight: 1, arbitrary: damaged.map((text) => Buffer.from(text, 'utf16le')) },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
	{ weight: 1, arbitrary: fc.string({ maxLength: 300 }).map((text) => Buffer.from(text)) },
	{ weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
);

const options = fc.record({
	sender: fc.oneof(fc.constant('auto'), fc.constantFrom(...senders.map(({ id }) => id as string))),
	format: fc.constantFrom('text', 'markdown', 'html'),
	settle: fc.constantFrom(0, 5),
	bodyTemplate: fc.constantFrom('', '{{ title }} {{ raw }} {{ item }}'),
	libraries: fc.constantFrom('', 'films'),
});
const account = fc.constantFrom({}, { serverUrl: 'http://10.0.0.2:8096', serverKey: 'the-server-key' });

/** Anything else than an answer or a refusal is a fault of ours. */
function answer(run: () => Received): Received | Refusal {
	try {
		return run();
	} catch (error) {
		if (error instanceof Refusal) return error;
		throw error;
	}
}

test(
	`whatever comes in is received or refused (${runs} runs)`,
	() => {
		let received = 0;
		fc.assert(
			fc.property(
				bodies,
				contentTypes,
				options,
				account,
				fc.constantFrom<'en' | 'zh'>('en', 'zh'),
				(body, contentType, chosen, given, language) => {
					const found = quickly(() =>
						answer(() =>
							webhookTrigger.receive!(
								receiving(body, { contentType, options: chosen, account: given, language }),
							),
						),
					);
					if (found instanceof Refusal) {
						expect(found.status).toBeGreaterThanOrEqual(400);
						expect(found.status).toBeLessThan(500);
						expect(found.reason[language].length).toBeGreaterThan(5);
						return;
					}
					for (const { event, message, key } of found.events) {
						received++;
						const { time, type, source } = event as { time: string; type: string; source: string };
						expect(new Date(time).toISOString()).toBe(time);
						expect(typeof type).toBe('string');
						expect(typeof source).toBe('string');
						expect(typeof message?.body).toBe('string');
						expect(message?.title ?? '').not.toMatch(/\[object|function /);
						expect(typeof key).toBe('string');
						const { image } = message ?? {};
						if (image && 'url' in image && image.url.includes('the-server-key'))
							expect(new URL(image.url).origin).toBe('http://10.0.0.2:8096');
					}
					expect(() => JSON.stringify(found.events)).not.toThrow();
				},
			),
			{ numRuns: runs },
		);
		// Mutations that were all refused would test little.
		expect(received).toBeGreaterThan(runs / 4);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	},
	60_000 + runs * 20,
);

const manyRuns = often(150);
const longBodies = fc.oneof(
	{ weight: 8, arbitrary: withLongRun(samples).map((body) => JSON.stringify(body)) },
	// Nearly JSON, which is put right first.
	{ weight: 2, arbitrary: withLongRun(samples).map((body) => JSON.stringify(body).replaceAll('\\', '')) },
	{ weight: 2, arbitrary: longRun },
	{ weight: 2, arbitrary: longRun.map((run) => `{${run}}`) },
	{ weight: 1, arbitrary: withLongRun(samples).map((body) => `data=${encodeURIComponent(JSON.stringify(body))}`) },
	{
		weight: 1,
		arbitrary: fc
			.tuple(longRun, withLongRun(samples))
			.map(
				([run, body]) =>
					`--b\r\nContent-Disposition: form-data; ${run}\r\n\r\n${JSON.stringify(body)}\r\n--b--\r\n`,
			),
	},
);

test(
	`no body holds the process up, however long its runs are (${manyRuns} runs)`,
	() => {
		holds(
			fc.property(longBodies, contentTypes, options, account, (body, contentType, chosen, given) => {
				const input = receiving(body, { contentType, options: chosen, account: given });
				quickly(() => answer(() => webhookTrigger.receive!(input)));
			}),
			manyRuns,
		);
	},
	60_000 + manyRuns * 5_000,
);
