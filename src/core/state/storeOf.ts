import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock';
import type { Engine, HeldRow, Later, ListedRow, OutcomeRow, Versioned, Written } from './engine';
import { contested } from './failures';
import type { Held, Listed, Outcome, Store, Which } from './store';
import { Transactions } from './transactions';
import { decode, encode, name } from './values';

/** Failures in a row of one that is overtaken each time. */
const mostTries = 200;
/** ms */
const longestPause = 50;

/** What all stores have in common: values and their bounds, decisions, and setting what has not changed meanwhile. */
export function storeOf(
	engine: Later<Engine>,
	end: () => Promise<void>,
	{ random, sleep }: Pick<Clock, 'random' | 'sleep'> = systemClock,
): Store {
	const stop = new AbortController();
	const pause = (failures: number) => sleep(random() * Math.min(2 ** failures, longestPause), stop.signal);
	const transactions = new Transactions(engine, pause);

	/** Reads, changes and writes, again where somebody was faster. */
	async function change(
		key: string,
		read: () => Promise<Versioned | null>,
		make: (value: string | null) => string | null,
		write: (written: Written) => Promise<boolean>,
	): Promise<string | null> {
		for (let failures = 0; failures < mostTries; failures++) {
			const before = await read();
			if (before === null) return null;
			const value = make(before.value);
			if (value === before.value) return value;
			if (await write({ expected: before.version, operation: randomUUID(), value })) return value;
			await pause(failures);
		}
		throw contested(key);
	}

	return {
		get: async (key) => (await engine.read(name('key', key))).value ?? undefined,
		set: (key, value, seconds) => engine.set(name('key', key), value, seconds ?? null),
		delete: (key) => engine.delete(name('key', key)),
		claim: (key, seconds) => engine.claim(name('key', key), seconds),
		update: async (key, make, seconds) =>
			(await change(
				key,
				() => engine.read(name('key', key)),
				(value) => make(value ?? undefined) ?? null,
				(written) => engine.write(key, written, seconds ?? null),
			)) ?? undefined,

		now: (scope) => engine.now(name('scope', scope)),
		transact: async (scope, key, inputs, decide) =>
			await transactions.transact(name('scope', scope), name('key', key), inputs, decide),
		due: (scope, most) => engine.due(scope, most),
		keys: (scope, most, after = '') => engine.keys(scope, most, after),
		nextDue: async (scope) => (await engine.nextDue(scope)) ?? undefined,

		take: async (scope, { holder, lease, most }) =>
			(await engine.take(scope, name('holder', holder), lease, most)).map((row) => heldOf(scope, row)),
		hold: async (scope, batch, holder, lease) => {
			const row = await engine.hold(scope, batch, name('holder', holder), lease);
			return row ? heldOf(scope, row) : undefined;
		},
		extend: (scope, holder, lease) => engine.extend(scope, holder, lease),
		settle: async (scope, batch, holder, outcome) => await engine.settle(scope, batch, holder, outcomeRow(outcome)),
		blob: async (scope, batch, title) => (await engine.blob(scope, batch, title)) ?? undefined,
		progress: async <P>(
			scope: string,
			batch: string,
			node: string,
			make: (progress: P | undefined) => P | undefined = () => undefined,
		) => {
			const text = await change(
				batch,
				() => engine.readProgress(scope, batch, name('key', node)),
				(value) => {
					const changed = make(decode(value) as P | undefined);
					return changed === undefined ? value : encode('state', changed);
				},
				(written) => engine.writeProgress(scope, batch, node, written),
			);
			return decode(text) as P | undefined;
		},

		list: async (scope, which, most, past = 0, order = 'oldest first') =>
			(await engine.list(scope, which, most, past, order)).map((row) => listedOf(which, row)),
		resend: (scope, batch) => engine.resend(scope, batch),
		drop: (scope, batch) => engine.drop(scope, batch),

		heartbeat: async (scope, settings) => {
			const before = await engine.heartbeat(name('scope', scope), settings);
			return { settings: before.settings ?? undefined, seenAt: before.seenAt ?? undefined };
		},
		seenAt: async (scope) => (await engine.seenAt(scope)) ?? undefined,
		status: (scope) => engine.status(scope),
		prune: async () => {
			while (!stop.signal.aborted && (await engine.prune()));
		},
		notices: () => engine.notices(),
		dismiss: (id) => engine.dismiss(id),
		close: async () => {
			stop.abort();
			await end();
		},
	};
}

const heldOf = (scope: string, { lane, body, items, blobs, ...row }: HeldRow): Held => ({
	...row,
	scope,
	...(lane !== null && { lane }),
	body: decode(body),
	items: items.map(decode),
	blobs: Object.fromEntries(blobs),
});

const listedOf = (which: Which, { lane, body, endedAt, error, result, ...row }: ListedRow): Listed => ({
	...row,
	which,
	...(lane !== null && { lane }),
	body: decode(body),
	...(endedAt !== null && { endedAt }),
	...(error !== null && { error }),
	...(result !== null && { result: decode(result) }),
});

function outcomeRow(outcome: Outcome): OutcomeRow {
	if ('done' in outcome) return { which: 'done', later: 0, error: null, result: encode('output', outcome.done) };
	if ('dead' in outcome) return { which: 'dead', later: 0, error: outcome.dead, result: null };
	const later = Math.max(0, Math.ceil(outcome.later));
	return { which: 'later', later, error: outcome.error ?? null, result: null };
}
