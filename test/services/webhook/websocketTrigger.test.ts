import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Connecting } from '../../../src/core/define/trigger';
import { receptionist } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { Message } from '../../../src/core/message/message';
import { serveSockets, tell } from '../../../src/core/sockets/server';
import { websocketTrigger } from '../../../src/services/webhook/websocket.trigger';
import { connected, until, type Connected } from '../../core/sockets/connected';
import { dial, hostServer } from '../../core/sockets/sockets';

let host: Awaited<ReturnType<typeof hostServer>>;
let nodes: Connected[];
beforeEach(async () => {
	host = await hostServer();
	nodes = [];
});
afterEach(async () => {
	await Promise.all(nodes.map((node) => node.close()));
	await host.close();
});

const start = (options: object = {}, account: object = { access: 'open' }, root = '') => {
	const server = { http: host.http, root };
	const node = connected(
		websocketTrigger,
		account as Record<string, unknown>,
		options as Record<string, unknown>,
		undefined,
		server,
	);
	nodes.push(node);
	return node;
};
const url = (path = '/carillon/websocket') => `ws://127.0.0.1:${host.port}${path}`;
const freePort = () =>
	new Promise<number>((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});

const pixel =
	'/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=';
const genshin = {
	send_to: '',
	event: 'group.end',
	result: 0,
	timestamp: '2025-06-01T08:00:00.1234567+08:00',
	screenshot: pixel,
	message: 'All done',
	data: null,
};

test('a repeat is told, and goes no further', async () => {
	const [account, store, went] = [{ access: 'open' }, memoryStore(), [] as unknown[]];
	const reception = receptionist(websocketTrigger, { account, options: { repeatWindow: 60 }, store });
	const take: Connecting['take'] = (happenings) => {
		const { answer, happenings: settled } = reception.take(happenings);
		void settled.then((all) => went.push(...all));
		return answer;
	};
	const server = { http: host.http, root: '' };
	nodes.push(connected(websocketTrigger, account, {}, store, server, take));
	const { socket, heard } = await dial(url());
	const [one, other] = [genshin, { ...genshin, message: 'Half done' }].map((each) => JSON.stringify(each));
	for (const [at, said] of [one, one, other].entries()) {
		socket.send(said!);
		await until(() => heard.length === at + 1);
	}
	expect(heard).toEqual([{ ok: true }, { ok: true, repeated: true }, { ok: true }]);
	expect(went).toHaveLength(2);
	socket.close();
	reception.close();
});

test('BetterGI’s push, and one of the user’s own', async () => {
	const node = start();
	const { socket, heard } = await dial(url());
	socket.send(JSON.stringify(genshin));
	socket.send(JSON.stringify({ title: 'Disk', message: 'nearly full' }));
	await until(() => heard.length === 2);
	expect(heard).toEqual([{ ok: true }, { ok: true }]);
	expect(node.events).toMatchObject([{ source: 'betterGI', rawType: 'group.end' }, { source: 'custom' }]);
	const [first, second] = node.happenings.map(({ message }) => message as Message);
	expect(first!.image).toMatchObject({ mime: 'image/jpeg' });
	expect(second).toMatchObject({ title: 'Disk', body: 'nearly full' });
});

test('filters and templates are the webhook trigger’s', async () => {
	const node = start({ sender: 'custom', customBody: '$.what' });
	const { socket, heard } = await dial(url());
	socket.send(JSON.stringify({ what: 'bell' }));
	await until(() => heard.length === 1);
	expect(node.happenings[0]!.message).toMatchObject({ body: 'bell' });
	expect(Object.keys(websocketTrigger.options)).not.toContain('allowGet');
	expect(websocketTrigger.not).toEqual(['n8n']);
});

test.each([
	['?token=s3cret', {}],
	['?apiKey=s3cret', {}],
	['?access_token=s3cret', {}],
	['', { authorization: 'Bearer s3cret' }],
])('the key as %s %p', async (query, headers) => {
	start({}, { key: 's3cret' });
	const { socket, heard } = await dial(url(`/carillon/websocket${query}`), headers);
	socket.send(JSON.stringify(genshin));
	await until(() => heard.length === 1);
});

test('who has no key does not get in', async () => {
	const node = start({}, { key: 's3cret' });
	await expect(dial(url())).rejects.toThrow('401');
	await expect(dial(url('/carillon/websocket?token=other'))).rejects.toThrow('401');
	expect(node.happenings).toEqual([]);
});

test('what is not understood is answered so, and the connection goes on', async () => {
	const node = start({ sender: 'betterGI' });
	const { socket, heard } = await dial(url());
	for (const text of ['', '[]', 'null', '{"x":1}', JSON.stringify(genshin)]) socket.send(text);
	await until(() => heard.length === 5);
	expect(heard.map(({ ok }) => ok)).toEqual([false, false, false, false, true]);
	expect(heard[0].error).toMatch(/empty/);
	expect(node.happenings).toHaveLength(1);
});

