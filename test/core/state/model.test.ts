import { fc, runs } from '../../property';
import { keptFor } from '../../../src/core/state/bounds';
import type { Change, Held, Store, Which } from '../../../src/core/state/store';
import { hasRedis, redis, stopRedis } from './redisServer';
import { memory, sqlite, type Kind, type Opened } from './stores';

/** What a program does; batches are named by how many were made before, holders and keys by few letters. */
type Operation =
	| { do: 'transact'; key: string; inputs: number[]; change: Shape }
	| { do: 'take'; holder: string; lease: number; most: number }
	| { do: 'hold' | 'settle'; batch: number; holder: string; way: number }
	| { do: 'extend'; holder: string }
	| { do: 'resend' | 'drop'; batch: number }
	| { do: 'progress'; batch: number }
	| { do: 'pass'; ms: number }
	| { do: 'beat' }
	| { do: 'claim' | 'set' | 'update' | 'delete'; key: string }
	| { do: 'reopen' };

interface Shape {
	state?: number | null;
	wake?: number | null;
	append: number;
	batches: { lane?: string; due?: number; take?: 'all' | number; blob?: boolean }[];
}

const letter = fc.constantFrom('a', 'b', 'c');
const someMs = fc.constantFrom(1, 500, 1_000, 60_000, 3_600_000, 90_000_000);
const batchNumber = fc.nat(12);
const shape: fc.Arbitrary<Shape> = fc.record(
	{
		state: fc.option(fc.nat(5)),
		wake: fc.option(someMs),
		append: fc.nat(3),
		batches: fc.array(
			fc.record(
				{
					lane: fc.constantFrom('x', 'y'),
					due: someMs,
					take: fc.oneof(fc.constant('all' as const), fc.nat(4)),
					blob: fc.boolean(),
				},
				{ requiredKeys: [] },
			),
			{ maxLength: 2 },
		),
	},
	{ requiredKeys: ['append', 'batches'] },
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			do: fc.constant('transact' as const),
			key: letter,
			inputs: fc.array(fc.nat(6), { maxLength: 3 }),
			change: shape,
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('take' as const),
			holder: letter,
			lease: someMs,
			most: fc.integer({ min: 1, max: 3 }),
		}),
	},
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constantFrom('hold' as const, 'settle' as const),
			batch: batchNumber,
			holder: letter,
			way: fc.nat(2),
		}),
	},
	fc.record({ do: fc.constant('extend' as const), holder: letter }),
	fc.record({ do: fc.constantFrom('resend' as const, 'drop' as const), batch: batchNumber }),
	fc.record({ do: fc.constant('progress' as const), batch: batchNumber }),
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('pass' as const),
			ms: fc.oneof(someMs, fc.constantFrom(-1_000, -3_600_000)),
		}),
	},
	fc.record({ do: fc.constant('beat' as const) }),
	fc.record({
		do: fc.constantFrom('claim' as const, 'set' as const, 'update' as const, 'delete' as const),
		key: letter,
	}),
	fc.record({ do: fc.constant('reopen' as const) }),
);

const scope = 's';
const lease = 60_000;

/** Runs a program, and tells all that could be seen of it; ids are told by the order of their making. */
async function told(opened: Opened, program: readonly Operation[]): Promise<unknown[]> {
	let { store } = opened;
	const made: string[] = [];
	const numberOf = (id: string) => made.indexOf(id);
	const shown = (held: Held | undefined) => held && { ...held, id: numberOf(held.id) };
	// A scope of which nothing is kept has no clock of its own yet.
	const seen: unknown[] = [await store.heartbeat(scope, 'settings')];
	for (const one of program) {
		if (one.do === 'reopen') store = await opened.reopen();
		else if (one.do === 'pass') opened.advance(one.ms);
		else seen.push(await step(store, one, made, numberOf, shown));
		seen.push(await view(store, numberOf));
	}
	return seen;
}

