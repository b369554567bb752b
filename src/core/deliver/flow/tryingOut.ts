import type { Arrival, Departure, FileFacts, Flow, FlowValues } from '../../define/flow';
import { memoryStore } from '../../state/memory';
import { command } from './commanding';
import { enter } from './entering';

/** What comes out, with its files. */
export interface Tried extends Omit<Departure, 'files'> {
	files: Readonly<Record<string, FileFacts & { data: Uint8Array }>>;
}

const scope = 'tried';
const most = 10_000;

/**
 * What a node that remembers nothing yet would let out of these, all of it at once; nothing is kept.
 * @param arrivals at least one, each with what the node says for it
 */
export async function tryOut(
	flow: Flow,
	arrivals: readonly { arrival: Arrival; values: FlowValues }[],
): Promise<Tried[]> {
	const values = arrivals[0]!.values;
	const store = memoryStore();
	try {
		const out: Tried[] = [];
		for (const [index, { arrival, values }] of arrivals.entries()) {
			const { passes } = await enter(flow, store, scope, { ...arrival, id: String(index) }, values);
			if (passes) out.push({ ...passes, files: arrival.files });
		}
		if (flow.commands?.includes('flush')) await command(flow, store, scope, { command: 'flush' }, values);
		for (const batch of await store.take(scope, { holder: 'hand', lease: 60_000, most })) {
			const departure = flow.release({ batch, values, now: await store.now(scope) });
			await store.settle(scope, batch.id, 'hand', { done: null });
			if (!departure) continue;
			const files: Record<string, FileFacts & { data: Uint8Array }> = {};
			for (const [name, { stored = name, ...facts }] of Object.entries(departure.files ?? {})) {
				const data = await store.blob(scope, batch.id, stored);
				if (data) files[name] = { ...facts, data };
			}
			out.push({ ...departure, files });
		}
		return out;
	} finally {
		await store.close();
	}
}
