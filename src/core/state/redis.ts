import { randomUUID } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock';
import type { Text } from '../base/language';
import { bounds as usualBounds, type Bounds } from './bounds';
import type { CellRow, Commit, Committed, Engine, HeldRow, Later, ListedRow, Step } from './engine';
import { emptied } from './failures';
import type { Patience } from './pending';
import { Connection } from './redis/connection';
import type { RedisSettings } from './redis/settings';
import type { Notice, Store, Which } from './store';
import { storeOf } from './storeOf';

export interface RedisStoreSettings extends RedisSettings {
	/** What somebody should know: a Redis that may forget. */
	warn?: (text: Text) => void;
	patience?: Patience;
	clock?: Clock;
	bounds?: Bounds;
	/** In place of the server's clock, for tests: ms since the epoch. */
	clockOf?: () => number;
}

type Argument = string | number | Uint8Array;
type Reply = (string | null)[];

/** Shared by all processes that use the same Redis. Every step is a script; instants are by its clock. */
export function redisStore(settings: RedisStoreSettings): Store {
	const notices: Notice[] = [];
	const told = new Set<string>();
	const tell = (text: Text) => {
		settings.warn?.(text);
		if (told.has(text.en)) return;
		told.add(text.en);
		notices.push({ id: randomUUID(), at: (settings.clock ?? systemClock).now(), text });
	};
	const connection = new Connection(settings, tell, settings.patience, settings.clock);
	return storeOf(redisEngine(connection, settings, notices, tell), () => connection.close(), settings.clock);
}

function redisEngine(
	connection: Connection,
	{ prefix = 'carillon', bounds = usualBounds, clockOf }: RedisStoreSettings,
	notices: Notice[],
	tell: (text: Text) => void,
): Later<Engine> {
	const keyOf = (scope: string) => `{${prefix}:${scope.replaceAll('}', '%7D')}}`;
	const valueKey = (key: string) => `${prefix}:value:${key}`;
	const ask = async <T>(step: string, scope: string, given: readonly Argument[], operation?: string) =>
		(await connection.ask(step, keyOf(scope), [clockOf?.() ?? '', ...given], operation)) as T;
	const askOfValue = async (step: string, key: string, given: readonly Argument[], operation?: string) =>
		(await connection.ask(step, valueKey(key), given, operation)) === 1;

	/** In a list of all, so that what is deserted is found. */
	const known = new Set<string>();
	const scopes = `${prefix}:scopes`;
	const note = async (scope: string) => {
		if (known.has(scope)) return;
		await connection.command((client) => client.sadd(scopes, scope));
		known.add(scope);
	};

	return {
		now: async (scope) => Number(await ask('now', scope, [])),
		look: async (scope, key, inputs) => {
			const [now, version, state, items, bytes, counted, wake, seen] = await ask<
				[...Reply, (string | null)[]] & Reply
			>('look', scope, [key, inputs.length, ...inputs]);
			const cell: CellRow = {
				state: state ?? null,
				items: Number(items),
				bytes: Number(bytes),
				counted: Number(counted),
				wakeAt: numberOr(wake),
			};
			return {
				now: Number(now),
				version: version ?? null,
				cell: version ? cell : null,
				seen: seen as unknown as (string | null)[],
			};
		},
		commit: async (scope, key, commit) => {
			await note(scope);
			return await ask<Committed>('commit', scope, flat(key, commit, bounds), commit.operation);
		},
		due: (scope, most) => ask('due', scope, [most]),
		keys: async (scope, most, after) =>
			(await connection.command((client) =>
				client.zrangebylex(`${keyOf(scope)}:names`, after === '' ? '-' : `(${after}`, '+', 'LIMIT', 0, most),
			)) as string[],
		nextDue: async (scope) => numberOr(await ask<string | null>('nextDue', scope, [])),

		take: async (scope, holder, lease, most) =>
			(await ask<unknown[][]>('take', scope, [holder, lease, most])).map(heldRow),
		hold: async (scope, batch, holder, lease) => {
			const row = await ask<unknown[] | null>('hold', scope, [batch, holder, lease]);
			return row ? heldRow(row) : null;
		},
		extend: (scope, holder, lease) => ask('extend', scope, [holder, lease]),
		settle: async (scope, batch, holder, { which, later, error, result }) =>
			(await ask('settle', scope, [batch, holder, which, later, ...optional(error), ...optional(result)])) === 1,
		blob: async (scope, batch, name) => {
			const of = (key: string) =>
				connection.command((client) =>
					client.hgetBuffer(`${keyOf(scope)}:${key}`, name),
				) as Promise<Buffer | null>;
			const own = await of(`bb:${batch}`);
			if (own) return new Uint8Array(own);
			const items = (await connection.command((client) =>
				client.lrange(`${keyOf(scope)}:bi:${batch}`, 0, -1),
			)) as string[];
			for (const item of items) {
				const n = item.slice(0, item.indexOf(':'));
				const found = n === '' ? null : await of(`x:${n}`);
				if (found) return new Uint8Array(found);
			}
			return null;
		},
		readProgress: async (scope, batch, node) => {
			const found = await ask<Reply | null>('readProgress', scope, [batch, node]);
			return found && { value: found[0] ?? null, version: found[1] ?? null };
		},
		writeProgress: async (scope, batch, node, { expected, operation, value }) =>
			value === null ||
			(await ask('writeProgress', scope, [batch, node, expected ?? '', value], operation)) === 1,
		list: async (scope, which, most, past, order) =>
			(await ask<Reply[]>('list', scope, [places[which], past, most, order])).map(listedRow),
		resend: async (scope, batch) => (await ask('resend', scope, [batch])) === 1,
		drop: async (scope, batch) => (await ask('drop', scope, [batch])) === 1,

		heartbeat: async (scope, settings) => {
			const wasKnown = known.has(scope);
			await note(scope);
			const [before, beaten, isThere] = await ask<[string | null, string | null, number]>('heartbeat', scope, [
				settings,
			]);
			if (wasKnown && !isThere) {
				known.delete(scope);
				await note(scope);
				tell(emptied(connection.place, scope));
			}
			return { settings: before || null, seenAt: numberOr(beaten || null) };
		},
		seenAt: async (scope) =>
			numberOr(
				(await connection.command((client) => client.hget(`${keyOf(scope)}:meta`, 'beaten'))) as string | null,
			),
		status: async (scope) => {
			const key = keyOf(scope);
			const replies = (await connection.command((client) => {
				const asked = client.pipeline().zcard(`${key}:names`).hmget(`${key}:meta`, 'dropped', 'bytes');
				for (const place of Object.values(places)) asked.zcard(`${key}:w${place}`);
				return asked.exec();
			})) as [Error | null, unknown][];
			const [keys, meta, ...counts] = replies.map(([, reply]) => reply);
			const [dropped, bytes] = meta as Reply;
			const [waiting = 0, held = 0, done = 0, dead = 0] = counts.map(Number);
			return { keys: Number(keys), dropped: Number(dropped), bytes: Number(bytes), waiting, held, done, dead };
		},
		prune: async () => {
			const all = (await connection.command((client) => client.smembers(scopes))) as string[];
			let isMore = false;
			for (const scope of all) {
				const [removed, isGone] = await ask<[number, number]>('prune', scope, []);
				isMore ||= removed > 0;
				if (!isGone) continue;
				await connection.command((client) => client.srem(scopes, scope));
				known.delete(scope);
			}
			return isMore;
		},

		read: async (key) => {
			const [value, version] = (await connection.command((client) =>
				client.hmget(valueKey(key), 'v', 'o'),
			)) as Reply;
			return { value: value ?? null, version: version ?? null };
		},
		write: (key, { expected, operation, value }, seconds) =>
			askOfValue('valueWrite', key, [expected ?? '', ...optional(value), ms(seconds)], operation),
		set: async (key, value, seconds) => void (await askOfValue('valueSet', key, [value, ms(seconds)])),
		delete: async (key) => void (await connection.command((client) => client.del(valueKey(key)))),
		claim: (key, seconds) => askOfValue('valueClaim', key, [ms(seconds)]),

		notices: async () => [...notices],
		dismiss: async (id) => {
			const at = notices.findIndex((notice) => notice.id === id);
			if (at >= 0) notices.splice(at, 1);
		},
	};
}

