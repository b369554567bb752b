import { readFileSync } from 'node:fs';
import { frozenFile, storedNames, type Frozen } from '../../../scripts/frozen';

const frozen = JSON.parse(readFileSync(frozenFile, 'utf8')) as Frozen;
const now = storedNames();

test.each(Object.entries(frozen))('flows that hold %s find everything under its name', (type, names) => {
	const there = new Set(now[type] ?? []);
	expect(names.filter((name) => !there.has(name))).toEqual([]);
});

test('what is new is frozen too', () => {
	const unknown = Object.entries(now).flatMap(([type, names]) =>
		names.filter((name) => !frozen[type]?.includes(name)).map((name) => `${type} ${name}`),
	);
	// node scripts/run.mjs scripts/frozen.ts
	expect(unknown).toEqual([]);
});
