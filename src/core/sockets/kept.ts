import { ChannelError } from '../base/errors';
import { withOutcome } from '../http/http';
import { openSocket, type ClientSocket, type SocketOwner } from './client';

/** Where a socket leads, and how it introduces itself. */
export interface Endpoint {
	url: string;
	headers: Record<string, string>;
	protocols: string[];
	/** Seconds between pings; 0 is none. */
	pingSeconds: number;
}

/** ms */
const patience = { idle: 10 * 60_000, longestWait: 60_000 } as const;
const mostLines = 100;

/** A connection that outlives its sends: pinged, and opened again when it breaks, for as long as somebody uses it. */
class Line {
	private readonly ending = new AbortController();
	private socket?: ClientSocket;
	private opening?: Promise<ClientSocket>;
	private pinging?: NodeJS.Timeout;
	private retrying?: NodeJS.Timeout;
	private failures = 0;
	private used = Date.now();

	constructor(
		private readonly owner: Omit<SocketOwner, 'signal'>,
		private readonly endpoint: Endpoint,
		private readonly forget: () => void,
	) {}

	/** The open socket. Several callers at once cause one handshake. */
	get(): Promise<ClientSocket> {
		this.used = Date.now();
		return this.socket ? Promise.resolve(this.socket) : this.open();
	}

	end(): void {
		this.forget();
		clearInterval(this.pinging);
		clearTimeout(this.retrying);
		this.ending.abort(
			new ChannelError(
				'Unreachable',
				{ en: 'The connection was ended.', zh: '连接已关闭。' },
				{ code: 'CLOSED', transient: false },
			),
		);
		this.socket?.close();
	}

	private open(): Promise<ClientSocket> {
		clearTimeout(this.retrying);
		const { url, headers, protocols } = this.endpoint;
		this.opening ??= openSocket({ ...this.owner, signal: this.ending.signal }, url, headers, protocols)
			.then((socket) => this.keep(socket))
			.finally(() => (this.opening = undefined));
		return this.opening;
	}

	private keep(socket: ClientSocket): ClientSocket {
		if (this.ending.signal.aborted) {
			socket.close();
			throw this.ending.signal.reason;
		}
		this.socket = socket;
		this.failures = 0;
		const { pingSeconds } = this.endpoint;
		// Without pings, it still looks now and then whether anybody needs it.
		this.pinging = setInterval(
			() => (this.isIdle() ? this.end() : pingSeconds > 0 && socket.ping()),
			(pingSeconds || 60) * 1000,
		).unref();
		const ended = () => {
			this.socket = undefined;
			clearInterval(this.pinging);
			this.reopenLater();
		};
		socket.closed.then(ended, ended);
		return socket;
	}

	/** Full jitter, so that a thousand clients of one server do not come back at once. */
	private reopenLater(): void {
		if (this.ending.signal.aborted) return;
		if (this.isIdle()) return this.end();
		const wait = Math.random() * Math.min(patience.longestWait, 1000 * 2 ** this.failures++);
		this.retrying = setTimeout(() => {
			this.open().catch((error: unknown) => {
				// Refused for good: the next send tries again, and says why.
				if (error instanceof ChannelError && !error.transient) this.end();
				else this.reopenLater();
			});
		}, wait).unref();
	}

	private isIdle(): boolean {
		return Date.now() - this.used > patience.idle;
	}
}

const lines = new Map<string, Line>();

/** The kept socket of an account, opened where it is not. @throws ChannelError */
export function keptSocket(owner: SocketOwner, endpoint: Endpoint): Promise<ClientSocket> {
	const { signal, ...rest } = owner;
	const key = JSON.stringify([
		endpoint,
		owner.account.proxy,
		owner.account.caCertificate,
		owner.account.allowInsecureTls,
	]);
	let line = lines.get(key);
	if (!line) {
		line = new Line(rest, endpoint, () => lines.delete(key));
		lines.set(key, line);
		if (lines.size > mostLines) lines.values().next().value!.end();
	}
	return untilAborted(line.get(), signal);
}

export function closeKeptSockets(): void {
	for (const line of [...lines.values()]) line.end();
}

/**
 * The work goes on for others, while this one has stopped waiting.
 * @param unknown the message is out already, so that nobody knows what becomes of it
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal, unknown = false): Promise<T> {
	return new Promise((resolve, reject) => {
		const stop = () => {
			const { reason } = signal;
			reject(reason instanceof ChannelError ? withOutcome(reason, unknown) : (reason as Error));
		};
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}
