/** Sends of one node: in order where they go to the same place, side by side where not, and not without end. */
export interface Lanes {
	/** Rejects with `full` where too many wait already, with `closed` after `close`. */
	run<T>(lane: string, task: () => Promise<T>): Promise<T>;
	/** Under way and waiting. */
	readonly size: number;
	/** Drops what waits and tells how many that were; resolves when the rest has ended. */
	close(): Promise<number>;
}

export interface LanesOptions {
	/** At one time, over all lanes. */
	atOnce: number;
	/** Under way and waiting. */
	most: number;
	/** Past so many ms a send no longer holds up the next one in its lane: one that is being retried must not delay the rest. */
	patience: number;
	full(): Error;
	closed(): Error;
}

interface Task {
	start(): void;
	drop(error: Error): void;
}

interface Lane {
	waiting: Task[];
	/** The last one started is still within its patience. */
	held: boolean;
}

export function lanes({ atOnce, most, patience, full, closed }: LanesOptions): Lanes {
	const byName = new Map<string, Lane>();
	let underWay = 0;
	let waiting = 0;
	let isClosed = false;
	let ended: (() => void) | undefined;

	const startAll = () => {
		for (const [name, lane] of byName) {
			if (underWay >= atOnce) return;
			if (lane.held) continue;
			const next = lane.waiting.shift();
			if (next) {
				waiting--;
				next.start();
			} else byName.delete(name);
		}
	};

	return {
		get size() {
			return underWay + waiting;
		},
		run<T>(name: string, task: () => Promise<T>): Promise<T> {
			if (isClosed) return Promise.reject(closed());
			if (underWay + waiting >= most) return Promise.reject(full());
			const lane = byName.get(name) ?? { waiting: [], held: false };
			byName.set(name, lane);
			return new Promise<T>((resolve, reject) => {
				const start = () => {
					let isHolding = true;
					const release = () => {
						clearTimeout(timer);
						if (isHolding) lane.held = isHolding = false;
					};
					underWay++;
					lane.held = true;
					const timer = setTimeout(() => {
						release();
						startAll();
					}, patience);
					const end = () => {
						underWay--;
						release();
						startAll();
						if (underWay === 0) ended?.();
					};
					runSafely(task).then(
						(value) => (end(), resolve(value)),
						(error: unknown) => (end(), reject(error as Error)),
					);
				};
				waiting++;
				lane.waiting.push({ start, drop: reject });
				startAll();
			});
		},
		async close() {
			isClosed = true;
			const dropped = [...byName.values()].flatMap((lane) => lane.waiting.splice(0));
			waiting = 0;
			for (const task of dropped) task.drop(closed());
			if (underWay > 0) await new Promise<void>((done) => (ended = done));
			return dropped.length;
		},
	};
}

/** A task that throws before its first await fails like any other. */
async function runSafely<T>(task: () => Promise<T>): Promise<T> {
	return await task();
}
