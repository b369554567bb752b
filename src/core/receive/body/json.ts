import type { Refusal } from '../../define/trigger';
import { broken, mostNames, mostValues, tooManyNames, tooManyValues } from './broken';
import { repairJson } from './repairJson';

/** Characters: what templates write is small; a larger text is broken, not sloppy. */
export const maxRepaired = 1_000_000;

/** JSON, JSON within a JSON text, or the almost-JSON of templates. */
export function tryJson(text: string, again = 3): { json: unknown } | undefined {
	const value =
		strictly(text) ?? (text.length <= maxRepaired && /^[{[]/.test(text) ? strictly(repairJson(text)) : undefined);
	const inner = value?.json;
	return again > 0 && typeof inner === 'string' ? (tryInner(inner.trim(), again - 1) ?? value) : value;
}

const tryInner = (text: string, again: number) => (/^[{["]/.test(text) ? tryJson(text, again) : undefined);

/** A JSON value a line (NDJSON), at least two. */
export function tryLines(text: string): unknown[] | undefined {
	if (!text.includes('\n')) return undefined;
	const values: unknown[] = [];
	const lines = text.split('\n', mostValues + 1);
	for (const line of lines) {
		if (line.trim() === '') continue;
		const value = /^\s*\{/.test(line) ? strictly(line) : undefined;
		if (!value) return undefined;
		values.push(value.json);
	}
	if (lines.length > mostValues) throw tooManyValues();
	return values.length > 1 ? values : undefined;
}

/** Whether all that was opened is closed at its end, and nothing was opened right behind the first whole. */
export function isWhole(text: string): boolean {
	let depth = 0;
	let closedAt = -1;
	// Strings whole, and what opens and closes outside of them; a quote alone is a string that never ends.
	for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"?|[{}[\]]/g)) {
		if (token === '{' || token === '[') {
			if (depth === 0 && closedAt >= 0 && text.slice(closedAt, index).trim() === '') return false;
			depth++;
		} else if (token === '}' || token === ']') {
			depth = Math.max(0, depth - 1);
			if (depth === 0) closedAt = index + 1;
		} else if (token.length < 2 || !token.endsWith('"')) return false;
	}
	return depth === 0;
}

export function parseJson(text: string): unknown {
	const value = tryJson(text);
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

/** Whether it is nested too deep for a parser, or has more values than anybody would be told; strings are passed over whole. */
function tooMuchOf(text: string): 'depth' | 'values' | 'names' | undefined {
	/** Commas in each object that is open; lists, of which only all together are counted, have none. */
	const names: (number | undefined)[] = [];
	let values = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 34) at = endOfString(text, at);
		else if (code === 91 || code === 123) {
			if (names.push(code === 123 ? 0 : undefined) > deepest) return 'depth';
		} else if (code === 93 || code === 125) names.pop();
		else if (code === 44) {
			if (++values > mostValues) return 'values';
			const own = names.at(-1);
			if (own !== undefined && (names[names.length - 1] = own + 1) >= mostNames) return 'names';
		}
	}
	return undefined;
}

/** Where its closing quote is, the one in front of which is an even number of backslashes. */
function endOfString(text: string, start: number): number {
	for (let at = text.indexOf('"', start + 1); at > 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
		if (slashes % 2 === 0) return at;
	}
	return text.length;
}

function strictly(text: string): { json: unknown } | undefined {
	const tooMuch = text.length > deepest ? tooMuchOf(text) : undefined;
	if (tooMuch && tooMuch !== 'depth' && /^\s*[{[]/.test(text) && /[}\]]\s*$/.test(text.slice(-100)))
		throw tooMuch === 'names' ? tooManyNames() : tooManyValues();
	if (tooMuch) return undefined;
	try {
		return { json: JSON.parse(text) };
	} catch {
		return undefined; // said by the caller, once the repaired text has failed too
	}
}
