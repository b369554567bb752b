import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { kindOf, Newer, open } from '../../../src/core/state/sqlite/database';
import { migrations } from '../../../src/core/state/sqlite/schema';
import { Writer } from '../../../src/core/state/sqlite/writer';
import { sqliteStore, type SqliteSettings } from '../../../src/core/state/sqlite';
import type { Store } from '../../../src/core/state/store';
import { processOf } from './processes';
import { start, temporary, workerFile } from './stores';

let folder: string;
let file: string;
let remove: () => void;
const stores: Store[] = [];
beforeEach(() => {
	({ folder, remove } = temporary());
	file = join(folder, 'deep', 'carillon.db');
});
afterEach(async () => {
	await Promise.all(stores.splice(0).map((store) => store.close()));
	remove();
});

const made = (settings: Partial<SqliteSettings> = {}) => {
	const store = sqliteStore({ file, worker: workerFile(), ...settings });
	stores.push(store);
	return store;
};
const big = 'x'.repeat(100_000);
const add = (store: Store, value: string) => store.transact('s', 'k', [], () => ({ append: [{ value }] }));
const hasOpened = `async ({ sqliteStore }, file) => {
	const store = sqliteStore({ file, waitForFile: 0 });
	await store.set('v', 'theirs');
	console.log('open');
	setInterval(() => undefined, 1000);
}`;

test('nothing is made before it is used; folder and file are for nobody else', async () => {
	const store = made();
	expect(existsSync(join(folder, 'deep'))).toBe(false);
	await store.set('v', '1');
	expect([statSync(join(folder, 'deep')).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
	// No index of the journal that a second process could share.
	expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['carillon.db', 'carillon.db-wal']);
	expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
});

test('a file that another process has is waited for, and then refused in words', async () => {
	const other = processOf(hasOpened, file);
	await other.says('open');
	let time = 0;
	const slept: number[] = [];
	const clock = {
		now: () => time,
		random: () => 0,
		sleep: async (ms: number, signal: AbortSignal) => {
			signal.throwIfAborted();
			// What waits for an answer waits in vain here.
			if (ms > 1_000)
				await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
			slept.push(ms);
			time += ms;
		},
	};
	const store = made({ clock });
	await expect(store.get('v')).rejects.toMatchObject({
		...{ class: 'Unreachable', code: 'STORE_IN_USE' },
		message: expect.stringMatching(/in use by another process.*30 s.*choose Redis/),
	});
	expect(slept).toHaveLength(120);
	// It lets go: the next operation finds the file free, with all that was kept.
	other.child.kill('SIGKILL');
	await other.ended;
	expect(await store.get('v')).toBe('theirs');
});

test('in a full file nothing is acknowledged that is not kept, and what was stays', async () => {
	const store = made({ mostBytes: 2_000_000 });
	const told = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => add(store, `${at}:${big}`)));
	const kept = told.filter(({ status }) => status === 'fulfilled').length;
	for (let more = 0; more < 40; more++) await add(store, big).catch(() => undefined);
	await expect(add(store, big)).rejects.toMatchObject({
		...{ class: 'Unreachable', code: 'STORE_FULL' },
		message: expect.stringContaining(file),
	});
	expect(await store.get('none')).toBeUndefined();
	const before = await itemsOf(store);
	expect(before).toBeGreaterThanOrEqual(kept);
	await store.close();
	// Room again, and it goes on.
	const larger = made();
	expect(await itemsOf(larger)).toBe(before);
	await add(larger, big);
	expect(await itemsOf(larger)).toBe(before + 1);
});

const itemsOf = async (store: Store) => {
	let items = 0;
	await store.transact('s', 'k', [], (cell) => {
		items = cell.items;
		return {};
	});
	return items;
};

test.each(['/proc/carillon/carillon.db', '/dev/null/carillon.db'])(
	'%s cannot be written, and the sentence names it',
	async (path) => {
		await expect(made({ file: path }).set('v', '1')).rejects.toMatchObject({
			...{ class: 'Unreachable', code: 'STORE_READ_ONLY' },
			message: expect.stringContaining(path),
		});
	},
);

test('a file that is none is set aside with its journal, and told until somebody has seen it', async () => {
	mkdirSync(join(folder, 'deep'));
	writeFileSync(file, 'This is no database, however long it may be. '.repeat(200));
	writeFileSync(`${file}-wal`, 'neither is this');
	const store = made();
	await store.set('v', 'new');
	const names = readdirSync(join(folder, 'deep'));
	const [broken] = names.filter((name) => /^carillon\.db\.broken-\d{4}-\d\d-\d\dT[\d-]+Z$/.test(name));
	expect(readFileSync(join(folder, 'deep', broken!), 'utf8')).toMatch(/^This is no database/);
	await store.close();
	const again = made();
	const [notice] = await again.notices();
	expect(notice).toMatchObject({
		text: { en: expect.stringContaining(broken!), zh: expect.stringContaining(broken!) },
	});
	await again.dismiss(notice!.id);
	expect([await again.notices(), await again.get('v')]).toEqual([[], 'new']);
});

test('damage that is found later says that nothing was confirmed, and the next operation begins anew', async () => {
	const first = made();
	for (let at = 0; at < 20; at++) await add(first, `${at}:${big}`);
	await first.close();
	const bytes = readFileSync(file);
	bytes.fill(0x5a, 8_192);
	writeFileSync(file, bytes);
	const store = made();
	const told = await Promise.allSettled([add(store, 'a'), add(store, 'b')]);
	const why = told.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
	expect(new Set(why)).toEqual(new Set(why.length ? ['STORE_DAMAGED'] : []));
	await add(store, 'c');
	expect(await store.notices()).toHaveLength(1);
});

