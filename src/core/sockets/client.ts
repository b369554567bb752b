import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Dispatcher, WebSocket } from 'undici';
import { ChannelError } from '../base/errors';
import { dispatcherOf, judge, networkError, withOutcome, type Network, type Service } from '../http/http';
import { fill } from '../base/language';

/** Whose socket it is: the service's name and ways to say no, the account's proxy and TLS settings. */
export type SocketOwner = Pick<Service, 'name' | 'replies'> & { signal: AbortSignal; account: Network };

/** An open WebSocket. Whoever opens one closes it. */
export interface ClientSocket {
	send(text: string): void;
	/** What the peer said together with its greeting, before anybody could ask for the next. */
	readonly early: readonly string[];
	/**
	 * The first text from now on that `accept` makes something of; the message goes out right after this is asked for.
	 * @param ms how long to wait
	 * @throws ChannelError `Unreachable`, of unknown outcome, where nothing comes
	 */
	next<T>(accept: (text: string) => T | undefined, ms: number): Promise<T>;
	/** Bytes that were not handed to the network yet. */
	unsent(): number;
	/** Bytes that came so far; a peer that is still there answers a ping. NaN where the network does not count. */
	received(): number;
	/** Asks the peer for a sign of life, which also keeps proxies from dropping a silent connection. */
	ping(): void;
	/** The code that the connection ended with; 1006 where nobody took leave. */
	readonly closed: Promise<number>;
	/** Ends the connection, by force where the peer does not take leave. */
	close(code?: number): void;
}

type Handler = Dispatcher.DispatchHandler;
type Hook<K extends keyof Handler> = Parameters<NonNullable<Handler[K]>>;
/** Its methods are missing from its type. */
interface Decorator {
	onRequestUpgrade(...args: Hook<'onRequestUpgrade'>): void;
	onResponseStart(...args: Hook<'onResponseStart'>): void;
	onResponseError(...args: Hook<'onResponseError'>): void;
}

/** ms */
const patience = { handshake: 15_000, leave: 2_000 } as const;

/**
 * Opens a WebSocket through the account's proxy and TLS settings.
 * @throws ChannelError what the refused handshake means by the service's own error rows, or why nobody was reached
 */
export async function openSocket(
	service: SocketOwner,
	url: string,
	headers: Record<string, string> = {},
	protocols: string[] = [],
): Promise<ClientSocket> {
	const { WebSocket, DecoratorHandler } = require('undici') as typeof import('undici');
	const { account, signal } = service;
	let status: number | undefined;
	let fault: unknown;
	let wire: Duplex | undefined;

	/** The WebSocket interface tells neither why a handshake failed, nor lets a dead connection be cut. */
	class Watching extends (DecoratorHandler as unknown as new (handler: Handler) => Decorator) {
		override onRequestUpgrade(...args: Hook<'onRequestUpgrade'>) {
			wire = args[3];
			return super.onRequestUpgrade(...args);
		}
		override onResponseStart(...args: Hook<'onResponseStart'>) {
			status = args[1];
			return super.onResponseStart(...args);
		}
		override onResponseError(...args: Hook<'onResponseError'>) {
			fault = args[1];
			return super.onResponseError(...args);
		}
	}
	const dispatcher = dispatcherOf(account).compose(
		(dispatch) => (options, handler) => dispatch(options, new Watching(handler)),
	);
	signal.throwIfAborted();
	const socket = new WebSocket(url, { dispatcher, headers, protocols });
	const early: string[] = [];
	const collect = ({ data }: { data: unknown }) => void (typeof data === 'string' && early.push(data));
	socket.addEventListener('message', collect);
	await opened(socket, signal).catch((reason: unknown) => {
		// Closing makes a fault of its own.
		const why = fault ?? reason;
		socket.close();
		wire?.destroy();
		if (signal.aborted) throw reason;
		throw refusal(service, new URL(url), status, why);
	});
	socket.removeEventListener('message', collect);
	return wrap(service, socket, wire, early);
}

