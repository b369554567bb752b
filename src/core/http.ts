import { createHash } from 'node:crypto';
import type { Agent, Dispatcher } from 'undici';
import type { CommonAccount, ErrorRow, Replies } from './channel';
import type { Halt } from './deadline';
import { ChannelError, type ErrorFacts } from './errors';
import { named, type Text } from './language';
import { withSoundLogin } from './percent';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a vendor answers has no type; it is judged before it is read
export type VendorJson = any;

/** One part of a multipart form. */
export type FormPart = string | { name: string; mime: string; data: Uint8Array };

export interface Ask {
	/** Appended to those in the path; `undefined` ones are left out. */
	query?: Readonly<Record<string, string | number | boolean | undefined>>;
	headers?: Readonly<Record<string, string | undefined>>;
	json?: unknown;
	form?: Readonly<Record<string, string | number | boolean | undefined>>;
	multipart?: Readonly<Record<string, FormPart | undefined>>;
	body?: string | Uint8Array;
	/** Safe to repeat though the outcome of the first is unknown. GET and HEAD are, unless it is false. */
	idempotent?: boolean;
	/** Not judged by the channel's `replies`: any HTTP answer is returned. */
	raw?: boolean;
	/** Only against this account's own `baseUrl`, whatever its redirects say; for the rare service that redirects, how often to follow on the same origin. */
	redirects?: number;
}

export interface Reply {
	status: number;
	/** Names in lower case. */
	headers: Readonly<Record<string, string>>;
	text: string;
	/** Undefined where the answer is not JSON. */
	json: VendorJson;
}

/** A path below the account's base URL, or a whole URL. Throws `ChannelError`. */
export interface Http {
	/** The parsed, judged answer. */
	get(path: string, ask?: Ask): Promise<VendorJson>;
	/** The parsed, judged answer. */
	post(path: string, ask?: Ask): Promise<VendorJson>;
	call(method: string, path: string, ask?: Ask): Promise<Reply>;
}

/** ms, and bytes of a reply. */
export const limits = { connect: 10_000, headers: 30_000, body: 30_000, reply: 4 * 1024 * 1024 } as const;

export type Network = Pick<CommonAccount, 'proxy' | 'caCertificate' | 'allowInsecureTls'>;

/** undici costs 60 ms to load: only the first request pays. */
const undici = () => require('undici') as typeof import('undici');

/** Pools by how they reach out; each keeps its connections by origin. Least recently used go first. */
const dispatchers = new Map<string, Dispatcher>();
const mostDispatchers = 64;

/** The connection pool of an account: accounts with the same proxy and TLS settings share one. */
export function dispatcherOf({ proxy, caCertificate, allowInsecureTls }: Network): Dispatcher {
	const key =
		proxy || caCertificate || allowInsecureTls
			? createHash('sha256')
					.update(JSON.stringify([proxy, caCertificate, allowInsecureTls]))
					.digest('hex')
			: '';
	const known = dispatchers.get(key);
	if (known) {
		if (dispatchers.size > 1) {
			dispatchers.delete(key);
			dispatchers.set(key, known);
		}
		return known;
	}
	const made = makeDispatcher({ proxy, caCertificate, allowInsecureTls });
	dispatchers.set(key, made);
	if (dispatchers.size > mostDispatchers) {
		const [oldest, dispatcher] = dispatchers.entries().next().value as [string, Dispatcher];
		dispatchers.delete(oldest);
		// Its requests end first; that they do is all there is to know.
		dispatcher.close().catch(() => undefined);
	}
	return made;
}

function makeDispatcher({ proxy, caCertificate, allowInsecureTls }: Network): Dispatcher {
	const { Agent, ProxyAgent, Socks5ProxyAgent } = undici();
	const tls = { ...(caCertificate && { ca: caCertificate }), ...(allowInsecureTls && { rejectUnauthorized: false }) };
	const options: Agent.Options = {
		// Telegram and others keep idle connections for less than the 10 minutes that undici trusts a hint.
		keepAliveTimeout: 4_000,
		keepAliveMaxTimeout: 60_000,
		connections: 64,
		pipelining: 1,
		headersTimeout: limits.headers,
		bodyTimeout: limits.body,
		connect: { timeout: limits.connect, ...tls },
		webSocket: { maxPayloadSize: limits.reply },
	};
	if (!proxy) return new Agent(options);
	if (/^socks5/i.test(proxy))
		return new Socks5ProxyAgent(withSoundLogin(proxy).replace(/^socks5h/i, 'socks5'), {
			...options,
			connect: undefined,
			requestTls: tls,
		} as never);
	const { username, password, origin } = new URL(withSoundLogin(proxy));
	const token = username
		? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
		: undefined;
	return new ProxyAgent({
		...options,
		uri: origin,
		token,
		requestTls: { timeout: limits.connect, ...tls } as never,
		proxyTls: tls,
	});
}

