import { asIs, reference, zeroWidth } from './escape';
import { type Escape, type Frame, type Piece, close, gap, line, newline, row } from './pieces';
import { frame, prefixQuote, textItem, type Code, type Printer } from './printer';
import {
	besideStrong,
	dropTouching,
	dropUnreadable,
	firstChar,
	labelAt,
	lastChar,
	merged,
	nesting,
	setApart,
	unreadable,
	type Apart,
} from './marks';
import { markNames, plainInline, type Block, type Doc, type Inline, type Marks } from './tree';
import { alignTable } from './width';

type Table = Extract<Block, { type: 'table' }>;

/**
 * Characters of addresses in one message. A long one may be meant by thousands of short references, or stand over
 * thousands of lines: written each time it would grow without end.
 */
const mostAddresses = 2_000_000;

/** By the earlier slices of a message. */
export interface Spent {
	addresses: number;
}

/** As Discord finds them. */
const url = /https?:\/\/[^\s<]+/g;

/** Turns the tree into pieces of a dialect; what it cannot show is a `loss` among them. */
export function walk(doc: Doc, printer: Printer, spent: Spent = { addresses: 0 }): Piece[] {
	const walker = new Walker(printer, spent);
	walker.blocks(doc, 'gap');
	return walker.pieces;
}

class Walker {
	readonly pieces: Piece[] = [];
	private quotes = 0;
	/** Items whose lines are indented as text, since the last quote began. */
	private items = 0;
	/** In a flat dialect: what the next run begins with, and every line of a quote. */
	private lead = '';
	private linePrefix = '';

	constructor(
		private readonly printer: Printer,
		private readonly spent: Spent,
	) {}

	private lose(name: string): void {
		this.pieces.push({ kind: 'loss', name });
	}

	private open(frame: Frame): void {
		this.pieces.push({ kind: 'open', frame });
	}

	private end(): void {
		this.pieces.push(close);
	}

	private within(frame: Frame | undefined, write: () => void): void {
		if (frame) this.open(frame);
		write();
		if (frame) this.end();
	}

	blocks(blocks: readonly Block[], between: 'gap' | 'row', inItem = false): void {
		blocks.forEach((block, index) => {
			// A numbered list that does not begin at 1 must not follow a paragraph's line.
			const tight = inItem && block.type === 'list' && !(block.ordered && block.start !== 1);
			if (index > 0) this.pieces.push(tight || between === 'row' ? row : gap);
			this.block(block, inItem && index === 0);
		});
	}

	private block(block: Block, leading: boolean): void {
		const { printer } = this;
		switch (block.type) {
			case 'paragraph':
				return this.within(leading || printer.run ? undefined : printer.paragraph, () =>
					this.leaf(block.children),
				);
			case 'heading': {
				const heading = printer.heading?.(block.level);
				return this.within(heading ?? (printer.run ? undefined : printer.paragraph), () =>
					this.leaf(block.children, !heading),
				);
			}
			case 'quote':
				return this.quote(block.children);
			case 'list':
				return this.list(block);
			case 'codeBlock':
				return this.code(block.language, block.text, leading);
			case 'table':
				return this.table(block, leading);
			case 'rule':
				if (printer.run) return this.leaf([{ type: 'text', text: printer.rule[1], marks: {} }]);
				this.pieces.push({ kind: 'atom', raw: printer.rule[0], shown: printer.rule[1], name: 'rule' });
		}
	}

	private quote(children: readonly Block[]): void {
		const { printer } = this;
		const { linePrefix, items } = this;
		if (printer.run) this.linePrefix += '> ';
		const frame = printer.flatQuotes && this.quotes > 0 ? innerQuote : printer.quote;
		this.quotes++;
		this.items = 0;
		this.within(printer.run ? undefined : frame, () => this.blocks(children, 'gap'));
		this.quotes--;
		this.items = items;
		this.linePrefix = linePrefix;
	}

	private list({ ordered, start, items }: Extract<Block, { type: 'list' }>): void {
		const { printer } = this;
		this.within(printer.list?.(ordered, start), () => {
			items.forEach((item, index) => {
				if (index > 0) this.pieces.push(row);
				const marker = (printer.item ?? textItem)(ordered, start + index);
				const outer = this.linePrefix;
				if (printer.run) {
					this.lead += outer.slice(this.lead.length) + marker.open;
					this.linePrefix += '  ';
				}
				const isText = !printer.run && !printer.item;
				if (isText) this.items++;
				this.within(printer.run ? undefined : marker, () => this.blocks(item, 'gap', true));
				if (isText) this.items--;
				this.linePrefix = outer;
				this.lead = '';
			});
		});
	}

