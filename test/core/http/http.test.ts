import { once } from 'node:events';
import { createServer as createPlain, request as forward, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import type { CommonAccount, Replies } from '../../../src/core/define/channel';
import { ChannelError } from '../../../src/core/base/errors';
import { closeConnections, httpFor, limits, networkError, retryAfterOf } from '../../../src/core/http/http';
import { service, type Service } from '../../service';
import { quicklyDone } from '../../work';

const name = { en: 'Chime', zh: '钟声' };
const httpOf = (account: Partial<CommonAccount>, replies?: Replies, signal = new AbortController().signal) =>
	httpFor({ name, replies, account: { language: 'en', ...account }, signal });

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	await closeConnections();
	for (const close of closing.splice(0)) await close();
});

async function open(server: Server | ReturnType<typeof createTcp>): Promise<number> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	closing.push(
		() =>
			new Promise((done) => {
				server.close(done);
				for (const socket of sockets) socket.destroy();
			}),
	);
	return (server.address() as AddressInfo).port;
}

async function chime(): Promise<Service> {
	const made = await service(() => ({ body: { ok: true } }));
	closing.push(made.close);
	return made;
}

const failure = (promise: Promise<unknown>): Promise<ChannelError> =>
	promise.then(
		() => Promise.reject(new Error('it went through')),
		(error) => error,
	);

