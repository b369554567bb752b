import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ErrorClass } from '../../src/core/base/errors';

export interface Fault {
	name: string;
	/** Classes that it may end in. */
	ends: readonly ErrorClass[];
	/** Whether the outcome of a send is unknown then, so that one request goes out and no more. */
	inDoubt?: true;
	/** What the server does once a whole request is there. */
	answer?(socket: Socket, port: number, request: string): void;
	/** What the server does as soon as somebody connects. */
	connect?(socket: Socket): void;
	/** Another place than the server's. */
	place?: { host: string; port?: number; scheme?: string };
	/** The time limit of the send itself ends it. */
	hangs?: true;
}

const http =
	(status: number, body: string, headers: Record<string, string> = {}) =>
	(socket: Socket) => {
		const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers }).map(
			([name, value]) => `${name}: ${value}\r\n`,
		);
		socket.end(`HTTP/1.1 ${status} X\r\n${lines.join('')}connection: close\r\n\r\n${body}`);
	};

const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Drips a body of one byte a moment until the other side has enough. */
function drip(socket: Socket): void {
	socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{');
	const timer = setInterval(() => socket.write(' '), 25);
	socket.on('close', () => clearInterval(timer));
}

/** 50 MB of something, as fast as the other side reads. */
function flood(socket: Socket): void {
	const chunk = Buffer.alloc(1024 * 1024, 0x20);
	let left = 50;
	socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${left * chunk.length}\r\n\r\n`);
	const more = () => {
		while (left-- > 0) if (!socket.write(chunk)) return void socket.once('drain', more);
		socket.end();
	};
	more();
}

export const faults: readonly Fault[] = [
	{ name: 'a name that nobody knows', ends: ['Unreachable'], place: { host: 'no-such-host.invalid', port: 9 } },
	{ name: 'nobody listening', ends: ['Unreachable'], place: { host: '127.0.0.1', port: 1 } },
	{
		name: 'TLS that is none',
		ends: ['Unreachable'],
		place: { host: '127.0.0.1', scheme: 'https' },
		connect: (socket) => socket.end('SSH-2.0-no\r\n'),
	},
	{
		name: 'silence instead of a TLS handshake',
		ends: ['Unreachable'],
		place: { host: '127.0.0.1', scheme: 'https' },
		hangs: true,
		connect: () => undefined,
	},
	{ name: 'a reset at once', ends: ['Unreachable'], connect: (socket) => socket.resetAndDestroy() },
	{
		name: 'a reset after the request',
		ends: ['Unreachable'],
		inDoubt: true,
		answer: (socket) => socket.resetAndDestroy(),
	},
	{ name: 'silence after connecting', ends: ['Unreachable'], inDoubt: true, hangs: true, answer: () => undefined },
	{
		name: 'silence within the headers',
		ends: ['Unreachable'],
		inDoubt: true,
		hangs: true,
		answer: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-'),
	},
	{
		name: 'silence within the body',
		ends: ['Unreachable'],
		inDoubt: true,
		hangs: true,
		answer: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"'),
	},
	{ name: 'a slow drip', ends: ['Unreachable'], inDoubt: true, hangs: true, answer: drip },
	{ name: '500', ends: ['Unreachable'], answer: http(500, '') },
	{ name: '502 HTML', ends: ['Unreachable'], answer: http(502, '<html><title>502 Bad Gateway</title></html>', html) },
	{
		name: '200 HTML',
		ends: ['Unexpected', 'Rejected'],
		answer: http(200, '<!doctype html><title>Sign in</title>', html),
	},
	{
		name: '200 with a refusal that quotes the request',
		// Some services have words and no codes, and a quoted request holds such a word.
		ends: ['Rejected', 'Unexpected', 'Unauthorized'],
		answer: (socket, _, request) => http(200, JSON.stringify(anyNo(request)), json)(socket),
	},
	{
		name: '400 with a refusal that quotes the request',
		ends: ['Rejected', 'Unexpected', 'Invalid', 'Unauthorized'],
		answer: (socket, _, request) => http(400, JSON.stringify(anyNo(request)), json)(socket),
	},
	{
		name: '404 HTML that quotes the address',
		ends: ['Rejected', 'Unexpected', 'Invalid', 'Unauthorized'],
		answer: (socket, _, request) =>
			http(404, `<title>404: ${request.split('\r\n')[0]} is not here</title>`, html)(socket),
	},
	{ name: '200 with an empty body', ends: ['Unexpected', 'Rejected'], answer: http(200, '') },
	{
		name: 'truncated JSON',
		ends: ['Unexpected', 'Rejected'],
		answer: http(200, '{"ok":true,"errcode":0,"resul', json),
	},
	{
		name: 'a connection closed within the body',
		ends: ['Unreachable'],
		inDoubt: true,
		answer: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"ok":'),
	},
	{
		name: '429 with Retry-After',
		ends: ['RateLimited'],
		answer: http(429, '{}', { ...json, 'retry-after': '86400' }),
	},
	{ name: '429 without Retry-After', ends: ['RateLimited'], answer: http(429, '') },
	{ name: '401', ends: ['Unauthorized'], answer: http(401, '') },
	{
		name: 'a redirect loop',
		ends: ['Unexpected'],
		answer: (socket, port) => http(302, '', { location: `http://127.0.0.1:${port}/again` })(socket),
	},
	{
		name: 'a redirect to another origin',
		ends: ['Unexpected'],
		answer: http(307, '', { location: 'http://127.0.0.2:1/steal' }),
	},
	{ name: 'a reply of 50 MB', ends: ['Unexpected'], answer: flood },
	{
		name: 'something that is not HTTP',
		ends: ['Unreachable'],
		answer: (socket) => socket.end('220 smtp.example.com ESMTP\r\n'),
	},
];

