import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { WebSocketServer, type WebSocket } from 'ws';
import { websocket } from '../../../src/services/webhook/websocket.channel';
import { deliver, verify } from '../../../src/core/deliver/deliver';
import { turns, until } from '../../core/sockets/connected';
import { closeConnections } from '../../../src/core/http/http';
import { frozenClock, refused } from '../../refused';

const png = { name: 'poster.png', mime: 'image/png', data: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') };
const clock = frozenClock();

let closing: (() => Promise<unknown>)[];
beforeEach(() => (closing = []));
afterEach(async () => {
	await websocket.close?.();
	await Promise.all(closing.map((close) => close()));
	await closeConnections();
});

interface Listener {
	url: string;
	port: number;
	frames: string[];
	handshakes: IncomingMessage[];
	closes: number[];
	pings: number;
	sockets: WebSocket[];
	server: WebSocketServer;
	end(): Promise<void>;
}

/** A real WebSocket server; `talk` answers. */
async function listen(
	talk: (socket: WebSocket, text: string) => void = () => undefined,
	more: object = {},
	port = 0,
): Promise<Listener> {
	const server = new WebSocketServer({ port, host: '127.0.0.1', ...more });
	const end = () =>
		new Promise<void>((done) => {
			for (const socket of server.clients) socket.terminate();
			server.close(() => done());
		});
	const listener: Listener = {
		url: '',
		port: 0,
		frames: [],
		handshakes: [],
		closes: [],
		pings: 0,
		sockets: [],
		server,
		end,
	};
	server.on('connection', (socket, request) => {
		listener.handshakes.push(request);
		listener.sockets.push(socket);
		socket.on('error', () => undefined);
		socket.on('ping', () => listener.pings++);
		socket.on('close', (code) => listener.closes.push(code));
		socket.on('message', (data, binary) => {
			listener.frames.push(binary ? 'binary' : String(data));
			talk(socket, String(data));
		});
	});
	closing.push(end);
	await new Promise((done) => server.once('listening', done));
	listener.port = (server.address() as AddressInfo).port;
	listener.url = `ws://127.0.0.1:${listener.port}/notify`;
	return listener;
}

const send = (url: string, message: unknown = 'Hello', options: object = {}, account: object = {}) =>
	deliver(websocket, { url, ...account }, options as never, message, { clock });

test('opens, sends the message as one text frame, closes with 1000', async () => {
	const server = await listen();
	const receipt = await send(`${server.url}?key=s3cret-key`, {
		title: '标题',
		body: '**x**',
		level: 'failure',
		to: 'nobody',
	});
	expect(server.frames.map((frame) => JSON.parse(frame))).toEqual([
		{ title: '标题', body: '**x**', format: 'markdown', level: 'failure', time: '2026-01-01T00:00:00.000Z' },
	]);
	await until(() => server.closes.length > 0);
	expect([server.handshakes[0]!.url, server.closes]).toEqual(['/notify?key=s3cret-key', [1000]]);
	expect(receipt).toMatchObject({ ids: [expect.stringMatching(/^[\da-f-]{36}$/)], warnings: [] });
	expect(JSON.stringify(receipt)).not.toContain('s3cret-key');
});

test('BetterGI’s frame, templates and plain text', async () => {
	const server = await listen();
	await send(
		server.url,
		{ title: 'T', body: 'x', type: 'task.end', level: 'success', image: png },
		{ content: 'betterGi' },
	);
	expect(JSON.parse(server.frames[0]!)).toEqual({
		send_to: '',
		event: 'task.end',
		result: 0,
		timestamp: '2026-01-01T00:00:00.000Z',
		screenshot: png.data.toString('base64'),
		message: 'T\nx',
		data: null,
	});
	await send(
		server.url,
		{ title: 'T "q"', body: 'line\nbreak' },
		{ content: 'template', body: '{"id": "{id}", "text": "{title}: {body}", "to": "{to}"}', to: 'a,b' },
	);
	expect(JSON.parse(server.frames[1]!)).toEqual({
		id: expect.stringMatching(/^[\da-f-]{36}$/),
		text: 'T "q": line\nbreak',
		to: 'a,b',
	});
	expect(
		await send(server.url, { title: 'T', body: 'x', buttons: [{ text: 'Yes', value: 'y' }] }, { bodyType: 'text' }),
	).toMatchObject({ degraded: ['buttons'] });
	await send(server.url, { title: 'T', body: 'x' }, { bodyType: 'text', content: 'template', body: '<{title}>' });
	expect(server.frames.slice(2)).toEqual(['T\n\nx', '<T>']);
	expect(await refused(send(server.url, 'x', { content: 'template', body: '{"a": {title' }))).toMatchObject({
		class: 'Invalid',
		field: 'body',
	});
});

test('headers, sub-protocols, close code', async () => {
	const server = await listen(undefined, { handleProtocols: () => 'carillon.v1' });
	await send(
		server.url,
		'x',
		{ closeCode: 3001 },
		{ headers: '{"Authorization": "Bearer t0ken-123", "X-N": 1}', protocols: 'carillon.v1, other' },
	);
	expect(server.handshakes[0]!.headers).toMatchObject({
		authorization: 'Bearer t0ken-123',
		'x-n': '1',
		'sec-websocket-protocol': 'carillon.v1, other',
	});
	await until(() => server.closes.length > 0);
	expect(server.closes).toEqual([3001]);
	for (const headers of [{ 'X Y': '1' }, { 'X-Y': 'a\r\nb' }, { 'Sec-WebSocket-Key': 'x' }])
		expect(await refused(send(server.url, 'x', {}, { headers }))).toMatchObject({
			class: 'Invalid',
			field: 'headers',
		});
	expect(await refused(send(server.url, 'x', { closeCode: 1005 }))).toMatchObject({
		class: 'Invalid',
		field: 'closeCode',
	});
	expect(await refused(send('http://127.0.0.1/x'))).toMatchObject({ class: 'Invalid', field: 'url' });
});

describe('answers', () => {
	const wait = { waitForAnswer: true, successPath: 'code', successValues: '0' };

	test('the first that counts is taken, whatever else is said', async () => {
		const server = await listen((socket, text) => {
			const { body } = JSON.parse(text) as { body: string };
			for (const answer of [
				'hello',
				'{"event": "noise"}',
				'{"code": 0, "id": "someone else’s"}',
				`{"code": 0, "echo": "${body}"}`,
			])
				socket.send(answer);
		});
		expect((await send(server.url, 'x', wait)).raw).toEqual({ code: 0, id: 'someone else’s' });
		expect((await send(server.url, 'x', { waitForAnswer: true })).raw).toBe('hello');
	});

	test('by the id that it repeats', async () => {
		const server = await listen((socket, text) => {
			const { id } = JSON.parse(text) as { id: string };
			socket.send('{"code": 1, "id": "other"}');
			socket.send(JSON.stringify({ code: 0, id }));
		});
		expect(
			(await send(server.url, 'x', { ...wait, answerIdPath: 'id', content: 'template', body: '{"id": "{id}"}' }))
				.raw,
		).toMatchObject({ code: 0 });
	});

	test('a no is a no', async () => {
		const server = await listen((socket) => socket.send('{"code": 17, "message": "unknown group"}'));
		const error = await refused(send(server.url, 'x', wait));
		expect(error).toMatchObject({ class: 'Rejected', code: '17', unknown: false });
		expect(error.message).toContain('unknown group');
		expect((await refused(send(server.url, 'x', wait, { language: 'zh' }))).message).toContain('服务器拒绝了请求');
	});

	test('silence and hanging up leave it unknown, and it is not sent twice', async () => {
		const silent = await listen();
		expect(await refused(send(silent.url, 'x', { ...wait, answerSeconds: 0.1 }))).toMatchObject({
			class: 'Unreachable',
			unknown: true,
		});
		expect(silent.frames).toHaveLength(1);
		const rude = await listen((socket) => socket.terminate());
		expect(await refused(send(rude.url, 'x', wait))).toMatchObject({ class: 'Unreachable', unknown: true });
		expect(await refused(send(rude.url, 'x'))).toMatchObject({ class: 'Unreachable', unknown: true });
		expect(rude.frames).toHaveLength(2);
	});

	test('a server that ends with a code of its own has said no', async () => {
		for (const [code, errorClass] of [
			[1008, 'Unauthorized'],
			[4001, 'Rejected'],
			[1009, 'Rejected'],
		] as const) {
			const server = await listen((socket) => socket.close(code, 'no'));
			expect(await refused(send(server.url, 'x', wait))).toMatchObject({
				class: errorClass,
				code: String(code),
				unknown: false,
			});
		}
	});
});

describe('a kept connection', () => {
	const kept = { connection: 'kept', pingSeconds: 0.05 };

	test('carries many messages, and is pinged', async () => {
		const server = await listen();
		await Promise.all(['a', 'b', 'c'].map((text) => send(server.url, text, { bodyType: 'text' }, kept)));
		await send(server.url, 'd', { bodyType: 'text' }, kept);
		await until(() => server.frames.length >= 4);
		expect([server.frames.sort(), server.handshakes.length]).toEqual([['a', 'b', 'c', 'd'], 1]);
		await until(() => server.pings > 1);
		await websocket.close?.();
		await until(() => server.closes.length > 0);
		expect(server.closes).toHaveLength(1);
		const pings = server.pings;
		await sleep(150);
		expect(server.pings).toBe(pings);
	});

	test('answers find their own message', async () => {
		const waiting: [WebSocket, string][] = [];
		const server = await listen((socket, text) => {
			waiting.push([socket, (JSON.parse(text) as { id: string }).id]);
			if (waiting.length === 3)
				for (const [each, id] of waiting.reverse()) each.send(JSON.stringify({ id, code: 0 }));
		});
		const options = {
			content: 'template',
			body: '{"id": "{id}"}',
			waitForAnswer: true,
			answerIdPath: 'id',
			successPath: 'code',
			successValues: '0',
		};
		const receipts = await Promise.all([1, 2, 3].map(() => send(server.url, 'x', options, kept)));
		for (const { ids, raw } of receipts) expect((raw as { id: string }).id).toBe(ids[0]);
	});

	test('comes back by itself, and with the next message', async () => {
		const server = await listen();
		await send(server.url, 'a', { bodyType: 'text' }, kept);
		const gone = once(server.sockets[0]!, 'close');
		server.sockets[0]!.terminate();
		await gone;
		await turns();
		await send(server.url, 'b', { bodyType: 'text' }, kept);
		await until(() => server.frames.length >= 2);
		expect(server.frames).toEqual(['a', 'b']);
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.01);
		server.sockets.at(-1)!.terminate();
		await until(() => server.handshakes.length >= 3);
		random.mockRestore();
	});

	test('comes back to a server that was away', async () => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.01);
		const server = await listen();
		await send(server.url, 'a', {}, kept);
		await server.end();
		await sleep(150);
		const again = await listen(undefined, {}, server.port);
		await until(() => again.handshakes.length > 0);
		random.mockRestore();
		expect(again.handshakes).toHaveLength(1);
	});

	test('a send that is cancelled leaves it to the others', async () => {
		const server = await listen();
		const stop = new AbortController();
		const one = deliver(websocket, { url: server.url, ...kept }, {}, 'x', { clock, signal: stop.signal });
		const other = send(server.url, 'y', { bodyType: 'text' }, kept);
		stop.abort();
		expect(await refused(one)).toMatchObject({ code: 'CANCELLED' });
		await other;
		await until(() => server.frames.length >= 1);
		expect(server.frames).toEqual(['y']);
	});
});

