import type { Arrival, Flow, FlowValues, Passage } from '../../define/flow';
import { wakePump } from '../../state/pump';
import type { Store } from '../../state/store';

/** Takes what came in. Once it resolves it is kept; one that came before changes nothing. */
export async function enter(
	flow: Flow,
	store: Store,
	scope: string,
	arrival: Arrival,
	values: FlowValues,
): Promise<Passage | undefined> {
	const { key, decide } = flow.enter(arrival, values);
	const inputs = [{ id: arrival.id, value: undefined as never }];
	const { outputs, batches } = await store.transact(scope, key, inputs, decide);
	if (batches.length > 0) wakePump(scope);
	return outputs[0];
}

/** Steps a key whose time has come, for a pump. */
export function stepOf(flow: Flow, store: Store, scope: string, values: FlowValues) {
	const { step } = flow;
	return step && ((key: string, why: 'due' | 'settings') => store.transact(scope, key, [], step(values, why)));
}
