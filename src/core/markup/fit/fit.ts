import { fits, weightOf, type Limit } from '../../base/limit';
import type { Turns } from '../../base/turns';
import type { Layout, Piece } from '../pieces';
import { Paginator, type Fitted, type Plan } from './paginator';
import { ellipsis } from './part';

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

/**
 * Cuts or splits pieces so that each part, closed and counted, is within its limit. Linear in the pieces; wherever it
 * yields, somebody else may have a turn.
 */
export function* fit(pieces: Piece[], layout: Layout, options: FitOptions): Turns<Fitted> {
	const { limit, first, overflow, most: cap = Infinity, note, size, length, unread } = options;
	const plan: Plan = { limit, first, ellipsis: false, counter: '', most: 1, unread };
	const run = (changed: Partial<Plan>) => new Paginator(pieces, layout, { ...plan, ...changed }).run();
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
		return fits(alone, room) ? alone : '';
	});
}
