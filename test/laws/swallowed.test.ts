import { Refusal } from '../../src/core/define/trigger';
import type { Happening } from '../../src/core/define/trigger';
import { senders } from '../../src/services/senders';
import { receive } from '../services/webhook/receiving';
import { at, knownBodies, leavesOf, sources, withLeaf, type Known } from './bodies';

const ids: readonly string[] = senders.map(({ id }) => id);
const bodies = knownBodies(ids);
console.log(`Bodies: ${bodies.length}, of ${sources}`);

/** As it comes in on the path that names its sender; nothing where it is refused. */
function heard({ sender, value }: Omit<Known, 'name'>, minutes = 0): readonly Happening[] {
	try {
		const request = { path: `/webhook/${sender}` };
		return receive(value, { request, minutes }).events;
	} catch (error) {
		if (error instanceof Refusal) return [];
		throw error;
	}
}

/** What readers get, without the moment in which it was told. */
function shown({ message }: Happening): string {
	const { key: _, time: __, ...rest } = message!;
	return JSON.stringify(rest, (_, value: unknown) =>
		value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
	);
}

/** What might stand in a leaf's place. */
function othersThan(leaf: unknown): unknown[] {
	const others: unknown[] = [undefined];
	if (typeof leaf === 'string') {
		others.push(`${leaf} II`);
		if (/^\d+$/.test(leaf)) others.push(String(Number(leaf) + 1));
		if (URL.canParse(leaf)) others.push('https://other.example/1.jpg');
		if (/^(?:true|false)$/i.test(leaf)) others.push(/^t/i.test(leaf) ? 'False' : 'True');
	} else if (typeof leaf === 'number') others.push(leaf + 1, leaf * 10 + 600_000_000);
	else if (typeof leaf === 'boolean') others.push(!leaf);
	else others.push('Quux', 7);
	return others;
}

/** The same, its names in the opposite order. */
function backwards(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(backwards);
	if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
	return Object.fromEntries(
		Object.entries(value)
			.reverse()
			.map(([name, each]) => [name, backwards(each)]),
	);
}

test.each(ids)('there is a body of %s', (id) => {
	expect(bodies.filter(({ sender }) => sender === id)).not.toHaveLength(0);
});

describe.each(ids)('%s', (id) => {
	const own = bodies.filter(({ sender }) => sender === id);

	test('the same happening delivered again has the same key, now and later', () => {
		const missing = own.filter((body) => {
			const [first, again, later] = [heard(body), heard(body), heard(body, 1)];
			const keys = first.map(({ key }) => key);
			return (
				!first.length ||
				keys.includes(undefined) ||
				JSON.stringify(keys) !== JSON.stringify(again.map(({ key }) => key)) ||
				JSON.stringify(keys) !== JSON.stringify(later.map(({ key }) => key))
			);
		});
		expect(missing.map(({ name }) => name)).toEqual([]);
	});

	test('the same happening has the same key in whatever order its names are written', () => {
		const other = own.filter((body) => {
			const [given, turned] = [heard(body), heard({ ...body, value: backwards(body.value) })];
			// An object that nobody knows is shown as it came.
			return turned.some((each, index) => shown(each) === shown(given[index]!) && each.key !== given[index]?.key);
		});
		expect(other.map(({ name }) => name)).toEqual([]);
	});

	test('what reads otherwise has another key, whichever leaf differs', () => {
		const swallowed = new Set<string>();
		let told = 0;
		for (const { name, value } of own) {
			const [given] = heard({ sender: id, value });
			for (const path of leavesOf(value)) {
				for (const leaf of othersThan(at(value, path))) {
					const [other] = heard({ sender: id, value: withLeaf(value, path, leaf) });
					if (!given || !other || shown(other) === shown(given)) continue;
					told++;
					if (other.key === given.key) swallowed.add(`${name}: ${path.join('.')} = ${JSON.stringify(leaf)}`);
				}
			}
		}
		expect([...swallowed]).toEqual([]);
		// Changes that nobody sees would test nothing.
		expect(told).toBeGreaterThan(own.length);
	});
});
