import { neverBack, systemClock, type Clock } from '../base/clock';
import type { Held, Store } from './store';

export interface Pumping {
	store: Store;
	/** In one process there is one pump a scope; with several processes whoever takes a batch first has it. */
	scope: string;
	/** What the scope's node is set to; with other settings than before every key is stepped once. */
	settings: string;
	/** Who takes; unlike any other holder there is. */
	holder: string;
	/** ms that a batch may wait for whoever holds it, once it was put on its way. */
	lease: number;
	/** Batches that are under way at once. */
	most: number;
	/** Batches in a second, at most. */
	pace?: number;
	/** Prolongs all that its holder has at every beat: where what it emits is held by this pump itself. */
	extends?: boolean;
	/**
	 * Puts a batch on its way. What it rejects is told by `failed`, and the batch is tried again: later, as its lane's
	 * next, without being given up.
	 */
	emit(batch: Held): void | Promise<void>;
	/** Steps a key whose time has come, or whose settings are others; a `transact`, by whoever knows the machine. */
	step?(key: string, why: 'due' | 'settings'): Promise<unknown>;
	/** Once an outage, and once more (undefined) when it is over. */
	failed?(error: unknown): void;
	/** ms between two looks, at most, for what other processes keep is not told here. */
	look?: number;
	clock?: Clock;
}

export interface Pump {
	/** Something may be due: look at once, instead of at the next turn. */
	wake(): void;
	/** No batch is emitted once it was called; resolves when all that was begun has ended. */
	close(): Promise<void>;
}

/** ms */
export const times = {
	/** Between two looks, at most. */
	look: 1_000,
	/** Between two signs of life. */
	beat: 15_000,
	/** Between two prunings. */
	prune: 3_600_000,
	/** The longest pause after failures. */
	pause: 30_000,
	/** How much later a batch comes again that could not be emitted. */
	again: 5_000,
};

/** Keys at once. */
const mostKeys = 100;
/** Batches at once. */
const mostTaken = 32;

/** By scope: who wants to know that something was kept there. */
const pumps = new Map<string, Set<() => void>>();

/** Something was kept in the scope, or is over: its pump, where it is this process's, looks at once. */
export function wakePump(scope: string): void {
	for (const wake of pumps.get(scope) ?? []) wake();
}

/** Emits what is due of a scope, in the order of its lanes, until it is closed. */
export function pump(pumping: Pumping): Pump {
	const running = new Running(pumping);
	running.start();
	return running;
}

class Running implements Pump {
	private readonly stop = new AbortController();
	private readonly clock: Clock;
	private readonly now: () => number;
	private done?: Promise<void>;
	/** Ends the sleep that is under way. */
	private waker = new AbortController();
	private isWoken = false;
	private failures = 0;
	private beatAt = -Infinity;
	private prunedAt = -Infinity;
	/** When the next batch may go, for the pace's sake. */
	private paceAt = -Infinity;
	/** Until when (ms) those that it emitted may take. */
	private readonly underWay = new Map<string, number>();
	/** The settings before, until every key was stepped for the present ones' sake. */
	private former?: string;
	/** The last key that was stepped for the settings' sake. */
	private settledTo = '';

	constructor(private readonly given: Pumping) {
		this.clock = given.clock ?? systemClock;
		this.now = neverBack(() => this.clock.now());
	}

	start(): void {
		const { scope } = this.given;
		const all = pumps.get(scope) ?? new Set();
		pumps.set(scope, all.add(this.wake));
		this.done = this.run();
	}

	readonly wake = (): void => {
		this.isWoken = true;
		this.waker.abort();
	};

	async close(): Promise<void> {
		const { scope } = this.given;
		const all = pumps.get(scope);
		all?.delete(this.wake);
		if (all?.size === 0) pumps.delete(scope);
		this.stop.abort();
		this.waker.abort();
		await this.done;
	}

	private get isClosed(): boolean {
		return this.stop.signal.aborted;
	}

	/** Never rejects. */
	private async run(): Promise<void> {
		while (!this.isClosed) {
			let wait: number;
			this.isWoken = false;
			try {
				wait = await this.turn();
				if (this.failures > 0) this.tell(undefined);
				this.failures = 0;
			} catch (error) {
				if (this.failures++ === 0) this.tell(error);
				wait = Math.min(times.pause, 500 * 2 ** this.failures) * (0.5 + this.clock.random() / 2);
			}
			await this.sleep(wait);
		}
	}