	private code(language: string, text: string, leading = false): void {
		const { printer } = this;
		if (printer.codeBlock && this.items > 0) return this.outside(leading, () => this.code(language, text));
		if (!printer.codeBlock) {
			this.lose('code');
			const lines: Inline[] = text
				.split('\n')
				.flatMap((line) => [{ type: 'break' }, { type: 'text', text: line, marks: {} }] as Inline[]);
			return this.quote([{ type: 'paragraph', children: lines.slice(1) }]);
		}
		const { frame, escape } = printer.codeBlock(language, text);
		this.within(frame, () => {
			text.split('\n').forEach((line, index) => {
				if (index > 0) this.pieces.push(newline);
				if (line !== '') this.pieces.push({ kind: 'text', text: line, escape, verbatim: true });
			});
		});
	}

	/** What stands in an item, and would not be what it was were its lines indented. */
	private outside(leading: boolean, write: () => void): void {
		const { items } = this;
		// The item's marker is written with its first text.
		if (leading) this.pieces.push({ kind: 'atom', raw: '', shown: '' }, { kind: 'row' });
		for (let item = 0; item < items; item++) this.end();
		this.items = 0;
		write();
		this.items = items;
		for (let item = 0; item < items; item++) this.open(indent);
	}

	private table(table: Table, leading: boolean): void {
		const { printer } = this;
		if (printer.table === 'pipes') return this.pipes(table);
		if (printer.table === 'html') return this.htmlTable(table);
		this.lose('table');
		if (printer.table === 'aligned') return this.code('', alignTable(table), leading);
		[table.head, ...table.rows].forEach((row, index) => {
			if (index > 0) this.pieces.push(line);
			const filled = row.slice(0, row.findLastIndex((cell) => cell.length > 0) + 1);
			const children = filled.flatMap((cell, at): Inline[] =>
				at > 0 ? [{ type: 'text', text: ' | ', marks: {} }, ...oneLine(cell)] : oneLine(cell),
			);
			this.leaf(children, index === 0);
		});
	}

	private pipes({ head, align, rows }: Table): void {
		const { escape } = this.printer;
		const write = (cells: Inline[][]) => {
			this.within({ open: '| ', shown: '| ', close: ' |', whole: true }, () => {
				cells.forEach((cell, index) => {
					if (index > 0) this.pieces.push({ kind: 'atom', raw: ' | ', shown: ' | ' });
					this.leaf(oneLine(cell), false, true);
				});
			});
		};
		const rule = `| ${head.map((_, index) => ({ left: ':--', center: ':-:', right: '--:', none: '---' })[align[index] ?? 'none']).join(' | ')} |`;
		const names = head.map((cell) => plainInline(cell).replace(/\s+/g, ' ').trim());
		const again = `| ${names.map((name) => escapeBars(escape)(name, 0, name.length, false)).join(' | ')} |\n${rule}\n`;
		this.within({ open: '', close: '', again: { open: again, prefix: '' } }, () => {
			write(head);
			this.pieces.push(row, { kind: 'atom', raw: rule, shown: '', instead: '' });
			for (const cells of rows) {
				this.pieces.push(row);
				write(cells);
			}
		});
	}

	private htmlTable({ head, align, rows }: Table): void {
		const { printer } = this;
		const cell = printer.cell ?? (() => frame('<td>', '</td>'));
		this.within(printer.tableFrame ?? frame('<table>', '</table>'), () => {
			[head, ...rows].forEach((row, index) => {
				this.within(frame('<tr>', '</tr>'), () => {
					row.forEach((children, column) =>
						this.within(cell(index === 0, align[column]), () => this.leaf(children)),
					);
				});
			});
		});
	}

