import { memoryStore } from '../../../src/core/state/memory';
import { pump, times, wakePump, type Pump, type Pumping } from '../../../src/core/state/pump';
import type { Held, NewBatch, Store } from '../../../src/core/state/store';
import { heldClock, quiet } from '../../heldClock';

const scope = 'w:n';
const minute = 60_000;

let clock = heldClock();
let store: Store;
let pumps: Pump[] = [];
let emitted: Held[];

beforeEach(() => {
	clock = heldClock();
	store = memoryStore(() => clock.now());
	emitted = [];
});
afterEach(async () => {
	await Promise.all(pumps.map((each) => each.close()));
	pumps = [];
	expect(clock.sleepers).toBe(0);
	await store.close();
});

function start(more: Partial<Pumping> = {}): Pump {
	const one = pump({
		...{ store, scope, settings: '', holder: 'main', lease: 15 * minute, most: 16, clock },
		emit: (batch) => void emitted.push(batch),
		...more,
	});
	pumps.push(one);
	return one;
}

const keep = (batches: NewBatch[], key = 'k') => store.transact(scope, key, [], () => ({ batches }));
const bodies = () => emitted.map(({ body }) => body);
const done = (batch: Held | undefined, holder = 'main') => store.settle(scope, batch!.id, holder, { done: null });

test('emits what is kept, at once where it is told, else with its next look', async () => {
	start();
	await quiet();
	await keep([{ body: 'a' }]);
	wakePump(scope);
	await quiet();
	expect(bodies()).toEqual(['a']);
	await keep([{ body: 'b' }]);
	await clock.advance(times.look);
	expect(bodies()).toEqual(['a', 'b']);
});

test('keeps the order of a lane: the next one goes when its head is over', async () => {
	await keep(['a', 'b', 'c'].map((body) => ({ body, lane: 'x' })));
	await keep([{ body: '1', lane: 'y' }]);
	start();
	await quiet();
	expect(bodies()).toEqual(['a', '1']);
	await store.settle(scope, emitted[0]!.id, 'main', { later: 30_000 });
	await clock.advance(29_000);
	expect(bodies()).toEqual(['a', '1']);
	await clock.advance(2_000);
	expect(bodies()).toEqual(['a', '1', 'a']);
	await done(emitted[2]);
	wakePump(scope);
	await quiet();
	expect(bodies()).toEqual(['a', '1', 'a', 'b']);
});

test('emits once what is due at a time, neither before nor much later', async () => {
	const due = clock.now() + 90_500;
	await keep([{ body: 'later', dueAt: due }]);
	const at: number[] = [];
	start({ emit: () => void at.push(clock.now()) });
	await clock.advance(10 * minute);
	expect(at).toEqual([due]);
});

test('has no more under way than it may, and goes on as they end', async () => {
	await keep(Array.from({ length: 50 }, (_, body) => ({ body })));
	start({ most: 8 });
	await clock.advance(minute);
	expect(bodies()).toEqual(Array.from({ length: 8 }, (_, body) => body));
	for (let n = 0; n < 50; n++) {
		await done(emitted[n]);
		await clock.advance(times.look);
		expect((await store.status(scope)).held).toBeLessThanOrEqual(8);
	}
	expect(bodies()).toEqual(Array.from({ length: 50 }, (_, body) => body));
});

test('emits again what nobody claimed within its lease, though all places are taken', async () => {
	await keep([{ body: 'a' }, { body: 'b' }]);
	start({ most: 2, lease: minute });
	await quiet();
	expect(bodies()).toEqual(['a', 'b']);
	await clock.advance(minute + times.look);
	expect(bodies()).toEqual(['a', 'b', 'a', 'b']);
	expect(emitted[2]).toMatchObject({ attempt: 2, lapsed: 1 });
});

test('another pump’s process that ended keeps no place', async () => {
	await keep(Array.from({ length: 4 }, (_, body) => ({ body })));
	await store.take(scope, { holder: 'gone', lease: minute, most: 2 });
	start({ most: 2 });
	await quiet();
	expect(bodies()).toEqual([2, 3]);
	await Promise.all([done(emitted[0]), done(emitted[1])]);
	await clock.advance(minute + times.look);
	expect(bodies()).toEqual([2, 3, 0, 1]);
});

test('keeps to its pace', async () => {
	await keep(Array.from({ length: 10 }, (_, body) => ({ body })));
	const at: number[] = [];
	const from = clock.now();
	start({ pace: 2, emit: () => void at.push(clock.now() - from) });
	await clock.advance(10_000);
	expect(at).toEqual(Array.from({ length: 10 }, (_, n) => n * 500));
});

test('what cannot be emitted comes again, and costs the others nothing', async () => {
	await keep([{ body: 'bad' }, { body: 'good' }]);
	const failed = jest.fn();
	let isBroken = true;
	start({
		failed,
		emit: (batch) => {
			if (batch.body === 'bad' && isBroken) throw new Error('no');
			emitted.push(batch);
		},
	});
	await quiet();
	expect(bodies()).toEqual(['good']);
	expect(failed).toHaveBeenCalledWith(expect.objectContaining({ message: 'no' }));
	isBroken = false;
	await clock.advance(times.again + times.look);
	expect(bodies()).toEqual(['good', 'bad']);
});

