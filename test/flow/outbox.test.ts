import { ChannelError, type ErrorFacts } from '../../src/core/base/errors';
import { read } from '../../src/core/base/field';
import type { FlowValues, Report } from '../../src/core/define/flow';
import { enter } from '../../src/core/deliver/flow/entering';
import { release } from '../../src/core/deliver/flow/releasing';
import { memoryStore } from '../../src/core/state/memory';
import { pump, wakePump } from '../../src/core/state/pump';
import type { Held } from '../../src/core/state/store';
import { outbox } from '../../src/flow/outbox/outbox.flow';
import { heldClock, quiet, type HeldClock } from '../heldClock';
import { fc, runs } from '../property';

const scope = 'w:n';
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const settings = (raw: object = {}) => read(outbox.fields, raw as never) as FlowValues;
const text = { en: 'No.', zh: '不。' };
const error = (kind: ChannelError['class'], facts: ErrorFacts = {}): Report => ({
	channel: 'bark',
	error: new ChannelError(kind, { ...text, en: `${kind}.` }, facts),
});
const ok: Report = { channel: 'bark', receipt: { ok: true, ids: ['1'] } };

interface Out {
	output: number;
	content: Record<string, unknown>;
	at: number;
}

/** An outbox with whatever stands behind it, which answers at once. */
function running(
	answer: (content: Record<string, unknown>, batch: Held) => Report[] | 'over' | 'silent',
	raw: object = {},
	clock: HeldClock = heldClock(),
) {
	const store = memoryStore(() => clock.now());
	const values = settings(raw);
	const out: Out[] = [];
	const start = (holder = 'main') =>
		pump({
			...{ store, scope, settings: '', holder, lease: 15 * minute, most: 16, clock, pace: outbox.pace?.(values) },
			// Nobody else keeps anything there.
			look: day,
			async emit({ id }) {
				const held = (await store.hold(scope, id, 'execution', minute))!;
				const { departure, judge } = await release(outbox, store, held, values, clock.random);
				const { output, content } = departure!;
				out.push({ output, content: content as Out['content'], at: clock.now() });
				const said = output === 0 ? answer(content as Out['content'], held) : 'over';
				const reports = typeof said === 'string' ? [] : said;
				await store.settle(scope, id, 'execution', await judge(reports, said !== 'silent'));
			},
		});
	let count = 0;
	const put = (content: Record<string, unknown>, more: object = {}) =>
		enter(outbox, store, scope, { id: String(count++), content, files: {} }, settings({ ...raw, ...more }));
	const bodies = (output = 0) => out.filter((each) => each.output === output).map(({ content }) => content.n);
	const counts = async () => {
		const { waiting, held, done, dead } = await store.status(scope);
		return { waiting, held, done, dead };
	};
	return { clock, store, out, start, put, bodies, counts };
}

const given = (out: Out) => (out.content.carillon as { givenUp: { reason: string; attempts: number } }).givenUp;

test('keeps what came in, delivers it, and remembers its receipt', async () => {
	const { put, start, bodies, counts, store } = running(() => [ok]);
	await put({ n: 1, message: { body: 'hello' } });
	expect(await counts()).toEqual({ waiting: 1, held: 0, done: 0, dead: 0 });
	const one = start();
	await quiet();
	expect(bodies()).toEqual([1]);
	expect(await store.list(scope, 'done', 10)).toMatchObject([
		{ result: { channels: [{ channel: 'bark', receipt: { ok: true, ids: ['1'] } }] } },
	]);
	await one.close();
});

test('the same arrival is kept once', async () => {
	const { store, counts } = running(() => [ok]);
	const arrival = { id: 'same', content: { n: 1 }, files: {} };
	await Promise.all([1, 2, 3].map(() => enter(outbox, store, scope, arrival, settings())));
	expect(await counts()).toMatchObject({ waiting: 1 });
});

test('keeps files beside the message', async () => {
	const { store } = running(() => [ok]);
	const data = new Uint8Array([1, 2, 3]);
	const files = { poster: { name: 'a.png', mime: 'image/png', data } };
	await enter(outbox, store, scope, { id: '1', content: { image: { binary: 'poster' } }, files }, settings());
	const [taken] = await store.take(scope, { holder: 'h', lease: minute, most: 1 });
	const { departure } = await release(outbox, store, taken!, settings());
	expect(departure).toMatchObject({ output: 0, files: { poster: { name: 'a.png', mime: 'image/png' } } });
	expect(await store.blob(scope, taken!.id, 'poster')).toEqual(data);
});

