import type { Arrival, Content, Flow, FlowValues, Passage } from '../../define/flow';
import { wakePump } from '../../state/pump';
import type { Change, Decide, Store } from '../../state/store';

export interface Entered {
	/** It goes on at once. */
	passes?: { output: number; content: Content };
	/** How many wait under its key now, and until when, where that is known. */
	waiting: number;
	until?: number;
	/** Whether something comes out later, of its own accord. */
	comesLater: boolean;
}

/** Takes what came in. Once it resolves it is kept; one that came before changes nothing. */
export async function enter(
	flow: Flow,
	store: Store,
	scope: string,
	arrival: Arrival,
	values: FlowValues,
): Promise<Entered> {
	const on = (passage: Passage) => ({
		output: passage.output,
		content: flow.passing?.(arrival, passage, values) ?? arrival.content,
	});
	const entry = flow.enter(arrival, values);
	if ('passes' in entry) return { passes: on(entry.passes), waiting: 0, comesLater: false };
	const inputs = [{ id: arrival.id, value: undefined as never }];
	const { decide, after } = watched(entry.decide);
	const { outputs, batches } = await store.transact(scope, entry.key, inputs, decide);
	if (batches.length > 0) wakePump(scope);
	const [passage] = outputs;
	const { wakeAt, ...left } = after();
	const comesLater = batches.length > 0 || wakeAt !== undefined;
	return { ...(passage && { passes: on(passage) }), ...left, comesLater };
}

/** Sees what a decision leaves; the last time that it is asked counts. */
function watched<O>(given: Decide<never, O, unknown>) {
	let left: Pick<Entered, 'waiting' | 'until'> & { wakeAt?: number } = { waiting: 0 };
	const decide: Decide<never, O, unknown> = (cell, inputs, now) => {
		const change: Change<O, unknown> = given(cell, inputs, now) ?? {};
		const taken = change.batches?.some(({ take }) => take === 'all') ?? false;
		const waiting = taken ? 0 : cell.items + cell.counted + (change.append?.length ?? 0);
		const wakeAt = change.wakeAt === undefined ? cell.wakeAt : (change.wakeAt ?? undefined);
		left = { waiting, wakeAt, ...(waiting > 0 && wakeAt !== undefined && { until: wakeAt }) };
		return change;
	};
	return { decide, after: () => left };
}

/** Steps a key whose time has come, for a pump. */
export function stepOf(flow: Flow, store: Store, scope: string, values: FlowValues) {
	const { step } = flow;
	return step && ((key: string, why: 'due' | 'settings') => store.transact(scope, key, [], step(values, why)));
}
