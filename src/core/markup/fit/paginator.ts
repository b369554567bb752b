import { measure, type Limit } from '../../base/limit';
import type { Turns } from '../../base/turns';
import { notInPair } from '../breaks';
import type { Layout, Piece } from '../pieces';
import { after, type Candidate, type Overflow } from './breakpoints';
import { PartWriter } from './part';
import type { Spot } from './spot';

/** How the parts are to be filled. */
export interface Plan {
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

interface Pages extends Fitted {
	/** It takes more parts than the plan has. */
	tooMany: boolean;
}

/** How much is done between two pauses: a piece, or this many characters of one. */
const pause = 2048;
const charactersAPiece = 8;

/** Fills part after part. */
export class Paginator {
	private readonly parts: string[] = [];
	/** By their place among the pieces: a part that is written again loses nothing twice. */
	private readonly losses = new Map<string, Loss>();
	/** Characters that fit nowhere. */
	private dropped = 0;
	private readonly part: PartWriter;

	constructor(
		private readonly pieces: Piece[],
		private readonly layout: Layout,
		private readonly plan: Plan,
	) {
		this.part = new PartWriter(layout, plan.limit, (kind, index) => this.lose(kind, index));
	}

	*run(): Turns<Pages> {
		const { plan, parts, part } = this;
		this.begin(part.spot);
		let done = 0;
		while (part.spot.index < this.pieces.length) {
			if (done >= pause) {
				done = 0;
				yield;
			}
			const piece = this.pieces[part.spot.index]!;
			done += piece.kind === 'text' ? 1 + piece.text.length / charactersAPiece : 1;
			const overflow = part.take(piece);
			if (!overflow) continue;
			const last = parts.length + 1 >= plan.most;
			const ends = plan.ellipsis || plan.ending !== undefined;
			if (last && !ends) return this.result(true, true);
			const candidate = part.breakpoints.choose(overflow, part.budget, plan.ellipsis ? 0.9 : 0.5);
			if (candidate) {
				this.end(candidate);
			} else if (plan.first && parts.length === 0 && !last) {
				parts.push('');
				this.begin(part.start);
			} else {
				this.yieldRoom(overflow);
			}
			if (ends && parts.length >= plan.most) return this.result(true, false);
		}
		if (part.spot.out !== '') parts.push(part.upTo({ spot: part.spot }, false));
		if (parts.length === 0) parts.push('');
		return this.result(false, false);
	}

	private begin(from: Spot): void {
		const { plan, parts } = this;
		const isLast = parts.length + 1 >= plan.most;
		this.part.begin(from, {
			limit: parts.length === 0 && plan.first ? plan.first : plan.limit,
			kept: isLast ? (plan.ending ?? plan.counter) : plan.counter,
			ellipsis: plan.ellipsis,
		});
	}

	/** Ends the part there and begins the next. */
	private end(candidate: Candidate): void {
		this.parts.push(this.part.upTo(candidate, this.plan.ellipsis));
		this.part.bare = false;
		this.begin(after(candidate));
	}

	/** Not even the smallest bit fits into an empty part: gives up what there is to give up, the least first. */
	private yieldRoom({ text }: Overflow): void {
		const { part } = this;
		const { index } = part.spot;
		const piece = this.pieces[index] as Piece;
		if (piece.kind === 'atom') {
			this.pieces[index] = { kind: 'text', text: piece.instead ?? piece.shown, escape: this.layout.escape };
			this.lose(piece.name ?? 'format', index);
		} else if (!part.bare) {
			part.bare = true;
		} else if (piece.kind === 'text') {
			const { offset } = text?.base ?? part.spot;
			// A grapheme longer than a part goes in pieces; a character longer than a part goes nowhere.
			const to = text && text.to > offset ? text.to : offset;
			if (text && to > offset) {
				return this.end({ spot: text.base, text: { piece, to, next: to } });
			}
			this.dropped++;
			return this.begin({ ...part.spot, space: '', offset: notInPair(piece.text, offset + 1) });
		}
		this.begin(part.start);
	}

	private lose(kind: string, index: number): void {
		this.losses.set(`${index} ${kind}`, { kind, part: this.parts.length + 1, count: 1 });
	}

	private result(full: boolean, tooMany: boolean): Pages {
		const { parts, pieces, plan } = this;
		const { spot } = this.part;
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
}
