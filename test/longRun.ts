import { fc } from './property';

/** `FUZZ_RUNS=100000` for the long run: long texts are a twentieth as many as short ones. */
export const longRuns = (usual: number) => Math.max(usual, Math.floor(Number(process.env.FUZZ_RUNS ?? 0) / 20));

/** What patterns and parsers stop at, begin at, or look for in vain. */
const pieces = [
	...' \t\n"\'`<>()[]{}/\\&=;:,.|@#%*_~!?+-$^0aé电，：“”',
	...['  ', '\r\n', '\n\n', '\u00a0', '\u3000', '\u200b', 'e\u0301', '👍', '👨‍👩‍👧'],
	...['<title', '<b>', '</b>', '<!--', '<![CDATA[', ']]>', '<Encrypt>', '<a href="', '<@U1', '<http://', '<#C1|'],
	...['@a', '@a ', '/x', '//', '\\"', '\\n', '":', '","', '{"a":', '[CQ:at,', '&amp;', '&#', '%22', '%e4', 'a=', ';a='],
	...['**', '__', '~~', '||', '```', '](', '![', '[a](', '[a]: ', '| a ', '|-', '> ', '- ', '1. ', '# ', 'http://', 'a@b.', 'www.a.'],
	...['{{', '{%', 'S01', 'E1', '(20', '1', '12', '00:', 'tt1', '项目', 'title:', 'Season '],
]; // prettier-ignore
const few = (maxLength: number) => fc.array(fc.constantFrom(...pieces), { maxLength }).map((found) => found.join(''));
const sizes = fc.constantFrom(20_000, 60_000, 200_000);

/** A few characters, some ten thousand times; what stands before and behind tells whether a search for them succeeds. */
export const longRun = fc
	.tuple(few(2), fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }), few(2), sizes)
	.map(([before, unit, behind, size]) => {
		const piece = unit.join('');
		return before + piece.repeat(Math.ceil(size / piece.length)) + behind;
	});

type Path = readonly (string | number)[];

/** The places of all texts within a value. */
export const textsIn = (value: unknown, path: Path = []): Path[] =>
	typeof value === 'string'
		? [path]
		: typeof value === 'object' && value !== null
			? Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]))
			: [];

export function withText<T>(value: T, path: Path, text: string): T {
	if (path.length === 0) return text as T;
	const [key, ...rest] = path as [string, ...string[]];
	const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
	copy[key] = withText(copy[key], rest, text);
	return copy as T;
}

/** One of the values with a long run in one of its texts, or the same one in up to three. */
export const withLongRun = <T extends object>(values: readonly T[]): fc.Arbitrary<T> =>
	fc
		.constantFrom(...values)
		.chain((value) => {
			const places = textsIn(value);
			return fc.tuple(
				fc.constant(value),
				fc.subarray(places, { minLength: 1, maxLength: Math.min(3, places.length) }),
				longRun,
			);
		})
		.map(([value, places, run]) => places.reduce((changed, place) => withText(changed, place, run), value));

/** Holds a property of long runs; says the shorter what failed, and looks for nothing smaller, which would take hours. */
export const holds = <T>(property: fc.IProperty<T>, numRuns: number) =>
	void fc.assert(property, {
		...{ numRuns, endOnFailure: true },
		reporter: ({ failed, seed, counterexample, errorInstance }) => {
			if (!failed) return;
			const short = (_: string, value: unknown) =>
				typeof value === 'string' && value.length > 200
					? `${value.slice(0, 60)}…${value.slice(-60)} (${value.length})`
					: value;
			throw new Error(`Seed ${seed}: ${JSON.stringify(counterexample, short)}`, { cause: errorInstance });
		},
	});

/** The second time is that of a busy machine, or of one that collects garbage; no pattern is quicker then. */
export function quickly<T>(run: () => T, most = 2_000): T {
	const started = performance.now();
	const result = run();
	if (performance.now() - started <= most) return result;
	const again = performance.now();
	run();
	expect(performance.now() - again).toBeLessThan(most);
	return result;
}
