import { weightOf, type Limit } from '../../base/limit';
import { isSpace, notInPair } from '../breaks';
import type { Layout, Piece, TextPiece } from '../pieces';
import { Breakpoints, type Candidate, type Overflow } from './breakpoints';
import { beginning, copy, type Around, type Opened, type Spot } from './spot';

/** What a part has for its text. */
export interface Room {
	limit: Limit;
	/** Kept free at its end: its counter, or the note on what was left out. */
	kept: string;
	/** Also kept free, inside what is open there. */
	ellipsis: boolean;
}

export const ellipsis = '…';
/** A slice of text that is tried at once. */
const stretch = 1024;

/** Writes one part, then the next: opens, closes and indents what stands in it, and knows what that costs. */
export class PartWriter {
	/** What is to be taken next, and the part as it stands. */
	spot: Spot = { ...beginning };
	/** Where the part began. */
	start: Spot = { ...beginning };
	/** Nothing fits beside all that is around it, so this part goes without. */
	bare = false;
	breakpoints = new Breakpoints();
	budget = 0;
	/** There is room for an ellipsis. */
	private ended = false;

	constructor(
		private readonly layout: Layout,
		private limit: Limit,
		/** Tells what is written in another way, and at which piece. */
		private readonly lose: (kind: string, index: number) => void,
	) {}

	begin(from: Spot, { limit, kept, ellipsis: isEllipsed }: Room): void {
		this.spot = {
			...from,
			out: '',
			size: 0,
			opened: undefined,
			gap: false,
			row: false,
			lines: 0,
			newlines: 0,
			lineStart: true,
		};
		this.start = { ...this.spot };
		this.breakpoints = new Breakpoints();
		this.limit = limit;
		const [open, close] = this.layout.root ?? ['', ''];
		this.budget = limit.max - this.cost(open + close, '') - this.cost(kept, kept);
		const ending = isEllipsed ? this.cost(this.ending(undefined), ellipsis) : 0;
		this.ended = isEllipsed && ending < this.budget;
		if (this.ended) this.budget -= ending;
	}

	/** Takes the piece at the spot, if it fits. */
	take(piece: Piece): Overflow | undefined {
		const { spot } = this;
		switch (piece.kind) {
			case 'text':
				return this.text(piece);
			case 'atom': {
				const before = copy(spot);
				if (!this.place(piece.raw, piece.shown, before)) return { before };
				break;
			}
			case 'open':
				spot.around = {
					frame: piece.frame,
					inline: piece.inline === true,
					up: spot.around,
					depth: (spot.around?.depth ?? 0) + 1,
					begun: false,
				};
				break;
			case 'close':
				this.close();
				break;
			case 'line':
				spot.lines++;
				spot.space = '';
				break;
			case 'newline':
				spot.newlines++;
				break;
			case 'loss':
				this.lose(piece.name, spot.index);
				break;
			default:
				spot[piece.kind] = true;
				// A line break at the end of a block is none, and so is white space.
				spot.lines = 0;
				spot.space = '';
		}
		spot.index++;
		return undefined;
	}

