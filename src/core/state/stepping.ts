import { bounds, type Bounds } from './bounds';
import type { BatchRow, CellRow, Looked, Step } from './engine';
import type { Cell, Change, Decide, Input } from './store';
import { blobRows, decode, encode, name } from './values';

/** What one caller of `transact` wants. */
export interface Wish {
	inputs: readonly Input<unknown>[];
	decide: Decide<unknown, unknown, unknown>;
	/** Makes the ids of batches. */
	newId: () => string;
}

export interface Stepped {
	cell: CellRow;
	step: Step;
	/** JSON of each input's output, '' for none. */
	outputs: string[];
	repeated: boolean[];
}

export const emptyCell: CellRow = { state: null, items: 0, bytes: 0, counted: 0, wakeAt: null };

/**
 * The cell after a wish; pure but for `newId`.
 * @param seen outputs of the inputs that were seen, by id
 * @throws what `decide` throws; ChannelError `Invalid` where it wants to keep what cannot be kept
 */
export function stepped(
	before: CellRow,
	{ inputs, decide, newId }: Wish,
	seen: ReadonlyMap<string, string>,
	now: number,
	most: Bounds = bounds,
): Stepped {
	const repeated = inputs.map(({ id }, at) => seen.has(id) || inputs.findIndex((other) => other.id === id) !== at);
	const fresh = inputs.filter((_, at) => !repeated[at]);
	if (inputs.length > 0 && fresh.length === 0) return nothingNew(before, inputs, seen);
	const change = decide(shown(before), fresh, now) ?? {};
	const { cell, step } = applied(before, change, newId, most);
	step.seen = fresh.map(({ id }, at) => [
		name('input', id),
		change.outputs?.[at] === undefined ? '' : encode('output', change.outputs[at], most.itemBytes),
	]);
	const told = new Map([...seen, ...step.seen]);
	return {
		cell,
		step,
		outputs: inputs.map(({ id }) => told.get(id) ?? ''),
		repeated,
	};
}

const nothingNew = (cell: CellRow, inputs: Wish['inputs'], seen: ReadonlyMap<string, string>): Stepped => ({
	cell,
	step: { seen: [], append: [], batches: [] },
	outputs: inputs.map(({ id }) => seen.get(id) ?? ''),
	repeated: inputs.map(() => true),
});

const shown = ({ state, items, counted, wakeAt }: CellRow): Cell<unknown> => ({
	state: decode(state),
	items,
	counted,
	wakeAt: wakeAt ?? undefined,
});

function applied(before: CellRow, change: Change, newId: () => string, most: Bounds): { cell: CellRow; step: Step } {
	const cell = { ...before };
	const step: Step = { seen: [], append: [], batches: [] };
	if (change.state !== undefined) cell.state = change.state === null ? null : encode('state', change.state);
	if (change.wakeAt !== undefined) cell.wakeAt = change.wakeAt === null ? null : Math.ceil(change.wakeAt);
	for (const { value, blobs } of change.append ?? []) {
		const body = encode('item', value, most.itemBytes);
		if (cell.items >= most.items || cell.bytes + body.length > most.itemsBytes) {
			cell.counted++;
			continue;
		}
		step.append.push({ body, blobs: blobRows(blobs) });
		cell.items++;
		cell.bytes += body.length;
	}
	for (const { lane, dueAt, body, blobs, take = 0, offer } of change.batches ?? []) {
		const taken = take === 'all' ? cell.items : Math.max(0, Math.min(cell.items, Math.floor(take)));
		const batch: BatchRow = {
			id: newId(),
			lane: lane === undefined ? null : name('lane', lane),
			dueAt: dueAt === undefined ? null : Math.ceil(dueAt),
			body: encode('body', body),
			blobs: blobRows(blobs),
			take: taken,
			counted: take === 'all' ? cell.counted : 0,
			offer: offer ? { holder: name('holder', offer.holder), lease: offer.lease } : null,
		};
		if (take === 'all') cell.counted = 0;
		// Which of the bytes went is not known here: their share will do for a bound.
		cell.bytes = cell.items === taken ? 0 : Math.floor(cell.bytes * (1 - taken / cell.items));
		cell.items -= taken;
		step.batches.push(batch);
	}
	return { cell, step };
}

/** Nothing is remembered in it, and nothing waits. */
export const isEmpty = ({ state, items, counted, wakeAt }: CellRow) =>
	state === null && items === 0 && counted === 0 && wakeAt === null;

/** Whether it writes anything at all. */
export const isIdle = (before: Looked, after: CellRow, steps: readonly Step[]) =>
	steps.every(({ seen, append, batches }) => seen.length + append.length + batches.length === 0) &&
	JSON.stringify(before.cell ?? emptyCell) === JSON.stringify(after);
