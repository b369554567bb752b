import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Takes connections on loopback, and says nothing on any. */
export async function silence() {
	const open = new Set<Socket>();
	let all = 0;
	const server = createServer((socket) => {
		all++;
		open.add(socket);
		socket
			.on('error', () => undefined)
			.on('close', () => open.delete(socket))
			.resume();
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		get tries() {
			return all;
		},
		get waiting() {
			return open.size;
		},
		down: () =>
			new Promise<void>((done) => {
				server.close(() => done());
				open.forEach((socket) => socket.destroy());
			}),
	};
}
