import { isSpace } from './breaks';
import { asIs } from './escape';
import { close, type Escape, type Frame, type Layout, type Piece } from './pieces';
import type { Align, MarkName, Marks } from './tree';

export interface Code {
	frame: Frame;
	escape: Escape;
}

/** A dialect, as a table: what is absent is written another way. */
export interface Printer extends Layout {
	/** Safe text is written as it is, but for its line breaks. */
	readonly plainText: boolean;
	marks: Partial<Record<MarkName, readonly [string, string]>>;
	/**
	 * What to do where delimiters would not be read: the letter outside as a reference, no style, a zero-width space
	 * between. Discord's are read inside a word too, only `***` between bold and italics is not (`touching`).
	 */
	inWord?: 'reference' | 'drop' | 'zeroWidth' | 'touching';
	code?(text: string): Code | undefined;
	/** Of a colour that it has. Absent: text without colour. */
	color?(color: string): Frame | undefined;
	/** `undefined`: the label, and the address in brackets. */
	link?(href: string, label: string): Frame | undefined;
	/**
	 * An address that is its own label and has characters of styles in it, written so that none are read there.
	 * `undefined`: as any link.
	 */
	bareLink?(href: string): string | undefined;
	/** `![` begins an image. */
	bang?: true;
	/** Addresses in text are left alone, since the service links them itself. */
	rawUrls?: boolean;
	/** Absent: a link. */
	image?(src: string, alt: string): string | undefined;
	paragraph?: Frame;
	/** Absent: bold. */
	heading?(level: number): Frame | undefined;
	quote: Frame;
	/** One quote inside another is not allowed. */
	flatQuotes?: boolean;
	list?(ordered: boolean, start: number): Frame;
	/** Lists are shown as text. Default: bullets and numbers. */
	item?(ordered: boolean, number: number): Frame;
	/** Absent: a quote. */
	codeBlock?(language: string, text: string): Code;
	/** `pipes` and `html` show it; `aligned` in a code block; `rows` with bars between the cells. */
	table: 'pipes' | 'html' | 'aligned' | 'rows';
	tableFrame?: Frame;
	cell?(head: boolean, align: Align): Frame;
	rule: readonly [raw: string, shown: string];
	/** Formatted text is a flat row of runs. */
	run?(marks: Marks): Frame;
}

export const frame = (open: string, close: string): Frame => ({ open, close });

const bullet = (marker: string): Frame => ({
	open: marker,
	shown: marker,
	close: '',
	prefix: '  ',
	again: { open: '', prefix: '' },
});

/** Lists as text. */
export const textItem = (ordered: boolean, number: number): Frame => bullet(ordered ? `${number}. ` : '• ');

/** Lists as Markdown has them: what is in an item is indented by the width of its marker. */
export const markdownItem = (ordered: boolean, number: number): Frame => {
	const marker = ordered ? `${number}. ` : '- ';
	// Only a list that begins at 1 may follow a paragraph's line.
	return { ...bullet(marker), prefix: ' '.repeat(marker.length), ...(ordered && { apart: true }) };
};

export const prefixQuote = (prefix: string): Frame => ({ open: prefix, shown: prefix, close: '', prefix });

/** `(2/3)`, behind a note if there is one; of a single part the note alone. */
export const numbered = (index: number, count: number, note?: string): string =>
	[note, count > 1 || note === undefined ? `(${index}/${count})` : undefined].filter(Boolean).join(' ');

const counter =
	(before: string, after = '') =>
	(index: number, count: number, note?: string) =>
		before + numbered(index, count, note) + after;
export const counterOnLine = counter('\n');
export const counterInParagraph = counter('\n\n');
export const counterIn = counter;

/** A fence longer than any run of backticks in the code. */
export function fence(language: string, text: string): Frame {
	let longest = 2;
	for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
	const ticks = '`'.repeat(longest + 1);
	return { open: `${ticks}${language}\n`, close: `\n${ticks}`, name: 'code' };
}

/** Inline code between more backticks than are in it. */
export function ticked(text: string): Frame {
	let longest = 0;
	for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
	const ticks = '`'.repeat(longest + 1);
	const pad = longest > 0 || /^\s|\s$/.test(text) ? ' ' : '';
	return { open: ticks + pad, close: pad + ticks, name: 'code' };
}

/** A link's address in Markdown, where brackets, spaces and backslashes would end it or be read. */
export const markdownHref = (href: string): string =>
	href
		.replace(/[\s()<>\\"`|]/g, (char) =>
			encodeURIComponent(char).replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29')),
		)
		.replace(/&(?=#?\w+;)/g, '&amp;');

export const markdownLink = (href: string): Frame => ({
	open: '[',
	close: `](${markdownHref(href)})`,
	whole: true,
	name: 'link',
});

export const isAddress = (href: string): boolean => /^[a-z][a-z0-9+.-]*:\S+$/i.test(href);

/**
 * A long plain text as a single piece, its lines written as such. Its paragraphs are no frames of their own, which a
 * text of a million lines would be too short for.
 */
export function textPieces(source: string, printer: Printer): Piece[] {
	const text: Piece = {
		kind: 'text',
		text: source.replace(/^\n+/, '').trimEnd(),
		escape: linewise(printer),
		verbatim: true,
	};
	if (text.text === '') return [];
	const frames = [printer.paragraph, printer.run?.({})].filter((found) => found !== undefined);
	return [...frames.map((found): Piece => ({ kind: 'open', frame: found })), text, ...frames.map(() => close)];
}

const linewise = ({ escape, run, indent, line }: Printer): Escape =>
	run || (escape === asIs && line === '\n')
		? escape
		: (text, from, to, lineStart) => {
				const lines: string[] = [];
				for (let at = from; at <= to;) {
					const found = text.indexOf('\n', at);
					const end = found < 0 || found > to ? to : found;
					const starts = at > from || lineStart || text.charCodeAt(at - 1) === 10;
					let word = at;
					if (starts && indent) while (word < end && isSpace(text.charCodeAt(word))) word++;
					lines.push((word > at ? indent!(text.slice(at, word)) : '') + escape(text, word, end, starts));
					at = end + 1;
				}
				return lines.join(line);
			};
