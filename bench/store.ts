/** The store: how many operations a second, and how long one takes, beside what the disk and SQLite by themselves can do. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { buildSync } from 'esbuild';
import { root } from '../scripts/definitions';
import type * as Redises from '../src/core/state/redis';
import type * as Sqlites from '../src/core/state/sqlite';
import type { Store } from '../src/core/state/store';
import { load, median, percentile, type Figure } from './paired';

const outfile = join(root, '.cache', 'bench', 'stores.cjs');
const worker = join(root, '.cache', 'bench', 'store-worker.js');

function compiled(): typeof Sqlites & typeof Redises {
	mkdirSync(join(root, '.cache', 'bench'), { recursive: true });
	const common = { absWorkingDir: root, bundle: true, target: 'node22.9' };
	const forNode = { platform: 'node', format: 'cjs', packages: 'external' } as const;
	const contents = `export * from './src/core/state/sqlite'; export * from './src/core/state/redis';`;
	buildSync({ ...common, ...forNode, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile });
	buildSync({ ...common, ...forNode, entryPoints: ['src/core/state/sqlite/worker.ts'], outfile: worker });
	return require(outfile) as typeof Sqlites & typeof Redises;
}

const mb = 1024 * 1024;
let made = 0;
/** One message appended to one of some keys. */
const append = (keys: number) => (store: Store) => {
	const n = ++made;
	return store.transact(
		`s${Math.floor((n % keys) / 100_000)}`,
		`k${n % keys}`,
		[{ id: `i${n}`, value: n }],
		(cell) => ({
			append: [{ value: { title: 'Episode', n } }],
			...(cell.items > 100 && { batches: [{ take: 'all' as const }] }),
			wakeAt: Date.now() + 3_600_000,
		}),
	);
};

