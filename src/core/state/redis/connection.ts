import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { systemClock, type Clock } from '../../base/clock';
import type { Text } from '../../base/language';
import { evicts, notPersistent, redisRefuses, storeClosed } from '../failures';
import { Pending, type Patience } from '../pending';
import { bytesOf } from '../weight';
import { scripts, valueScripts } from './scripts';
import { placeOf, type RedisSettings } from './settings';

type Argument = string | number | Uint8Array;
type Client = Redis | Cluster;
type Command = (...given: Argument[]) => Promise<unknown>;

/** ms between two tries to connect, at first and at last. */
const [firstTry, lastTry] = [50, 2_000];
/** ms; Node-RED gives a node 15 s. */
const longestClose = 10_000;

/** Connects on first use. What is asked meanwhile, or while Redis is away, waits no longer than is bearable. */
export class Connection {
	readonly place: string;
	private client?: Client;
	private readonly pending: Pending;
	private readonly unsent = new Map<number, () => void>();
	private isClosed = false;

	constructor(
		private readonly settings: RedisSettings,
		private readonly warn: (text: Text) => void,
		patience?: Patience,
		private readonly clock: Clock = systemClock,
	) {
		this.place = placeOf(settings);
		this.pending = new Pending(this.place, patience, clock, (n) => !this.unsent.has(n));
	}

	/** Runs a script with an operation of its own, which stays the same when it is sent again. */
	ask(name: string, key: string, given: readonly Argument[], operation: string = randomUUID()): Promise<unknown> {
		return this.send(
			(client) => (client as unknown as Record<string, Command>)[name]!(key, operation, ...given),
			given,
		);
	}

	/** Any other command. */
	command(run: (client: Redis) => Promise<unknown>): Promise<unknown> {
		return this.send((client) => run(client as Redis), []);
	}

	private send(run: (client: Client) => Promise<unknown>, given: readonly Argument[]): Promise<unknown> {
		return this.pending.add(bytesOf(given), (n) => {
			this.unsent.set(n, () => {
				this.unsent.delete(n);
				if (!this.pending.has(n)) return;
				run(this.client!).then(
					(result) => this.pending.resolve(n, result),
					(error: Error) => this.pending.reject(n, redisRefuses(this.place, error.message)),
				);
			});
			this.client ??= this.connect();
			if (this.client.status === 'ready') this.flush();
		});
	}

	private flush(): void {
		for (const start of [...this.unsent.values()]) start();
	}

	private connect(): Client {
		const { host, port, nodes, username, password, db, tls } = this.settings;
		const { Cluster, Redis } = require('ioredis') as typeof import('ioredis');
		const account = { username, password, db, ...(tls && { tls: {} }) };
		// What was sent and not answered is sent again when the connection is back: every script knows that.
		const waiting = { enableOfflineQueue: false, autoResendUnfulfilledCommands: true };
		const client: Client = nodes
			? new Cluster([...nodes], { ...waiting, redisOptions: { ...account, db: 0 }, clusterRetryStrategy: retry })
			: new Redis({ ...account, ...waiting, host, port, maxRetriesPerRequest: null, retryStrategy: retry });
		for (const [name, lua] of Object.entries({ ...scripts, ...valueScripts }))
			client.defineCommand(name, { lua, numberOfKeys: 1 });
		client.on('ready', () => {
			this.flush();
			this.look(client as Redis).catch(() => undefined);
		});
		// Refused for good: nobody need wait for it to come back.
		client.on('error', (error: Error) => {
			if (!/NOAUTH|WRONGPASS|AUTH|password/i.test(error.message)) return;
			this.pending.rejectAll(redisRefuses(this.place, error.message));
			this.unsent.clear();
		});
		return client;
	}

	/** Whether it keeps what it is given. Some do not say. */
	private async look(client: Redis): Promise<void> {
		const info = await client.info();
		const value = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1];
		const policy = value('maxmemory_policy');
		if (policy && policy !== 'noeviction') this.warn(evicts(this.place, policy));
		if (value('aof_enabled') === '0') this.warn(notPersistent(this.place));
	}

	/** What is under way comes first, for a while. */
	async close(): Promise<void> {
		if (this.isClosed) return;
		this.isClosed = true;
		const patience = new AbortController();
		const tooLong = this.clock.sleep(longestClose, patience.signal).catch(() => undefined);
		await Promise.race([this.pending.close(), tooLong]);
		this.pending.rejectAll(storeClosed(this.place));
		const { client } = this;
		if (client) {
			// One that is between two tries has nothing to end, and says nothing.
			const ended = new Promise<void>((done) => client.once('end', done));
			const isBetween = ['reconnecting', 'close', 'end', 'wait'].includes(client.status);
			client.disconnect();
			if (!isBetween) await Promise.race([ended, tooLong]);
		}
		patience.abort();
	}
}

const retry = (tries: number) => Math.min(firstTry * 2 ** (tries - 1), lastTry);
