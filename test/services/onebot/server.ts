import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** OneBot's own WebSocket server on loopback: greets, answers calls, and refuses a wrong token in either way that is seen. */
export class OneBotServer {
	peers: WebSocket[] = [];
	calls: { action: string; params: Record<string, unknown> }[] = [];
	refusal?: 'handshake' | 'frame';
	/** What is answered to a call; whatever it is, yes, unless it is about 66. */
	perform = (_action: string, { user_id }: Record<string, unknown>): object =>
		user_id === 66 ? { status: 'failed', retcode: 100 } : { status: 'ok', retcode: 0, data: { message_id: 1 } };
	private server?: WebSocketServer;
	private port = 0;

	get url() {
		return `ws://127.0.0.1:${this.port}`;
	}

	/** Those that are connected now. */
	get open() {
		return this.peers.filter(({ readyState }) => readyState === 1);
	}

	async up(): Promise<this> {
		const server = (this.server = new WebSocketServer({
			port: this.port,
			host: '127.0.0.1',
			verifyClient: ({ req }: { req: IncomingMessage }, answer: (ok: boolean, code?: number) => void) =>
				answer(this.refusal !== 'handshake' || tokenOf(req) === 'tok', 403),
		}));
		server.on('connection', (peer) => this.greet(peer));
		await new Promise<void>((done) => server.on('listening', done));
		this.port = (server.address() as AddressInfo).port;
		return this;
	}

	async down(): Promise<void> {
		for (const peer of this.server?.clients ?? []) peer.terminate();
		await new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
	}

	/** To everybody who is connected, as OneBot does. */
	tell(event: object): void {
		for (const peer of this.open) peer.send(JSON.stringify(event));
	}

	private greet(peer: WebSocket): void {
		this.peers.push(peer);
		peer.on('message', (data) => {
			const call = JSON.parse(String(data));
			this.calls.push(call);
			const { echo } = call;
			peer.send(JSON.stringify({ ...this.perform(call.action, call.params), echo }));
		});
		if (this.refusal === 'frame') {
			peer.send(JSON.stringify({ status: 'failed', retcode: 1403, data: null, echo: null }));
			peer.close();
			return;
		}
		const connect = { post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' };
		peer.send(JSON.stringify({ time: 1, self_id: 10, ...connect }));
	}
}

/** In the header, or in the address, as the standard has it. */
const tokenOf = ({ headers, url = '/' }: IncomingMessage) =>
	/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? new URL(url, 'http://x').searchParams.get('access_token');
