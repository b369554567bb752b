/**
 * Where a dialect knows no escape, a sign is kept from being markup by something invisible beside it. Readers of such
 * a dialect put a sign that nobody writes in its place, look for markup, and then write what it stands for.
 */

const signs = '*_~`<(#>';
/** No characters: they stand in no text. */
const standIns = [...signs].map((_, at) => String.fromCharCode(0xfdd0 + at));
const places = new RegExp(`[${standIns.join('')}]`, 'g');
const signOf = (standIn: string) => signs[standIns.indexOf(standIn)]!;
const standInOf = (sign: string) => standIns[signs.indexOf(sign)]!;

/** With a zero-width space on both sides; behind `<`; before what begins a line, or follows a bracket. */
const guards = /\u200b([*_~`])\u200b|(<)\u200b|(?<=\])\u200b(\()|^\u200b(?:(#|>)|(&gt;))/gm;

export const guarded = (text: string): string =>
	text.includes('\u200b')
		? text.replace(guards, (_, ...found: unknown[]) => {
				const sign = found.slice(0, 4).find((one) => typeof one === 'string');
				return standInOf(typeof sign === 'string' ? sign : '>');
			})
		: text;

/** As Markdown has them, or as they are. What else was put beside markup is gone. */
export const unguarded = (text: string, into: 'markdown' | 'text'): string =>
	text.replace(places, (standIn) => (into === 'markdown' ? '\\' : '') + signOf(standIn)).replaceAll('\u200b', '');
