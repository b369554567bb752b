import type { Connecting, Happening, Trigger } from '../../core/define/trigger';

type Connect = NonNullable<Trigger['connect']>;
type Listener = (happening: Happening) => void;

interface Connection {
	listeners: Set<Listener>;
	abort: AbortController;
	/** Settles when everything is closed. */
	ended: Promise<void>;
}

/**
 * Polls and sockets by account. An active workflow has one of its own. A test run listens in on an active workflow's,
 * so that it never takes events away from it (a second Telegram poll would), and connects by itself only where there is none.
 */
export function connections() {
	const active = new Map<string, Set<Connection>>();
	const tests = new Map<string, Connection>();

	const open = (connect: Connect, connecting: Omit<Connecting, 'emit' | 'signal'>): Connection => {
		const abort = new AbortController();
		const listeners = new Set<Listener>();
		const emit: Listener = (happening) => listeners.forEach((listen) => listen(happening));
		const ended = connect({ ...connecting, emit, signal: abort.signal });
		// Told by whoever waits for it; nobody may be waiting yet.
		ended.catch(() => undefined);
		return { listeners, abort, ended };
	};

	const end = async ({ abort, ended }: Connection) => {
		abort.abort();
		await ended.catch(() => undefined);
	};

	return {
		/** An active workflow's own connection. Returns what closes it. `failed` is called when it ends by itself. */
		async start(
			account: string,
			connect: Connect,
			connecting: Omit<Connecting, 'emit' | 'signal'>,
			listen: Listener,
			failed: (error: Error) => void,
		) {
			const test = tests.get(account);
			tests.delete(account);
			if (test) await end(test);
			const connection = open(connect, connecting);
			connection.listeners.add(listen);
			test?.listeners.forEach((listener) => connection.listeners.add(listener));
			const all = active.get(account) ?? new Set();
			active.set(account, all.add(connection));
			connection.ended.catch((error: Error) => failed(error));
			return async () => {
				all.delete(connection);
				if (!all.size) active.delete(account);
				await end(connection);
			};
		},

		/** A test run's ear. Returns what closes it. */
		async listen(
			account: string,
			connect: Connect,
			connecting: Omit<Connecting, 'emit' | 'signal'>,
			listen: Listener,
			failed: (error: Error) => void,
		) {
			const running = [...(active.get(account) ?? [])][0] ?? tests.get(account);
			const connection = running ?? open(connect, connecting);
			connection.listeners.add(listen);
			if (!running) {
				tests.set(account, connection);
				connection.ended.catch((error: Error) => failed(error));
			}
			return async () => {
				for (const each of [connection, ...(active.get(account) ?? [])]) each.listeners.delete(listen);
				const own = tests.get(account);
				if (own !== connection || connection.listeners.size) return;
				tests.delete(account);
				await end(connection);
			};
		},
	};
}