	/** The inline content of a block. */
	private leaf(children: readonly Inline[], bold = false, inTable = false): void {
		const { printer } = this;
		let runs = this.shown(children, bold);
		if (printer.run) return this.flat(runs, printer.run.bind(printer));
		const beside = printer.inWord ? besideStrong(runs) : [];
		if (printer.inWord === 'touching') dropTouching(runs);
		if (printer.inWord === 'drop') dropUnreadable(runs, beside);
		if (printer.inWord === 'drop' || printer.inWord === 'touching') runs = merged(runs);
		const apart = printer.inWord === 'reference' ? setApart(runs, beside) : undefined;
		const open: (keyof Marks)[] = [];
		let current: Marks = {};
		runs.forEach((run, index) => {
			const wanted =
				run.type === 'break' ? {} : run.type === 'image' ? (run.href ? { href: run.href } : {}) : run.marks;
			const order = nesting(wanted);
			let keep = 0;
			while (
				keep < open.length &&
				open[keep] === order[keep] &&
				current[open[keep] as 'href' | 'color'] === wanted[open[keep] as 'href' | 'color']
			)
				keep++;
			const closing = open.length - keep;
			for (let left = closing; left > 0; left--) this.end();
			open.length = keep;
			current = wanted;
			if (run.type === 'break') return void this.pieces.push(line);
			if (printer.inWord === 'zeroWidth' && unreadable(runs, index, 'never'))
				this.pieces.push({ kind: 'atom', raw: zeroWidth, shown: '' });
			if (printer.bang && order[keep] === 'href') this.escapeBang();
			let code: Code | undefined;
			for (const name of order.slice(keep)) {
				open.push(name);
				const opened = this.frameOf(name, run, runs, index, beside);
				if (name === 'code') code = opened.code;
				this.pieces.push({ kind: 'open', frame: opened.frame, inline: true });
			}
			if (run.type === 'image') this.image(run);
			else this.text(run.text, code?.escape, inTable, apart?.[index]);
		});
		for (let left = open.length; left > 0; left--) this.end();
	}

	/** Images as links, marks that the dialect has, equal neighbours as one. */
	private shown(children: readonly Inline[], bold: boolean): Inline[] {
		const { printer } = this;
		const out: Inline[] = [];
		const add = (text: string, marks: Marks) => out.push({ type: 'text', text, marks });
		children.forEach((child) => {
			if (child.type === 'break') return void out.push(child);
			if (child.type === 'image') {
				const room = this.hasRoom(child.src.length + (child.href?.length ?? 0));
				if (room && child.src !== '' && printer.image?.(child.src, child.alt) !== undefined)
					return void out.push(printer.link ? child : { ...child, href: undefined });
				this.lose('image');
				const words = child.alt || (room ? child.src : '');
				const href = room ? child.href || child.src || undefined : undefined;
				if (words !== '') add(words, this.kept({ href, ...(bold && { strong: true }) }, words));
				return;
			}
			if (child.text === '') return;
			const marks = bold ? { ...child.marks, strong: true as const } : child.marks;
			const room = !marks.href || this.hasRoom(marks.href.length);
			if (!room || marks.href === '') this.lose('link');
			if (marks.color && (marks.href || marks.code || !printer.color?.(marks.color))) this.lose('color');
			add(child.text, this.kept(room ? marks : { ...marks, href: undefined }, child.text));
		});
		return this.linksAsText(merged(out));
	}

	private hasRoom(characters: number): boolean {
		this.spent.addresses += characters;
		return this.spent.addresses <= mostAddresses;
	}

