import { isLong } from '../../property';
import { bounds, keptFor } from '../../../src/core/state/bounds';
import type { Change, Decide, Store } from '../../../src/core/state/store';
import { hasRedis, redis, stopRedis } from './redisServer';
import { memory, sqlite, start, threaded, type Kind, type Opened } from './stores';

const kinds: Kind[] = [memory, sqlite, ...(hasRedis ? [redis] : [])];
const all: Kind[] = [...kinds, threaded];
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const scope = 'flow:node';

let opened: Opened;
let store: Store;
const open = async (kind: Kind, most?: Partial<typeof bounds>) => {
	opened = await kind.open(most);
	store = opened.store;
};
afterAll(async () => await stopRedis());
afterEach(async () => await opened?.close());

let ids = 0;
const input = <V>(value: V, id = `i${++ids}`) => ({ id, value });
const put = (key: string, change: Change) => store.transact(scope, key, [], () => change);
const batch = async (body: unknown, more: object = {}) =>
	(await put('k', { batches: [{ body, ...more }] })).batches[0]!;
const by = (holder: string, lease = minute, most = 100) => ({ holder, lease, most });
const bodies = (held: readonly { body: unknown }[]) => held.map(({ body }) => body);
const look = async <S>(key: string) => {
	let seen: unknown;
	await store.transact<never, never, S>(scope, key, [], (cell) => {
		seen = cell;
		return {};
	});
	return seen as { state: S; items: number; counted: number; wakeAt?: number };
};
const count: Decide<number, number, number> = ({ state = 0 }, inputs) => {
	const sums = inputs.map((_, at) => state + inputs.slice(0, at + 1).reduce((sum, { value }) => sum + value, 0));
	return { state: sums.at(-1) ?? state, outputs: sums };
};

