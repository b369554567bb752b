import { vocechat } from '../../../src/services/vocechat/vocechat.channel';
import { act, deliver, verify } from '../../../src/core/deliver/deliver';
import { closeConnections } from '../../../src/core/http/http';
import { frozenClock, refused } from '../../refused';
import { service, type Answer, type Seen, type Service } from '../../service';

const apiKey = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');
let server: Service;
/** Answers by path, instead of the usual ones. */
let instead: Record<string, Answer>;
let chunks: { id: string; data: Buffer; last: string }[];

function part(body: Buffer, name: string): Buffer {
	const at = body.indexOf(`name="${name}"`);
	const start = body.indexOf('\r\n\r\n', at) + 4;
	return at < 0 ? Buffer.alloc(0) : body.subarray(start, body.indexOf('\r\n--', start));
}

function answer({ method, path, headers, body, json, query }: Seen): Answer {
	if (instead[path]) return instead[path];
	if (headers['x-api-key'] !== apiKey) return { status: 401, body: '' };
	const type = headers['content-type'];
	if (path === '/api/bot') return { body: [{ gid: 3, name: 'den' }] };
	if (path === '/api/bot/user/7') return { body: { uid: 7, name: 'alice' } };
	if (path === '/api/bot/group') return { body: { gid: Number(query.gid), name: 'den' } };
	if (path === '/api/bot/file/prepare')
		return { body: JSON.stringify('0a1b2c3d'), headers: { 'content-type': 'application/json' } };
	if (path === '/api/bot/file/upload') {
		if (!type?.startsWith('multipart/form-data')) return { status: 415, body: '' };
		chunks.push({
			id: part(body, 'file_id').toString(),
			data: Buffer.from(part(body, 'chunk_data')),
			last: part(body, 'chunk_is_last').toString(),
		});
		return chunks.at(-1)!.last === 'true'
			? {
					body: {
						path: '2030/1/31/0a1b',
						size: chunks.reduce((sum, { data }) => sum + data.length, 0),
						hash: 'h',
						image_properties: null,
					},
				}
			: { body: '' };
	}
	if (method === 'POST' && /^\/api\/bot\/(send_to_user\/7|send_to_group\/3|reply\/1234)$/.test(path)) {
		if (!['text/plain', 'text/markdown', 'vocechat/file', 'vocechat/archive'].includes(type ?? ''))
			return { status: 415, body: '' };
		if (type === 'vocechat/file' && !json?.path) return { status: 400, body: 'bad path' };
		return { body: '4711', headers: { 'content-type': 'application/json' } };
	}
	return { status: 404, body: '' };
}

beforeEach(async () => {
	instead = {};
	chunks = [];
	server = await service(answer);
});
afterEach(async () => {
	await closeConnections();
	await server.close();
});

const account = (more = {}) => ({ baseUrl: server.url, apiKey, to: 'user:7', ...more });
const send = (options: Record<string, unknown>, message: unknown, more = {}) =>
	deliver(vocechat, account(more), { attempts: 1, ...options }, message, { clock: frozenClock() });
const paths = () => server.requests.map(({ path }) => path.replace('/api/bot', ''));

test('Markdown to a user, a group and a bare number', async () => {
	const receipt = await send({ to: 'user:7,group:3,7' }, '**Hello**');
	expect(
		server.requests.map(({ method, path, headers, body }) => [
			method,
			path,
			headers['content-type'],
			body.toString(),
		]),
	).toEqual([
		['POST', '/api/bot/send_to_user/7', 'text/markdown', '**Hello**'],
		['POST', '/api/bot/send_to_group/3', 'text/markdown', '**Hello**'],
		['POST', '/api/bot/send_to_user/7', 'text/markdown', '**Hello**'],
	]);
	expect(server.requests[0]!.headers).toMatchObject({ 'x-api-key': apiKey });
	expect(server.requests[0]!.headers).not.toHaveProperty('x-properties');
	expect(receipt).toMatchObject({ ids: ['4711', '4711', '4711'], handle: { mid: 4711 } });
});