describe('what goes out', () => {
	test('JSON, forms, multipart, text and queries', async () => {
		const server = await chime();
		const http = httpOf({ baseUrl: `${server.url}/base` });
		await http.post('/json', { json: { text: 'Größe 好 😀' }, query: { a: 'x y&z', b: undefined, c: 1 } });
		await http.post('form', { form: { title: 'a&b=c', none: undefined } });
		await http.post('/multipart', {
			multipart: {
				media: { name: 'bild 好.png', mime: 'image/png', data: new Uint8Array([1, 2, 3]) },
				about: 'text',
			},
		});
		await http.call('PUT', '/text', { body: 'plain', headers: { 'X-One': '1', 'X-None': undefined } });
		const [json, form, multipart, text] = server.requests as [
			Service['requests'][0],
			Service['requests'][0],
			Service['requests'][0],
			Service['requests'][0],
		];
		expect(json).toMatchObject({
			method: 'POST',
			path: '/base/json',
			query: { a: 'x y&z', c: '1' },
			json: { text: 'Größe 好 😀' },
		});
		expect(json.headers['content-type']).toBe('application/json; charset=utf-8');
		expect(form).toMatchObject({ path: '/base/form', form: { title: 'a&b=c' } });
		expect(multipart.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
		expect(multipart.body.toString('utf8')).toContain('filename="bild 好.png"');
		expect(multipart.body.includes(Buffer.from([1, 2, 3]))).toBe(true);
		expect(text).toMatchObject({ method: 'PUT', headers: { 'x-one': '1' } });
		expect(text.headers['x-none']).toBeUndefined();
	});

	test('keeps connections and shares them between accounts of one service', async () => {
		const server = await chime();
		const ports = new Set<number | undefined>();
		for (let account = 0; account < 10; account++) {
			await httpOf({ baseUrl: server.url, language: account % 2 ? 'en' : 'zh' }).post('/');
			for (const socket of server.sockets) ports.add(socket.remotePort);
		}
		// undici may open a second one while the first still winds up.
		expect(ports.size).toBeLessThanOrEqual(2);
	});
});

describe('ways', () => {
	test('through an HTTP proxy, with its password', async () => {
		const server = await chime();
		const seen: string[] = [];
		const proxy = createPlain((request, response) => {
			seen.push(`${request.method} ${request.headers['proxy-authorization']}`);
			request.pipe(
				forward(request.url!, { method: request.method, headers: request.headers }, (answer) =>
					answer.pipe(response),
				),
			);
		});
		proxy.on('connect', (request, client) => {
			seen.push(`${request.method} ${request.headers['proxy-authorization']}`);
			const [host, port] = request.url!.split(':') as [string, string];
			const upstream = connect(Number(port), host, () => {
				client.write('HTTP/1.1 200 OK\r\n\r\n');
				upstream.pipe(client).pipe(upstream);
			});
			upstream.on('error', () => client.destroy());
			client.on('error', () => upstream.destroy());
		});
		const port = await open(proxy);
		expect(await httpOf({ baseUrl: server.url, proxy: `http://user:p%40ss@127.0.0.1:${port}` }).post('/x')).toEqual(
			{ ok: true },
		);
		// A percent sign that nobody has encoded stands for itself.
		await httpOf({ baseUrl: server.url, proxy: `http://user:100%zz@127.0.0.1:${port}` }).post('/x');
		expect(seen).toEqual(
			['user:p@ss', 'user:100%zz'].map((login) =>
				expect.stringContaining(`Basic ${Buffer.from(login).toString('base64')}`),
			),
		);
	});

	// Both at once, since each waits as long as a connection may take.
	test('a proxy that says nothing is given up, and its connection with it', async () => {
		const isGivenUp = async (scheme: string) => {
			const there = new Set<Socket>();
			const silent = createTcp((socket) => {
				there.add(socket.resume());
				socket.on('close', () => there.delete(socket));
			});
			const proxy = `${scheme}://127.0.0.1:${await open(silent)}`;
			const asked = httpOf({ baseUrl: 'http://192.0.2.1', proxy }, undefined, AbortSignal.timeout(200)).post(
				'/x',
			);
			await expect(asked).rejects.toMatchObject({ class: 'Unreachable', unknown: false });
			expect(there.size).toBe(1);
			const latest = Date.now() + limits.connect + 3_000;
			while (there.size > 0 && Date.now() < latest) await new Promise((done) => setTimeout(done, 100));
			expect(there.size).toBe(0);
		};
		await Promise.all(['http', 'socks5'].map(isGivenUp));
	}, 20_000);

	test('a proxy that refuses is named as such, and nothing was sent', async () => {
		const proxy = createPlain();
		proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
		const port = await open(proxy);
		const error = await failure(
			httpOf({ baseUrl: 'https://chime.example', proxy: `http://127.0.0.1:${port}` }).post('/x'),
		);
		expect(error).toMatchObject({ class: 'Unreachable', unknown: false });
		expect(error.message).toContain('proxy');
	});

	test('through a SOCKS5 proxy, with its password', async () => {
		const server = await chime();
		const port = await open(socks5('user', 'secret-pass'));
		expect(
			await httpOf({ baseUrl: server.url, proxy: `socks5://user:secret-pass@127.0.0.1:${port}` }).post('/x'),
		).toEqual({ ok: true });
		const error = await failure(
			httpOf({ baseUrl: server.url, proxy: `socks5://user:wrong@127.0.0.1:${port}` }).post('/x'),
		);
		expect(error).toMatchObject({ class: 'Unreachable', unknown: false });
	});

	test('TLS to a port that speaks none is told as such, not as a bad certificate', async () => {
		const port = await open(createPlain((_, response) => response.end('{"ok":true}')));
		const error = await failure(httpOf({ baseUrl: `https://127.0.0.1:${port}` }).post('/'));
		expect(error).toMatchObject({ class: 'Unreachable', unknown: false, transient: false });
		expect(error.message).toContain('http:// in place of https://');
	});

	test('a proxy with a certificate of one’s own', async () => {
		const server = await chime();
		const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
			keySize: 2048,
			extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
		});
		const proxy = createSecure({ key, cert });
		proxy.on('connect', (request, client) => {
			const [host, port] = request.url!.split(':') as [string, string];
			const upstream = connect(Number(port), host, () => {
				client.write('HTTP/1.1 200 OK\r\n\r\n');
				upstream.pipe(client).pipe(upstream);
			});
			upstream.on('error', () => client.destroy());
			client.on('error', () => upstream.destroy());
		});
		const way = { baseUrl: server.url, proxy: `https://127.0.0.1:${await open(proxy as unknown as Server)}` };
		expect((await failure(httpOf(way).post('/x'))).message).toContain('CA certificate');
		expect(await httpOf({ ...way, caCertificate: cert }).post('/x')).toEqual({ ok: true });
		expect(await httpOf({ ...way, allowInsecureTls: true }).post('/x')).toEqual({ ok: true });
	});

	test('a certificate of one’s own is refused, trusted by its CA, or allowed', async () => {
		const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
			keySize: 2048,
			extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
		});
		const port = await open(
			createSecure({ key, cert }, (_, response) => response.end('{"ok":true}')) as unknown as Server,
		);
		const baseUrl = `https://127.0.0.1:${port}`;
		const error = await failure(httpOf({ baseUrl }).post('/'));
		const proxy = `socks5://user:secret-pass@127.0.0.1:${await open(socks5('user', 'secret-pass'))}`;
		expect((await failure(httpOf({ baseUrl, proxy }).post('/'))).message).toContain('CA certificate');
		expect(await httpOf({ baseUrl, proxy, caCertificate: cert }).post('/')).toEqual({ ok: true });
		expect(error).toMatchObject({ class: 'Unreachable', unknown: false, transient: false });
		expect(error.message).toContain('CA certificate');
		expect(await httpOf({ baseUrl, caCertificate: cert }).post('/')).toEqual({ ok: true });
		expect(await httpOf({ baseUrl, allowInsecureTls: true }).post('/')).toEqual({ ok: true });
	});
});

