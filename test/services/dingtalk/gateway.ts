import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { SocketService, type Answer, type Json } from '../../core/sockets/socketService';

export const clientId = 'dingtestclientid';
export const clientSecret = 'test-client-secret';
export const robotTopic = '/v1.0/im/bot/messages/get';

interface Connection {
	socket: WebSocket;
	topics: readonly string[];
}

/**
 * DingTalk's gateway on loopback: a ticket opens one connection, what was not subscribed to is not sent, each push goes
 * to one connection, and events come again until they are acknowledged.
 */
export class DingtalkGateway extends SocketService {
	connections: Connection[] = [];
	opened = 0;
	/** Bodies of the registrations. */
	registered: Json[] = [];
	/** Answers to pushes, as they came. */
	acks: Json[] = [];
	/** What was answered in a session. */
	posted: Json[] = [];
	/** Answers to registrations, in place of the usual one; the first is used up. */
	refusals: { status: number; body: Json }[] = [];
	/** Pushes that were answered wrongly, and why. */
	faults: string[] = [];
	private tickets = new Map<string, readonly string[]>();
	private pending = new Map<string, { type: string; frame: string }>();
	private next = 0;

	/** Those that are open now. */
	get open() {
		return this.connections.filter(({ socket }) => socket.readyState === 1);
	}

	/** Somebody writes to the robot; sent once, whoever hears it. */
	say(message: Json): string {
		return this.push('CALLBACK', { topic: robotTopic }, message);
	}

	/** Something happens. */
	happen(eventType: string, data: Json, more: object = {}): string {
		const event = {
			eventType,
			eventId: `event-${this.next}`,
			eventBornTime: '1700000000000',
			eventCorpId: 'ding1',
		};
		return this.push('EVENT', { topic: '*', ...event, ...more }, data);
	}

	/** Is the connection still there? */
	ping(opaque: string): string {
		return this.push('SYSTEM', { topic: 'ping' }, { opaque });
	}

	/** Tells a connection to move; the service closes it after ten seconds, here earlier. */
	move({ socket }: Connection, after = 300): void {
		socket.send(frameOf('SYSTEM', { topic: 'disconnect' }, { reason: 'connection is expired' }));
		setTimeout(() => socket.close(), after);
	}

	/** Once more, as DingTalk does with events that were not acknowledged. */
	sendAgain(): void {
		for (const { type, frame } of this.pending.values()) if (type === 'EVENT') this.open[0]?.socket.send(frame);
	}

	private push(type: string, headers: { topic: string } & Json, data: Json): string {
		const messageId = `message_${this.next++}`;
		const frame = frameOf(type, { messageId, ...headers }, data);
		this.pending.set(messageId, { type, frame });
		const [to] = this.open.filter(({ topics }) => type === 'SYSTEM' || topics.includes(headers.topic));
		to?.socket.send(frame);
		return messageId;
	}

	protected answer({ method, url, headers }: IncomingMessage, text: string): Answer {
		if (url?.startsWith('/robot/sendBySession?session=')) {
			const message = JSON.parse(text);
			if (!message.msgtype) return { status: 200, body: { errcode: 400105, errmsg: 'unsupported msgtype' } };
			this.posted.push(message);
			return { status: 200, body: { errcode: 0, errmsg: 'ok' } };
		}
		if (url !== '/v1.0/gateway/connections/open' || method !== 'POST')
			return { status: 404, body: { code: 'InvalidAction.NotFound', message: 'Specified api is not found' } };
		const refusal = this.refusals.shift();
		if (refusal) return refusal;
		if (!/json/.test(headers['content-type'] ?? '') || !/json/.test(headers.accept ?? ''))
			return { status: 400, body: { code: 'invalidParameter', message: 'not JSON' } };
		const body = JSON.parse(text);
		if (body.clientId !== clientId || body.clientSecret !== clientSecret)
			return { status: 401, body: { requestid: 'R', code: 'authFailed', message: '鉴权失败' } };
		const wanted: Json[] = body.subscriptions ?? [];
		const isGood = ({ type, topic }: Json) => (type === 'EVENT' ? topic === '*' : topic === robotTopic);
		if (wanted.length === 0 || !wanted.every(isGood))
			return { status: 400, body: { code: 'invalidParameter', message: 'subscriptions' } };
		this.registered.push(body);
		const ticket = `ticket-${this.next++}`;
		this.tickets.set(
			ticket,
			wanted.map(({ topic }) => topic),
		);
		return { status: 200, body: { endpoint: `ws://${headers.host}/connect`, ticket } };
	}

	protected admit({ pathname, searchParams }: URL) {
		const ticket = searchParams.get('ticket') ?? '';
		const topics = this.tickets.get(ticket);
		this.tickets.delete(ticket);
		return pathname === '/connect' && topics ? (socket: WebSocket) => this.connected(socket, topics) : undefined;
	}

	private connected(socket: WebSocket, topics: readonly string[]): void {
		this.opened++;
		this.connections.push({ socket, topics });
		socket.on('message', (text) => {
			const ack = JSON.parse(String(text));
			const why = this.faultOf(ack);
			if (why) {
				this.faults.push(why);
				return socket.close(1008, why);
			}
			this.acks.push(ack);
			this.pending.delete(ack.headers.messageId);
		});
	}

	private faultOf({ code, headers, message, data }: Json): string | undefined {
		const sent = this.pending.get(headers?.messageId);
		if (!sent) return 'unknown messageId';
		if (headers.contentType !== 'application/json') return 'contentType';
		if (code !== 200 || message !== 'OK') return `code ${code}`;
		if (typeof data !== 'string') return 'data is no text';
		const said = JSON.parse(data);
		if (sent.type === 'EVENT' && said.status !== 'SUCCESS') return 'status';
		if (sent.type === 'SYSTEM' && said.opaque !== JSON.parse(JSON.parse(sent.frame).data).opaque) return 'opaque';
		return undefined;
	}
}

const frameOf = (type: string, headers: object, data: Json) =>
	JSON.stringify({
		specVersion: '1.0',
		type,
		headers: { contentType: 'application/json', time: '1700000000000', ...headers },
		data: JSON.stringify(data),
	});