	/** Whoever hears of it may fail; the pump does not. */
	private tell(error: unknown): void {
		try {
			this.given.failed?.(error);
		} catch {
			// Nothing is left to tell it to.
		}
	}

	private async sleep(ms: number): Promise<void> {
		if (this.isClosed || ms <= 0 || (this.isWoken && this.failures === 0)) return;
		const waker = (this.waker = new AbortController());
		await this.clock.sleep(ms, AbortSignal.any([waker.signal, this.stop.signal])).catch(() => undefined);
	}

	/** @returns ms until the next one */
	private async turn(): Promise<number> {
		const { store, scope, step, look = times.look } = this.given;
		await this.beat();
		if (step && this.former !== undefined) {
			await this.settle(step);
			return 0;
		}
		const next = await store.nextDue(scope);
		if (next === undefined) return look;
		const until = next - (await store.now(scope));
		if (until > 0) return Math.min(until, look);
		const keys = step ? await store.due(scope, mostKeys) : [];
		for (const key of keys) if (!this.isClosed) await step!(key, 'due');
		const taken = await this.take();
		for (const batch of taken) await this.emit(batch);
		// What is due and was not taken waits for room, or for its pace.
		if (keys.length + taken.length > 0) return 0;
		const early = this.paceAt - this.now();
		return early > 0 ? Math.min(early, look) : look;
	}

	private async take(): Promise<Held[]> {
		const { store, scope, holder, lease, pace } = this.given;
		if (this.isClosed || this.paceAt > this.now()) return [];
		const most = Math.min(await this.room(), pace ? 1 : mostTaken);
		return most > 0 ? await store.take(scope, { holder, lease, most }) : [];
	}

	/**
	 * How many more may go. Those that others took do not count: they may have ended long ago, with their process. Of its
	 * own the store alone knows which are over, since they end elsewhere.
	 */
	private async room(): Promise<number> {
		const { store, scope, most } = this.given;
		const now = this.now();
		for (const [id, until] of this.underWay) if (until <= now) this.underWay.delete(id);
		if (this.underWay.size >= most) {
			const held = new Set((await store.list(scope, 'held', most + mostTaken)).map(({ id }) => id));
			for (const id of this.underWay.keys()) if (!held.has(id)) this.underWay.delete(id);
		}
		return most - this.underWay.size;
	}

	/** Says that it lives; once an hour what is over is removed. */
	private async beat(): Promise<void> {
		const { store, scope, settings, holder, lease, step } = this.given;
		const now = this.now();
		if (now - this.beatAt < times.beat) return;
		const isFirst = this.beatAt === -Infinity;
		const before = await store.heartbeat(scope, this.former ?? settings);
		if (isFirst && step && before.settings !== undefined && before.settings !== settings) {
			// It stays so until every key was stepped: a process that ends in the middle begins anew.
			this.former = before.settings;
			await store.heartbeat(scope, this.former);
		}
		if (this.given.extends) await store.extend(scope, holder, lease);
		this.beatAt = now;
		if (now - this.prunedAt < times.prune) return;
		this.prunedAt = now;
		await store.prune();
	}

	/** With other settings each key may be due at another time: some of them. */
	private async settle(step: NonNullable<Pumping['step']>): Promise<void> {
		const { store, scope, settings } = this.given;
		const keys = await store.keys(scope, mostKeys, this.settledTo);
		for (const key of keys) {
			if (this.isClosed) return;
			await step(key, 'settings');
			this.settledTo = key;
		}
		if (keys.length === mostKeys) return;
		await store.heartbeat(scope, settings);
		this.former = undefined;
	}

	private async emit(batch: Held): Promise<void> {
		const { store, scope, holder, lease, pace } = this.given;
		if (this.isClosed) return await this.giveBack(batch);
		const now = this.now();
		if (pace) this.paceAt = Math.max(this.paceAt, now) + 1_000 / pace;
		this.underWay.set(batch.id, now + lease);
		try {
			await this.given.emit(batch);
		} catch (error) {
			this.tell(error);
			this.underWay.delete(batch.id);
			await store.settle(scope, batch.id, holder, { later: times.again, error: messageOf(error) });
		}
	}

	/** Taken, and not begun. */
	private async giveBack({ id }: Held): Promise<void> {
		const { store, scope, holder } = this.given;
		await store.settle(scope, id, holder, { later: 0 });
	}
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
