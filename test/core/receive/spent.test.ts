import { isSpentElsewhere, Spent, spentBeside } from '../../../src/core/receive/spent';
import { memoryStore } from '../../../src/core/state/memory';

const hour = 3_600_000;
const at = (signed: number) => ({ signature: `s${signed}`, signed, until: signed + hour });
const body = (text: string) => Buffer.from(text);

test('a signature is good for one body, as often as that comes', () => {
	const spent = new Spent();
	expect([1, 2].map(() => spent.take(at(0), body('a'), 0))).toEqual([true, true]);
	expect(['b', ''].map((other) => spent.take(at(0), body(other), 1))).toEqual([false, false]);
	expect(spent.take(at(1), body('b'), 1)).toBe(true);
});

test('what was forgotten is not taken for new: for age, nor for its number', () => {
	const old = new Spent();
	old.take(at(0), body('a'), 0);
	old.take(at(hour + 1), body('c'), hour + 1);
	// The clock was set back meanwhile.
	expect(old.take(at(0), body('b'), 0)).toBe(false);
	const full = new Spent(3);
	for (let time = 0; time < 10; time++) expect(full.take(at(time), body('a'), 10)).toBe(true);
	for (let time = 0; time < 10; time++) expect(full.take(at(time), body('b'), 10)).toBe(false);
	expect(full.take(at(10), body('b'), 10)).toBe(true);
});

test('receptions that follow each other on one store share it, others do not', () => {
	const store = memoryStore();
	expect(spentBeside(store)).toBe(spentBeside(store));
	expect(spentBeside(store)).not.toBe(spentBeside(memoryStore()));
});

test('processes that share a store share what was spent; one that cannot be reached refuses nobody', async () => {
	const store = memoryStore();
	const elsewhere = (text: string) => isSpentElsewhere(store, at(0), body(text), 1);
	expect([await elsewhere('a'), await elsewhere('a'), await elsewhere('b')]).toEqual([false, false, true]);
	expect(await isSpentElsewhere(store, at(1), body('b'), 1)).toBe(false);
	const away = { ...store, update: () => Promise.reject(new Error('away')) };
	expect(await isSpentElsewhere(away, at(0), body('b'), 1)).toBe(false);
	jest.useFakeTimers();
	try {
		const slow = { ...store, update: () => new Promise<never>(() => undefined) };
		const told = isSpentElsewhere(slow, at(0), body('b'), 1);
		await jest.advanceTimersByTimeAsync(500);
		expect(await told).toBe(false);
		expect(jest.getTimerCount()).toBe(0);
	} finally {
		jest.useRealTimers();
	}
});
