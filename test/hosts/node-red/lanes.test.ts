import { fc } from '../../property';
import { lanes, type LanesOptions } from '../../../src/hosts/node-red/lanes';

const make = (options: Partial<LanesOptions> = {}) =>
	lanes({
		atOnce: 2,
		most: 5,
		patience: 1_000,
		full: () => new Error('full'),
		closed: () => new Error('closed'),
		...options,
	});

/** A task that ends when told to. */
function task() {
	let end!: (value: string) => void;
	let fail!: (error: Error) => void;
	let isStarted = false;
	const ended = new Promise<string>((resolve, reject) => ([end, fail] = [resolve, reject]));
	return { run: () => ((isStarted = true), ended), end, fail, started: () => isStarted };
}

const settled = () => new Promise((done) => setImmediate(done));

afterEach(() => jest.useRealTimers());

test('one lane goes one by one, in order', async () => {
	const queue = make();
	const [a, b] = [task(), task()];
	const results = [queue.run('x', a.run), queue.run('x', b.run)];
	expect([a.started(), b.started()]).toEqual([true, false]);
	a.end('a');
	await settled();
	expect(b.started()).toBe(true);
	b.end('b');
	expect(await Promise.all(results)).toEqual(['a', 'b']);
	expect(queue.size).toBe(0);
});

test('lanes go side by side, up to so many at once', async () => {
	const queue = make();
	const [a, b, c] = [task(), task(), task()];
	[a, b, c].forEach((each, at) => void queue.run(`${at}`, each.run));
	expect([a, b, c].map(({ started }) => started())).toEqual([true, true, false]);
	b.end('');
	await settled();
	expect(c.started()).toBe(true);
});

test('a slow one holds up its lane no longer than the patience', async () => {
	jest.useFakeTimers();
	const queue = make();
	const [a, b, c] = [task(), task(), task()];
	[a, b, c].forEach((each) => void queue.run('x', each.run));
	jest.advanceTimersByTime(999);
	expect(b.started()).toBe(false);
	jest.advanceTimersByTime(1);
	expect([b.started(), c.started()]).toEqual([true, false]);
	// That the first ends now must not let the third pass the second.
	a.end('');
	await jest.advanceTimersByTimeAsync(0);
	expect(c.started()).toBe(false);
});

test('a failed one is told, and does not stop the lane', async () => {
	const queue = make();
	const a = task();
	const result = queue.run('x', a.run);
	const thrower = queue.run('x', () => {
		throw new Error('at once');
	});
	const last = queue.run('x', async () => 'last');
	a.fail(new Error('later'));
	await expect(result).rejects.toThrow('later');
	await expect(thrower).rejects.toThrow('at once');
	expect(await last).toBe('last');
});

test('past its bound it takes no more', async () => {
	const queue = make({ most: 2 });
	const [a, b] = [task(), task()];
	void queue.run('x', a.run);
	void queue.run('x', b.run);
	await expect(queue.run('x', async () => 1)).rejects.toThrow('full');
	a.end('');
	await settled();
	expect(queue.size).toBe(1);
});

test('closing drops what waits, waits for what is under way, and takes no more', async () => {
	const queue = make();
	const [a, b] = [task(), task()];
	const first = queue.run('x', a.run);
	const second = queue.run('x', b.run);
	const closing = queue.close();
	await expect(second).rejects.toThrow('closed');
	await expect(queue.run('x', async () => 1)).rejects.toThrow('closed');
	a.end('a');
	expect(await first).toBe('a');
	expect(await closing).toBe(1);
	expect(b.started()).toBe(false);
});

test('whatever comes in whatever order: all end, each lane in order, never too many at once', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.record({
					lane: fc.integer({ min: 0, max: 3 }),
					ms: fc.integer({ min: 0, max: 3 }),
					fails: fc.boolean(),
				}),
				{ maxLength: 40 },
			),
			async (tasks) => {
				const queue = make({ most: 100, atOnce: 3 });
				const order: Record<number, number[]> = {};
				let now = 0;
				let most = 0;
				const results = tasks.map(({ lane, ms, fails }, at) =>
					queue.run(`${lane}`, async () => {
						(order[lane] ??= []).push(at);
						most = Math.max(most, ++now);
						await new Promise((done) => setTimeout(done, ms));
						now--;
						if (fails) throw new Error('no');
					}),
				);
				const outcomes = await Promise.allSettled(results);
				expect(outcomes.map(({ status }) => status)).toEqual(
					tasks.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
				);
				for (const started of Object.values(order)) expect(started).toEqual([...started].sort((a, b) => a - b));
				expect(most).toBeLessThanOrEqual(3);
				expect(queue.size).toBe(0);
			},
		),
		{ numRuns: 50 },
	);
});
