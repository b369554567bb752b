import { keptFor } from '../bounds';
import { drop } from './batches';
import type { Scope } from './scope';

const minute = 60_000;

export function prune(scopes: Map<string, Scope>, now: number): void {
	for (const [name, scope] of scopes) {
		if (scope.seenAt <= now - keptFor.scope) {
			scopes.delete(name);
			continue;
		}
		for (const [id, { until }] of scope.seen) if (until <= now) scope.seen.delete(id);
		for (const { id, state, endedAt } of [...scope.batches.values()])
			if (endedAt !== null && endedAt <= now - keptFor[state as 'done' | 'dead']) drop(scope, id);
		for (const [key, { row, items, touched }] of scope.cells)
			if (items.length === 0 && row.wakeAt === null && touched <= Math.floor((now - keptFor.idle) / minute))
				scope.cells.delete(key);
	}
}

/** The machine's time was far ahead: all that was written by it moves back. */
export function rebase(scope: Scope, back: number): void {
	const earlier = (at: number | null) => (at === null ? null : at - back);
	scope.seenAt -= back;
	scope.beatenAt = earlier(scope.beatenAt);
	for (const one of scope.seen.values()) one.until -= back;
	for (const cell of scope.cells.values()) {
		cell.row.wakeAt = earlier(cell.row.wakeAt);
		cell.touched -= Math.floor(back / minute);
	}
	for (const batch of scope.batches.values()) {
		batch.dueAt -= back;
		batch.madeAt -= back;
		batch.readyAt = earlier(batch.readyAt);
		batch.endedAt = earlier(batch.endedAt);
	}
}
