import type { Format } from '../../src/core/message/message';
import { words } from './words';

/**
 * What of the world's texts is markup, and no text. The list for made-up texts (in `words.ts`) knows the few elements
 * and links that are made there; this one knows HTML's elements, titles of links, definitions, and what a terminal is
 * told. What it leaves out, no test looks for: it may be longer where a text is richer, never where a printer is poorer.
 */
const elements = [
	'a abbr address article aside audio b base bdi bdo big blockquote body br button caption center cite code col colgroup',
	'data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5',
	'h6 head header hr html i iframe img input ins kbd label legend li link main map mark math menu meta nav object ol',
	'optgroup option p param picture pre progress q rp rt ruby s samp section select small source span strike strong sub',
	'summary sup svg table tbody td tfoot th thead time tr tt u ul var video wbr',
	// Drawings.
	'circle ellipse g line path polygon polyline rect text tspan defs title desc',
].flatMap((line) => line.split(' '));
const attributes = String.raw`(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>\x60]+))?)*\s*/?`;
const names = `(?:${elements.join('|')})`;
const tags = new RegExp(`<(?:${names}${attributes}|/${names}\\s*)>`, 'gi');
const comments = /<!--[\s\S]*?-->/g;
const unseen = /<(style|script)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const references = /&(?:#\d+|#x[\da-f]+|\w+);/gi;
/** Colours, moves of the cursor, titles of the window, character sets. */
const terminal = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Za-z0-9]|[=>78])/g;

const destination = String.raw`(?:<[^<>\n]*>|(?:[^\s()<>\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)`;
const title = String.raw`(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?`;
const label = String.raw`\[((?:[^[\]\\]|\\.)+)\]`;
const link = new RegExp(String.raw`(?<=\])\(\s*${destination}${title}\s*\)`, 'g');
const definition = new RegExp(String.raw`^[ >]*${label}:\s*${destination}${title}[ \t]*$`, 'gm');
const labels = new RegExp(label, 'g');
/** The second brackets of `[text][label]`. */
const second = new RegExp(`(?<=\\])${label}`, 'g');
/** Readers number lists by themselves, from the first number on. */
const listNumber = /^[\s>]*(?:[-*+]\s+)*\d{1,9}[.)](?=\s|$)/gm;
const box = /^[\s>]*(?:[-*+]|\d+[.)])\s+\[[xX]\](?=\s)/gm;

/** Whichever comes first: neither is looked for within the other. The language of code is markup, the code is text. */
const codeOrComment =
	/^(?:[ >]*(?:(?:[-*+]|\d+[.)]) +)?)(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)(?:^[ >]*\1[`~]*[ \t]*$|(?![\s\S]))|<!--[\s\S]*?-->/gm;

const named = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();
const all = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, found]) => named(found!)));

/** @param whole all of the text that is no code: what is used here may be defined elsewhere */
function ofMarkdown(part: string, whole: string): string {
	const defined = all(whole, definition);
	const used = all(whole.replace(definition, ''), labels);
	return part
		.replace(definition, (found, name: string) => (used.has(named(name)) ? ' ' : found))
		.replace(second, (found, name: string) => (defined.has(named(name)) ? ' ' : found))
		.replace(link, ' ')
		.replace(box, ' ')
		.replace(listNumber, ' ');
}

const ofHtml = (source: string) =>
	[comments, unseen, tags, references].reduce((left, pattern) => left.replace(pattern, ' '), source);

/** The words of a text that a reader is to see, in order. */
export function meantOfReal(given: string, format: Format): string[] {
	const source = given.replace(terminal, ' ').replace(/\r\n?/g, '\n');
	if (format === 'text') return words(source);
	if (format === 'html') return words(ofHtml(source));
	const pieces: { text: string; isCode: boolean }[] = [];
	let at = 0;
	for (const found of source.matchAll(codeOrComment)) {
		pieces.push({ text: source.slice(at, found.index), isCode: false }, { text: found[2] ?? '', isCode: true });
		at = found.index + found[0].length;
	}
	pieces.push({ text: source.slice(at), isCode: false });
	const whole = pieces.map(({ text, isCode }) => (isCode ? '' : text)).join('\n');
	return words(pieces.map(({ text, isCode }) => (isCode ? text : ofHtml(ofMarkdown(text, whole)))).join('\n'));
}