export interface FaultServer {
	port: number;
	/** Whole requests that came. */
	requests: number;
	sockets: Set<Socket>;
	close(): Promise<void>;
}

/**
 * A bare TCP server, so that it can misbehave at each stage.
 * @param yes how many requests are answered as well as any service could before the fault begins (a token, an upload)
 */
export async function faultServer(fault: Fault, yes = 0): Promise<FaultServer> {
	const sockets = new Set<Socket>();
	const state = { requests: 0 };
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => undefined);
		if (fault.connect && yes === 0) return fault.connect(socket);
		let pending = '';
		socket.on('data', (chunk) => {
			pending += chunk.toString('latin1');
			for (;;) {
				const length = requestLength(pending);
				if (length === undefined || pending.length < length) return;
				const request = pending.slice(0, length);
				pending = pending.slice(length);
				state.requests++;
				if (state.requests <= yes) http(200, JSON.stringify(anyYes), json)(socket);
				else if (fault.connect) fault.connect(socket);
				else fault.answer?.(socket, (server.address() as AddressInfo).port, request);
			}
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		port: (server.address() as AddressInfo).port,
		get requests() {
			return state.requests;
		},
		sockets,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				for (const socket of sockets) socket.destroy();
			}),
	};
}

/** The length of the first whole request in the text; `undefined` while its end is not known. */
function requestLength(text: string): number | undefined {
	const head = text.indexOf('\r\n\r\n');
	if (head < 0) return undefined;
	const declared = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
	if (declared) return head + 4 + Number(declared[1]);
	if (!/\r\ntransfer-encoding: *chunked/i.test(text.slice(0, head))) return head + 4;
	const end = text.indexOf('0\r\n\r\n', head);
	return end < 0 ? undefined : end + 5;
}

/** No in the tongue of every service, with a code that none of them has. */
export const anyNo = (words: string, code: string | number = 99_999) => ({
	ok: false,
	success: false,
	...Object.fromEntries(['errcode', 'code', 'errno', 'retcode', 'StatusCode', 'ret'].map((name) => [name, code])),
	status: 'failed',
	...Object.fromEntries(
		['errmsg', 'msg', 'message', 'error', 'description', 'wording', 'info', 'reason', 'StatusMessage'].map(
			(name) => [name, words],
		),
	),
});

/** Yes in the tongue of every service that hands out tokens. */
export const anyYes = {
	ok: true,
	errcode: 0,
	code: 0,
	success: true,
	access_token: 'token-of-the-test',
	tenant_access_token: 'token-of-the-test',
	accessToken: 'token-of-the-test',
	expires_in: 7200,
	expire: 7200,
	expireIn: 7200,
};
