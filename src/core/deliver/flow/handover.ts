import { systemClock, type Clock } from '../../base/clock';
import type { Report } from '../../define/flow';
import { wakePump } from '../../state/pump';
import type { Held, Outcome, Store } from '../../state/store';
import { storedProgress, type KeptProgress } from '../send/progress';

export interface Handing {
	store: Store;
	batch: Held;
	/** Who claimed it; of nobody else. */
	holder: string;
	/** Where it is said by whoever let it out. */
	repeatUnknown?: boolean;
	/** What is to become of it. */
	judge(reports: readonly Report[]): Promise<Outcome>;
	/** Once it is over, or nothing more can be done for it: `error` where that could not be kept. */
	ended?(error?: unknown): void;
	/** ms of quiet after the last word, past which it is over, where nobody says when that part of the flow has ended. */
	quiet?: number;
	/** How many nodes behind can send it: once all of them have reported it is over. */
	expected?: number;
	/** ms without any word, past which it is over. */
	unheard?: number;
	/** It is over with what was told, be it nothing: nobody is to have it again. */
	isPassed?: boolean;
	clock?: Clock;
}

/** ms */
export const times = {
	/** Of a claim that nobody prolongs. */
	lease: 60_000,
	/** Between two prolongations. */
	beat: 15_000,
	/** Without an end, and with nobody sending, it counts as handed over: an execution that waits for a day ends somewhere else. */
	handedOver: 15 * 60_000,
};

/** A batch on its way through a flow of this process. */
export class Handover {
	private readonly reports = new Map<string, Report>();
	private readonly stop = new AbortController();
	private readonly clock: Clock;
	/** Nodes that have asked how far it came before. */
	private readonly asked = new Set<string>();
	private sending = 0;
	private heardAt: number;
	private ending?: Promise<void>;

	constructor(private readonly given: Handing) {
		this.clock = given.clock ?? systemClock;
		this.heardAt = this.clock.now();
		this.live().catch(() => undefined);
	}

	/** Its id: let out again, after a crash or for another try, it has the same one. */
	get batch(): string {
		return this.given.batch.id;
	}

	get repeatUnknown(): boolean | undefined {
		return this.given.repeatUnknown;
	}

	/** How far it came at a node before. @param node the same one at the next try */
	async progress(node: string): Promise<KeptProgress> {
		const { store, batch } = this.given;
		const progress = await storedProgress(store, batch.scope, batch.id, node);
		const { doubts, underWay } = progress.progress;
		const isFirst = !this.asked.has(node);
		this.asked.add(node);
		// Somebody sends it again who has seen that it was in doubt.
		if (batch.attempt === 1 && isFirst && (doubts || underWay))
			await progress.keep((known) => {
				delete known.doubts;
				delete known.underWay;
			});
		return progress;
	}

	/** Sends it on; as long as that lasts it is not over. */
	async whileSending<T>(run: () => Promise<T>): Promise<T> {
		this.sending++;
		try {
			return await run();
		} finally {
			this.sending--;
			this.heardAt = this.clock.now();
		}
	}

	/** What became of it at a node; the last word of a node counts. */
	report(node: string, report: Report): void {
		this.reports.set(node, report);
		this.heardAt = this.clock.now();
		const { expected } = this.given;
		if (expected !== undefined && this.sending === 0 && this.reports.size >= expected)
			this.end().catch(() => undefined);
	}

	/** Whether all who can send it have said what became of it. */
	get isHeard(): boolean {
		return this.reports.size >= (this.given.expected ?? Infinity);
	}

	/**
	 * The host stops. What is being sent is waited for, for so many ms; what nobody has sent is whoever's next. Never
	 * rejects.
	 */
	async leave(ms: number): Promise<void> {
		const until = this.clock.now() + ms;
		while (this.sending > 0 && this.clock.now() < until) await this.clock.sleep(20, new AbortController().signal);
		if (this.reports.size > 0 || this.given.isPassed) return await this.end();
		this.ending ??= this.giveBack();
		await this.ending;
	}

	private async giveBack(): Promise<void> {
		this.stop.abort();
		const { store, batch, holder, ended } = this.given;
		// Past its lease somebody else has it.
		await store.settle(batch.scope, batch.id, holder, { later: 0 }).catch(() => undefined);
		ended?.();
	}

	/** That part of the flow has ended: judges and settles, once. Never rejects. */
	end(): Promise<void> {
		return (this.ending ??= this.settle());
	}

	/** Prolongs the claim until it is over. */
	private async live(): Promise<void> {
		const { store, batch, holder, quiet } = this.given;
		const { signal } = this.stop;
		const step = Math.min(times.beat, quiet ?? times.beat);
		let beatAt = this.clock.now();
		while (!signal.aborted) {
			await this.clock.sleep(step, signal).catch(() => undefined);
			if (signal.aborted) return;
			const now = this.clock.now();
			const silence = now - this.heardAt;
			const enough =
				quiet !== undefined && this.reports.size > 0 ? quiet : (this.given.unheard ?? times.handedOver);
			if (this.sending === 0 && silence >= enough) return await this.end();
			if (now - beatAt < times.beat && now >= beatAt) continue;
			beatAt = now;
			// One beat that fails costs nothing: the lease is four of them.
			await store.extend(batch.scope, holder, times.lease).catch(() => undefined);
		}
	}

	private async settle(): Promise<void> {
		this.stop.abort();
		const { store, batch, holder, judge, ended } = this.given;
		const latest = this.clock.now() + times.lease;
		for (let failures = 0; ; failures++) {
			try {
				await store.settle(batch.scope, batch.id, holder, await judge([...this.reports.values()]));
				// The next of its lane may go.
				wakePump(batch.scope);
				return ended?.();
			} catch (error) {
				// Past its lease somebody else has it.
				if (this.clock.now() >= latest) return ended?.(error);
				await this.clock.sleep(Math.min(5_000, 250 * 2 ** failures), new AbortController().signal);
			}
		}
	}
}

/** Those on their way, by what the nodes behind know of them: an execution, a message. */
const underWay = new Map<string, Handover>();

/** Whoever sends something that is on its way tells this what became of it. */
export const handoverOf = (key: string | undefined): Handover | undefined =>
	key === undefined ? undefined : underWay.get(key);

/** Lets it be found by a key, as long as it is under way. */
export function handOver(key: string, given: Handing): Handover {
	const handover = new Handover({
		...given,
		ended: (error) => {
			if (underWay.get(key) === handover) underWay.delete(key);
			given.ended?.(error);
		},
	});
	underWay.set(key, handover);
	return handover;
}
