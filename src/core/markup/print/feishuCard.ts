import { escapeLarkMd, zeroWidth } from '../escape';
import type { Escape } from '../pieces';
import { counterInParagraph, fence, frame, prefixQuote, type Printer } from '../printer';
import { larkMd } from './larkMd';

/** What begins a block where a line begins with it, and the bars of tables. */
const escapeCard: Escape = (text, from, to, lineStart) => {
	const written = escapeLarkMd(text, from, to, lineStart).replaceAll('|', '&#124;');
	if (!lineStart) return written;
	return written
		.replace(/^(?:#(?=#{0,5}(?:\s|$))|[-+](?=[\s-]|$)|=)/, (char) => `&#${char.charCodeAt(0)};`)
		.replace(/^(\d{1,9})([.)])(?=\s|$)/, (_, number: string, stop: string) => `${number}&#${stop.charCodeAt(0)};`);
};

/** Tags that ring somebody are read in code too. */
const literal: Escape = (text, from, to) => text.slice(from, to).replace(/<(?=\/?(?:at|person)\b)/gi, `<${zeroWidth}`);

/** The Markdown of Feishu's cards 2.0: what 1.0 has, and headings, lists, quotes, code, tables and rules. */
export const feishuCard: Printer = {
	...larkMd,
	escape: escapeCard,
	// A level of a list takes four spaces.
	indent: (space) => space.replace(/[ \t]/g, '\u00a0'),
	counter: counterInParagraph,
	bang: true,
	code: (text) => (/^\s|`|\s$/.test(text) ? undefined : { frame: frame('`', '`'), escape: literal }),
	heading: (level) => ({ open: '#'.repeat(level) + ' ', close: '' }),
	quote: prefixQuote('> '),
	item: (ordered, number) => {
		const marker = ordered ? `${number}. ` : '- ';
		return {
			open: marker,
			shown: marker,
			close: '',
			prefix: '    ',
			again: { open: '', prefix: '' },
			...(ordered && { apart: true as const }),
		};
	},
	codeBlock: (language, text) => ({ frame: fence(language, text), escape: literal }),
	table: 'pipes',
	rule: ['---', ''],
};

const mostTables = 4;

/** A card's Markdown in elements, of which each shows no more than four tables. */
export function byTables(body: string): string[] {
	const elements: string[][] = [[]];
	let tables = 0;
	let fenced: string | undefined;
	for (const block of body.split('\n\n')) {
		for (const line of block.split('\n')) {
			const [ticks] = /^[> ]*(`{3,})/.exec(line)?.slice(1) ?? [];
			if (fenced === undefined) fenced = ticks;
			else if (ticks?.startsWith(fenced)) fenced = undefined;
			if (fenced === undefined && /^[> ]*\|(?: :?-{2,3}:? \|)+$/.test(line) && ++tables > mostTables) {
				elements.push([]);
				tables = 1;
			}
		}
		elements.at(-1)!.push(block);
	}
	return elements.map((blocks) => blocks.join('\n\n')).filter((element) => element !== '');
}
