import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects
export type Json = any;

export interface Answer {
	status?: number;
	headers?: Record<string, string>;
	body: Json;
}

/** A service on loopback that gives out addresses for WebSockets over HTTP; down and up again, it is at the same port. */
export abstract class SocketService {
	private server?: Server;
	private wss?: WebSocketServer;
	private port = 0;

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	async up(): Promise<this> {
		const server = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const { status = 200, headers = {}, body } = this.answer(request, Buffer.concat(chunks).toString());
			response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers });
			response.end(JSON.stringify(body));
		});
		const wss = new WebSocketServer({ noServer: true });
		server.on('upgrade', (request, socket, head) => {
			const connected = this.admit(new URL(request.url!, 'http://x'));
			if (connected) wss.handleUpgrade(request, socket, head, connected);
			else socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
		});
		this.server = server;
		this.wss = wss;
		await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
		this.port = (server.address() as AddressInfo).port;
		return this;
	}

	async down(): Promise<void> {
		const { server, wss } = this;
		for (const socket of wss?.clients ?? []) socket.terminate();
		wss?.close();
		await new Promise<void>((done) => {
			if (!server?.listening) return done();
			server.close(() => done());
			server.closeAllConnections();
		});
	}

	protected abstract answer(request: IncomingMessage, body: string): Answer;
	/** Of a WebSocket's handshake. @returns what is done with it; undefined refuses it */
	protected abstract admit(url: URL): ((socket: WebSocket) => void) | undefined;
}
