import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const botToken = '123456:AAtest-token_of_nobody';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test says what it expects

/** A Bot API server on loopback: keeps updates until they are confirmed, waits as long as it is asked to, and refuses as Telegram does. */
export class BotApi {
	calls: { method: string; body: Json; at: number }[] = [];
	/** Polls that wait now, and the most that ever did at once. */
	waiting = 0;
	mostWaiting = 0;
	webhook = '';
	/** Answers of these methods, in place of the usual ones; the first is used up. */
	refusals: { method: string; status: number; description: string; parameters?: Json }[] = [];
	private updates: Json[] = [];
	private allowed: string[] | undefined;
	private server?: Server;
	private port = 0;
	private held?: { end(status: number, body: Json): void; wake(): void };

	constructor(private nextId = 1_000) {}

	get url() {
		return `http://127.0.0.1:${this.port}`;
	}

	async up(): Promise<this> {
		const server = createServer(async (request, response) => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
			if (token !== botToken) return refuse(response, 401, 'Unauthorized');
			const text = Buffer.concat(chunks).toString();
			this.answer(method, text ? JSON.parse(text) : {}, response);
		});
		this.server = server;
		await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
		this.port = (server.address() as AddressInfo).port;
		return this;
	}

	async down(): Promise<void> {
		const { server } = this;
		this.server = undefined;
		await new Promise<void>((done) => {
			if (!server) return done();
			server.close(() => done());
			server.closeAllConnections();
		});
	}

	called = (method: string) => this.calls.filter((call) => call.method === method).map(({ body }) => body);

	/** Somebody writes or presses. Kinds that the bot did not ask for are dropped, as Telegram does. */
	tell(update: Json): void {
		const kind = Object.keys(update)[0]!;
		if (this.allowed && !this.allowed.includes(kind)) return;
		this.updates.push({ update_id: this.nextId++, ...update });
		this.held?.wake();
	}

	/** What is not confirmed yet. */
	get pending() {
		return this.updates.length;
	}

	private answer(method: string, body: Json, response: ServerResponse): void {
		this.calls.push({ method, body, at: Date.now() });
		const at = this.refusals.findIndex((each) => each.method === method);
		if (at >= 0) {
			const [{ status, description, parameters }] = this.refusals.splice(at, 1) as [(typeof this.refusals)[0]];
			return refuse(response, status, description, parameters);
		}
		switch (method) {
			case 'getMe':
				return give(response, { id: 123456, is_bot: true, first_name: 'Bell', username: 'bell_bot' });
			case 'getUpdates':
				return this.getUpdates(body, response);
			case 'setWebhook':
				if (!/^https:\/\//.test(body.url))
					return refuse(response, 400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
				if (!/^[\w-]{1,256}$/.test(body.secret_token ?? 'x'))
					return refuse(response, 400, 'Bad Request: secret token contains unallowed characters');
				this.webhook = body.url;
				return give(response, true);
			case 'deleteWebhook':
				this.webhook = '';
				return give(response, true);
			case 'setMyCommands':
				for (const { command, description } of body.commands)
					if (!/^[a-z0-9_]{1,32}$/.test(command) || !description)
						return refuse(response, 400, 'Bad Request: BOT_COMMAND_INVALID');
				return give(response, true);
			case 'deleteMyCommands':
				return give(response, true);
			case 'answerCallbackQuery':
				if (typeof body.callback_query_id !== 'string' || (body.text ?? '').length > 200)
					return refuse(
						response,
						400,
						'Bad Request: query is too old and response timeout expired or query ID is invalid',
					);
				return give(response, true);
			case 'sendMessage':
				if (!body.chat_id || !body.text) return refuse(response, 400, 'Bad Request: message text is empty');
				return give(response, { message_id: 77, date: 1, chat: { id: body.chat_id }, text: body.text });
			default:
				return refuse(response, 404, 'Not Found');
		}
	}

	private getUpdates(
		{ offset = 0, limit = 100, timeout = 0, allowed_updates }: Json,
		response: ServerResponse,
	): void {
		if (this.webhook)
			return refuse(
				response,
				409,
				"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
			);
		this.held?.end(409, conflict);
		if (allowed_updates) this.allowed = allowed_updates.length ? allowed_updates : undefined;
		this.updates = this.updates.filter(({ update_id }) => update_id >= offset);
		const batch = () => this.updates.slice(0, limit);
		if (batch().length || timeout === 0) return give(response, batch());
		this.waiting++;
		this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
		let isOver = false;
		const end = (status: number, body: Json) => {
			if (isOver) return;
			isOver = true;
			clearTimeout(timer);
			this.waiting--;
			if (this.held === held) this.held = undefined;
			if (!response.destroyed) send(response, status, body);
		};
		const held = { end, wake: () => end(200, { ok: true, result: batch() }) };
		const timer = setTimeout(held.wake, timeout * 1_000);
		response.on('close', () => end(0, undefined));
		this.held = held;
	}
}

const conflict = {
	ok: false,
	error_code: 409,
	description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
};

function send(response: ServerResponse, status: number, body: Json): void {
	if (status === 0) return;
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify(body));
}
const give = (response: ServerResponse, result: Json) => send(response, 200, { ok: true, result });
const refuse = (response: ServerResponse, status: number, description: string, parameters?: Json) =>
	send(response, status, { ok: false, error_code: status, description, ...(parameters && { parameters }) });
