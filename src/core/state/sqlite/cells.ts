import { keptFor, type Bounds } from '../bounds';
import type { BatchRow, BlobRow, CellRow, Commit, Committed, Looked, Step } from '../engine';
import { insert as insertBatch } from './batches';
import type { Sql } from './sql';

interface Row extends CellRow {
	id: number;
	version: string;
}

const columns = 'id, state, version, items, bytes, counted, wake_at AS wakeAt';
const minute = 60_000;
const hour = 60 * minute;

export const scopeId = (sql: Sql, scope: string): number | undefined =>
	sql.get<{ id: number }>('SELECT id FROM scope WHERE name = ?', scope)?.id;

/** Makes it where it is new; that it is used is noted, so that it is not taken for deserted. */
export function scopeOf(sql: Sql, scope: string, now: number): ScopeRow {
	const find = () =>
		sql.get<ScopeRow>('SELECT id, seen_at AS seenAt, keys, open, bytes, seq FROM scope WHERE name = ?', scope);
	const found = find();
	if (!found) {
		sql.run('INSERT INTO scope (name, seen_at) VALUES (?, ?)', scope, now);
		return find()!;
	}
	if (found.seenAt < now - hour) sql.run('UPDATE scope SET seen_at = ? WHERE id = ?', now, found.id);
	return found;
}

export interface ScopeRow {
	id: number;
	seenAt: number;
	keys: number;
	open: number;
	bytes: number;
	seq: number;
}

export function look(sql: Sql, scope: string, key: string, inputs: readonly string[], now: number): Looked {
	const id = scopeId(sql, scope);
	const row =
		id === undefined ? undefined : sql.get<Row>(`SELECT ${columns} FROM cell WHERE scope = ? AND key = ?`, id, key);
	return {
		now,
		version: row?.version ?? null,
		cell: row ? cellOf(row) : null,
		seen: inputs.map((input) => (id === undefined ? null : outputOf(sql, id, input, now))),
	};
}

const cellOf = ({ state, items, bytes, counted, wakeAt }: Row): CellRow => ({ state, items, bytes, counted, wakeAt });

const outputOf = (sql: Sql, scope: number, input: string, now: number): string | null =>
	sql.get<{ output: string }>('SELECT output FROM seen WHERE scope = ? AND id = ? AND until > ?', scope, input, now)
		?.output ?? null;

/** All of it or nothing: what can be refused is refused before anything is written. */
export function commit(
	sql: Sql,
	scope: string,
	key: string,
	{ operation, expected, cell, steps }: Commit,
	now: number,
	most: Bounds,
): Committed {
	const place = scopeOf(sql, scope, now);
	const row = sql.get<Row>(`SELECT ${columns} FROM cell WHERE scope = ? AND key = ?`, place.id, key);
	if ((row?.version ?? null) !== expected) return row?.version === operation ? 'done' : 'changed';
	if (steps.some(({ seen }) => seen.some(([id]) => outputOf(sql, place.id, id, now) !== null))) return 'changed';
	const batches = steps.flatMap((step) => step.batches);
	if (batches.length > 0 && place.open + batches.length > most.batches) return 'too many';
	if (!hasRoom(sql, place, bytesOf(steps), most)) return 'too much';

	if (!row && cell && place.keys >= most.keys) evict(sql, place.id);
	const id = row?.id ?? (cell || steps.some(({ append }) => append.length > 0) ? insert(sql, place.id, key, now) : 0);
	let { seq } = place;
	for (const { seen, append, batches: made } of steps) {
		for (const [input, output] of seen)
			sql.run('INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)', place.id, input, output, now + keptFor.seen);
		for (const { body, blobs } of append) {
			sql.run('INSERT INTO item (cell, body) VALUES (?, ?)', id, body);
			if (blobs.length > 0) keep(sql, place.id, 'item', lastId(sql), blobs);
		}
		for (const batch of made) {
			const n = insertBatch(sql, place.id, ++seq, batch, now);
			keep(sql, place.id, 'batch', n, batch.blobs);
			if (batch.take > 0) take(sql, id, n, batch);
		}
	}
	if (seq !== place.seq) sql.run('UPDATE scope SET seq = ? WHERE id = ?', seq, place.id);
	if (cell) write(sql, id, cell, operation, now);
	else if (id) sql.run('DELETE FROM cell WHERE id = ?', id);
	return 'done';
}

const lastId = (sql: Sql) => sql.number('SELECT last_insert_rowid()');

