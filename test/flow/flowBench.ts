import { read } from '../../src/core/base/field';
import { inZone, type Arrival, type Flow, type FlowValues } from '../../src/core/define/flow';
import { command } from '../../src/core/deliver/flow/commanding';
import { enter, stepOf } from '../../src/core/deliver/flow/entering';
import { release } from '../../src/core/deliver/flow/releasing';
import type { Message } from '../../src/core/message/message';
import type { Bounds } from '../../src/core/state/bounds';
import { memoryStore } from '../../src/core/state/memory';
import { pump, wakePump } from '../../src/core/state/pump';
import { heldClock, type HeldClock } from '../heldClock';

export interface Out {
	output: number;
	content: {
		message?: Message & { title: string };
		payload?: Message;
		carillon?: Record<string, unknown> & { digest?: { count: number } };
		[more: string]: unknown;
	};
	/** Names of its files, with how many bytes the store has of each. */
	files: Record<string, number>;
	at: number;
}

const scope = 'w:n';

/** A flow node over a store in memory, with a pump and a clock of the test's; what comes out is put down. */
export function flowBench(flow: Flow, raw: object = {}, clock: HeldClock = heldClock(), bounds?: Bounds) {
	const store = memoryStore(() => clock.now(), undefined, bounds);
	const out: Out[] = [];
	let count = 0;
	const valuesOf = (more: object) =>
		inZone(flow, read(flow.fields, { ...raw, ...more } as never) as FlowValues, 'UTC');
	const each = new Set(flow.each);
	const ofNode = {
		...flow,
		fields: Object.fromEntries(Object.entries(flow.fields).filter(([key]) => !each.has(key))),
	};
	/** What it says whatever comes in. */
	const ofAll = (more: object) =>
		inZone(ofNode, read(ofNode.fields, { ...raw, ...more } as never) as FlowValues, 'UTC');
	const tell = (output: number, content: object, files: Record<string, number> = {}) =>
		out.push({ output, content: content as Out['content'], files, at: clock.now() });

	function start(more: object = {}) {
		const values = ofAll(more);
		return pump({
			...{ store, scope, settings: JSON.stringify(values), holder: 'main', lease: 60_000, most: 16, clock },
			// Nobody else keeps anything there.
			look: 400 * 86_400_000,
			step: stepOf(flow, store, scope, values),
			async emit(batch) {
				const { departure, judge } = await release(flow, store, batch, values, clock.random);
				if (departure) {
					const sizes: Record<string, number> = {};
					for (const [name, { stored = name }] of Object.entries(departure.files ?? {}))
						sizes[name] = (await store.blob(scope, batch.id, stored))?.byteLength ?? -1;
					tell(departure.output, departure.content, sizes);
				}
				await store.settle(scope, batch.id, 'main', await judge([], true));
			},
		});
	}

	return {
		...{ clock, store, out, start, valuesOf },
		/** A message comes in; the pump hears of its due time. */
		async put(content: object, more: object = {}, arrival: Partial<Arrival> = {}) {
			const one: Arrival = { id: String(count++), content: content as never, files: {}, ...arrival };
			const entered = await enter(flow, store, scope, one, valuesOf(more));
			if (entered.passes) tell(entered.passes.output, entered.passes.content);
			wakePump(scope);
			return entered;
		},
		command: (name: 'flush' | 'reset' | 'ack', key?: string, more: object = {}) =>
			command(flow, store, scope, { command: name, ...(key !== undefined && { key }) }, ofAll(more)),
		/** What came out of an output. */
		from: (output = 0) => out.filter((each) => each.output === output).map(({ content }) => content),
		keys: () => store.keys(scope, 1_000),
		status: () => store.status(scope),
		nextDue: () => store.nextDue(scope),
	};
}
