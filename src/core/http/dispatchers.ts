import { createHash } from 'node:crypto';
import type { Agent, buildConnector, Dispatcher } from 'undici';
import { withSoundLogin } from '../base/percent';
import { connectBySocks } from './socks5';

/** ms, and bytes of a reply. */
export const limits = { connect: 10_000, headers: 30_000, body: 30_000, reply: 4 * 1024 * 1024 } as const;

/** How an account reaches its service. */
export interface Network {
	proxy?: string;
	caCertificate?: string;
	allowInsecureTls?: boolean;
}

/** undici costs 60 ms to load: only the first request pays. */
export const undici = () => require('undici') as typeof import('undici');

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
	const { Agent, Pool, ProxyAgent } = undici();
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
		return new Agent({ ...options, connect: throughSocks(new URL(withSoundLogin(proxy)), tls) });
	const { username, password, origin } = new URL(withSoundLogin(proxy));
	const token = username
		? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
		: undefined;
	return new ProxyAgent({
		...options,
		uri: origin,
		token,
		// One that takes connections and says nothing would keep them for ever, until no more may be opened.
		clientFactory: (to, own) => new Pool(to, { ...own, headersTimeout: limits.connect }),
		requestTls: { timeout: limits.connect, ...tls } as never,
		proxyTls: tls,
	});
}

/** undici's own way through SOCKS proxies waits for ever for one that says nothing. */
function throughSocks(proxy: URL, tls: object): buildConnector.connector {
	const secured = undici().buildConnector({ timeout: limits.connect, ...tls });
	return (options, done) => {
		const { hostname, protocol, port } = options;
		const isSecure = protocol === 'https:';
		connectBySocks(proxy, hostname, Number(port) || (isSecure ? 443 : 80), limits.connect).then(
			(socket) => (isSecure ? secured({ ...options, httpSocket: socket }, done) : done(null, socket)),
			(error: Error) => done(error, null),
		);
	};
}

/** Ends every connection that this process keeps open; the next request opens new ones. */
export async function closeConnections(): Promise<void> {
	const open = [...dispatchers.values()];
	dispatchers.clear();
	await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
}