/** Ends every connection that this process keeps open; the next request opens new ones. */
export async function closeConnections(): Promise<void> {
	const open = [...dispatchers.values()];
	dispatchers.clear();
	await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
}

export interface Service {
	/** As the user knows it, for sentences. */
	name: Text;
	replies?: Replies;
	account: CommonAccount & Record<string, unknown>;
	signal: Halt;
}

/** HTTP for one account: its base URL, proxy and TLS, its service's way to say no. */
export const httpFor = (service: Service): Http => new ServiceHttp(service);

class ServiceHttp implements Http {
	constructor(private readonly service: Service) {}

	call(method: string, path: string, ask?: Ask): Promise<Reply> {
		return exchange(this.service, method, path, ask, whole);
	}

	get(path: string, ask?: Ask): Promise<VendorJson> {
		return exchange(this.service, 'GET', path, ask, jsonOf);
	}

	post(path: string, ask?: Ask): Promise<VendorJson> {
		return exchange(this.service, 'POST', path, ask, jsonOf);
	}
}

const whole = (reply: Reply) => reply;
const jsonOf = ({ json }: Reply): VendorJson => json;

function exchange<T>(
	service: Service,
	method: string,
	path: string,
	ask: Ask = {},
	wanted: (reply: Reply) => T,
): Promise<T> {
	return new Promise((resolve, reject) => {
		const target = placeOf(service, path, ask.query);
		const { body, type } = encode(ask);
		const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5', 'user-agent': 'Carillon' };
		if (type) headers['content-type'] = type;
		if (ask.headers)
			for (const [name, value] of Object.entries(ask.headers))
				if (value !== undefined) headers[name.toLowerCase()] = value;
		const answered = (status: number, named: Headers, text: string) => {
			if (status >= 300 && status < 400 && status !== 304)
				return resolve(redirected(service, method, ask, target, status, named.location, wanted));
			try {
				const reply = new Answer(status, named, text);
				if (!ask.raw) judge(service, reply);
				resolve(wanted(reply));
			} catch (error) {
				reject(error as Error);
			}
		};
		const failed = (error: Error, started: boolean) => {
			const repeatable = ask.idempotent ?? (method === 'GET' || method === 'HEAD');
			const isOurs = error instanceof ChannelError && error !== service.signal.reason;
			reject(isOurs ? error : networkError(service, error, target, started && !repeatable));
		};
		new RoundTrip(service, answered, failed).run({
			origin: target.origin,
			path: target.path,
			method: method as Dispatcher.HttpMethod,
			headers,
			body: body as string,
		});
	});
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request, below undici's stream of the body: replies are small and wanted whole, and `started` tells
 * for certain whether anything was written.
 */
class RoundTrip implements Dispatcher.DispatchHandler {
	private started = false;
	private status = 0;
	private headers: Headers = {};
	private readonly chunks: Buffer[] = [];
	private size = 0;
	private controller?: Dispatcher.DispatchController;
	private gone?: Error;

	constructor(
		private readonly service: Service,
		private readonly answered: (status: number, headers: Headers, text: string) => void,
		private readonly failed: (error: Error, started: boolean) => void,
	) {}

	run(options: Dispatcher.DispatchOptions): void {
		const { signal, account } = this.service;
		if (signal.aborted) return this.stop();
		signal.addEventListener('abort', this.stop);
		try {
			dispatcherOf(account).dispatch(options, this);
		} catch (error) {
			this.onResponseError(undefined, error as Error);
		}
	}

	private readonly stop = () => this.fail(this.service.signal.reason as Error);

	/** A connection in the making cannot be stopped, but need not be waited for; its request then ends before it starts. */
	private fail(reason: Error): void {
		this.gone = reason;
		this.controller?.abort(reason);
		this.onResponseError(this.controller, reason);
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.controller = controller;
		if (this.gone) controller.abort(this.gone);
		else this.started = true;
	}

	onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
		this.status = status;
		this.headers = headers;
	}

	onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
		this.size += chunk.length;
		if (this.size > limits.reply) this.fail(tooMuch(this.service));
		else this.chunks.push(chunk);
	}

	onResponseEnd(): void {
		this.service.signal.removeEventListener('abort', this.stop);
		this.answered(this.status, this.headers, this.text());
	}

	onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
		this.service.signal.removeEventListener('abort', this.stop);
		this.failed(error, this.started);
	}

	private text(): string {
		return this.chunks.length === 1 ? this.chunks[0]!.toString() : Buffer.concat(this.chunks).toString();
	}
}