test.each([
	['a message that JSON holds in more than a megabyte', { content: { text: 'x'.repeat(1_100_000) }, files: {} }],
	[
		'a file of more than ten megabytes',
		{ content: {}, files: { film: { data: new Uint8Array(10 * 1024 * 1024 + 1) } } },
	],
])('refuses %s, with a sentence, and keeps the others', async (_, arrival) => {
	const { store, put, counts } = running(() => [ok]);
	await expect(enter(outbox, store, scope, { id: 'big', ...arrival }, settings())).rejects.toMatchObject({
		class: 'Invalid',
		text: { en: expect.stringMatching(/MB|KB/), zh: expect.stringMatching(/MB|KB/) },
	});
	await put({ n: 1 });
	expect(await counts()).toMatchObject({ waiting: 1 });
});

test('an outage of two days costs a lane few attempts, and no message', async () => {
	const clock = heldClock();
	const back = clock.now() + 2 * day;
	const { put, start, bodies, out, counts } = running(
		() => (clock.now() < back ? [error('Unreachable')] : [ok]),
		{},
		clock,
	);
	for (let n = 0; n < 20; n++) await put({ n });
	const one = start();
	await clock.advance(2 * day + 2 * hour);
	expect(bodies().slice(-20)).toEqual(Array.from({ length: 20 }, (_, n) => n));
	expect(out.length - 20).toBeGreaterThan(40);
	expect(out.length - 20).toBeLessThan(70);
	expect(await counts()).toEqual({ waiting: 0, held: 0, done: 20, dead: 0 });
	await one.close();
});

test('pauses grow from half a minute to an hour', async () => {
	const { put, start, out, clock } = running(() => [error('Unreachable')]);
	await put({ n: 1 });
	const one = start();
	await clock.advance(6 * hour);
	const pauses = out.slice(1).map(({ at }, n) => Math.round((at - out[n]!.at) / second));
	expect(pauses.slice(0, 10)).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
	await one.close();
});

test('pauses are spread by a fifth, either way', async () => {
	for (const [random, pause] of [
		[0, 24],
		[1, 36],
	] as const) {
		const { put, start, out, clock } = running(
			() => [error('Unreachable')],
			{},
			heldClock(undefined, () => random),
		);
		await put({ n: 1 });
		const one = start();
		await clock.advance(minute);
		expect((out[1]!.at - out[0]!.at) / second).toBeCloseTo(pause, 2);
		await one.close();
	}
});

test('what the service asks for comes first', async () => {
	const { put, start, out, clock } = running(() => [error('RateLimited', { retryAfter: 7_200 })]);
	await put({ n: 1 });
	const one = start();
	await clock.advance(3 * hour);
	expect(out.length).toBe(2);
	expect(out[1]!.at - out[0]!.at).toBeGreaterThanOrEqual(2 * hour);
	expect(out[1]!.at - out[0]!.at).toBeLessThanOrEqual(2.4 * hour);
	await one.close();
});

test('a revoked token pauses its lane, and a mended one loses nothing', async () => {
	let isMended = false;
	const { put, start, bodies, clock, store, out } = running(() => (isMended ? [ok] : [error('Unauthorized')]));
	for (let n = 0; n < 3; n++) await put({ n });
	const one = start();
	await clock.advance(day);
	expect(out.length).toBeGreaterThanOrEqual(20);
	expect(out.length).toBeLessThanOrEqual(26);
	expect(await store.list(scope, 'waiting', 1)).toMatchObject([{ error: 'Unauthorized.' }]);
	isMended = true;
	await clock.advance(2 * hour);
	expect(bodies().slice(-3)).toEqual([0, 1, 2]);
	await one.close();
});

