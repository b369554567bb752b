import { measure, weightOf, type Limit } from '../base/limit';
import { atSpace, breakBefore, graphemeFloor, isSpace } from './breaks';
import type { Frame, Layout, Piece, TextPiece } from './pieces';

/** A frame that surrounds the current place. */
interface Around {
	frame: Frame;
	inline: boolean;
	up: Around | undefined;
	depth: number;
	/** It was opened in an earlier part. */
	begun: boolean;
}

/** A frame that is open in the current part, with all below it. */
interface Opened {
	around: Around;
	up: Opened | undefined;
	prefix: string;
	close: string;
	/** What closing this and all below it costs. */
	closing: number;
	whole: boolean;
}

/** Where we are, in the pieces and in the part that is being written. Copied, never shared: strings make that cheap. */
interface Spot {
	index: number;
	/** Into the text of the piece at `index`. */
	offset: number;
	out: string;
	size: number;
	around: Around | undefined;
	opened: Opened | undefined;
	/** Put off until something follows. */
	gap: boolean;
	row: boolean;
	lines: number;
	newlines: number;
	space: string;
	lineStart: boolean;
}

/** A place where the part may end: `spot`, and from there the text up to `to`; the next part begins at `next` in it. */
interface Candidate {
	spot: Spot;
	text?: { piece: TextPiece; to: number; next: number };
}

/** What comes at `before` does not fit; of a text, what stands before `to` does. */
interface Overflow {
	before: Spot;
	text?: { piece: TextPiece; base: Spot; to: number };
}

interface Plan {
	limit: Limit;
	first?: Limit;
	/** Stands at the end of the part, inside what is open there. */
	ellipsis: boolean;
	/** Kept free in each part. */
	counter: string;
	/** Kept free in the last part, which then ends where it is full. */
	ending?: string;
	/** Gives up when there are more parts, unless the last one may end where it is full. */
	most: number;
	unread: number;
}

/** Something that is shown in another way, or not at all. */
export interface Loss {
	kind: string;
	/** From 1. */
	part: number;
	/** Of `cut`: characters. */
	count: number;
}

export interface Fitted {
	parts: string[];
	/** How many characters were left out. */
	left: number;
	losses: Loss[];
	/** There was no room for more. */
	full: boolean;
}

interface Fit extends Fitted {
	/** It takes more parts than the plan has. */
	tooMany: boolean;
}

export interface FitOptions {
	limit: Limit;
	first?: Limit;
	overflow: 'split' | 'cut';
	/** How many parts there may be at most. */
	most?: number;
	/** What is said at the end of the last part of so many characters that were left out. */
	note?(left: number): string;
	/** The pieces take this much of the limit at the least. */
	size: number;
	/** The length of the text that they come from. */
	length: number;
	/** How many characters more there are, which nobody has looked at. */
	unread: number;
}

const ellipsis = '…';
/** A slice of text that is tried at once. */
const stretch = 1024;
/** How much is done between two pauses: a piece, or this many characters of one. */
const pause = 2048;
const charactersAPiece = 8;

/**
 * Cuts or splits pieces so that each part, closed and counted, is within its limit. Linear in the pieces; wherever it
 * yields, somebody else may have a turn.
 */
