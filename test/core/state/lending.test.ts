import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Lending } from '../../../src/core/state/lending';
import { memoryStore } from '../../../src/core/state/memory';
import { lendStore, type Places } from '../../../src/core/state/placing';
import type { Chosen } from '../../../src/core/state/storeOption';
import { fileOf } from '../../../src/hosts/n8n/stores';
import { temporary, workerFile } from './stores';

describe('a store that several have', () => {
	const closed: string[] = [];
	const make = (name: string) => () => ({ ...memoryStore(), close: async () => void closed.push(name) });
	beforeEach(() => void (closed.length = 0));

	test('is one for each place', () => {
		const lending = new Lending();
		const [one, same, other] = ['a', 'a', 'b'].map((place) => lending.lend(place, make(place)));
		expect(one!.store).toBe(same!.store);
		expect(other!.store).not.toBe(one!.store);
	});

	test('is closed by the last who gives it back, each of whom counts once', async () => {
		const lending = new Lending();
		const [one, same] = ['a', 'a'].map((place) => lending.lend(place, make(place)));
		await one!.giveBack();
		await one!.giveBack();
		expect(closed).toEqual([]);
		await same!.giveBack();
		expect(closed).toEqual(['a']);
		await same!.giveBack();
		expect(closed).toEqual(['a']);
	});

	test('is another one after that', async () => {
		const lending = new Lending();
		const one = lending.lend('a', make('first'));
		await one.giveBack();
		const next = lending.lend('a', make('second'));
		expect(next.store).not.toBe(one.store);
		await one.giveBack();
		await next.giveBack();
		expect(closed).toEqual(['first', 'second']);
	});

	test('that cannot be closed is given back all the same', async () => {
		const lent = new Lending().lend('a', () => ({
			...memoryStore(),
			close: () => Promise.reject(new Error('hangs')),
		}));
		await expect(lent.giveBack()).resolves.toBeUndefined();
	});
});

describe('which store', () => {
	const { folder, remove } = temporary();
	afterAll(remove);
	const shared = { host: 'queue.invalid', port: 6379 };
	const account = { host: 'own.invalid' };
	const file = join(folder, 'carillon', 'carillon.db');
	/** What it would be, not opened. */
	function placeOf(chosen: Chosen, places: Partial<Places>): string {
		const lent: string[] = [];
		const lending = new Lending();
		lending.lend = (place) => {
			lent.push(place);
			return { store: memoryStore(), giveBack: async () => undefined };
		};
		lendStore(chosen, { warn: () => undefined, lending, ...places });
		return lent.join();
	}

	test.each<[string, Chosen, Partial<Places>, RegExp]>([
		['a file where there is nothing else', 'auto', { file }, /carillon\.db$/],
		['what all processes share', 'auto', { file, shared }, /^redis queue\.invalid:6379/],
		['that of the account before it', 'auto', { file, shared, account }, /^redis own\.invalid:6379/],
		['what all processes share, where Redis is wanted', 'redis', { file, shared }, /^redis queue\.invalid/],
		['a file, where that is wanted', 'file', { file, account }, /carillon\.db$/],
	])('%s', (_, chosen, places, expected) => expect(placeOf(chosen, places)).toMatch(expected));

	test.each<[string, Chosen, Partial<Places>, RegExp]>([
		['a file of one of several processes', 'file', { file, shared }, /queue mode.*Automatic/],
		['a Redis that nobody named', 'redis', { file }, /Choose the account/],
		['a file without a folder', 'auto', {}, /userDir/],
	])('%s is refused, with what to do', (_, chosen, places, expected) => {
		expect(() => placeOf(chosen, places)).toThrow(expect.objectContaining({ class: 'Invalid', field: 'store' }));
		expect(() => placeOf(chosen, places)).toThrow(expected);
	});

	test('two of one Redis with another prefix, account or database are two', () => {
		const kinds = [{}, { prefix: 'other' }, { username: 'u' }, { password: 'p' }, { db: 1 }, { tls: true }];
		expect(new Set(kinds.map((more) => placeOf('auto', { account: { ...account, ...more } }))).size).toBe(
			kinds.length,
		);
		expect(placeOf('auto', { account: { ...account, port: '6379', db: '', tls: false } })).toBe(
			placeOf('auto', { account }),
		);
	});

	test('nothing is opened before it is used; then it is a file for its owner alone', async () => {
		const { store, giveBack } = lendStore('auto', { file, warn: () => undefined, worker: workerFile() });
		expect(existsSync(file)).toBe(false);
		await store.set('a', '1');
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await giveBack();
		const again = lendStore('auto', { file, warn: () => undefined, worker: workerFile() });
		expect(await again.store.get('a')).toBe('1');
		await again.giveBack();
	});

	test('what cannot be opened says so', async () => {
		const { store, giveBack } = lendStore('auto', {
			...{ file: '/proc/carillon/carillon.db', warn: () => undefined, worker: workerFile() },
		});
		await expect(store.get('a')).rejects.toMatchObject({
			class: 'Unreachable',
			message: expect.stringMatching(/\/proc/),
		});
		await giveBack();
	});

	test('n8n’s stands beside its database', () => {
		expect(fileOf({ N8N_USER_FOLDER: '/data' })).toBe('/data/.n8n/carillon/carillon.db');
		expect(fileOf({})).toMatch(/^\/.*\/\.n8n\/carillon\/carillon\.db$/);
	});
});