test('an outage of the store is told once, and its end; then all goes on', async () => {
	await keep([{ body: 'a' }]);
	let isAway = true;
	const take = store.take.bind(store);
	store.take = (...given) => (isAway ? Promise.reject(new Error('away')) : take(...given));
	const failed = jest.fn();
	start({ failed });
	await clock.advance(10 * minute);
	expect(failed.mock.calls).toEqual([[expect.objectContaining({ message: 'away' })]]);
	isAway = false;
	await clock.advance(times.pause);
	expect(failed.mock.calls.slice(1)).toEqual([[undefined]]);
	expect(bodies()).toEqual(['a']);
});

test('asks a store that is away at growing intervals', async () => {
	let asked = 0;
	store.heartbeat = () => (asked++, Promise.reject(new Error('away')));
	start();
	await clock.advance(60 * minute);
	expect(asked).toBeGreaterThan(60);
	expect(asked).toBeLessThan(200);
});

test('steps the keys whose time has come', async () => {
	await store.transact(scope, 'soon', [], (_, __, now) => ({ state: 1, wakeAt: now + 30_000 }));
	await store.transact(scope, 'late', [], (_, __, now) => ({ state: 1, wakeAt: now + 90_000 }));
	const stepped: string[] = [];
	start({
		step: (key, why) => {
			stepped.push(`${key} ${why}`);
			return store.transact(scope, key, [], () => ({ wakeAt: null }));
		},
	});
	await clock.advance(minute);
	expect(stepped).toEqual(['soon due']);
	await clock.advance(minute);
	expect(stepped).toEqual(['soon due', 'late due']);
});

test('with other settings every key is stepped once, in the middle of which the process may end', async () => {
	const names = Array.from({ length: 250 }, (_, n) => `k${String(n).padStart(3, '0')}`);
	for (const key of names) await store.transact(scope, key, [], () => ({ state: 1 }));
	const stepped: string[] = [];
	let most = Infinity;
	const settingsStep: Pumping['step'] = (key, why) => {
		if (stepped.length >= most) return Promise.reject(new Error('ended'));
		stepped.push(`${key} ${why}`);
		return Promise.resolve();
	};
	const first = start({ settings: 'one', step: settingsStep });
	await clock.advance(minute);
	expect(stepped).toEqual([]);
	await first.close();
	most = 120;
	const second = start({ settings: 'two', step: settingsStep });
	await quiet();
	await second.close();
	expect(stepped.length).toBe(120);
	most = Infinity;
	start({ settings: 'two', step: settingsStep });
	await clock.advance(minute);
	expect(stepped.slice(120)).toEqual(names.map((name) => `${name} settings`));
	await clock.advance(60 * minute);
	expect(stepped.length).toBe(120 + 250);
});

test('prolongs what it holds itself', async () => {
	await keep([{ body: 'a' }]);
	start({ lease: minute, extends: true });
	await clock.advance(30 * minute);
	expect(bodies()).toEqual(['a']);
});

test('emits nothing once it is closed, and gives back what it took', async () => {
	await keep([{ body: 'a' }, { body: 'b' }]);
	let release!: () => void;
	const one = start({
		emit: (batch) => {
			emitted.push(batch);
			return new Promise<void>((resolve) => (release = resolve));
		},
	});
	await quiet();
	expect(bodies()).toEqual(['a']);
	const closing = one.close();
	release();
	await closing;
	expect(bodies()).toEqual(['a']);
	expect(await store.list(scope, 'waiting', 10)).toMatchObject([{ body: 'b' }]);
	await keep([{ body: 'c' }]);
	wakePump(scope);
	await clock.advance(minute);
	expect(bodies()).toEqual(['a']);
});

test('says that it lives, and removes what is over', async () => {
	const [heartbeat, prune] = [jest.spyOn(store, 'heartbeat'), jest.spyOn(store, 'prune')];
	start({ settings: 's' });
	await clock.advance(60 * minute);
	expect(heartbeat.mock.calls.length).toBeGreaterThanOrEqual(200);
	expect(heartbeat.mock.calls.length).toBeLessThanOrEqual(250);
	expect(new Set(heartbeat.mock.calls.map(([, settings]) => settings))).toEqual(new Set(['s']));
	expect(prune).toHaveBeenCalledTimes(2);
});

test('a machine’s clock that is set back stops neither signs of life nor what is due', async () => {
	start({ pace: 10 });
	await clock.advance(minute);
	clock.set(clock.now() - 3_600_000);
	const beats = jest.spyOn(store, 'heartbeat');
	await keep([{ body: 'a' }, { body: 'b' }]);
	await clock.advance(3 * minute);
	expect(bodies()).toEqual(['a', 'b']);
	expect(beats).toHaveBeenCalled();
});
