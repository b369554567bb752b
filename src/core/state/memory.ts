import { neverBack } from '../base/clock';
import { bounds as usualBounds, type Bounds } from './bounds';
import type { Engine, Later } from './engine';
import * as batches from './memory/batches';
import * as cells from './memory/cells';
import { newScope, type Scope } from './memory/scope';
import { prune, rebase } from './memory/upkeep';
import { Values } from './memory/values';
import { steadyClock } from './steadyClock';
import type { Store } from './store';
import { storeOf } from './storeOf';

/**
 * Within the process; gone with it.
 * @param most keys of `get` and `set`
 */
export function memoryStore(time: () => number = Date.now, most = 10_000, bounds: Bounds = usualBounds): Store {
	const engine = memoryEngine(time, most, bounds);
	return storeOf(later(engine), async () => engine.clear());
}

/** The same steps, each within a promise. */
function later(engine: Engine): Later<Engine> {
	const steps = engine as unknown as Record<string, (...given: unknown[]) => unknown>;
	return Object.fromEntries(
		Object.entries(steps).map(([name, step]) => [name, async (...given: unknown[]) => step(...given)]),
	) as unknown as Later<Engine>;
}

/** The steps by plain maps: what they do can be read, and how fast they are does not matter. */
function memoryEngine(time: () => number, most: number, bounds: Bounds): Engine & { clear(): void } {
	const scopes = new Map<string, Scope>();
	const values = new Values(neverBack(time), most);
	const steady = steadyClock(time);

	function now(): number {
		const { now, back } = steady();
		if (back > 0) for (const scope of scopes.values()) rebase(scope, back);
		return now;
	}
	/** Makes it where it is new; that it is used is noted, so that it is not taken for deserted. */
	function scopeOf(name: string): Scope {
		const at = now();
		const scope = scopes.get(name) ?? newScope(at);
		scopes.set(name, scope);
		scope.seenAt = at;
		return scope;
	}
	const found = (name: string) => scopes.get(name) ?? newScope(0);

	return {
		now,
		look: (scope, key, inputs) => cells.look(scopes.get(scope), key, inputs, now()),
		commit: (scope, key, commit) => cells.commit(scopeOf(scope), key, commit, now(), bounds),
		due: (scope, count) => cells.due(scopes.get(scope), count, now()),
		keys: (scope, count, after) => cells.keys(scopes.get(scope), count, after),
		nextDue: (scope) => cells.nextDue(scopes.get(scope)),

		take: (scope, holder, lease, count) => batches.take(found(scope), holder, lease, count, now()),
		hold: (scope, batch, holder, lease) => batches.hold(found(scope), batch, holder, lease, now()),
		extend: (scope, holder, lease) => batches.extend(found(scope), holder, lease, now()),
		settle: (scope, batch, holder, outcome) => batches.settle(found(scope), batch, holder, outcome, now()),
		blob: (scope, batch, name) => batches.blob(found(scope), batch, name),
		readProgress: (scope, batch, node) => batches.readProgress(found(scope), batch, node),
		writeProgress: (scope, batch, node, written) => batches.writeProgress(found(scope), batch, node, written),
		list: (scope, which, count, past, order) => batches.list(found(scope), which, count, past, order),
		resend: (scope, batch) => batches.resend(found(scope), batch, now()),
		drop: (scope, batch) => batches.drop(found(scope), batch),

		heartbeat: (name, settings) => {
			const scope = scopeOf(name);
			const before = { settings: scope.settings, seenAt: scope.beatenAt };
			Object.assign(scope, { settings, beatenAt: scope.seenAt });
			return before;
		},
		seenAt: (name) => scopes.get(name)?.beatenAt ?? null,
		status: (name) => {
			const scope = scopes.get(name);
			const count = (which: Parameters<typeof batches.count>[1]) => batches.count(scope, which);
			return {
				keys: scope?.cells.size ?? 0,
				dropped: scope?.dropped ?? 0,
				bytes: scope?.bytes ?? 0,
				...{ waiting: count('waiting'), held: count('held'), done: count('done'), dead: count('dead') },
			};
		},
		prune: () => {
			prune(scopes, now());
			values.prune();
			return false;
		},

		read: (key) => values.read(key),
		write: (key, { expected, operation, value }, seconds) => {
			const { version } = values.read(key);
			if (version !== expected) return version === operation;
			if (value === null) values.delete(key);
			else values.set(key, value, seconds, operation);
			return true;
		},
		set: (key, value, seconds) => values.set(key, value, seconds),
		delete: (key) => values.delete(key),
		claim: (key, seconds) => {
			if (values.read(key).value !== null) return false;
			values.set(key, '', seconds);
			return true;
		},

		notices: () => [],
		dismiss: () => undefined,
		clear: () => {
			scopes.clear();
			values.clear();
		},
	};
}