test('a newer layout is refused and left as it is', async () => {
	mkdirSync(join(folder, 'deep'));
	const theirs = new DatabaseSync(file);
	theirs.exec(`CREATE TABLE future (x); PRAGMA user_version = ${migrations.length + 1}`);
	theirs.close();
	await expect(made().set('v', '1')).rejects.toMatchObject({
		...{ class: 'Invalid', code: 'STORE_NEWER' },
		message: expect.stringMatching(/newer version of Carillon/),
	});
	await Promise.all(stores.splice(0).map((store) => store.close()));
	const left = new DatabaseSync(file);
	expect(left.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'future' }]);
	left.close();
});

test('an older layout is brought forward, after a backup of it', () => {
	const opening = { file, mostBytes: 1e9 };
	const first = open(opening, start);
	first.sql.run(`INSERT INTO value (key, value) VALUES ('k', 'old')`);
	first.sql.database.close();
	const more = [...migrations, `ALTER TABLE value ADD COLUMN extra TEXT DEFAULT 'new'`];
	const second = open({ ...opening, migrations: more }, start);
	expect(second.sql.get('SELECT value, extra FROM value')).toMatchObject({ value: 'old', extra: 'new' });
	second.sql.database.close();
	const backup = new DatabaseSync(`${file}.backup-${migrations.length}`);
	expect(backup.prepare('SELECT * FROM value').all()).toMatchObject([{ value: 'old' }]);
	expect(backup.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: migrations.length });
	backup.close();
	expect(statSync(`${file}.backup-${migrations.length}`).mode & 0o777).toBe(0o600);
	expect(() => open(opening, start)).toThrow(Newer);
	// One that fails leaves the layout before.
	expect(() =>
		open({ ...opening, migrations: [...more, 'CREATE TABLE good (x); CREATE TABLE good (x)'] }, start),
	).toThrow();
	const third = open({ ...opening, migrations: more }, start);
	expect(third.sql.all(`SELECT name FROM sqlite_schema WHERE name = 'good'`)).toEqual([]);
	third.sql.database.close();
});

test('one operation that fails by itself is rolled back alone', () => {
	const writer = new Writer({ file, mostBytes: 1e9 }, () => start);
	const broken = {
		operation: 'x',
		expected: null,
		cell: { state: '1', items: {}, bytes: 0, counted: 0, wakeAt: null },
	};
	const step = { seen: [['seen', '']], append: [], batches: [] };
	const answers = writer.run([
		{ n: 1, step: 'set', given: ['a', '1', null] },
		// Fails after it has written what it saw.
		{ n: 2, step: 'commit', given: ['s', 'k', { ...broken, steps: [step] }] },
		{ n: 3, step: 'set', given: ['b', '2', null] },
	]);
	expect(answers.map((answer) => 'error' in answer)).toEqual([false, true, false]);
	expect(writer.run([{ n: 4, step: 'look', given: ['s', 'k', ['seen']] }])).toMatchObject([
		{ result: { cell: null, seen: [null] } },
	]);
	expect(writer.run([{ n: 5, step: 'read', given: ['b'] }])).toMatchObject([{ result: { value: '2' } }]);
	writer.close();
});

test('more than may wait is refused at once', async () => {
	const store = made({ patience: { operations: 10, bytes: 1_000_000, seconds: 30 } });
	const told = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => store.set(`k${at}`, 'v')));
	expect(told.filter(({ status }) => status === 'rejected')).toMatchObject([
		{ reason: { class: 'Unreachable', code: 'STORE_BUSY' } },
		{ reason: {} },
	]);
	await expect(
		Promise.all(Array.from({ length: 3 }, () => store.set('k', 'v'.repeat(400_000)))),
	).rejects.toMatchObject({
		code: 'STORE_BUSY',
	});
	await store.close();
	await expect(store.get('k1')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
});

test('its thread keeps no process alive that has nothing else to do', async () => {
	const run = processOf(
		`async ({ sqliteStore }, file) => { await sqliteStore({ file }).set('v', '1'); console.log('done'); }`,
		file,
	);
	expect(await run.ended).toBe(0);
	expect(run.lines).toEqual(['done']);
	expect(await made().get('v')).toBe('1');
});

const oldest = join(homedir(), '.cache/carillon/node-22.9.0/node_modules/node/bin/node');
(existsSync(oldest) ? test : test.skip)('it loads on Node 22.9 without a flag and without a warning', async () => {
	const run = processOf(
		`async ({ sqliteStore }, file) => {
			const store = sqliteStore({ file });
			await store.transact('s', 'k', [{ id: 'i', value: 1 }], () => ({ state: { a: 1 }, batches: [{ body: 1, blobs: { b: new Uint8Array([1, 2]) } }] }));
			const [held] = await store.take('s', { holder: 'h', lease: 1000, most: 1 });
			console.log(process.version, held.body, (await store.blob('s', held.id, 'b')).join());
			await store.close();
		}`,
		file,
		oldest,
	);
	expect([await run.ended, run.lines]).toEqual([0, ['v22.9.0 1 1,2']]);
});

test('errors of the system are told apart', () => {
	const kinds = [
		{ errcode: 5 },
		{ errcode: 261 },
		{ errcode: 13 },
		{ errcode: 522 },
		{ code: 'ENOSPC' },
		{ code: 'EROFS' },
		{},
	];
	expect(kinds.map(kindOf)).toEqual(['busy', 'busy', 'full', 'ioError', 'full', 'permission', undefined]);
});
