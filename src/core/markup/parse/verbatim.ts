/** Closing quotes and brackets, and the stops of East Asia, end an address. */
const address =
	/(?:(?<![A-Za-z0-9+.-])(?:[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/|magnet:\?|mailto:|urn:|sip:|tel:)|(?<![\w.-])www\.(?=[A-Za-z0-9]))[^\s<>`"\u2018-\u201f\u3000-\u303f\uff00-\uffef]+/g;
const mail = /(?<![\w.+*-])[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const drive =
	/(?<![A-Za-z0-9\\])[A-Za-z]:\\(?=[\w.$~!@#%&({*\u0080-\uffff-]|\[[^\]\\\s]*\])(?:[^\s\\/:*?"<>|`]+(?: [^\s\\/:*?"<>|`]+){0,3}\\)*[^\s"<>|`]*/g;
/** From a key of the registry, or a variable. */
const folder = /(?<![\w\\])(?:HK(?:LM|CU|CR|U|CC|EY_[A-Z_]{4,40})|%\w{1,40}%)\\[^\s"<>|`]*/g;
const share = /(?<![\\\w])\\\\(?=[A-Za-z0-9])[\w.-]+\\(?=[A-Za-z0-9])[^\s"<>|`]*/g;
const word = /[^\s"'`<>()|\u2018-\u201f\u3000-\u303f\uff00-\uffef]+/g;
const dunder =
	/(?<=[.\w/])__\w{1,40}?__|__\w{1,40}?__(?=\.[A-Za-z]|[/(])|\b__(?:all|call|class|del|dict|dir|doc|enter|eq|exit|file|func|hash|init|iter|len|main|mocks|module|name|new|next|path|pycache|repr|slots|snapshots|str|tests|version|FILE|LINE|FUNCTION|CLASS|DIR|METHOD|NAMESPACE)__\b/g;

/** What stands for a part of a name: `user:*:id`, `key_*_id`, `job-*-a`. */
const gap = /(?<=[A-Za-z\d])[_:.@-]{1,3}\*[_:.@-]{1,3}(?=[A-Za-z\d])/g;

/** Of a pattern: `.*error.*`, `^[a-z]*$`. It may also close emphasis (`*Done.*`), but begins none. */
const quantifier = /(?<=\.|[\])](?=\*[\s$\\)\]|.+?]|\*$))\*(?!\*)/g;

/** Where a path begins in a word: the root, a home, a folder, or the pattern of one. */
const pathStart =
	/(?:^|[=:,;[{]|(?<=[\u2e80-\u9fff\uac00-\ud7a3]))(?=(?:[~.]{0,2}|\*{1,2}|[\w.@%$-]{1,100}|\$\{\w{1,40}\})\/[^\s/])/u;

/** Stretches in the order in which they stand, none within another. */
export type Stretches = readonly (readonly [from: number, to: number])[];

/** What is kept as it is: what looks like emphasis, and what looks like escapes. */
export interface Verbatim {
	stars: Stretches;
	backslashes: Stretches;
}

/**
 * Finds what people do not write as Markdown: addresses, paths, patterns of files. What may be either is weighed:
 * emphasis around the whole of an address or a path (`**https://e.com**`) is emphasis, whatever stands inside is not.
 */
export function verbatimIn(source: string): Verbatim {
	const stars: [number, number][] = [];
	const backslashes: [number, number][] = [];
	if (source.includes('\\')) {
		for (const pattern of [drive, share, folder]) {
			for (const { 0: path, index } of source.matchAll(pattern)) {
				backslashes.push([index, index + path.length]);
				stars.push([index, endOf(source, index, index + path.length)]);
			}
		}
		// A backslash before a letter escapes nothing, so that none in this word does.
		for (const { 0: text, index } of source.matchAll(/\S+/g))
			if (/(?<!\\)\\[A-Za-z0-9]/.test(text) && !text.includes('\\\\'))
				backslashes.push([index, index + text.length]);
	}
	if (/[*_~]/.test(source)) {
		for (const { 0: text, index } of source.matchAll(address)) {
			const to = closedAt(source, index, index + text.length);
			stars.push([index, endOf(source, index, index + plainEnd(source.slice(index, to)))]);
		}
		for (const { 0: text, index } of source.matchAll(mail)) {
			const [run = ''] = /^_*/.exec(text) ?? [];
			const isMarked = run !== '' && source.startsWith(run, index + text.length);
			stars.push([index + (isMarked ? run.length : 0), index + text.length]);
		}
		for (const { 0: text, index } of source.matchAll(dunder)) stars.push([index, index + text.length]);
		for (const { 0: text, index } of source.matchAll(word)) {
			if (!/[*_]/.test(text)) continue;
			const path = pathIn(text, source, index);
			if (path) stars.push([index + path[0], endOf(source, index + path[0], index + path[1])]);
			else if (isPattern(text, source, index)) stars.push([index, index + text.length]);
			// A product.
			const product = /[=+]/.test(text) ? /(?<=[A-Za-z\d])\*(?=[A-Za-z\d])/g : /(?<=\d)\*(?=\d)/g;
			for (const { index: at } of text.matchAll(product)) stars.push([index + at, index + at + 1]);
			for (const { 0: run, index: at } of text.matchAll(gap)) stars.push([index + at, index + at + run.length]);
		}
		for (const { index: at } of source.matchAll(quantifier))
			if (!opensBefore(source, at, '*')) stars.push([at, at + 1]);
	}
	return { stars: joined(stars), backslashes: joined(backslashes) };
}

/** Where addresses of the web stand in a text, without the stops behind them. */
export function addressesIn(text: string): Stretches {
	const found: [number, number][] = [];
	if (!text.includes('://')) return found;
	for (const { 0: whole, index } of text.matchAll(address)) {
		const given = text.slice(index, closedAt(text, index, index + whole.length));
		const end = index + lengthWithout(given, `${stops}'`);
		if (/^https?:/i.test(given) && end > index) found.push([index, end]);
	}
	return found;
}

function joined(stretches: [number, number][]): Stretches {
	const out: [number, number][] = [];
	for (const [from, to] of stretches.sort(([a], [b]) => a - b)) {
		const last = out.at(-1);
		if (last && from < last[1]) last[1] = Math.max(last[1], to);
		else if (to > from) out.push([from, to]);
	}
	return out;
}

/** The length of a text without the characters at its end that are among these. */
function lengthWithout(text: string, chars: string): number {
	let length = text.length;
	while (length > 0 && chars.includes(text[length - 1] as string)) length--;
	return length;
}

const stops = '.,;:!?';

/** Text right after an address in a language without spaces: its letters count to it, their emphasis does not. */
function plainEnd(text: string): number {
	const foreign = /[\u0080-\uffff]/.exec(text)?.index ?? text.length;
	const marked = text.slice(foreign).search(/[*~]/);
	return marked < 0 ? text.length : foreign + marked;
}

/** A bracket that was not opened in it ends it: `[https://e.com](…)`, `(https://e.com)`. */
function closedAt(source: string, from: number, to: number): number {
	const open: Record<string, number> = { ')': 0, ']': 0 };
	for (let at = from; at < to; at++) {
		const char = source[at] as string;
		if (char === '(') open[')']!++;
		if (char === '[') open[']']!++;
		if ((char === ')' || char === ']') && --open[char]! < 0) return at;
	}
	return to;
}

/** Delimiters at its end belong to emphasis that was opened before it. */
function endOf(source: string, from: number, to: number): number {
	for (let end = to; ;) {
		const text = source.slice(from, end);
		const bare = lengthWithout(text, stops);
		const mark = text[bare - 1] ?? '';
		if (mark === '' || !'*_~'.includes(mark)) return end;
		const length = lengthWithout(text.slice(0, bare), mark);
		// Around it alone, or around a phrase that it ends.
		const around = new RegExp(`(?:^|[\\s\\p{P}\\p{S}\\u2e80-\\uffff])[${mark}]+$`, 'u');
		if (!around.test(source.slice(Math.max(0, from - 8), from)) && !opensBefore(source, from, mark)) return end;
		end = from + length;
	}
}

/** Whether a run of this delimiter before a place opens something that nothing closes before it. */
function opensBefore(source: string, place: number, mark: string): boolean {
	const before = source.slice(Math.max(0, place - 1_000), place);
	let open = 0;
	for (const { 0: run, index } of before.matchAll(new RegExp(`[${mark}]+`, 'g'))) {
		const left = before[index - 1] ?? ' ';
		const right = before[index + run.length] ?? ' ';
		if (/\s/.test(left) && /\S/.test(right)) open++;
		else if (/\S/.test(left) && /[\s\p{P}]/u.test(right)) open = Math.max(0, open - 1);
	}
	return open > 0;
}

/** Whether a run of this delimiter after a place closes something: right after a word, and not after a slash. */
const closesAfter = (source: string, place: number, run: string): boolean =>
	new RegExp(`[^\\s/*_]${run.replaceAll('*', '\\*')}(?:[\\s${stops})，。；：！？、）]|$)`).test(
		source.slice(place, place + 500),
	);

/** Where in a word a path with something in it that looks like emphasis stands. */
function pathIn(text: string, source: string, index: number): [from: number, to: number] | undefined {
	const bare = lengthWithout(text, stops);
	const [run = ''] = /^(?:\*{1,3}|_{1,3})(?=[^*_])/.exec(text) ?? [];
	const isAround =
		run !== '' && text.slice(1, bare).endsWith(run) && !'/*_'.includes(text[bare - run.length - 1] ?? '/');
	const opens = isAround || (run !== '' && text[run.length] === '/' && closesAfter(source, index + run.length, run));
	const around = opens ? run.length : 0;
	const start = pathStart.exec(text.slice(around));
	if (!start) return undefined;
	const from = around + start.index + start[0].length;
	// Two stars are a pattern between slashes, and bold elsewhere.
	const bold = text.slice(from).search(/(?<=[^/*])\*\*|(?<!\*)\*\*(?=[^/*.])/);
	const end = isAround ? bare - run.length : text.length;
	const to = bold < 0 ? end : Math.min(end, from + bold);
	const path = text.slice(from, to);
	// `yes/*no*`
	const isWords = /^[\p{L}\p{N}]+\/\*[\p{L}\p{N}]+\*$/u.test(path);
	return isWords || !/[*_]/.test(path) ? undefined : [from, to];
}

/** `*.gz`, `test_*.py`, `*backup*.sql`: a star and an ending, where no emphasis is closed. */
function isPattern(text: string, source: string, index: number): boolean {
	const bare = text.slice(0, lengthWithout(text, stops));
	if (bare.length > 200 || bare.includes('**') || !/^[\w.?*[\]{},-]+$/.test(bare) || !bare.includes('*'))
		return false;
	if (/^\*\.[\w{][\w.{},]*$/.test(bare)) return !closesAfter(source, index + bare.length, '*');
	return /\.[a-z0-9]{1,5}$/.test(bare) || /^[\w-]+\.\*$/.test(bare);
}
