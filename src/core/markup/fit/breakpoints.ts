import { atSpace, breakBefore, graphemeFloor, isSpace } from '../breaks';
import type { TextPiece } from '../pieces';
import { isBroken, type Spot } from './spot';

/** A place where the part may end: `spot`, and from there the text up to `to`; the next part begins at `next` in it. */
export interface Candidate {
	spot: Spot;
	text?: { piece: TextPiece; to: number; next: number };
}

/** What comes at `before` does not fit; of a text, what stands before `to` does. */
export interface Overflow {
	before: Spot;
	text?: { piece: TextPiece; base: Spot; to: number };
}

/** The places passed so far where the part may end, the last of each kind. */
export class Breakpoints {
	private gap?: Candidate;
	private row?: Candidate;
	private word?: Candidate;
	private last?: Candidate;

	/** What is placed now could also begin the next part. */
	remember(before: Spot, inWhole: boolean): void {
		if (before.out === '' || before.opened?.whole) return;
		const level = before.gap ? 'gap' : isBroken(before) ? 'row' : before.space !== '' ? 'word' : undefined;
		if (!level && !inWhole) return;
		const candidate = { spot: before };
		if (level) this[level] = candidate;
		this.last = candidate;
	}

	/** The last white space of a text that fitted, for what follows it without any. */
	rememberWord(piece: TextPiece, base: Spot, to: number): void {
		const { text } = piece;
		let at = to - 1;
		while (at > base.offset && !isSpace(text.charCodeAt(at))) at--;
		const next = at + 1;
		while (at > base.offset && isSpace(text.charCodeAt(at - 1))) at--;
		if (at <= base.offset) return;
		this.word = this.last = { spot: base, text: { piece, to: at, next } };
	}

	/**
	 * Where to end the part, given what does not fit into it; none where it is empty.
	 * @param fullness the share of the budget from which a break between blocks is good enough
	 */
	choose({ before, text }: Overflow, budget: number, fullness: number): Candidate | undefined {
		const { gap, row, word, last } = this;
		const size = (candidate: Candidate) => candidate.spot.size;
		const enough = budget * fullness;
		if (gap && size(gap) >= enough) return gap;
		if (row && size(row) >= enough) return row;
		if (last && (text ? text.base : before).opened?.whole) return last;
		if (text) {
			const { piece, base, to } = text;
			const inside = (at: number, next: number) => ({ spot: base, text: { piece, to: at, next } });
			const found = breakBefore(piece.text, base.offset, to, piece.verbatim === true);
			const share = found && base.size + ((budget - base.size) * (found.at - base.offset)) / (to - base.offset);
			if (found && share !== undefined && share >= budget * 0.3) return inside(found.at, found.next);
			if (word && size(word) >= budget * 0.3) return word;
			const floor = graphemeFloor(piece.text, base.offset, to);
			const hard =
				floor > base.offset
					? atSpace(piece.text, base.offset, floor, piece.verbatim === true, false)
					: undefined;
			if (hard) return inside(hard.at, hard.next);
		}
		return before.out === '' ? undefined : { spot: before };
	}
}

/** Where the next part begins: white space at a break belongs to neither side, unless it indents a line. */
export const after = ({ spot, text }: Candidate): Spot =>
	text ? { ...spot, offset: text.next, space: '' } : { ...spot, space: isBroken(spot) ? spot.space : '' };
