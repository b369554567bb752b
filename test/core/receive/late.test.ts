import { fc } from '../../property';
import type { MediaEvent } from '../../../src/core/message/event';
import { closeConnections } from '../../../src/core/http/http';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { Happening } from '../../../src/core/define/trigger';
import { webhookTrigger } from '../../../src/services/webhook/webhook.trigger';
import { frozenClock } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';
import { receive } from '../../services/webhook/receiving';

const key = 'media-server-k3y';
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 7, 7]);

/** As the server comes to know it, one step after the other; the last one stays. */
let knows: (object | Answer)[];
let server: Service;
let clock: ReturnType<typeof frozenClock>;

/** Emby's own API, and Jellyfin's as of version 12, for who has the key in a header; pictures take it in the query. */
function answer({ method, path, query, headers }: Seen): Answer {
	if (/^(\/emby)?\/Items\/[\w-]+\/Images\/Primary$/.test(path)) {
		const given = path.startsWith('/emby') ? query.api_key : query.ApiKey;
		return given === key ? { headers: { 'content-type': 'image/jpeg' }, body: jpeg } : { status: 401 };
	}
	if (method !== 'GET' || !/^(\/emby)?\/Items$/.test(path)) return { status: 404 };
	const isIn = path.startsWith('/emby')
		? headers['x-emby-token'] === key
		: headers.authorization === `MediaBrowser Token="${key}"` && headers['x-emby-token'] === undefined;
	if (!isIn) return { status: 401, body: 'Access token is invalid or expired.' };
	const item = knows.length > 1 ? knows.shift()! : knows[0]!;
	if ('status' in item || 'body' in item) return item as Answer;
	return { body: { Items: [{ Id: query.Ids, ...item }], TotalRecordCount: 1 } };
}

