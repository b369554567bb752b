import { definitions } from '../../scripts/definitions';
import { isChannelError } from '../../src/core/base/errors';
import type { Field } from '../../src/core/base/field';
import type { Flow } from '../../src/core/define/flow';
import { isPassing, type Passing } from '../../src/core/define/passing';
import { commandIn } from '../../src/core/deliver/flow/commanding';
import { eventTypes } from '../../src/core/message/event';
import { bounds } from '../../src/core/state/bounds';
import { flowBench } from '../flow/flowBench';
import { heldClock, quiet } from '../heldClock';
import { fc, runs } from '../property';

/** What holds for every node in the middle of a flow that keeps something, whichever there are. */

const day = 86_400_000;
const flows = definitions()
	.flatMap(({ kind, definition }) => (kind === 'flow' ? [definition as Flow | Passing] : []))
	.filter((flow): flow is Flow => !isPassing(flow));

test('they are found', () => expect(flows.length).toBeGreaterThan(0));

/** Whatever its choices and switches may be set to; numbers stay as they come. */
const settingsOf = ({ fields, each = [] }: Flow) =>
	fc.record(
		Object.fromEntries(
			Object.entries(fields).flatMap(([name, { kind, options = {} }]): [string, fc.Arbitrary<unknown>][] => {
				if (['store', 'language'].includes(name)) return [];
				if (kind === 'choice') return [[name, fc.constantFrom(...Object.keys(options))]];
				if (kind === 'choices') return [[name, fc.subarray(Object.keys(options))]];
				if (kind === 'toggle') return [[name, fc.boolean()]];
				return each.includes(name) ? [[name, fc.constantFrom('a', 'b')]] : [];
			}),
		),
	);

const message = fc.record(
	{
		type: fc.constantFrom(...Object.keys(eventTypes), 'made.up'),
		level: fc.constantFrom('info', 'success', 'warning', 'failure'),
		to: fc.constantFrom('ada', ['bob', 'cy']),
		audience: fc.constantFrom('admin', 'user'),
		origin: fc.constantFrom('manual', 'automatic'),
	},
	{ requiredKeys: [] },
);