export async function storeBench({ count, keys }: { count: number; keys: number }): Promise<Figure[]> {
	const { sqliteStore, redisStore } = compiled();
	const folder = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
	try {
		return [...(await sqliteFigures(sqliteStore, folder, count, keys)), ...(await redisFigures(redisStore, count))];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function sqliteFigures(
	sqliteStore: typeof Sqlites.sqliteStore,
	folder: string,
	count: number,
	keys: number,
): Promise<Figure[]> {
	global.gc?.();
	const before = process.memoryUsage().rss;
	const opened = performance.now();
	const store = sqliteStore({ file: join(folder, 'store.db'), worker });
	await store.get('v');
	const opening = performance.now() - opened;
	const grown = (process.memoryUsage().rss - before) / mb;

	const step = append(1_000);
	await load(2_000, 50, () => step(store));
	const rates: { bare: number; ours: number; p99: number }[] = [];
	const delay = monitorEventLoopDelay({ resolution: 1 });
	for (let pair = 0; pair < 3; pair++) {
		const bare = bareRate(folder, count);
		delay.enable();
		const { rate, latencies } = await load(count, 50, () => step(store));
		delay.disable();
		rates.push({ bare, ours: rate, p99: percentile(latencies, 0.99) });
	}
	const alone = await load(500, 1, () => step(store));
	const sync = fsyncTime(folder);
	const loopShare = await mainTime(store, step, count);

	const few = await stepTime(store, append(1_000));
	const dueFew = await dueTime(store, 's0');
	const fill = append(keys);
	await load(keys, 500, () => fill(store));
	const many = await stepTime(store, append(keys));
	const dueMany = await dueTime(store, 's0');
	await store.close();
	const again = performance.now();
	const reopened = sqliteStore({ file: join(folder, 'store.db'), worker });
	await reopened.get('v');
	const reopening = performance.now() - again;
	await reopened.close();
	const ours = median(rates.map((one) => one.ours));
	return [
		{ name: 'store: sqlite, 50 in flight', value: ours, unit: '/s', target: 10_000, better: 'higher' },
		{
			name: 'store: sqlite ÷ bare node:sqlite, a commit for 50',
			value: median(rates.map((one) => one.ours / one.bare)),
			unit: '',
			target: 0.5,
			better: 'higher',
		},
		{
			name: 'store: sqlite, 50 in flight, p99',
			value: median(rates.map(({ p99 }) => p99)),
			unit: 'ms',
			better: 'lower',
		},
		{
			name: 'store: sqlite, 1 in flight, p50 ÷ write and fsync',
			value: median(alone.latencies) / sync,
			unit: '×',
			target: 3,
			better: 'lower',
		},
		{ name: 'store: write and fsync', value: sync, unit: 'ms', better: 'lower' },
		{ name: 'store: main loop per operation', value: loopShare, unit: 'µs', target: 25, better: 'lower' },
		{
			name: 'store: main loop delay, p99',
			value: delay.percentile(99) / 1e6,
			unit: 'ms',
			target: 10,
			better: 'lower',
		},
		{
			name: `store: step at ${keys.toLocaleString('en')} keys ÷ at 1,000`,
			value: many / few,
			unit: '×',
			target: 4,
			better: 'lower',
		},
		{ name: 'store: due scan, same', value: dueMany / dueFew, unit: '×', target: 2, better: 'lower' },
		{ name: 'store: memory of the thread', value: grown, unit: 'MB', target: 25, better: 'lower' },
		{ name: 'store: opened', value: opening, unit: 'ms', better: 'lower' },
		{ name: 'store: opened again after it was filled', value: reopening, unit: 'ms', better: 'lower' },
	];
}

/** Inserts and commits of fifty, in this thread. /s */
function bareRate(folder: string, count: number): number {
	const database = new DatabaseSync(join(folder, `bare${++made}.db`));
	database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
	database.exec('CREATE TABLE item (id INTEGER PRIMARY KEY, key TEXT, body TEXT); CREATE INDEX k ON item (key)');
	const insert = database.prepare('INSERT INTO item (key, body) VALUES (?, ?)');
	const begun = performance.now();
	for (let at = 0; at < count; at += 50) {
		database.exec('BEGIN IMMEDIATE');
		for (let n = at; n < at + 50; n++) insert.run(`k${n % 1_000}`, JSON.stringify({ title: 'Episode', n }));
		database.exec('COMMIT');
	}
	const rate = (count / (performance.now() - begun)) * 1000;
	database.close();
	return rate;
}

/** ms, median, of 4 KB that are written and synced. */
function fsyncTime(folder: string): number {
	const file = openSync(join(folder, 'sync'), 'w');
	const page = Buffer.alloc(4_096);
	const times = Array.from({ length: 300 }, () => {
		const begun = performance.now();
		writeSync(file, page);
		fsyncSync(file);
		return performance.now() - begun;
	});
	closeSync(file);
	return median(times);
}

/** µs of this thread's own time on a processor: of its active time others take their share where the machine is busy. */
async function mainTime(store: Store, step: (store: Store) => Promise<unknown>, count: number): Promise<number> {
	const before = process.threadCpuUsage();
	await load(count, 50, () => step(store));
	const { user, system } = process.threadCpuUsage(before);
	return (user + system) / count;
}

/** ms a step, fifty in flight. */
async function stepTime(store: Store, step: (store: Store) => Promise<unknown>): Promise<number> {
	const { rate } = await load(5_000, 50, () => step(store));
	return 1000 / rate;
}

async function dueTime(store: Store, scope: string): Promise<number> {
	const { latencies } = await load(500, 1, () => store.due(scope, 100));
	return median(latencies);
}

async function redisFigures(redisStore: typeof Redises.redisStore, count: number): Promise<Figure[]> {
	if (spawnSync('which', ['redis-server']).status !== 0) return [];
	const figures: Figure[] = [];
	for (const [fsync, target] of [
		['everysec', 10_000],
		['always', 2_000],
	] as const) {
		const server = await redis(fsync);
		const store = redisStore({ host: '127.0.0.1', port: server.port });
		const step = append(1_000);
		await load(1_000, 50, () => step(store));
		const { rate } = await load(count, 50, () => step(store));
		figures.push({
			name: `store: redis, appendfsync ${fsync}, 50 in flight`,
			value: rate,
			unit: '/s',
			target,
			better: 'higher',
		});
		if (fsync === 'everysec')
			figures.push({
				name: 'store: three processes on one key of redis',
				value: await contendedRate(server.port),
				unit: '/s',
				target: 500,
				better: 'higher',
			});
		await store.close();
		await server.close();
	}
	return figures;
}

async function redis(fsync: string): Promise<{ port: number; close(): Promise<void> }> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	const folder = mkdtempSync(join(tmpdir(), 'carillon-bench-redis-'));
	const child = spawn(
		'redis-server',
		[
			'--port',
			String(port),
			'--bind',
			'127.0.0.1',
			'--save',
			'',
			'--dir',
			folder,
			'--appendonly',
			'yes',
			'--appendfsync',
			fsync,
		],
		{ stdio: ['ignore', 'pipe', 'ignore'] },
	);
	let said = '';
	while (!said.includes('Ready to accept')) said += String((await once(child.stdout, 'data'))[0]);
	child.stdout.resume();
	return {
		port,
		close: async () => {
			child.kill();
			await once(child, 'exit');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function contendedRate(port: number): Promise<number> {
	const each = 1_000;
	const code = `
		const store = require(${JSON.stringify(outfile)}).redisStore({ host: '127.0.0.1', port: ${port} });
		let next = 0;
		const lane = async () => {
			while (next++ < ${each}) await store.transact('one', 'key', [], ({ state = 0 }) => ({ state: state + 1 }));
		};
		Promise.all(Array.from({ length: 10 }, lane)).then(() => store.close());`;
	const begun = performance.now();
	const children = Array.from({ length: 3 }, () => spawn(process.execPath, ['-e', code], { stdio: 'inherit' }));
	await Promise.all(children.map((child) => once(child, 'exit')));
	return ((3 * each) / (performance.now() - begun)) * 1000;
}
