import type { BatchRow, HeldRow, ListedRow, OutcomeRow, Versioned, Written } from '../engine';
import type { Order, Which } from '../store';
import type { Sql } from './sql';

/** As the schema has them. */
const state = { blocked: 0, waiting: 1, offered: 2, held: 3, done: 4, dead: 6 };
const halves: Record<Which, number> = { waiting: 0, held: 1, done: 2, dead: 3 };

interface Row {
	n: number;
	id: string;
	scope: number;
	lane: string | null;
	state: number;
	readyAt: number | null;
	holder: string | null;
}

/** Of two that have one name the batch's own counts, or else the first: the last entry wins. */
const lastFirst = 'ORDER BY item IS NULL, id DESC';
const ofScope = 'scope = (SELECT id FROM scope WHERE name = ?)';

const find = (sql: Sql, scope: string, id: string) =>
	sql.get<Row>(
		`SELECT n, id, scope, lane, state, ready_at AS readyAt, holder FROM batch WHERE id = ? AND ${ofScope}`,
		id,
		scope,
	);

const isBehind = (sql: Sql, scope: number, lane: string | null) =>
	lane !== null &&
	sql.get('SELECT 1 FROM batch WHERE scope = ? AND lane = ? AND state < 4 LIMIT 1', scope, lane) !== undefined;