	private kept(marks: Marks, text: string): Marks {
		const { printer } = this;
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
	private linksAsText(runs: Inline[]): Inline[] {
		const out: Inline[] = [];
		let label = '';
		runs.forEach((run, index) => {
			if (run.type !== 'text' || !run.marks.href) return void out.push(run);
			const { href, ...marks } = run.marks;
			const previous = runs[index - 1];
			if (previous?.type !== 'text' || previous.marks.href !== href) label = labelAt(runs, index);
			if (this.printer.link?.(href, label)) return void out.push(run);
			out.push({ ...run, marks });
			const next = runs[index + 1];
			if (next?.type === 'text' && next.marks.href === href) return;
			if (label.trim() !== href && 'mailto:' + label.trim() !== href)
				out.push({ type: 'text', text: ` (${href})`, marks: {} });
		});
		return out;
	}

	private frameOf(
		name: keyof Marks,
		run: Inline,
		runs: readonly Inline[],
		index: number,
		beside: readonly boolean[],
	): { frame: Frame; code?: Code } {
		const { printer } = this;
		if (name === 'href') {
			const href = (run.type === 'text' ? run.marks.href : run.type === 'image' ? run.href : '') ?? '';
			return {
				frame: printer.link?.(href, run.type === 'image' ? run.alt : labelAt(runs, index)) ?? frame('', ''),
			};
		}
		if (name === 'code') {
			const code = printer.code?.(run.type === 'text' ? run.text : '');
			return { frame: code?.frame ?? frame('', ''), code };
		}
		if (name === 'em' && printer.inWord === 'reference' && !beside[index]) return { frame: frame('*', '*') };
		if (name === 'color') {
			const color = run.type === 'text' ? (run.marks.color ?? '') : '';
			return { frame: printer.color?.(color) ?? frame('', '') };
		}
		const [open, close] = printer.marks[name] ?? ['', ''];
		return { frame: frame(open, close) };
	}

	private image({ src, alt }: Extract<Inline, { type: 'image' }>): void {
		const raw = this.printer.image?.(src, alt) ?? '';
		this.pieces.push({ kind: 'atom', raw, shown: alt, instead: alt || src, name: 'image' });
	}

	/** `!` before a link would make it an image. */
	private escapeBang(): void {
		const last = this.pieces.at(-1);
		if (last?.kind !== 'text' || last.verbatim || !last.text.endsWith('!')) return;
		this.pieces.pop();
		if (last.text.length > 1) this.pieces.push({ ...last, text: last.text.slice(0, -1) });
		this.pieces.push({ kind: 'atom', raw: '\\!', shown: '!' });
	}

	private text(text: string, code: Escape | undefined, inTable: boolean, apart?: Apart): void {
		const { printer } = this;
		if (code) return void this.pieces.push({ kind: 'text', text, escape: code, verbatim: true });
		const escape = inTable ? escapeBars(printer.escape) : printer.escape;
		const from = apart?.first ? firstChar(text).length : 0;
		const to = Math.max(from, text.length - (apart?.last ? lastChar(text).length : 0));
		if (from > 0) this.pieces.push({ kind: 'text', text: text.slice(0, from), escape: asReference });
		if (to > from) this.addressed(text.slice(from, to), escape);
		if (to < text.length) this.pieces.push({ kind: 'text', text: text.slice(to), escape: asReference });
	}

	/** Text in which the service may find addresses by itself. */
	private addressed(text: string, escape: Escape): void {
		if (!this.printer.rawUrls) return void this.pieces.push({ kind: 'text', text, escape });
		let from = 0;
		for (const { 0: address, index } of text.matchAll(url)) {
			if (index > from) this.pieces.push({ kind: 'text', text: text.slice(from, index), escape });
			this.within({ open: '', close: '', whole: true }, () =>
				this.pieces.push({ kind: 'text', text: address, escape: asIs }),
			);
			from = index + address.length;
			// What follows would count to the address: a closing delimiter, a backslash.
			if (/[\\*_~|]$/.test(address)) this.pieces.push({ kind: 'atom', raw: zeroWidth, shown: '' });
			if (text[from] === '<') {
				this.pieces.push({ kind: 'atom', raw: '<' + zeroWidth, shown: '<' });
				from++;
			}
		}
		if (from < text.length) this.pieces.push({ kind: 'text', text: text.slice(from), escape });
	}

	/** A paragraph as a row of runs; markers and quotes are text in it. */
	private flat(runs: readonly Inline[], run: (marks: Marks) => Frame): void {
		const { escape } = this.printer;
		if (plainInline(runs).trim() === '') return;
		const write = (text: string, marks: Marks) =>
			this.within(run(marks), () => this.pieces.push({ kind: 'text', text, escape, verbatim: true }));
		let before = this.lead || this.linePrefix;
		this.lead = '';
		this.within(this.printer.paragraph, () => {
			for (const child of runs) {
				if (child.type === 'break') before += '\n' + this.linePrefix;
				if (child.type !== 'text') continue;
				if (before !== '' && child.marks.href) write(before, {});
				write(before === '' || child.marks.href ? child.text : before + child.text, child.marks);
				before = '';
			}
		});
	}
}

/** Of a quote in one that may not hold another. */
const innerQuote = prefixQuote('│ ');

/** Of an item that goes on after what stood outside it. */
const indent: Frame = { open: '  ', shown: '  ', close: '', prefix: '  ', again: { open: '', prefix: '' } };

const delimits = (address: string) => /\*|~~|\|\||__|\\/.test(address);

const asReference: Escape = (text, from, to) => reference(text.slice(from, to));

const escapeBars =
	(escape: Escape): Escape =>
	(text, from, to, lineStart) =>
		escape(text, from, to, lineStart).replace(/\\?\|/g, '\\|');

const oneLine = (cell: readonly Inline[]): Inline[] =>
	cell.map((child) =>
		child.type === 'break'
			? { type: 'text', text: ' ', marks: {} }
			: child.type === 'text' && child.marks.code && child.text.includes('|')
				? { ...child, marks: { ...child.marks, code: undefined } }
				: child,
	);