export function* fit(pieces: Piece[], layout: Layout, options: FitOptions): Generator<void, Fitted, void> {
	const { limit, first, overflow, most: cap = Infinity, note, size, length, unread } = options;
	const plan: Plan = { limit, first, ellipsis: false, counter: '', most: 1, unread };
	const run = (changed: Partial<Plan>) => new Fitter(pieces, layout, { ...plan, ...changed }).run();
	const hasRoom = (parts: number) => unread === 0 && size <= parts * Math.max(limit.max, first?.max ?? 0);
	if (hasRoom(1)) {
		const one = yield* run({});
		if (!one.tooMany) return one;
	}
	if (overflow === 'cut') return yield* run({ ellipsis: true });
	const least = Math.min(limit.max, first?.max ?? Infinity);
	let counter = '';
	// How many digits the counter takes is known when the parts are: guess low, then again. The guesses cost a tenth.
	for (let guess = 9; ; guess = guess * 10 + 9) {
		const most = Math.min(guess, cap);
		if (most === 1) break;
		const widest = layout.counter(most, most);
		if (weightOf(widest, limit) * 2 > least) break;
		counter = widest;
		if (hasRoom(most)) {
			const fitted = yield* run({ most, counter });
			if (!fitted.tooMany) return { ...fitted, parts: number(fitted.parts, layout, options) };
		}
		if (guess >= cap) break;
	}
	if (cap === Infinity) return yield* run({ most: Infinity });
	const say = (left: number) => {
		const words = note?.(left) ?? ellipsis;
		return layout.escape(words, 0, words.length, true);
	};
	// Only addresses that stand for many short references make more of a text than it was.
	const mostLeft = 10 ** (String(length).length + 1);
	const widest = layout.counter(cap, cap, say(mostLeft));
	const ending = weightOf(widest, limit) * 2 > (cap === 1 ? least : limit.max) ? counter : widest;
	const fitted = yield* run({ most: cap, counter, ending });
	if (ending === counter)
		return { ...fitted, parts: counter === '' ? fitted.parts : number(fitted.parts, layout, options) };
	return {
		...fitted,
		parts: number(
			fitted.parts,
			layout,
			options,
			fitted.left > 0 ? say(Math.min(fitted.left, mostLeft)) : undefined,
		),
	};
}

/** Puts the counters in, and the note into the last part. */
function number(
	parts: string[],
	layout: Layout,
	{ limit, first }: Pick<FitOptions, 'limit' | 'first'>,
	note?: string,
): string[] {
	if (parts.length === 1 && note === undefined) return parts;
	const [open, close] = layout.root ?? ['', ''];
	return parts.map((part, index) => {
		const counter = layout.counter(index + 1, parts.length, index === parts.length - 1 ? note : undefined);
		if (part !== '') return part.slice(0, part.length - close.length) + counter + close;
		const alone = open + counter.replace(/^[\s,]+/, '') + close;
		const room = index === 0 && first ? first : limit;
		return weightOf(alone, room) <= room.max ? alone : '';
	});
}

class Fitter {
	private readonly parts: string[] = [];
	/** By their place among the pieces: a part that is written again loses nothing twice. */
	private readonly losses = new Map<string, Loss>();
	/** Characters that fit nowhere. */
	private dropped = 0;
	private spot: Spot = {
		index: 0,
		offset: 0,
		out: '',
		size: 0,
		around: undefined,
		opened: undefined,
		gap: false,
		row: false,
		lines: 0,
		newlines: 0,
		space: '',
		lineStart: true,
	};
	/** Of the current part. */
	private start: Spot = { ...this.spot };
	/** Nothing fits beside all that is around it, so this part goes without. */
	private bare = false;
	private budget = 0;
	/** There is room for an ellipsis. */
	private ended = false;
	private limit: Limit;
	private candidates: { gap?: Candidate; row?: Candidate; word?: Candidate; last?: Candidate } = {};

	constructor(
		private readonly pieces: Piece[],
		private readonly layout: Layout,
		private readonly plan: Plan,
	) {
		this.limit = plan.limit;
	}

	*run(): Generator<void, Fit, void> {
		const { plan, parts } = this;
		this.begin(this.spot);
		let done = 0;
		while (this.spot.index < this.pieces.length) {
			if (done >= pause) {
				done = 0;
				yield;
			}
			const piece = this.pieces[this.spot.index]!;
			done += piece.kind === 'text' ? 1 + piece.text.length / charactersAPiece : 1;
			const overflow = this.step();
			if (!overflow) continue;
			const last = parts.length + 1 >= plan.most;
			const ends = plan.ellipsis || plan.ending !== undefined;
			if (last && !ends) return this.result(true, true);
			const candidate = this.choose(overflow);
			if (candidate) {
				this.finish(candidate, plan.ellipsis);
				this.bare = false;
				this.begin(after(candidate));
			} else if (plan.first && parts.length === 0 && !last) {
				parts.push('');
				this.begin(this.start);
			} else {
				this.yieldRoom(overflow);
			}
			if (ends && parts.length >= plan.most) return this.result(true, false);
		}
		if (this.spot.out !== '') this.finish({ spot: this.spot }, false);
		if (parts.length === 0) parts.push('');
		return this.result(false, false);
	}