test.each(['Invalid', 'Rejected'] as const)('what is %s is given up at once, and the lane goes on', async (kind) => {
	const { put, start, bodies, out, counts, store } = running(({ n }) => (n === 1 ? [error(kind)] : [ok]));
	for (let n = 0; n < 3; n++) await put({ n });
	const one = start();
	await quiet();
	expect(bodies()).toEqual([0, 1, 2]);
	expect(bodies(1)).toEqual([1]);
	expect(given(out.find(({ output }) => output === 1)!)).toMatchObject({ reason: `${kind}.`, attempts: 1 });
	expect(await counts()).toEqual({ waiting: 0, held: 0, done: 2, dead: 1 });
	expect(await store.list(scope, 'dead', 1)).toMatchObject([{ error: `${kind}.` }]);
	await one.close();
});

test('a rejection that may pass is tried again', async () => {
	let n = 0;
	const { put, start, bodies, clock } = running(() => (n++ < 2 ? [error('Rejected', { transient: true })] : [ok]));
	await put({ n: 1 });
	const one = start();
	await clock.advance(hour);
	expect(bodies()).toEqual([1, 1, 1]);
	expect(bodies(1)).toEqual([]);
	await one.close();
});

test.each([
	[true, [1, 1], []],
	[false, [1], [1]],
])('what is in doubt: repeated %s', async (repeatUnknown, sent, givenUp) => {
	let n = 0;
	const { put, start, bodies, clock } = running(
		() => (n++ === 0 ? [error('Unreachable', { unknown: true })] : [ok]),
		{ repeatUnknown },
	);
	await put({ n: 1 });
	const one = start();
	await clock.advance(hour);
	expect([bodies(), bodies(1)]).toEqual([sent, givenUp]);
	await one.close();
});

test('of several channels those that may still deliver decide, then those that refused', async () => {
	let isAway = true;
	const { put, start, bodies, clock } = running(() => [
		ok,
		error('Rejected'),
		...(isAway ? [error('Unreachable')] : [ok]),
	]);
	await put({ n: 1 });
	const one = start();
	await clock.advance(10 * minute);
	expect(bodies(1)).toEqual([]);
	isAway = false;
	await clock.advance(hour);
	expect(bodies(1)).toEqual([1]);
	await one.close();
});

test('a failure that the flow takes care of is delivered, and so is what nobody speaks of', async () => {
	const handled: Report = { channel: 'bark', handled: new ChannelError('Rejected', text) };
	const { put, start, counts } = running(({ n }) => (n === 1 ? [handled] : 'over'));
	await put({ n: 1 });
	await put({ n: 2 });
	const one = start();
	await quiet();
	expect(await counts()).toEqual({ waiting: 0, held: 0, done: 2, dead: 0 });
	await one.close();
});

test('where the host does not know when a flow ends, what nobody speaks of goes out thrice', async () => {
	const { put, start, bodies, out, clock } = running(() => 'silent');
	await put({ n: 1 });
	const one = start();
	await clock.advance(minute);
	expect([bodies(), bodies(1)]).toEqual([[1, 1, 1], [1]]);
	expect(given(out.at(-1)!).reason).toMatch(/3 times/);
	await one.close();
});

test('is given up after its time, not before, with the last error', async () => {
	const { put, start, bodies, clock, out, counts } = running(() => [error('Unreachable')], {
		keepFor: 1,
		language: 'zh',
	});
	await put({ n: 1 });
	await put({ n: 2 });
	const one = start();
	await clock.advance(day - 20 * second);
	expect(bodies(1)).toEqual([]);
	await clock.advance(minute);
	expect(bodies(1)).toEqual([1, 2]);
	// It was tried until the end.
	expect(
		out.find(({ output }) => output === 1)!.at - out.filter(({ output }) => output === 0).at(-1)!.at,
	).toBeLessThan(20 * second);
	expect(given(out.find(({ output }) => output === 1)!).reason).toMatch(/1 天.*已放弃/);
	expect(await counts()).toMatchObject({ waiting: 0, dead: 2 });
	await one.close();
});

