import type { Versioned } from '../engine';

interface Entry {
	value: string;
	version: string;
	expires: number;
}

/** Bounded: past `most` keys the oldest go. @param now never goes back */
export class Values {
	private readonly entries = new Map<string, Entry>();
	private made = 0;

	constructor(
		private readonly now: () => number,
		private readonly most: number,
	) {}

	read(key: string): Versioned {
		const entry = this.entries.get(key);
		if (!entry || entry.expires <= this.now()) {
			this.entries.delete(key);
			return { value: null, version: null };
		}
		return { value: entry.value, version: entry.version };
	}

	/** What is set anew is the youngest. */
	set(key: string, value: string, seconds: number | null, version = `#${++this.made}`): void {
		this.entries.delete(key);
		this.entries.set(key, {
			...{ value, version },
			expires: seconds === null ? Infinity : this.now() + seconds * 1000,
		});
		if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value as string);
	}

	delete(key: string): void {
		this.entries.delete(key);
	}

	prune(): void {
		for (const [key, { expires }] of this.entries) if (expires <= this.now()) this.entries.delete(key);
	}

	clear(): void {
		this.entries.clear();
	}
}