function tooMuch({ name }: Service): ChannelError {
	return new ChannelError(
		'Unexpected',
		named(
			{
				en: '{name} answered with more than {mb} MB, which no notification service does. Check the base URL.',
				zh: '{name} 的应答超过 {mb} MB，不像是通知服务。请检查服务地址。',
			},
			name,
			{ mb: limits.reply / 1024 / 1024 },
		),
		{ unknown: true },
	);
}

/** Nothing that holds a secret follows a redirect to another origin, and no POST is turned into a GET. */
async function redirected<T>(
	service: Service,
	method: string,
	ask: Ask,
	from: Place,
	status: number,
	location: unknown,
	wanted: (reply: Reply) => T,
): Promise<T> {
	const to =
		typeof location === 'string' && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
	const left = ask.redirects ?? (method === 'GET' ? 3 : 0);
	if (to && to.origin === from.origin && left > 0 && (method === 'GET' || status === 307 || status === 308)) {
		return await exchange(service, method, to.href, { ...ask, query: undefined, redirects: left - 1 }, wanted);
	}
	throw new ChannelError(
		'Unexpected',
		named(
			{
				en: '{name} redirects to {to} instead of answering. Put the address that it really lives at into the base URL.',
				zh: '{name} 没有应答，而是跳转到 {to}。请把服务地址改成真正的地址。',
			},
			service.name,
			{ to: to?.origin ?? '?' },
		),
		{ status, code: String(status) },
	);
}

/** Where a request goes; `host` is for sentences. */
interface Place {
	origin: string;
	path: string;
	host: string;
	href: string;
}

/** Addresses are parsed once: that costs more than the rest of a request's preparation. */
const places = new Map<string, Place>();
const mostPlaces = 1_000;

function placeOf({ account }: Service, path: string, query: Ask['query']): Place {
	const whole = /^https?:\/\//i.test(path)
		? path
		: `${account.baseUrl ?? ''}${path.startsWith('/') ? '' : '/'}${path}`;
	const known = query === undefined ? places.get(whole) : undefined;
	if (known) return known;
	if (!URL.canParse(whole)) {
		throw new ChannelError(
			'Invalid',
			{ en: 'The web address is not a valid one.', zh: '网址无效。' },
			{ field: 'baseUrl' },
		);
	}
	const target = new URL(whole);
	for (const [name, value] of Object.entries(query ?? {}))
		if (value !== undefined) target.searchParams.append(name, String(value));
	const place = {
		origin: target.origin,
		path: target.pathname + target.search,
		host: target.host,
		href: target.href,
	};
	// A query holds something else each time.
	if (target.search === '') {
		if (places.size >= mostPlaces) places.clear();
		places.set(whole, place);
	}
	return place;
}

function encode({ json, form, multipart, body }: Ask): { body?: unknown; type?: string } {
	if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json; charset=utf-8' };
	if (form) {
		const pairs = Object.entries(form).filter(([, value]) => value !== undefined);
		return {
			body: new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString(),
			type: 'application/x-www-form-urlencoded',
		};
	}
	if (multipart) {
		const { FormData } = undici();
		const data = new FormData();
		for (const [name, part] of Object.entries(multipart)) {
			if (typeof part === 'string') data.append(name, part);
			else if (part)
				data.append(name, new File([part.data as Uint8Array<ArrayBuffer>], part.name, { type: part.mime }));
		}
		return { body: data };
	}
	return { body };
}

