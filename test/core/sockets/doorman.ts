import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A status with which everybody is turned away, silence, or the door that is shut in their face. */
export type Says = 401 | 503 | 'nothing' | 'goodbye';

export interface Doorman {
	url: string;
	says: Says;
	/** When somebody asked, ms since the epoch. */
	readonly tries: number[];
	/** Connections on which somebody waits for an answer. */
	readonly waiting: number;
	down(): Promise<void>;
}

/** What stands where a service would be, and turns everybody away: in the words of whichever service there is. */
export async function doorman(says: Says): Promise<Doorman> {
	const tries: number[] = [];
	const waiting = new Set<Socket>();
	const hold = (socket: Socket) => {
		waiting.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => waiting.delete(socket));
		// Taken out of HTTP's hands, a socket does not notice by itself that the other side has gone.
		socket.on('end', () => socket.destroy()).resume();
	};
	const server = createServer((request, response) => {
		if (door.says === 'goodbye') return void request.socket.destroy();
		tries.push(Date.now());
		if (door.says === 'nothing') return hold(request.socket);
		response.writeHead(door.says, { 'content-type': 'application/json' });
		response.end(JSON.stringify(words[door.says]));
	});
	server.on('connection', (socket: Socket) => {
		if (door.says !== 'goodbye') return;
		tries.push(Date.now());
		socket.destroy();
	});
	server.on('upgrade', (_, socket: Socket) => {
		if (door.says === 'goodbye') return void socket.destroy();
		tries.push(Date.now());
		if (door.says === 'nothing') return hold(socket);
		socket.on('error', () => undefined);
		socket.end(`HTTP/1.1 ${door.says} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const door = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		says,
		tries,
		get waiting() {
			return waiting.size;
		},
		down: () =>
			new Promise<void>((done) => {
				server.close(() => done());
				server.closeAllConnections();
				for (const socket of waiting) socket.destroy();
			}),
	};
	return door;
}

const words: Record<401 | 503, object> = {
	401: {
		...{ ok: false, error_code: 401, description: 'Unauthorized' },
		...{
			error: 'invalid_auth',
			code: 'authFailed',
			message: 'refused',
			errcode: 40001,
			errmsg: 'invalid credential',
		},
	},
	503: { ok: false, error_code: 503, description: 'Service Unavailable' },
};
