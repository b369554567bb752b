import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Text } from '../../base/language';
import { damaged } from '../failures';
import { migrations as allMigrations } from './schema';
import { Sql } from './sql';

export interface Opening {
	/** An absolute path; folders are made. */
	file: string;
	/** The file grows no larger than that. */
	mostBytes: number;
	migrations?: readonly string[];
}

export interface Opened {
	sql: Sql;
	/** What was set aside. */
	broken?: Text;
}

/** The file has another layout than this version knows. */
export class Newer extends Error {
	constructor(
		readonly theirs: number,
		readonly ours: number,
	) {
		super('newer schema');
	}
}

/** SQLite's own numbers. */
const code = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 };

/** The kind of an error of SQLite, or of the file system. */
export function kindOf(error: unknown): keyof typeof code | 'permission' | undefined {
	const { errcode, code: system } = error as { errcode?: number; code?: string };
	if (system === 'ENOSPC' || system === 'EDQUOT') return 'full';
	if (/^(EACCES|EPERM|EROFS|ENOTDIR|ENOENT|EISDIR|EEXIST)$/.test(system ?? '')) return 'permission';
	if (errcode === undefined) return undefined;
	// Extended codes have their kind in the lowest byte. 6 is a lock within this process.
	const kind = errcode & 0xff;
	return kind === 6 ? 'busy' : (Object.keys(code) as (keyof typeof code)[]).find((name) => code[name] === kind);
}

const isDamage = (error: unknown) => ['corrupt', 'notADatabase'].includes(kindOf(error) ?? '');

/**
 * Opens the file for this process alone, in the present layout; sets a damaged one aside and begins anew.
 * @throws Newer, or SQLite's own errors (`kindOf`): busy where another process has it
 */
export function open(opening: Opening, now: number): Opened {
	makeFolder(dirname(opening.file));
	try {
		return { sql: opened(opening) };
	} catch (error) {
		if (!isDamage(error)) throw error;
		const broken = setAside(opening.file, now);
		return { sql: opened(opening), broken };
	}
}

/** Node's own `recursive` asks for ever where a file system (`/proc`) denies that there is anything. */
function makeFolder(path: string): void {
	if (existsSync(path)) return;
	makeFolder(dirname(path));
	mkdirSync(path, { mode: 0o700 });
}

function opened({ file, mostBytes, migrations = allMigrations }: Opening): Sql {
	// SQLite would make it with the rights that the process gives to everybody.
	closeSync(openSync(file, 'a', 0o600));
	const { DatabaseSync: Database } = require('node:sqlite') as { DatabaseSync: typeof DatabaseSync };
	const database = new Database(file);
	try {
		// Exclusive before WAL: its index is then in memory, and no second process gets in.
		for (const pragma of [
			'locking_mode = EXCLUSIVE',
			'journal_mode = WAL',
			'synchronous = FULL',
			'foreign_keys = ON',
			'cache_size = -65536',
			'wal_autocheckpoint = 10000',
			'temp_store = MEMORY',
			`max_page_count = ${Math.max(1, Math.floor(mostBytes / 4096))}`,
		])
			database.exec(`PRAGMA ${pragma}`);
		const sql = new Sql(database);
		migrate(sql, file, migrations);
		return sql;
	} catch (error) {
		database.close();
		throw error;
	}
}

function migrate(sql: Sql, file: string, migrations: readonly string[]): void {
	// A read takes the lock, for good.
	const version = sql.number('PRAGMA user_version');
	sql.get('SELECT name FROM sqlite_schema LIMIT 1');
	if (version > migrations.length) throw new Newer(version, migrations.length);
	if (version === migrations.length) return;
	if (version > 0) backUp(sql, `${file}.backup-${version}`);
	sql.exec('BEGIN IMMEDIATE');
	try {
		for (const migration of migrations.slice(version)) sql.exec(migration);
		sql.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
	} catch (error) {
		if (sql.database.isOpen !== false) rollBack(sql);
		throw error;
	}
}

/** Of the layout before; one that an update left half way is written over. */
function backUp(sql: Sql, file: string): void {
	writeFileSync(file, '', { mode: 0o600 });
	chmodSync(file, 0o600);
	sql.run('VACUUM INTO ?', file);
}

/** SQLite has done so already after some errors. */
export function rollBack(sql: Sql): void {
	try {
		sql.exec('ROLLBACK');
	} catch {
		return;
	}
}

/** With its journal, which belongs to no other file. @returns the sentence */
export function setAside(file: string, now: number): Text {
	const date = new Date(now).toISOString().replace(/[:.]/g, '-');
	const moved = `${file}.broken-${date}`;
	for (const suffix of ['', '-wal', '-journal'])
		if (existsSync(file + suffix)) renameSync(file + suffix, moved + suffix);
	return damaged(file, moved);
}