	private result(full: boolean, tooMany: boolean): Fit {
		const { parts, pieces, spot, plan } = this;
		let left = this.dropped + plan.unread;
		for (let index = spot.index; !tooMany && index < pieces.length; index++) {
			const piece = pieces[index]!;
			if (piece.kind === 'text') {
				left += measure(index === spot.index ? piece.text.slice(spot.offset) : piece.text, 'chars');
			} else if (piece.kind === 'atom') {
				left += measure(piece.shown, 'chars');
			}
		}
		const losses = [...this.losses.values()];
		if (left > 0) losses.push({ kind: 'cut', part: parts.length, count: left });
		return { parts, left, losses, full, tooMany };
	}

	private lose(kind: string): void {
		const { spot, parts } = this;
		this.losses.set(`${spot.index} ${kind}`, { kind, part: parts.length + 1, count: 1 });
	}

	private cost(raw: string, shown: string): number {
		return weightOf(this.limit.counts === 'visible' ? shown : raw, this.limit);
	}

	private begin(from: Spot): void {
		const { plan, layout } = this;
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
		this.candidates = {};
		this.limit = this.parts.length === 0 && plan.first ? plan.first : plan.limit;
		const [open, close] = layout.root ?? ['', ''];
		const end = this.parts.length + 1 >= plan.most ? (plan.ending ?? plan.counter) : plan.counter;
		this.budget = this.limit.max - this.cost(open + close, '') - this.cost(end, end);
		const ending = plan.ellipsis ? this.cost(this.ending(undefined), ellipsis) : 0;
		this.ended = plan.ellipsis && ending < this.budget;
		if (this.ended) this.budget -= ending;
	}

	/** The ellipsis as it stands right inside this frame. */
	private ending(opened: Opened | undefined): string {
		const [open, close] = (opened ? opened.around.frame.stray : this.layout.stray) ?? ['', ''];
		return open + this.layout.escape(ellipsis, 0, 1, false) + close;
	}

	private finish(candidate: Candidate, shortened: boolean): void {
		const { root = ['', ''] } = this.layout;
		const spot = this.upTo(candidate);
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
		part += root[1];
		this.parts.push(part);
	}

	/** The spot of a candidate, with its text written. */
	private upTo({ spot, text }: Candidate): Spot {
		if (!text) return spot;
		const { piece, to } = text;
		const raw = piece.escape(piece.text, spot.offset, to, spot.lineStart);
		const size = spot.size + this.cost(raw, piece.text.slice(spot.offset, to));
		return { ...spot, out: spot.out + raw, size, offset: to, lineStart: false };
	}

