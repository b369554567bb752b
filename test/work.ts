/**
 * How many characters are looked at while something runs: what patterns search from where they begin to where they
 * find, and what searches for a text. Work that grows with the square of its input shows in it, on any machine.
 */
export function workOf(run: () => unknown): number {
	const count = counting();
	try {
		run();
	} finally {
		count.stop();
	}
	return count.seen();
}

/** Counts from now on, whoever runs. */
function counting() {
	let seen = 0;
	const { exec } = RegExp.prototype;
	const strings = String.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
	const searches = [
		'indexOf',
		'lastIndexOf',
		'includes',
		'trim',
		'trimEnd',
		'trimStart',
		'normalize',
		'replaceAll',
		'split',
	];
	const originals = searches.map((name) => [name, strings[name]!] as const);
	RegExp.prototype.exec = function (text) {
		const from = this.global || this.sticky ? this.lastIndex : 0;
		const found = exec.call(this, text);
		// A sticky one that finds nothing looked no further.
		const to = found ? found.index + found[0].length : this.sticky ? from : String(text).length;
		seen += Math.max(1, to - from);
		return found;
	};
	for (const [name, original] of originals)
		strings[name] = function (this: string, ...given: unknown[]) {
			const from = name === 'indexOf' && typeof given[1] === 'number' ? given[1] : 0;
			const result = original.apply(this, given);
			seen += Math.max(
				1,
				(name === 'indexOf' && (result as number) >= 0 ? (result as number) : this.length) - from,
			);
			return result;
		};
	return {
		seen: () => seen,
		stop() {
			RegExp.prototype.exec = exec;
			for (const [name, original] of originals) strings[name] = original;
		},
	};
}

/**
 * What some hundred patterns look at in a text of a few hundred kilobytes, each going over it once, with room to
 * spare; one that begins again from every place of it looks at ten times as much.
 */
export const most = 1_000_000_000;

/** Runs it, and expects that its work grew no faster than its input. */
export function quickly<T>(run: () => T): T {
	let result: T;
	expect(workOf(() => (result = run()))).toBeLessThan(most);
	return result!;
}

/** The same of what is done some time later. */
export async function quicklyDone<T>(run: () => Promise<T>): Promise<T> {
	const count = counting();
	try {
		return await run();
	} finally {
		count.stop();
		expect(count.seen()).toBeLessThan(most);
	}
}
