import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { ChannelError, invalid } from '../base/errors';
import { number, text, type Values } from '../base/field';
import { fill, type Language } from '../base/language';

import type { RequestHead } from '../http/incoming';
import { Refusal } from '../http/incoming';
import type { Connection } from './connection';
import { aborted } from './backOff';

/** Where a WebSocket server stands, as its user chooses. */
export const placeOptions = (path: string) => ({
	socketPath: text('WebSocket path', {
		zh: 'WebSocket 路径',
		default: path,
		help: {
			en: 'Clients connect to ws://…:1880 with this behind it (wss:// where the host has TLS)',
			zh: '客户端连接 ws://…:1880 加上此路径（主机启用 TLS 时为 wss://）',
		},
	}),
	port: number('Own port', {
		zh: '独立端口',
		optional: true,
		integer: true,
		min: 1,
		max: 65_535,
		help: { en: 'Empty: the host’s own port', zh: '留空则使用主机自身的端口' },
	}),
});

export type Place = Values<ReturnType<typeof placeOptions>>;

export interface Serving extends Pick<Connection, 'server' | 'signal' | 'status'> {
	place: Place;
	language: Language;
	/** The largest message, in bytes. */
	maxBytes: number;
	/** Throws `Refusal`: the connection is not made. */
	authorize(request: RequestHead): void;
	/** Somebody has connected; the socket is closed for it. */
	connected(socket: WebSocket, request: RequestHead): void;
}

/** ms */
const patience = { ping: 30_000, leave: 2_000 };
const mostClients = 200;
/** Bytes: room for a picture on its way to a bot, none for a client that only talks. */
const mostUnread = 64 * 1024 * 1024;

/** What is taken on the servers of hosts. */
const taken = new WeakMap<Server, Set<string>>();

/**
 * Takes WebSocket connections until the signal is aborted and all of them are closed.
 * @throws ChannelError where path or port is taken
 */
export async function serveSockets(serving: Serving, pingEvery = patience.ping): Promise<void> {
	const { place, server, signal, status, maxBytes } = serving;
	if (signal.aborted) return;
	if (place.port === undefined && !server) throw invalid('port', noServer);
	const { WebSocketServer } = require('ws') as typeof import('ws');
	const own = place.port === undefined ? undefined : ownServer();
	const path = normalised(`${own ? '' : server!.root}/${place.socketPath}`);
	const http = own ?? server!.http;
	const release = own ? () => undefined : take(http, path, place);
	const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBytes, perMessageDeflate: false });
	const show = () =>
		status(
			'connected',
			fill(listening, { place: own ? `:${place.port}${path}` : path, count: sockets.clients.size }),
		);
	const upgrade = (request: IncomingMessage, wire: Duplex, head: Buffer) => {
		const asked = headOf(request);
		// Node has taken its own listener off: a connection that breaks now would end the process.
		const ignore = () => undefined;
		wire.on('error', ignore);
		if (normalised(asked.path) !== path) {
			// On the host's server the others decide for themselves, where there are any.
			if (own || http.listenerCount('upgrade') === 1) refuse(wire, 404, notHere[serving.language]);
			return;
		}
		try {
			if (sockets.clients.size >= mostClients) throw new Refusal(503, tooMany);
			serving.authorize(asked);
		} catch (thrown) {
			const { status: code, reason } = thrown instanceof Refusal ? thrown : new Refusal(500, failed);
			return refuse(wire, code, reason[serving.language]);
		}
		sockets.handleUpgrade(request, wire, head, (socket) => {
			wire.off('error', ignore);
			// A broken connection or too large a message: it closes by itself.
			socket.on('error', () => undefined);
			socket.on('close', () => !signal.aborted && show());
			serving.connected(socket, asked);
			show();
		});
	};
	const pinging = setInterval(pingAll(sockets.clients), pingEvery);
	try {
		if (own) await listen(own, place.port!);
		http.on('upgrade', upgrade);
		show();
		await aborted(signal);
	} finally {
		clearInterval(pinging);
		http.off('upgrade', upgrade);
		release();
		await Promise.all([...sockets.clients].map(leave));
		if (own) await end(own);
	}
}

