import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import type { Text } from '../../../src/core/base/language';
import { redisStore, type RedisStoreSettings } from '../../../src/core/state/redis';
import { placeOf, redisOfN8n } from '../../../src/core/state/redis/settings';
import type { Store } from '../../../src/core/state/store';
import { processOf } from './processes';
import { hasRedis, redisServer, sharedRedis, stopRedis, type Server } from './redisServer';

const withRedis = hasRedis ? describe : describe.skip;
const stores: Store[] = [];
const servers: Server[] = [];
afterEach(async () => {
	await Promise.all(stores.splice(0).map((store) => store.close()));
	await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(async () => await stopRedis());

let made = 0;
const storeAt = (port: number, more: Partial<RedisStoreSettings> = {}) => {
	const store = redisStore({ host: '127.0.0.1', port, prefix: `r${process.pid}.${made++}`, ...more });
	stores.push(store);
	return store;
};
const own = async (...settings: string[]) => {
	const server = await redisServer(...settings);
	servers.push(server);
	return server;
};
const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
const add = (store: Store, id: string) =>
	store.transact<number, number, number>('s', 'k', [{ id, value: 1 }], ({ state = 0 }) => ({
		state: state + 1,
		outputs: [state + 1],
	}));

/** Stands before a server and loses replies when it is told to. */
async function lossy(port: number): Promise<{ port: number; loseNextReply(): void; close(): Promise<void> }> {
	let isLosing = false;
	const sockets = new Set<Socket>();
	const proxy = createServer((client) => {
		const server = connect(port, '127.0.0.1');
		for (const socket of [client, server]) {
			sockets.add(socket);
			socket.on('error', () => undefined);
		}
		client.pipe(server);
		server.on('data', (data) => {
			if (!isLosing) return void client.write(data);
			// Done, but nobody hears of it.
			isLosing = false;
			client.destroy();
			server.destroy();
		});
		client.on('close', () => server.destroy());
	});
	await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
	return {
		port: (proxy.address() as AddressInfo).port,
		loseNextReply: () => (isLosing = true),
		close: () => {
			for (const socket of sockets) socket.destroy();
			return new Promise((done) => proxy.close(() => done()));
		},
	};
}

withRedis('redis', () => {
	test('four processes count to 10,000, and every input counts once', async () => {
		const { port } = await sharedRedis();
		const settings = { host: '127.0.0.1', port, prefix: `four${process.pid}` };
		const main = `async ({ redisStore }, { settings, name }) => {
			const store = redisStore(settings);
			const told = [];
			let next = 0;
			const lane = async () => {
				for (let at = next++; at < 2500; at = next++) {
					const { outputs } = await store.transact('s', 'k', [{ id: name + at, value: 1 }], ({ state = 0 }, inputs) => ({
						state: state + inputs.length, outputs: inputs.map((_, n) => state + n + 1),
					}));
					told.push(outputs[0]);
				}
			};
			await Promise.all(Array.from({ length: 20 }, lane));
			await store.close();
			console.log(JSON.stringify(told));
		}`;
		const runs = ['a', 'b', 'c', 'd'].map((name) => processOf(main, { settings, name }));
		expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
		const told = runs.flatMap(({ lines }) => JSON.parse(lines.at(-1)!) as number[]);
		expect(told.sort((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, at) => at + 1));
	});

	test('two takers of many batches get each of them once', async () => {
		const { port } = await sharedRedis();
		const prefix = `takers${process.pid}`;
		const [one, other] = [storeAt(port, { prefix }), storeAt(port, { prefix })];
		const batches = Array.from({ length: 500 }, (_, body) => ({ body }));
		await one.transact('s', 'k', [], () => ({ batches }));
		const taken: unknown[] = [];
		const taker = async (store: Store, holder: string) => {
			for (;;) {
				const held = await store.take('s', { holder, lease: 60_000, most: 7 });
				if (held.length === 0) return;
				taken.push(...held.map(({ body }) => body));
				for (const { id } of held) expect(await store.settle('s', id, holder, { done: null })).toBe(true);
			}
		};
		await Promise.all([taker(one, 'a'), taker(other, 'b'), taker(one, 'c')]);
		expect(taken.sort((a, b) => Number(a) - Number(b))).toEqual(batches.map(({ body }) => body));
		expect(await other.status('s')).toMatchObject({ waiting: 0, held: 0, done: 500 });
	});

	test('a command whose reply was lost, and that is sent again, is done once', async () => {
		const { port } = await sharedRedis();
		const proxy = await lossy(port);
		const store = storeAt(proxy.port);
		try {
			await add(store, 'i0');
			const losing = async <T>(run: () => Promise<T>) => {
				proxy.loseNextReply();
				return await run();
			};
			// Without inputs nothing but the operation's own id tells.
			const grow = () =>
				store.transact<never, never, number>('s', 'k', [], ({ state = 0 }) => ({ state: state + 1 }));
			await losing(grow);
			expect(await losing(() => add(store, 'i1'))).toMatchObject({ outputs: [3], repeated: [false] });
			expect(await losing(() => store.claim('c', 60))).toBe(true);
			expect(await store.claim('c', 60)).toBe(false);
			expect(await losing(() => store.update('n', (n = '0') => String(Number(n) + 1)))).toBe('1');
			expect(await store.update('n', (n = '0') => String(Number(n) + 1))).toBe('2');
			const { batches } = await losing(() =>
				store.transact('s', 'b', [], () => ({ batches: [{ body: 1 }, { body: 2 }] })),
			);
			expect(await store.status('s')).toMatchObject({ waiting: 2 });
			const held = await losing(() => store.take('s', { holder: 'h', lease: 60_000, most: 1 }));
			expect(held).toMatchObject([{ id: batches[0], attempt: 1 }]);
			expect(await losing(() => store.progress<number>('s', batches[0]!, 'n', (n = 0) => n + 1))).toBe(1);
			expect(await losing(() => store.settle('s', batches[0]!, 'h', { done: 1 }))).toBe(true);
			expect(await losing(() => store.resend('s', batches[0]!))).toBe(true);
			expect(await losing(() => store.drop('s', batches[1]!))).toBe(true);
			expect(await losing(() => store.heartbeat('s', 'one'))).toEqual({});
			expect(await losing(() => store.heartbeat('s', 'two'))).toMatchObject({ settings: 'one' });
		} finally {
			await Promise.all(stores.splice(0).map((each) => each.close()));
			await proxy.close();
		}
	});

	test('what was acknowledged outlives a server that is killed', async () => {
		const server = await own(...durable);
		const store = storeAt(server.port);
		for (let at = 0; at < 50; at++) await add(store, `i${at}`);
		const unsure = Array.from({ length: 50 }, (_, at) =>
			add(store, `j${at}`).then(
				() => 1,
				() => 0,
			),
		);
		await server.restart();
		await Promise.all(unsure);
		// Sent again by whoever does not know, they count once all the same.
		for (let at = 0; at < 50; at++) await add(store, `j${at}`);
		expect(await add(store, 'last')).toMatchObject({ outputs: [101] });
		expect(await store.notices()).toEqual([]);
	});

	test('a server that is away is waited for, no longer and by no more than is bearable', async () => {
		const server = await own();
		const store = storeAt(server.port, { patience: { operations: 5, bytes: 1_000, seconds: 1 } });
		await store.set('v', '1');
		server.halt();
		const told = await Promise.allSettled(Array.from({ length: 6 }, () => store.get('v')));
		expect(told.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : ''))).toEqual([
			...Array.from({ length: 5 }, () => 'STORE_AWAY'),
			'STORE_BUSY',
		]);
		const big = store.set('v', 'x'.repeat(900));
		await expect(store.set('v', 'x'.repeat(900))).rejects.toMatchObject({
			class: 'Unreachable',
			code: 'STORE_BUSY',
		});
		server.goOn();
		await big;
		expect(await store.get('v')).toHaveLength(900);
		await expect(
			storeAt(1, { patience: { operations: 9, bytes: 9, seconds: 0.2 } }).get('v'),
		).rejects.toMatchObject({
			...{ class: 'Unreachable', code: 'STORE_AWAY', unknown: false },
			message: expect.stringContaining('127.0.0.1:1'),
		});
	});

	test('one that was emptied is told of, and goes on', async () => {
		const server = await own();
		const store = storeAt(server.port, { prefix: 'e' });
		await store.heartbeat('s', 'x');
		await add(store, 'i1');
		await server.restart();
		expect(await store.heartbeat('s', 'x')).toEqual({});
		expect(
			(await store.notices()).filter(({ text }) => /has forgotten what it kept for s/.test(text.en)),
		).toHaveLength(1);
		expect(await add(store, 'i1')).toMatchObject({ outputs: [1] });
	});

	test('one that may forget is warned of, one that keeps is not', async () => {
		const warned = async (...settings: string[]) => {
			const texts: Text[] = [];
			const { port } = await own(...settings);
			const store = storeAt(port, { warn: (text) => void texts.push(text) });
			while (texts.length === 0 && (await store.get('v')) === undefined && made++ < 1_000);
			await store.status('s');
			return texts.map(({ en }) => en);
		};
		expect(await warned('--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru')).toEqual([
			expect.stringMatching(/maxmemory-policy to noeviction/),
			expect.stringMatching(/appendonly/),
		]);
		made = 0;
		const server = await own(...durable);
		const store = storeAt(server.port);
		for (let at = 0; at < 20; at++) await store.get('v');
		expect(await store.notices()).toEqual([]);
	});

	test('a refused account is said at once', async () => {
		const server = await own('--requirepass', 'secret-word');
		for (const password of [undefined, 'wrong-word'])
			await expect(storeAt(server.port, { password }).set('v', '1')).rejects.toMatchObject({
				...{ class: 'Unauthorized', message: expect.not.stringMatching(/-word/) },
			});
		expect(await storeAt(server.port, { password: 'secret-word' }).claim('c', 1)).toBe(true);
	});

	test('and said to everybody who asks later, who need not wait for long', async () => {
		const server = await own('--requirepass', 'secret-word');
		const store = storeAt(server.port, { password: 'wrong-word' });
		for (let n = 0; n < 3; n++) await expect(store.set('v', '1')).rejects.toMatchObject({ class: 'Unauthorized' });
	});

	test('memory that is used up is said, and nothing is acknowledged', async () => {
		const server = await own('--maxmemory', '3mb', '--maxmemory-policy', 'noeviction');
		const store = storeAt(server.port);
		let kept = 0;
		const fill = async () => {
			for (; ; kept++) await store.set(`v${kept}`, 'x'.repeat(50_000));
		};
		await expect(fill()).rejects.toMatchObject({ class: 'Unreachable', code: 'STORE_FULL' });
		expect(await store.get(`v${kept - 1}`)).toHaveLength(50_000);
	});

	test('what was seen, and what has a time, goes by the server’s clock', async () => {
		const { port } = await sharedRedis();
		const store = storeAt(port);
		await store.set('v', 'x', 0.05);
		expect(await store.claim('c', 0.05)).toBe(true);
		await new Promise((done) => setTimeout(done, 80));
		expect([await store.get('v'), await store.claim('c', 1)]).toEqual([undefined, true]);
	});
});

