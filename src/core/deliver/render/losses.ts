import type { Lost } from '../../define/channel';
import type { Loss } from '../../markup';

/** What was lost on the way, by its kind and part. */
export class Losses {
	/** Of most messages nothing is lost. */
	private found?: Map<string, Loss>;
	private sending?: Map<string, Loss>;

	constructor(given: Iterable<Loss> = []) {
		for (const { kind, part, count } of given) this.add(kind, count, part);
	}

	add(kind: string, count = 1, part = 1): void {
		const key = `${part} ${kind}`;
		this.found ??= new Map();
		const known = this.found.get(key);
		this.found.set(key, { kind, part, count: (known?.count ?? 0) + count });
	}

	/** What sending a part cost, to one of its recipients: what it cost each of them counts once. */
	note(degraded: readonly Lost[], part: number): void {
		const counts = new Map<string, number>();
		for (const lost of degraded) {
			const { kind, count } = typeof lost === 'string' ? { kind: lost, count: 1 } : lost;
			counts.set(kind, (counts.get(kind) ?? 0) + count);
		}
		this.sending ??= new Map();
		for (const [kind, count] of counts) {
			const key = `${part} ${kind}`;
			this.sending.set(key, { kind, part, count: Math.max(count, this.sending.get(key)?.count ?? 0) });
		}
	}

	get all(): Loss[] {
		const all = new Losses(this.found?.values());
		for (const { kind, part, count } of this.sending?.values() ?? []) all.add(kind, count, part);
		return [...(all.found?.values() ?? [])];
	}
}
