import { fits, type Limit, utf16, weightOf } from '../base/limit';
import type { Format } from './format';
import { printable } from '../base/printable';
import { atOnce, inTurns, type Turns } from '../base/turns';
import { graphemeFloor } from './breaks';
import { fit, type FitOptions } from './fit/fit';
import type { Loss } from './fit/paginator';
import { parseHtml } from './parse/html';
import { parseMarkdown } from './parse/markdown';
import { isPlainMarkdown, parseText } from './parse/text';
import { dingtalk } from './print/dingtalk';
import { discord } from './print/discord';
import { feishuCard } from './print/feishuCard';
import { feishuPost } from './print/feishuPost';
import { larkMd } from './print/larkMd';
import { mailHtml } from './print/mailHtml';
import { markdown } from './print/markdown';
import { plain } from './print/plain';
import { serverChan } from './print/serverChan';
import { slack } from './print/slack';
import { synology } from './print/synology';
import { telegramHtml } from './print/telegramHtml';
import { wecom } from './print/wecom';
import { wecomV2 } from './print/wecomV2';
import { wxpusherHtml } from './print/wxpusherHtml';
import { type Printer, textPieces } from './printer';
import { hasContent, type Doc } from './tree';
import { gap, row, type Piece } from './pieces';
import { mostAtOnce, mostWhole, Slices, type Slice } from './slices';
import { walk } from './walk/walk';

export { escapeMarkdown } from './escape';
export type { Loss } from './fit/paginator';
export { safeHref } from './parse/builder';
export { byTables } from './print/feishuCard';
export { readBack } from './readBack';

/** The ways in which services write formatted text. */
export type Dialect =
	| 'plain'
	| 'markdown'
	| 'telegramHtml'
	| 'slack'
	| 'feishuPost'
	| 'larkMd'
	| 'feishuCard'
	| 'dingtalk'
	| 'wecom'
	| 'wecomV2'
	| 'discord'
	| 'mailHtml'
	| 'wxpusherHtml'
	| 'serverChan'
	| 'synology';

const printers: Record<Dialect, Printer> = {
	plain,
	markdown,
	telegramHtml,
	slack,
	feishuPost,
	larkMd,
	feishuCard,
	dingtalk,
	wecom,
	wecomV2,
	discord,
	mailHtml,
	wxpusherHtml,
	serverChan,
	synology,
};

export const dialects = Object.keys(printers) as Dialect[];

export interface Fitted {
	parts: string[];
	/** Something was left out at the end. */
	cut: boolean;
	/** Something that the dialect cannot show was written another way: `table`, `image` … */
	lost: string[];
	/** The same one by one, and the cut. */
	losses: Loss[];
	/** There is something in the parts that a reader sees. */
	visible: boolean;
}

export interface RenderOptions extends Pick<FitOptions, 'limit' | 'first' | 'overflow' | 'most' | 'note'> {
	format: Format;
	dialect: Dialect;
}

/** Control characters as references, with the colour that the escape begins; as reports in XML hold them. */
const controls =
	/&#(?:27|x0{0,6}1b);(?:\[[0-?]*[ -/]*[@-~])?|&#(?:[0-8]|1[1-24-9]|2\d|3[01]|x0{0,6}(?:[0-8bcef]|1[\da-f]));/gi;

/** A whole page, whatever was said of its format. */
const isPage = /^\s*(?:<!doctype\s+html\b[^<>]*>|<html[\s>][^]{0,2000}<(?:head|body)[\s>])/i;

export function parse(source: string, format: Format): Doc {
	if (format === 'text') return parseText(printable(source));
	const text = printable(source.includes('&#') ? source.replace(controls, '') : source);
	if (isPage.test(text) && /<\/(?:html|body)\s*>\s*$/i.test(text)) return parseHtml(text);
	if (format === 'markdown' && isPlainMarkdown(text)) return parseText(text);
	const doc = format === 'html' ? parseHtml(text) : parseMarkdown(text);
	// What would be read as nothing at all is what was meant: `&nbsp;`, an empty comment. Not so white space that we wrote.
	return hasContent(doc) || /^(?:&#\d{1,5};|\s)*$/.test(text) ? doc : parseText(text);
}

/** Whether a reader sees anything of a text: white space, and what only joins or parts characters, is nothing. */
export const isVisible = (text: string): boolean => /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);

/** Parses once, prints in the dialect, cuts or splits to the limit. */
export const render = (source: string, options: RenderOptions): Fitted => atOnce(rendering(source, options));

/** The same with a pause wherever a long text has taken its turn of the event loop; a short one takes no other turn. */
export const renderInTurns = (source: string, options: RenderOptions): Fitted | Promise<Fitted> =>
	inTurns(rendering(source, options));

const nothing: Fitted = { parts: [''], cut: false, lost: [], losses: [], visible: false };

/** Of formatted text; what follows is as plain text. */
const mostFormatted = 1024 * 1024;