function parse(text: string): VendorJson {
	// A web page need not be thrown through the parser.
	if (text === '' || text.startsWith('<')) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Most answers are read by nobody for their headers. */
class Answer implements Reply {
	readonly json: VendorJson;
	private flat?: Record<string, string>;

	constructor(
		readonly status: number,
		private readonly named: Headers,
		readonly text: string,
	) {
		this.json = parse(text);
	}

	get headers(): Record<string, string> {
		if (this.flat) return this.flat;
		const flat: Record<string, string> = {};
		for (const [name, value] of Object.entries(this.named))
			if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
		return (this.flat = flat);
	}
}

/** Throws what the service's answer means, unless it means yes; also for answers that came over a socket. */
export function judge(service: Pick<Service, 'name' | 'replies'>, reply: Reply): void {
	const { replies = {} } = service;
	const { as = 'json' } = replies;
	const { status, json, text } = reply;
	const success = status >= 200 && status < 300;
	const understood = as === 'json' ? json !== undefined && json !== null && typeof json === 'object' : true;
	const wellFormed = understood || (as === 'json' && success && typeof json === 'number');
	if (wellFormed && (replies.ok ? replies.ok(json, reply) : success)) return;
	if (success && !wellFormed) throw unexpected(service, reply);
	throw refusal(service, reply, understood ? json : undefined, text);
}

function refusal(
	service: Pick<Service, 'name' | 'replies'>,
	reply: Reply,
	json: VendorJson,
	text: string,
): ChannelError {
	const { replies = {}, name } = service;
	const { status } = reply;
	const code = json === undefined && replies.as !== 'text' ? undefined : attempt(() => replies.code?.(json));
	const says = wordsOf(attempt(() => replies.says?.(json))) ?? (json === undefined ? excerpt(reply) : undefined);
	const row = replies.errors?.find((each) => matches(each, code ?? status, says ?? text.slice(0, mostWords)));
	const retryAfter = attempt(() => replies.retryAfter?.(json)) ?? retryAfterOf(reply) ?? row?.retryAfter;
	const errorClass = row?.is ?? classOf(status);
	const facts: ErrorFacts = {
		code: String(code ?? status),
		status,
		retryAfter,
		refresh: row?.refresh,
		because: row?.because,
		transient: row?.transient,
		field: row?.field,
		movedTo: attempt(() => replies.movedTo?.(json)),
		// A gateway that gave up waiting does not know either.
		unknown: status === 504,
	};
	const advice = row?.do ?? adviceFor(errorClass);
	const words = says?.trim();
	const said: Text = words
		? {
				en: `{name} said no: “${trimmed(words)}” ({code}).`,
				zh: `{name} 拒绝了请求：“${trimmed(words)}”（{code}）。`,
			}
		: { en: '{name} said no ({code}).', zh: '{name} 拒绝了请求（{code}）。' };
	const sentence: Text = { en: `${said.en} ${advice.en}`, zh: `${said.zh}${advice.zh}` };
	return new ChannelError(
		errorClass,
		named(sentence, name, { code: facts.code ?? '', seconds: retryAfter ?? '' }),
		facts,
	);
}

function matches({ code, says }: ErrorRow, actual: string | number, words: string): boolean {
	const codes = code === undefined ? undefined : Array.isArray(code) ? code : [code];
	if (codes && !codes.some((each) => String(each) === String(actual))) return false;
	return says ? says.test(words) : true;
}

export function classOf(status: number): ChannelError['class'] {
	if (status === 401 || status === 403 || status === 407) return 'Unauthorized';
	if (status === 429) return 'RateLimited';
	if (status >= 500 || status === 408) return 'Unreachable';
	return 'Rejected';
}

function adviceFor(errorClass: ChannelError['class']): Text {
	switch (errorClass) {
		case 'Unauthorized':
			return { en: 'Check the keys of this account.', zh: '请检查该账号的密钥。' };
		case 'RateLimited':
			return {
				en: 'Too many messages in a short time: send fewer, or later.',
				zh: '短时间内消息过多：请减少或稍后发送。',
			};
		case 'Unreachable':
			return { en: 'The service has a fault of its own: try again later.', zh: '服务端故障：请稍后重试。' };
		default:
			return {
				en: 'Check what was filled in against the service’s documentation.',
				zh: '请对照服务文档检查填写的内容。',
			};
	}
}

function unexpected({ name }: Pick<Service, 'name'>, reply: Reply): ChannelError {
	const what: Text = /^\s*</.test(reply.text)
		? { en: 'a web page', zh: '一个网页' }
		: reply.text.trim() === ''
			? { en: 'nothing', zh: '空内容' }
			: { en: 'something that is not its usual JSON', zh: '并非其惯用 JSON 的内容' };
	const text: Text = {
		en: `{name} answered with ${what.en} (HTTP {status}) instead of a receipt, so it is not known whether the message went out. Check the base URL and the proxy.`,
		zh: `{name} 返回了${what.zh}（HTTP {status}）而不是回执，无法确定消息是否发出。请检查服务地址与代理。`,
	};
	return new ChannelError('Unexpected', named(text, name, { status: reply.status }), {
		code: String(reply.status),
		status: reply.status,
		unknown: true,
	});
}

/** The service's words out of an HTML error page or a plain text, short. */
function excerpt({ text }: Reply): string | undefined {
	const start = text.slice(0, mostWords);
	if (/^\s*</.test(start)) return /<title[^<>]*>([^<]{1,200})/i.exec(start)?.[1]?.trim();
	return start.trim().slice(0, 300) || undefined;
}

/** Characters of an answer that are read for what they say: no service says more, and patterns take their time. */
const mostWords = 4_096;

/** What a service gives for its words need not be a text. */
function wordsOf(said: unknown): string | undefined {
	if (said === undefined || said === null) return undefined;
	return (typeof said === 'string' ? said : (JSON.stringify(said) ?? '')).slice(0, mostWords);
}

const trimmed = (words: string) => (words.length > 300 ? `${words.slice(0, 300)}…` : words);

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		// An answer of another shape than the service's own has no such thing to read.
		return undefined;
	}
}

