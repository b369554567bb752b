import { fetchLimits, Unobtainable, type Reaching } from '../../../../src/core/deliver/obtain/fetching';
import { toFile } from '../../../../src/core/deliver/obtain/toFile';
import { isPrivateAddress, isPrivateHost } from '../../../../src/core/base/addresses';
import { mustStayHere } from '../../../../src/core/base/shownLink';
import { closeConnections } from '../../../../src/core/http/http';
import { service, type Answer, type Service } from '../../../service';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const reaching = (trustedOrigins: string[] = []): Reaching => ({
	account: { language: 'en' },
	trustedOrigins,
	signal: new AbortController().signal,
});

let server: Service;
let answer: Answer;
beforeEach(async () => {
	answer = { headers: { 'content-type': 'image/png' }, body: png };
	server = await service(({ path }) =>
		path === '/loop' ? { status: 302, headers: { location: '/loop' }, body: '' } : answer,
	);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

test.each([
	'127.0.0.1',
	'10.1.2.3',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.1',
	'169.254.169.254',
	'100.64.0.1',
	'0.0.0.0',
	'::1',
	'fe80::1',
	'fd00::1',
	'::ffff:192.168.0.1',
])('%s is private', (address) => {
	expect(isPrivateAddress(address)).toBe(true);
});
test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
	expect(isPrivateAddress(address)).toBe(false);
});
test.each(['localhost', 'nas', 'emby.local', 'plex.lan', 'box.home.arpa', '[::1]', '127.0.0.1', 'nas.local.'])(
	'%s means something inside alone',
	(host) => {
		expect(isPrivateHost(host)).toBe(true);
	},
);
test.each([
	['https://image.tmdb.org/t/p/w500/x.jpg', false],
	['http://192.168.1.2:32400/photo?X-Plex-Token=abc', true],
	['https://plex.example.com/photo?X-Plex-Token=abc', true],
	['https://emby.example.com/Items/1/Images/Primary?tag=abc&api_key=k', true],
	['https://emby.example.com/Items/1/Images/Primary?tag=abc', false],
	['https://user:pw@example.com/x.png', true],
])('%s stays here: %p', (url, expected) => {
	expect(mustStayHere(url)).toBe(expected);
});

test('a public address goes out as it is where that is enough', async () => {
	expect(await toFile({ url: 'https://image.tmdb.org/t/p/w500/x.jpg' }, 'both', reaching(), true)).toEqual({
		name: 'x.jpg',
		mime: 'image/jpeg',
		url: 'https://image.tmdb.org/t/p/w500/x.jpg',
	});
});

test('a private address is fetched only where the user named its origin', async () => {
	const url = `${server.url}/Items/1/Images/Primary?api_key=k3y`;
	const file = await toFile({ url }, 'both', reaching([server.url]), true);
	expect(file).toEqual({ name: 'Primary.png', mime: 'image/png', data: png });
	await expect(toFile({ url }, 'both', reaching(), true)).rejects.toThrow(/private/);
	expect(server.requests).toHaveLength(1);
});

test('a trusted origin cannot send us to an untrusted private one', async () => {
	const inner = await service(() => ({ headers: { 'content-type': 'image/png' }, body: png }));
	answer = { status: 302, headers: { location: `${inner.url}/secret` }, body: '' };
	try {
		await expect(toFile({ url: `${server.url}/x` }, 'bytes', reaching([server.url]), true)).rejects.toBeInstanceOf(
			Unobtainable,
		);
		expect(inner.requests).toHaveLength(0);
	} finally {
		await inner.close();
	}
});

test.each([
	['a page', { headers: { 'content-type': 'text/html' }, body: '<html>' }, /not a picture/],
	['404', { status: 404, body: '' }, /404/],
	['a giant', { headers: { 'content-type': 'image/png' }, body: Buffer.alloc(fetchLimits.size + 1) }, /50 MB/],
])('%s is no picture', async (_, given, words) => {
	answer = given;
	await expect(toFile({ url: `${server.url}/x` }, 'bytes', reaching([server.url]), true)).rejects.toThrow(words);
});