const places: Record<Which, number> = { waiting: 0, held: 1, done: 2, dead: 3 };

const numberOr = (text: string | null | undefined) => (text === null || text === undefined ? null : Number(text));
const optional = (text: string | null) => (text === null ? ['0', ''] : ['1', text]);
/** At least one, since none would be for ever. */
const ms = (seconds: number | null) => (seconds === null ? '' : Math.max(1, Math.ceil(seconds * 1000)));

function flat(key: string, { expected, cell, steps }: Commit, bounds: Bounds): Argument[] {
	const { state, items, bytes, counted, wakeAt } = cell ?? {
		state: null,
		items: 0,
		bytes: 0,
		counted: 0,
		wakeAt: null,
	};
	const { keys, batches, blobsBytes } = bounds;
	return [
		...[key, expected ?? '', cell ? 1 : 0, state ?? '', items, bytes, counted, wakeAt ?? ''],
		...[keys, batches, blobsBytes, steps.length],
		...steps.flatMap(flatStep),
	];
}

const list = <T>(all: readonly T[], one: (each: T) => Argument[]): Argument[] => [all.length, ...all.flatMap(one)];

function flatStep({ seen, append, batches }: Step): Argument[] {
	const blob = ([name, bytes]: readonly [string, Uint8Array]) => [
		name,
		Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
	];
	return [
		...list(seen, (one) => one),
		...list(append, ({ body, blobs }) => [body, ...list(blobs, blob)]),
		...list(batches, ({ id, lane, dueAt, body, take, counted, offer, blobs }) => [
			...[id, lane ?? '', dueAt ?? '', body, take, counted, offer?.holder ?? '', offer?.lease ?? 0],
			...list(blobs, blob),
		]),
	];
}

function heldRow(reply: unknown[]): HeldRow {
	const [id, lane, body, counted, attempt, lapsed, madeAt, leaseUntil] = reply as string[];
	const [items, flatBlobs] = reply.slice(8) as [string[], string[]];
	const blobs: HeldRow['blobs'] = [];
	for (let at = 0; at < flatBlobs.length; at += 2) blobs.push([flatBlobs[at]!, Number(flatBlobs[at + 1])]);
	return {
		...{ id: id!, lane: lane ?? null, body: body!, items, blobs },
		...{ counted: Number(counted), attempt: Number(attempt), lapsed: Number(lapsed) },
		...{ madeAt: Number(madeAt), leaseUntil: Number(leaseUntil) },
	};
}

function listedRow(reply: Reply): ListedRow {
	const [id, seq, lane, body, attempt, madeAt, dueAt, endedAt, error, result] = reply;
	return {
		...{ id: id!, seq: Number(seq), lane: lane ?? null, body: body!, attempt: Number(attempt) },
		...{ madeAt: Number(madeAt), dueAt: Number(dueAt), endedAt: numberOr(endedAt) },
		...{ error: error ?? null, result: result ?? null },
	};
}
