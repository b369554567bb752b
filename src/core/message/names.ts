import { escapeMarkdown } from '../markup';
import { withoutKeys } from './readable';

/** How a name is written: bare, or as Markdown with the work itself in italics. */
export type Writing = { text(value: string): string; work(value: string): string };
export const plain: Writing = { text: asName, work: asName };
export const markdown: Writing = {
	text: (value) => escapeMarkdown(asName(value)),
	work: (value) => value && `*${escapeMarkdown(asName(value))}*`,
};

/** Whatever stands where a name should: a sentence stays one. */
export function asName(value: string): string {
	return withoutKeys(cut(value, 500));
}

/** At a word's end where there is one near, and never within a character. */
export function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	// A character is two units at most: what may be megabytes is not taken to pieces for its beginning.
	const characters = [...text.slice(0, 2 * most + 2)];
	if (characters.length <= most) return text;
	const head = characters.slice(0, most).join('');
	const space = head.lastIndexOf(' ');
	return `${(space > head.length * 0.8 ? head.slice(0, space) : head).trimEnd()}…`;
}
