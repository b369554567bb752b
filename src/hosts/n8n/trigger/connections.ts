import { systemClock } from '../../../core/base/clock';
import { keepConnected } from '../../../core/sockets/keepConnected';
import type { Connecting, Happening, Trigger } from '../../../core/define/trigger';

type Connect = NonNullable<Trigger['connect']>;
type Given = Omit<Connecting, 'emit' | 'signal'>;

type Hear = (happening: Happening) => void | Promise<void>;
type Failed = (error: Error) => void;

interface Connection {
	/** Who hears what happens, and what each does where the connection is refused or ends by itself. */
	listeners: Map<Hear, Failed>;
	abort: AbortController;
	/** Resolves when everything is closed. */
	ended: Promise<unknown>;
}

/** ms: within which a service says at once that it refuses, and in which whatever hangs is left to end by itself. */
const patience = { refusal: 3_000, close: 10_000 };

/**
 * Polls and sockets by account. An active workflow has one of its own. A test run listens in on an active workflow's,
 * so that it never takes events away from it (a second Telegram poll would), and connects by itself only where there is none.
 */
export function connections() {
	const active = new Map<string, Set<Connection>>();
	const tests = new Map<string, Connection>();

	const end = async ({ abort, ended }: Connection) => {
		abort.abort();
		await noLonger(patience.close, ended);
	};

	return {
		/**
		 * An active workflow's own connection. Resolves, with what closes it, once it stands or is being tried again by
		 * itself: what n8n is told later than that it would answer by starting the trigger anew, at once.
		 * @throws what the service refused it with from the start
		 */
		async start(
			account: string,
			connect: Connect,
			given: Given,
			hear: Hear,
			failed: Failed,
		): Promise<() => Promise<void>> {
			const test = tests.get(account);
			tests.delete(account);
			if (test) await end(test);
			const abort = new AbortController();
			const { signal } = abort;
			const listeners = new Map([...(test?.listeners ?? []), [hear, failed]]);
			let stand!: () => void;
			let refuse!: (error: unknown) => void;
			const standing = new Promise<void>((resolve, reject) => ([stand, refuse] = [resolve, reject]));
			let isStanding = false;
			standing.then(() => (isStanding = true)).catch(() => undefined);
			const run = () =>
				connect({
					...given,
					emit: (happening) => (signal.aborted ? undefined : toAll(listeners, happening)),
					status: (state, ...why) => {
						if (signal.aborted) return;
						given.status(state, ...why);
						if (state !== 'connecting') stand();
					},
					signal,
				});
			const ended = keepConnected(run, signal, (error) => {
				if (!isStanding) refuse(error);
				else failed(error as Error);
				return isStanding;
			});
			const connection: Connection = { listeners, abort, ended };
			const all = active.get(account) ?? new Set();
			active.set(account, all.add(connection));
			const close = async () => {
				all.delete(connection);
				if (!all.size && active.get(account) === all) active.delete(account);
				await end(connection);
			};
			try {
				await noLonger(patience.refusal, standing);
				stand();
			} catch (error) {
				listeners.delete(hear);
				for (const tell of listeners.values()) tell(error as Error);
				await close();
				throw error;
			}
			return close;
		},

		/** A test run's ear. Returns what closes it. */
		async listen(
			account: string,
			connect: Connect,
			given: Given,
			hear: Hear,
			failed: Failed,
		): Promise<() => Promise<void>> {
			const running = [...(active.get(account) ?? [])][0] ?? tests.get(account);
			const connection = running ?? openTest(account, connect, given);
			connection.listeners.set(hear, failed);
			return async () => {
				for (const each of [connection, ...(active.get(account) ?? [])]) each.listeners.delete(hear);
				if (tests.get(account) !== connection || connection.listeners.size) return;
				tests.delete(account);
				await end(connection);
			};
		},
	};

	function openTest(account: string, connect: Connect, given: Given): Connection {
		const abort = new AbortController();
		const listeners: Connection['listeners'] = new Map();
		const emit: Hear = (happening) => toAll(listeners, happening);
		const ended = connect({ ...given, emit, signal: abort.signal }).catch((error: Error) => {
			// n8n closes no test that failed; the next one connects anew.
			if (tests.get(account) === connection) tests.delete(account);
			if (!abort.signal.aborted) for (const tell of listeners.values()) tell(error);
		});
		const connection: Connection = { listeners, abort, ended };
		tests.set(account, connection);
		return connection;
	}
}

/** Settles once all of them have written it down. */
function toAll(listeners: Connection['listeners'], happening: Happening): void | Promise<void> {
	const writing = [...listeners.keys()].flatMap((hear) => hear(happening) ?? []);
	return writing.length > 0 ? Promise.all(writing).then(() => undefined) : undefined;
}

/** Waits for it, or so many ms. */
async function noLonger(ms: number, awaited: Promise<unknown>): Promise<void> {
	const enough = new AbortController();
	const { signal } = enough;
	try {
		await Promise.race([awaited, systemClock.sleep(ms, signal).catch(() => undefined)]);
	} finally {
		enough.abort();
	}
}