	/** The part up to there, all closed; with an ellipsis where it is cut off. */
	upTo(candidate: Candidate, shortened: boolean): string {
		const { root = ['', ''] } = this.layout;
		const spot = this.written(candidate);
		let part = root[0] + spot.out;
		if (shortened && this.ended) {
			// After a fence or a rule the ellipsis would spoil its line.
			const row = /(^|\n)[> ]*[`~-]{3,}$/.test(spot.out) ? this.layout.row : '';
			const fits = spot.size + (spot.opened?.closing ?? 0) + this.cost(row, row) <= this.budget;
			if (fits) part += row + this.ending(spot.opened);
		}
		for (let opened = spot.opened; opened; opened = opened.up) {
			part += opened.close;
			opened.around.begun = true;
		}
		return part + root[1];
	}

	/** The spot of a candidate, with its text written. */
	private written({ spot, text }: Candidate): Spot {
		if (!text) return spot;
		const { piece, to } = text;
		const raw = piece.escape(piece.text, spot.offset, to, spot.lineStart);
		const size = spot.size + this.cost(raw, piece.text.slice(spot.offset, to));
		return { ...spot, out: spot.out + raw, size, offset: to, lineStart: false };
	}

	/** The ellipsis as it stands right inside this frame. */
	private ending(opened: Opened | undefined): string {
		const [open, close] = (opened ? opened.around.frame.stray : this.layout.stray) ?? ['', ''];
		return open + this.layout.escape(ellipsis, 0, 1, false) + close;
	}

	private cost(raw: string, shown: string): number {
		return weightOf(this.limit.counts === 'visible' ? shown : raw, this.limit);
	}

	private text(piece: TextPiece): Overflow | undefined {
		const { text, verbatim } = piece;
		const { spot } = this;
		let from = spot.offset;
		let to = text.length;
		if (!verbatim) {
			while (from < to && isSpace(text.charCodeAt(from))) from++;
			while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
			spot.space += text.slice(spot.offset, from);
			spot.offset = from;
		}
		if (from < to) {
			const before = copy(spot);
			if (!this.place('', '', before)) return { before };
			const base = copy(spot);
			while (spot.offset < to) {
				const overflow = this.write(piece, to);
				if (overflow !== undefined) return { before, text: { piece, base, to: overflow } };
			}
			if (!verbatim && !spot.opened?.whole) this.breakpoints.rememberWord(piece, base, to);
		}
		if (!verbatim) spot.space += text.slice(to);
		spot.index++;
		spot.offset = 0;
		return undefined;
	}

	/** Writes a stretch of the text up to `to`. Where it does not fit, the offset up to which it would. */
	private write({ text, escape }: TextPiece, to: number): number | undefined {
		const { spot } = this;
		const from = spot.offset;
		const room = this.budget - (spot.opened?.closing ?? 0) - spot.size;
		const costOf = (end: number) => this.cost(escape(text, from, end, spot.lineStart), text.slice(from, end));
		// A character costs half a unit at the least.
		const end = notInPair(text, Math.min(to, from + stretch, from + 2 * Math.max(0, room) + 2));
		const raw = escape(text, from, end, spot.lineStart);
		const cost = this.cost(raw, text.slice(from, end));
		if (cost <= room) {
			spot.out += raw;
			spot.size += cost;
			spot.offset = end;
			spot.lineStart = false;
			return undefined;
		}
		let low = from;
		for (let high = end; high - low > 1;) {
			const middle = (low + high) >> 1;
			if (costOf(middle) <= room) low = middle;
			else high = middle;
		}
		return low > from ? Math.max(from, notInPair(text, low, -1)) : from;
	}

	/** Writes content with what must stand before it, if all that and its closing fit; else the spot is `before`. */
	private place(raw: string, shown: string, before: Spot): boolean {
		const { spot } = this;
		this.lead();
		spot.size += this.cost(raw, shown);
		if (spot.size + (spot.opened?.closing ?? 0) > this.budget) {
			this.spot = before;
			return false;
		}
		this.breakpoints.remember(before, spot.opened?.whole === true);
		spot.out += raw;
		if (raw !== '') spot.lineStart = false;
		return true;
	}

	/** Writes the breaks, white space and frames that were put off. */
	private lead(): void {
		const { spot, layout } = this;
		if (spot.out !== '') {
			const block = spot.gap ? layout.gap : spot.row ? layout.row : '';
			const breaks = block + layout.line.repeat(spot.lines) + '\n'.repeat(spot.newlines);
			const prefix = spot.opened?.prefix ?? '';
			const written =
				prefix === ''
					? breaks
					: breaks.replace(
							/\n(\n*)/g,
							(_, empty: string) => ('\n' + prefix.trimEnd()).repeat(empty.length) + '\n' + prefix,
						);
			spot.out += written;
			spot.size += this.cost(written, written.replaceAll('<br>', '\n'));
			if (spot.gap || spot.row || breaks !== '') spot.lineStart = true;
		}
		const waiting: Around[] = [];
		const open = spot.opened?.around.depth ?? 0;
		for (let around = spot.around; around && around.depth > open; around = around.up) waiting.push(around);
		while (waiting.at(-1)?.inline === false) this.open(waiting.pop() as Around);
		if (spot.space !== '') {
			const space = spot.lineStart && layout.indent ? layout.indent(spot.space) : spot.space;
			spot.out += space;
			spot.size += this.cost(space, spot.space);
		}
		spot.gap = spot.row = false;
		spot.lines = spot.newlines = 0;
		spot.space = '';
		for (const around of waiting.reverse()) this.open(around);
	}

	private open(around: Around): void {
		const { spot } = this;
		const { frame } = around;
		const below = spot.opened?.prefix ?? '';
		const closing = spot.opened?.closing ?? 0;
		if (this.bare && !frame.needed) {
			spot.opened = { around, up: spot.opened, prefix: below, close: '', closing, whole: false };
			this.lose(frame.name ?? 'format', spot.index);
			return;
		}
		const again = around.begun ? frame.again : undefined;
		const prefix = below + ((again ?? frame).prefix ?? '');
		const join = frame.join && spot.out !== '' && !spot.out.endsWith('[') ? frame.join : '';
		const open = join + (again ?? frame).open.replaceAll('\n', '\n' + prefix);
		const close = frame.close.replaceAll('\n', '\n' + below);
		spot.out += open;
		spot.size += this.cost(open, again ? again.open : (frame.shown ?? ''));
		if (around.inline && open !== '') spot.lineStart = false;
		spot.opened = {
			around,
			up: spot.opened,
			prefix,
			close,
			closing: closing + this.cost(close, ''),
			whole: frame.whole === true || spot.opened?.whole === true,
		};
	}

	private close(): void {
		const { spot } = this;
		const { opened, around } = spot;
		spot.newlines = 0;
		spot.around = around?.up;
		if (!opened || opened.around !== around) return;
		if (around.begun && around.frame.apart) spot.gap = true;
		spot.out += opened.close;
		spot.size += opened.closing - (opened.up?.closing ?? 0);
		spot.opened = opened.up;
		spot.lineStart = false;
	}
}
