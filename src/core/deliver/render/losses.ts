import type { Loss } from '../../markup';

/** What was lost on the way, by its kind and part. */
export class Losses {
	private readonly found = new Map<string, Loss>();

	constructor(given: Iterable<Loss> = []) {
		for (const { kind, part, count } of given) this.add(kind, count, part);
	}

	add(kind: string, count = 1, part = 1): void {
		const key = `${part} ${kind}`;
		const known = this.found.get(key);
		this.found.set(key, { kind, part, count: (known?.count ?? 0) + count });
	}

	/** Said again for another recipient of the same part. */
	note(kind: string, part: number): void {
		if (!this.found.has(`${part} ${kind}`)) this.add(kind, 1, part);
	}

	get all(): Loss[] {
		return [...this.found.values()].map((loss) => ({ ...loss }));
	}
}