describe('what comes back', () => {
	const answering = async (answer: Parameters<typeof service>[0]) => {
		const made = await service(answer);
		closing.push(made.close);
		return made;
	};

	test('a refusal is read by the service’s table; its words and the advice are told in both languages', async () => {
		const replies: Replies = {
			ok: (json) => json.ok,
			code: (json) => json.error,
			says: (json) => json.words,
			errors: [
				{ code: 'no_chat', is: 'Invalid', field: 'to', do: { en: 'Check the chat.', zh: '请检查会话。' } },
			],
		};
		const server = await answering(() => ({ body: { ok: false, error: 'no_chat', words: 'what chat?' } }));
		const error = await failure(httpOf({ baseUrl: server.url }, replies).post('/'));
		expect(error).toMatchObject({ class: 'Invalid', field: 'to', code: 'no_chat' });
		expect(error.text).toEqual({
			en: 'Chime said no: “what chat?” (no_chat). Check the chat.',
			zh: '钟声 拒绝了请求：“what chat?”（no_chat）。请检查会话。',
		});
	});

	test.each([
		[401, 'Unauthorized'],
		[403, 'Unauthorized'],
		[404, 'Rejected'],
		[429, 'RateLimited'],
		[500, 'Unreachable'],
		[503, 'Unreachable'],
	])('HTTP %i is %s where no table says otherwise', async (status, errorClass) => {
		const server = await answering(() => ({ status, body: 'words of the server' }));
		const error = await failure(httpOf({ baseUrl: server.url }).post('/'));
		expect(error).toMatchObject({ class: errorClass, code: String(status) });
		expect(error.message).toContain('words of the server');
	});

	test.each([
		[{ error: { code: 7, message: 'this key may not send' } }],
		[{ detail: 'this key may not send' }],
		[{ errors: [{ status: 403, reason: 'this key may not send' }] }],
		['this key may not send'],
	])('its own words are shown where nothing says in which place they stand: %j', async (body) => {
		const server = await answering(() => ({ status: 403, body }));
		const error = await failure(httpOf({ baseUrl: server.url }).post('/'));
		expect(error).toMatchObject({
			class: 'Unauthorized',
			text: { zh: expect.stringContaining('this key may not send') },
		});
		expect(error.message).toContain('“this key may not send”');
	});

	test.each([
		['a page that never ends its title', '<title'.repeat(40_000)],
		['blanks', ' '.repeat(300_000) + 'x'],
		['words that a pattern begins to match again and again', { words: 'CHAT_SEND_'.repeat(30_000) }],
	])('%s is read once', async (_what, body) => {
		const replies: Replies = {
			ok: () => false,
			says: (json) => json.words,
			errors: [{ says: /CHAT_SEND_\w+_FORBIDDEN/, is: 'Invalid', do: { en: 'No.', zh: '否。' } }],
		};
		const server = await answering(() => ({ status: 502, body }));
		const error = await quicklyDone(() => failure(httpOf({ baseUrl: server.url }, replies).post('/')));
		expect(error.class).toBe('Unreachable');
	});

	test.each([7, { a: 1 }, ['x'], true])('words that are no text (%j) are told all the same', async (words) => {
		const server = await answering(() => ({ status: 400, body: { words } }));
		const replies: Replies = { ok: () => false, says: (json) => json.words };
		const error = await failure(httpOf({ baseUrl: server.url }, replies).post('/'));
		expect(error).toMatchObject({ class: 'Rejected', code: '400' });
		expect(error.message).toContain(JSON.stringify(words));
	});

	test('redirects stay on the origin, and only where nothing changes on the way', async () => {
		const other = await answering(() => ({ body: { ok: true } }));
		const server = await answering(({ path }) =>
			path === '/here'
				? { status: 307, headers: { location: '/there' }, body: '' }
				: path === '/away'
					? { status: 302, headers: { location: `${other.url}/x` }, body: '' }
					: { body: { ok: path } },
		);
		const http = httpOf({ baseUrl: server.url });
		expect(await http.get('/here')).toEqual({ ok: '/there' });
		expect(await http.post('/here', { json: {}, redirects: 1 })).toEqual({ ok: '/there' });
		expect((await failure(http.post('/here', { json: {} }))).class).toBe('Unexpected');
		expect((await failure(http.get('/away'))).message).toContain(other.url);
		expect(other.requests).toHaveLength(0);
	});

	test('a reply over the cap is not read to its end', async () => {
		const server = await answering(() => ({ body: Buffer.alloc(limits.reply + 1, 0x20) }));
		expect((await failure(httpOf({ baseUrl: server.url }).post('/'))).class).toBe('Unexpected');
	});

	test('Retry-After in both forms', () => {
		const now = Date.parse('2030-01-01T00:00:00Z');
		expect(retryAfterOf({ headers: { 'retry-after': '7' } }, now)).toBe(7);
		expect(retryAfterOf({ headers: { 'retry-after': '0.5' } }, now)).toBe(0.5);
		expect(retryAfterOf({ headers: { 'retry-after': 'Tue, 01 Jan 2030 00:01:30 GMT' } }, now)).toBe(90);
		expect(retryAfterOf({ headers: { 'retry-after': 'soon' } }, now)).toBeUndefined();
		expect(retryAfterOf({ headers: {} }, now)).toBeUndefined();
	});

	test('what is cancelled in the turn in which it was asked for is never sent, and known not to be', async () => {
		const server = await service(() => ({ body: {} }));
		const controller = new AbortController();
		const asked = failure(httpOf({ baseUrl: server.url }, undefined, controller.signal).post('/'));
		controller.abort(new Error('no more'));
		expect(await asked).toMatchObject({ unknown: false });
		// Another that goes after it has come.
		await httpOf({ baseUrl: server.url }).post('/next');
		expect(server.requests.map(({ path }) => path)).toEqual(['/next']);
		await server.close();
	});

	test('a cancelled request ends at once, its outcome unknown', async () => {
		const controller = new AbortController();
		const server = await answering(() => {
			controller.abort();
			return new Promise(() => undefined);
		});
		expect(await failure(httpOf({ baseUrl: server.url }, undefined, controller.signal).post('/'))).toMatchObject({
			class: 'Unreachable',
			unknown: true,
		});
	});
});