/** Seconds, from either form of the header. */
export function retryAfterOf({ headers }: Pick<Reply, 'headers'>, now = Date.now()): number | undefined {
	const value = headers['retry-after'];
	if (value === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value);
	const at = Date.parse(value);
	return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Why nobody answered; `unknown`: something was written before. Also for sockets of other kinds. */
export function networkError(
	{ name, signal }: Pick<Service, 'name' | 'signal'>,
	thrown: unknown,
	target: { host: string },
	unknown: boolean,
): ChannelError {
	const error = thrown as Error & { code?: string; cause?: { code?: string } };
	if (signal.aborted && signal.reason instanceof ChannelError) return withOutcome(signal.reason, unknown);
	// A tunnel that the proxy refuses is an AbortError too.
	if (signal.aborted)
		return new ChannelError(
			'Unreachable',
			{ en: 'Sending was cancelled.', zh: '发送已取消。' },
			{ code: 'ABORTED', transient: false, unknown },
		);
	// A DOMException has a number there.
	const code = [error.code, error.cause?.code, error.name].find((each) => typeof each === 'string') ?? 'ERROR';
	const plain = /WRONG_VERSION|PACKET_LENGTH/.test(code) || /before secure TLS connection/i.test(error.message);
	const tls = plain || /CERT|SSL|TLS|SELF_SIGNED|ALTNAME|ISSUER/.test(code);
	const proxyRefused = /proxy/i.test(error.message) || /SOCKS/.test(code);
	const advice = plain ? notTls : networkAdvice(code, tls, proxyRefused);
	return new ChannelError(
		'Unreachable',
		named(
			{
				en: `{name} at {host} could not be reached (${code}). ${advice.en}`,
				zh: `无法连接 {name}（{host}，${code}）。${advice.zh}`,
			},
			name,
			{ host: target.host },
		),
		{ code, unknown, transient: !tls },
	);
}

/** The same error, with what is known of the message. */
export const withOutcome = (error: ChannelError, unknown: boolean) =>
	new ChannelError(error.class, error.text, { ...error, unknown });

const notTls: Text = {
	en: 'No TLS is spoken there: check the port, or begin the address with http:// in place of https://.',
	zh: '对方端口未使用 TLS：请检查端口，或把地址开头的 https:// 改为 http://。',
};

function networkAdvice(code: string, tls: boolean, proxyRefused: boolean): Text {
	if (tls) {
		return {
			en: 'Its certificate is not trusted: add your CA certificate to the account, or allow insecure TLS inside your own network.',
			zh: '证书不受信任：请在账号中填写 CA 证书，或在自己的内网中允许不校验证书。',
		};
	}
	if (proxyRefused)
		return { en: 'The proxy refused: check its address and password.', zh: '代理拒绝连接：请检查代理地址与密码。' };
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return {
			en: 'Its name is not known: check the base URL and this machine’s DNS.',
			zh: '找不到该域名：请检查服务地址与本机 DNS。',
		};
	}
	if (code === 'ECONNREFUSED')
		return { en: 'Nothing listens there: check address and port.', zh: '该地址没有服务在监听：请检查地址与端口。' };
	if (/TIMEOUT/.test(code))
		return {
			en: 'It did not answer in time: check the address, firewall and proxy, or try later.',
			zh: '等待超时：请检查地址、防火墙与代理，或稍后再试。',
		};
	return {
		en: 'The connection broke: check the network and proxy, or try later.',
		zh: '连接中断：请检查网络与代理，或稍后再试。',
	};
}