const timeout = () => Object.assign(new Error('The handshake took too long.'), { code: 'ETIMEDOUT' });

function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => finish(() => reject(timeout())), patience.handshake);
		const stop = () => finish(() => reject(signal.reason as Error));
		const failed = () =>
			finish(() => reject(Object.assign(new Error('The handshake failed.'), { code: 'HANDSHAKE' })));
		const done = () => finish(resolve);
		const finish = (then: () => void) => {
			clearTimeout(timer);
			signal.removeEventListener('abort', stop);
			socket.removeEventListener('open', done);
			socket.removeEventListener('close', failed);
			then();
		};
		signal.addEventListener('abort', stop, { once: true });
		socket.addEventListener('open', done);
		socket.addEventListener('close', failed);
		// Without a listener it would be an uncaught one; what happened shows in `close`.
		socket.addEventListener('error', () => undefined);
	});
}

function refusal(service: SocketOwner, url: URL, status: number | undefined, fault: unknown): ChannelError {
	if (status === undefined) return networkError(service, fault, url, false);
	if (status >= 400) {
		try {
			judge(service, { status, headers: {}, text: '', json: undefined });
		} catch (error) {
			return error as ChannelError;
		}
	}
	const text = fill(
		{
			en: 'Nothing at {host} speaks WebSocket there (HTTP {status}): check address, port and path.',
			zh: '{host} 的该地址不支持 WebSocket（HTTP {status}）：请检查地址、端口与路径。',
		},
		{ host: url.host, status },
	);
	return new ChannelError('Unexpected', text, { code: String(status), status });
}

/** Hosts stop triggers without a reason of their own. */
const reasonOf = ({ reason }: AbortSignal) =>
	reason instanceof ChannelError ? withOutcome(reason, true) : (reason as Error);

function wrap(
	{ name, signal }: SocketOwner,
	socket: WebSocket,
	wire: Duplex | undefined,
	early: string[],
): ClientSocket {
	const { ping } = require('undici') as typeof import('undici');
	return {
		send: (text) => socket.send(text),
		early,
		unsent: () => socket.bufferedAmount,
		received: () => (wire as Partial<Socket> | undefined)?.bytesRead ?? NaN,
		ping: () => ping(socket),
		closed: new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code), { once: true })),
		next: (accept, ms) =>
			new Promise((resolve, reject) => {
				const read = ({ data }: { data: unknown }) => {
					if (typeof data !== 'string') return;
					try {
						const value = accept(data);
						if (value !== undefined) finish(() => resolve(value));
					} catch (error) {
						finish(() => reject(error as Error));
					}
				};
				const silent = (why: { en: string; zh: string }, code: string) =>
					finish(() =>
						reject(
							new ChannelError(
								'Unreachable',
								fill(
									{
										en: `{name} ${why.en}, so it is not known whether the message went out.`,
										zh: `{name} ${why.zh}，无法确定消息是否发出。`,
									},
									{ name: name.en },
								),
								{ code, unknown: true },
							),
						),
					);
				const timer = setTimeout(
					() => silent({ en: 'gave no answer in time', zh: '未及时应答' }, 'ETIMEDOUT'),
					ms,
				);
				const ended = () =>
					silent(
						{ en: 'closed the connection before it answered', zh: '在应答之前断开了连接' },
						'ECONNRESET',
					);
				const stop = () => finish(() => reject(reasonOf(signal)));
				const finish = (then: () => void) => {
					clearTimeout(timer);
					signal.removeEventListener('abort', stop);
					socket.removeEventListener('message', read);
					socket.removeEventListener('close', ended);
					then();
				};
				if (signal.aborted) return stop();
				if (socket.readyState !== 1) return ended();
				signal.addEventListener('abort', stop, { once: true });
				socket.addEventListener('message', read);
				socket.addEventListener('close', ended);
			}),
		close: (code) => {
			if (socket.readyState === 3) return;
			const timer = setTimeout(() => wire?.destroy(), patience.leave);
			socket.addEventListener('close', () => clearTimeout(timer), { once: true });
			socket.close(code);
		},
	};
}
