import { mostInTurn, type Turns } from '../../base/turns';

/**
 * JSON as hand-made templates write it, made sound: raw line breaks and stray quotes in strings, bad escapes,
 * values that are missing (`"x":,`), trailing commas, bare words (`True`, a GUID without quotes).
 * One pass, linear in the input. A text that ends too early stays broken: half an event is none.
 *
 * Returns the repaired text; whether it is JSON now is for `JSON.parse` to say.
 */
export function* repairJson(source: string): Turns<string> {
	const out: string[] = [];
	const open: ('{' | '[')[] = [];
	/** What came last, white space aside. */
	let last: 'start' | 'open' | 'comma' | 'colon' | 'value' = 'start';
	let commaAt = -1;
	let at = 0;
	let pauseAt = mostInTurn;

	while (at < source.length) {
		if (at > pauseAt) {
			pauseAt = at + mostInTurn;
			yield;
		}
		const char = source[at] as string;
		if (isSpace(char)) {
			at++;
		} else if (char === '{' || char === '[') {
			open.push(char);
			out.push(char);
			last = 'open';
			at++;
		} else if (char === '}' || char === ']') {
			if (last === 'colon') out.push('null');
			if (last === 'comma') out[commaAt] = '';
			open.pop();
			out.push(char);
			last = 'value';
			at++;
		} else if (char === ',') {
			if (last === 'colon') out.push('null');
			if (last !== 'open' && last !== 'comma') {
				commaAt = out.push(',') - 1;
				last = 'comma';
			}
			at++;
		} else if (char === ':') {
			out.push(':');
			last = 'colon';
			at++;
		} else if (char === '"') {
			const isKey = open.at(-1) === '{' && last !== 'colon';
			const end = endOfString(
				source,
				at + 1,
				isKey ? afterKey : open.at(-1) === '{' ? afterMember : afterElement,
			);
			out.push(quote(source.slice(at + 1, end)));
			last = 'value';
			at = end + 1;
		} else {
			const isKey = open.at(-1) === '{' && last !== 'colon';
			const pattern = isKey ? bareKey : bareWord;
			pattern.lastIndex = at;
			const word = pattern.exec(source)?.[0] ?? char;
			out.push(isKey ? quote(word.trimEnd()) : literal(word.trimEnd()));
			last = 'value';
			at += word.length;
			// The quote that opened it was lost.
			if (
				!isKey &&
				source[at] === '"' &&
				endsString(source, at, open.at(-1) === '{' ? afterMember : afterElement)
			)
				at++;
		}
	}
	return out.join('');
}

const isSpace = (char: string) =>
	char === ' ' || char === '\n' || char === '\r' || char === '\t' || char === '\u00a0' || char === '\ufeff';

/* eslint-disable regexp/no-super-linear-move -- sticky: each is tried at one place alone, and never twice on one run */
const bareKey = /[^\s,:{}[\]"][^,:{}[\]"\n\r]*/y;
const bareWord = /[^\s,:{}[\]"][^,{}[\]"\n\r]*/y;

/** What may follow the quote that ends a string; any other quote belongs to the text. */
const afterKey = /\s*:/y;
const afterMember = /\s*(?:\}|$|,\s*(?:"(?:[^"\\]|\\[^])*"\s*:|\}))/y;
const afterElement = /\s*(?:\]|$|,\s*["{[\]\dtfn-])/y;
/* eslint-enable regexp/no-super-linear-move */

/** The place of the quote that ends the string which begins at `from`; past the end where there is none. */
function endOfString(source: string, from: number, follows: RegExp): number {
	for (let at = from; at < source.length; at++) {
		const char = source[at];
		if (char === '\\') at++;
		else if (char === '"' && endsString(source, at, follows)) return at;
	}
	return source.length;
}

/** Whether the quote that stands at `at` ends a string. */
function endsString(source: string, at: number, follows: RegExp): boolean {
	if (at + 1 < source.length && !/[\s,:}\]]/.test(source[at + 1] as string)) return false;
	follows.lastIndex = at + 1;
	return follows.test(source);
}

const escapes = new Map([
	['\n', '\\n'],
	['"', '\\"'],
	['\\', '\\\\'],
]);
const escapeOf = (sign: string) => JSON.stringify(sign).slice(1, -1);

/** A quoted string with everything escaped that must be; escapes that JSON does not know become plain backslashes. */
const quote = (inner: string) =>
	!inner.includes('\\')
		? JSON.stringify(inner)
		: `"${inner.replace(/\\(?:["\\/bfnrt]|u[\da-fA-F]{4})|[\\"\u0000-\u001f]/g, (found) =>
				found.length > 1 ? found : (escapes.get(found) ?? escapeOf(found)),
			)}"`;

const words = new Map([
	['true', 'true'],
	['false', 'false'],
	['null', 'null'],
	['none', 'null'],
	['undefined', 'null'],
	['nan', 'null'],
]);

const literal = (word: string) =>
	words.get(word.toLowerCase()) ?? (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? word : quote(word));