const propertiesOf = ({ headers }: Seen) =>
	JSON.parse(Buffer.from(String(headers['x-properties']), 'base64').toString());

test('text, with people meant', async () => {
	const receipt = await send(
		{ kind: 'text', properties: '{"local_id":5}' },
		{ body: '**Hello** 你好', mentions: ['7', '@8', 'nobody'] },
	);
	expect(receipt.degraded).toEqual(['mentions']);
	expect(server.requests[0]!.headers['content-type']).toBe('text/plain');
	expect(server.requests[0]!.body.toString()).toBe(' @7  @8 Hello 你好');
	expect(propertiesOf(server.requests[0]!)).toEqual({ mentions: [7, 8], local_id: 5 });
	await send({}, { body: 'Hello', mentions: ['7'] });
	expect(server.requests[1]!.body.toString()).toBe('Hello');
	expect(propertiesOf(server.requests[1]!)).toEqual({ mentions: [7] });
});

test('a 200 without the number of a message is no yes', async () => {
	instead['/api/bot/send_to_user/7'] = { body: { error: 'no' } };
	expect(await refused(send({}, 'x'))).toMatchObject({ class: 'Unexpected', unknown: true });
});

test('forwarded messages', async () => {
	await send({ kind: 'archive', archive: '2030/1/31/abcd' }, 'unused');
	expect(server.requests[0]).toMatchObject({ headers: { 'content-type': 'vocechat/archive' } });
	expect(server.requests[0]!.body.toString()).toBe('2030/1/31/abcd');
});

test('an answer, or where the server has none an ordinary message', async () => {
	const answered = await send({ replyTo: 1234 }, 'Hello');
	const ordinary = await send({ replyTo: 999 }, 'Hello');
	expect(paths()).toEqual(['/reply/1234', '/reply/999', '/send_to_user/7']);
	expect(answered.warnings).toEqual([]);
	expect(ordinary).toMatchObject({ degraded: ['reply'], warnings: [expect.stringMatching(/ordinary/)] });
	instead['/api/bot/reply/1234'] = { status: 401, body: '' };
	expect(await refused(send({ replyTo: 1234 }, 'Hello'))).toMatchObject({ class: 'Unauthorized' });
});

test('a picture is prepared, uploaded and sent', async () => {
	const receipt = await send({}, { body: 'Hello', image: { data: png, name: 'poster.png' } });
	expect(paths()).toEqual(['/send_to_user/7', '/file/prepare', '/file/upload', '/send_to_user/7']);
	expect(server.requests[1]!.json).toEqual({ content_type: 'image/png', filename: 'poster.png' });
	expect(chunks).toEqual([{ id: '0a1b2c3d', data: png, last: 'true' }]);
	expect(server.requests[3]).toMatchObject({
		headers: { 'content-type': 'vocechat/file' },
		json: { path: '2030/1/31/0a1b' },
	});
	expect(receipt.degraded).toEqual([]);
});

test('a large file goes in pieces; a file alone needs no words', async () => {
	const data = Buffer.alloc(2.5 * 1024 * 1024, 0x61);
	await send({}, { body: '', attachments: [{ data, name: 'film.log', mime: 'text/plain' }] });
	expect(chunks.map(({ last, data }) => [last, data.length])).toEqual([
		['false', 1048576],
		['false', 1048576],
		['true', 524288],
	]);
	expect(paths().filter((path) => path.startsWith('/send'))).toHaveLength(1);
});