describe.each(all)('$name', (kind) => {
	test('many callers at once count each of their inputs once', async () => {
		await open(kind);
		const told = await Promise.all(
			Array.from({ length: 2_000 }, (_, at) => store.transact(scope, `k${at % 3}`, [input(1)], count)),
		);
		const sums = [0, 1, 2].map((key) => told.filter((_, at) => at % 3 === key).map(({ outputs }) => outputs[0]));
		// In the order of asking, none left out.
		for (const sum of sums) expect(sum).toEqual(sum.map((_, at) => at + 1));
	});

	test('an input that was seen changes nothing and gets the output of its first time', async () => {
		await open(kind);
		const twice = input(5);
		expect(await store.transact(scope, 'k', [twice], count)).toEqual({
			outputs: [5],
			repeated: [false],
			batches: [],
		});
		expect(await store.transact(scope, 'k', [twice, input(1)], count)).toMatchObject({
			...{ outputs: [5, 6], repeated: [true, false] },
		});
		// Under another key too, and twice in one go.
		expect(await store.transact(scope, 'other', [twice], count)).toMatchObject({ outputs: [5], repeated: [true] });
		const again = input(1);
		expect(await store.transact(scope, 'k', [again, again], count)).toMatchObject({
			...{ outputs: [7, 7], repeated: [false, true] },
		});
		// Not so in another scope.
		expect(await store.transact('elsewhere', 'k', [twice], count)).toMatchObject({
			outputs: [5],
			repeated: [false],
		});
		store = await opened.reopen();
		expect(await store.transact(scope, 'k', [twice], count)).toMatchObject({ outputs: [5], repeated: [true] });
	});

	test('whose decision throws is told so, leaves nothing, and stops nobody beside it', async () => {
		await open(kind);
		const bad = input(1);
		const told = await Promise.allSettled([
			store.transact(scope, 'k', [input(1)], count),
			store.transact(scope, 'k', [bad], () => {
				throw new Error('no');
			}),
			store.transact(scope, 'k', [input(1)], () => ({ state: 1n })),
			store.transact(scope, 'k', [input(1)], count),
		]);
		expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
		expect(told[2]).toMatchObject({ reason: { class: 'Invalid', code: 'STORE_NOT_JSON' } });
		expect(await look('k')).toMatchObject({ state: 2 });
		expect(await store.transact(scope, 'k', [bad], count)).toMatchObject({ repeated: [false], outputs: [3] });
	});

	test('a batch takes the items of its cell in the same commit, with the number of those that were only counted', async () => {
		await open(kind);
		const items = Array.from({ length: bounds.items + 7 }, (_, at) => ({ value: { at } }));
		await put('k', { append: items });
		expect(await look('k')).toMatchObject({ items: bounds.items, counted: 7 });
		const [id] = (await put('k', { append: [{ value: 'late' }], batches: [{ body: 'b', take: 'all' }] })).batches;
		expect(await look('k')).toEqual({ state: undefined, items: 0, counted: 0, wakeAt: undefined });
		const [held] = await store.take(scope, by('h'));
		expect(held).toMatchObject({ id, scope, body: 'b', counted: 8, attempt: 1, lapsed: 0 });
		expect(held!.items).toEqual(items.slice(0, bounds.items).map(({ value }) => value));
	});

	test('a part of the items goes, the oldest first, the others stay', async () => {
		await open(kind);
		await put('k', { append: [1, 2, 3].map((value) => ({ value })), batches: [{ take: 2 }, { take: 5 }] });
		expect((await store.take(scope, by('h'))).map(({ items }) => items)).toEqual([[1, 2], [3]]);
		expect(await store.keys(scope, 10)).toEqual([]);
	});

	test('bytes stay with their batch and its items', async () => {
		await open(kind);
		const bytes = (text: string) => new Uint8Array(Buffer.from(text));
		await put('k', {
			append: [{ value: 1, blobs: { poster: bytes('poster') } }, { value: 2 }],
			batches: [{ body: 'b', take: 'all', blobs: { file: bytes('\0\xff\u0100') } }],
		});
		const [held] = await store.take(scope, by('h'));
		expect(held!.blobs).toEqual({ poster: 6, file: 5 });
		expect(await store.blob(scope, held!.id, 'poster')).toEqual(bytes('poster'));
		expect(Buffer.from((await store.blob(scope, held!.id, 'file'))!).toString()).toBe('\0\xff\u0100');
		expect(await store.blob(scope, held!.id, 'other')).toBeUndefined();
		expect(await store.status(scope)).toMatchObject({ bytes: 11 });
		await store.drop(scope, held!.id);
		expect(await store.status(scope)).toMatchObject({ bytes: 0 });
	});

	test('of two who claim a batch one gets it', async () => {
		await open(kind);
		const id = await batch('b');
		expect(await store.hold(scope, id, 'nobody', minute)).toMatchObject({ attempt: 1 });
		await store.settle(scope, id, 'nobody', { later: 0 });
		await store.take(scope, by('pump'));
		const claims = await Promise.all(['a', 'b', 'c'].map((who) => store.hold(scope, id, who, minute)));
		expect(claims.filter((held) => held !== undefined)).toHaveLength(1);
		expect(await store.settle(scope, id, 'pump', { done: 1 })).toBe(false);
		expect(await store.take(scope, by('pump'))).toEqual([]);
	});

	test('a batch may be made in somebody’s hands: nobody takes it, one claims it, and past the lease it is anybody’s', async () => {
		await open(kind);
		const offer = { holder: 'maker', lease: minute };
		const id = await batch('b', { offer });
		expect(await store.take(scope, by('h'))).toEqual([]);
		expect((await store.list(scope, 'held', 9)).map((one) => one.id)).toEqual([id]);
		expect(await store.extend(scope, 'maker', minute)).toBe(1);
		expect(await store.hold(scope, id, 'claimer', minute)).toMatchObject({ attempt: 1, lapsed: 0, body: 'b' });
		expect(await store.extend(scope, 'maker', minute)).toBe(0);
		expect(await store.settle(scope, id, 'maker', { done: 1 })).toBe(false);
		expect(await store.settle(scope, id, 'claimer', { done: 1 })).toBe(true);
		// The maker himself may be done with it.
		const other = await batch('c', { offer });
		expect(await store.settle(scope, other, 'maker', { done: 1 })).toBe(true);
		// Past its lease it is whoever's comes first.
		const brief = await batch('d', { offer: { holder: 'maker', lease: 0 } });
		expect(await store.take(scope, by('h'))).toMatchObject([{ id: brief, attempt: 2, lapsed: 1 }]);
		// Behind others of a lane it waits as any.
		const first = await batch('e', { lane: 'l', offer });
		const second = await batch('f', { lane: 'l', offer });
		expect(await store.hold(scope, second, 'x', minute)).toBeUndefined();
		await store.settle(scope, first, 'maker', { done: 1 });
		expect(await store.take(scope, by('h'))).toMatchObject([{ id: second, attempt: 1 }]);
	});

	test('of a lane only the head goes, and the next when it is over', async () => {
		await open(kind);
		for (const body of [1, 2, 3]) await batch(body, { lane: 'a' });
		await batch('alone');
		const first = await store.take(scope, by('h'));
		expect(bodies(first)).toEqual([1, 'alone']);
		expect(await store.take(scope, by('h'))).toEqual([]);
		expect(await store.settle(scope, first[0]!.id, 'h', { later: 0 })).toBe(true);
		const again = await store.take(scope, by('h'));
		expect(again).toMatchObject([{ body: 1, attempt: 2, lapsed: 0 }]);
		expect(await store.settle(scope, first[0]!.id, 'h', { dead: 'given up' })).toBe(true);
		const second = await store.take(scope, by('h'));
		expect(bodies(second)).toEqual([2]);
		await store.drop(scope, second[0]!.id);
		expect(bodies(await store.take(scope, by('h')))).toEqual([3]);
	});

	test('what is listed can be sent again, or dropped', async () => {
		await open(kind);
		const made = [await batch('a', { lane: 'l' }), await batch('b', { lane: 'l' }), await batch('c')];
		expect((await store.list(scope, 'waiting', 10)).map(({ id }) => id)).toEqual(made);
		const [a, c] = await store.take(scope, by('h'));
		await store.progress(scope, a!.id, 'n', () => ({ parts: 1 }));
		await store.progress(scope, c!.id, 'n', () => ({ parts: 1 }));
		await store.settle(scope, a!.id, 'h', { dead: 'No.' });
		await store.settle(scope, c!.id, 'h', { done: { ok: true } });
		expect(await store.list(scope, 'dead', 10)).toMatchObject([
			{ body: 'a', error: 'No.', attempt: 1, which: 'dead' },
		]);
		const [done] = await store.list(scope, 'done', 10);
		expect(done).toMatchObject({ body: 'c', result: { ok: true }, endedAt: expect.any(Number) });
		expect(await store.list(scope, 'done', 10, done!.seq)).toEqual([]);
		expect([await store.resend(scope, a!.id), await store.resend(scope, c!.id)]).toEqual([true, true]);
		expect([await store.resend(scope, a!.id), await store.resend(scope, 'none')]).toEqual([false, false]);
		// What was given up goes on where it stopped, what was done goes as a whole.
		expect(await store.progress(scope, a!.id, 'n')).toEqual({ parts: 1 });
		expect(await store.progress(scope, c!.id, 'n')).toBeUndefined();
		// Behind all of its lane.
		const again = await store.list(scope, 'waiting', 10);
		expect(again.map(({ body }) => body)).toEqual(['b', 'a', 'c']);
		// With all of its time once more.
		expect(again.every(({ body, madeAt, dueAt }) => body === 'b' || madeAt === dueAt)).toBe(true);
		expect(bodies(await store.take(scope, by('h')))).toEqual(['b', 'c']);
		expect(await store.list(scope, 'held', 1)).toMatchObject([{ body: 'b' }]);
		expect([await store.drop(scope, made[1]!), await store.drop(scope, made[1]!)]).toEqual([true, false]);
		expect(bodies(await store.take(scope, by('h')))).toEqual(['a']);
		expect(await store.status(scope)).toMatchObject({ waiting: 0, held: 2, done: 0, dead: 0 });
	});

	test('one that waits for its next try is due at once, in its place; what is on its way stays so', async () => {
		await open(kind);
		const made = [await batch('a', { lane: 'l' }), await batch('b', { lane: 'l' })];
		const [a] = await store.take(scope, by('h'));
		expect(await store.resend(scope, a!.id)).toBe(false);
		await store.settle(scope, a!.id, 'h', { later: 3_600_000, error: 'Not yet.' });
		expect(await store.take(scope, by('h'))).toEqual([]);
		// Behind another one there is nothing to hasten.
		expect([await store.resend(scope, made[1]!), await store.resend(scope, made[0]!)]).toEqual([false, true]);
		expect(await store.resend(scope, made[0]!)).toBe(false);
		expect(await store.take(scope, by('h'))).toMatchObject([{ body: 'a', attempt: 2 }]);
		expect(await store.list(scope, 'waiting', 9)).toMatchObject([{ body: 'b' }]);
	});

	test('pages go from the oldest on, or from the newest back', async () => {
		await open(kind);
		for (const body of ['a', 'b', 'c', 'd', 'e']) await batch(body);
		const page = async (past: number, order?: 'newest first') => {
			const listed = await store.list(scope, 'waiting', 2, past, order);
			return [listed.map(({ body }) => body).join(''), listed.at(-1)?.seq ?? 0] as const;
		};
		const all = async (order?: 'newest first') => {
			const texts: string[] = [];
			for (let [text, past] = await page(0, order); text !== ''; [text, past] = await page(past, order))
				texts.push(text);
			return texts;
		};
		expect([await all(), await all('newest first')]).toEqual([
			['ab', 'cd', 'e'],
			['ed', 'cb', 'a'],
		]);
	});

	test('progress is changed by many at once, each change once, and goes with its batch', async () => {
		await open(kind);
		const id = await batch('b');
		await Promise.all(Array.from({ length: 50 }, () => store.progress<number>(scope, id, 'n', (n = 0) => n + 1)));
		expect(await store.progress(scope, id, 'n')).toBe(50);
		expect(await store.progress(scope, id, 'other')).toBeUndefined();
		await store.drop(scope, id);
		expect(await store.progress(scope, id, 'n', () => 1)).toBeUndefined();
	});

	test('claims, values and their updates', async () => {
		await open(kind);
		const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim('c', 60)));
		expect(claims.filter(Boolean)).toHaveLength(1);
		await store.set('v', 'one');
		expect(await store.get('v')).toBe('one');
		await Promise.all(
			Array.from({ length: 50 }, () => store.update('n', (value = '0') => String(Number(value) + 1))),
		);
		expect(await store.get('n')).toBe('50');
		expect(await store.update('n', () => undefined)).toBeUndefined();
		expect(await store.update('brief', (known) => known ?? 'first', 60)).toBe('first');
		expect(await store.update('brief', (known) => known ?? 'second', 60)).toBe('first');
		await store.delete('v');
		expect([await store.get('n'), await store.get('v'), await store.get('none')]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});

	test('what is kept outlives a restart', async () => {
		if (!kind.persists) return;
		await open(kind);
		await put('k', { state: { a: '电' }, wakeAt: 5, append: [{ value: 1 }] });
		const id = await batch('b', { lane: 'l' });
		await store.progress(scope, id, 'n', () => [1]);
		await store.set('v', 'kept');
		expect(await store.seenAt(scope)).toBeUndefined();
		await store.heartbeat(scope, 's1');
		store = await opened.reopen();
		expect([await store.seenAt('nowhere'), await store.seenAt(scope)]).toEqual([undefined, expect.any(Number)]);
		expect(await look('k')).toEqual({ state: { a: '电' }, items: 1, counted: 0, wakeAt: 5 });
		expect(await store.progress(scope, id, 'n')).toEqual([1]);
		expect([await store.get('v'), await store.due(scope, 9)]).toEqual(['kept', ['k']]);
		expect(await store.heartbeat(scope, 's2')).toEqual({ settings: 's1', seenAt: expect.any(Number) });
		expect(bodies(await store.take(scope, by('h')))).toEqual(['b']);
	});

	test('what cannot be kept is refused in words', async () => {
		await open(kind);
		const large = 'x'.repeat(bounds.itemBytes);
		await expect(put('k', { append: [{ value: large }] })).rejects.toMatchObject({
			class: 'Invalid',
			code: 'STORE_TOO_LARGE',
		});
		await expect(put('', {})).rejects.toMatchObject({ code: 'STORE_NAME' });
		await expect(put('x'.repeat(1_001), {})).rejects.toMatchObject({ code: 'STORE_NAME' });
		const blobs = { file: new Uint8Array(bounds.blobBytes + 1) };
		await expect(batch('b', { blobs })).rejects.toMatchObject({ code: 'STORE_TOO_LARGE' });
		expect(await store.keys(scope, 10)).toEqual([]);
	});
});

