import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { simpleParser, type Attachment } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A message that arrived, as the page shows it. */
export interface Delivery {
	id: string;
	channel: 'webhook' | 'email' | 'bark';
	time: string;
	title?: string;
	text?: string;
	/** Shown in a sandboxed frame. */
	html?: string;
	/** Addresses of pictures, our own or somebody else's. */
	images: string[];
	files: { name: string; url: string }[];
	/** As it came over the wire, for who wants to look closer. */
	raw: string;
}

export interface Inbox {
	url: string;
	smtpPort: number;
	deliveries: readonly Delivery[];
	close(): Promise<void>;
}

interface StoredFile {
	mime: string;
	data: Buffer;
}

const mostDeliveries = 100;
const mostBytes = 25_000_000;

/**
 * A mailbox for trying things out, on loopback alone: a web page that shows what arrives at its own webhook, at a
 * real SMTP server, and at a stand-in for a Bark server that takes and refuses what the real one does.
 * A taken port is replaced by a free one.
 */
export async function startInbox(ports: { http: number; smtp: number }): Promise<Inbox> {
	const deliveries: (Delivery & { stored: Map<string, StoredFile> })[] = [];
	const readers = new Set<ServerResponse>();
	const page = readFileSync(join(__dirname, 'inbox.html'));

	function arrive(
		delivery: Omit<Delivery, 'id' | 'time'>,
		id: string = randomUUID(),
		stored = new Map<string, StoredFile>(),
	): void {
		const whole = { id, time: new Date().toISOString(), ...delivery };
		deliveries.push({ ...whole, stored });
		if (deliveries.length > mostDeliveries) deliveries.shift();
		for (const reader of readers) reader.write(eventOf(whole));
	}

	const routes: [
		method: RegExp,
		path: RegExp,
		run: (request: IncomingMessage, response: ServerResponse, path: string[]) => unknown,
	][] = [
		[/^GET$/, /^\/$/, (_, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(page)],
		[/^GET$/, /^\/events$/, (request, response) => follow(request, response)],
		[/^GET$/, /^\/deliveries$/, (_, response) => answer(response, 200, deliveries.map(shown))],
		[/^DELETE$/, /^\/deliveries$/, (_, response) => clear(response)],
		[/^GET$/, /^\/files\/([^/]+)\/([^/]+)$/, (_, response, [id, name]) => sendFile(response, id, name)],
		[/./, /^\/webhook(?:\/.*)?$/, (request, response) => takeWebhook(request, response)],
		[/^POST$/, /^\/bark\/push$/, (request, response) => takeBark(request, response)],
		[/^GET$/, /^\/bark\/ping$/, (_, response) => answer(response, 200, bark(200, 'pong'))],
		[
			/^GET$/,
			/^\/bark\/info$/,
			(_, response) => answer(response, 200, { version: 'v2.2.0', build: '', arch: '', commit: '', devices: 1 }),
		],
		[/^GET$/, /^\/bark\/register\/[^/]+$/, (_, response) => answer(response, 200, bark(200, 'success'))],
	];

	function follow(request: IncomingMessage, response: ServerResponse): void {
		response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
		response.write(deliveries.map((one) => eventOf(shown(one))).join('') || ':\n\n');
		readers.add(response);
		request.on('close', () => readers.delete(response));
	}

	function clear(response: ServerResponse): void {
		deliveries.length = 0;
		for (const reader of readers) reader.write('event: cleared\ndata: \n\n');
		answer(response, 200, { ok: true });
	}

	function sendFile(response: ServerResponse, id: string | undefined, name: string | undefined): void {
		const file = deliveries.find((one) => one.id === id)?.stored.get(name ?? '');
		if (!file) return answer(response, 404, { error: 'No such file.' });
		// Whatever a sender calls it, it never runs as a page of ours.
		response.writeHead(200, {
			'content-type': file.mime,
			'content-security-policy': 'sandbox',
			'x-content-type-options': 'nosniff',
		});
		response.end(file.data);
	}

	async function takeWebhook(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = (await readBody(request)).toString();
		const json = parse(body);
		const query = new URLSearchParams(request.url?.split('?').slice(1).join('?'));
		const given = { ...Object.fromEntries(query), ...json };
		const id = randomUUID();
		const image = pictureOf(given.image);
		const stored = new Map(image?.data && [['picture', { mime: image.mime, data: image.data }]]);
		const delivery: Omit<Delivery, 'id' | 'time'> = {
			channel: 'webhook',
			title: textOf(given.title),
			text: textOf(given.body) ?? textOf(given.text) ?? textOf(given.message) ?? (json ? undefined : body),
			images: image ? [image.url ?? `/files/${id}/picture`] : [],
			files: [],
			raw: `${head(request)}\n\n${json ? JSON.stringify(json, shorten, 2) : body}`,
		};
		arrive(delivery, id, stored);
		answer(response, 200, { ok: true });
	}

	async function takeBark(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const json = parse((await readBody(request)).toString());
		if (!json) return answer(response, 400, bark(400, 'request bind failed: invalid JSON'));
		const keys: unknown[] = Array.isArray(json.device_keys) ? json.device_keys : [json.device_key];
		if (!keys.every((key) => typeof key === 'string' && key !== ''))
			return answer(response, 400, bark(400, 'device key is empty'));
		arrive({
			channel: 'bark',
			title: textOf(json.title),
			text: textOf(json.body) ?? textOf(json.markdown) ?? (json.ciphertext ? '(encrypted)' : undefined),
			images: [json.image, json.icon].flatMap((image) => textOf(image) ?? []),
			files: [],
			raw: JSON.stringify(json, null, 2),
		});
		const each = keys.map((key) => ({ code: 200, device_key: key }));
		answer(
			response,
			200,
			Array.isArray(json.device_keys) ? { ...bark(200, 'success'), data: each } : bark(200, 'success'),
		);
	}

	async function takeMail(source: Buffer): Promise<void> {
		const id = randomUUID();
		// Pictures within the text get an address here instead of mailparser's data URLs.
		const mail = await simpleParser(source, { keepCidLinks: true });
		const stored = new Map<string, StoredFile>();
		const addressOf = (file: Attachment) => {
			const name = encodeURIComponent(file.checksum);
			stored.set(file.checksum, { mime: file.contentType, data: file.content });
			return `/files/${id}/${name}`;
		};
		const parts = mail.attachments.map((file) => ({ file, url: addressOf(file) }));
		let html = mail.html || undefined;
		for (const { file, url } of parts) if (file.cid) html = html?.replaceAll(`cid:${file.cid}`, url);
		const within = (url: string) => html?.includes(url);
		const delivery: Omit<Delivery, 'id' | 'time'> = {
			channel: 'email',
			title: mail.subject,
			text: mail.text,
			html,
			images: parts
				.filter(({ file, url }) => file.contentType.startsWith('image/') && !within(url))
				.map(({ url }) => url),
			files: parts
				.filter(({ url }) => !within(url))
				.map(({ file, url }) => ({ name: file.filename ?? file.contentType, url })),
			raw: source.toString('utf8').slice(0, 20_000),
		};
		arrive(delivery, id, stored);
	}

	async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
		// Whoever's name leads here (DNS rebinding), their page reads nothing.
		if (!own.has(request.headers.host?.toLowerCase() ?? ''))
			throw new Error(`The inbox answers as ${[...own].join(' and ')} alone.`);
		const [pathname = ''] = (request.url ?? '').split('?', 1);
		if (!/^\/(?!\/)/.test(pathname)) throw new Error('That is no path.');
		for (const [method, path, run] of routes) {
			const match = path.exec(pathname);
			if (match && method.test(request.method ?? ''))
				return void (await run(request, response, match.slice(1).map(decodeURIComponent)));
		}
		answer(response, 404, { error: `Nothing listens on ${request.method} ${pathname}.` });
	}

	const own = new Set<string>();
	const http = createServer((request, response) => {
		respond(request, response).catch((error: Error) => answer(response, 400, { error: error.message }));
	});

	const smtp = new SMTPServer({
		authOptional: true,
		// Its certificate is nobody's; on loopback there is nothing to hide.
		hideSTARTTLS: true,
		disabledCommands: ['STARTTLS'],
		allowInsecureAuth: true,
		size: mostBytes,
		logger: false,
		onAuth: (auth, _session, callback) => callback(null, { user: auth.username }),
		onData: (stream, _session, callback) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				if (stream.sizeExceeded) return callback(new Error('Message too large'));
				takeMail(Buffer.concat(chunks)).then(() => callback(), callback);
			});
		},
	});
	const port = await listen(http, ports.http);
	for (const name of ['127.0.0.1', 'localhost']) own.add(`${name}:${port}`);
	// It passes on its socket's errors, of which `listen` takes care.
	const passOn = () => undefined;
	smtp.on('error', passOn);
	const smtpPort = await listen(smtp.server as Server, ports.smtp);
	smtp.off('error', passOn).on('error', (error) => console.error(`inbox: ${error.message}`));
	return {
		url: `http://127.0.0.1:${port}`,
		smtpPort,
		deliveries,
		async close() {
			http.closeAllConnections();
			await Promise.all([new Promise((done) => http.close(done)), new Promise<void>((done) => smtp.close(done))]);
		},
	};
}