test('n8n’s own Redis is found by its variables, and by their files', () => {
	const files: Record<string, string> = { '/run/secret': ' pass word\n' };
	const of = (environment: Record<string, string>) =>
		redisOfN8n({ EXECUTIONS_MODE: 'queue', ...environment }, (path) => files[path]!);
	expect(redisOfN8n({ QUEUE_BULL_REDIS_HOST: 'redis' })).toBeUndefined();
	expect(of({})).toMatchObject({ host: 'localhost', port: 6379, db: 0, tls: false, password: undefined });
	expect(
		of({
			...{ QUEUE_BULL_REDIS_HOST: 'redis', QUEUE_BULL_REDIS_PORT: '6380', QUEUE_BULL_REDIS_DB: '2' },
			...{
				QUEUE_BULL_REDIS_USERNAME: 'u',
				QUEUE_BULL_REDIS_PASSWORD_FILE: '/run/secret',
				QUEUE_BULL_REDIS_TLS: 'true',
			},
		}),
	).toEqual({ host: 'redis', port: 6380, db: 2, username: 'u', password: 'pass word', tls: true });
	const cluster = of({ QUEUE_BULL_REDIS_CLUSTER_NODES: 'a:7000, [::1]:7001,b' });
	expect(cluster!.nodes).toEqual([
		{ host: 'a', port: 7000 },
		{ host: '::1', port: 7001 },
		{ host: 'b', port: 6379 },
	]);
	expect(placeOf(cluster!)).toBe('a:7000');
});
