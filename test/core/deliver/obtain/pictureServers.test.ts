import { chars, defineChannel, secret } from '../../../../src/core/define/channel';
import { deliver } from '../../../../src/core/deliver/deliver';
import { isPlace, leadsTo } from '../../../../src/core/base/addresses';
import { closeConnections } from '../../../../src/core/http/http';
import { credentialType } from '../../../../src/hosts/n8n/names';
import { properties } from '../../../../src/hosts/n8n/fields';
import { accountProperties } from '../../../../src/hosts/node-red/properties';
import { definitions } from '../../../../scripts/definitions';
import type { Channel } from '../../../../src/core/define/channel';
import { refused } from '../../../refused';
import { service, type Service } from '../../../service';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let server: Service;
let sent: { body: string; image?: { data?: Uint8Array } }[];
let image: { status?: number; body: unknown };
beforeEach(async () => {
	[sent, image] = [[], { body: png }];
	server = await service(() => image);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

/** Takes pictures as bytes alone. */
const gong = defineChannel({
	id: 'gong',
	name: 'Gong',
	zh: '锣',
	docs: '',
	renders: { markup: 'markdown', limit: chars(500), image: 'bytes' },
	account: { key: secret('Key', { zh: '密钥', optional: true }) },
	options: {},
	send: async ({ message }) => {
		sent.push({ body: message.body, image: message.image });
		return {};
	},
});

const send = (account: object, url: string) => deliver(gong, account as never, {}, { body: 'Hello', image: { url } });

test('a picture of one’s own network is fetched from the servers that the account names', async () => {
	const { host } = new URL(server.url);
	for (const pictureOrigins of [
		server.url,
		`${server.url}/some/path`,
		host,
		`other.local, ${host}`,
		'127.0.0.1',
		'10.0.0.0/8, 127.0.0.0/24',
	]) {
		const receipt = await send({ pictureOrigins }, `${server.url}/camera.png`);
		expect([receipt.degraded, receipt.warnings]).toEqual([[], []]);
		expect(Buffer.from(sent.at(-1)!.image!.data!)).toEqual(png);
	}
});

test('and from no other', async () => {
	for (const pictureOrigins of ['', 'http://127.0.0.1:1', 'https://127.0.0.1', 'localhost']) {
		const receipt = await send({ pictureOrigins }, `${server.url}/camera.png`);
		expect([receipt.degraded, receipt.warnings]).toEqual([['image'], [expect.stringContaining('Picture servers')]]);
		expect(JSON.stringify(sent)).not.toContain('127.0.0.1');
	}
	expect(server.requests).toEqual([]);
});

test('what is no address is said', async () => {
	for (const pictureOrigins of ['ftp://nas', 'a b', 'http://', '10.0.0.0/33'])
		expect(await refused(send({ pictureOrigins }, `${server.url}/x`))).toMatchObject({ field: 'pictureOrigins' });
});

test('a camera that asks who is there is told by what stands in the address', async () => {
	await server.close();
	const login = `Basic ${Buffer.from('cam:p@ss word%').toString('base64')}`;
	server = await service(({ headers, path }) => {
		if (headers.authorization !== login) return { status: 401, body: '' };
		return path === '/old' ? { status: 302, headers: { location: '/new' }, body: '' } : { body: png };
	});
	for (const path of ['/snap.jpg', '/old']) {
		const url = server.url.replace('//', '//cam:p%40ss%20word%25@') + path;
		const receipt = await send({ pictureOrigins: '127.0.0.1' }, url);
		expect([receipt.degraded, receipt.warnings]).toEqual([[], []]);
		expect(JSON.stringify(sent)).not.toContain('cam');
	}
});

test.each([
	['http://nas.local:8096/a/b?c', 'http://nas.local:8096', true],
	['http://nas.local:8097/x', 'http://nas.local:8096', false],
	['https://nas.local:8096/x', 'http://nas.local:8096', false],
	['https://nas.local:8096/x', 'nas.local:8096', true],
	['https://nas.local:9/x', 'NAS.local', true],
	['https://nas.local.evil.example/x', 'nas.local', false],
	['http://192.168.1.77:88/snap', '192.168.1.0/24', true],
	['http://192.168.2.77/snap', '192.168.1.0/24', false],
	['http://[fd00::5]:80/x', 'fd00::/8', true],
	['http://[fd00::5]/x', '[fd00::5]', true],
	['http://10.0.0.1/x', 'fd00::/8', false],
	['http://nas.local/x', '0.0.0.0/0', false],
	['http://u:p@10.0.0.9/x', '10.0.0.9', true],
])('%s is of the place %s: %p', (url, place, expected) => {
	expect(isPlace(place)).toBe(true);
	expect(leadsTo(new URL(url), ['http://other.example', place])).toBe(expected);
});

test('a public picture that cannot be fetched is a link in the text; a private one is none', async () => {
	const receipt = await send({ proxy: 'http://127.0.0.1:1' }, 'http://pictures.example/a(1).jpg?x=1&y=2');
	expect(receipt.degraded).toEqual(['image']);
	expect(sent[0]!.body).toContain('[Picture](');
	expect(sent[0]!.body).toContain('http://pictures.example/a%281%29.jpg?x=1&y=2');
	image = { status: 404, body: '' };
	await send({ pictureOrigins: server.url, language: 'zh' }, `${server.url}/a.jpg`);
	expect(sent[1]!.body).toBe('Hello');
});

const channels = definitions().flatMap(({ id, definition }) =>
	definition.type === 'channel' ? [{ id, channel: definition as Channel }] : [],
);

test.each(channels)('$id has the setting in both hosts where it takes pictures', ({ id, channel }) => {
	const takes = 'defaultImage' in channel.account;
	const { pictureOrigins } = channel.account;
	expect([id, pictureOrigins !== undefined]).toEqual([id, takes]);
	expect(credentialType(id)).toMatch(/^carillon/);
	for (const names of [
		properties(channel.account).map(({ name }) => name),
		accountProperties(channel.account).map(({ key }) => key),
	])
		expect([id, names.includes('pictureOrigins')]).toEqual([id, takes]);
	if (pictureOrigins) expect([pictureOrigins.label.zh, pictureOrigins.help?.zh]).not.toContain(undefined);
});