describe('the way there', () => {
	test('TLS is checked, trusted by its CA, or allowed', async () => {
		const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
			extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
		});
		const secure = createSecure({ key, cert });
		const server = new WebSocketServer({ server: secure });
		const frames: string[] = [];
		server.on('connection', (socket) => socket.on('message', (data) => frames.push(String(data))));
		await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
		closing.push(() => new Promise((done) => server.close(() => secure.close(done))));
		const url = `wss://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
		const error = await refused(send(url, 'x', { attempts: 1 }));
		expect(error).toMatchObject({ class: 'Unreachable', transient: false, unknown: false });
		expect(error.message).toContain('CA certificate');
		await send(url, 'a', { bodyType: 'text' }, { caCertificate: cert });
		await send(url, 'b', { bodyType: 'text' }, { allowInsecureTls: true });
		await until(() => frames.length >= 2);
		expect(frames).toEqual(['a', 'b']);
	});

	test('by a proxy', async () => {
		const server = await listen();
		const asked: string[] = [];
		const proxy = createHttp();
		proxy.on('connect', ({ url, headers }, socket: Socket) => {
			asked.push(`${url} ${headers['proxy-authorization']}`);
			const onward = connect(server.port, '127.0.0.1', () => {
				socket.write('HTTP/1.1 200 OK\r\n\r\n');
				socket.pipe(onward).pipe(socket);
			});
			for (const each of [onward, socket]) each.on('error', () => onward.destroy());
		});
		await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
		closing.push(async () => {
			await closeConnections();
			await new Promise((done) => proxy.close(done));
		});
		await send(
			server.url,
			'x',
			{ bodyType: 'text' },
			{ proxy: `http://ann:pr0xy-pass@127.0.0.1:${(proxy.address() as AddressInfo).port}` },
		);
		expect(asked).toEqual([`127.0.0.1:${server.port} Basic ${Buffer.from('ann:pr0xy-pass').toString('base64')}`]);
		await until(() => server.frames.length >= 1);
		expect(server.frames).toEqual(['x']);
	});
});

