import { text, url } from '../../../src/core/base/field';
import { closeConnections } from '../../../src/core/http/http';
import { namedOrigins, withPictures } from '../../../src/core/receive/pictures';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import { defineTrigger, type Happening } from '../../../src/core/define/trigger';
import { service, type Service } from '../../service';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 9, 9]);
const signal = new AbortController().signal;
let server: Service;

beforeAll(async () => {
	server = await service(({ path }) =>
		path === '/poster' ? { headers: { 'content-type': 'image/jpeg' }, body: jpeg } : { status: 404 },
	);
});
afterAll(async () => {
	await closeConnections();
	await server.close();
});

const happening = (address: string): Happening => ({
	event: {
		source: 'emby',
		type: 'library.added',
		rawType: 'x',
		time: '',
		item: { kind: 'movie', title: 'Dune', ids: {}, poster: { url: address } },
		raw: {},
	},
	message: { body: 'Dune', image: { url: address } },
	raw: {},
});

test('a private picture of an origin that was named becomes bytes, in message and event, fetched once', async () => {
	const address = `${server.url}/poster?api_key=s3cret`;
	const done = await withPictures(happening(address), [new URL(server.url).origin], signal);
	expect(done.message?.image).toEqual({ name: 'poster.jpg', data: jpeg, mime: 'image/jpeg' });
	expect((done.event as { item: object }).item).toMatchObject({
		title: 'Dune',
		poster: { data: jpeg, mime: 'image/jpeg' },
	});
	expect(server.requests).toHaveLength(1);
	expect(JSON.stringify(done)).not.toContain('s3cret');
});

test.each([
	['of an origin that nobody named', () => `${server.url}/poster`, () => []],
	['that is not there', () => `${server.url}/nothing?api_key=s3cret`, () => [new URL(server.url).origin]],
])('a private picture %s is left out, the rest goes on', async (_, address, origins) => {
	server.requests.length = 0;
	const done = await withPictures(happening(address()), origins(), signal);
	expect(done.message).toEqual({ body: 'Dune', image: undefined });
	expect(JSON.stringify(done)).not.toContain(server.url);
	expect(server.requests).toHaveLength(origins().length);
});

test('public pictures, bytes and happenings without a picture stay as they are', async () => {
	for (const given of [
		happening('https://image.tmdb.org/t/p/w500/a.jpg'),
		{ event: 'text', message: { body: 'x', image: { data: jpeg } }, raw: 1 },
		{ event: null, raw: null },
		{ event: {}, message: { body: 'x', image: { url: 'no address' } }, raw: 1 },
	]) {
		expect(await withPictures(given, [], signal)).toBe(given);
	}
});

test('the origins are those of the URL fields that were filled in', () => {
	const fields = {
		server: url('Server', { zh: '服务器', optional: true }),
		link: url('Link', { zh: '链接', optional: true }),
		note: text('Note', { zh: '备注' }),
	};
	expect(
		namedOrigins(fields, { server: 'http://10.0.0.2:8096/emby', link: undefined, note: 'http://10.0.0.3' }),
	).toEqual(['http://10.0.0.2:8096']);
});

test('a reception hands on what it fetched, from the server that the account names', async () => {
	const bell = defineTrigger({
		id: 'bellTrigger',
		name: 'Bell',
		zh: '铃',
		docs: 'https://example.com',
		description: { en: 'x', zh: '铃' },
		account: { serverUrl: url('Server', { zh: '服务器', optional: true }) },
		options: {},
		receive: ({ request }) => ({ events: [happening(Buffer.from(request.body).toString())] }),
	});
	const reception = receptionist(bell, { account: { serverUrl: server.url }, options: {}, store: memoryStore() });
	const { happenings } = reception.receive({
		method: 'POST',
		path: '/',
		query: {},
		headers: {},
		body: Buffer.from(`${server.url}/poster`),
	});
	expect((await happenings)[0]?.message?.image).toMatchObject({ data: jpeg });
});
