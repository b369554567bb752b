import type { Progress } from '../../core/deliver/deliver';

/** What has become of one item of one run. */
export interface Delivery<Q = never> {
	progress: Progress;
	/** The one that is asked: some may have it while a try fails for others. */
	question?: Q;
	/** Once the item is through: what goes out with it. */
	result?: unknown;
}

/**
 * What was delivered in runs that failed, so that n8n's *Retry on fail*, which runs the node again from its first item,
 * sends nothing twice. Within the process, as those retries are; past `most` items the oldest runs go.
 */
export function deliveries<Q = never>(most = 20_000) {
	const runs = new Map<string, Map<number, Delivery<Q>>>();
	const tries = new Map<string, number>();
	let count = 0;

	const forget = (run: string) => {
		tries.delete(run);
		count -= runs.get(run)?.size ?? 0;
		runs.delete(run);
	};

	return {
		forget,
		/** One more try of this run has failed. Returns how many have. */
		tried(run: string): number {
			const failed = (tries.get(run) ?? 0) + 1;
			tries.set(run, failed);
			return failed;
		},
		of(run: string, item: number): Delivery<Q> {
			const items = runs.get(run) ?? new Map<number, Delivery<Q>>();
			runs.set(run, items);
			let delivery = items.get(item);
			if (!delivery) {
				delivery = { progress: { sent: {} } };
				items.set(item, delivery);
				count++;
				for (const [oldest] of runs) {
					if (count <= most || oldest === run) break;
					forget(oldest);
				}
			}
			return delivery;
		},
		get size() {
			return count;
		},
	};
}
