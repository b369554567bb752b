import { zeroWidth } from '../escape';
import { labelAt, merged } from '../marks';
import { addressesIn } from '../parse/verbatim';
import type { Printer } from '../printer';
import { markNames, type Inline, type Marks } from '../tree';

/**
 * Characters of addresses in one message. A long one may be meant by thousands of short references, or stand over
 * thousands of lines: written each time it would grow without end.
 */
const mostAddresses = 2_000_000;

/** By the earlier slices of a message. */
export interface Spent {
	addresses: number;
}

/** What a text is shown with. */
export interface Showing {
	printer: Printer;
	spent: Spent;
	lose(name: string): void;
}

/** As Discord finds them. */
export const url = /https?:\/\/[^\s<]+/g;

/** Images as links, marks that the dialect has, equal neighbours as one. */
export function runsOf(children: readonly Inline[], bold: boolean, { printer, spent, lose }: Showing): Inline[] {
	const hasRoom = (characters: number) => {
		spent.addresses += characters;
		return spent.addresses <= mostAddresses;
	};
	const out: Inline[] = [];
	const add = (text: string, marks: Marks) => out.push({ type: 'text', text, marks });
	children.forEach((child) => {
		if (child.type === 'break') return void out.push(child);
		if (child.type === 'image') {
			const room = hasRoom(child.src.length + (child.href?.length ?? 0));
			if (room && child.src !== '' && printer.image?.(child.src, child.alt) !== undefined)
				return void out.push(printer.link ? child : { ...child, href: undefined });
			lose('image');
			const words = child.alt || (room ? child.src : '');
			const href = room ? child.href || child.src || undefined : undefined;
			if (words !== '') add(words, markable({ href, ...(bold && { strong: true }) }, words, printer));
			return;
		}
		if (child.text === '') return;
		const marks = bold ? { ...child.marks, strong: true as const } : child.marks;
		const room = !marks.href || hasRoom(marks.href.length);
		if (!room || marks.href === '') lose('link');
		if (marks.color && (marks.href || marks.code || !printer.color?.(marks.color))) lose('color');
		const shown = markable(room ? marks : { ...marks, href: undefined }, child.text, printer);
		let from = 0;
		// Where a service would read into an address, it is a link; whole Markdown has escapes that it reads in addresses too.
		if (
			printer.link &&
			printer.inWord !== 'reference' &&
			!printer.rawUrls &&
			!printer.run &&
			marks.href === undefined &&
			!marks.code
		)
			for (const [start, end] of addressesIn(child.text)) {
				const address = child.text.slice(start, end);
				if (!isTouched(address, printer) || !hasRoom(address.length)) continue;
				if (start > from) add(child.text.slice(from, start), shown);
				add(address, { ...shown, color: undefined, href: address });
				from = end;
			}
		if (from < child.text.length) add(child.text.slice(from), shown);
	});
	return linksAsText(merged(out), printer);
}

/** Whether what keeps it from being read as styles would stand in it. */
export const isTouched = (address: string, { escape }: Printer) =>
	/[*_~`@[\]\\<>#]/.test(address) &&
	!address.includes('&#') &&
	/[\u200b\\]|&#\d/.test(escape(address, 0, address.length, false));

/** The marks that the dialect has, and that would be read over this text. */
function markable(marks: Marks, text: string, printer: Printer): Marks {
	const isColored = marks.color && !marks.href && !marks.code && printer.color?.(marks.color);
	const kept: Marks = { ...(marks.href && { href: marks.href }), ...(isColored && { color: marks.color }) };
	if (!markNames.some((name) => marks[name]) && !marks.code) return kept;
	// Without escapes, a literal delimiter beside a real one could not be told from it.
	const touching =
		printer.escape(text.trim(), 0, text.trim().length, false).includes(zeroWidth) && !text.includes(zeroWidth);
	// Nor one in what is left as it is, an address or code.
	const raw = printer.rawUrls && (marks.code ? /[*_~|\\]/.test(text) : text.match(url)?.some(delimits));
	for (const name of markNames)
		if (marks[name] && !touching && !raw && (printer.run || printer.marks[name])) kept[name] = true;
	if (marks.code && printer.code?.(text)) kept.code = true;
	return kept;
}

/** A link that the dialect cannot write is its label, then its address. */
function linksAsText(runs: Inline[], printer: Printer): Inline[] {
	const out: Inline[] = [];
	let label = '';
	runs.forEach((run, index) => {
		if (run.type !== 'text' || !run.marks.href) return void out.push(run);
		const { href, ...marks } = run.marks;
		const previous = runs[index - 1];
		if (previous?.type !== 'text' || previous.marks.href !== href) label = labelAt(runs, index);
		if (printer.link?.(href, label)) return void out.push(run);
		out.push({ ...run, marks });
		const next = runs[index + 1];
		if (next?.type === 'text' && next.marks.href === href) return;
		if (![href, readable(href)].some((address) => [label.trim(), `mailto:${label.trim()}`].includes(address)))
			out.push({ type: 'text', text: ` (${href})`, marks: {} });
	});
	return out;
}

/** As its letters are written: parsers encode them. What separates parts of an address stays encoded. */
function readable(address: string): string {
	try {
		return decodeURI(address);
	} catch {
		return address;
	}
}

const delimits = (address: string) => /\*|~~|\|\||__|\\/.test(address);
