import { ChannelError } from '../../../../src/core/base/errors';
import type { Report } from '../../../../src/core/define/flow';
import { handOver, handoverOf, times, type Handing } from '../../../../src/core/deliver/flow/handover';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Held, Store } from '../../../../src/core/state/store';
import { heldClock, quiet, type HeldClock } from '../../../heldClock';

const scope = 'w:n';
const minute = 60_000;

let clock: HeldClock;
let store: Store;
let batch: Held;
let judged: Report[][];

beforeEach(async () => {
	clock = heldClock();
	store = memoryStore(() => clock.now());
	judged = [];
	await store.transact(scope, 'k', [], () => ({ batches: [{ body: 'a' }] }));
	batch = await claim();
});
afterEach(async () => {
	await handoverOf('e')?.end();
	expect(clock.sleepers).toBe(0);
	await store.close();
});

async function claim(): Promise<Held> {
	const [taken] = await store.take(scope, { holder: 'main', lease: 15 * minute, most: 1 });
	return (await store.hold(scope, taken!.id, 'e', times.lease))!;
}

const start = (more: Partial<Handing> = {}) =>
	handOver('e', {
		...{ store, batch, holder: 'e', clock },
		judge: (reports) => {
			judged.push([...reports]);
			return Promise.resolve({ done: reports.length });
		},
		...more,
	});

const said = (channel: string): Report => ({ channel, receipt: {} });
const which = async (name: 'held' | 'done' | 'waiting') => (await store.list(scope, name, 1)).length === 1;

test('is found as long as it is under way, and settled by what the nodes told last', async () => {
	const one = start();
	expect(handoverOf('e')).toBe(one);
	expect([handoverOf('other'), handoverOf(undefined)]).toEqual([undefined, undefined]);
	const failed: Report = { channel: 'bark', error: new ChannelError('Unreachable', { en: 'No.', zh: '不。' }) };
	one.report('n1', failed);
	one.report('n2', said('mail'));
	one.report('n1', said('bark'));
	await Promise.all([one.end(), one.end()]);
	expect(judged).toEqual([[said('bark'), said('mail')]]);
	expect(await store.list(scope, 'done', 1)).toMatchObject([{ result: 2 }]);
	expect(handoverOf('e')).toBeUndefined();
});

test('keeps its claim as long as somebody sends', async () => {
	const one = start();
	let release!: () => void;
	const sending = one.whileSending(() => new Promise<void>((resolve) => (release = resolve)));
	await clock.advance(60 * minute);
	expect(await store.take(scope, { holder: 'other', lease: minute, most: 1 })).toEqual([]);
	release();
	await sending;
	await clock.advance(times.handedOver - minute);
	expect(await which('held')).toBe(true);
	await clock.advance(2 * minute);
	// An execution that waits ends somewhere else.
	expect(await which('done')).toBe(true);
});

test('without anybody who says when it is over, some quiet after the last word is its end', async () => {
	const one = start({ quiet: 5_000 });
	await clock.advance(minute);
	expect(await which('held')).toBe(true);
	one.report('n1', said('bark'));
	await clock.advance(4_000);
	one.report('n2', said('mail'));
	await clock.advance(4_000);
	expect(await which('held')).toBe(true);
	await clock.advance(2_000);
	expect(judged).toEqual([[said('bark'), said('mail')]]);
});

test('a store that is away for a moment costs it nothing', async () => {
	const settle = store.settle.bind(store);
	let failures = 3;
	store.settle = (...given) => (failures-- > 0 ? Promise.reject(new Error('away')) : settle(...given));
	const ended = jest.fn();
	const end = start({ ended }).end();
	await clock.advance(times.lease);
	await end;
	expect(await which('done')).toBe(true);
	expect(ended).toHaveBeenCalledWith(undefined);
});

test('past its lease it is left to whoever takes it next, and that is told', async () => {
	const away = new Error('away');
	store.settle = () => Promise.reject(away);
	const ended = jest.fn();
	const end = start({ ended }).end();
	await clock.advance(2 * times.lease);
	await end;
	expect(ended).toHaveBeenCalledWith(away);
	expect(handoverOf('e')).toBeUndefined();
});

test('a beat that fails is made up for by the next', async () => {
	const extend = store.extend.bind(store);
	let beats = 0;
	store.extend = (...given) => (beats++ % 2 === 0 ? Promise.reject(new Error('away')) : extend(...given));
	start();
	await clock.advance(10 * minute);
	expect(await store.take(scope, { holder: 'other', lease: minute, most: 1 })).toEqual([]);
});

test('what was in doubt goes again where somebody sends it again, and only then', async () => {
	const doubt = { '#0': { class: 'Unreachable' as const, text: { en: 'No.', zh: '不。' } } };
	await store.progress(scope, batch.id, 'n1', () => ({ sent: {}, doubts: doubt, underWay: { '#1': true } }));
	await store.settle(scope, batch.id, 'e', { later: 0 });
	batch = await claim();
	const second = start();
	expect((await second.progress('n1')).progress).toMatchObject({ doubts: doubt });
	await second.end();
	await store.settle(scope, batch.id, 'e', { dead: 'In doubt.' });
	await store.transact(scope, 'k', [], () => ({ batches: [{ body: 'b' }] }));
	const [other] = await store.take(scope, { holder: 'e', lease: minute, most: 1 });
	await store.progress(scope, other!.id, 'n1', () => ({ sent: { '#0': {} }, doubts: doubt }));
	await store.settle(scope, other!.id, 'e', { dead: 'In doubt.' });
	await store.resend(scope, other!.id);
	batch = await claim();
	const again = await start().progress('n1');
	expect(again.progress).toEqual({ sent: { '#0': {} } });
	expect(await store.progress(scope, batch.id, 'n1')).toEqual({ sent: { '#0': {} } });
});

test('nothing of it outlives its end', async () => {
	const one = start();
	await quiet();
	expect(clock.sleepers).toBe(1);
	await one.end();
	expect(clock.sleepers).toBe(0);
});