/** Listens on loopback; on any free port where the wanted one is taken. */
export async function listen(server: Server, wanted: number): Promise<number> {
	for (const port of [wanted, 0]) {
		server.listen(port, '127.0.0.1');
		try {
			await once(server, 'listening');
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === 0) throw error;
		}
	}
	return (server.address() as AddressInfo).port;
}

const shown = ({ stored: _, ...delivery }: Delivery & { stored: unknown }): Delivery => delivery;
const eventOf = (delivery: Delivery) => `data: ${JSON.stringify(delivery)}\n\n`;
const bark = (code: number, message: string) => ({ code, message, timestamp: Math.floor(Date.now() / 1000) });
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A message's picture: an address, or an object that holds one or the bytes themselves. */
function pictureOf(value: unknown): { mime: string; url?: string; data?: Buffer } | undefined {
	if (typeof value === 'string' && value !== '') return { mime: '', url: value };
	if (typeof value !== 'object' || value === null) return undefined;
	const { url, data, mime } = value as Record<string, unknown>;
	if (typeof url === 'string') return { mime: '', url };
	return typeof data === 'string'
		? { mime: textOf(mime) ?? 'image/jpeg', data: Buffer.from(data, 'base64') }
		: undefined;
}

const shorten = (_: string, value: unknown) =>
	typeof value === 'string' && value.length > 2_000 ? `${value.slice(0, 100)} … (${value.length} characters)` : value;

function answer(response: ServerResponse, status: number, json: unknown): void {
	if (response.headersSent) return;
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
	response.end(JSON.stringify(json));
}

function head(request: IncomingMessage): string {
	const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
	return [`${request.method} ${request.url}`, ...headers].join('\n');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > mostBytes) throw new Error('The body is too large.');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/** An object, from JSON or a form; anything else is no message with parts. */
function parse(body: string): Record<string, unknown> | undefined {
	try {
		const json: unknown = JSON.parse(body);
		return typeof json === 'object' && json !== null && !Array.isArray(json)
			? (json as Record<string, unknown>)
			: undefined;
	} catch {
		const form = [...new URLSearchParams(body)];
		return /^[\w.-]+=/.test(body) && form.length > 0 ? Object.fromEntries(form) : undefined;
	}
}