describe('faults', () => {
	test('is checked by a handshake alone', async () => {
		const server = await listen();
		await verify(websocket, { url: server.url });
		expect([server.handshakes.length, server.frames]).toEqual([1, []]);
	});

	test.each([
		[401, 'Unauthorized', undefined],
		[403, 'Unauthorized', undefined],
		[404, 'Invalid', 'url'],
		[500, 'Unreachable', undefined],
		[200, 'Unexpected', undefined],
	] as const)('a handshake answered with %i is %s', async (status, errorClass, field) => {
		const server = createServer((socket: Socket) => {
			socket.on('error', () => undefined);
			socket.once('data', () => socket.end(`HTTP/1.1 ${status} x\r\nContent-Length: 2\r\n\r\nno`));
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		closing.push(() => new Promise((done) => server.close(done)));
		const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret-path`;
		for (const account of [{}, { connection: 'kept' }]) {
			const error = await refused(
				send(url, 'x', { attempts: 1 }, { ...account, headers: '{"X-Key": "h3ader-key"}' }),
				's3cret-path',
				'h3ader-key',
			);
			expect(error).toMatchObject({ class: errorClass, field, unknown: false });
		}
		expect((await refused(send(url, 'x', { attempts: 1 }, { language: 'zh' }))).message).toMatch(/\p{Script=Han}/u);
	});

	test('nobody there', async () => {
		const { url, end } = await listen();
		await end();
		const error = await refused(send(url, 'x', { attempts: 2 }));
		expect(error).toMatchObject({ class: 'Unreachable', code: 'ECONNREFUSED', unknown: false });
	});

	test('a server that does not take leave is a warning', async () => {
		const server = await listen();
		server.server.on('connection', (socket) => socket.pause());
		expect((await send(server.url)).warnings).toEqual([expect.stringContaining('did not take leave')]);
	});

	test('an answer without end is not read to its end', async () => {
		const server = await listen((socket) => socket.send('x'.repeat(6 * 1024 * 1024)));
		expect(await refused(send(server.url, 'x', { waitForAnswer: true, attempts: 1 }))).toMatchObject({
			class: expect.stringMatching(/Unreachable|Rejected/),
		});
	});
});
