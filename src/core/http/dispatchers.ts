import { createHash } from 'node:crypto';
import type { Agent, buildConnector, Dispatcher } from 'undici';
import { proxyAddress } from '../base/percent';
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

/**
 * How one kind of account reaches out. A kept connection may be ended by the server just as a request is written to it,
 * and nobody can tell whether that was read; so what must not be sent twice goes over kept ones only where the server is
 * known to keep them, and else over a new one each.
 */
interface Reach {
	kept: Dispatcher;
	/** Made when first used: no connection serves twice there. */
	fresh?: Dispatcher;
	/** One connection an origin, which waits to see who ends it. */
	scout?: Dispatcher;
	origins: Map<string, 'watched' | 'keeps'>;
}

/** By how they reach out; each keeps its connections by origin. Least recently used go first. */
const reaches = new Map<string, Reach>();
const mostReaches = 64;
const mostOrigins = 1_000;

/** The connection pool of an account: accounts with the same proxy and TLS settings share one. */
export const dispatcherOf = (network: Network): Dispatcher => reachOf(network).kept;

/**
 * For a request that must not be sent twice.
 * @returns `reset`: the connection ends with the answer
 */
export function dispatcherOnce(network: Network, origin: string): { dispatcher: Dispatcher; reset: boolean } {
	const reach = reachOf(network);
	const { origins } = reach;
	const known = origins.get(origin);
	if (known === 'keeps') return { dispatcher: reach.kept, reset: false };
	// Proxies tell nothing of the connections behind them.
	if (known === undefined && !network.proxy) {
		if (origins.size >= mostOrigins) origins.clear();
		origins.set(origin, 'watched');
		reach.scout ??= watched(makeDispatcher(network, rest), origins, 'keeps');
		return { dispatcher: reach.scout, reset: false };
	}
	reach.fresh ??= makeDispatcher(network);
	return { dispatcher: reach.fresh, reset: true };
}

/** Notes what an origin does with connections that rest: where it ends them, it is watched anew. */
function watched(dispatcher: Dispatcher, origins: Reach['origins'], atRest?: 'keeps'): Dispatcher {
	const forget = (origin: URL) => origins.delete(origin.origin);
	return dispatcher.on('connectionError', forget).on('disconnect', (origin, _, { message }) => {
		// undici's own end, after the whole time.
		if (message !== 'socket idle timeout') forget(origin);
		else if (atRest) origins.set(origin.origin, atRest);
	});
}

function reachOf({ proxy, caCertificate, allowInsecureTls }: Network): Reach {
	const key =
		proxy || caCertificate || allowInsecureTls
			? createHash('sha256')
					.update(JSON.stringify([proxy, caCertificate, allowInsecureTls]))
					.digest('hex')
			: '';
	const known = reaches.get(key);
	if (known) {
		if (reaches.size > 1) {
			reaches.delete(key);
			reaches.set(key, known);
		}
		return known;
	}
	const origins: Reach['origins'] = new Map();
	const made: Reach = { origins, kept: watched(makeDispatcher({ proxy, caCertificate, allowInsecureTls }), origins) };
	reaches.set(key, made);
	if (reaches.size > mostReaches) {
		const [oldest, reach] = reaches.entries().next().value as [string, Reach];
		reaches.delete(oldest);
		// Its requests end first; that they do is all there is to know.
		for (const dispatcher of poolsOf(reach)) dispatcher.close().catch(() => undefined);
	}
	return made;
}

const poolsOf = ({ kept, fresh, scout }: Reach): Dispatcher[] =>
	[kept, fresh, scout].filter((pool) => pool !== undefined);

/** ms. Telegram and others keep idle connections for less than the 10 minutes that undici trusts a hint. */
const rest = 4_000;

/** @param longestRest ms that a server's own hint may prolong the rest to */
function makeDispatcher({ proxy, caCertificate, allowInsecureTls }: Network, longestRest = 60_000): Dispatcher {
	const { Agent, Pool, ProxyAgent } = undici();
	const tls = { ...(caCertificate && { ca: caCertificate }), ...(allowInsecureTls && { rejectUnauthorized: false }) };
	const options: Agent.Options = {
		keepAliveTimeout: rest,
		keepAliveMaxTimeout: longestRest,
		connections: 64,
		pipelining: 1,
		headersTimeout: limits.headers,
		bodyTimeout: limits.body,
		connect: { timeout: limits.connect, ...tls },
		webSocket: { maxPayloadSize: limits.reply },
	};
	if (!proxy) return new Agent(options);
	const address = new URL(proxyAddress(proxy));
	if (/^socks5/i.test(address.protocol)) return new Agent({ ...options, connect: throughSocks(address, tls) });
	const { username, password, origin } = address;
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
	const open = [...reaches.values()].flatMap(poolsOf);
	reaches.clear();
	await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
}