describe.each(kinds)('$name, in time', (kind) => {
	test('keys are due when their time has come, the longest overdue first', async () => {
		await open(kind);
		await put('late', { wakeAt: start + 3_000 });
		await put('soon', { wakeAt: start + 1_000 });
		await put('never', { state: 1 });
		expect([await store.due(scope, 10), await store.nextDue(scope)]).toEqual([[], start + 1_000]);
		opened.advance(3_000);
		expect([await store.due(scope, 10), await store.due(scope, 1)]).toEqual([['soon', 'late'], ['soon']]);
		await put('soon', { wakeAt: null });
		expect([await store.due(scope, 10), await store.keys(scope, 9)]).toEqual([['late'], ['late', 'never']]);
		expect([await store.keys(scope, 1, 'late'), await store.nextDue('none')]).toEqual([['never'], undefined]);
	});

	test('a lease that runs out lets go, one that is prolonged does not', async () => {
		await open(kind);
		const [a, b] = [await batch('a'), await batch('b', { dueAt: start + 1 })];
		opened.advance(1);
		expect(await store.take(scope, by('h1', minute))).toMatchObject([{ leaseUntil: start + 1 + minute }, {}]);
		expect(await store.hold(scope, b, 'h2', minute)).toMatchObject({ attempt: 1 });
		opened.advance(minute - 1);
		expect(await store.extend(scope, 'h2', minute)).toBe(1);
		expect(await store.take(scope, by('h3'))).toEqual([]);
		opened.advance(1);
		expect(await store.take(scope, by('h3'))).toMatchObject([{ id: a, attempt: 2, lapsed: 1 }]);
		// The first comes too late; whoever has it settles it.
		expect(await store.settle(scope, a, 'h1', { done: 1 })).toBe(false);
		expect(await store.settle(scope, a, 'h3', { done: 1 })).toBe(true);
		opened.advance(minute);
		expect(await store.hold(scope, b, 'h4', minute)).toMatchObject({ attempt: 2, lapsed: 1 });
		expect(await store.settle(scope, b, 'h4', { later: hour, error: 'Not yet.' })).toBe(true);
		expect(await store.hold(scope, b, 'h5', minute)).toBeUndefined();
		expect(await store.list(scope, 'waiting', 1)).toMatchObject([{ error: 'Not yet.' }]);
		opened.advance(hour);
		expect(await store.take(scope, by('h5'))).toMatchObject([{ id: b, attempt: 3, lapsed: 0 }]);
	});

	test('whoever kept his lease past its end still settles, while nobody else took it', async () => {
		await open(kind);
		const id = await batch('a');
		await store.take(scope, by('h1', minute));
		opened.advance(hour);
		expect(await store.settle(scope, id, 'h1', { done: null })).toBe(true);
		expect(await store.take(scope, by('h2'))).toEqual([]);
	});

	test('a clock that is set back holds nothing up', async () => {
		await open(kind);
		const id = await batch('a');
		await store.take(scope, by('h1', minute));
		await put('k', { wakeAt: start + minute });
		opened.advance(-hour);
		const times: number[] = [];
		for (let step = 0; step < 4; step++) {
			times.push(await store.now(scope));
			opened.advance(40_000);
		}
		expect(times).toEqual([...times].sort((a, b) => a - b));
		expect(times[0]).toBeGreaterThanOrEqual(start);
		// At half the speed, until the machine's clock has caught up.
		expect(await store.take(scope, by('h2'))).toMatchObject([{ id, lapsed: 1 }]);
		expect(await store.due(scope, 9)).toEqual(['k']);
		opened.advance(3 * hour);
		expect(await store.now(scope)).toBe(start - hour + 160_000 + 3 * hour);
	});

	test('a clock that was days ahead moves what is due along, once', async () => {
		await open(kind);
		opened.advance(10 * day);
		await put('k', { wakeAt: start + 10 * day + hour, append: [{ value: 1 }] });
		await batch('b', { dueAt: start + 10 * day + hour });
		opened.advance(-10 * day);
		expect(await store.now(scope)).toBe(start);
		opened.advance(hour - 1);
		expect([await store.due(scope, 9), await store.take(scope, by('h'))]).toEqual([[], []]);
		opened.advance(1);
		expect([await store.due(scope, 9), bodies(await store.take(scope, by('h')))]).toEqual([['k'], ['b']]);
	});

	test('what is over goes, in its time', async () => {
		await open(kind);
		await store.heartbeat(scope, 's');
		const seen = input(1);
		await store.transact(scope, 'idle', [seen], count);
		await put('collecting', { append: [{ value: 1 }] });
		const [done, dead] = [await batch('done'), await batch('dead')];
		await batch('waits', { dueAt: start + 90 * day });
		await store.take(scope, by('h'));
		await store.settle(scope, done, 'h', { done: 1 });
		await store.settle(scope, dead, 'h', { dead: 'No.' });
		await store.set('v', 'x', 60);
		opened.advance(keptFor.done - 1);
		await store.prune();
		expect(await store.status(scope)).toMatchObject({ keys: 2, waiting: 1, done: 1, dead: 1 });
		if (!kind.expires) expect(await store.get('v')).toBeUndefined();
		expect(await store.transact(scope, 'idle', [seen], count)).toMatchObject({ repeated: [true] });
		opened.advance(1);
		await store.prune();
		expect(await store.status(scope)).toMatchObject({ keys: 2, waiting: 1, done: 0, dead: 1 });
		if (!kind.expires)
			expect(await store.transact(scope, 'other', [seen], count)).toMatchObject({ repeated: [false] });
		opened.advance(keptFor.dead - day);
		await store.heartbeat(scope, 's');
		await store.prune();
		expect(await store.status(scope)).toMatchObject({ waiting: 1, dead: 0 });
		opened.advance(day);
		await store.heartbeat(scope, 's');
		await store.prune();
		// What waits stays, whatever its age.
		expect([await store.keys(scope, 9), await store.status(scope)]).toMatchObject([['collecting'], { waiting: 1 }]);
	});

	test('of a scope that gives no sign of life for 30 days nothing is left', async () => {
		await open(kind);
		await put('k', { append: [{ value: 1 }] });
		await batch('b', { dueAt: start + 90 * day });
		await store.heartbeat('lives', 's');
		opened.advance(keptFor.scope);
		await store.heartbeat('lives', 's');
		await store.prune();
		expect(await store.status(scope)).toMatchObject({ keys: 0, waiting: 0 });
		expect(await store.heartbeat(scope, 's')).toEqual({});
		expect(await store.heartbeat('lives', 's')).toMatchObject({ settings: 's' });
	});
});