describe.each(flows.map((flow) => [flow.id, flow] as const))('%s', (_id, flow) => {
	test('whatever comes comes out, once, however the node is set and whatever befalls it', async () => {
		const doing = fc.oneof(
			{ weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), message, hasEvent: fc.boolean() }) },
			{
				weight: 2,
				arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: day }) }),
			},
			{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), raw: settingsOf(flow) }) },
			{
				weight: 1,
				arbitrary: fc.record({
					do: fc.constant('set' as const),
					ms: fc.integer({ min: -2 * day, max: 2 * day }),
				}),
			},
		);
		await fc.assert(
			fc.asyncProperty(
				settingsOf(flow),
				fc.array(doing, { minLength: 1, maxLength: 15 }),
				async (first, steps) => {
					let raw = first;
					const made = flowBench(flow, {});
					const { put, out, clock, nextDue } = made;
					let running = made.start(raw);
					let count = 0;
					const outsWith = (n: number) =>
						out.filter(({ content }) => JSON.stringify(content).includes(`Mark${n}.`)).length;
					for (const each of steps) {
						if (each.do === 'put') {
							const told = { ...each.message, title: `Mark${count}.`, body: 'x' };
							const event = { source: 'x', type: each.message.type ?? 'message', time: '' };
							await put({ message: told, ...(each.hasEvent && { event }) }, raw);
							count++;
						} else if (each.do === 'wait') await clock.advance(each.ms);
						else if (each.do === 'set') clock.set(clock.now() + each.ms);
						else {
							await running.close();
							raw = each.raw;
							running = made.start(raw);
						}
						await quiet();
						const isOut = Array.from({ length: count }, (_, n) => outsWith(n)).every(
							(times) => times === 1,
						);
						// What is not out yet will be.
						if (!isOut) expect(await nextDue()).toBeDefined();
					}
					await clock.advance(9 * day);
					expect(Array.from({ length: count }, (_, n) => outsWith(n))).toEqual(
						Array.from({ length: count }, () => 1),
					);
					await running.close();
					await made.store.close();
				},
			),
			{ numRuns: runs(40) },
		);
	}, 60_000);

	test('anything at all is taken, or refused with a sentence', async () => {
		const made = flowBench(flow);
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(fc.constantFrom('message', 'payload', 'event', 'topic', 'carillon', 'x'), fc.anything()),
				fc.constantFrom('message' as const, 'payload' as const),
				async (given, place) => {
					// Both hosts hand over what JSON can hold.
					const content = JSON.parse(
						JSON.stringify(given, (_, one: unknown) => (typeof one === 'bigint' ? 1 : one)),
					) as object;
					const before = made.out.length;
					try {
						const { waiting } = await made.put(content, {}, { place });
						const { waiting: batches } = await made.status();
						expect(waiting + batches + made.out.length - before).toBeGreaterThan(0);
					} catch (error) {
						if (!isChannelError(error)) throw error;
						for (const text of [error.text.en, error.text.zh]) expect(text).toMatch(/\S/);
					}
				},
			),
			{ numRuns: runs(200) },
		);
		await made.store.close();
	}, 60_000);

	test('a command in whatever shape is done or refused with a sentence, and is never taken for a message', () => {
		const shapes: object[] = ['flush', 'reset', 'ack'].flatMap((name) => [
			{ [name]: true },
			{ [name]: 'a key' },
			{ carillon: { command: name } },
			{ carillon: { command: name, key: 'a key' } },
			{ carillon: { command: { [name]: true } } },
		]);
		const foreign = [
			{ carillon: { command: 'explode' } },
			{ carillon: { command: 7 } },
			{ carillon: { command: ['flush'] } },
			{ carillon: { command: {} } },
			{ carillon: { command: 'flush', key: 7 } },
		];
		const answers = [...shapes, ...foreign].map((shape) => {
			try {
				return commandIn(flow, { message: 'x', payload: 'x', ...shape }) === undefined ? 'a message' : 'done';
			} catch (error) {
				expect(error).toMatchObject({ class: 'Invalid', field: 'command' });
				return 'refused';
			}
		});
		expect(answers).not.toContain('a message');
		expect(answers.slice(shapes.length)).toEqual(foreign.map(() => 'refused'));
		expect(answers.filter((one) => one === 'done').length).toBe(5 * (flow.commands?.length ?? 0));
		for (const none of [
			{},
			{ flush: false },
			{ reset: null },
			{ carillon: {} },
			{ carillon: { digest: { count: 1 } } },
		])
			expect(commandIn(flow, none)).toBeUndefined();
	});

	test('a number, a time or a choice that cannot be is told at its field', () => {
		const { valuesOf } = flowBench(flow);
		const broken = Object.entries(flow.fields).flatMap(([name, field]): [string, unknown][] =>
			wrong(field).map((value) => [name, value]),
		);
		expect(broken.length).toBeGreaterThan(0);
		for (const [name, value] of broken) {
			const { show = {} } = flow.fields[name]!;
			const shown = Object.fromEntries(Object.entries(show).map(([key, [first]]) => [key, first]));
			expect({ name, value, error: thrown(() => valuesOf({ ...shown, [name]: value })) }).toEqual({
				...{ name, value },
				error: expect.objectContaining({ class: 'Invalid', field: name }),
			});
		}
	});

	test('of more keys than there is room for the oldest go, and are counted; what cannot be kept is refused', async () => {
		const room = 500;
		const { put, keys, status, out, store } = flowBench(flow, always, heldClock(), {
			...bounds,
			keys: room,
			batches: room,
		});
		let refused = 0;
		for (let n = 0; n < 2 * room; n++)
			await put(another(n)).catch((error: unknown) => {
				expect(error).toMatchObject({ class: 'Rejected' });
				refused++;
			});
		const { waiting, dropped } = await status();
		const left = await keys();
		expect(left.length).toBeLessThanOrEqual(room);
		if (left.length > 0) expect([left.length, dropped >= room]).toEqual([room, true]);
		// Where nothing is remembered by a key each waits for itself, or is refused.
		if (left.length === 0) expect(waiting + refused + out.length).toBe(2 * room);
		await store.close();
	}, 60_000);
});

/** So that each is held, where a node goes by the clock on the wall. */
const always = { from: '00:00', to: '00:00' };
const another = (n: number) => ({
	message: { title: `t${n}`, body: 'x', type: 'task.failed', level: 'info', to: `u${n}` },
	event: { source: 'x', type: 'task.failed', time: '' },
});

test('100,000 keys, and more, through a machine: no more are kept, and what goes is counted', async () => {
	const dedupe = flows.find(({ id }) => id === 'dedupe')!;
	const { put, status, out, store } = flowBench(dedupe);
	const more = 50;
	for (let n = 0; n < bounds.keys + more; n++) await put(another(n));
	expect(await status()).toMatchObject({ keys: bounds.keys, dropped: more });
	out.length = 0;
	for (const n of [0, more - 1, bounds.keys + more - 1]) await put(another(n));
	// Those that went are new again.
	expect(out.map(({ output }) => output)).toEqual([0, 0, 1]);
	await store.close();
}, 120_000);

function thrown(run: () => unknown): unknown {
	try {
		run();
		return undefined;
	} catch (error) {
		return error;
	}
}

/** Values that a field cannot have. */
function wrong({ kind, min, max, options, check }: Field): unknown[] {
	if (kind === 'number')
		return ['soon', ...(min === undefined ? [] : [min - 1]), ...(max === undefined ? [] : [max + 1])];
	if (kind === 'choice' && options) return ['none of them'];
	if (kind === 'choices' && options) return [['none of them']];
	return check ? (kind === 'list' ? [['25:61 o’clock']] : ['25:61 o’clock']) : [];
}
