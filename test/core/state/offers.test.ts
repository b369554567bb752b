import { memoryStore } from '../../../src/core/state/memory';
import { Offers, times } from '../../../src/core/state/offers';

const scope = 'flow:node';

function open() {
	let now = 0;
	const store = memoryStore(() => 1_800_000_000_000 + now);
	const offers = new Offers(() => now);
	const make = async () => {
		const batch = { offer: offers.offer(store, scope) };
		return (await store.transact(scope, 'k', [], () => ({ batches: [batch] }))).batches[0]!;
	};
	const take = async () => (await store.take(scope, { holder: 'pump', lease: 1_000, most: 100 })).map(({ id }) => id);
	return { store, offers, make, take, pass: (ms: number) => void (now += ms) };
}

test('what a process made stays its own while it lives, and is anybody’s a lease after its end', async () => {
	const { offers, make, take, pass } = open();
	const id = await make();
	for (let beats = 0; beats < 20; beats++) {
		pass(times.beat);
		await offers.beat();
		expect(await take()).toEqual([]);
	}
	// It beats no more.
	pass(times.lease - 1);
	expect(await take()).toEqual([]);
	pass(1);
	expect(await take()).toEqual([id]);
});

test('what the host has not got to in a quarter of an hour is not waited for any longer', async () => {
	const { offers, make, take, pass } = open();
	const id = await make();
	let taken: string[] = [];
	let passed = 0;
	while (taken.length === 0 && passed < 2 * times.queued) {
		pass(times.beat);
		passed += times.beat;
		await offers.beat();
		taken = await take();
	}
	expect(taken).toEqual([id]);
	expect(passed).toBeGreaterThanOrEqual(times.queued);
	expect(passed).toBeLessThanOrEqual(times.queued + times.lease + times.beat);
});

test('what somebody has claimed is his, and costs no more beats', async () => {
	const { store, offers, make, pass } = open();
	const id = await make();
	await store.hold(scope, id, 'execution', 10 * times.queued);
	const extend = jest.spyOn(store, 'extend');
	for (let beats = 0; beats < 20; beats++) {
		pass(times.beat);
		await offers.beat();
	}
	const asked = extend.mock.calls.length;
	expect(asked).toBeLessThanOrEqual((2 * times.together) / times.beat + 1);
	await offers.beat();
	expect(extend.mock.calls.length).toBe(asked);
});

test('a store that is away for a beat, or two, takes nothing from anybody', async () => {
	const { store, offers, make, take, pass } = open();
	await make();
	const extend = jest
		.spyOn(store, 'extend')
		.mockRejectedValueOnce(new Error('away'))
		.mockRejectedValueOnce(new Error('away'));
	for (let beats = 0; beats < 10; beats++) {
		pass(times.beat);
		await offers.beat();
		expect(await take()).toEqual([]);
	}
	expect(extend).toHaveBeenCalledTimes(10);
});
