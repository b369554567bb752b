import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';

/** A host's HTTP server, as Node-RED has one, with an answer of its own for everything else. */
export async function hostServer(): Promise<{ http: Server; port: number; close(): Promise<void> }> {
	const http = createServer((_, response) => response.end('host'));
	await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
	return {
		http,
		port: (http.address() as AddressInfo).port,
		close: () =>
			new Promise((done) => {
				http.close(() => done());
				http.closeAllConnections();
			}),
	};
}

export interface Dialled {
	socket: WebSocket;
	/** What came, as JSON. */
	heard: any[]; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects
	/** Of the end. */
	code: Promise<number>;
}

/** Rejects with the HTTP status of a refused handshake. */
export function dial(url: string, headers: Record<string, string> = {}): Promise<Dialled> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, { headers });
		const heard: unknown[] = [];
		const code = new Promise<number>((done) => socket.on('close', done));
		socket.on('message', (data) => heard.push(JSON.parse(String(data))));
		socket.on('open', () => resolve({ socket, heard, code }));
		socket.on('unexpected-response', (_, response) => {
			response.resume();
			reject(new Error(String(response.statusCode)));
		});
		socket.on('error', reject);
	});
}
