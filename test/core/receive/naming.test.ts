import { number } from '../../../src/core/base/field';
import { isHappeningId } from '../../../src/core/message/happening';
import { readMessage } from '../../../src/core/message/message';
import { receptionist, type ReceptionSetup } from '../../../src/core/receive/reception';
import { memoryStore } from '../../../src/core/state/memory';
import type { KeyValues } from '../../../src/core/state/store';
import { defineTrigger, type Happening } from '../../../src/core/define/trigger';

const horn = defineTrigger({
	id: 'hornTrigger',
	name: 'Horn Trigger',
	zh: '号角触发器',
	docs: 'https://horn.invalid',
	description: { en: 'A horn', zh: '号角' },
	account: {},
	options: { most: number('Most', { zh: '上限', default: 20 }) },
	receive: () => ({ events: [] }),
});

const start = Date.UTC(2026, 4, 4, 12, 0, 7);
const minute = 60_000;
const out = () => Promise.reject(new Error('out of reach'));
/** Nothing is known of what was told: all goes on. */
const away = (): KeyValues => ({ get: out, set: out, delete: out, claim: out, update: out });

const at = (ms: number, setup: Partial<ReceptionSetup> = {}) =>
	receptionist(horn, {
		...{ account: {}, options: {}, store: away(), scope: 'node', now: () => start + ms },
		...setup,
	});
const told = (key: string | undefined, more: Partial<Happening> = {}): Happening => ({
	...{ event: { type: 'message' }, message: { body: 'toot' }, raw: {}, key },
	...more,
});
async function idOf(reception: ReturnType<typeof at>, happening: Happening): Promise<string> {
	const [one] = await reception.settle([happening]);
	return one!.id!;
}

test('the id stands in the event and in the message, and nowhere else', async () => {
	const [one] = await at(0).settle([told('a')]);
	expect(isHappeningId(one!.id)).toBe(true);
	expect(one).toEqual({
		...told('a'),
		id: one!.id,
		event: { type: 'message', happening: one!.id },
		message: { body: 'toot', happening: one!.id },
	});
});

test('an event that is no object stays as it is', async () => {
	const [one] = await at(0).settle([told('a', { event: 'toot', message: undefined })]);
	expect(one).toMatchObject({ event: 'toot' });
	expect(isHappeningId(one!.id)).toBe(true);
});

describe('the same happening', () => {
	test('has one id in every process, and in each after a restart', async () => {
		expect(await idOf(at(0), told('a'))).toBe(await idOf(at(20_000), told('a')));
	});

	test('told again within the window has the id of the first, though a new piece of time has begun', async () => {
		const store = away();
		const first = await idOf(at(40_000, { store }), told('a'));
		expect(await idOf(at(60_000, { store }), told('a'))).toBe(first);
		expect(await idOf(at(99_000, { store }), told('a'))).toBe(first);
	});

	test('told after the window is another', async () => {
		const store = away();
		const ids = [];
		for (const ms of [0, minute, 2 * minute, 3 * minute + 1]) ids.push(await idOf(at(ms, { store }), told('a')));
		expect(new Set(ids).size).toBe(4);
	});

	test('is the same for ever where its key names nothing else', async () => {
		const chat = told('slack:c:1', { remember: 86_400 });
		expect(await idOf(at(0), chat)).toBe(await idOf(at(90 * 86_400_000), chat));
	});

	test('has that also where repeats are let through', async () => {
		const options = { repeatWindow: 0 };
		const chat = told('slack:c:1', { remember: 86_400 });
		expect(await idOf(at(0, { options }), chat)).toBe(await idOf(at(5, { options }), chat));
	});

	test('told by a fuller telling keeps the id of what was claimed', async () => {
		const store = memoryStore();
		const bare = told('bare', { subject: 's', settle: 5 });
		const reception = at(0, { store });
		const both = [reception.settle([bare]), reception.settle([told('full', { subject: 's' })])];
		const [dropped, full] = await Promise.all(both);
		expect(dropped).toEqual([]);
		expect(full![0]!.id).toBe(await idOf(at(0), told('full')));
	});
});

describe('each has its own', () => {
	test('where repeats are let through', async () => {
		const options = { repeatWindow: 0 };
		expect(await idOf(at(0, { options }), told('a'))).not.toBe(await idOf(at(0, { options }), told('a')));
	});

	test('where nothing names it', async () => {
		expect(await idOf(at(0), told(undefined))).not.toBe(await idOf(at(0), told(undefined)));
	});

	test.each([
		['of another key', at(0), 'b'],
		['at another node', at(0, { scope: 'other' }), 'a'],
		['told in a row with another', at(0, { scope: 'no' }), 'dea'],
	])('%s', async (_, reception, key) => {
		expect(await idOf(reception, told(key))).not.toBe(await idOf(at(0), told('a')));
	});
});

test('a clock that was set back makes no new happening of a repeat, and no old one of a new', async () => {
	const store = away();
	const first = await idOf(at(0, { store }), told('a'));
	expect(await idOf(at(-minute / 2, { store }), told('a'))).toBe(first);
	expect(await idOf(at(-86_400_000, { store }), told('a'))).not.toBe(first);
});

test('thousands of keys are remembered, not all for ever', async () => {
	const store = away();
	const ids = new Set<string>();
	for (let n = 0; n < 10_002; n++) ids.add(await idOf(at(59_000 - 7_000, { store }), told(`k${n}`)));
	expect(ids.size).toBe(10_002);
	// It was forgotten, and is told in another piece of time.
	expect(ids.has(await idOf(at(54_000, { store }), told('k0')))).toBe(false);
	expect(ids.has(await idOf(at(54_000, { store }), told('k10001')))).toBe(true);
});

test.each(['concert', 'hp-short', 7, ['hp-0123456789012345678901'], 'hp-0123456789012345678901\n'])(
	'what came from outside as %p is no id of ours',
	(happening) => {
		expect(readMessage({ body: 'x', happening })).toEqual({ body: 'x' });
	},
);

test('a message that is read keeps its id', async () => {
	const [one] = await at(0).settle([told('a')]);
	expect(readMessage(one!.message)).toEqual({ body: 'toot', happening: one!.id });
});
