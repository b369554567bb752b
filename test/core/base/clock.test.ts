import { fc } from '../../property';
import { neverBack } from '../../../src/core/base/clock';
import { memoryStore } from '../../../src/core/state/memory';
import { forgetTokens, tokenOf } from '../../../src/core/deliver/send/token';

const hour = 3_600_000;
const start = 1_700_000_000_000;

test('time to measure by never goes back, and runs as the given one does', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: -2 * hour, max: 10_000 })), (steps) => {
			let time = start;
			const now = neverBack(() => time);
			let before = now();
			expect(before).toBe(start);
			for (const step of steps) {
				time += step;
				const after = now();
				expect(after - before).toBe(Math.max(0, step));
				before = after;
			}
		}),
		{ seed: 3 },
	);
});

test('what a store remembers is forgotten in time though the clock is set back', async () => {
	let time = start;
	const store = memoryStore(() => time);
	expect(await store.claim('key', 60)).toBe(true);
	time -= hour;
	expect(await store.claim('key', 60)).toBe(false);
	time += 59_000;
	expect(await store.claim('key', 60)).toBe(false);
	time += 1_000;
	expect(await store.claim('key', 60)).toBe(true);
});

test('a token whose age nobody knows is asked for anew', async () => {
	forgetTokens();
	let asked = 0;
	const token = (now: number) => tokenOf('k', now, async () => ({ value: `t${++asked}`, seconds: 7_200 }));
	expect([await token(start), await token(start + 100_000), await token(start + 100_000 - hour)]).toEqual([
		't1',
		't1',
		't2',
	]);
	expect(await token(start - hour + 200_000)).toBe('t2');
	forgetTokens();
});
