import type { Frame } from '../pieces';

/** A frame that surrounds the current place. */
export interface Around {
	frame: Frame;
	inline: boolean;
	up: Around | undefined;
	depth: number;
	/** It was opened in an earlier part. */
	begun: boolean;
}

/** A frame that is open in the current part, with all below it. */
export interface Opened {
	around: Around;
	up: Opened | undefined;
	prefix: string;
	close: string;
	/** What closing this and all below it costs. */
	closing: number;
	whole: boolean;
}

/** Where we are, in the pieces and in the part that is being written. Copied, never shared: strings make that cheap. */
export interface Spot {
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

/** Before everything. */
export const beginning: Spot = {
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

export const isBroken = (spot: Spot): boolean => spot.gap || spot.row || spot.lines > 0 || spot.newlines > 0;

/** Faster than a spread, and made for every word. */
export const copy = (spot: Spot): Spot => ({
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
