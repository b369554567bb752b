import { keptFor, type Bounds } from '../bounds';
import type { Versioned, Written } from '../engine';
import type { Notice, Status } from '../store';
import { scopeId, scopeOf } from './cells';
import { instants } from './schema';
import type { Sql } from './sql';

/** Rows of each table that one step of pruning removes. */
const atOnce = 500;
const minute = 60_000;

export function heartbeat(sql: Sql, scope: string, settings: string, now: number) {
	const { id } = scopeOf(sql, scope, now);
	const before = sql.get<{ settings: string | null; seenAt: number | null }>(
		'SELECT settings, beaten_at AS seenAt FROM scope WHERE id = ?',
		id,
	)!;
	sql.run('UPDATE scope SET settings = ?, seen_at = ?, beaten_at = ? WHERE id = ?', settings, now, now, id);
	return { settings: before.settings, seenAt: before.seenAt };
}

export const seenAt = (sql: Sql, scope: string): number | null =>
	sql.get<{ at: number | null }>('SELECT beaten_at AS at FROM scope WHERE name = ?', scope)?.at ?? null;

export function status(sql: Sql, scope: string): Status {
	const id = scopeId(sql, scope);
	const row = sql.get<Pick<Status, 'keys' | 'dropped' | 'bytes'>>(
		'SELECT keys, dropped, bytes FROM scope WHERE id = ?',
		id ?? 0,
	);
	const count = (half: number) =>
		sql.number('SELECT count(*) FROM batch WHERE scope = ? AND state / 2 = ?', id ?? 0, half);
	return {
		keys: row?.keys ?? 0,
		dropped: row?.dropped ?? 0,
		bytes: row?.bytes ?? 0,
		waiting: count(0),
		held: count(1),
		done: count(2),
		dead: count(3),
	};
}

/** A little of what is over. @returns whether there may be more */
export function prune(sql: Sql, now: number): boolean {
	const limited = (table: string, id: string, condition: string, ...values: number[]) =>
		sql.run(
			`DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${condition} LIMIT ${atOnce})`,
			...values,
		);
	const deserted = sql.get<{ id: number }>(
		'SELECT id FROM scope WHERE seen_at <= ? ORDER BY seen_at LIMIT 1',
		now - keptFor.scope,
	)?.id;
	const removed = [
		limited('value', 'n', 'expires <= ?', now),
		sql.run(
			`DELETE FROM seen WHERE (scope, id) IN (SELECT scope, id FROM seen WHERE until <= ? LIMIT ${atOnce})`,
			now,
		),
		limited('batch', 'n', 'state = 4 AND ended_at <= ?', now - keptFor.done),
		limited('batch', 'n', 'state = 6 AND ended_at <= ?', now - keptFor.dead),
		...sql
			.all<{ id: number }>('SELECT id FROM scope')
			.map(({ id }) =>
				limited(
					'cell',
					'id',
					'scope = ? AND (items > 0 OR wake_at IS NOT NULL) = 0 AND touched <= ?',
					id,
					Math.floor((now - keptFor.idle) / minute),
				),
			),
		...(deserted === undefined
			? []
			: [
					limited('cell', 'id', 'scope = ?', deserted),
					limited('batch', 'n', 'scope = ?', deserted),
					sql.run(
						`DELETE FROM seen WHERE (scope, id) IN (SELECT scope, id FROM seen WHERE scope = ? LIMIT ${atOnce})`,
						deserted,
					),
				]),
	];
	const isMore = removed.some((count) => count >= atOnce);
	if (deserted !== undefined && !isMore) {
		sql.run('DELETE FROM scope WHERE id = ?', deserted);
		return true;
	}
	return isMore;
}

/** The machine's time was far ahead: all that was written by it moves back. */
export function rebase(sql: Sql, back: number): void {
	for (const [table, column] of instants)
		sql.run(`UPDATE ${table} SET ${column} = ${column} - ? WHERE ${column} IS NOT NULL`, back);
	sql.run('UPDATE cell SET touched = touched - ?', Math.floor(back / minute));
}

export function read(sql: Sql, key: string, now: number): Versioned {
	const row = sql.get<Versioned>(
		`SELECT value, coalesce(version, 'n' || n) AS version FROM value WHERE key = ? AND (expires IS NULL OR expires > ?)`,
		key,
		now,
	);
	return row ? { ...row } : { value: null, version: null };
}

/** What is set anew is the youngest. */
export function set(
	sql: Sql,
	key: string,
	value: string,
	seconds: number | null,
	version: string | null,
	now: number,
	most: Bounds,
): void {
	sql.run('DELETE FROM value WHERE key = ?', key);
	sql.run(
		'INSERT INTO value (key, value, version, expires) VALUES (?, ?, ?, ?)',
		key,
		value,
		version,
		seconds === null ? null : now + Math.ceil(seconds * 1000),
	);
	if (sql.number("SELECT number FROM meta WHERE name = 'values'") > most.values)
		sql.run('DELETE FROM value WHERE n = (SELECT n FROM value ORDER BY n LIMIT 1)');
}

export function write(
	sql: Sql,
	key: string,
	written: Written,
	seconds: number | null,
	now: number,
	most: Bounds,
): boolean {
	const { expected, operation, value } = written;
	const before = read(sql, key, now);
	if (before.version !== expected) return before.version === operation;
	if (value === null) sql.run('DELETE FROM value WHERE key = ?', key);
	else set(sql, key, value, seconds, operation, now, most);
	return true;
}

export const notices = (sql: Sql): Notice[] =>
	sql
		.all<{ id: string; at: number; en: string; zh: string }>('SELECT id, at, en, zh FROM notice ORDER BY at, id')
		.map(({ id, at, en, zh }) => ({ id, at, text: { en, zh } }));