/** Two pings without an answer end a connection. */
function pingAll(clients: ReadonlySet<WebSocket>): () => void {
	const silent = new WeakSet<WebSocket>();
	return () => {
		for (const client of clients) {
			if (silent.has(client)) client.terminate();
			silent.add(client);
			client.once('pong', () => silent.delete(client));
			client.ping();
		}
	};
}

/** Says something to a client, unless it reads nothing of what it has been told: then it is cut off. */
export function tell(client: WebSocket, text: string): void {
	if (client.bufferedAmount > mostUnread) client.terminate();
	else client.send(text, () => undefined);
}

function leave(client: WebSocket): Promise<void> {
	return new Promise((done) => {
		const timer = setTimeout(() => client.terminate(), patience.leave);
		client.once('close', () => {
			clearTimeout(timer);
			done();
		});
		client.close(1001);
	});
}

function ownServer(): Server {
	const { createServer } = require('node:http') as typeof import('node:http');
	return createServer((_, response) => {
		response.writeHead(426, { connection: 'close', 'content-type': 'text/plain' });
		response.end('This port takes WebSocket connections.');
	});
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const refused = ({ code = 'LISTEN' }: NodeJS.ErrnoException) =>
			reject(new ChannelError('Unreachable', fill(portTaken, { port, code }), { code }));
		server.once('error', refused);
		server.listen(port, () => {
			server.off('error', refused);
			server.on('error', () => undefined);
			resolve();
		});
	});
}

function end(server: Server): Promise<void> {
	return new Promise((done) => {
		server.close(() => done());
		server.closeAllConnections();
	});
}

function take(server: Server, path: string, { socketPath }: Place): () => void {
	const paths = taken.get(server) ?? new Set();
	if (paths.has(path)) throw invalid('socketPath', fill(pathTaken, { path: socketPath }));
	taken.set(server, paths.add(path));
	return () => void paths.delete(path);
}

/** '/Carillon//socket/' → '/carillon/socket' */
const normalised = (path: string) =>
	`/${path}`
		.replace(/\/{2,}/g, '/')
		.replace(/(.)\/$/, '$1')
		.toLowerCase();

function headOf(request: IncomingMessage): RequestHead {
	const [path = '/', query = ''] = (request.url ?? '/').split('?');
	return {
		method: request.method ?? 'GET',
		path,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
		address: request.socket.remoteAddress,
	};
}

function refuse(wire: Duplex, status: number, reason: string): void {
	const { STATUS_CODES } = require('node:http') as typeof import('node:http');
	const body = JSON.stringify({ ok: false, error: reason });
	wire.end(
		[
			`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
			'Connection: close',
			'Content-Type: application/json; charset=utf-8',
			`Content-Length: ${Buffer.byteLength(body)}`,
			'',
			body,
		].join('\r\n'),
	);
	wire.once('finish', () => wire.destroy());
}

const listening = { en: 'listening on {place}, {count} connected', zh: '监听 {place}，{count} 个连接' };
const notHere = { en: 'Nothing takes WebSocket connections at this path.', zh: '此路径不接受 WebSocket 连接。' };
const tooMany = { en: 'Too many connections are open.', zh: '打开的连接过多。' };
const failed = { en: 'The receiver failed.', zh: '接收端出错。' };
const noServer = {
	en: 'This host has no server that takes WebSockets: fill in “Own port”.',
	zh: '该主机没有可接受 WebSocket 的服务：请填写“独立端口”。',
};
const portTaken = {
	en: 'Port {port} cannot be listened on ({code}): choose another, or stop what listens there.',
	zh: '无法监听端口 {port}（{code}）：请换一个端口，或停止占用它的程序。',
};
const pathTaken = {
	en: 'The path {path} is taken by another node: choose another.',
	zh: '路径 {path} 已被其他节点占用：请换一个。',
};
