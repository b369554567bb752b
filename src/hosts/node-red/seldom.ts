import type { Language } from '../../core/base/language';

/** ms */
const pause = 60_000;

/**
 * Anybody may send wrong requests, as many as they like: the first is told at once, then one within a minute at most,
 * with the number of those in between.
 * @param now ms, of a clock that nobody sets
 */
export function seldom(
	tell: (text: string) => void,
	language: Language,
	now: () => number = () => performance.now(),
): (text: string) => void {
	let last: number | undefined;
	let untold = 0;
	return (text) => {
		if (last !== undefined && now() - last < pause) return void untold++;
		const more = { en: ` (and ${untold} more before it)`, zh: `（此前另有 ${untold} 个）` };
		tell(untold > 0 ? `${text}${more[language]}` : text);
		[last, untold] = [now(), 0];
	};
}