/** @returns its number */
export function insert(sql: Sql, scope: number, seq: number, batch: BatchRow, now: number): number {
	const { id, lane, dueAt, body, counted, offer } = batch;
	const due = dueAt ?? now;
	const behind = isBehind(sql, scope, lane);
	sql.run(
		`INSERT INTO batch (id, scope, seq, lane, state, due_at, ready_at, counted, body, made_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		...[id, scope, seq, lane, behind ? state.blocked : state.waiting],
		...[due, behind ? null : due, counted, body, now],
	);
	const n = sql.number('SELECT last_insert_rowid()');
	if (offer && !behind) give(sql, n, state.offered, offer.holder, now + offer.lease);
	return n;
}

export function take(sql: Sql, scope: string, holder: string, lease: number, most: number, now: number): HeldRow[] {
	return sql
		.all<{ n: number }>(
			`SELECT n FROM batch WHERE ${ofScope} AND ready_at <= ? ORDER BY ready_at, seq LIMIT ?`,
			scope,
			now,
			most,
		)
		.map(({ n }) => give(sql, n, state.offered, holder, now + lease));
}

/** A lease that is given to somebody else has lapsed. */
function give(sql: Sql, n: number, to: number, holder: string, until: number): HeldRow {
	sql.run(
		`UPDATE batch SET lapsed = lapsed + (state IN (2, 3)), attempt = attempt + 1, state = ?, holder = ?, ready_at = ?
		WHERE n = ?`,
		to,
		holder,
		until,
		n,
	);
	return heldRow(sql, n);
}

function heldRow(sql: Sql, n: number): HeldRow {
	const row = sql.get<Omit<HeldRow, 'items' | 'blobs'>>(
		`SELECT id, lane, body, counted, attempt, lapsed, made_at AS madeAt, ready_at AS leaseUntil FROM batch WHERE n = ?`,
		n,
	)!;
	const items = sql.all<{ body: string }>('SELECT body FROM item WHERE batch = ? ORDER BY id', n);
	const blobs = sql.all<{ name: string; size: number }>(
		`SELECT name, size FROM blob WHERE batch = ? OR item IN (SELECT id FROM item WHERE batch = ?) ${lastFirst}`,
		n,
		n,
	);
	return {
		...row,
		items: items.map(({ body }) => body),
		blobs: blobs.map(({ name, size }) => [name, size]),
	};
}

export function hold(sql: Sql, scope: string, id: string, holder: string, lease: number, now: number): HeldRow | null {
	const row = find(sql, scope, id);
	if (!row || row.readyAt === null) return null;
	const isFree = row.readyAt <= now;
	if (row.state === state.offered || (row.state === state.held && row.holder === holder)) {
		sql.run('UPDATE batch SET state = 3, holder = ?, ready_at = ? WHERE n = ?', holder, now + lease, row.n);
		return heldRow(sql, row.n);
	}
	return isFree ? give(sql, row.n, state.held, holder, now + lease) : null;
}

export function extend(sql: Sql, scope: string, holder: string, lease: number, now: number): number {
	return sql.run(`UPDATE batch SET ready_at = ? WHERE ${ofScope} AND holder = ?`, now + lease, scope, holder);
}

export function settle(
	sql: Sql,
	scope: string,
	id: string,
	holder: string,
	{ which, later, error, result }: OutcomeRow,
	now: number,
): boolean {
	const row = find(sql, scope, id);
	if (!row || row.holder !== holder) return false;
	if (which === 'later') {
		sql.run(
			`UPDATE batch SET state = 1, holder = NULL, lapsed = 0, due_at = ?, ready_at = ?, error = ? WHERE n = ?`,
			now + later,
			now + later,
			error,
			row.n,
		);
		return true;
	}
	sql.run(
		`UPDATE batch SET state = ?, holder = NULL, ready_at = NULL, ended_at = ?, error = ?, result = ? WHERE n = ?`,
		state[which],
		now,
		error,
		result,
		row.n,
	);
	unblock(sql, row);
	return true;
}

/** The next of the lane is its head now. */
function unblock(sql: Sql, { scope, lane }: Row): void {
	if (lane === null) return;
	sql.run(
		`UPDATE batch SET state = 1, ready_at = due_at WHERE state = 0 AND n =
		(SELECT n FROM batch WHERE scope = ? AND lane = ? AND state < 4 ORDER BY seq LIMIT 1)`,
		scope,
		lane,
	);
}

export function resend(sql: Sql, scope: string, id: string, now: number): boolean {
	const row = find(sql, scope, id);
	if (!row) return false;
	if (row.state === state.waiting && row.readyAt! > now)
		return sql.run('UPDATE batch SET due_at = ?, ready_at = ? WHERE n = ?', now, now, row.n) > 0;
	if (row.state < state.done) return false;
	const behind = isBehind(sql, row.scope, row.lane);
	const seq = sql.number('UPDATE scope SET seq = seq + 1 WHERE id = ? RETURNING seq', row.scope);
	sql.run(
		`UPDATE batch SET state = ?, seq = ?, made_at = ?, due_at = ?, ready_at = ?, attempt = 0, lapsed = 0,
		error = NULL, result = NULL, ended_at = NULL WHERE n = ?`,
		...[behind ? state.blocked : state.waiting, seq, now, now, behind ? null : now, row.n],
	);
	// What was delivered as a whole is sent as a whole.
	if (row.state === state.done) sql.run('DELETE FROM progress WHERE batch = ?', row.n);
	return true;
}

export function drop(sql: Sql, scope: string, id: string): boolean {
	const row = find(sql, scope, id);
	if (!row) return false;
	sql.run('DELETE FROM batch WHERE n = ?', row.n);
	if (row.state < state.done) unblock(sql, row);
	return true;
}

export function list(sql: Sql, scope: string, which: Which, most: number, past: number, order: Order): ListedRow[] {
	const isNewest = order === 'newest first';
	return sql.all<ListedRow>(
		`SELECT id, seq, lane, body, attempt, made_at AS madeAt, due_at AS dueAt, ended_at AS endedAt, error, result
		FROM batch WHERE ${ofScope} AND state / 2 = ? AND seq ${isNewest ? '<' : '>'} ?
		ORDER BY seq ${isNewest ? 'DESC' : ''} LIMIT ?`,
		scope,
		halves[which],
		isNewest && past === 0 ? Number.MAX_SAFE_INTEGER : past,
		most,
	);
}

export function blob(sql: Sql, scope: string, id: string, name: string): Uint8Array | null {
	const row = find(sql, scope, id);
	if (!row) return null;
	return (
		sql.get<{ bytes: Uint8Array }>(
			`SELECT bytes FROM blob WHERE name = ? AND (batch = ? OR item IN (SELECT id FROM item WHERE batch = ?))
			ORDER BY item IS NOT NULL, id LIMIT 1`,
			name,
			row.n,
			row.n,
		)?.bytes ?? null
	);
}

export function readProgress(sql: Sql, scope: string, id: string, node: string): Versioned | null {
	const row = find(sql, scope, id);
	if (!row) return null;
	const found = sql.get<Versioned>('SELECT value, version FROM progress WHERE batch = ? AND node = ?', row.n, node);
	return found ? { ...found } : { value: null, version: null };
}

export function writeProgress(
	sql: Sql,
	scope: string,
	id: string,
	node: string,
	{ expected, operation, value }: Written,
): boolean {
	const row = find(sql, scope, id);
	// Gone meanwhile: nobody asks how far it came.
	if (!row || value === null) return true;
	const { version } = readProgress(sql, scope, id, node)!;
	if (version !== expected) return version === operation;
	sql.run('INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)', row.n, node, value, operation);
	return true;
}
