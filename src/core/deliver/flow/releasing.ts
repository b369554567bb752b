import type { Departure, Flow, FlowValues, Report } from '../../define/flow';
import type { Held, Outcome, Store } from '../../state/store';

/** Beside the nodes behind, which have their progress under their ids. */
const noteKey = '(note)';

export interface Release {
	/** undefined: nothing comes out */
	departure?: Departure;
	/**
	 * What is to become of it.
	 * @param isOver the host knows that that part of the flow has ended; else nothing more was heard of it
	 */
	judge(reports: readonly Report[], isOver: boolean): Promise<Outcome>;
}

/** Where a batch goes that was claimed. */
export async function release(
	flow: Flow,
	store: Store,
	batch: Held,
	values: FlowValues,
	random: () => number = Math.random,
): Promise<Release> {
	const { scope, id } = batch;
	const kept = await store.progress<{ note: unknown }>(scope, id, noteKey);
	const note = kept?.note ?? undefined;
	const keep = (changed: unknown) => store.progress(scope, id, noteKey, () => ({ note: changed }));
	const released = { batch, values, note, now: await store.now(scope) };
	const departure = flow.release(released);
	return {
		departure,
		async judge(reports, isOver) {
			if (!departure || !flow.judge) return { done: null };
			const now = await store.now(scope);
			const verdict = flow.judge({ ...released, now, departure, reports, isOver, random });
			if ('note' in verdict) {
				await keep(verdict.note);
				return { later: 0 };
			}
			// Whoever sends it again begins without.
			if (note !== undefined && !('later' in verdict)) await keep(null);
			return verdict;
		},
	};
}
