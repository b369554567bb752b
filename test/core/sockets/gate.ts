import net, { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How a service is away: nothing listens, its proxy answers for it, or what goes in is never answered. */
export type Outage = 'refused' | 'bad gateway' | 'hanging';
export const outages: readonly Outage[] = ['refused', 'bad gateway', 'hanging'];

/** What stands between us and a service on loopback: it can be shut, and counts who comes. */
export class Gate {
	/** When somebody tried to reach it, ms by the clock of the test; those in vain too. */
	tries: number[] = [];
	/** Connections that are there now, and the most that ever waited for an answer while it was shut. */
	readonly open = new Set<Socket>();
	mostWhileShut = 0;
	private outage?: Outage;
	private server?: Server;
	private port = 0;
	private readonly dial = net.connect;
	private readonly spy = jest.spyOn(net, 'connect');

	constructor(private readonly target: string) {}

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	async up(): Promise<this> {
		this.spy.mockImplementation((...given: unknown[]) => {
			const [{ port }] = given as [{ port?: number | string }];
			if (Number(port) === this.port) this.tries.push(Date.now());
			return this.dial(...(given as Parameters<typeof net.connect>));
		});
		await this.listen();
		return this;
	}

	async shut(outage: Outage): Promise<void> {
		this.outage = outage;
		// Connections that hang just fall silent; nobody takes leave.
		for (const socket of this.open)
			if (outage === 'hanging') socket.unpipe().resume();
			else socket.destroy();
		if (outage === 'refused') await this.close();
	}

	async reopen(): Promise<void> {
		this.outage = undefined;
		for (const socket of this.open) socket.destroy();
		if (!this.server?.listening) await this.listen();
	}

	async down(): Promise<void> {
		this.spy.mockRestore();
		for (const socket of this.open) socket.destroy();
		await this.close();
	}

	private async listen(): Promise<void> {
		const server = (this.server = createServer((socket) => this.enter(socket)));
		await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
		this.port = (server.address() as AddressInfo).port;
	}

	private close(): Promise<void> {
		return new Promise((done) => (this.server?.listening ? void this.server.close(() => done()) : done()));
	}

	private enter(socket: Socket): void {
		this.open.add(socket);
		socket.on('close', () => this.open.delete(socket));
		socket.on('error', () => undefined);
		// One that was answered may take its time to leave.
		const waiting = [...this.open].filter(({ writableEnded }) => !writableEnded).length;
		if (this.outage) this.mostWhileShut = Math.max(this.mostWhileShut, waiting);
		if (this.outage === 'bad gateway') {
			socket.once('data', () =>
				socket.end(
					'HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><title>502 Bad Gateway</title></html>',
				),
			);
		} else if (this.outage) socket.resume();
		else {
			const behind = this.dial(Number(new URL(this.target).port), '127.0.0.1');
			behind.on('error', () => socket.destroy());
			behind.on('close', () => socket.destroy());
			socket.on('close', () => behind.destroy());
			socket.pipe(behind).pipe(socket);
		}
	}
}
