import { markNames, plainInline, sameMarks, type Inline, type Marks } from './tree';

/** How marks that stand beside each other, or inside a word, can be written as delimiters and still be read. */

export type Run = Extract<Inline, { type: 'text' }>;

/** Neighbours that look alike are one. */
export function merged(runs: readonly Inline[]): Inline[] {
	const out: Inline[] = [];
	for (const run of runs) {
		const last = out.at(-1);
		if (run.type === 'text' && last?.type === 'text' && sameMarks(last.marks, run.marks)) last.text += run.text;
		else out.push(run.type === 'text' ? { ...run } : run);
	}
	return out;
}

/** The label of the link that begins at a run. */
export function labelAt(runs: readonly Inline[], index: number): string {
	const { href } = (runs[index] as Run).marks;
	let end = index;
	for (let run = runs[end]; run?.type === 'text' && run.marks.href === href; run = runs[end]) end++;
	return plainInline(runs.slice(index, end));
}

/** Of each run in italics: whether bold is in the same stretch of italics or touches it. `*` would be read with its `**`. */
export function besideStrong(runs: readonly Inline[]): boolean[] {
	const marked = (run: Inline | undefined, name: 'em' | 'strong') => run?.type === 'text' && run.marks[name] === true;
	const beside: boolean[] = [];
	for (let first = 0; first < runs.length; first++) {
		if (!marked(runs[first], 'em')) continue;
		let last = first;
		while (marked(runs[last + 1], 'em')) last++;
		const strong = runs.slice(Math.max(0, first - 1), last + 2).some((run) => marked(run, 'strong'));
		for (let index = first; index <= last; index++) beside[index] = strong;
		first = last;
	}
	return beside;
}

export const firstChar = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 32);
export const lastChar = (text: string): string => [...text.slice(-2)].at(-1) ?? ' ';

const isEdge = (char: string): boolean => /^[\s!-/:-@[-`{-~]/.test(char) || /^\p{P}/u.test(char);
const isLetter = (char: string): boolean => /^[\p{L}\p{N}]/u.test(char);

/** Marks from the outside in. */
export const nesting = (marks: Marks) =>
	(['href', ...markNames, 'color', 'code'] as const).filter((name) => marks[name]);

/** What closes and opens between two runs, from the outside in. */
function between(previous: Run, run: Run): { closing: (keyof Marks)[]; opening: (keyof Marks)[] } {
	const [closing, opening] = [nesting(previous.marks), nesting(run.marks)];
	while (
		closing.length > 0 &&
		closing[0] === opening[0] &&
		(closing[0] !== 'href' || previous.marks.href === run.marks.href) &&
		(closing[0] !== 'color' || previous.marks.color === run.marks.color)
	) {
		closing.shift();
		opening.shift();
	}
	return { closing, opening };
}

/** Characters that are written as references, which count as punctuation. */
export interface Apart {
	first?: true;
	last?: true;
}

/**
 * Whether the delimiters between two runs would not be read as such, because a letter touches them from outside: on
 * which side it stands. By CommonMark's rule; `never` where none is read inside a word.
 */
export function unreadable(
	runs: readonly Inline[],
	index: number,
	beside: readonly boolean[] | 'never',
	apart?: readonly Apart[],
): 'before' | 'after' | undefined {
	const [previous, run] = [runs[index - 1], runs[index]];
	if (previous?.type !== 'text' || run?.type !== 'text') return undefined;
	const { closing, opening } = between(previous, run);
	// Two delimiters between them are punctuation to each other, and so are brackets.
	const [outside] = [...closing, ...opening];
	if ((closing.length > 0 && opening.length > 0) || outside === 'href' || outside === 'color') return undefined;
	const styles = [...closing, ...opening].filter((name) => name !== 'code' || beside === 'never');
	if (styles.length === 0) return undefined;
	const before = previous.marks.code || apart?.[index - 1]?.last ? '`' : lastChar(previous.text);
	const after = run.marks.code || apart?.[index]?.first ? '`' : firstChar(run.text);
	const [outer, inner] = opening.length > 0 ? [before, after] : [after, before];
	if (isEdge(outer)) return undefined;
	// Underscores never count inside a word; asterisks do between letters.
	const lenient =
		beside !== 'never' &&
		styles.length === 1 &&
		!(styles[0] === 'em' && beside[opening.length > 0 ? index : index - 1]);
	if (lenient && isLetter(inner)) return undefined;
	return opening.length > 0 ? 'before' : 'after';
}

/** Finds the letters to set apart. One that is set apart may be all of its run, and so touch the next delimiter. */
export function setApart(runs: readonly Inline[], beside: readonly boolean[]): Apart[] {
	const apart: Apart[] = runs.map(() => ({}));
	const set = (index: number, side: 'first' | 'last') => {
		const run = runs[index];
		const own = apart[index] as Apart;
		own[side] = true;
		if (run?.type === 'text' && firstChar(run.text).length === run.text.length) own.first = own.last = true;
	};
	for (let changed = true; changed;) {
		changed = false;
		for (let index = 1; index < runs.length; index++) {
			const side = unreadable(runs, index, beside, apart);
			if (side === 'before') set(index - 1, 'last');
			if (side === 'after') set(index, 'first');
			changed ||= side !== undefined;
		}
	}
	return apart;
}

/** Takes the italics from where their delimiter would touch that of bold text beside them, and all style from what follows an address closely. */
export function dropTouching(runs: Inline[]): void {
	const upright = (run: Run, index: number) => (runs[index] = { ...run, marks: { ...run.marks, em: undefined } });
	let tail = '';
	for (let index = 1; index < runs.length; index++) {
		const [previous, run] = [runs[index - 1], runs[index]];
		tail = previous?.type === 'text' ? (tail + previous.text).slice(-2048) : '';
		if (previous?.type !== 'text' || run?.type !== 'text') continue;
		if (
			/https?:\/\//.test(tail.split(/[\s<]/).at(-1) ?? '') &&
			(run.marks.code || !/^\s/.test(run.text)) &&
			!previous.marks.href &&
			!run.marks.href
		) {
			runs[index - 1] = { ...previous, marks: {} };
			runs[index] = { ...run, marks: {} };
			continue;
		}
		const { closing, opening } = between(previous, run);
		const styles = [...closing, ...opening];
		if (closing.length === 0 || opening.length === 0 || !styles.includes('em') || !styles.includes('strong'))
			continue;
		upright(previous, index - 1);
		upright(run, index);
	}
}

/** In dialects without a way to set letters apart, or with no other delimiter than `*`, text goes before style. */
export function dropUnreadable(runs: Inline[], beside: readonly boolean[]): void {
	runs.forEach((run, index) => {
		if (run.type === 'text' && run.marks.em && beside[index])
			runs[index] = { ...run, marks: { ...run.marks, em: undefined } };
	});
	const clear = (from: number, step: 1 | -1) => {
		for (let index = from; ; index += step) {
			const run = runs[index];
			if (run?.type !== 'text' || !(run.marks.strong || run.marks.em || run.marks.del)) return;
			runs[index] = { ...run, marks: { ...run.marks, strong: undefined, em: undefined, del: undefined } };
		}
	};
	for (let index = 1; index < runs.length; index++) {
		if (!unreadable(runs, index, [])) continue;
		clear(index, 1);
		clear(index - 1, -1);
	}
}
