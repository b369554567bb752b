import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { opened, receiverOfRfc } from './services/webPush/receiver';

/** A request as a fake service saw it. */
export interface Seen {
	method: string;
	/** Without the query. */
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Encrypted for the subscription that forms suggest: as its browser reads it. */
	body: Buffer;
	/** The body read as JSON; undefined where it is not. */
	json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects
	/** The body read as a urlencoded form. */
	form: Record<string, string>;
}

export interface Answer {
	status?: number;
	headers?: Record<string, string>;
	/** An object goes out as JSON. */
	body?: unknown;
}

export interface Service {
	url: string;
	requests: Seen[];
	/** Open connections. */
	sockets: Set<Socket>;
	close(): Promise<void>;
}

/** A service on loopback that keeps what it is asked and answers as `answer` says. */
export async function service(answer: (request: Seen) => Answer | Promise<Answer>): Promise<Service> {
	const requests: Seen[] = [];
	const sockets = new Set<Socket>();
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const came = Buffer.concat(chunks);
		const body = request.headers['content-encoding'] === 'aes128gcm' ? pushed(came) : came;
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
		const seen: Seen = {
			method: request.method ?? '',
			path: pathname,
			query: Object.fromEntries(searchParams),
			headers: request.headers,
			body,
			json: parse(body.toString()),
			form: Object.fromEntries(new URLSearchParams(body.toString())),
		};
		requests.push(seen);
		const { status = 200, headers = {}, body: out } = await answer(seen);
		const isText = typeof out === 'string' || Buffer.isBuffer(out);
		response.writeHead(status, { ...(!isText && { 'content-type': 'application/json' }), ...headers });
		response.end(out === undefined ? '' : isText ? out : JSON.stringify(out));
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		sockets,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}

function pushed(body: Buffer): Buffer {
	try {
		return Buffer.from(opened(body, receiverOfRfc));
	} catch {
		// For another browser.
		return body;
	}
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
