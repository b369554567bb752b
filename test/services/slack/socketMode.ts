import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { SocketService, type Answer, type Json } from '../../core/sockets/socketService';

export const botToken = 'xoxb-test-bot-token';
export const appToken = 'xapp-test-app-token';

/** Slack's Web API and its Socket Mode on loopback: an address works once, each event goes to one connection, what is not acknowledged comes again. */
export class SocketMode extends SocketService {
	sockets: WebSocket[] = [];
	opened = 0;
	posted: Json[] = [];
	/** Acknowledgements as they came. */
	acks: { id: string; payload?: Json; ms: number }[] = [];
	/** Answers of apps.connections.open, in place of the usual one; the first is used up. */
	refusals: { status?: number; headers?: Record<string, string>; body: Json }[] = [];
	greets = true;
	/** Acknowledgements are lost on the way. */
	isDeaf = false;
	private tickets = new Set<string>();
	private pending = new Map<string, { frame: string; at: number }>();
	private next = 0;

	/** Those that are open now. */
	get open() {
		return this.sockets.filter(({ readyState }) => readyState === 1);
	}

	/** To one of the connections, as Slack does. */
	send(type: string, payload: Json, more: object = {}): string {
		const envelope_id = `envelope-${this.next++}`;
		const frame = JSON.stringify({
			envelope_id,
			type,
			payload,
			accepts_response_payload: type !== 'events_api',
			...more,
		});
		this.pending.set(envelope_id, { frame, at: Date.now() });
		this.open[0]?.send(frame);
		return envelope_id;
	}

	/** Once more, as Slack does a few times with what was not acknowledged. */
	sendAgain(): void {
		for (const { frame } of this.pending.values()) this.open[0]?.send(frame);
	}

	/** Tells a connection to move, and closes it a little later. */
	move(socket: WebSocket, reason: string): void {
		socket.send(JSON.stringify({ type: 'disconnect', reason }));
		setTimeout(() => socket.close(), 200);
	}

	protected answer({ method, url, headers }: IncomingMessage, body: string): Answer {
		if (method !== 'POST') return { status: 405, body: {} };
		if (url === '/apps.connections.open') {
			const refusal = this.refusals.shift();
			if (refusal) return refusal;
			if (headers.authorization !== `Bearer ${appToken}`) return { body: { ok: false, error: 'invalid_auth' } };
			const ticket = String(this.next++);
			this.tickets.add(ticket);
			return { body: { ok: true, url: `ws://${headers.host}/link/?ticket=${ticket}` } };
		}
		if (headers.authorization !== `Bearer ${botToken}`) return { body: { ok: false, error: 'invalid_auth' } };
		if (url !== '/chat.postMessage') return { body: { ok: false, error: 'unknown_method' } };
		const message = JSON.parse(body);
		if (!/^[CDGU][A-Z0-9]+$/.test(message.channel)) return { body: { ok: false, error: 'channel_not_found' } };
		this.posted.push(message);
		return { body: { ok: true, channel: message.channel, ts: '1700000000.000900', message: {} } };
	}

	protected admit({ searchParams }: URL) {
		return this.tickets.delete(searchParams.get('ticket') ?? '')
			? (socket: WebSocket) => this.connected(socket)
			: undefined;
	}

	private connected(socket: WebSocket): void {
		this.opened++;
		this.sockets.push(socket);
		socket.on('message', (data) => {
			if (this.isDeaf) return;
			const { envelope_id: id, payload } = JSON.parse(String(data));
			const sent = this.pending.get(id);
			if (sent === undefined) return socket.close(1008, 'unknown envelope');
			this.pending.delete(id);
			this.acks.push({ id, ...(payload && { payload }), ms: Date.now() - sent.at });
		});
		if (this.greets)
			socket.send(
				JSON.stringify({
					type: 'hello',
					num_connections: this.open.length,
					connection_info: { app_id: 'A111' },
				}),
			);
	}
}
