import { fc } from '../../../property';
import type { Clock } from '../../../../src/core/base/clock';
import { forgetTurns, hold, mostWaiting, takeTurn } from '../../../../src/core/deliver/send/pace';

const name = { en: 'Chime', zh: '钟声' };
const idle = new AbortController().signal;

/** A clock that a test moves: sleepers wake in order. */
function fakeClock() {
	let time = 1_000_000;
	const sleepers: { at: number; wake(): void }[] = [];
	const clock: Clock = {
		now: () => time,
		random: () => 0.5,
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				const sleeper = { at: time + ms, wake: resolve };
				sleepers.push(sleeper);
				signal.addEventListener('abort', () => {
					sleepers.splice(sleepers.indexOf(sleeper), 1);
					reject(signal.reason as Error);
				});
			}),
	};
	return {
		clock,
		async run(until: number) {
			for (;;) {
				await new Promise(setImmediate);
				sleepers.sort((a, b) => a.at - b.at);
				const next = sleepers[0];
				if (!next || next.at > until) break;
				time = next.at;
				sleepers.shift();
				next.wake();
			}
			time = until;
		},
	};
}

beforeEach(forgetTurns);

test('never more than the pace in any window, in order, none dropped', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 5 }),
			fc.integer({ min: 1, max: 10 }),
			fc.integer({ min: 1, max: 30 }),
			async (count, seconds, sends) => {
				forgetTurns();
				const { clock, run } = fakeClock();
				const sent: { index: number; at: number }[] = [];
				const all = Array.from({ length: sends }, (_, index) =>
					takeTurn([{ count, seconds }], 'account', '', name, clock, Infinity, idle).then(() =>
						sent.push({ index, at: clock.now() }),
					),
				);
				await run(clock.now() + 1_000_000);
				await Promise.all(all);
				expect(sent.map(({ index }) => index)).toEqual([...Array(sends).keys()]);
				for (const { at } of sent)
					expect(
						sent.filter((other) => other.at >= at && other.at < at + seconds * 1000).length,
					).toBeLessThanOrEqual(count);
			},
		),
		{ numRuns: 40 },
	);
});

test('targets have lines of their own beside the account’s', async () => {
	const { clock, run } = fakeClock();
	const paces = [
		{ count: 1, seconds: 10, per: 'target' as const },
		{ count: 2, seconds: 60 },
	];
	const sent: string[] = [];
	const started = clock.now();
	for (const target of ['a', 'b', 'a', 'c'])
		void takeTurn(paces, 'account', target, name, clock, Infinity, idle).then(() =>
			sent.push(`${target}@${(clock.now() - started) / 1000}`),
		);
	await run(started + 200_000);
	expect(sent).toEqual(['a@0', 'b@0', 'a@60', 'c@60']);
});

test('refuses at once what would come too late, and past the bound', async () => {
	const { clock } = fakeClock();
	const pace = [{ count: 1, seconds: 60 }];
	await takeTurn(pace, 'k', '', name, clock, clock.now() + 30_000, idle);
	await expect(takeTurn(pace, 'k', '', name, clock, clock.now() + 30_000, idle)).rejects.toMatchObject({
		class: 'RateLimited',
		retryAfter: 60,
	});
	const stop = new AbortController();
	const waiting = Array.from({ length: mostWaiting }, () =>
		takeTurn(pace, 'k', '', name, clock, Infinity, stop.signal).catch(() => undefined),
	);
	await expect(takeTurn(pace, 'k', '', name, clock, Infinity, idle)).rejects.toThrow(/already wait/);
	stop.abort(new Error('stopped'));
	await Promise.all(waiting);
});

test('a cancelled send gives its turn back', async () => {
	const { clock, run } = fakeClock();
	const pace = [{ count: 1, seconds: 10 }];
	await takeTurn(pace, 'k', '', name, clock, Infinity, idle);
	const stop = new AbortController();
	const cancelled = takeTurn(pace, 'k', '', name, clock, Infinity, stop.signal);
	stop.abort(new Error('stopped'));
	await expect(cancelled).rejects.toThrow('stopped');
	const started = clock.now();
	let at = 0;
	void takeTurn(pace, 'k', '', name, clock, Infinity, idle).then(() => (at = clock.now()));
	await run(started + 60_000);
	expect(at - started).toBe(10_000);
});

test('silence that the service asked for holds everyone', async () => {
	const { clock, run } = fakeClock();
	const pace = [{ count: 100, seconds: 1 }];
	const started = clock.now();
	hold(pace, 'k', '', started + 30_000);
	let at = 0;
	void takeTurn(pace, 'k', '', name, clock, Infinity, idle).then(() => (at = clock.now()));
	await run(started + 60_000);
	expect(at - started).toBe(30_000);
});

describe('a clock that is set back an hour', () => {
	const hour = 3_600_000;
	/** Sleeps by itself, as timers do whatever the clock says. */
	const shifty = () => {
		const slept: number[] = [];
		const clock = { time: 1_700_000_000_000, now: () => clock.time, random: () => 0.5 } as Clock & { time: number };
		clock.sleep = async (ms) => {
			slept.push(ms);
			clock.time += ms;
		};
		return { clock, slept };
	};
	const turn = (paces: Parameters<typeof takeTurn>[0], clock: Clock) =>
		takeTurn(paces, 'k', '', name, clock, clock.now() + 900_000, idle);

	test('holds up no turn for longer than the pace', async () => {
		const { clock, slept } = shifty();
		const pace = [{ count: 2, seconds: 60 }];
		await turn(pace, clock);
		clock.time += 10_000;
		await turn(pace, clock);
		clock.time -= hour;
		await turn(pace, clock);
		await turn(pace, clock);
		expect(slept).toEqual([50_000, 10_000]);
	});

	test('nor for longer than the service asked for', async () => {
		const { clock, slept } = shifty();
		const pace = [{ count: 9, seconds: 1 }];
		await turn(pace, clock);
		hold(pace, 'k', '', clock.now() + 30_000, clock.now());
		clock.time -= hour;
		await turn(pace, clock);
		await turn(pace, clock);
		clock.time -= hour;
		hold(pace, 'k', '', clock.now() + 20_000, clock.now());
		await turn(pace, clock);
		expect(slept).toEqual([30_000, 20_000]);
	});
});