test('too large a message ends its connection, and no other', async () => {
	const node = start({ maxSize: 0.01 });
	const [one, other] = await Promise.all([dial(url()), dial(url())]);
	one.socket.send('x'.repeat(20_000));
	expect(await one.code).toBe(1009);
	other.socket.send(JSON.stringify({ title: 'x', message: 'y' }));
	await until(() => node.happenings.length === 1);
});

test('on a host’s server it stands beside others, below the root', async () => {
	const theirs = new WebSocketServer({ noServer: true });
	host.http.on('upgrade', (request, socket, head) => {
		if (request.url === '/theirs')
			theirs.handleUpgrade(request, socket, head, (peer) => peer.send('{"theirs":true}'));
	});
	const node = start({ socketPath: '/Hook/' }, { access: 'open' }, '/red/');
	const other = await dial(url('/theirs'));
	await until(() => other.heard.length === 1);
	const own = await dial(url('/red/hook?x=1'));
	own.socket.send(JSON.stringify({ title: 'x', message: 'y' }));
	await until(() => node.happenings.length === 1);
	expect(await (await fetch(`http://127.0.0.1:${host.port}/red/hook`)).text()).toBe('host');
	await node.close();
	expect(await own.code).toBe(1001);
	expect(host.http.listeners('upgrade')).toHaveLength(1);
	other.socket.close();
	theirs.close();
});

test('one path, one node; it is free again afterwards', async () => {
	const node = start();
	expect(await start().ended).toMatchObject({ class: 'Invalid', field: 'socketPath' });
	await node.close();
	start();
	(await dial(url())).socket.close();
});

test('on a port of its own', async () => {
	const port = await freePort();
	const node = connected(websocketTrigger, { access: 'open' }, { port });
	nodes.push(node);
	await until(() => node.states.at(-1)?.detail === `listening on :${port}/carillon/websocket, 0 connected`);
	const there = await dial(`ws://127.0.0.1:${port}/carillon/websocket`);
	await until(() => node.states.at(-1)?.detail?.includes('1 connected'));
	await expect(dial(`ws://127.0.0.1:${port}/else`)).rejects.toThrow('404');
	expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(426);
	const second = connected(websocketTrigger, { access: 'open' }, { port });
	expect(await second.ended).toMatchObject({ class: 'Unreachable', code: 'EADDRINUSE' });
	expect(await node.close()).toBeUndefined();
	expect(await there.code).toBe(1001);
	await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

/** Asks for a WebSocket and breaks off. */
async function breakOff(port: number, path: string) {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => undefined);
	await new Promise<void>((done) => socket.once('connect', done));
	socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
	socket.resetAndDestroy();
}

test('whoever breaks off at another path ends no process', async () => {
	const port = await freePort();
	const node = connected(websocketTrigger, { access: 'open' }, { port });
	nodes.push(node, start());
	await until(() => node.states.length > 0);
	for (let time = 0; time < 20; time++) {
		await breakOff(port, '/else');
		await breakOff(host.port, '/else');
	}
	await new Promise((done) => setTimeout(done, 200));
	(await dial(`ws://127.0.0.1:${port}/carillon/websocket`)).socket.close();
});

test('where nobody else takes WebSockets, a host says so at every other path', async () => {
	start();
	await dial(url()).then(({ socket }) => socket.close());
	await expect(dial(url('/else'))).rejects.toThrow('404');
});

test('a client that only talks and never reads is cut off', async () => {
	let sent = 0;
	let isCut = false;
	const client = {
		bufferedAmount: 0,
		send: (text: string) => void ((sent += text.length), (client.bufferedAmount = sent)),
		terminate: () => (isCut = true),
	};
	for (let time = 0; time < 1_000 && !isCut; time++) tell(client as never, 'x'.repeat(1024 * 1024));
	expect([isCut, sent / 1024 / 1024]).toEqual([true, 65]);
});

test('without a server to stand on it says what to do', async () => {
	const node = connected(websocketTrigger, { access: 'open' });
	expect(await node.ended).toMatchObject({ class: 'Invalid', field: 'port' });
});

test('a client that has gone silent is let go, one that answers stays', async () => {
	const abort = new AbortController();
	const details: string[] = [];
	const serving = serveSockets(
		{
			...{
				place: { socketPath: 'x', port: undefined },
				server: { http: host.http, root: '' },
				signal: abort.signal,
				language: 'en',
				maxBytes: 1_000,
			},
			status: (_, detail) => void details.push(detail?.en ?? ''),
			authorize: () => undefined,
			connected: () => undefined,
		},
		30,
	);
	const [silent] = await Promise.all([dial(url('/x')), dial(url('/x'))]);
	(silent!.socket as unknown as { _socket: { pause(): void } })._socket.pause();
	await until(() => details.at(-1) === 'listening on /x, 1 connected');
	await new Promise((done) => setTimeout(done, 150));
	expect(details.at(-1)).toBe('listening on /x, 1 connected');
	abort.abort();
	await serving;
	silent!.socket.terminate();
});
