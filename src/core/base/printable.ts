import { atOnce, mostInTurn, type Turns } from './turns';

/**
 * What no text may hold whatever its format: half characters, the line ends of other systems, the colours and links of
 * terminals, control characters. Line breaks and tabs stay. One pass, whatever the text: it may be megabytes of colours.
 */
export function printable(source: string): string {
	const text = source.toWellFormed();
	return odd.test(text) ? atOnce(cleanOf(text)) : text;
}

/** The same with pauses. */
export function* printableInTurns(source: string): Turns<string> {
	const text = source.toWellFormed();
	return odd.test(text) ? yield* cleanOf(text) : text;
}

const odd = /[\0-\x08\v-\x1f\x7f-\x9f]/;

function* cleanOf(text: string): Turns<string> {
	const kept = new Uint16Array(Math.min(text.length, stretch));
	let told = '';
	let pauseAt = 16 * stretch;
	for (let at = 0; at < text.length;) {
		if (at > pauseAt) {
			pauseAt = at + 16 * stretch;
			yield;
		}
		const { size, end } = keep(text, at, kept);
		told += Buffer.from(kept.buffer, 0, size * 2).toString('utf16le');
		at = end;
	}
	return told.includes('\b') ? told.replace(struck, '$1').replace(/[\b]/g, '') : told;
}

/** Characters that are written at once. */
const stretch = mostInTurn;

/** Writes what is kept from a place on, as far as there is room for it: how much that was, and where the rest begins. */
function keep(text: string, start: number, kept: Uint16Array): { size: number; end: number } {
	let size = 0;
	let at = start;
	while (at < text.length && size < kept.length) {
		const code = text.charCodeAt(at);
		if (code >= 0xa0 || (code >= 0x20 && code < 0x7f) || code === backspace || code === tab || code === newLine) {
			kept[size++] = code;
			at++;
		} else if (code === carriageReturn) {
			kept[size++] = newLine;
			at += text.charCodeAt(at + 1) === newLine ? 2 : 1;
		} else if (code === 0x0b || code === 0x0c || code === nextLine) {
			kept[size++] = newLine;
			at++;
		} else at = endOfSequence(text, at, code) ?? at + 1;
	}
	return { size, end: at };
}

/** Bold and underlined as printers struck them, and manuals still do. */
const struck = /(.)(?:\x08\1)+|_\x08(?=[^\s\x08])/gsu;

const [bell, backspace, tab, newLine, carriageReturn] = [0x07, 0x08, 0x09, 0x0a, 0x0d];
const [escape, nextLine, csi] = [0x1b, 0x85, 0x9b];

/** Where what a terminal is told ends; `undefined` where it is told nothing. */
function endOfSequence(text: string, at: number, code: number): number | undefined {
	if (code === csi) return endOfControl(text, at + 1);
	if (code !== escape) return undefined;
	const next = text[at + 1];
	if (next === '[') return endOfControl(text, at + 2);
	if (next !== undefined && ']PX^_'.includes(next)) return endOfCommand(text, at + 2);
	return endOfShort(text, at + 1);
}

const isWithin = (code: number, first: number, last: number) => code >= first && code <= last;

/** A control sequence (CSI): parameters, intermediates, one final character. */
function endOfControl(text: string, start: number): number | undefined {
	let at = start;
	while (isWithin(text.charCodeAt(at), 0x30, 0x3f)) at++;
	while (isWithin(text.charCodeAt(at), 0x20, 0x2f)) at++;
	return isWithin(text.charCodeAt(at), 0x40, 0x7e) ? at + 1 : undefined;
}

/** Characters: a link's address and what it names. */
const longestCommand = 4_000;

/** A command to the terminal (OSC and its like) goes with its text, where it has an end. */
function endOfCommand(text: string, start: number): number | undefined {
	for (let at = start; at <= start + longestCommand && at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === bell) return at + 1;
		if (code === escape) return text[at + 1] === '\\' ? at + 2 : undefined;
		if (isWithin(code, newLine, carriageReturn) || code === nextLine) return undefined;
	}
	return undefined;
}

/** Of two or three characters: a choice of character set, a keypad mode. */
function endOfShort(text: string, start: number): number | undefined {
	if ('=>78cDEM'.includes(text[start] ?? ' ')) return start + 1;
	let at = start;
	while (at < start + 4 && isWithin(text.charCodeAt(at), 0x20, 0x2f)) at++;
	return at > start && isWithin(text.charCodeAt(at), 0x30, 0x7e) ? at + 1 : undefined;
}