/** RFC 1928 with RFC 1929: no more than a test needs. */
function socks5(user: string, password: string) {
	return createTcp(async (socket) => {
		const next = async () => (await once(socket, 'data'))[0] as Buffer;
		await next();
		socket.write(Buffer.from([5, 2]));
		const login = await next();
		const expected = Buffer.concat([
			Buffer.from([1, user.length]),
			Buffer.from(user),
			Buffer.from([password.length]),
			Buffer.from(password),
		]);
		const welcome = login.equals(expected);
		socket.write(Buffer.from([1, welcome ? 0 : 1]));
		if (!welcome) return void socket.end();
		const ask = await next();
		const host = ask[3] === 1 ? [...ask.subarray(4, 8)].join('.') : ask.subarray(5, 5 + ask[4]!).toString();
		const upstream = connect(ask.readUInt16BE(ask.length - 2), host, () => {
			socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
			upstream.pipe(socket).pipe(upstream);
		});
		upstream.on('error', () => socket.destroy());
	});
}

test('a fault whose code is a number has a text for a code', () => {
	const service = { name: { en: 'X', zh: 'X' }, signal: new AbortController().signal };
	const error = networkError(service, new DOMException('gone', 'AbortError'), { host: 'example.com' }, false);
	expect(error).toMatchObject({ class: 'Unreachable', code: 'AbortError' });
});

describe('connections that rest', () => {
	/** Ends each connection ms after its answer, in its own way, and counts what it reads. */
	async function resting(ms: number | undefined, end: (socket: Socket) => unknown) {
		const reads = new Map<string, number>();
		const used = new Set<Socket>();
		const server = createPlain((request, response) => {
			let body = '';
			request.on('data', (chunk) => (body += String(chunk)));
			request.on('end', () => {
				reads.set(body, (reads.get(body) ?? 0) + 1);
				used.add(request.socket);
				response.end('{"ok":true}');
				if (ms !== undefined) response.on('finish', () => setTimeout(() => end(request.socket), ms));
			});
		});
		server.keepAliveTimeout = 60_000;
		const http = httpOf({ baseUrl: `http://127.0.0.1:${await open(server)}` });
		return { http, reads, used };
	}

	test.each([
		['closed', (socket: Socket) => socket.destroy()],
		['reset', (socket: Socket) => socket.resetAndDestroy()],
		['ended', (socket: Socket) => socket.end()],
	])(
		'and are %s after 5 ms cost no request, and double none',
		async (_, end) => {
			const { http, reads } = await resting(5, end);
			const failed: unknown[] = [];
			const sender = async (name: string) => {
				for (let count = 0; count < 40; count++) {
					await http.post('/', { body: `${name} ${count}` }).catch((error: unknown) => failed.push(error));
					await new Promise((done) => setTimeout(done, 4 + (count % 3)));
				}
			};
			await Promise.all(['a', 'b', 'c', 'd'].map(sender));
			expect(failed).toEqual([]);
			expect([reads.size, Math.max(...reads.values())]).toEqual([160, 1]);
		},
		60_000,
	);

	test('and are kept are used again, once that is known', async () => {
		const { http, used } = await resting(undefined, () => undefined);
		await http.post('/', { body: 'scout' });
		const [scout] = used;
		await once(scout!, 'close');
		// The pool may open a second one while the first is being given back, and the other side hears of an end first.
		used.clear();
		for (let count = 0; count < 40; count++) await http.post('/', { body: String(count) });
		expect(used.size).toBeLessThan(20);
	}, 60_000);
});
