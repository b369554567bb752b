import { defineTrigger, type Happening, type IncomingRequest } from '../../../../src/core/define/trigger';
import { Inbox, taken } from '../../../../src/core/receive/keep/inbox';
import { receptionist } from '../../../../src/core/receive/reception';
import { memoryStore } from '../../../../src/core/state/memory';
import type { Store } from '../../../../src/core/state/store';
import { turns } from '../../sockets/connected';

/** `a` rings at once, `a~` waits for another about the same; several are parted by commas. */
const gate = defineTrigger({
	id: 'gateTrigger',
	name: 'Gate Trigger',
	zh: '大门触发器',
	docs: 'https://gate.invalid',
	description: { en: 'At the gate', zh: '在门口' },
	account: {},
	options: {},
	receive({ request }) {
		const keys = Buffer.from(request.body).toString().split(',').filter(Boolean);
		return {
			events: keys.map((word) => {
				const key = word.replace(/[~!]/g, '');
				const poster = { data: new Uint8Array([1, 2, 3]) };
				return {
					...{ event: { key, poster }, raw: word, key, subject: key.charAt(0) },
					...(word.includes('~') && { settle: 20 }),
				};
			}),
		};
	},
});

const scope = 'w:n';
const request = (body: string): IncomingRequest => ({
	...{ method: 'POST', path: '', query: {}, headers: {}, body: Buffer.from(body) },
});

const started: { close(): void }[] = [];
afterEach(() => started.splice(0).forEach((one) => one.close()));

/** A process of the host: what it had in memory goes with it, what is in the store stays. */
function start(store: Store, { isShared = false, window = 60 } = {}) {
	const failures: unknown[] = [];
	const inbox = new Inbox(store, scope, (error) => failures.push(error));
	const reception = receptionist(gate, {
		...{ account: {}, options: { repeatWindow: window }, store: memoryStore(), scope, inbox, isShared },
	});
	started.push(reception);
	return { reception, failures, inbox };
}

const keysOf = (happenings: readonly Pick<Happening, 'event'>[]) =>
	happenings.map(({ event }) => (event as { key: string }).key);
const waits = (store: Store) => store.list(scope, 'held', 100);

/** What comes again of everything that is kept, by a process that begins a lease later. */
async function again(store: Store, reception = start(store).reception): Promise<string[]> {
	const came: string[] = [];
	for (const { id } of await waits(store)) {
		const held = await store.hold(scope, id, 'again', 60_000);
		const { owner, happenings } = await taken(store, held!);
		came.push(...keysOf(await reception.resume(owner, happenings)));
		await store.settle(scope, id, 'again', { done: null });
	}
	return came;
}

/** Steps that wait, or fail, when the test says so. */
function under(store: Store) {
	let hold: Promise<void> | undefined;
	let free = () => {};
	let failure: Error | undefined;
	const transact: Store['transact'] = async (...given) => {
		if (hold) await hold;
		if (failure) throw failure;
		return await store.transact(...given);
	};
	return {
		store: { ...store, transact } as Store,
		stop: () => (hold = new Promise((done) => (free = done))),
		go: () => {
			hold = undefined;
			free();
		},
		fail: (error?: Error) => (failure = error),
	};
}

test('nobody is told that it came before it is written down', async () => {
	const { store, stop, go } = under(memoryStore());
	const { reception } = start(store);
	void stop();
	const { answer, happenings } = reception.receive(request('a'));
	let said: unknown;
	void answer.then((reply) => (said = reply.status));
	await turns();
	expect(said).toBeUndefined();
	go();
	expect((await answer).status).toBe(200);
	const [one] = await happenings;
	expect(await waits(store)).toMatchObject([{ id: one!.kept, attempt: 1 }]);
	// What it is known by goes along.
	expect((one!.event as { happening: string }).happening).toBe(one!.id);
});

test('a process that ends after it answered: it comes again, once, whatever its sender does', async () => {
	const store = memoryStore();
	const before = start(store).reception;
	const [first] = await before.receive(request('a')).happenings;
	const after = start(store).reception;
	const second = after.receive(request('a'));
	expect((await second.answer).body).toContain('repeated');
	expect(await second.happenings).toEqual([]);
	const held = await store.hold(scope, first!.kept!, 'again', 60_000);
	const { owner, happenings } = await taken(store, held!);
	// As it was, with its bytes and under its own id.
	expect(await after.resume(owner, happenings)).toMatchObject([
		{
			id: first!.id,
			raw: 'a',
			event: { key: 'a', poster: { data: new Uint8Array([1, 2, 3]) }, happening: first!.id },
		},
	]);
});

test('a process that ends before it is written down: its sender’s second try is the first', async () => {
	const real = memoryStore();
	const { store, stop, go } = under(real);
	void stop();
	start(store).reception.receive(request('a'));
	await turns();
	// What was on its way ended with the process.
	const second = start(real).reception.receive(request('a'));
	expect((await second.answer).body).not.toContain('repeated');
	expect(keysOf(await second.happenings)).toEqual(['a']);
	expect(await waits(real)).toHaveLength(1);
	go();
});

