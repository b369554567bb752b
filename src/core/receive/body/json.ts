import { mostInTurn, type Turns } from '../../base/turns';
import type { Refusal } from '../../define/trigger';
import { broken, mostNames, mostValues, tooManyNames, tooManyValues } from './broken';
import { repairJson } from './repairJson';

/** Characters: what templates write is small; a larger text is broken, not sloppy. */
const maxRepaired = 1_000_000;

/** JSON, several of them, JSON within a JSON text, or the almost-JSON of templates. */
export function* tryJson(text: string, again = 3): Turns<{ json: unknown } | undefined> {
	const value = (yield* strictly(text)) ?? (yield* several(text)) ?? (yield* repaired(text));
	const inner = value?.json;
	return again > 0 && typeof inner === 'string' ? ((yield* tryInner(inner.trim(), again - 1)) ?? value) : value;
}

function* tryInner(text: string, again: number): Turns<{ json: unknown } | undefined> {
	return /^[{["]/.test(text) ? yield* tryJson(text, again) : undefined;
}

function* repaired(text: string): Turns<{ json: unknown } | undefined> {
	return text.length <= maxRepaired && /^[{[]/.test(text) ? yield* strictly(yield* repairJson(text)) : undefined;
}

/** Objects one behind the other, with or without a line's end between them, as shippers of logs and `jq` write them. */
function* several(text: string): Turns<{ json: unknown[] } | undefined> {
	if (!text.startsWith('{')) return undefined;
	const { ends, tooMuch } = yield* survey(text);
	if (ends.length < 2 || tooMuch) return undefined;
	const values: unknown[] = [];
	let start = 0;
	let pauseAt = mostInTurn;
	for (const end of ends) {
		if (start > pauseAt) {
			pauseAt = start + mostInTurn;
			yield;
		}
		const one = text.slice(start, end);
		const value = /^\s*\{/.test(one) ? yield* strictly(one) : undefined;
		if (!value) return undefined;
		values.push(value.json);
		start = end;
	}
	return text.slice(start).trim() === '' ? { json: values } : undefined;
}

/** Whether all that was opened is closed at its end. */
export function* isWhole(text: string): Turns<boolean> {
	return (yield* survey(text)).isClosed;
}

export function* parseJson(text: string): Turns<unknown> {
	const value = yield* tryJson(text);
	if (!value) throw notJson(text);
	return value.json;
}

export function notJson(text: string): Refusal {
	const start = text.slice(0, 40).replace(/\s+/g, ' ');
	return broken(
		`The body is not valid JSON (it begins with: ${start}).`,
		`请求正文不是有效的 JSON（开头为：${start}）。`,
	);
}

/** No body is nested so deep; V8 takes seconds to say so. */
const deepest = 10_000;

/** Characters that are surveyed in one turn: a survey is quick. */
const stretch = 16 * mostInTurn;

interface Survey {
	/** Something stands in it that JSON does not have: a bare word, a line's end within a string. */
	isNone: boolean;
	/** It is nested too deep for a parser, or has more values than anybody would be told. */
	tooMuch?: 'depth' | 'values' | 'names';
	/** All that was opened is closed at its end. */
	isClosed: boolean;
	/** Where what stands by itself ends. */
	ends: number[];
}

/**
 * Brackets and commas; strings are passed over whole. What is no JSON is told here, since V8 counts all the lines of a
 * text before it says that it cannot parse it.
 */
function* survey(text: string): Turns<Survey> {
	const ends: number[] = [];
	/** Commas in each object that is open; lists, of which only all together are counted, have none. */
	const names: (number | undefined)[] = [];
	let tooMuch: Survey['tooMuch'];
	let values = 0;
	let isString = false;
	let isNone = false;
	let breakAt = text.indexOf('\n');
	let pauseAt = stretch;
	for (let at = 0; at < text.length; at++) {
		if (at > pauseAt) {
			pauseAt = at + stretch;
			yield;
		}
		if (isString) {
			const start = at;
			at = text.indexOf('"', start);
			if (at < 0) return { tooMuch, ends, isNone: true, isClosed: false };
			if (breakAt >= 0 && breakAt < start) breakAt = text.indexOf('\n', start);
			isNone ||= breakAt >= start && breakAt < at;
			let slashes = 0;
			while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
			// Behind an odd number of them it is one of the text's own.
			isString = slashes % 2 === 1;
			continue;
		}
		const code = text.charCodeAt(at);
		if (code === 34) isString = true;
		else if (code === 91 || code === 123) {
			if (names.push(code === 123 ? 0 : undefined) > deepest)
				return { tooMuch: 'depth', ends, isNone, isClosed: false };
		} else if (code === 93 || code === 125) {
			if (names.length === 1 && ++values > mostValues) tooMuch ??= 'values';
			if (names.length === 1 && !tooMuch) ends.push(at + 1);
			names.pop();
		} else if (code === 44) {
			if (++values > mostValues) tooMuch ??= 'values';
			const own = names.at(-1);
			if (own !== undefined && (names[names.length - 1] = own + 1) >= mostNames) tooMuch ??= 'names';
		} else if (!isNone && code > 58) {
			// Beyond digits, signs and spaces there are three words, and the exponent of a number.
			const word = code === 116 ? 'true' : code === 102 ? 'false' : code === 110 ? 'null' : undefined;
			if (word !== undefined && text.startsWith(word, at)) at += word.length - 1;
			else isNone = code !== 69 && code !== 101;
		}
	}
	return { tooMuch, ends, isNone, isClosed: names.length === 0 && !isString };
}

function* strictly(text: string): Turns<{ json: unknown } | undefined> {
	const { tooMuch, isNone } = text.length > deepest ? yield* survey(text) : {};
	if (tooMuch && tooMuch !== 'depth' && /^\s*[{[]/.test(text) && /[}\]]\s*$/.test(text.slice(-100)))
		throw tooMuch === 'names' ? tooManyNames() : tooManyValues();
	if (tooMuch || isNone) return undefined;
	if (text.length > mostInTurn) yield;
	try {
		return { json: JSON.parse(text) };
	} catch {
		return undefined; // said by the caller, once the repaired text has failed too
	}
}
