import { deliveries } from '../../../src/hosts/n8n/delivered';

test('an item of a run is remembered until the run is forgotten', () => {
	const memory = deliveries();
	const first = memory.of('run', 0);
	first.result = { ok: true };
	expect(memory.of('run', 0)).toBe(first);
	expect(memory.of('run', 1).result).toBeUndefined();
	expect(memory.of('another run', 0).result).toBeUndefined();
	memory.forget('run');
	expect(memory.of('run', 0).result).toBeUndefined();
	expect(memory.size).toBe(2);
});

test('the oldest runs go, never the one that is running', () => {
	const memory = deliveries(3);
	memory.of('a', 0).result = 1;
	memory.of('a', 1).result = 1;
	memory.of('b', 0).result = 1;
	memory.of('c', 0);
	expect(memory.size).toBe(2);
	expect(memory.of('b', 0).result).toBe(1);
	for (let item = 0; item < 10; item++) memory.of('c', item).result = item;
	expect(memory.size).toBe(10);
	expect(memory.of('c', 0).result).toBe(0);
	memory.of('d', 0);
	expect(memory.size).toBe(1);
});