test('claim and writing are one step: where the writing is refused, nothing is claimed', async () => {
	const store = memoryStore();
	const { inbox } = start(store);
	const circle: Record<string, unknown> = {};
	circle.self = circle;
	const claim = { key: 'k', seconds: 60, id: 'i' };
	await expect(inbox.keep([{ event: circle, raw: '' }], claim)).rejects.toThrow();
	const file = { data: new Uint8Array(11 * 1024 * 1024) };
	await expect(inbox.keep([{ event: file, raw: '' }], claim)).rejects.toMatchObject({ code: 'STORE_TOO_LARGE' });
	expect(await inbox.isTaken('k')).toBe(false);
	expect(await inbox.keep([{ event: {}, raw: '' }], claim)).toMatchObject({
		isFirst: true,
		batch: expect.any(String),
	});
	expect(await inbox.keep([{ event: {}, raw: '' }], claim)).toMatchObject({ isFirst: false, batch: undefined });
	expect(await waits(store)).toHaveLength(1);
});

test('of several at once the repeats stay behind, also when they come again', async () => {
	const store = memoryStore();
	const { reception } = start(store);
	await reception.receive(request('a')).happenings;
	const both = await reception.receive(request('a,b,c')).happenings;
	expect(keysOf(both)).toEqual(['b', 'c']);
	expect(new Set(both.map(({ kept }) => kept)).size).toBe(1);
	expect(await reception.receive(request('b,c')).happenings).toEqual([]);
	// Each once: of the first request and of the second; of the third nothing is left.
	expect(await again(store)).toEqual(['a', 'b', 'c']);
});

test('written and not yet claimed: whoever claims first rings, and the other does not', async () => {
	const store = memoryStore();
	const { inbox } = start(store);
	const told = ['a', 'b'].map((key) => ({ event: { key }, raw: '', key, id: `id ${key}` }));
	await inbox.keep(told);
	// The process ended there; a sender tries again.
	const { reception } = start(store);
	expect(keysOf(await reception.receive(request('a')).happenings)).toEqual(['a']);
	expect((await again(store, reception)).sort()).toEqual(['a', 'b']);
});

test('one that waits for late metadata is on disk meanwhile; the one that takes its place is all that comes', async () => {
	const store = memoryStore();
	const { reception } = start(store);
	const early = reception.receive(request('a1~'));
	expect((await early.answer).status).toBe(200);
	expect(await waits(store)).toHaveLength(1);
	const late = reception.receive(request('a2'));
	expect(keysOf(await late.happenings)).toEqual(['a2']);
	expect(await early.happenings).toEqual([]);
	expect(await again(store)).toEqual(['a2']);
});

test('stopped while it waits, it goes on, and is kept until it has', async () => {
	const store = memoryStore();
	const { reception } = start(store);
	const early = reception.receive(request('a1~'));
	await early.answer;
	reception.close();
	const [one] = await early.happenings;
	expect(one?.kept).toBe((await waits(store))[0]!.id);
});

describe('a store that cannot be written', () => {
	test('costs nothing of what would have come without it, and repeats stay repeats', async () => {
		const { store, fail } = under(memoryStore());
		const { reception, failures } = start(store);
		fail(new Error('the disk is full'));
		const first = reception.receive(request('a'));
		expect((await first.answer).status).toBe(200);
		const [one] = await first.happenings;
		expect([one?.kept, one?.raw]).toEqual([undefined, 'a']);
		expect(failures).toEqual([new Error('the disk is full')]);
		expect((await reception.receive(request('a')).answer).body).toContain('repeated');
		// Once it can be written again, and the other way round.
		fail();
		const after = reception.receive(request('a'));
		expect((await after.answer).body).toContain('repeated');
		expect(await after.happenings).toEqual([]);
		expect(await waits(store)).toEqual([]);
		expect(keysOf(await reception.receive(request('b')).happenings)).toEqual(['b']);
		fail(new Error('the disk is full'));
		expect((await reception.receive(request('b')).answer).body).toContain('repeated');
	});

	test('keeps nobody waiting: what is written after all is not told twice', async () => {
		const { store, stop, go } = under(memoryStore());
		const { reception, failures } = start(store);
		void stop();
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
		try {
			const { answer, happenings } = reception.receive(request('a'));
			await jest.advanceTimersByTimeAsync(10_000);
			expect((await answer).status).toBe(200);
			expect(keysOf(await happenings)).toEqual(['a']);
			expect(failures).toMatchObject([{ class: 'Unreachable' }]);
		} finally {
			jest.useRealTimers();
		}
		go();
		await turns();
		expect(await waits(store)).toEqual([]);
	});
});

test('what comes over a connection is kept as well, and several processes know of each other’s', async () => {
	const store = memoryStore();
	const [one, other] = [start(store, { isShared: true }), start(store, { isShared: true })];
	const happening = { event: { key: 'a' }, raw: '', key: 'a' };
	const came = [await one.reception.settle([happening]), await other.reception.settle([happening])];
	expect(came.map((all) => all.length)).toEqual([1, 0]);
	expect(await waits(store)).toMatchObject([{ id: came[0]![0]!.kept }]);
});

test('with repeats let through, each is kept', async () => {
	const store = memoryStore();
	const { reception } = start(store, { window: 0 });
	for (let i = 0; i < 3; i++) expect(await reception.receive(request('a')).happenings).toHaveLength(1);
	expect(await again(store)).toEqual(['a', 'a', 'a']);
});

test('a request that tells of nothing is answered without the store', async () => {
	const { store, fail } = under(memoryStore());
	const { reception, failures } = start(store);
	fail(new Error('away'));
	expect((await reception.receive(request('')).answer).status).toBe(200);
	expect(failures).toEqual([]);
});
