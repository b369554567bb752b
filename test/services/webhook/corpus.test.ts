import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEventType, type MediaEvent } from '../../../src/core/message/event';
import { receive, refusalOf } from './receiving';

/** Real bodies that are not part of the project; where they lie beside it, every one of them is read. */
const corpus = join(__dirname, '../../../../shared/corpus');
const folders: Readonly<Record<string, readonly string[]>> = {
	emby: ['emby'],
	jellyfin: ['jellyfin'],
	plex: ['plex'],
	mediasaber: ['mediaSaber'],
	qinglong: ['qinglong', 'mediaSaber'],
	sonarr: ['sonarr'],
	radarr: ['radarr'],
	lidarr: ['lidarr'],
	readarr: ['readarr'],
	overseerr: ['overseerr'],
};

if (!existsSync(corpus)) {
	console.log(`Skipped: there are no real bodies in ${corpus}`);
	test.skip('real bodies', () => undefined);
} else {
	const index = new Map(
		readFileSync(join(corpus, 'INDEX.tsv'), 'utf8')
			.split('\n')
			.slice(1)
			.map((line) => line.split('\t'))
			.map(
				([folder, file, event, , type]) =>
					[
						`${folder}/${file}`,
						{ event: event ?? '', type: (type ?? '').replace(/^"|"$/g, '').replaceAll('""', '"') },
					] as const,
			),
	);

	describe.each(Object.entries(folders))('%s', (folder, sources) => {
		test.each(readdirSync(join(corpus, folder)))('%s', (file) => {
			const { event = '', type = '' } = index.get(`${folder}/${file}`) ?? {};
			const body = readFileSync(join(corpus, folder, file));
			// A captured GET, head and all.
			const query = file.endsWith('get.txt')
				? Object.fromEntries(new URL(String(body).split(' ')[1]!, 'http://x').searchParams)
				: undefined;
			// Files that hold the JSON of a form's field alone.
			const contentType =
				file.endsWith('.json') && /form/.test(type) ? 'application/json' : type === '(none)' ? '' : type;
			const run = () =>
				receive(query ? '' : body, {
					contentType,
					options: { allowGet: true },
					request: { path: `/webhook/${folder}`, ...(query && { method: 'GET', query }) },
				});
			if (file.endsWith('.jpg')) {
				expect(refusalOf(run).status).toBe(400);
				return;
			}
			const { events } = run();
			expect(events).toHaveLength(1);
			const { message } = events[0]!;
			const found = events[0]!.event as MediaEvent;
			expect(query ? ['custom'] : sources).toContain(found.source);
			expect(isEventType(found.type)).toBe(true);
			if (/\./.test(event) || /^[A-Z]/.test(event)) expect(event.replace('.lucky', '')).toBe(found.rawType);
			expect(new Date(found.time).toISOString()).toBe(found.time);
			expect(message?.body).toMatch(/\S/);
			expect(message?.title ?? message?.body).not.toMatch(/undefined|\[object|\{\w+\}$/);
			checkAgainst(found);
			checkTitle(found, message?.title ?? '');
		});
	});
}

/** What can be read off the body by another way than the senders' own. */
function checkAgainst({ source, raw, item, user, type }: MediaEvent) {
	const text = JSON.stringify(raw);
	const body = raw as Record<string, Record<string, unknown> & string>;
	const metadata = body.Metadata ?? body.Item;
	if (source === 'emby' && body.Item) {
		expect(item).toMatchObject({ title: body.Item.Name, kind: String(body.Item.Type).toLowerCase() });
		if (body.Item.IndexNumber !== undefined) expect(item?.episode).toBe(body.Item.IndexNumber);
		if (body.Item.SeriesName) expect(item?.series).toBe(body.Item.SeriesName);
	}
	if (source === 'plex' && metadata) {
		if (metadata.title) expect(item?.title).toBe(metadata.title);
		if (metadata.type === 'episode')
			expect(item).toMatchObject({
				kind: 'episode',
				...(metadata.index !== undefined && {
					season: metadata.parentIndex,
					episode: metadata.index,
					series: metadata.grandparentTitle,
				}),
			});
		if (body.Account?.title) expect(user?.name).toBe(body.Account.title);
		const tvdb = /tvdb:\/\/(\d+)/.exec(text)?.[1];
		if (tvdb) expect(item?.ids.tvdb).toBe(tvdb);
	}
	if (source === 'jellyfin') {
		if (body.ItemType) expect(item?.kind).toBe(String(body.ItemType).toLowerCase().replace('audio', 'track'));
		if (body.NotificationUsername) expect(user?.name).toBe(body.NotificationUsername);
		if (body.Provider_imdb) expect(item?.ids.imdb).toBe(body.Provider_imdb);
	}
	if (source === 'sonarr' && body.series?.title && type !== 'system.test')
		expect(item?.series ?? item?.title).toBe(body.series.title);
	if (source === 'radarr' && body.movie?.tmdbId && type !== 'system.test')
		expect(item?.ids.tmdb).toBe(String(body.movie.tmdbId));
	if (source === 'overseerr' && type !== 'system.test')
		expect(item?.title).toBe(String(body.subject).replace(/ \(\d{4}\)$/, ''));
}

/** The sentence names the work, its number and who it was. */
function checkTitle({ type, item, user }: MediaEvent, title: string) {
	if (item && type !== 'system.test') {
		expect(title).toContain(item.series ?? item.title);
		const two = (value: number) => String(value).padStart(2, '0');
		if (item.season !== undefined && item.episode !== undefined)
			expect(title).toContain(`S${two(item.season)}E${two(item.episode)}`);
		expect(title.match(/S\d\dE\d\d/g)?.length ?? 0).toBeLessThanOrEqual(1);
	}
	if (/^(?:playback|item)\./.test(type)) expect(title).toContain(user?.name ?? 'Someone');
}
