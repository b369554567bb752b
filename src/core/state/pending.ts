import { systemClock, type Clock } from '../base/clock';
import type { ChannelError } from '../base/errors';
import { notInTime, storeClosed, tooManyWait } from './failures';

export interface Patience {
	/** Operations that wait at most. */
	operations: number;
	/** Of what is to be written, that waits at most. */
	bytes: number;
	/** s; until one that waits is told that the store is away. */
	seconds: number;
}

export const patience: Patience = { operations: 10_000, bytes: 64 * 1024 * 1024, seconds: 30 };

interface Entry {
	bytes: number;
	until: number;
	resolve(result: unknown): void;
	reject(error: ChannelError): void;
}

/** Operations that wait for their answer: no more, and no longer, than is bearable. */
export class Pending {
	private readonly entries = new Map<number, Entry>();
	private bytes = 0;
	private last = 0;
	private isClosed = false;
	private watching?: AbortController;
	private readonly idle = new Set<() => void>();

	/** @param place as users know it: a path, or host and port */
	constructor(
		private readonly place: string,
		private readonly most: Patience = patience,
		private readonly clock: Pick<Clock, 'now' | 'sleep'> = systemClock,
		private readonly isSent: (n: number) => boolean = () => true,
	) {}

	get size(): number {
		return this.entries.size;
	}

	has(n: number): boolean {
		return this.entries.has(n);
	}

	/** @param start is given the number by which the answer is told */
	add<T>(bytes: number, start: (n: number) => void): Promise<T> {
		const { operations, bytes: mostBytes, seconds } = this.most;
		if (this.isClosed) return Promise.reject(storeClosed(this.place));
		if (this.entries.size >= operations || (this.entries.size > 0 && this.bytes + bytes > mostBytes))
			return Promise.reject(tooManyWait(this.place, operations, Math.round(mostBytes / 1024 / 1024)));
		return new Promise((resolve, reject) => {
			const n = ++this.last;
			const until = this.clock.now() + seconds * 1000;
			this.entries.set(n, { bytes, until, resolve: resolve as Entry['resolve'], reject });
			this.bytes += bytes;
			this.watch();
			start(n);
		});
	}

	resolve(n: number, result: unknown): void {
		this.remove(n)?.resolve(result);
	}

	reject(n: number, error: ChannelError): void {
		this.remove(n)?.reject(error);
	}

	/** @param which those that were handed over, or all */
	rejectAll(error: ChannelError, which: (n: number) => boolean = () => true): void {
		for (const n of [...this.entries.keys()]) if (which(n)) this.reject(n, error);
	}

	/** Resolves when nothing waits any more; takes nothing new. */
	close(): Promise<void> {
		this.isClosed = true;
		return new Promise((done) => (this.entries.size > 0 ? this.idle.add(done) : done()));
	}

	private remove(n: number): Entry | undefined {
		const entry = this.entries.get(n);
		if (!entry) return undefined;
		this.entries.delete(n);
		this.bytes -= entry.bytes;
		if (this.entries.size === 0) {
			this.watching?.abort();
			for (const done of this.idle) done();
		}
		return entry;
	}

	/** One timer for all, while any waits: they were given the same time, so that the oldest is the first whose time is over. */
	private watch(): void {
		if (this.watching) return;
		const stop = (this.watching = new AbortController());
		const look = async () => {
			for (;;) {
				const [first] = this.entries;
				if (!first) return;
				const [n, { until }] = first;
				const left = until - this.clock.now();
				if (left > 0) await this.clock.sleep(left, stop.signal);
				else this.reject(n, notInTime(this.place, this.most.seconds, this.isSent(n)));
			}
		};
		look()
			.catch(() => undefined)
			.finally(() => {
				if (this.watching === stop) this.watching = undefined;
				if (this.entries.size > 0) this.watch();
			});
	}
}