test('sent again, what was given up has all of its time once more', async () => {
	let isMended = false;
	const { put, start, bodies, clock, store } = running(() => (isMended ? [ok] : [error('Rejected')]), { keepFor: 1 });
	await put({ n: 1 });
	const one = start();
	await clock.advance(3 * day);
	const [dead] = await store.list(scope, 'dead', 1);
	isMended = true;
	expect(await store.resend(scope, dead!.id)).toBe(true);
	wakePump(scope);
	await clock.advance(minute);
	expect([bodies(), bodies(1)]).toEqual([[1, 1], [1]]);
	// As often as somebody likes.
	isMended = false;
	const [done] = await store.list(scope, 'done', 1);
	await store.resend(scope, done!.id);
	wakePump(scope);
	await clock.advance(minute);
	expect([bodies(), bodies(1)]).toEqual([
		[1, 1, 1],
		[1, 1],
	]);
	await one.close();
});

test('a lane that waits holds up no other', async () => {
	const { put, start, bodies, clock } = running(({ to }) => (to === 'a' ? [error('Unreachable')] : [ok]));
	for (let n = 0; n < 4; n++) await put({ n, to: n % 2 ? 'b' : 'a' }, { lane: n % 2 ? 'b' : 'a' });
	const one = start();
	await clock.advance(10 * second);
	expect(bodies()).toEqual([0, 1, 3]);
	await one.close();
});

test('out of order nobody waits for anybody', async () => {
	const { put, start, bodies, clock } = running(({ n }) => (n === 0 ? [error('Unreachable')] : [ok]), {
		ordered: false,
	});
	for (let n = 0; n < 4; n++) await put({ n });
	const one = start();
	await clock.advance(10 * second);
	expect(bodies()).toEqual([0, 1, 2, 3]);
	await one.close();
});

type Fault = 'ok' | 'away' | 'refused' | 'no' | 'doubt' | 'silent';

/** Whatever the service does, and however often the pump is stopped and the clock moves. */
test('each message is delivered once, in its lane’s order, or comes out given up, once', async () => {
	const faults = fc.constantFrom<Fault>('ok', 'ok', 'ok', 'away', 'refused', 'no', 'doubt', 'silent');
	const step = fc.oneof(
		{ weight: 3, arbitrary: fc.record({ do: fc.constant('put' as const), lane: fc.constantFrom('a', 'b', 'c') }) },
		{
			weight: 2,
			arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3 * hour }) }),
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { minLength: 1, maxLength: 40 }),
			fc.array(faults, { minLength: 1, maxLength: 60 }),
			fc.boolean(),
			async (steps, script, repeatUnknown) => {
				let turn = 0;
				const delivered: number[] = [];
				const refused: number[] = [];
				const doubted: number[] = [];
				const answer = ({ n }: Record<string, unknown>): Report[] | 'silent' => {
					const fault = script[turn++ % script.length]!;
					if (fault === 'silent') return fault;
					if (fault === 'ok') delivered.push(n as number);
					if (fault === 'no') refused.push(n as number);
					if (fault === 'doubt' && !repeatUnknown) doubted.push(n as number);
					return {
						ok: [ok],
						away: [error('Unreachable')],
						refused: [error('Unauthorized')],
						no: [error('Rejected')],
						doubt: [error('Unreachable', { unknown: true })],
					}[fault];
				};
				const { put, start, clock, bodies, counts, store } = running(answer, { repeatUnknown });
				const lanes = new Map<number, string>();
				let one = start();
				for (const each of steps) {
					if (each.do === 'put') {
						const n = lanes.size;
						lanes.set(n, each.lane);
						await put({ n }, { lane: each.lane });
					} else if (each.do === 'wait') await clock.advance(each.ms);
					else {
						await one.close();
						one = start();
					}
					const { waiting, held, done, dead } = await counts();
					expect(waiting + held + done + dead).toBe(lanes.size);
				}
				await clock.advance(4 * day);
				await one.close();
				expect(await counts()).toMatchObject({ waiting: 0, held: 0 });
				const over = bodies(1) as number[];
				expect([...delivered, ...over].sort((a, b) => a - b)).toEqual([...lanes.keys()]);
				for (const n of [...refused, ...doubted]) expect(over).toContain(n);
				for (const lane of new Set(lanes.values())) {
					const ofLane = delivered.filter((n) => lanes.get(n) === lane);
					expect(ofLane).toEqual([...ofLane].sort((a, b) => a - b));
				}
				await store.close();
			},
		),
		{ numRuns: runs(40) },
	);
});