beforeEach(async () => {
	knows = [{}];
	clock = frozenClock();
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const bareFilm = { Type: 'Movie', Id: '42', Name: 'Dune.Part.Two.2024.2160p', ProviderIds: {} };
const wholeFilm = {
	Type: 'Movie',
	Name: 'Dune: Part Two',
	Overview: 'Paul unites with the Fremen.',
	ProductionYear: 2024,
	ProviderIds: { Imdb: 'tt15239678', Tmdb: '693134' },
	ImageTags: { Primary: 'tag9' },
};
const fromEmby = (Item: object, more = {}) => ({
	Event: 'library.new',
	Server: { Id: 's', Name: 'Home' },
	Item,
	...more,
});
const fromJellyfin = (more: object) => ({ NotificationType: 'ItemAdded', ServerId: 's', ServerName: 'Home', ...more });

const reception = (options: object, account: object) =>
	receptionist(webhookTrigger, {
		account: { access: 'open', serverUrl: server.url, ...account },
		options: { ...options },
		store: memoryStore(),
		clock,
	});

const post = (body: object) => ({
	method: 'POST',
	path: '',
	query: {},
	headers: { 'content-type': 'application/json' },
	body: Buffer.from(JSON.stringify(body)),
});

function ring(body: object, options: object = {}, account: object = { serverKey: key }) {
	const { receive, close } = reception(options, account);
	return { ...receive(post(body)), close };
}

async function heard(
	...given: Parameters<typeof ring>
): Promise<{ event: MediaEvent; all: Happening; seconds: number }> {
	const started = clock.now();
	const [all, ...more] = await ring(...given).happenings;
	expect(more).toEqual([]);
	expect(JSON.stringify(all)).not.toContain(key);
	expect(JSON.stringify(all)).not.toContain(server.url);
	expect(all).not.toHaveProperty('late');
	return { event: all!.event as MediaEvent, all: all!, seconds: (clock.now() - started) / 1000 };
}

const questions = () => server.requests.filter(({ path }) => path.endsWith('/Items'));

test('a film that Emby tells before it knows it is asked for until it is whole', async () => {
	knows = [{ ...bareFilm }, { ...bareFilm, Overview: wholeFilm.Overview }, wholeFilm];
	const { event, all, seconds } = await heard(fromEmby(bareFilm));
	expect(seconds).toBe(6);
	expect(event.item).toEqual({
		kind: 'movie',
		title: 'Dune: Part Two',
		id: '42',
		year: 2024,
		overview: 'Paul unites with the Fremen.',
		ids: { imdb: 'tt15239678', tmdb: '693134' },
		poster: { data: jpeg, mime: 'image/jpeg' },
	});
	expect(all.message).toMatchObject({
		title: expect.stringContaining('Dune: Part Two (2024)'),
		image: { data: jpeg },
	});
	expect(all.message?.body).toContain('Paul unites with the Fremen.');
	expect(all.raw).toEqual(fromEmby(bareFilm));
	expect(questions()).toHaveLength(3);
	for (const { path, query, headers } of questions()) {
		expect([path, Object.keys(query), query.Ids, headers['x-emby-token']]).toEqual([
			'/emby/Items',
			['Ids', 'Fields'],
			'42',
			key,
		]);
		expect(query.Fields).toMatch(/Overview,ProviderIds/);
	}
});

test('a server that never comes to know it holds nothing up past the set time', async () => {
	knows = [bareFilm];
	const { event, all, seconds } = await heard(fromEmby(bareFilm), { askSeconds: 10 });
	expect(seconds).toBe(10);
	expect(event.item?.title).toBe('Dune.Part.Two.2024.2160p');
	expect(all.message?.title).toContain('2160p');
	expect(questions()).toHaveLength(5);
});

test('a server that is away, answers nonsense or tells of another item is asked again', async () => {
	const away: Answer[] = [
		{ status: 503 },
		{ body: '<html>starting…' },
		{ body: { Items: [] } },
		{ body: { Items: [{ ...wholeFilm, Id: '43' }] } },
		{ body: { Items: 'none' } },
		{ body: [1, null] },
		{ status: 404 },
	];
	knows = [...away];
	const { event, seconds } = await heard(fromEmby(bareFilm));
	expect([event.item?.title, event.item?.overview, seconds]).toEqual(['Dune.Part.Two.2024.2160p', undefined, 30]);
	knows = [...away, wholeFilm];
	expect((await heard(fromEmby({ ...bareFilm, Id: '44' }))).event.item?.overview).toBe(wholeFilm.Overview);
});

test('what came in time is told, though something is lacking still', async () => {
	knows = [{ ...bareFilm, Overview: wholeFilm.Overview }];
	const { event, seconds } = await heard(fromEmby(bareFilm));
	expect([event.item?.overview, event.item?.ids, seconds]).toEqual([wholeFilm.Overview, {}, 30]);
});

test('an episode gets its numbers, its series’ name and poster', async () => {
	knows = [
		{
			Type: 'Episode',
			Name: 'Who Is Alive?',
			SeriesName: 'Severance',
			SeriesId: '7',
			SeriesPrimaryImageTag: 'tag7',
			ParentIndexNumber: 2,
			IndexNumber: 3,
			Overview: 'Mark looks for her.',
			ProviderIds: { Tvdb: '10000001' },
		},
	];
	const { event, seconds } = await heard(fromEmby({ Type: 'Episode', Id: '77', Name: 'episode file' }));
	expect([seconds, event.item]).toMatchObject([
		0,
		{
			kind: 'episode',
			title: 'Who Is Alive?',
			series: 'Severance',
			season: 2,
			episode: 3,
			ids: { tvdb: '10000001' },
		},
	]);
	expect(server.requests.at(-1)).toMatchObject({ path: '/emby/Items/7/Images/Primary', query: { tag: 'tag7' } });
});

test('Jellyfin is asked at its own address, and what it told before stays', async () => {
	const id = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
	knows = [{ ...wholeFilm, Id: '0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9' }];
	const { event } = await heard(fromJellyfin({ ItemType: 'Movie', ItemId: id, Name: 'Dune', LibraryName: 'Films' }), {
		linkUrl: 'https://media.example.com',
	});
	expect(event.item).toMatchObject({
		title: 'Dune: Part Two',
		library: 'Films',
		ids: { tmdb: '693134' },
		poster: { data: jpeg },
	});
	expect(event.item?.url).toBe(`https://media.example.com/web/#/details?id=${id}&serverId=s`);
	expect(questions()[0]).toMatchObject({ path: '/Items', query: { Ids: id } });
});

test('the sender is answered at once', async () => {
	const { reply, happenings } = ring(fromEmby(bareFilm));
	expect(reply.status).toBe(200);
	expect(questions()).toEqual([]);
	await happenings;
});

test('whoever brings everything, or is no new item, or cannot be asked for, waits for nobody', async () => {
	await heard(fromEmby({ ...bareFilm, ...wholeFilm }));
	await heard({ ...fromEmby(bareFilm), Event: 'playback.start' });
	await heard(fromEmby({ Type: 'Audio', Id: '5', Name: 'Song' }));
	await heard(fromEmby({ ...bareFilm, Id: '../../System/Shutdown' }));
	await heard(fromEmby(bareFilm), { askSeconds: 0 });
	await heard(fromEmby(bareFilm), {}, {});
	await heard(fromEmby(bareFilm), {}, { serverUrl: undefined, serverKey: key });
	expect(questions()).toEqual([]);
	expect(clock.slept).toEqual([]);
});

test('a wrong key asks once, and goes to nobody else', async () => {
	const { event, seconds } = await heard(fromEmby(bareFilm), {}, { serverKey: `${key}-old` });
	expect([event.item?.id, seconds, questions().length]).toEqual(['42', 0, 1]);
	const other = await service(() => ({ body: {} }));
	knows = [{ status: 307, headers: { location: `${other.url}/Items` } }];
	await heard(fromEmby(bareFilm), { askSeconds: 3 });
	expect(other.requests).toEqual([]);
	await other.close();
});

test('it stays the same happening, whatever is known of it: its key stays, and its repeats are dropped', async () => {
	knows = [wholeFilm];
	const { all } = await heard(fromEmby(bareFilm), { askSeconds: 0 });
	const { receive } = reception({}, { serverKey: key });
	const both = await Promise.all([
		receive(post(fromEmby(bareFilm))).happenings,
		receive(post(fromEmby(bareFilm))).happenings,
	]);
	expect(both.flat()).toHaveLength(1);
	const [filled] = both.flat();
	expect(filled?.message?.title).not.toBe(all.message?.title);
	expect([filled?.key, filled?.message?.key]).toEqual([all.key, all.message?.key]);
	expect(questions()).toHaveLength(1);
});

test('a fuller telling that comes later, or came in the meantime, is a repeat of what was asked for', async () => {
	knows = [wholeFilm];
	const { receive } = reception({}, { serverKey: key });
	expect(await receive(post(fromEmby(bareFilm))).happenings).toHaveLength(1);
	const fuller = { ...bareFilm, ...wholeFilm };
	expect(await receive(post(fromEmby(fuller))).happenings).toEqual([]);
	expect(await receive(post(fromEmby({ ...fuller, Overview: 'Another.' }))).happenings).toHaveLength(1);
	// The other way round.
	expect(await receive(post(fromEmby({ ...fuller, Id: '43' }))).happenings).toHaveLength(1);
	expect(await receive(post(fromEmby({ ...bareFilm, Id: '43' }))).happenings).toEqual([]);
});

test('a host that stops gets what there is', async () => {
	knows = [bareFilm];
	const stuck = new Promise<void>(() => undefined);
	clock.sleep = async (_, signal) => {
		await Promise.race([stuck, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
		signal.throwIfAborted();
	};
	const { happenings, close } = ring(fromEmby(bareFilm));
	while (questions().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	close();
	expect((await happenings).map(({ event }) => (event as MediaEvent).item?.id)).toEqual(['42']);
});

test('whatever is answered, the happening goes on as the same item', () => {
	const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(wholeFilm), '42', 42, {}, [null]));
	const told = fc.dictionary(
		fc.constantFrom('Id', ...Object.keys(wholeFilm), 'IndexNumber', 'SeriesName', 'Genres'),
		value,
	);
	const answers = fc.oneof(
		fc.jsonValue(),
		fc.record({ Items: fc.array(told.map((item) => ({ ...item, Id: '42' }))) }),
	);
	fc.assert(
		fc.property(answers, (given) => {
			const account = { serverUrl: 'http://10.0.0.2:8096', serverKey: key };
			const { events } = receive(fromEmby(bareFilm), { account });
			const { happening } = events[0]!.late!.fill(given);
			const { item } = happening.event as MediaEvent;
			expect([item?.id, item?.kind, happening.key]).toEqual(['42', 'movie', events[0]!.key]);
			expect(item?.title).not.toBe('');
			expect(happening.message!.body).not.toBe('');
		}),
	);
});