test('redirects in circles end', async () => {
	await expect(toFile({ url: `${server.url}/loop` }, 'bytes', reaching([server.url]), true)).rejects.toThrow(
		/circles/,
	);
	expect(server.requests).toHaveLength(fetchLimits.redirects + 1);
});

test('bytes, data URLs and binary properties', async () => {
	expect(await toFile({ data: png, name: 'a.png' }, 'both', reaching(), true)).toEqual({
		name: 'a.png',
		mime: 'image/png',
		data: png,
	});
	expect(
		await toFile({ url: `data:image/png;base64,${png.toString('base64')}` }, 'bytes', reaching(), true),
	).toMatchObject({ mime: 'image/png', data: png });
	expect(await toFile({ url: 'data:text/plain,100%' }, 'bytes', reaching(), false)).toMatchObject({
		data: Buffer.from('100%'),
	});
	const binary = async (name: string) => ({ name: `${name}.pdf`, mime: 'application/pdf', data: png });
	expect(await toFile({ binary: 'report' }, 'both', { ...reaching(), binary }, false)).toMatchObject({
		name: 'report.pdf',
	});
	await expect(toFile({ binary: 'report' }, 'both', reaching(), false)).rejects.toThrow(/n8n only/);
	await expect(toFile({ data: png }, 'url', reaching(), true)).rejects.toThrow(/public address/);
	await expect(toFile({ url: 'file:///etc/passwd' }, 'both', reaching(), false)).rejects.toThrow(/not a web address/);
});

const webp = Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1');
test.each([
	['image/jpeg', webp, 'image/webp'],
	['image/jpeg; charset=binary', png, 'image/png'],
	[undefined, png, 'image/png'],
	['image/x-odd', Buffer.from('none known'), 'image/x-odd'],
	['application/pdf', webp, 'application/pdf'],
	['text/plain', Buffer.from('GIF89a is how it begins'), 'text/plain'],
])('a picture said to be %s is what its bytes are, wherever they come from', async (mime, data, expected) => {
	const binary = async () => ({ name: 'a', mime: mime ?? '', data });
	const url = `data:${mime};base64,${data.toString('base64')}`;
	const given = [{ data, mime }, ...(mime ? [{ binary: 'x' }, { url }, { url, mime }] : [])];
	for (const each of given)
		expect(await toFile(each, 'bytes', { ...reaching(), binary }, false)).toMatchObject({ mime: expected });
});

test.each([
	['report.pdf', 'report.pdf'],
	['../../etc/passwd', 'passwd'],
	['..\\..\\boot.ini', 'boot.ini'],
	['C:\\Users\\me\\a.txt', 'a.txt'],
	['a/b\\c.txt', 'c.txt'],
	['中文 报告.xlsx', '中文 报告.xlsx'],
	['a\r\nContent-Type: x\0.txt', 'a Content-Type: x.txt'],
	['gpj\u202e.exe', 'gpj.exe'],
	['', 'attachment.bin'],
	['..', 'attachment.bin'],
	['x/', 'attachment.bin'],
	['\x07\u200b', 'attachment.bin'],
	[`${'n'.repeat(500)}.tar.gz`, `${'n'.repeat(117)}.gz`],
])('the name %j is %j', async (name, told) => {
	const mime = 'application/octet-stream';
	const { name: sent } = await toFile({ name, mime, data: Buffer.from('x') }, 'bytes', reaching(), false);
	expect(sent).toBe(told);
});

test('an address gives a base name alone too', async () => {
	for (const [url, name] of [
		['https://example.com/a/%2e%2e%2f%2e%2e%2fevil.png', 'evil.png'],
		['https://example.com/..%5Cevil.png', 'evil.png'],
		['https://example.com/', 'attachment.bin'],
	] as const)
		expect((await toFile({ url }, 'url', reaching(), true)).name).toBe(name);
});
