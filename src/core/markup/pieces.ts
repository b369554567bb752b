/**
 * Writes `text.slice(from, to)` so that it arrives as that text. It may look at its neighbours, but what it writes for
 * two stretches is what it writes for both at once, so that a cut may fall anywhere.
 */
export type Escape = (text: string, from: number, to: number, lineStart: boolean) => string;

/** Something that stays open over what is in it, and is closed and opened again where a cut falls inside. */
export interface Frame {
	open: string;
	close: string;
	/** What of `open` a reader sees. */
	shown?: string;
	/** Stands after every line break inside. */
	prefix?: string;
	/** Written instead of `open` and `prefix` after a cut inside: an item has its marker once. */
	again?: { open: string; prefix: string };
	/** What follows one that was cut would be read as its text, were there no gap between. */
	apart?: true;
	/** Cut inside only where it does not fit into a part of its own. */
	whole?: boolean;
	/** Syntax without which the rest would be invalid: kept even where nothing else has room. */
	needed?: boolean;
	/** Stands between two of these. */
	join?: string;
	/** How text is written that stands right inside it, where that takes syntax. */
	stray?: readonly [string, string];
	/** What is lost where there is no room for it. */
	name?: string;
}

/** What printers emit and the splitter works on. */
export type Piece =
	/** `inline`: white space that was put off goes before it. */
	| { kind: 'open'; frame: Frame; inline?: boolean }
	| { kind: 'close' }
	| TextPiece
	/** Never cut; where it does not fit alone, `instead` (or what it shows) is written as text. */
	| { kind: 'atom'; raw: string; shown: string; instead?: string; name?: string }
	/** Between blocks, between rows of a block, inside a paragraph, inside code. */
	| Break
	/** Something before this place, `name`, was written another way. */
	| { kind: 'loss'; name: string };

export type Break = { kind: 'gap' | 'row' | 'line' | 'newline' };

/** Shared: a text may have millions of lines. */
export const gap: Break = { kind: 'gap' };
export const row: Break = { kind: 'row' };
export const line: Break = { kind: 'line' };
export const close: Piece = { kind: 'close' };
export const newline: Break = { kind: 'newline' };

export interface TextPiece {
	kind: 'text';
	text: string;
	escape: Escape;
	/** White space in it is content. */
	verbatim?: boolean;
}

/** How a dialect parts its lines, and what stands around the whole of a part. */
export interface Layout {
	gap: string;
	row: string;
	line: string;
	root?: readonly [string, string];
	/** As in `Frame`. */
	stray?: readonly [string, string];
	/** White space at the start of a line. */
	indent?(space: string): string;
	escape: Escape;
	/** The end of part `index` (from 1) of `count`, and of the last one what is to be said of the rest, escaped. */
	counter(index: number, count: number, note?: string): string;
}