test.each([
	['/api/bot/file/prepare', { status: 413, body: '' }, /larger than this server takes/],
	['/api/bot/file/upload', { status: 413, body: '' }, /larger than this server takes/],
	['/api/bot/file/prepare', { body: { odd: true } }, /no id/],
	['/api/bot/file/upload', { body: { size: 3 } }, /where it put/],
])('a refused upload at %s (%j) does not cost the text', async (path, reply, sentence) => {
	instead[path] = reply;
	const receipt = await send(
		{},
		{ body: 'Hello', attachments: [{ data: Buffer.from('abc'), name: 'a.txt', mime: 'text/plain' }] },
	);
	expect(paths()[0]).toBe('/send_to_user/7');
	expect(receipt).toMatchObject({ degraded: ['attachments'], warnings: [expect.stringMatching(sentence)] });
	instead[path] = reply;
	await refused(
		send({}, { body: '', attachments: [{ data: Buffer.from('abc'), name: 'a.txt', mime: 'text/plain' }] }),
		apiKey,
	);
});

test('a fault while uploading is tried again, and the text is not sent twice', async () => {
	let faults = 1;
	await server.close();
	server = await service((request) =>
		request.path.endsWith('/prepare') && faults-- > 0 ? { status: 502, body: 'bad gateway' } : answer(request),
	);
	await send({ attempts: 2 }, { body: 'Hello', image: { data: png } });
	expect(paths()).toEqual(['/send_to_user/7', '/file/prepare', '/file/prepare', '/file/upload', '/send_to_user/7']);
});

test.each([
	[{ status: 401, body: '' }, 'Unauthorized', '401', /API key/],
	[{ status: 403, body: '' }, 'Rejected', '403', /Add the bot/],
	[{ status: 404, body: '' }, 'Rejected', '404', /no such user/],
	[{ status: 413, body: '' }, 'Rejected', '413', /larger/],
	[{ status: 429, body: '' }, 'RateLimited', '429', /fewer/],
	[{ status: 500, body: 'database is locked' }, 'Unreachable', '500', /later/],
	[{ body: '<html><title>VoceChat</title></html>' }, 'Unexpected', '200', /web page/],
	[{ body: '' }, 'Unexpected', '200', /nothing/],
] as [Answer, string, string, RegExp][])('a refusal: %j', async (reply, errorClass, code, sentence) => {
	instead['/api/bot/send_to_user/7'] = reply;
	const error = await refused(send({}, 'Hello'), apiKey);
	expect(error).toMatchObject({ class: errorClass, code, message: expect.stringMatching(sentence) });
	expect(error.text.zh).toMatch(/\p{Script=Han}/u);
});

test('verify asks for the bot’s groups', async () => {
	await verify(vocechat, account());
	expect(server.requests).toMatchObject([{ method: 'GET', path: '/api/bot', headers: { 'x-api-key': apiKey } }]);
	expect(await refused(verify(vocechat, account({ apiKey: 'wrong-key-0123' })), 'wrong-key-0123')).toMatchObject({
		class: 'Unauthorized',
	});
});

test('a target of another form is said', async () => {
	expect(await refused(send({ to: 'channel:3' }, 'Hello'))).toMatchObject({ class: 'Invalid', field: 'to' });
	expect(await refused(send({}, 'Hello', { to: '' }))).toMatchObject({ class: 'Invalid', field: 'to' });
});

test('actions, on servers that want the number in the path or in the query', async () => {
	await expect(act(vocechat, 'listGroups', account(), {})).resolves.toEqual([{ gid: 3, name: 'den' }]);
	await expect(act(vocechat, 'getUser', account(), { uid: 7 })).resolves.toMatchObject({ name: 'alice' });
	await expect(act(vocechat, 'getGroup', account(), { gid: 3 })).resolves.toMatchObject({ gid: 3 });
	expect(paths()).toEqual(['', '/user/7', '/group/3', '/group']);
	expect(await refused(act(vocechat, 'getUser', account(), { uid: 8 }))).toMatchObject({
		class: 'Rejected',
		code: '404',
	});
});

test('a file by itself', async () => {
	const binary = async () => ({ name: 'a.txt', mime: 'text/plain', data: Buffer.from('abc') });
	await expect(act(vocechat, 'uploadFile', account(), { file: 'data' }, { binary })).resolves.toMatchObject({
		path: '2030/1/31/0a1b',
	});
});