async function step(
	store: Store,
	one: Operation,
	made: string[],
	numberOf: (id: string) => number,
	shown: (held: Held | undefined) => unknown,
): Promise<unknown> {
	switch (one.do) {
		case 'transact': {
			const inputs = one.inputs.map((n) => ({ id: `i${n}`, value: n }));
			let cell: unknown;
			const done = await store.transact(scope, one.key, inputs, (before, fresh, now) => {
				cell = { before, fresh };
				return { ...changeOf(one.change, now), outputs: fresh.map(({ value }) => `${one.key}${value}`) };
			});
			made.push(...done.batches);
			return { cell, outputs: done.outputs, repeated: done.repeated, batches: done.batches.map(numberOf) };
		}
		case 'take':
			return (await store.take(scope, one)).map(shown);
		case 'hold':
			return shown(await store.hold(scope, made[one.batch] ?? 'none', one.holder, lease));
		case 'settle': {
			const outcome = [{ done: { n: 1 } }, { later: 500, error: 'Later.' }, { dead: 'Given up.' }][one.way]!;
			return await store.settle(scope, made[one.batch] ?? 'none', one.holder, outcome);
		}
		case 'extend':
			return await store.extend(scope, one.holder, lease);
		case 'resend':
		case 'drop':
			return await store[one.do](scope, made[one.batch] ?? 'none');
		case 'progress':
			return [
				await store.progress<number>(scope, made[one.batch] ?? 'none', 'n', (n = 0) => n + 1),
				(await store.blob(scope, made[one.batch] ?? 'none', 'file'))?.byteLength,
			];
		case 'beat':
			return await store.heartbeat(scope, 'settings');
		case 'claim':
			return await store.claim(`c${one.key}`, 30 * 86_400);
		case 'set':
			return await store.set(`v${one.key}`, 'set');
		case 'update':
			return await store.update(`v${one.key}`, (value) => (value === 'set!' ? undefined : value && `${value}!`));
		case 'delete':
			return await store.delete(`v${one.key}`);
		default:
			return undefined;
	}
}

function changeOf({ state, wake, append, batches }: Shape, now: number): Change<string, number> {
	return {
		...(state !== undefined && { state }),
		...(wake !== undefined && { wakeAt: wake === null ? null : now + wake }),
		append: Array.from({ length: append }, (_, value) => ({
			value,
			...(value === 1 && { blobs: { poster: new Uint8Array(3) } }),
		})),
		batches: batches.map(({ lane, due, take, blob }, body) => ({
			...{ body, lane, take },
			...(due !== undefined && { dueAt: now + due }),
			...(blob && { blobs: { file: new Uint8Array(2) } }),
		})),
	};
}

/** All that can be seen without changing anything. */
async function view(store: Store, numberOf: (id: string) => number): Promise<unknown> {
	const listed = async (which: Which) =>
		(await store.list(scope, which, 99)).map((one) => ({ ...one, id: numberOf(one.id) }));
	return {
		now: await store.now(scope),
		due: await store.due(scope, 99),
		keys: await store.keys(scope, 99),
		next: await store.nextDue(scope),
		status: await store.status(scope),
		lists: [await listed('waiting'), await listed('held'), await listed('done'), await listed('dead')],
		values: [await store.get('va'), await store.get('vb'), await store.get('vc')],
	};
}

const kinds: [Kind, number][] = [[sqlite, 60], ...(hasRedis ? [[redis, 60] as [Kind, number]] : [])];
afterAll(async () => await stopRedis());

test.each(kinds.map(([kind, usual]) => ({ name: kind.name, kind, usual })))(
	'any program does in $name what it does in memory',
	async ({ kind, usual }) => {
		await fc.assert(
			fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (program) => {
				// Inputs that were seen go by Redis' own clock, which no test can set.
				let passed = 0;
				const isSoon = (one: Operation) => {
					if (one.do !== 'pass' || !kind.expires) return true;
					if (passed + one.ms >= keptFor.seen) return false;
					passed += Math.max(0, one.ms);
					return true;
				};
				const known = program.filter(isSoon);
				const [model, real] = [await memory.open(), await kind.open()];
				try {
					expect(await told(real, known)).toEqual(await told(model, known));
				} finally {
					await model.close();
					await real.close();
				}
			}),
			{ numRuns: runs(usual) },
		);
	},
	600_000,
);
