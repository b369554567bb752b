import { portsOf } from '../../../src/hosts/node-red/editor/branches';
import { fc, runs } from '../../property';

/** As Node-RED's editor moves the wires of a node by what its form says of its outputs. */
function moved(wires: readonly string[], ports: Readonly<Record<string, number>>): (string | undefined)[] {
	const count = Object.values(ports).filter((at) => at !== -1).length;
	const after: (string | undefined)[] = Array.from({ length: count });
	wires.forEach((wire, was) => {
		const now = ports[was]!;
		if (now !== -1) after[now] = wire;
	});
	return after;
}

test('a wire stays with its row, wherever rows are moved, taken away or added; the last output stays the last', () => {
	const places = fc
		.tuple(fc.shuffledSubarray([0, 1, 2, 3, 4]), fc.nat(3), fc.infiniteStream(fc.nat(8)))
		.map(([kept, fresh, where]) => {
			const rows: (number | undefined)[] = [...kept];
			for (let count = 0; count < fresh; count++)
				rows.splice(where.next().value! % (rows.length + 1), 0, undefined);
			return rows;
		});
	fc.assert(
		fc.property(places, (rows) => {
			const before = 5;
			const wires = [...Array.from({ length: before }, (_, at) => `row ${at}`), 'otherwise'];
			const after = moved(wires, portsOf(before, rows, 1));
			expect(after).toEqual([...rows.map((was) => (was === undefined ? undefined : `row ${was}`)), 'otherwise']);
		}),
		{ numRuns: runs(300) },
	);
});
