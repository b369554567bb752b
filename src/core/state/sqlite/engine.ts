import { bounds, type Bounds } from '../bounds';
import type { Engine } from '../engine';
import { steadyClock } from '../steadyClock';
import * as batches from './batches';
import * as cells from './cells';
import type { Sql } from './sql';
import * as upkeep from './upkeep';

/** ms: the clock is kept so seldom that most commits need not write it. */
const clockEvery = 1_000;

/**
 * The steps on a database that is open; each is called within a transaction.
 * @param time the machine's clock
 */
export function sqliteEngine(sql: Sql, time: () => number, most: Bounds = bounds): Engine {
	let kept = sql.number("SELECT number FROM meta WHERE name = 'clock'");
	const steady = steadyClock(time, kept || undefined);

	function now(): number {
		const { now, back } = steady();
		if (back > 0) upkeep.rebase(sql, back);
		if (back > 0 || now >= kept + clockEvery)
			sql.run("UPDATE meta SET number = ? WHERE name = 'clock'", (kept = now));
		return now;
	}

	return {
		now,
		look: (scope, key, inputs) => cells.look(sql, scope, key, inputs, now()),
		commit: (scope, key, commit) => cells.commit(sql, scope, key, commit, now(), most),
		due: (scope, count) => cells.due(sql, scope, count, now()),
		keys: (scope, count, after) => cells.keys(sql, scope, count, after),
		nextDue: (scope) => cells.nextDue(sql, scope),

		take: (scope, holder, lease, count) => batches.take(sql, scope, holder, lease, count, now()),
		hold: (scope, batch, holder, lease) => batches.hold(sql, scope, batch, holder, lease, now()),
		extend: (scope, holder, lease) => batches.extend(sql, scope, holder, lease, now()),
		settle: (scope, batch, holder, outcome) => batches.settle(sql, scope, batch, holder, outcome, now()),
		blob: (scope, batch, name) => batches.blob(sql, scope, batch, name),
		readProgress: (scope, batch, node) => batches.readProgress(sql, scope, batch, node),
		writeProgress: (scope, batch, node, written) => batches.writeProgress(sql, scope, batch, node, written),
		list: (scope, which, count, past, order) => batches.list(sql, scope, which, count, past, order),
		resend: (scope, batch) => batches.resend(sql, scope, batch, now()),
		drop: (scope, batch) => batches.drop(sql, scope, batch),

		heartbeat: (scope, settings) => upkeep.heartbeat(sql, scope, settings, now()),
		seenAt: (scope) => upkeep.seenAt(sql, scope),
		status: (scope) => upkeep.status(sql, scope),
		prune: () => upkeep.prune(sql, now()),

		read: (key) => upkeep.read(sql, key, now()),
		write: (key, written, seconds) => upkeep.write(sql, key, written, seconds, now(), most),
		set: (key, value, seconds) => upkeep.set(sql, key, value, seconds, null, now(), most),
		delete: (key) => void sql.run('DELETE FROM value WHERE key = ?', key),
		claim: (key, seconds) => {
			if (upkeep.read(sql, key, now()).value !== null) return false;
			upkeep.set(sql, key, '', seconds, null, now(), most);
			return true;
		},

		notices: () => upkeep.notices(sql),
		dismiss: (id) => void sql.run('DELETE FROM notice WHERE id = ?', id),
	};
}