describe.each(kinds)('$name, full', (kind) => {
	test('past the bound of keys the oldest idle one goes, and is counted', async () => {
		await open(kind, { keys: 4 });
		await put('collects', { append: [{ value: 1 }] });
		await put('wakes', { state: 1, wakeAt: start + day });
		opened.advance(minute);
		for (const key of ['a', 'b']) await put(key, { state: 1 });
		opened.advance(minute);
		await put('a', { state: 2 });
		await put('c', { state: 1 });
		expect(await store.keys(scope, 9)).toEqual(['a', 'c', 'collects', 'wakes']);
		expect(await store.status(scope)).toMatchObject({ keys: 4, dropped: 1 });
		for (const key of ['d', 'e', 'f']) await put(key, { append: [{ value: 1 }] });
		// Only then those in which something waits.
		expect(await store.keys(scope, 9)).toEqual(['d', 'e', 'f', 'wakes']);
		expect(await store.status(scope)).toMatchObject({ keys: 4, dropped: 5 });
	});

	test('past the bound of batches no more are made, and nothing of what asked for them is kept', async () => {
		await open(kind, { batches: 3 });
		await batch('a');
		const told = await Promise.allSettled([
			put('k', { batches: [{ body: 'b' }] }),
			put('k', { state: 1, batches: [{ body: 'c' }, { body: 'd' }] }),
			put('k', { batches: [{ body: 'e' }] }),
		]);
		expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(told[1]).toMatchObject({ reason: { class: 'Rejected', code: 'STORE_TOO_MANY' } });
		expect([await store.keys(scope, 9), bodies(await store.list(scope, 'waiting', 9))]).toEqual([
			[],
			['a', 'b', 'e'],
		]);
	});

	test('bytes have a bound too; what is done makes room first', async () => {
		await open(kind, { blobsBytes: 10 });
		const blobs = { file: new Uint8Array(6) };
		const id = await batch('a', { blobs });
		await expect(batch('b', { blobs })).rejects.toMatchObject({ class: 'Rejected', code: 'STORE_TOO_MUCH' });
		await store.take(scope, by('h'));
		await store.settle(scope, id, 'h', { done: 1 });
		await batch('c', { blobs });
		expect(await store.status(scope)).toMatchObject({ waiting: 1, done: 0, bytes: 6 });
	});

	// All that may wait at all takes a minute to make on a busy machine.
	const most = isLong ? bounds.batches : 20_000;
	test(`${most} batches wait in one lane and in none, and go in their order`, async () => {
		await open(kind, { batches: most });
		for (let at = 0; at < most / 1_000; at++) {
			const batches = Array.from({ length: 1_000 }, (_, n) => ({
				body: at * 1_000 + n,
				...(n % 2 === 0 && { lane: 'one' }),
			}));
			await put('k', { batches });
		}
		await expect(batch('more')).rejects.toMatchObject({ code: 'STORE_TOO_MANY' });
		expect(await store.status(scope)).toMatchObject({ waiting: most });
		const taken = await store.take(scope, by('h', minute, 1_000));
		expect(bodies(taken)).toEqual([0, ...Array.from({ length: 999 }, (_, n) => 2 * n + 1)]);
		await store.settle(scope, taken[0]!.id, 'h', { done: 1 });
		expect(bodies(await store.take(scope, by('h', minute, 2)))).toEqual([2, 1_999]);
		expect(await store.extend(scope, 'h', minute)).toBe(1_001);
		expect(await store.list(scope, 'waiting', 2, most - 10)).toMatchObject([
			{ body: most - 10 },
			{ body: most - 9 },
		]);
	});
});