function insert(sql: Sql, scope: number, key: string, now: number): number {
	sql.run(
		`INSERT INTO cell (scope, key, version, items, bytes, counted, touched) VALUES (?, ?, '', 0, 0, 0, ?)`,
		scope,
		key,
		Math.floor(now / minute),
	);
	return lastId(sql);
}

function write(sql: Sql, id: number, cell: CellRow, version: string, now: number): void {
	const { state, items, bytes, counted, wakeAt } = cell;
	sql.run(
		`UPDATE cell SET state = ?, version = ?, items = ?, bytes = ?, counted = ?, wake_at = ?, touched = ? WHERE id = ?`,
		state,
		version,
		items,
		bytes,
		counted,
		wakeAt,
		Math.floor(now / minute),
		id,
	);
}

/** The oldest items of the cell become those of the batch. */
function take(sql: Sql, cell: number, batch: number, { take: count }: BatchRow): void {
	sql.run(
		'UPDATE item SET cell = NULL, batch = ? WHERE id IN (SELECT id FROM item WHERE cell = ? ORDER BY id LIMIT ?)',
		batch,
		cell,
		count,
	);
}

function keep(sql: Sql, scope: number, owner: 'item' | 'batch', id: number, blobs: readonly BlobRow[]): void {
	for (const [name, bytes] of blobs)
		sql.run(
			`INSERT INTO blob (scope, ${owner}, name, size, bytes) VALUES (?, ?, ?, ?, ?)`,
			scope,
			id,
			name,
			bytes.byteLength,
			bytes,
		);
}

const bytesOf = (steps: readonly Step[]) =>
	steps
		.flatMap(({ append, batches }) => [...append, ...batches])
		.flatMap(({ blobs }) => blobs)
		.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);

/** What is done makes room first. */
function hasRoom(sql: Sql, { id, bytes }: ScopeRow, more: number, most: Bounds): boolean {
	if (more === 0 || bytes + more <= most.blobsBytes) return true;
	for (let there = bytes; there + more > most.blobsBytes;) {
		const oldest = sql.get<{ n: number }>(
			`SELECT n FROM batch WHERE scope = ? AND state / 2 = 2 AND (
				EXISTS (SELECT 1 FROM blob WHERE blob.batch = n)
				OR EXISTS (SELECT 1 FROM item JOIN blob ON blob.item = item.id WHERE item.batch = n)
			) ORDER BY seq LIMIT 1`,
			id,
		);
		if (!oldest) return false;
		sql.run('DELETE FROM batch WHERE n = ?', oldest.n);
		there = sql.number('SELECT bytes FROM scope WHERE id = ?', id);
	}
	return true;
}

/** The oldest key goes, one in which nothing waits if there is any. */
function evict(sql: Sql, scope: number): void {
	const oldest = sql.get<{ id: number; items: number }>(
		'SELECT id, items FROM cell WHERE scope = ? ORDER BY (items > 0 OR wake_at IS NOT NULL), touched, id LIMIT 1',
		scope,
	);
	if (!oldest) return;
	sql.run('DELETE FROM cell WHERE id = ?', oldest.id);
	sql.run('UPDATE scope SET dropped = dropped + 1 + ? WHERE id = ?', oldest.items, scope);
}

export function due(sql: Sql, scope: string, most: number, now: number): string[] {
	return sql
		.all<{ key: string }>(
			`SELECT key FROM cell WHERE scope = (SELECT id FROM scope WHERE name = ?) AND wake_at <= ?
			ORDER BY wake_at, id LIMIT ?`,
			scope,
			now,
			most,
		)
		.map(({ key }) => key);
}

export function keys(sql: Sql, scope: string, most: number, after: string): string[] {
	return sql
		.all<{ key: string }>(
			`SELECT key FROM cell WHERE scope = (SELECT id FROM scope WHERE name = ?) AND key > ? ORDER BY key LIMIT ?`,
			scope,
			after,
			most,
		)
		.map(({ key }) => key);
}

export function nextDue(sql: Sql, scope: string): number | null {
	const id = scopeId(sql, scope);
	if (id === undefined) return null;
	const instants = [
		sql.get<{ at: number }>(
			'SELECT wake_at AS at FROM cell WHERE scope = ? AND wake_at IS NOT NULL ORDER BY wake_at LIMIT 1',
			id,
		),
		sql.get<{ at: number }>(
			'SELECT ready_at AS at FROM batch WHERE scope = ? AND ready_at IS NOT NULL ORDER BY ready_at LIMIT 1',
			id,
		),
	].flatMap((row) => (row ? [row.at] : []));
	return instants.length > 0 ? Math.min(...instants) : null;
}