function* rendering(source: string, options: RenderOptions): Turns<Fitted> {
	const printer = printers[options.dialect];
	const { format, limit, first } = options;
	const isShort = source.length <= mostWhole;
	if (isShort && format !== 'html' && printer.plainText && isPlainMarkdown(source) && printable(source) === source) {
		const room = first ?? limit;
		const part = printer.line === '\n' ? source : source.replace(/(?<!\n)\n(?!\n)/g, printer.line);
		if (fits(part, room)) return { ...nothing, parts: [part], visible: isVisible(part) };
	}
	if (source.trim() === '') return nothing;
	const given = isShort
		? { pieces: walk(parse(source, format), printer), size: 0, unread: 0 }
		: new Gathered(printable(source), options, printer);
	const { length } = source;
	if (length > mostAtOnce) yield;
	let room = limit.max * (options.overflow === 'cut' ? 1 : (options.most ?? Infinity));
	for (;;) {
		if (given instanceof Gathered) yield* given.upTo(room);
		const { pieces, size, unread } = given;
		const { parts, left, losses, full } = yield* fit(pieces, printer, { ...options, size, length, unread });
		// White space fills no part.
		if (unread > 0 && !full) room *= 2;
		else return { ...summary(losses), parts, cut: left > 0, losses, visible: pieces.some(isSeen) };
	}
}

function summary(losses: readonly Loss[]): Pick<Fitted, 'lost'> {
	const kinds = new Set(losses.map(({ kind }) => kind));
	kinds.delete('cut');
	return { lost: [...kinds] };
}

const isSeen = (piece: Piece): boolean =>
	(piece.kind === 'text' && isVisible(piece.text)) ||
	(piece.kind === 'atom' && (isVisible(piece.shown) || (piece.name !== undefined && piece.raw !== '')));

const mayBeOpen = { html: 'tags', markdown: 'fence', text: undefined } as const;

/** A long text as pieces, slice by slice, for as long as its parts have room for more. */
class Gathered {
	readonly pieces: Piece[] = [];
	/** What the pieces take of the limit at the least. */
	size = 0;
	private readonly slices: Slices;
	private readonly spent = { addresses: 0 };
	private saidPlain = false;

	constructor(
		source: string,
		private readonly options: RenderOptions,
		private readonly printer: Printer,
	) {
		this.slices = new Slices(source, mayBeOpen[options.format]);
	}

	/** Characters that nobody has looked at. */
	get unread(): number {
		return this.slices.unread;
	}

	*upTo(room: number): Turns<void> {
		const { pieces, printer, slices } = this;
		const { limit } = this.options;
		while (this.size <= room) {
			const slice = slices.next(mostAtOnce);
			if (!slice) return;
			yield;
			if (pieces.length > 0) pieces.push(...between(slice.before, printer));
			for (const piece of this.read(slice.text)) {
				pieces.push(piece);
				if (piece.kind === 'text')
					this.size += weightOf(piece.verbatim ? piece.text : piece.text.trim(), limit);
				else if (piece.kind === 'atom') this.size += weightOf(piece.shown.trim(), limit);
			}
		}
	}

	private read(text: string): Piece[] {
		const { printer, spent, slices } = this;
		const { format } = this.options;
		if (format === 'text' || (format === 'markdown' && isPlainMarkdown(text))) return textPieces(text, printer);
		if (slices.offset <= mostFormatted) return walk(parse(text, format), printer, spent);
		const plain = textPieces(format === 'html' ? asPlain(text) : text, printer);
		if (this.saidPlain) return plain;
		this.saidPlain = true;
		return [{ kind: 'loss', name: 'markup' }, ...plain];
	}
}

function between(before: Slice['before'], printer: Printer): Piece[] {
	if (before === 'gap') return [gap];
	if (before === 'space') return [{ kind: 'text', text: ' ', escape: printer.escape }];
	return before ? [row] : [];
}

/** Without its markup; cheap for whoever prints it again. */
function asPlain(html: string): string {
	const { parts } = render(html, { format: 'html', dialect: 'plain', limit: utf16(Infinity), overflow: 'cut' });
	return parts[0]!;
}

/** Lines as one, parted by a space. */
export const oneLine = (source: string): string =>
	lineEnd.test(source)
		? source
				.split(lineEnd)
				.map((line) => line.trim())
				.filter((line) => line !== '')
				.join(' ')
		: source.trim();

const lineEnd = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Of a text on one line: all of it, or more than the limit has room for. */
function lineWithin(source: string, limit: Limit): string {
	for (let read = mostAtOnce + 4 * limit.max; ; read *= 4) {
		const line = oneLine(printable(source.slice(0, read)));
		if (read >= source.length || !fits(line, limit)) return line;
	}
}

/** Cuts a single line of plain text to the limit, at a grapheme, with an ellipsis. */
export function cutLine(source: string, limit: Limit): string {
	const line = lineWithin(source, limit);
	const { max } = limit;
	if (fits(line, limit)) return line;
	const ellipsis = weightOf('…', limit) < max ? '…' : '';
	const room = max - weightOf(ellipsis, limit);
	let low = 0;
	// No unit is smaller than a quarter of a character of UTF-16.
	for (let high = Math.min(line.length, Math.max(0, room) * 2 + 1); high - low > 1;) {
		const middle = (low + high) >> 1;
		if (weightOf(line.slice(0, middle), limit) <= room) low = middle;
		else high = middle;
	}
	const kept = line.slice(0, graphemeFloor(line, 0, low)).trimEnd();
	return kept + (kept !== '' || weightOf(ellipsis, limit) <= max ? ellipsis : '');
}
