/** White space as Markdown counts it: Zs and the ASCII controls. */
export function isSpace(code: number): boolean {
	if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
	if (code < 0xa0) return false;
	return (
		code === 0xa0 ||
		code === 0x1680 ||
		(code >= 0x2000 && code <= 0x200a) ||
		code === 0x202f ||
		code === 0x205f ||
		code === 0x3000
	);
}

/** Between two of these there is always a grapheme boundary. */
const isLoner = (code: number): boolean =>
	(code >= 0x20 && code < 0x300 && code !== 0xad && code !== 0xa9 && code !== 0xae) ||
	(code >= 0x3001 && code < 0x302a) ||
	(code >= 0x3041 && code <= 0x3096) ||
	(code >= 0x30a1 && code <= 0x30fa) ||
	(code >= 0x4e00 && code <= 0x9fff) ||
	(code >= 0xff01 && code <= 0xff60);

const isCjk = (code: number): boolean =>
	(code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xff01 && code <= 0xff60);

/** They end a sentence, or at least do not begin a line. */
const cjkStops = new Set([...'。！？；，、：…」』）】》〉”’～'].map((char) => char.charCodeAt(0)));
const latinStops = new Set([...'.!?;:…'].map((char) => char.charCodeAt(0)));

let segmenter: Intl.Segmenter | undefined;

/** The last grapheme boundary at or before `at`, not before `from`. */
export function graphemeFloor(text: string, from: number, at: number): number {
	if (at >= text.length) return text.length;
	let sure = at;
	while (sure > from && !(isLoner(text.charCodeAt(sure - 1)) && isLoner(text.charCodeAt(sure)))) sure--;
	if (sure === at) return at;
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
	// The cluster at the end may be longer than this, but it starts where it starts.
	const end = Math.min(text.length, at + 16);
	let floor = sure;
	for (const { index } of segmenter.segment(text.slice(sure, end))) {
		if (sure + index > at) break;
		floor = sure + index;
	}
	return floor;
}

/** What follows does not combine with what stands before: a mark may also stand on a space or a stop. */
const isWhole = (text: string, at: number): boolean =>
	isLoner(text.charCodeAt(at)) || graphemeFloor(text, at - 1, at) === at;

export interface Break {
	/** Where the part ends. */
	at: number;
	/** Where the next one begins. */
	next: number;
	sentence: boolean;
}

/** The best break inside `text`, after `from` and not after `to`: the end of a sentence nearby, or a word's. */
export function breakBefore(text: string, from: number, to: number, verbatim: boolean): Break | undefined {
	const sentencesFrom = to - (to - from) * 0.4;
	// Past this a word is so long that its start is no better than its middle.
	const wordsFrom = Math.max(from, to - 2048);
	let word = -1;
	for (let at = Math.min(to, text.length - 1); at > wordsFrom; at--) {
		if (word >= 0 && at < sentencesFrom) break;
		const code = text.charCodeAt(at);
		const before = text.charCodeAt(at - 1);
		if (at <= to && isSpace(code) && isWhole(text, at + 1)) {
			if (!isSpace(before) && (code === 10 || (!verbatim && latinStops.has(before)))) {
				if (at >= sentencesFrom) return atSpace(text, from, at, verbatim, true);
			}
			if (word < 0) word = at;
		} else if (at >= sentencesFrom && cjkStops.has(before) && !cjkStops.has(code) && isWhole(text, at)) {
			return { at, next: at, sentence: true };
		}
	}
	const address = Math.max(wordsFrom, word) + text.slice(Math.max(wordsFrom, word), to).lastIndexOf('://');
	if (address > Math.max(wordsFrom, word) && !/[\s\u2e80-\uffff]/.test(text.slice(address, to))) {
		let at = address;
		while (at > from && /[a-z+]/i.test(text[at - 1] as string)) at--;
		if (at - 1 > word && at > from) return { at, next: at, sentence: false };
	}
	const cjk = isCjk(text.charCodeAt(to - 1)) || isCjk(text.charCodeAt(to));
	if (cjk && to - word > 24) {
		let at = graphemeFloor(text, from, to);
		while (at > from && to - at < 4 && cjkStops.has(text.charCodeAt(at))) at--;
		return at > from && isCjk(text.charCodeAt(at - 1)) ? { at, next: at, sentence: false } : undefined;
	}
	return word > from ? atSpace(text, from, word, verbatim, false) : undefined;
}

/** White space at a break belongs to neither side, unless it is content. */
export function atSpace(
	text: string,
	from: number,
	at: number,
	verbatim: boolean,
	sentence: boolean,
): Break | undefined {
	if (verbatim) return text.charCodeAt(at) === 10 ? { at, next: at + 1, sentence } : { at, next: at, sentence };
	let end = at;
	let next = at;
	while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
	while (next < text.length && isSpace(text.charCodeAt(next))) next++;
	return end > from ? { at: end, next, sentence } : undefined;
}

/** `at`, or the next place towards `step` that is not inside a surrogate pair. */
export function notInPair(text: string, at: number, step: 1 | -1 = 1): number {
	const code = text.charCodeAt(at);
	return code >= 0xdc00 && code <= 0xdfff ? at + step : at;
}