	/** Takes the next piece, if it fits. */
	private step(): Overflow | undefined {
		const { spot } = this;
		const piece = this.pieces[spot.index] as Piece;
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
				this.lose(piece.name);
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

	/** Writes content with what must stand before it, if all that and its closing fit; else the spot is `before`. */
	private place(raw: string, shown: string, before: Spot): boolean {
		const { spot } = this;
		this.lead();
		spot.size += this.cost(raw, shown);
		if (spot.size + (spot.opened?.closing ?? 0) > this.budget) {
			this.spot = before;
			return false;
		}
		this.remember(before);
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
			this.lose(frame.name ?? 'format');
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

	/** What is placed now could also begin the next part. */
	private remember(before: Spot): void {
		if (before.out === '' || before.opened?.whole) return;
		const level = before.gap ? 'gap' : isBroken(before) ? 'row' : before.space !== '' ? 'word' : undefined;
		if (!level && !this.spot.opened?.whole) return;
		const candidate = { spot: before };
		if (level) this.candidates[level] = candidate;
		this.candidates.last = candidate;
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
			if (!verbatim && !spot.opened?.whole) this.rememberWord(piece, base, to);
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

	/** The last white space of a text that fitted, for what follows it without any. */
	private rememberWord(piece: TextPiece, base: Spot, to: number): void {
		const { text } = piece;
		let at = to - 1;
		while (at > base.offset && !isSpace(text.charCodeAt(at))) at--;
		const next = at + 1;
		while (at > base.offset && isSpace(text.charCodeAt(at - 1))) at--;
		if (at <= base.offset) return;
		this.candidates.word = this.candidates.last = { spot: base, text: { piece, to: at, next } };
	}

	/** Where to end the part, given what does not fit into it; none where it is empty. */
	private choose({ before, text }: Overflow): Candidate | undefined {
		const { gap, row, word, last } = this.candidates;
		const size = (candidate: Candidate) => candidate.spot.size;
		const enough = this.budget * (this.plan.ellipsis ? 0.9 : 0.5);
		if (gap && size(gap) >= enough) return gap;
		if (row && size(row) >= enough) return row;
		if (last && (text ? text.base : before).opened?.whole) return last;
		if (text) {
			const { piece, base, to } = text;
			const inside = (at: number, next: number) => ({ spot: base, text: { piece, to: at, next } });
			const found = breakBefore(piece.text, base.offset, to, piece.verbatim === true);
			const share =
				found && base.size + ((this.budget - base.size) * (found.at - base.offset)) / (to - base.offset);
			if (found && share !== undefined && share >= this.budget * 0.3) return inside(found.at, found.next);
			if (word && size(word) >= this.budget * 0.3) return word;
			const floor = graphemeFloor(piece.text, base.offset, to);
			const hard =
				floor > base.offset
					? atSpace(piece.text, base.offset, floor, piece.verbatim === true, false)
					: undefined;
			if (hard) return inside(hard.at, hard.next);
		}
		return before.out === '' ? undefined : { spot: before };
	}

	/** Not even the smallest bit fits into an empty part: gives up what there is to give up, the least first. */
	private yieldRoom({ text }: Overflow): void {
		const { index } = this.spot;
		const piece = this.pieces[index] as Piece;
		if (piece.kind === 'atom') {
			this.pieces[index] = { kind: 'text', text: piece.instead ?? piece.shown, escape: this.layout.escape };
			this.lose(piece.name ?? 'format');
		} else if (!this.bare) {
			this.bare = true;
		} else if (piece.kind === 'text') {
			const { offset } = text?.base ?? this.spot;
			// A grapheme longer than a part goes in pieces; a character longer than a part goes nowhere.
			const to = text && text.to > offset ? text.to : offset;
			if (text && to > offset) {
				const candidate = { spot: text.base, text: { piece, to, next: to } };
				this.finish(candidate, this.plan.ellipsis);
				this.bare = false;
				return this.begin(after(candidate));
			}
			this.dropped++;
			return this.begin({ ...this.spot, space: '', offset: notInPair(piece.text, offset + 1) });
		}
		this.begin(this.start);
	}
}

const isBroken = (spot: Spot): boolean => spot.gap || spot.row || spot.lines > 0 || spot.newlines > 0;

/** Where the next part begins: white space at a break belongs to neither side, unless it indents a line. */
const after = ({ spot, text }: Candidate): Spot =>
	text ? { ...spot, offset: text.next, space: '' } : { ...spot, space: isBroken(spot) ? spot.space : '' };

/** Faster than a spread, and made for every word. */
const copy = (spot: Spot): Spot => ({
	index: spot.index,
	offset: spot.offset,
	out: spot.out,
	size: spot.size,
	around: spot.around,
	opened: spot.opened,
	gap: spot.gap,
	row: spot.row,
	lines: spot.lines,
	newlines: spot.newlines,
	space: spot.space,
	lineStart: spot.lineStart,
});

/** `at`, or the next place towards `step` that is not inside a surrogate pair. */
function notInPair(text: string, at: number, step: 1 | -1 = 1): number {
	const code = text.charCodeAt(at);
	return code >= 0xdc00 && code <= 0xdfff ? at + step : at;
}
